package report

import (
	"context"
	"fmt"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// world is a programme of two partners in 2018 and 2019. Each promised ten pieces of knowledge in 2019: Alder left eight, Birch two.
type world struct {
	g                    programme.Programme
	alder, birch, agency programme.Organisation
	other                programme.Organisation
	officer, first       id.Person
	agreements           []id.Agreement
}

func plant(t *testing.T, d *db.DB) world {
	t.Helper()
	w := world{alder: organisation("alder", programme.KindPartner, 2), birch: organisation("birch", programme.KindPartner, 3),
		agency: organisation("agency", programme.KindAgency, 1), other: organisation("topic", programme.KindOther, 4),
		officer: id.New[id.Person](), first: id.New[id.Person]()}
	w.g = programme.Programme{ID: id.New[id.Programme](), Code: "round", Starts: "2018-01-01", Ends: "2019-12-31", Currency: "EUR", Agency: w.agency.ID}
	must(t, d.WriteAgency(t.Context(), func(tx *db.Tx) error {
		all := []programme.Organisation{w.agency, w.alder, w.birch, w.other}
		if err := programme.AddOrganisations(t.Context(), tx, all); err != nil {
			return err
		}
		people := [][]any{{w.officer, "officer@example.org", "Officer", "", "en", 0}, {w.first, "finance@example.org", "Finance", "", "en", 0}}
		if err := tx.Insert(t.Context(), "person", []string{"id", "email", "name", "password_hash", "language", "disabled"}, people); err != nil {
			return err
		}
		return programme.Begin(t.Context(), tx, w.g)
	}))
	must(t, d.Write(t.Context(), w.g.ID, func(tx *db.Tx) error { return w.fill(t.Context(), tx) }))
	return w
}

func organisation(code, kind string, position int) programme.Organisation {
	return programme.Organisation{ID: id.New[id.Organisation](), Code: code, Name: code, Short: code, Kind: kind, Group: kind, Position: position}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const ceilingOfEach = money.Amount(100_000_00)

func (w *world) fill(ctx context.Context, tx *db.Tx) error {
	rule := programme.Rule{From: "2018-01-01", RateBp: 5000, PerformanceBp: 2000, AdvanceBp: 3000, ObjectionDays: 30, YearOf: "delivered"}
	if err := programme.AddRules(ctx, tx, w.g.ID, programme.Rules{rule}); err != nil {
		return err
	}
	goal := programme.Goal{ID: id.New[id.Goal](), Code: "goal"}
	if err := programme.AddGoals(ctx, tx, w.g.ID, []programme.Goal{goal}); err != nil {
		return err
	}
	d := &kpi.Definition{ID: id.New[id.KPI]()}
	row := []any{w.g.ID, d.ID, "knowledge", 1, 1, "", "", "", "", "", "", "activities", "knowledge", "", 0, "count", "", "", "full", "up", 0, 0, 0, 1}
	columns := []string{"programme_id", "id", "code", "position", "version", "name_nl", "name_en", "name_fr", "short_nl", "short_en",
		"short_fr", "unit", "kinds", "activity_types", "joint_only", "aggregate", "measure", "threshold", "joint", "direction", "decimals",
		"min_sample", "verified_only", "cockpit"}
	if err := tx.Insert(ctx, "kpi", columns, [][]any{row}); err != nil {
		return err
	}
	for i, p := range []programme.Organisation{w.alder, w.birch} {
		if err := w.promise(ctx, tx, p, goal.ID, d.ID, []int{8, 2}[i]); err != nil {
			return err
		}
	}
	return programme.Publish(ctx, tx, w.g.ID)
}

// promise is an agreement with ceilings for both years, ten promised in 2019, and what was delivered of it, reported in January.
func (w *world) promise(ctx context.Context, tx *db.Tx, p programme.Organisation, goal id.Goal, k id.KPI, delivered int) error {
	a := agreement.Agreement{ID: id.New[id.Agreement](), Partner: p, State: "active", Version: 1, Starts: "2018-01-01", Ends: "2019-12-31",
		Signed: "2017-12-01", Ceilings: []agreement.Ceiling{{Year: 2018, Amount: ceilingOfEach}, {Year: 2019, Amount: ceilingOfEach}}}
	w.agreements = append(w.agreements, a.ID)
	if err := agreement.Add(ctx, tx, w.g.ID, []agreement.Agreement{a}); err != nil {
		return err
	}
	o := agreement.Objective{ID: id.New[id.Objective](), Agreement: a.ID, Goal: goal, Code: "o"}
	if err := agreement.AddObjectives(ctx, tx, w.g.ID, []agreement.Objective{o}); err != nil {
		return err
	}
	assignment := id.New[id.Assignment]()
	if err := tx.Insert(ctx, "assignment", []string{"programme_id", "id", "agreement_id", "objective_id", "kpi_id", "rule", "baseline", "weight",
		"floor_bp"}, [][]any{{w.g.ID, assignment, a.ID, o.ID, k, "level", "0", 1, 0}}); err != nil {
		return err
	}
	if err := tx.Insert(ctx, "target", []string{"programme_id", "assignment_id", "year", "set_on", "value", "reason"},
		[][]any{{w.g.ID, assignment, 2019, "2017-12-01", "10", ""}}); err != nil {
		return err
	}
	var rows []evidence.New
	for i := range delivered {
		rows = append(rows, evidence.New{Kind: evidence.Knowledge, Dated: "2019-01-10", SourceKind: "test", SourceID: fmt.Sprint(p.Code, i),
			Credits: []evidence.Credit{{Organisation: p.ID, Weight: 1}}, ReportedOn: "2019-01-15", ReportedBy: w.first})
	}
	if err := evidence.Record(ctx, tx, w.g.ID, rows); err != nil {
		return err
	}
	_, err := ledger.PostAll(ctx, tx, w.g.ID, []ledger.Entry{
		{Key: "envelope-" + p.Code, Event: ledger.EventEnvelopeVoted, BookedOn: "2018-12-01", Year: 2019, SubjectKind: "programme",
			SubjectID: string(w.g.ID), Lines: ledger.EnvelopeVoted(ceilingOfEach)},
		{Key: "signed-" + p.Code, Event: ledger.EventSigned, BookedOn: "2019-01-02", Agreement: a.ID, Year: 2019, SubjectKind: "agreement",
			SubjectID: string(a.ID), Lines: ledger.Signed(ceilingOfEach)},
	})
	return err
}

// claim enters a claim of one item; approved on a day, or still waiting.
func (w *world) claim(ctx context.Context, tx *db.Tx, agreement id.Agreement, submitted, approved period.Date, eligible, accepted money.Amount) error {
	c := id.New[id.Claim]()
	state, item := "submitted", "declared"
	if approved != "" {
		state, item = "approved", "accepted"
	}
	if err := tx.Insert(ctx, "claim", []string{"programme_id", "id", "agreement_id", "year", "number", "state", "submitted_on", "entered_by",
		"verified_on", "verified_by", "approved_on", "approved_by", "accepted", "due"},
		[][]any{{w.g.ID, c, agreement, 2019, 1, state, submitted, w.first, approved, nil, approved, nil, accepted, 0}}); err != nil {
		return err
	}
	return tx.Insert(ctx, "cost_item", []string{"programme_id", "id", "ref", "claim_id", "agreement_id", "year", "activity_id", "category",
		"description", "supplier", "invoice", "invoice_key", "invoiced_on", "delivered_on", "currency", "rate", "rate_on", "rate_source", "net",
		"vat", "other_money", "rate_bp", "eligible", "state", "deducted", "accepted", "reason_code", "reason", "decided_on", "decided_by",
		"returns_id", "kind", "hours", "hour_rate", "allocation_bp", "vat_recoverable_bp", "income", "cap", "flat_bp", "credits", "invoice_total",
		"procured", "paid_on", "row_hash"}, [][]any{{w.g.ID, id.New[id.Item](), string(c), c, agreement, 2019, nil, "staff", "", "", "", nil, "2019-02-01",
		"2019-02-01", "", "", "", "", eligible, 0, 0, 5000, eligible, item, 0, accepted, "", "", "", nil, nil, "staff", "1", eligible,
		10_000, 0, 0, 0, 0, "", eligible, 0, "", ""}})
}

func everything() Reach {
	return Reach{Promises: access.All, Money: access.All, Settlements: access.All, Evidence: access.All, Plans: access.All}
}

func onlyOf(o id.Organisation) Reach {
	s := access.Scope(o)
	return Reach{Promises: s, Money: s, Settlements: s, Evidence: s, Plans: s}
}

func event(code string, starts, ends period.Date, state activity.State, by ...programme.Organisation) activity.Activity {
	a := activity.Activity{ID: id.New[id.Activity](), Code: code, State: state, Details: activity.Details{Title: "Café " + code,
		Type: activity.Seminar, Starts: starts, Ends: ends, Place: activity.Onsite, City: "Gent", Country: "BE", Markets: []string{"JP"}, Sectors: []string{"food"}}}
	for _, o := range by {
		a.Organisers = append(a.Organisers, activity.Organiser{Organisation: o.ID, Weight: 1})
	}
	return a
}
