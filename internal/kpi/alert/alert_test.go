package alert

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// office is a programme of three years with two partners who each promised ten companies a year, and two officers.
type office struct {
	*db.DB
	t           *testing.T
	g           programme.Programme
	partners    [2]id.Organisation
	officer     access.Actor
	second      access.Actor
	coordinator access.Actor // of the first partner
	companies   []id.Company
}

func newOffice(t *testing.T, d *db.DB) *office {
	if err := job.Migrate(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	w := &office{DB: d, t: t, g: programme.Programme{ID: id.New[id.Programme](), Code: "g", Starts: "2017-01-01", Ends: "2019-12-31"}}
	agency, kpi, goal := id.New[id.Organisation](), id.New[id.KPI](), id.New[id.Goal]()
	w.g.Agency = agency
	type table struct {
		name, columns string
		rows          [][]any
	}
	orgs := [][]any{{agency, "fit", "A", "A", "agency", "", 0, "a", 0}}
	var people, members, agreements, ceilings, objectives, assignments, targets [][]any
	someone := func(name string, m access.Membership) access.Actor {
		p := id.New[id.Person]()
		people = append(people, []any{p, name + "@x.example", name, "", "en", 0})
		members = append(members, []any{p, m.Organisation, nil, m.Role})
		return access.Actor{ID: p, Name: name, Memberships: []access.Membership{m}}
	}
	for i := range w.partners {
		w.partners[i] = id.New[id.Organisation]()
		a, o, s := id.New[id.Agreement](), id.New[id.Objective](), id.New[id.Assignment]()
		orgs = append(orgs, []any{w.partners[i], fmt.Sprint("p", i), fmt.Sprint("P", i), fmt.Sprint("P", i), "partner", "", i + 1, "p", 0})
		agreements = append(agreements, []any{w.g.ID, a, w.partners[i], "active", 1, w.g.Starts, w.g.Ends, w.g.Starts})
		objectives = append(objectives, []any{w.g.ID, o, a, goal, "o", 1, "", "", ""})
		assignments = append(assignments, []any{w.g.ID, s, a, o, kpi, "level", "0", 1, 5000})
		for y := 2017; y <= 2019; y++ {
			ceilings = append(ceilings, []any{w.g.ID, a, y, 100_000_00, 0})
			targets = append(targets, []any{w.g.ID, s, y, "2017-01-01", "10", ""})
		}
	}
	w.officer = someone("ann", access.Membership{Role: access.Officer, Organisation: agency, Agency: true})
	w.second = someone("bea", access.Membership{Role: access.Officer, Organisation: agency, Agency: true})
	w.coordinator = someone("col", access.Membership{Role: access.Coordinator, Organisation: w.partners[0]})
	companies, roots := w.register(20)
	err := d.WriteAgency(t.Context(), func(tx *db.Tx) error {
		for _, x := range []table{
			{"organisation", "id code name short_name kind calendar_group position sort_key vat_recoverable_bp", orgs},
			{"person", "id email name password_hash language disabled", people},
			{"membership", "person_id organisation_id company_id role", members},
			{"company", "id scheme number name sort_key postcode city country sector size_class size_source size_year nace parent_country", companies},
			{"company_root", "company_id root_id", roots},
			{"programme", "id code name_nl name_en name_fr note_nl note_en note_fr strategy_nl strategy_en strategy_fr starts_on ends_on currency " +
				"agency_id invented state source_hash",
				[][]any{{w.g.ID, "g", "", "", "", "", "", "", "", "", "", w.g.Starts, w.g.Ends, "EUR", agency, 1, "open", ""}}},
			{"programme_head", "programme_id seq audit_count audit_hash", [][]any{{w.g.ID, 0, 0, ""}}},
			{"programme_rule", "programme_id starts_on rate_bp performance_bp advance_bp objection_days carry_over_bp year_of",
				[][]any{{w.g.ID, "2017-01-01", 5000, 2000, 3000, 30, 0, "delivered"}}},
			{"goal", "programme_id id code position name_nl name_en name_fr", [][]any{{w.g.ID, goal, "g", 1, "", "", ""}}},
			{"kpi", "programme_id id code position version name_nl name_en name_fr short_nl short_en short_fr unit kinds activity_types joint_only " +
				"aggregate measure threshold joint direction decimals min_sample verified_only cockpit",
				[][]any{{w.g.ID, kpi, "companies", 1, 1, "n", "e", "f", "n", "e", "f", "companies", "service", "", 0, "distinct", "", "", "full", "up", 0, 0, 0, 1}}},
			{"agreement", "programme_id id organisation_id state version starts_on ends_on signed_on", agreements},
			{"agreement_ceiling", "programme_id agreement_id year amount carried", ceilings},
			{"objective", "programme_id id agreement_id goal_id code position words_nl words_en words_fr", objectives},
			{"assignment", "programme_id id agreement_id objective_id kpi_id rule baseline weight floor_bp", assignments},
			{"target", "programme_id assignment_id year set_on value reason", targets},
		} {
			if err := tx.Insert(t.Context(), x.name, fields(x.columns), x.rows); err != nil {
				return fmt.Errorf("%s: %w", x.name, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// register gives the rows of new companies, which stand for themselves.
func (w *office) register(n int) (companies, roots [][]any) {
	for i := range n {
		c := id.New[id.Company]()
		w.companies = append(w.companies, c)
		companies = append(companies, []any{c, "", nil, fmt.Sprint("C", i), "c", "", "", "BE", "", "", "", 0, "", ""})
		roots = append(roots, []any{c, c})
	}
	return companies, roots
}

// on stands the clock still on a day.
func (w *office) on(day period.Date) *db.DB {
	return w.WithClock(func() time.Time { return day.Time().Add(12 * time.Hour) })
}

// serve records services of a partner to so many companies on a day.
func (w *office) serve(partner, companies int, day period.Date) {
	w.t.Helper()
	rows := make([]evidence.New, companies)
	for i := range rows {
		e := id.New[id.Evidence]()
		rows[i] = evidence.New{ID: e, Kind: evidence.Service, Dated: day, Company: w.companies[i], SourceKind: "test", SourceID: string(e),
			Credits: []evidence.Credit{{Organisation: w.partners[partner], Weight: 1}}, ReportedOn: day}
	}
	w.do(day, func(tx *db.Tx) error { return evidence.Record(w.t.Context(), tx, w.g.ID, rows) })
}

func (w *office) do(day period.Date, fn func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.on(day).Write(w.t.Context(), w.g.ID, fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *office) look(day period.Date) int {
	w.t.Helper()
	n, err := Look(w.t.Context(), w.on(day), nil, access.System("test"), w.g, day)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// all reads the alerts of a rule that a scope sees.
func (w *office) all(scope access.Scope, r Rule) (all []Alert) {
	w.t.Helper()
	if err := w.Read(w.t.Context(), func(tx *db.Tx) (err error) {
		all, err = List(w.t.Context(), tx, w.g.ID, Filter{Scope: scope, Rule: r})
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return all
}

func (w *office) letters() (n int) {
	w.t.Helper()
	if err := w.Read(w.t.Context(), func(tx *db.Tx) error {
		return tx.Raw().QueryRow("select count(*) from mail").Scan(&n)
	}); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestAnAlertFromItsRuleToItsRest(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newOffice(t, d)
		w.serve(0, 10, "2018-02-01") // the first partner keeps its promise, the second tells of nothing
		w.serve(1, 2, "2018-05-10")
		if n := w.look("2016-06-01"); n != 0 {
			t.Errorf("before the programme %d alerts moved", n)
		}
		w.look("2018-07-15")
		behind := w.all(access.All, Behind)
		if len(behind) != 1 || behind[0].Partner != w.partners[1] || behind[0].Grade != Grave || behind[0].N != 2000 || behind[0].KPICode != "companies" ||
			behind[0].Owner == "" || behind[0].Due != "2018-09-30" || behind[0].State != Open {
			t.Fatalf("behind %+v", behind)
		}
		if stake := w.all(access.All, Stake); len(stake) != 1 || stake[0].Against != int64(money.Amount(20_000_00)) || stake[0].N == 0 {
			t.Errorf("stake %+v", stake)
		}
		if own := w.all(access.Scope(w.partners[0]), ""); len(own) != 0 {
			t.Errorf("the first partner sees %+v", own)
		}
		if n := w.letters(); n == 0 {
			t.Error("no owner was written to")
		}
		if again := w.look("2018-07-15"); again != 0 {
			t.Errorf("looking again on the same day moved %d", again)
		}
		w.restAndComeBack(t, behind[0])
	})
}

func (w *office) restAndComeBack(t *testing.T, a Alert) {
	ctx := t.Context()
	try := func(fn func(tx *db.Tx) error) error { return w.on("2018-07-16").Write(ctx, w.g.ID, fn) }
	for name, c := range map[string]struct {
		err  error
		want fault.Kind
	}{
		"silenced without a reason": {try(func(tx *db.Tx) error { return Silence(ctx, tx, w.officer, w.g, a.ID, " ") }), fault.KindInvalid},
		"taken by another partner":  {try(func(tx *db.Tx) error { return Take(ctx, tx, w.coordinator, w.g, a.ID) }), fault.KindMissing},
		"given to a stranger":       {try(func(tx *db.Tx) error { return Assign(ctx, tx, w.officer, w.g, a.ID, w.coordinator.ID) }), fault.KindInvalid},
		"reopened while open":       {try(func(tx *db.Tx) error { return Reopen(ctx, tx, w.officer, w.g, a.ID, "why") }), fault.KindConflict},
	} {
		if !fault.Is(c.err, c.want) {
			t.Errorf("%s: %v, want %s", name, c.err, c.want)
		}
	}
	w.do("2018-07-16", func(tx *db.Tx) error { return Assign(ctx, tx, w.officer, w.g, a.ID, w.second.ID) })
	w.do("2018-07-16", func(tx *db.Tx) error { return Take(ctx, tx, w.second, w.g, a.ID) })
	w.do("2018-07-16", func(tx *db.Tx) error {
		return Silence(ctx, tx, w.officer, w.g, a.ID, "a fair in October makes up for it")
	})
	state := func(when string, want State) {
		t.Helper()
		if got := w.all(access.All, Behind); len(got) != 1 || got[0].State != want || got[0].OwnerName != "bea" {
			t.Errorf("%s: %+v, want %s", when, got, want)
		}
	}
	w.look("2018-07-20")
	state("hardly worse", Silenced)
	w.look("2018-09-15")
	state("well over five points worse", Open)
	w.do("2018-09-16", func(tx *db.Tx) error { return Resolve(ctx, tx, w.officer, w.g, a.ID, "agreed on a plan") })
	w.look("2018-09-17")
	state("dealt with", Resolved)
	w.serve(1, 10, "2018-09-18")
	w.look("2018-09-19")
	state("caught up", Resolved)
	var steps []Step
	if err := w.Read(ctx, func(tx *db.Tx) (err error) { steps, err = History(ctx, tx, w.g.ID, a.ID); return err }); err != nil {
		t.Fatal(err)
	}
	if len(steps) != 6 || steps[3].By != "ann" || steps[3].Reason == "" || steps[4].By != "" || steps[5].State != Resolved {
		t.Errorf("history %+v", steps)
	}
}

func TestNothingReportedOfAQuarter(t *testing.T) {
	d := dbtest.SQLite(t)
	w := newOffice(t, d)
	w.serve(0, 3, "2018-03-31")
	w.look("2018-04-30")
	if late := w.all(access.All, Late); len(late) != 0 {
		t.Fatalf("within the grace: %+v", late)
	}
	w.look("2018-05-01")
	late := w.all(access.All, Late)
	if len(late) != 1 || late[0].Partner != w.partners[1] || late[0].N != 1 || late[0].Against != 1 || late[0].Grade != Grave {
		t.Fatalf("after it: %+v", late)
	}
	w.serve(1, 1, "2018-02-01")
	w.look("2018-05-02")
	if late = w.all(access.All, Late); late[0].State != Resolved {
		t.Errorf("reported by now: %+v", late)
	}
	w.look("2018-08-15") // of the second quarter nobody told anything
	if late = w.all(access.All, Late); len(late) != 2 || late[0].State != Open || late[1].State != Open {
		t.Errorf("the next quarter: %+v", late)
	}
	w.look("2019-01-02")
	for _, a := range w.all(access.All, "") {
		if a.Year == 2018 && a.State.Waits() {
			t.Errorf("the year is over: %+v", a)
		}
	}
}

func fields(s string) (all []string) { return strings.Fields(s) }

// TestTheGraceIsTheProgrammes: when a report is late is a rule of the programme, not of this program.
func TestTheGraceIsTheProgrammes(t *testing.T) {
	d := dbtest.SQLite(t)
	w := newOffice(t, d)
	w.do("2018-01-02", func(tx *db.Tx) error {
		return tx.Insert(t.Context(), "programme_rule", fields("programme_id starts_on rate_bp performance_bp advance_bp objection_days carry_over_bp year_of report_grace_days"),
			[][]any{{w.g.ID, "2018-01-02", 5000, 2000, 3000, 30, 1000, "delivered", 120}})
	})
	w.look("2018-05-01")
	if late := w.all(access.All, Late); len(late) != 0 {
		t.Fatalf("within the grace: %+v", late)
	}
	w.look("2018-07-30")
	if late := w.all(access.All, Late); len(late) == 0 {
		t.Error("after it nobody is late")
	}
}
