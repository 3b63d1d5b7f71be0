package kpi

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// world is a programme of three years with an agency, partners, companies, and the KPIs and promises that a test adds.
type world struct {
	db         *db.DB
	programme  id.Programme
	agency     id.Organisation
	partners   []id.Organisation
	agreements []id.Agreement
	objectives []id.Objective
	companies  []id.Company
	kpis       []id.KPI
	decision   id.Decision
}

// on is a database whose clock stands still on a day.
func (w *world) on(day period.Date) *db.DB {
	return w.db.WithClock(func() time.Time { return day.Time().Add(12 * time.Hour) })
}

func newWorld(t testing.TB, d *db.DB, partners, companies int) *world {
	t.Helper()
	w := &world{db: d, programme: id.New[id.Programme](), agency: id.New[id.Organisation](), decision: id.New[id.Decision]()}
	for range partners {
		w.partners = append(w.partners, id.New[id.Organisation]())
		w.agreements = append(w.agreements, id.New[id.Agreement]())
		w.objectives = append(w.objectives, id.New[id.Objective]())
	}
	for range companies {
		w.companies = append(w.companies, id.New[id.Company]())
	}
	if err := d.WriteAgency(t.Context(), func(tx *db.Tx) error { return w.found(t, tx) }); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) found(t testing.TB, tx *db.Tx) error {
	orgs := [][]any{{w.agency, "fit", "Agency", "Agency", "agency", "", 0, "a", 0}}
	var companies, roots, agreements, objectives [][]any
	goal, person := id.New[id.Goal](), id.New[id.Person]()
	for i, p := range w.partners {
		orgs = append(orgs, []any{p, fmt.Sprint("p", i), fmt.Sprint("Partner ", i), fmt.Sprint("P", i), "partner", "", i + 1, "p", 0})
		agreements = append(agreements, []any{w.programme, w.agreements[i], p, "active", 1, "2017-01-01", "2019-12-31", "2017-01-01"})
		objectives = append(objectives, []any{w.programme, w.objectives[i], w.agreements[i], goal, "o", 1, "", "", ""})
	}
	for i, c := range w.companies {
		companies = append(companies, []any{c, "", nil, fmt.Sprint("Company ", i), "a", "", "", "BE", "", "", "", 0, "", ""})
		roots = append(roots, []any{c, c})
	}
	return inserts(t, tx,
		table{"organisation", "id code name short_name kind calendar_group position sort_key vat_recoverable_bp", orgs},
		table{"person", "id email name password_hash language disabled", [][]any{{person, "a@x.example", "A", "", "en", 0}}},
		table{"company", "id scheme number name sort_key postcode city country sector size_class size_source size_year nace parent_country", companies},
		table{"company_root", "company_id root_id", roots},
		table{"programme", "id code name_nl name_en name_fr note_nl note_en note_fr strategy_nl strategy_en strategy_fr starts_on ends_on " +
			"currency agency_id invented state source_hash",
			[][]any{{w.programme, "p", "", "", "", "", "", "", "", "", "", "2017-01-01", "2019-12-31", "EUR", w.agency, 1, "open", ""}}},
		table{"programme_head", "programme_id seq audit_count audit_hash", [][]any{{w.programme, 0, 0, ""}}},
		table{"goal", "programme_id id code position name_nl name_en name_fr", [][]any{{w.programme, goal, "g", 1, "", "", ""}}},
		table{"decision", "programme_id id code kind dated body words taken_by state year subject_kind subject_id amount until proposed_on",
			[][]any{{w.programme, w.decision, "covid", "waiver", "2019-06-30", "Board", "", person, "taken", 0, "", "", 0, "", "2019-06-30"}}},
		table{"agreement", "programme_id id organisation_id state version starts_on ends_on signed_on", agreements},
		table{"objective", "programme_id id agreement_id goal_id code position words_nl words_en words_fr", objectives})
}

type table struct {
	name, columns string
	rows          [][]any
}

func inserts(t testing.TB, tx *db.Tx, tables ...table) error {
	t.Helper()
	for _, b := range tables {
		if err := tx.Insert(t.Context(), b.name, fields(b.columns), b.rows); err != nil {
			return fmt.Errorf("%s: %w", b.name, err)
		}
	}
	return nil
}

func fields(s string) []string { return strings.Fields(s) }

// define adds a KPI to the catalogue.
func (w *world) define(t testing.TB, d Definition) id.KPI {
	t.Helper()
	kpi := id.New[id.KPI]()
	w.kpis = append(w.kpis, kpi)
	kinds := ""
	for i, k := range d.Kinds {
		if i > 0 {
			kinds += " "
		}
		kinds += string(k)
	}
	bit := map[bool]int{true: 1}
	w.write(t, table{"kpi", "programme_id id code position version name_nl name_en name_fr short_nl short_en short_fr unit kinds activity_types " +
		"joint_only aggregate measure threshold joint direction decimals min_sample verified_only cockpit",
		[][]any{{w.programme, kpi, d.Code, len(w.kpis), 1, "n", "e", "f", "n", "e", "f", d.Unit, kinds, "", bit[d.JointOnly], d.Aggregate, d.Measure,
			Decimal(d.Threshold), d.Joint, d.Direction, d.Decimals, d.MinSample, bit[d.VerifiedOnly], 1}}})
	return kpi
}

// promise assigns a KPI to a partner with the same signed target for each year.
func (w *world) promise(t testing.TB, partner int, kpi id.KPI, weight int, target string) id.Assignment {
	t.Helper()
	a := id.New[id.Assignment]()
	var targets [][]any
	for y := 2017; y <= 2019; y++ {
		targets = append(targets, []any{w.programme, a, y, "2017-01-01", target, ""})
	}
	w.write(t,
		table{"assignment", "programme_id id agreement_id objective_id kpi_id rule baseline weight floor_bp",
			[][]any{{w.programme, a, w.agreements[partner], w.objectives[partner], kpi, Level, "0", weight, 5000}}},
		table{"target", "programme_id assignment_id year set_on value reason", targets})
	return a
}

func (w *world) write(t testing.TB, tables ...table) {
	t.Helper()
	if err := w.db.Write(t.Context(), w.programme, func(tx *db.Tx) error { return inserts(t, tx, tables...) }); err != nil {
		t.Fatal(err)
	}
}

func (w *world) record(t testing.TB, rows ...evidence.New) {
	t.Helper()
	if err := w.db.Write(t.Context(), w.programme, func(tx *db.Tx) error {
		return evidence.Record(t.Context(), tx, w.programme, rows)
	}); err != nil {
		t.Fatal(err)
	}
}

// happened is a row of a partner, reported the day it happened and verified ten days later.
func (w *world) happened(kind evidence.Kind, on period.Date, company int, credits ...evidence.Credit) evidence.New {
	e := id.New[id.Evidence]()
	return evidence.New{ID: e, Kind: kind, Dated: on, Company: w.companies[company], Organisers: len(credits), SourceKind: "test",
		SourceID: string(e), Credits: credits, ReportedOn: on, Decisions: []evidence.Decision{{State: evidence.Verified, On: on.AddDays(10)}}}
}

func (w *world) of(partner int) evidence.Credit {
	return evidence.Credit{Organisation: w.partners[partner], Weight: 1}
}

// aYearLikeTheReal fills 2018 with n rows as the reference programme has them: seven in ten participations, a third of them joint.
func (w *world) aYearLikeTheReal(t testing.TB, n int) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	kinds := evidence.Kinds()
	rows := make([]evidence.New, n)
	for i := range rows {
		kind := evidence.Participation
		if r.IntN(10) > 6 {
			kind = kinds[r.IntN(len(kinds)-1)]
		}
		p := r.IntN(len(w.partners))
		credits := []evidence.Credit{w.of(p)}
		if r.IntN(3) == 0 {
			credits = append(credits, w.of((p+1)%len(w.partners)), evidence.Credit{Organisation: w.agency, Weight: 2})
		}
		rows[i] = w.happened(kind, period.Of(2018, 1, 1+r.IntN(350)), r.IntN(len(w.companies)), credits...)
		if kind == evidence.Evaluation {
			rows[i].Quantity = fmt.Sprintf("%d.%d", r.IntN(10), r.IntN(10))
		}
		if i%8 == 0 {
			rows[i].Decisions = nil
		}
	}
	w.record(t, rows...)
}
