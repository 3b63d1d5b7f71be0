package settlement

import (
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/takeover"
)

// amount reads an amount as the design writes it.
func amount(t testing.TB, s string) money.Amount {
	t.Helper()
	a, err := money.Parse(strings.ReplaceAll(s, ",", ""))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// world is the golden case of domain section 4 as rows: a programme with one partner whose year 2018 has its three claims, their payments
// and two corrections, and one KPI of which 73 in a hundred was reached.
type world struct {
	t         *testing.T
	db        *db.DB
	now       *period.Date
	g         id.Programme
	agency    id.Organisation
	partner   id.Organisation
	agreement id.Agreement
	year      AgreementYear
	people    map[access.Role]access.Actor
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	today := period.Date("2019-05-02")
	w := &world{t: t, now: &today, g: id.New[id.Programme](), agency: id.New[id.Organisation](), partner: id.New[id.Organisation](),
		agreement: id.New[id.Agreement](), people: map[access.Role]access.Actor{}}
	w.db = d.WithClock(func() time.Time { return w.now.Time().Add(12 * time.Hour) })
	w.year = AgreementYear{Agreement: w.agreement, Partner: w.partner, Code: "voka", Year: 2018, Until: "2018-12-31"}
	w.must(w.db.WriteAgency(t.Context(), w.found))
	w.write(w.promise)
	w.write(func(tx *db.Tx) error {
		envelopes := map[period.Year]money.Amount{2018: amount(t, "120000.00")}
		if err := programme.AddEnvelopes(t.Context(), tx, w.g, envelopes); err != nil {
			return err
		}
		_, err := takeover.Book(t.Context(), tx, w.g, "EUR", "2017-01-01", envelopes, []takeover.Facts{w.golden()})
		return err
	})
	w.evidence(73, evidence.Verified)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) write(fn func(tx *db.Tx) error) {
	w.t.Helper()
	w.must(w.db.Write(w.t.Context(), w.g, fn))
}

func (w *world) read(fn func(tx *db.Tx) error) {
	w.t.Helper()
	w.must(w.db.Read(w.t.Context(), fn))
}

// found makes organisations, people and the programme.
func (w *world) found(tx *db.Tx) error {
	ctx := w.t.Context()
	err := programme.AddOrganisations(ctx, tx, []programme.Organisation{
		{ID: w.agency, Code: "fit", Name: "FIT", Kind: programme.KindAgency},
		{ID: w.partner, Code: "voka", Name: "Voka", Kind: programme.KindPartner, Position: 1},
		{ID: id.New[id.Organisation](), Code: "agoria", Name: "Agoria", Kind: programme.KindPartner, Position: 2}})
	if err != nil {
		return err
	}
	where := map[access.Role]string{access.Coordinator: "voka", access.Finance: "voka", access.Member: "agoria"}
	for _, role := range []access.Role{access.Controller, access.Approver, access.Administrator, access.Auditor, access.Coordinator, access.Finance,
		access.Member} {
		at := where[role]
		if at == "" {
			at = "fit"
		}
		person, err := access.Add(ctx, tx, access.System("operator"), access.NewPerson{Email: string(role) + "@x.example", Name: "N", Role: role,
			Organisation: at})
		if err != nil {
			return err
		}
		if w.people[role], err = access.LoadActor(ctx, tx, person); err != nil {
			return err
		}
	}
	return programme.Begin(ctx, tx, programme.Programme{ID: w.g, Code: "g", Starts: "2017-01-01", Ends: "2018-12-31", Currency: "EUR",
		Agency: w.agency})
}

// promise makes the rules, the agreement, and a KPI of which a hundred was promised; its floor is 0, so that what is reached is paid.
func (w *world) promise(tx *db.Tx) error {
	ctx := w.t.Context()
	goal, objective, kpi, assignment := id.New[id.Goal](), id.New[id.Objective](), id.New[id.KPI](), id.New[id.Assignment]()
	for _, step := range []func() error{
		func() error {
			return programme.AddRules(ctx, tx, w.g, programme.Rules{{From: "2017-01-01", RateBp: 5000, PerformanceBp: 2000, AdvanceBp: 3000,
				ObjectionDays: 30, CarryOverBp: 1000, YearOf: programme.Delivered}})
		},
		func() error { return programme.AddGoals(ctx, tx, w.g, []programme.Goal{{ID: goal, Code: "goal"}}) },
		func() error {
			return agreement.Add(ctx, tx, w.g, []agreement.Agreement{{ID: w.agreement, Partner: programme.Organisation{ID: w.partner},
				State: agreement.Active, Version: 1, Starts: "2017-01-01", Ends: "2018-12-31", Signed: "2017-10-03",
				Ceilings: []agreement.Ceiling{{Year: 2018, Amount: amount(w.t, "120000.00")}}}})
		},
		func() error {
			return agreement.AddObjectives(ctx, tx, w.g, []agreement.Objective{{ID: objective, Agreement: w.agreement, Goal: goal, Code: "o"}})
		},
		func() error {
			return tx.Insert(ctx, "kpi", strings.Fields(`programme_id id code position version name_nl name_en name_fr short_nl short_en short_fr unit
				kinds activity_types joint_only aggregate measure threshold joint direction decimals min_sample verified_only cockpit`),
				[][]any{{w.g, kpi, "contacts", 1, 1, "", "Contacts", "", "", "", "", "contacts", "contact", "", 0, "count", "", "", "full", "up", 0, 0, 1, 1}})
		},
		func() error {
			return tx.Insert(ctx, "assignment", strings.Fields("programme_id id agreement_id objective_id kpi_id rule baseline weight floor_bp"),
				[][]any{{w.g, assignment, w.agreement, objective, kpi, "level", "0", 1, 0}})
		},
		func() error {
			return tx.Insert(ctx, "target", strings.Fields("programme_id assignment_id year set_on value reason"),
				[][]any{{w.g, assignment, 2018, "2017-10-03", "100", ""}})
		},
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// evidence records contacts of the partner in 2018.
func (w *world) evidence(n int, state evidence.State) {
	w.t.Helper()
	rows := make([]evidence.New, n)
	for i := range rows {
		e := id.New[id.Evidence]()
		rows[i] = evidence.New{ID: e, Kind: evidence.Contact, Dated: "2018-06-01", SourceKind: "test", SourceID: string(e), ReportedOn: "2018-06-02",
			Credits: []evidence.Credit{{Organisation: w.partner, Weight: 1}}}
		if state != evidence.Reported {
			rows[i].Decisions = []evidence.Decision{{State: state, On: "2018-06-10", Reason: "seen"}}
		}
	}
	w.write(func(tx *db.Tx) error { return evidence.Record(w.t.Context(), tx, w.g, rows) })
}

// golden is the golden case: claims, payments and corrections of domain section 4.
func (w *world) golden() takeover.Facts {
	t := w.t
	item := func(ref, net string, state funding.ItemState) funding.Item {
		i := funding.Item{ID: id.New[id.Item](), Ref: ref, Category: "venue", Description: ref, Net: amount(t, net), RateBp: 5000, State: state,
			DeliveredOn: "2018-04-01", DecidedOn: "2018-05-01", DecidedBy: w.people[access.Controller].ID}
		return i
	}
	cut := item("2a", "80000.00", funding.Deducted)
	cut.Deducted, cut.ReasonCode, cut.Reason = amount(t, "4999.99"), "proof", "no proof of payment"
	parked := item("2b", "10000.02", funding.Returned)
	back := item("3b", "10000.02", funding.Accepted)
	back.Returns = parked.ID
	first, second, third := id.New[id.Claim](), id.New[id.Claim](), id.New[id.Claim]()
	one, three := item("1", "70000.01", funding.Accepted), item("3a", "80000.01", funding.Accepted)
	finance, controller, approver := w.people[access.Finance].ID, w.people[access.Controller].ID, w.people[access.Approver].ID
	claim := func(c id.Claim, n int, on period.Date, items ...funding.Item) takeover.ClaimFacts {
		return takeover.ClaimFacts{ID: c, Number: n, Submitted: on.AddDays(-20), Verified: on.AddDays(-2), Approved: on, EnteredBy: finance,
			VerifiedBy: controller, ApprovedBy: approver, Items: items}
	}
	pay := func(kind funding.PaymentKind, c id.Claim, a string, on period.Date) takeover.PaymentFacts {
		return takeover.PaymentFacts{ID: id.New[id.Payment](), Kind: kind, Claim: c, Amount: amount(t, a), Ordered: on, Executed: on.AddDays(3),
			OrderedBy: controller, ApprovedBy: approver}
	}
	return takeover.Facts{Partner: w.partner, Agreement: w.agreement, Year: 2018, Ceiling: amount(t, "120000.00"), PerformanceBp: 2000,
		Signed: "2017-10-03",
		Claims: []takeover.ClaimFacts{claim(first, 1, "2018-05-02", one), claim(second, 2, "2018-09-03", cut, parked),
			claim(third, 3, "2019-02-04", three, back)},
		Payments: []takeover.PaymentFacts{pay(funding.AdvancePayment, "", "36000.00", "2018-03-09"),
			pay(funding.ClaimPayment, second, "22000.00", "2018-09-10"), pay(funding.ClaimPayment, third, "36000.01", "2019-02-11")},
		Corrections: []takeover.CorrectionFacts{
			{ID: id.New[id.Correction](), Item: one.ID, Cost: amount(t, "5000.01"), On: "2019-03-11", By: controller, Reason: "credit note"},
			{ID: id.New[id.Correction](), Item: three.ID, Cost: amount(t, "12000.01"), On: "2019-04-11", By: controller, Reason: "credit note"}}}
}

// settle computes the year.
func (w *world) settle(by access.Actor, dry bool) (Result, error) {
	w.t.Helper()
	found, err := Settle(w.t.Context(), w.db, by, w.g, []AgreementYear{w.year}, dry)
	if err != nil {
		return Result{}, err
	}
	if len(found) != 1 {
		w.t.Fatalf("%d results", len(found))
	}
	return found[0], nil
}

// do runs a verb with words for those that need them.
func (w *world) do(role access.Role, verb string) (Settlement, error) {
	w.t.Helper()
	var s Settlement
	err := w.db.Write(w.t.Context(), w.g, func(tx *db.Tx) (err error) {
		s, err = Act(w.t.Context(), tx, w.people[role], w.g, w.agreement, 2018, verb, "because")
		return err
	})
	return s, err
}

// to takes a fresh year to a state by the people who may.
func (w *world) to(state State) {
	w.t.Helper()
	r, err := w.settle(w.people[access.Controller], false)
	w.must(err)
	if r.Outcome != Settled || r.Settlement.ID == "" {
		w.t.Fatalf("settled as %s", r.Outcome)
	}
	path := map[State][][2]string{Computed: nil, Discarded: {{"controller", "discard"}}, Communicated: {{"controller", "communicate"}},
		Objection: {{"controller", "communicate"}, {"coordinator", "object"}}, Final: {{"controller", "communicate"}, {"approver", "finalise"}},
		Restated: {{"controller", "communicate"}, {"coordinator", "object"}, {"approver", "uphold"}}}
	for _, step := range path[state] {
		_, err := w.do(access.Role(step[0]), step[1])
		w.must(err)
	}
	if got := w.latest(); got.State != state {
		w.t.Fatalf("at %s, want %s", got.State, state)
	}
}

func (w *world) latest() (s Settlement) {
	w.t.Helper()
	w.read(func(tx *db.Tx) (err error) {
		s, err = Latest(w.t.Context(), tx, access.System("test"), w.g, w.agreement, 2018)
		return err
	})
	return s
}

// books is the balance of every account of the year.
func (w *world) books() (balance map[ledger.Account]money.Amount) {
	w.t.Helper()
	w.read(func(tx *db.Tx) (err error) {
		if broken, err := ledger.Check(w.t.Context(), tx, w.g); err != nil || len(broken) > 0 {
			w.t.Errorf("the books break laws: %v, %v", broken, err)
		}
		balance, err = ledger.Balance(w.t.Context(), tx, w.g, ledger.Filter{Agreement: w.agreement, Year: 2018})
		return err
	})
	return balance
}

// rows counts what a verb may have written.
func (w *world) rows() (n [5]int) {
	w.t.Helper()
	for i, table := range []string{"settlement", "cell", "cell_evidence", "entry", "audit"} {
		w.read(func(tx *db.Tx) error {
			return tx.Row(w.t.Context(), db.Query{Name: "settlement.test.rows", Text: "select count(*) from " + table}).Scan(&n[i])
		})
	}
	return n
}
