package coordination

import (
	"fmt"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/coordination/overlap"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// world is two partners that plan the same mission to India, a third with a far one, and the people who decide.
type world struct {
	t                          *testing.T
	d                          *db.DB
	g                          id.Programme
	officer, alpha, beta, gama access.Actor
}

func newWorld(t *testing.T, d *db.DB) world {
	t.Helper()
	w := world{t: t, d: d, g: id.New[id.Programme]()}
	var who []programme.Organisation
	for i, code := range []string{"agency", "alpha", "beta", "gamma"} {
		kind := programme.KindPartner
		if i == 0 {
			kind = programme.KindAgency
		}
		who = append(who, programme.Organisation{ID: id.New[id.Organisation](), Code: code, Name: code, Kind: kind, Position: i})
	}
	person := func(o programme.Organisation, role access.Role) access.Actor {
		email := o.Code + "@x.example"
		w.must(d.WriteAgency(t.Context(), func(tx *db.Tx) error {
			_, err := access.Add(t.Context(), tx, access.System("test"), access.NewPerson{Email: email, Name: o.Code, Language: "en", Role: role, Organisation: o.Code})
			return err
		}))
		var a access.Actor
		w.must(d.Read(t.Context(), func(tx *db.Tx) (err error) {
			a, err = access.LoadActorByEmail(t.Context(), tx, email)
			return err
		}))
		return a
	}
	w.must(d.WriteAgency(t.Context(), func(tx *db.Tx) error {
		if err := programme.AddOrganisations(t.Context(), tx, who); err != nil {
			return err
		}
		return programme.Begin(t.Context(), tx, programme.Programme{ID: w.g, Code: "g", Starts: "2027-01-01", Ends: "2027-12-31", Currency: "EUR", Agency: who[0].ID})
	}))
	w.officer, w.alpha, w.beta, w.gama = person(who[0], access.Officer), person(who[1], access.Coordinator), person(who[2], access.Coordinator), person(who[3], access.Coordinator)
	mission := activity.Details{Type: activity.Mission, Starts: "2027-11-08", Ends: "2027-11-12", Place: activity.Onsite, City: "Mumbai", Country: "IN",
		Markets: []string{"IN"}, Sectors: []string{"food"}, Needs: []string{"contacts"}}
	for i, title := range []string{"", "Handelszending naar India", "Trade mission to India", "Food for India"} {
		if title == "" {
			continue
		}
		by := []access.Actor{w.officer, w.alpha, w.beta, w.gama}[i]
		mission.Title = title
		if i == 3 {
			mission.Starts, mission.Ends = "2027-03-08", "2027-03-12"
		}
		w.must(w.write(func(tx *db.Tx) error {
			_, err := activity.Plan(t.Context(), tx, by, w.g, fmt.Sprintf("m%d", i), mission, []activity.Organiser{{Organisation: who[i].ID, Weight: 1}})
			return err
		}))
	}
	return w
}

func (w world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w world) write(fn func(*db.Tx) error) error { return w.d.Write(w.t.Context(), w.g, fn) }

// refused checks that a verb is refused with a message.
func (w world) refused(err error, kind fault.Kind, key string) {
	w.t.Helper()
	if !fault.Is(err, kind) || string(fault.Of(err).Key) != key {
		w.t.Errorf("refused with %v, want %v %s", err, kind, key)
	}
}

func (w world) load(by access.Actor) (o Overlap) {
	w.t.Helper()
	w.must(w.d.Read(w.t.Context(), func(tx *db.Tx) (err error) {
		o, err = Load(w.t.Context(), tx, by.ScopeFor("overlap.read"), w.g, "m2", "m1")
		return err
	}))
	return o
}

func (w world) list(by access.Actor) (all []Overlap) {
	w.t.Helper()
	w.must(w.d.Read(w.t.Context(), func(tx *db.Tx) (err error) {
		all, err = Between(w.t.Context(), tx, by.ScopeFor("overlap.read"), w.g, "2027-01-01", "2027-12-31")
		return err
	}))
	return all
}

var missions = Ref{"m1", "m2"}

// TestTwoMissionsBecomeOne: found before anything is published, seen by both organisers and by nobody else, joined with agreed shares.
func TestTwoMissionsBecomeOne(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := t.Context()
		for _, by := range []access.Actor{w.officer, w.alpha, w.beta} {
			if all := w.list(by); len(all) != 1 || all[0].Kind != overlap.Same || !all[0].InTheWay() || all[0].State != Open {
				t.Errorf("%s sees %+v", by.Name, all)
			}
		}
		if all := w.list(w.gama); len(all) != 0 {
			t.Errorf("who organises neither sees %+v", all)
		}
		propose := func(by access.Actor, shares map[string]int64) error {
			return w.write(func(tx *db.Tx) error { return Propose(ctx, tx, by, w.g, missions, "m1", shares, " together? ") })
		}
		agree := func(by access.Actor) error {
			return w.write(func(tx *db.Tx) error { return Agree(ctx, tx, by, w.g, missions) })
		}
		w.refused(propose(w.gama, map[string]int64{"alpha": 1, "beta": 1}), fault.KindMissing, "overlap.missing")
		w.refused(propose(w.alpha, map[string]int64{"alpha": 1}), fault.KindInvalid, "overlap.want_share")
		w.refused(agree(w.beta), fault.KindConflict, "overlap.no_offer")
		w.must(propose(w.alpha, map[string]int64{"alpha": 1, "beta": 1}))
		w.must(propose(w.alpha, map[string]int64{"alpha": 2, "beta": 1}))
		if o := w.load(w.beta); o.Offer == nil || o.Offer.Note != "together?" || o.Offer.Shares[0].Weight+o.Offer.Shares[1].Weight != 3 || o.Offer.Agreed() || !o.InTheWay() {
			t.Errorf("the proposal that waits is %+v", o.Offer)
		}
		w.refused(agree(w.alpha), fault.KindDenied, "access.own_work")
		w.refused(agree(w.officer), fault.KindDenied, "overlap.not_yours")
		w.must(agree(w.beta))
		o := w.load(w.alpha)
		if o.State != Joined || o.Kind != overlap.Same || o.Offer != nil || o.InTheWay() {
			t.Errorf("joined, and %+v", o)
		}
		keep, drop, _ := o.Of(o.A.ID)
		if keep.Code != "m1" {
			keep, drop = drop, keep
		}
		if len(keep.Organisers) != 2 || keep.Lead().Code != "alpha" || keep.Lead().Weight != 2 || keep.Organisers[1].Weight != 1 || drop.State != activity.Cancelled {
			t.Errorf("kept %+v, dropped %+v", keep, drop)
		}
		w.refused(agree(w.beta), fault.KindConflict, "access.wrong_state")
		w.must(d.Read(ctx, func(tx *db.Tx) error {
			steps, err := History(ctx, tx, w.g, o.ID)
			if len(steps) != 3 || steps[2].Verb != "overlap.join" || steps[2].By != "beta" {
				t.Errorf("steps %+v", steps)
			}
			return err
		}))
		if all := w.list(w.beta); len(all) != 1 || all[0].State != Joined {
			t.Errorf("the list has %+v", all)
		}
	})
}

// TestDecisionsFallWhenAnActivityChanges: justified and dismissed hold for what the activities said; moving must help.
func TestDecisionsFallWhenAnActivityChanges(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ctx := t.Context()
	justify := func(by access.Actor, reason string) error {
		return w.write(func(tx *db.Tx) error { return Justify(ctx, tx, by, w.g, missions, reason) })
	}
	w.refused(justify(w.beta, " "), fault.KindInvalid, "overlap.want_reason")
	w.refused(w.write(func(tx *db.Tx) error { return Dismiss(ctx, tx, w.beta, w.g, missions, "no") }), fault.KindDenied, "access.role_needed")
	w.must(justify(w.beta, "one is for starters"))
	if o := w.load(w.alpha); o.State != Justified || o.InTheWay() {
		t.Errorf("justified, and %+v", o)
	}
	var d activity.Details
	w.must(w.write(func(tx *db.Tx) error {
		a, err := activity.ByCode(ctx, tx, access.All, w.g, "m2")
		if err != nil {
			return err
		}
		d = a.Details
		d.City = "Bombay" // says the same
		d.Ends = "2027-11-13"
		_, err = activity.Change(ctx, tx, w.beta, w.g, "m2", d)
		return err
	}))
	if o := w.load(w.alpha); o.State != Open || !o.Reopened || !o.InTheWay() {
		t.Errorf("changed, and %+v", o)
	}
	move := func(by access.Actor, code string, on period.Date) error {
		return w.write(func(tx *db.Tx) error {
			return Move(ctx, tx, by, w.g, missions, code, on, on.AddDays(3), "the hall is free")
		})
	}
	w.refused(move(w.alpha, "m2", "2027-02-01"), fault.KindMissing, "activity.missing")
	w.refused(move(w.beta, "m2", "2027-11-09"), fault.KindInvalid, "overlap.still")
	if o := w.load(w.alpha); o.A.Ends != "2027-11-13" && o.B.Ends != "2027-11-13" {
		t.Error("a refused move left days behind")
	}
	w.must(move(w.beta, "m2", "2027-06-07"))
	if o := w.load(w.alpha); o.State != Moved || o.InTheWay() || len(o.Reasons) == 0 && o.Kind != overlap.Same {
		t.Errorf("moved, and %+v", o)
	}
	w.must(w.write(func(tx *db.Tx) error { return Reopen(ctx, tx, w.officer, w.g, missions, "looked again") }))
	w.must(w.write(func(tx *db.Tx) error { return Dismiss(ctx, tx, w.officer, w.g, missions, "five months apart") }))
	if o := w.load(w.beta); o.State != Dismissed {
		t.Errorf("dismissed, and %+v", o)
	}
}
