package draft

import (
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// room is a negotiation with a person on either side.
type room struct {
	t       *testing.T
	d       *db.DB
	s       agreement.Setting
	a       id.Agreement
	officer access.Actor
	partner access.Actor
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, d *db.DB) room {
	t.Helper()
	ctx := t.Context()
	check(t, job.Migrate(ctx, d))
	r := room{t: t, d: d, a: id.New[id.Agreement]()}
	r.s = agreement.Setting{Programme: programme.Programme{ID: id.New[id.Programme](), Code: "round", Starts: "2027-01-01", Ends: "2028-12-31", Currency: "EUR"},
		Agency:    programme.Organisation{ID: id.New[id.Organisation](), Code: "agency", Name: "Agency", Kind: programme.KindAgency},
		Rule:      programme.Rule{From: "2027-01-01", RateBp: 5000, YearOf: programme.Delivered},
		Envelopes: map[period.Year]money.Amount{2027: 100_00, 2028: 100_00}, Clauses: agreement.StandardClauses()}
	r.s.Programme.Agency = r.s.Agency.ID
	vil := programme.Organisation{ID: id.New[id.Organisation](), Code: "vil", Name: "VIL", Kind: programme.KindPartner}
	check(t, d.WriteAgency(ctx, func(tx *db.Tx) error {
		if err := programme.AddOrganisations(ctx, tx, []programme.Organisation{r.s.Agency, vil}); err != nil {
			return err
		}
		for _, n := range []access.NewPerson{{Email: "officer@agency.example", Name: "Officer", Language: text.EN, Role: access.Officer, Organisation: "agency"},
			{Email: "coordinator@vil.example", Name: "Coordinator", Language: text.EN, Role: access.Coordinator, Organisation: "vil"}} {
			if _, err := access.Add(ctx, tx, access.System("test"), n); err != nil {
				return err
			}
		}
		if err := programme.Begin(ctx, tx, r.s.Programme); err != nil {
			return err
		}
		if err := tx.AlsoProgramme(ctx, r.s.Programme.ID); err != nil {
			return err
		}
		return agreement.Add(ctx, tx, r.s.Programme.ID, []agreement.Agreement{{ID: r.a, Partner: vil, State: agreement.Draft, Version: 1, Starts: "2027-01-01",
			Ends: "2028-12-31"}})
	}))
	check(t, d.Read(ctx, func(tx *db.Tx) (err error) {
		if r.officer, err = access.LoadActorByEmail(ctx, tx, "officer@agency.example"); err != nil {
			return err
		}
		r.partner, err = access.LoadActorByEmail(ctx, tx, "coordinator@vil.example")
		return err
	}))
	return r
}

// at runs fn at the desk of somebody's side.
func (r room) at(by access.Actor, fn func(tx *db.Tx, d Desk) error) error {
	r.t.Helper()
	ctx := r.t.Context()
	return r.d.Write(ctx, r.s.Programme.ID, func(tx *db.Tx) error {
		a, err := agreement.Load(ctx, tx, access.All, r.s.Programme.ID, r.a)
		if err != nil {
			return err
		}
		desk, err := Open(ctx, tx, by, &r.s, a)
		if err != nil {
			return err
		}
		return fn(tx, desk)
	})
}

func (r room) current(by access.Actor) (cur Draft) {
	r.t.Helper()
	check(r.t, r.at(by, func(tx *db.Tx, d Desk) (err error) {
		cur, err = d.Current(r.t.Context(), tx)
		return err
	}))
	return cur
}

// save types into a clause of what somebody had before them.
func (r room) save(by access.Actor, had Draft, clause int, words string) (s Saved) {
	r.t.Helper()
	doc := had.Document.Normal()
	doc.Clauses[clause].Text = words
	check(r.t, r.at(by, func(tx *db.Tx, d Desk) (err error) {
		s, err = d.Save(r.t.Context(), tx, by, Sheet{Document: doc, Revision: had.Revision, BaseN: had.BaseN})
		return err
	}))
	return s
}

// Two people of a side write in one working copy at once; then the other side puts a version on the table.
func TestWorkingCopies(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		r := open(t, d)
		ctx := t.Context()
		had := r.current(r.officer)
		if had.Revision != 0 || len(had.Document.Clauses) < 20 || had.Document.Partner.Name != "VIL" {
			t.Fatalf("%+v", had)
		}
		one := r.save(r.officer, had, 1, "of the one")
		two := r.save(r.officer, had, 2, "of the other")
		if one.Merged || !two.Merged || two.Aside != 0 || two.Document.Clauses[1].Text != "of the one" || two.Document.Clauses[2].Text != "of the other" {
			t.Errorf("%+v %+v", one, two)
		}
		clashing := r.save(r.officer, had, 1, "of a third")
		if clashing.Aside == 0 || r.current(r.officer).Document.Clauses[1].Text != "of the one" {
			t.Errorf("%+v", clashing)
		}
		check(t, r.at(r.officer, func(tx *db.Tx, desk Desk) error {
			c, _, err := desk.Conflict(ctx, tx, clashing.Aside, nil)
			if err != nil || len(c.Clashes) != 1 || c.Clashes[0].Theirs != "of the one" || c.Clashes[0].Mine != "of a third" {
				t.Errorf("%+v %v", c, err)
			}
			if _, left, err := desk.Resolve(ctx, tx, r.officer, clashing.Aside, nil); err != nil || len(left) != 1 {
				t.Errorf("%v %v", left, err)
			}
			s, left, err := desk.Resolve(ctx, tx, r.officer, clashing.Aside, map[string]string{c.Clashes[0].Place: "of both"})
			if err != nil || len(left) > 0 || s.Document.Clauses[1].Text != "of both" || s.Document.Clauses[2].Text != "of the other" {
				t.Errorf("%+v %v %v", s, left, err)
			}
			return nil
		}))
		if got := r.current(r.partner); got.Revision != 0 || got.Document.Clauses[1].Text == "of both" {
			t.Errorf("the other side reads the working copy: %+v", got)
		}
		stale := r.at(r.officer, func(tx *db.Tx, desk Desk) error {
			_, err := desk.Propose(ctx, tx, r.officer, one.Revision, "")
			return err
		})
		if !fault.Is(stale, fault.KindConflict) {
			t.Errorf("what was not read was proposed: %v", stale)
		}
		cur := r.current(r.officer)
		check(t, r.at(r.officer, func(tx *db.Tx, desk Desk) error {
			v, err := desk.Propose(ctx, tx, r.officer, cur.Revision, "first")
			if v.N != 1 || v.Document.Clauses[1].Text != "of both" {
				t.Errorf("%+v", v)
			}
			return err
		}))
		takesIn(t, r)
		nobody := access.Visitor()
		if err := r.at(nobody, func(*db.Tx, Desk) error { return nil }); !fault.Is(err, fault.KindDenied) {
			t.Errorf("a visitor at the desk: %v", err)
		}
	})
}

func takesIn(t *testing.T, r room) {
	t.Helper()
	ctx := t.Context()
	mine := r.save(r.officer, r.current(r.officer), 3, "typed after proposing")
	theirs := r.save(r.partner, r.current(r.partner), 4, "countered")
	check(t, r.at(r.partner, func(tx *db.Tx, d Desk) error {
		_, err := d.Propose(ctx, tx, r.partner, theirs.Revision, "")
		return err
	}))
	if cur := r.current(r.officer); cur.BaseN != 1 || cur.Revision != mine.Revision {
		t.Errorf("a working copy with words of its own stays on its base: %+v", cur)
	}
	check(t, r.at(r.officer, func(tx *db.Tx, d Desk) error {
		s, err := d.TakeIn(ctx, tx, r.officer)
		if !s.Merged || s.BaseN != 2 || s.Document.Clauses[3].Text != "typed after proposing" || s.Document.Clauses[4].Text != "countered" {
			t.Errorf("%+v", s)
		}
		return err
	}))
}
