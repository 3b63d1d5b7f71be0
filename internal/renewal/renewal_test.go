package renewal

import (
	"math/big"
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// house is an agency whose round of 2022-2026 runs, with two partners, one of which has an agreement.
type house struct {
	db      *db.DB
	round   programme.Programme
	partner []programme.Organisation
	running id.Agreement
	people  map[string]access.Actor
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	ctx := t.Context()
	agency := programme.Organisation{ID: id.New[id.Organisation](), Code: "fit", Name: "Agency", Kind: programme.KindAgency}
	h := &house{db: d, running: id.New[id.Agreement](), people: map[string]access.Actor{}}
	for _, code := range []string{"alpha", "beta"} {
		h.partner = append(h.partner, programme.Organisation{ID: id.New[id.Organisation](), Code: code, Name: strings.ToUpper(code), Kind: programme.KindPartner})
	}
	h.round = programme.Programme{ID: id.New[id.Programme](), Code: "round", Name: programme.Words{NL: "Ronde", EN: "Round", FR: "Cycle"},
		Strategy: programme.Words{EN: "Strategy"}, Starts: "2022-01-01", Ends: "2026-12-31", Currency: "EUR", Agency: agency.ID, State: programme.Open}
	must(t, d.WriteAgency(ctx, func(tx *db.Tx) error {
		if err := programme.AddOrganisations(ctx, tx, append([]programme.Organisation{agency}, h.partner...)); err != nil {
			return err
		}
		for name, seat := range map[string]access.NewPerson{
			"officer": {Role: access.Officer, Organisation: "fit"}, "approver": {Role: access.Approver, Organisation: "fit"},
			"one": {Role: access.Assessor, Organisation: "fit"}, "two": {Role: access.Assessor, Organisation: "fit"},
			"beta": {Role: access.Coordinator, Organisation: "beta"},
		} {
			seat.Email, seat.Name = name+"@house.example", name
			if _, err := access.Add(ctx, tx, access.System("test"), seat); err != nil {
				return err
			}
		}
		return programme.Begin(ctx, tx, h.round)
	}))
	must(t, d.Write(ctx, h.round.ID, func(tx *db.Tx) error { return h.fill(t, tx) }))
	must(t, d.Read(ctx, func(tx *db.Tx) error {
		for _, name := range []string{"officer", "approver", "one", "two", "beta"} {
			a, err := access.LoadActorByEmail(ctx, tx, name+"@house.example")
			if err != nil {
				return err
			}
			h.people[name] = a
		}
		return nil
	}))
	return h
}

// fill writes the frame of the round and the one agreement: 2 objectives, of which one serves a goal that the next strategy lacks.
func (h *house) fill(t *testing.T, tx *db.Tx) error {
	ctx, g := t.Context(), h.round.ID
	goals := []programme.Goal{{ID: id.New[id.Goal](), Code: "abroad", Name: programme.Words{NL: "Naar het buitenland", EN: "Abroad"}}}
	steps := []func() error{
		func() error {
			return programme.AddRules(ctx, tx, g, programme.Rules{{From: "2022-01-01", RateBp: 5000, AdvanceBp: 2000, ObjectionDays: 20, YearOf: programme.Delivered},
				{From: "2024-01-01", RateBp: 5000, PerformanceBp: 2000, AdvanceBp: 3000, ObjectionDays: 30, CarryOverBp: 1000, YearOf: programme.Delivered,
					CoolingDays: 10}})
		},
		func() error {
			return funding.AddRules(ctx, tx, g, "2022-01-01", &funding.ClaimRule{SampleBp: 500, ClaimDays: 60}, []funding.CategoryRule{
				{Category: "travel", Cap: 100_00, Kinds: []funding.ItemKind{funding.Invoiced}}, {Category: "venue"}})
		},
		func() error {
			return funding.AddRules(ctx, tx, g, "2024-01-01", nil, []funding.CategoryRule{{Category: "travel", Cap: 150_00, Kinds: []funding.ItemKind{funding.Invoiced}}})
		},
		func() error { return programme.AddGoals(ctx, tx, g, goals) },
		func() error {
			return programme.AddEnvelopes(ctx, tx, g, map[period.Year]money.Amount{2025: 100_000_00, 2026: 120_000_00})
		},
		func() error {
			return tx.Insert(ctx, "kpi", strings.Fields("programme_id id code position version name_nl name_en name_fr short_nl short_en short_fr unit "+
				"kinds activity_types joint_only aggregate measure threshold joint direction decimals min_sample verified_only cockpit"),
				[][]any{{g, id.New[id.KPI](), "reach", 1, 1, "Bereik", "Reach", "Portée", "", "", "", "companies", "participation", "", 0, "distinct", "", "",
					"full", "up", 0, 0, 1, 1}})
		},
		func() error {
			return agreement.AddCriteria(ctx, tx, g, []agreement.Criterion{{ID: id.New[id.Criterion](), Code: "reach", Weight: 60, Name: programme.Words{EN: "Reach"}}})
		},
		func() error { return agreement.AddTemplate(ctx, tx, g, agreement.StandardClauses()) },
		func() error {
			return agreement.Add(ctx, tx, g, []agreement.Agreement{{ID: h.running, Partner: h.partner[0], State: agreement.Active, Version: 1,
				Starts: "2022-01-01", Ends: "2026-12-31", Signed: "2021-12-14", Ceilings: []agreement.Ceiling{{Year: 2026, Amount: 50_000_00}}}})
		},
		func() error { return h.addDocument(t, tx) },
		func() error { return programme.Publish(ctx, tx, g) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (h *house) setting(t *testing.T, tx *db.Tx, p programme.Programme) (*agreement.Setting, error) {
	indicators, err := kpi.Indicators(t.Context(), tx, p.ID)
	if err != nil {
		return nil, err
	}
	s, err := agreement.LoadSetting(t.Context(), tx, p, indicators)
	return &s, err
}

func (h *house) addDocument(t *testing.T, tx *db.Tx) error {
	s, err := h.setting(t, tx, h.round)
	if err != nil {
		return err
	}
	d := s.Begin(h.partner[0], "nl")
	d.Clauses = append(d.Clauses, agreement.Clause{Code: "helpdesk", Level: 1, Title: "Helpdesk", Text: "Alpha houdt een helpdesk open."})
	d.Objectives = []agreement.Aim{s.Aim("more", "abroad", programme.Words{NL: "Meer bedrijven"}, "nl"), {Code: "lost", Goal: "gone", Words: agreement.Wording{NL: "Weg"}}}
	p := s.Promise("reach", "more", "nl")
	p.Baseline, p.Weight, p.Rule = "80", 100, "level"
	for y := period.Year(2022); y <= 2026; y++ {
		p.Targets = append(p.Targets, agreement.YearNumber{Year: y, Value: "90"})
	}
	d.KPIs = []agreement.Promise{p}
	for i := range d.Ceilings {
		d.Ceilings[i].Amount = 50_000_00
	}
	d.Lines = []agreement.Line{{Code: "mission", Title: "Missie", PerYear: 2}}
	_, err = agreement.AddAgreed(t.Context(), tx, h.round.ID, h.running, 1, d.Normal(), "2021-12-14")
	return err
}

func next() Next {
	return Next{Code: "round-2027", Name: programme.Words{NL: "Volgende", EN: "Next", FR: "Suivant"}, Starts: "2027-01-01", Ends: "2031-12-31",
		Envelopes: map[period.Year]money.Amount{2028: 130_000_00}}
}

func (h *house) open(t *testing.T, n Next) (p programme.Programme, err error) {
	t.Helper()
	err = h.db.WriteAgency(t.Context(), func(tx *db.Tx) error {
		p, err = Open(t.Context(), tx, h.people["officer"], h.round, n)
		return err
	})
	return p, err
}

func TestTheNextRoundOpens(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		ctx, h := t.Context(), newHouse(t, d)
		p, err := h.open(t, next())
		must(t, err)
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			s, err := h.setting(t, tx, p)
			if err != nil {
				return err
			}
			if s.Rule.From != "2027-01-01" || s.Rule.PerformanceBp != 2000 || s.Rule.ObjectionDays != 30 {
				t.Errorf("rule %+v: want that of the end of the round", s.Rule)
			}
			costs, err := funding.LoadRules(ctx, tx, p.ID, "2027-01-01")
			if err != nil || costs.Claim.ClaimDays != 60 || costs.Categories["travel"].Cap != 150_00 || len(costs.Categories) != 2 {
				t.Errorf("%+v, %v: the rules of costs are not those of the end of the round", costs, err)
			}
			if len(s.Goals) != 1 || len(s.Indicators) != 1 || len(s.Clauses) != len(agreement.StandardClauses()) {
				t.Errorf("%d goals, %d KPIs, %d clauses", len(s.Goals), len(s.Indicators), len(s.Clauses))
			}
			if criteria, err := agreement.Criteria(ctx, tx, p.ID); err != nil || len(criteria) != 1 || criteria[0].Weight != 60 {
				t.Errorf("criteria %+v %v", criteria, err)
			}
			if s.Envelopes[2027] != 120_000_00 || s.Envelopes[2028] != 130_000_00 {
				t.Errorf("envelopes %v", s.Envelopes)
			}
			books, err := ledger.Balance(ctx, tx, p.ID, ledger.Filter{Year: 2028})
			if books[ledger.Envelope] != 130_000_00 {
				t.Errorf("booked %v, %v", books, err)
			}
			if lead, err := programme.Current(ctx, tx, ""); err != nil || lead.Code != "round" {
				t.Errorf("%s leads before the next round begins, %v", lead.Code, err)
			}
			before, found, err := Before(ctx, tx, p)
			if !found || before.ID != h.round.ID {
				t.Errorf("before it: %+v", before)
			}
			return err
		}))
		for name, c := range map[string]struct {
			change func(*Next)
			field  string
			kind   fault.Kind
		}{
			"again":            {func(*Next) {}, "code", fault.KindConflict},
			"too early":        {func(n *Next) { n.Code, n.Starts = "x2", "2026-12-31" }, "starts", fault.KindInvalid},
			"ends before":      {func(n *Next) { n.Code, n.Ends, n.Envelopes = "x3", "2026-01-01", nil }, "ends", fault.KindInvalid},
			"code":             {func(n *Next) { n.Code = "Round 3" }, "code", fault.KindInvalid},
			"name":             {func(n *Next) { n.Code, n.Name.FR = "x4", " " }, "name", fault.KindInvalid},
			"negative":         {func(n *Next) { n.Code, n.Envelopes = "x5", map[period.Year]money.Amount{2027: -1} }, "envelope.2027", fault.KindInvalid},
			"year outside":     {func(n *Next) { n.Code, n.Envelopes = "x6", map[period.Year]money.Amount{2026: 1} }, "envelope.2026", fault.KindInvalid},
			"a day that is no": {func(n *Next) { n.Code, n.Starts = "x7", "tomorrow" }, "starts", fault.KindInvalid},
		} {
			n := next()
			c.change(&n)
			if _, err := h.open(t, n); !fault.Is(err, c.kind) || fault.Of(err).Field != c.field {
				t.Errorf("%s: %v", name, err)
			}
		}
		err = d.WriteAgency(ctx, func(tx *db.Tx) error {
			_, err := Open(ctx, tx, h.people["beta"], h.round, Next{Code: "mine"})
			return err
		})
		if !fault.Is(err, fault.KindDenied) {
			t.Errorf("a partner opened a round: %v", err)
		}
	})
}

// TestCarry carries an agreement over: what was agreed stays, what the next round has not falls away, targets follow what was attained.
func TestCarry(t *testing.T) {
	d := dbtest.SQLite(t)
	h := newHouse(t, d)
	p, err := h.open(t, next())
	must(t, err)
	must(t, d.Read(t.Context(), func(tx *db.Tx) error {
		s, err := h.setting(t, tx, p)
		if err != nil {
			return err
		}
		definitions, err := kpi.Definitions(t.Context(), tx, p.ID)
		if err != nil {
			return err
		}
		last, found, err := LoadLast(t.Context(), tx, h.round, h.partner[0].ID)
		if err != nil || !found {
			t.Fatalf("no last agreement: %v", err)
		}
		last.Past = agreement.History{"reach": {{Year: 2023, Value: big.NewRat(80, 1)}, {Year: 2024, Value: big.NewRat(84, 1)}, {Year: 2025, Value: big.NewRat(88, 1)}}}
		doc, proposals := Carry(s, definitions, h.partner[0], &last)
		k, _ := doc.KPI("reach")
		if k.Baseline != "84" || k.Target(2027) != "88" || k.Target(2031) != "100" || k.Weight != 100 || proposals["reach"].Basis != FromYears {
			t.Errorf("%+v %+v", k, proposals)
		}
		if len(doc.Objectives) != 1 || doc.Objectives[0].Words.NL != "Meer bedrijven" || doc.Objectives[0].GoalName != "Naar het buitenland" {
			t.Errorf("objectives %+v", doc.Objectives)
		}
		if n := len(doc.Clauses); n != len(s.Clauses)+1 || doc.Clauses[n-1].Code != "helpdesk" {
			t.Errorf("%d clauses, the last is %s", n, doc.Clauses[n-1].Code)
		}
		if c, _ := doc.Ceiling(2029); c != 50_000_00 || doc.Starts != "2027-01-01" || doc.Programme != "Volgende" || len(doc.Lines) != 1 || doc.Amends != 0 {
			t.Errorf("ceiling %s, %s, %s", c, doc.Starts, doc.Programme)
		}
		if hash, err := doc.Hash(); err != nil || hash == "" {
			t.Errorf("no canonical form: %v", err)
		}
		if _, found, err := LoadLast(t.Context(), tx, h.round, h.partner[1].ID); found || err != nil {
			t.Errorf("who had no agreement: %v %v", found, err)
		}
		fresh, _ := Carry(s, definitions, h.partner[1], nil)
		if fresh.Partner.Name != "BETA" || len(fresh.Objectives) != 0 || len(fresh.Clauses) != len(s.Clauses) {
			t.Errorf("a new partner starts with %+v", fresh.Partner)
		}
		return nil
	}))
}

// TestDraftOfACandidate plays the way from the running partners to a draft on the table.
func TestDraftOfACandidate(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		ctx, h := t.Context(), newHouse(t, d)
		p, err := h.open(t, next())
		must(t, err)
		write := func(fn func(tx *db.Tx) error) error { return d.Write(ctx, p.ID, fn) }
		must(t, write(func(tx *db.Tx) error {
			n, err := NameRunning(ctx, tx, h.people["officer"], p, "kept its promises")
			if n != 1 {
				t.Errorf("%d were named", n)
			}
			return err
		}))
		must(t, write(func(tx *db.Tx) error {
			n, err := NameRunning(ctx, tx, h.people["officer"], p, "again")
			if n != 0 {
				t.Errorf("%d were named twice", n)
			}
			return err
		}))
		err = write(func(tx *db.Tx) error {
			_, err := Draft(ctx, tx, h.people["officer"], p, "alpha")
			return err
		})
		if !fault.Is(err, fault.KindConflict) {
			t.Errorf("drafted before it was invited: %v", err)
		}
		h.choose(t, p)
		var a agreement.Agreement
		must(t, write(func(tx *db.Tx) (err error) {
			a, err = Draft(ctx, tx, h.people["officer"], p, "alpha")
			return err
		}))
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			c, err := agreement.LoadCandidate(ctx, tx, h.people["officer"], p.ID, "alpha")
			if err != nil || c.State != agreement.CandidateDrafted || c.Agreement != a.ID {
				t.Errorf("%+v %v", c, err)
			}
			drafted, err := agreement.Load(ctx, tx, access.All, p.ID, a.ID)
			if err != nil || drafted.State != agreement.Draft || drafted.Starts != "2027-01-01" {
				t.Errorf("%+v %v", drafted, err)
			}
			var form string
			err = tx.Row(ctx, workingCopy, p.ID, a.ID).Scan(&form)
			if err != nil || !strings.Contains(form, "Alpha houdt een helpdesk open.") {
				t.Errorf("the working copy lacks what was agreed: %v", err)
			}
			return err
		}))
	})
}

var workingCopy = db.SQL("renewal.test.copy", `select document from agreement_draft where programme_id = $1 and agreement_id = $2 and side = 'agency'`)

// choose scores and invites alpha.
func (h *house) choose(t *testing.T, p programme.Programme) {
	t.Helper()
	ctx := t.Context()
	must(t, h.db.Write(ctx, p.ID, func(tx *db.Tx) error {
		c, err := agreement.LoadCandidate(ctx, tx, h.people["officer"], p.ID, "alpha")
		if err != nil {
			return err
		}
		criteria, err := agreement.Criteria(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		for _, who := range []string{"one", "two"} {
			if err := agreement.DeclareInterest(ctx, tx, h.people[who], p.ID, c.ID, false, ""); err != nil {
				return err
			}
			if err := agreement.ScoreCandidate(ctx, tx, h.people[who], p.ID, c.ID, map[id.Criterion]agreement.Score{criteria[0].ID: {Points: 4, Words: "wide"}}); err != nil {
				return err
			}
		}
		if _, err := agreement.AssessCandidate(ctx, tx, h.people["officer"], p.ID, c.ID); err != nil {
			return err
		}
		_, err = agreement.InviteCandidate(ctx, tx, h.people["approver"], p.ID, c.ID, "strong")
		return err
	}))
}
