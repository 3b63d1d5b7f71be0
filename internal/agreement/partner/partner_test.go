package partner

import (
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// scene is a round with two partners that signed and one that still negotiates.
type scene struct {
	*testing.T
	d        *db.DB
	p        programme.Programme
	of       map[string]agreement.Agreement // by code of the partner
	officer  access.Actor
	approver access.Actor
	partner  access.Actor
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func openScene(t *testing.T, d *db.DB) scene {
	ctx := t.Context()
	check(t, job.Migrate(ctx, d))
	agency := programme.Organisation{ID: id.New[id.Organisation](), Code: "agency", Name: "Agency", Kind: programme.KindAgency}
	s := scene{T: t, d: d, of: map[string]agreement.Agreement{}}
	s.p = programme.Programme{ID: id.New[id.Programme](), Code: "round", Name: programme.Words{EN: "Round"}, Starts: "2022-01-01", Ends: "2030-12-31", Currency: "EUR", Agency: agency.ID}
	organisations := []programme.Organisation{agency}
	for code, state := range map[string]agreement.State{"vil": agreement.Active, "mill": agreement.Signed, "dsp": agreement.Negotiating} {
		o := programme.Organisation{ID: id.New[id.Organisation](), Code: code, Name: "The " + code, Short: code, Kind: programme.KindPartner}
		organisations = append(organisations, o)
		s.of[code] = agreement.Agreement{ID: id.New[id.Agreement](), Partner: o, State: state, Version: 1, Starts: "2022-01-01", Ends: "2030-12-31"}
	}
	check(t, d.WriteAgency(ctx, func(tx *db.Tx) error {
		if err := programme.AddOrganisations(ctx, tx, organisations); err != nil {
			return err
		}
		for role, at := range map[access.Role]string{access.Officer: "agency", access.Approver: "agency", access.Coordinator: "vil"} {
			n := access.NewPerson{Email: string(role) + "@x.example", Name: string(role), Language: text.EN, Role: role, Organisation: at}
			if _, err := access.Add(ctx, tx, access.System("test"), n); err != nil {
				return err
			}
		}
		if err := programme.Begin(ctx, tx, s.p); err != nil {
			return err
		}
		if err := tx.AlsoProgramme(ctx, s.p.ID); err != nil {
			return err
		}
		for _, a := range s.of {
			if err := agreement.Add(ctx, tx, s.p.ID, []agreement.Agreement{a}); err != nil {
				return err
			}
		}
		return programme.Publish(ctx, tx, s.p.ID)
	}))
	check(t, d.Read(ctx, func(tx *db.Tx) (err error) {
		for who, into := range map[string]*access.Actor{"officer": &s.officer, "approver": &s.approver, "coordinator": &s.partner} {
			if *into, err = access.LoadActorByEmail(ctx, tx, who+"@x.example"); err != nil {
				return err
			}
		}
		return nil
	}))
	return s
}

// write runs a verb in a unit of work of the agency that also writes in the programme, as a new name needs.
func (s scene) write(fn func(tx *db.Tx) error) error {
	return s.d.WriteAgency(s.Context(), func(tx *db.Tx) error {
		if err := tx.AlsoProgramme(s.Context(), s.p.ID); err != nil {
			return err
		}
		return fn(tx)
	})
}

func (s scene) rename(by access.Actor, code string, n Renamed) error {
	return s.write(func(tx *db.Tx) error { return Rename(s.Context(), tx, by, s.p.ID, s.of[code].ID, n) })
}

func (s scene) divide(by access.Actor, code, division string, on period.Date, why string) error {
	return s.write(func(tx *db.Tx) error { return Divide(s.Context(), tx, by, s.p.ID, s.of[code].ID, division, on, why) })
}

// now is an agreement with what changed about its partner.
func (s scene) now(code string) (a agreement.Agreement, all []Change) {
	s.Helper()
	check(s.T, s.d.Read(s.Context(), func(tx *db.Tx) (err error) {
		if a, err = agreement.Load(s.Context(), tx, access.All, s.p.ID, s.of[code].ID); err != nil {
			return err
		}
		all, err = Changes(s.Context(), tx, s.p.ID, a.ID)
		return err
	}))
	return a, all
}

func fields(err error) string {
	if err == nil {
		return ""
	}
	var all []string
	for _, f := range fault.Of(err).All() {
		all = append(all, f.Field+" "+string(f.Key))
	}
	return strings.Join(all, ", ")
}

func TestANewName(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := openScene(t, d)
		good := Renamed{Name: "  Flanders \t VIL ", Short: "VIL", On: "2024-03-01", Reason: " a vote of its members "}
		today := d.Now().Date()
		for name, c := range map[string]struct {
			change func(n *Renamed)
			want   string
		}{
			"no name":         {func(n *Renamed) { n.Name = " \n" }, "name agreement.words_missing"},
			"a long name":     {func(n *Renamed) { n.Name = strings.Repeat("é", longestName+1) }, "name agreement.words_long"},
			"a long short":    {func(n *Renamed) { n.Short = strings.Repeat("x", longestName+1) }, "short agreement.words_long"},
			"no reason":       {func(n *Renamed) { n.Reason = "  " }, "reason agreement.reason_missing"},
			"a long reason":   {func(n *Renamed) { n.Reason = strings.Repeat("x", longestReason+1) }, "reason agreement.words_long"},
			"no day":          {func(n *Renamed) { n.On = "2024-02-30" }, "on partner.on_between"},
			"before it began": {func(n *Renamed) { n.On = "2021-12-31" }, "on partner.on_between"},
			"tomorrow":        {func(n *Renamed) { n.On = today.AddDays(1) }, "on partner.on_between"},
			"what it is":      {func(n *Renamed) { n.Name, n.Short = "The vil", "vil" }, "name partner.same_name"},
			"all wrong": {func(n *Renamed) { *n = Renamed{} },
				"name agreement.words_missing, on partner.on_between, reason agreement.reason_missing"},
		} {
			n := good
			c.change(&n)
			if err := s.rename(s.officer, "vil", n); fields(err) != c.want {
				t.Errorf("%s: %v, not %s", name, err, c.want)
			}
		}
		for who, by := range map[string]access.Actor{"approver": s.approver, "coordinator": s.partner, "visitor": access.Visitor()} {
			if err := s.rename(by, "vil", good); !fault.Is(err, fault.KindMissing) && !fault.Is(err, fault.KindDenied) {
				t.Errorf("%s renamed: %v", who, err)
			}
		}
		if err := s.rename(s.officer, "dsp", good); !fault.Is(err, fault.KindConflict) {
			t.Errorf("before it was signed: %v", err)
		}
		if a, all := s.now("vil"); a.Partner.Name != "The vil" || len(all) != 0 {
			t.Fatalf("refused, and yet %q %v", a.Partner.Name, all)
		}
		check(t, s.rename(s.officer, "vil", good))
		check(t, s.rename(s.officer, "vil", Renamed{Name: "Flanders VIL", Short: "", On: today, Reason: "no short one"})) // the short name alone may go
		a, all := s.now("vil")
		if a.Partner.Name != "Flanders VIL" || a.Partner.Short != "" || len(all) != 2 {
			t.Fatalf("%+v %+v", a.Partner, all)
		}
		if c := all[0]; c.Kind != Name || c.Was != "The vil" || c.Is != "Flanders VIL" || c.On != "2024-03-01" || c.Reason != "a vote of its members" || c.ByName != "officer" || c.Successor != "" {
			t.Errorf("%+v", c)
		}
		if _, others := s.now("mill"); len(others) != 0 {
			t.Errorf("told of another partner: %+v", others)
		}
	})
}

func TestADivision(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := openScene(t, d)
		for name, c := range map[string]struct {
			division string
			on       period.Date
			why      string
			want     string
		}{
			"as it acts now":       {"  ", "2024-01-01", "x", "division partner.same_division"},
			"a long one":           {strings.Repeat("x", longestName+1), "2024-01-01", "x", "division agreement.words_long"},
			"outside, without why": {"Ghent", "2031-01-01", "", "on partner.on_between, reason agreement.reason_missing"},
		} {
			if err := s.divide(s.officer, "mill", c.division, c.on, c.why); fields(err) != c.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := s.divide(s.partner, "vil", "Ghent", "2024-01-01", "mine"); !fault.Is(err, fault.KindMissing) && !fault.Is(err, fault.KindDenied) {
			t.Errorf("a coordinator: %v", err)
		}
		if err := s.divide(s.officer, "dsp", "Ghent", "2024-01-01", "x"); !fault.Is(err, fault.KindConflict) {
			t.Errorf("before it was signed: %v", err)
		}
		check(t, s.divide(s.officer, "mill", " Mill  Ghent", "2024-01-01", "its office"))
		if a, _ := s.now("mill"); a.Division != "Mill Ghent" || a.Partner.Name != "The mill" {
			t.Errorf("%+v", a)
		}
		check(t, s.divide(s.officer, "mill", "", "2024-06-01", "itself again"))
		a, all := s.now("mill")
		if a.Division != "" || len(all) != 2 || all[1].Was != "Mill Ghent" || all[1].Is != "" || all[1].Kind != Division {
			t.Errorf("%+v %+v", a, all)
		}
	})
}

// TestWhatWasToldStays: a change cannot be altered or taken out by SQL, and one that is a merger names its successor, another none.
func TestWhatWasToldStays(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := openScene(t, d)
		check(t, s.divide(s.officer, "mill", "Ghent", "2024-01-01", "its office"))
		for _, q := range []string{`update partner_change set reason = 'another'`, `update partner_change set became = 'Bruges'`, `delete from partner_change`} {
			err := s.write(func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), db.Query{Text: q})
				return err
			})
			if err == nil {
				t.Errorf("%s was done", q)
			}
		}
		record := func(c Change) error {
			return s.write(func(tx *db.Tx) error {
				c.On, c.Reason = "2024-01-01", "merged"
				return Record(t.Context(), tx, s.approver, s.p.ID, s.of["mill"], "agreement.merge", c)
			})
		}
		if err := record(Change{Kind: Merger, Is: "The vil"}); err == nil {
			t.Error("a merger into nothing was kept")
		}
		if err := record(Change{Kind: Name, Successor: s.of["vil"].ID}); err == nil {
			t.Error("a name with a successor was kept")
		}
		check(t, record(Change{Kind: Merger, Was: "The mill", Is: "The vil", Successor: s.of["vil"].ID}))
		if _, all := s.now("mill"); len(all) != 2 || all[0].Is != "Ghent" || all[1].Successor != s.of["vil"].ID || all[1].ByName != "approver" {
			t.Errorf("%+v", all)
		}
	})
}
