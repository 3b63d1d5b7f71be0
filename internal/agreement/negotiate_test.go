package agreement

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// table plays verbs of one negotiation.
type table struct {
	world
	t *testing.T
	d *db.DB
}

func (p table) write(fn func(ctx context.Context, tx *db.Tx) error) error {
	return p.d.Write(p.t.Context(), p.setting.Programme.ID, func(tx *db.Tx) error { return fn(p.t.Context(), tx) })
}

func (p table) propose(by access.Actor, d Document, after int) (v Version, err error) {
	err = p.write(func(ctx context.Context, tx *db.Tx) error {
		v, err = Propose(ctx, tx, by, &p.setting, p.agreement.ID, Proposal{Document: d, Note: "words", After: after})
		return err
	})
	return v, err
}

func (p table) accept(by access.Actor, hash string) error {
	return p.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := Accept(ctx, tx, by, &p.setting, p.agreement.ID, hash)
		return err
	})
}

func (p table) standing() (a Agreement, s Standing, all []Version) {
	p.t.Helper()
	must(p.t, p.d.Read(p.t.Context(), func(tx *db.Tx) (err error) {
		if a, err = Load(p.t.Context(), tx, access.All, p.setting.Programme.ID, p.agreement.ID); err != nil {
			return err
		}
		all, err = Versions(p.t.Context(), tx, p.setting.Programme.ID, a.ID)
		s = a.Standing(all)
		return err
	}))
	return a, s, all
}

func states(all []Version) string {
	var s []string
	for _, v := range all {
		s = append(s, string(v.Side)+" "+string(v.State))
	}
	return strings.Join(s, ", ")
}

func refusedAs(t *testing.T, err error, kind fault.Kind, key text.Key) {
	t.Helper()
	if f := fault.Of(err); err == nil || f.Kind != kind || f.Key != key {
		t.Errorf("%v, want %s %s", err, kind, key)
	}
}

// The whole game: proposals of both sides, a withdrawal, a stale acceptance, agreement, an error found, agreement again.
func TestNegotiation(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		p := table{newWorld(t, d), t, d}
		doc := p.document()
		if _, s, _ := p.standing(); s.Turn != OfAgency || !s.Open || s.Last.N != 0 {
			t.Errorf("before anything: %+v", s)
		}
		v1, err := p.propose(p.officer, doc, 0)
		must(t, err)
		if _, s, _ := p.standing(); s.Turn != OfPartner || s.By != v1.MadeAt.Date().AddDays(10) || s.Since != v1.MadeAt {
			t.Errorf("after version 1: %+v", s)
		}
		_, err = p.propose(p.officer, doc, 1)
		refusedAs(t, err, fault.KindConflict, "agreement.nothing_changed")
		refusedAs(t, p.accept(p.officer, v1.Hash), fault.KindConflict, "agreement.own_proposal")
		doc.Ceilings[0].Amount = 95_000_00
		v2, err := p.propose(p.partner, doc, 1)
		must(t, err)
		doc.Clauses[1].Text += " More."
		_, err = p.propose(p.officer, doc, 1) // typed while the partner countered
		refusedAs(t, err, fault.KindConflict, "agreement.table_moved")
		refusedAs(t, p.accept(p.officer, v1.Hash), fault.KindConflict, "agreement.hash_moved")
		must(t, p.write(func(ctx context.Context, tx *db.Tx) error {
			return Withdraw(ctx, tx, p.partner, p.setting.Programme.ID, p.agreement.ID, v2.N)
		}))
		if _, s, _ := p.standing(); s.Turn != OfPartner || s.By != "" {
			t.Errorf("after a withdrawal: %+v", s)
		}
		refusedAs(t, p.accept(p.officer, v2.Hash), fault.KindConflict, "access.wrong_state")
		v3, err := p.propose(p.partner, doc, 2)
		must(t, err)
		must(t, p.accept(p.officer, v3.Hash))
		a, s, all := p.standing()
		if a.State != Agreed || !s.Agreed || s.Turn != "" || states(all) != "agency countered, partner withdrawn, partner accepted" {
			t.Errorf("%s %+v %s", a.State, s, states(all))
		}
		if v, _ := AcceptedLast(all); v.N != 3 || !v.AcceptedBy(OfAgency) || !v.AcceptedBy(OfPartner) {
			t.Errorf("%+v", v)
		}
		_, err = p.propose(p.officer, doc, 3)
		refusedAs(t, err, fault.KindConflict, "access.wrong_state")
		again := func(why string) error {
			return p.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := Reopen(ctx, tx, p.partner, p.setting.Programme.ID, p.agreement.ID, why)
				return err
			})
		}
		refusedAs(t, again(" "), fault.KindInvalid, "agreement.reason_missing")
		must(t, again("a year is wrong"))
		doc.Ceilings[1].Amount = 91_000_00
		_, err = p.propose(p.officer, doc, 3)
		must(t, err)
		if a, s, _ := p.standing(); a.State != Negotiating || s.Turn != OfPartner {
			t.Errorf("%s %+v", a.State, s)
		}
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			if found, err := audit.Verify(t.Context(), tx, string(p.setting.Programme.ID)); err != nil || len(found) > 0 {
				t.Errorf("%v %v", found, err)
			}
			return nil
		}))
	})
}

// What no agreement may promise is refused at its field, whoever proposes it.
func TestBadProposals(t *testing.T) {
	d := dbtest.Open(t)
	p := table{newWorld(t, d), t, d}
	other := programme.Organisation{ID: "01968c3e-7a10-7cc3-98c4-dc0c0c0739aa", Code: "other", Name: "Other", Kind: programme.KindPartner}
	must(t, d.WriteAgency(t.Context(), func(tx *db.Tx) error {
		if err := programme.AddOrganisations(t.Context(), tx, []programme.Organisation{other}); err != nil {
			return err
		}
		old := p.setting.Programme
		old.ID, old.Code, old.Starts, old.Ends = "01968c3e-7a10-7cc3-98c4-dc0c0c0739bb", "old", "2022-01-01", "2027-03-31"
		if err := programme.Begin(t.Context(), tx, old); err != nil {
			return err
		}
		if err := tx.AlsoProgramme(t.Context(), old.ID); err != nil {
			return err
		}
		return Add(t.Context(), tx, old.ID, []Agreement{{ID: "01968c3e-7a10-7cc3-98c4-dc0c0c0739cc", Partner: p.agreement.Partner, State: Active, Version: 1,
			Starts: "2022-01-01", Ends: "2027-03-31"}})
	}))
	must(t, p.write(func(ctx context.Context, tx *db.Tx) error {
		return Add(ctx, tx, p.setting.Programme.ID, []Agreement{{ID: "01968c3e-7a10-7cc3-98c4-dc0c0c0739dd", Partner: other, State: Active, Version: 1,
			Starts: "2027-01-01", Ends: "2029-12-31", Ceilings: []Ceiling{{Year: 2028, Amount: 30_000_00}}}})
	}))
	for field, change := range map[string]func(*Document){
		"ceiling.2027":            func(d *Document) { d.Ceilings[0].Amount = -1 },
		"ceiling.2028":            func(d *Document) { d.Ceilings[1].Amount = 70_000_01 }, // the other has 30,000 of 100,000
		"ceiling.2029":            func(d *Document) { d.Ceilings[2].Amount = 100_000_01 },
		"ceiling.2030":            func(d *Document) { d.Ceilings = append(d.Ceilings, YearAmount{2030, 1}) },
		"starts":                  func(d *Document) { d.Starts = "2027-03-31" },
		"ends":                    func(d *Document) { d.Ends = "2030-01-01" },
		"kpi.reached.target.2027": func(d *Document) { d.KPIs[0].Targets[0].Value = "many" },
		"kpi.reached.target.2028": func(d *Document) { d.KPIs[0].Targets[1].Value = "0" },
		"kpi.reached.baseline":    func(d *Document) { d.KPIs[0].Baseline = "ninety" },
		"kpi.reached.weight":      func(d *Document) { d.KPIs[0].Weight = -1 },
		"kpi.reached.floor_bp":    func(d *Document) { d.KPIs[0].FloorBp = 10000 },
		"kpi.reached.cap_bp":      func(d *Document) { d.KPIs[0].CapBp = 0 },
		"kpi.reached.rule":        func(d *Document) { d.KPIs[0].Rule = "any" },
		"kpi.reached.objective":   func(d *Document) { d.KPIs[0].Objective = "none" },
		"kpi.unknown":             func(d *Document) { d.KPIs[0].KPI = "unknown" },
		"objective.reach.goal":    func(d *Document) { d.Objectives[0].Goal = "none" },
		"clause.purpose.title":    func(d *Document) { d.Clauses[0].Title = " " },
		"clause.subject":          func(d *Document) { d.Clauses[0].Code = "subject" },
		"clause.subject.text":     func(d *Document) { d.Clauses[1].Text = strings.Repeat("x", LongestText+1) },
		"clause.No":               func(d *Document) { d.Clauses[0].Code = "No" },
		"line.desk.title":         func(d *Document) { d.Lines = []Line{{Code: "desk", Standing: true}} },
		"line.talk.per_year":      func(d *Document) { d.Lines = []Line{{Code: "talk", Title: "Talk"}} },
		"terms.claim_days":        func(d *Document) { d.Terms.ClaimDays = 0 },
		"terms.rate_bp":           func(d *Document) { d.Terms.RateBp = 6000 },
		"signatory.0.name":        func(d *Document) { d.Signatories = []Signatory{{Side: OfAgency}} },
		"signatory.0.side":        func(d *Document) { d.Signatories = []Signatory{{Side: "both", Name: "x"}} },
	} {
		doc := p.document()
		doc.Starts = "2027-04-01"
		for i := range doc.Ceilings {
			doc.Ceilings[i].Amount = 10_000_00
		}
		change(&doc)
		_, err := p.propose(p.officer, doc, 0)
		if f := fault.Of(err); err == nil || f.Kind != fault.KindInvalid || f.All()[0].Field != field || len(f.All()) > 2 {
			t.Errorf("%s: %v", field, err)
		}
	}
	_, err := p.propose(p.officer, func() Document { d := p.document(); d.Amends = 1; return d }(), 0)
	refusedAs(t, err, fault.KindConflict, "agreement.amends_other")
}

// An agreement that could not be verified is not accepted; what is wrong is said at its place.
func TestUnverifiableIsNotAccepted(t *testing.T) {
	d := dbtest.Open(t)
	p := table{newWorld(t, d), t, d}
	doc := p.document()
	doc.KPIs[0].Weight, doc.KPIs[0].Baseline, doc.Objectives[0].Goal = 90, "", ""
	doc.Objectives = append(doc.Objectives, Aim{Code: "second", Goal: "abroad", Words: Wording{EN: "Second"}})
	v, err := p.propose(p.officer, doc, 0)
	must(t, err)
	err = p.accept(p.partner, v.Hash)
	var fields []string
	for _, f := range fault.Of(err).All() {
		fields = append(fields, f.Field)
	}
	if got := strings.Join(fields, " "); got != "objective.reach.goal objective.second kpi.reached.baseline kpis" {
		t.Errorf("%s: %v", got, err)
	}
}

func TestReviewFindsWhatIsOutOfReach(t *testing.T) {
	doc := newReviewed()
	var keys []string
	for _, f := range Review(&doc, History{"reached": {{Year: 2025, Value: Number("100").Rat()}, {Year: 2026, Value: Number("80").Rat()}}}) {
		keys = append(keys, f.Place+" "+string(f.Key))
		for _, l := range text.Languages() {
			if s := f.Say(l); strings.Contains(s, "{") || s == string(f.Key) {
				t.Errorf("%s: %s", f.Key, s)
			}
		}
	}
	want := "kpi.reached.target.2027 agreement.review.wrong_side.up|kpi.reached.target.2029 agreement.review.out_of_reach"
	if got := strings.Join(keys, "|"); got != want {
		t.Errorf("%s", got)
	}
}

func newReviewed() Document {
	d := sample()
	d.KPIs[0].Targets = []YearNumber{{2027, "80"}, {2028, "150"}, {2029, "150.5"}}
	return d.Normal()
}

func TestComments(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		p := table{newWorld(t, d), t, d}
		g, a := p.setting.Programme.ID, p.agreement.ID
		say := func(by access.Actor, c Comment) (out Comment, err error) {
			err = p.write(func(ctx context.Context, tx *db.Tx) error {
				out, err = Write(ctx, tx, by, g, a, c)
				return err
			})
			return out, err
		}
		first, err := say(p.partner, Comment{Place: "kpi.reached.target.2028", Words: "Too much"})
		must(t, err)
		_, err = say(p.officer, Comment{ReplyTo: first.ID, Words: "Why?"})
		must(t, err)
		_, err = say(p.officer, Comment{Words: " "})
		refusedAs(t, err, fault.KindInvalid, "agreement.words_missing")
		_, err = say(p.officer, Comment{Words: "x", Place: "clause.<script>"})
		refusedAs(t, err, fault.KindInvalid, "agreement.place_unknown")
		mark := func(settled bool) error {
			return p.write(func(ctx context.Context, tx *db.Tx) error { return Mark(ctx, tx, p.officer, g, a, first.ID, settled) })
		}
		must(t, mark(true))
		refusedAs(t, mark(true), fault.KindConflict, "access.wrong_state")
		must(t, mark(false))
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			all, err := Comments(t.Context(), tx, g, a)
			if err != nil || len(all) != 2 || OpenPoints(all) != 1 || all[1].Place != first.Place || all[0].Side != OfPartner || all[1].Side != OfAgency {
				t.Errorf("%+v %v", all, err)
			}
			return nil
		}))
	})
}

// Each side is reminded once before its answer is due, and once when it is late.
func TestReminders(t *testing.T) {
	d := dbtest.Open(t)
	p := table{newWorld(t, d), t, d}
	v, err := p.propose(p.officer, p.document(), 0)
	must(t, err)
	letters := func() (all []string) {
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.Each(t.Context(), db.Query{Text: "select address || ' ' || subject from mail order by id"}, nil, func(r *sql.Rows) error {
				var s string
				err := r.Scan(&s)
				all = append(all, s)
				return err
			})
		}))
		return all
	}
	must(t, d.WriteAgency(t.Context(), func(tx *db.Tx) error {
		if err := tx.AlsoProgramme(t.Context(), p.setting.Programme.ID); err != nil {
			return err
		}
		return programme.Publish(t.Context(), tx, p.setting.Programme.ID)
	}))
	remindOn := func(day period.Date) {
		must(t, Remind(t.Context(), d.WithClock(func() time.Time { return day.Time() })))
	}
	for _, step := range []struct{ days, letters int }{{-5, 1}, {-3, 2}, {-1, 2}, {1, 3}, {9, 3}} {
		remindOn(v.AnswerBy.AddDays(step.days))
		if got := letters(); len(got) != step.letters || !strings.HasPrefix(got[len(got)-1], "coordinator@vil.example ") {
			t.Errorf("%d days: %v", step.days, got)
		}
	}
}
