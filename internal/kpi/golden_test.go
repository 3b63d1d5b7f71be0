package kpi

import (
	"math/big"
	"slices"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/company"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi/cube"
	"errera.eu/errera/internal/kpi/release"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// The golden cases of results frameworks, by their numbers, on both engines. Of case 4 the files and the interface stand with the pages
// (internal/web/kpis/told_test.go) and internal/api; case 12, a valid IATI file, belongs to that export.
func TestGoldenCases(t *testing.T) {
	for name, test := range map[string]func(*testing.T, *db.DB){
		"01 net reach with merge, unmerge and take-over": golden01Reach,
		"02 percentages roll up by their parts":          golden02Percentages,
		"03 a falling KPI with its baseline":             golden03Falling,
		"04 zero is not missing":                         golden04Zero,
		"05 the reporter leaves":                         golden05ReporterLeaves,
		"06 a late correction after payment":             golden06LateCorrection,
		"07 a target amended in mid-year":                golden07Amended,
		"08 thirds keep the cents":                       golden08Thirds,
		"09 the half, its ceiling and the score":         golden09Money,
		"10 a cell of four is hidden for good":           golden10Suppressed,
		"11 a period that begins on 15 February":         golden11PartYear,
		"13 parts above the total where one row has two": golden13MultiSelect,
		"14 from scratch equals kept up":                 golden14Incremental,
	} {
		t.Run(name, func(t *testing.T) { dbtest.Both(t, test) })
	}
}

// officer is a person of the agency.
func (w *world) officer(t *testing.T) access.Actor {
	t.Helper()
	a := access.Actor{ID: id.New[id.Person](), Name: "Officer", Memberships: []access.Membership{{Organisation: w.agency, Agency: true, Role: access.Officer}}}
	w.write(t, table{"person", "id email name password_hash language disabled", [][]any{{a.ID, "officer@x.example", "Officer", "", "en", 0}}})
	return a
}

func (w *world) reach(t *testing.T, asOf period.Date) *Reach {
	t.Helper()
	var r *Reach
	if err := w.db.Read(t.Context(), func(tx *db.Tx) (err error) {
		d := reachDefinition()
		r, err = LoadReach(t.Context(), tx, nil, w.programme, &d, 2018, asOf, Live)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return r
}

func golden01Reach(t *testing.T, d *db.DB) {
	w := newWorld(t, d, 3, 11)
	for p := range 3 { // five companies that all three reach, two of each one's own
		for c := range 5 {
			w.record(t, w.happened(evidence.Participation, "2018-03-01", c, w.of(p)))
		}
		for c := range 2 {
			w.record(t, w.happened(evidence.Contact, "2018-04-01", 5+2*p+c, w.of(p)))
		}
	}
	want := func(when string, contacts, summed, unique, shared int) {
		t.Helper()
		r := w.reach(t, "")
		if r.Contacts != contacts || r.SumOfUnique != summed || r.Unique != unique || r.Overlap[0][2] != shared {
			t.Errorf("%s: contacts %d, summed %d, unique %d, shared %d", when, r.Contacts, r.SumOfUnique, r.Unique, r.Overlap[0][2])
		}
	}
	want("as recorded", 21, 21, 11, 5)
	officer := w.officer(t)
	join := func(from, into int) (m id.Merge) {
		t.Helper()
		if err := w.db.WriteAgency(t.Context(), func(tx *db.Tx) (err error) {
			m, err = company.Join(t.Context(), tx, officer, w.companies[from], w.companies[into], "one and the same")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return m
	}
	merged := join(5, 0)
	want("one of the first partner's is a shared one", 21, 20, 10, 5)
	taken := join(10, 6) // a company of the third is taken over by one of the first
	want("and another was taken over", 21, 20, 9, 6)
	for _, m := range []id.Merge{merged, taken} {
		if err := w.db.WriteAgency(t.Context(), func(tx *db.Tx) error { return company.Part(t.Context(), tx, officer, m, "no, two") }); err != nil {
			t.Fatal(err)
		}
	}
	want("unmerged", 21, 21, 11, 5)
}

func golden02Percentages(t *testing.T, d *db.DB) {
	w := newWorld(t, d, 2, 12)
	kpi := w.define(t, scoreDefinition())
	for p := range 2 {
		w.promise(t, p, kpi, 10, "50")
	}
	for i := range 12 { // 1 of 2, 9 of 10
		p, score := 1, "9"
		if i < 2 {
			p = 0
		}
		if i == 0 || i == 2 {
			score = "5"
		}
		e := w.happened(evidence.Evaluation, "2018-05-01", i, w.of(p))
		e.Quantity = score
		w.record(t, e)
	}
	b := board(t, d, w, "", Live)
	wantCell(t, b, 0, 0, Valued, "50")
	wantCell(t, b, 1, 0, Valued, "90")
	if f := b.Totals[0].Figure; f.Num.Cmp(rat("10")) != 0 || f.Den.Cmp(rat("12")) != 0 || b.Totals[0].Value.Cmp(big.NewRat(250, 3)) != 0 {
		t.Errorf("together %v / %v", f.Num, f.Den)
	}
}

func golden03Falling(t *testing.T, d *db.DB) {
	w := newWorld(t, d, 1, 3)
	kpi := w.define(t, Definition{Code: "days", Unit: "days", Kinds: []evidence.Kind{evidence.Referral}, Aggregate: Mean, Measure: Quantity,
		Joint: Full, Direction: Down})
	a := id.New[id.Assignment]()
	w.write(t, table{"assignment", "programme_id id agreement_id objective_id kpi_id rule baseline weight floor_bp",
		[][]any{{w.programme, a, w.agreements[0], w.objectives[0], kpi, Progress, "40", 1, 5000}}},
		table{"target", "programme_id assignment_id year set_on value reason", [][]any{{w.programme, a, 2018, "2017-01-01", "20", ""}}})
	e := w.happened(evidence.Referral, "2018-05-01", 0, w.of(0))
	e.Quantity = "25"
	w.record(t, e)
	c := board(t, d, w, "", Live).Partners[0].Cells[0] // (25 - 40) / (20 - 40) = 75 %; half of what lies above the floor of 50 %
	if c.AttainmentBp != 7500 || c.PayoutBp != 5000 {
		t.Errorf("attained %d, paid %d", c.AttainmentBp, c.PayoutBp)
	}
}

func golden04Zero(t *testing.T, d *db.DB) {
	w := newWorld(t, d, 4, 2)
	kpi, other := w.define(t, reachDefinition()), w.define(t, scoreDefinition())
	for p := range 3 {
		w.promise(t, p, kpi, 10, "5")
		w.promise(t, p, other, 10, "75")
	}
	w.write(t, table{"waiver", "programme_id assignment_id year decision_id", [][]any{{w.programme, w.promise(t, 3, kpi, 10, "5"), 2018, w.decision}}})
	w.record(t, w.happened(evidence.Held, "2018-02-01", 0, w.of(0)), w.happened(evidence.Participation, "2018-02-01", 0, w.of(1)))
	b := board(t, d, w, "", Live)
	wantCell(t, b, 0, 0, Valued, "0")      // reported other things: a true zero
	wantCell(t, b, 0, 1, SmallSample, "")  // nobody was asked
	wantCell(t, b, 1, 0, Valued, "1")      //
	wantCell(t, b, 2, 0, NotReported, "0") // not a single row
	wantCell(t, b, 3, 0, Waived, "0")      // a decision took it out
	early := board(t, d, w, "2017-12-31", Live)
	wantCell(t, early, 0, 0, NotDue, "0") // the year had not begun
}

func golden05ReporterLeaves(t *testing.T, d *db.DB) {
	w := newWorld(t, d, 1, 4)
	w.promise(t, 0, w.define(t, reachDefinition()), 10, "4")
	leaver, follower := id.New[id.Person](), id.New[id.Person]()
	w.write(t, table{"person", "id email name password_hash language disabled", [][]any{{leaver, "l@x.example", "L", "", "en", 0},
		{follower, "f@x.example", "F", "", "en", 0}}})
	for c := range 2 {
		e := w.happened(evidence.Participation, "2018-02-01", c, w.of(0))
		e.ReportedBy = leaver
		w.record(t, e)
	}
	wantCell(t, board(t, d, w, "", Live), 0, 0, Valued, "2")
	if err := d.WriteAgency(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), db.SQL("kpi.golden.leaves", `update person set disabled = 1 where id = $1`), leaver)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	again := w.happened(evidence.Contact, "2018-06-01", 1, w.of(0)) // the successor reports one known company and a new one
	fresh := w.happened(evidence.Contact, "2018-06-01", 2, w.of(0))
	again.ReportedBy, fresh.ReportedBy = follower, follower
	w.record(t, again, fresh)
	wantCell(t, board(t, d, w, "", Live), 0, 0, Valued, "3")
}

func golden06LateCorrection(t *testing.T, d *db.DB) {
	w := newWorld(t, d, 1, 4)
	w.promise(t, 0, w.define(t, reachDefinition()), 10, "4")
	var rows []evidence.New
	for c := range 4 {
		rows = append(rows, w.happened(evidence.Participation, "2018-02-01", c, w.of(0)))
	}
	w.record(t, rows...)
	paid := board(t, d, w, "2019-03-01", Paying)
	officer := w.officer(t)
	if err := w.on("2019-09-01").Write(t.Context(), w.programme, func(tx *db.Tx) error {
		return evidence.Reject(t.Context(), tx, officer, w.programme, rows[0].ID, "was not there")
	}); err != nil {
		t.Fatal(err)
	}
	wantCell(t, board(t, w.on("2019-10-01"), w, "", Paying), 0, 0, Valued, "3")
	then := board(t, w.on("2019-10-01"), w, "2019-03-01", Paying) // what was paid can be shown again, to the row
	wantCell(t, then, 0, 0, Valued, "4")
	if a, b := paid.Partners[0].Cells[0].EvidenceHash(), then.Partners[0].Cells[0].EvidenceHash(); a != b {
		t.Errorf("the rows of that day: %s, then %s", a, b)
	}
	terms := funding.Terms{Ceiling: 100_000_00, PerformanceBp: 2000} // the money moves by the struck cost alone, at the frozen score
	year := funding.Year{Terms: terms, Cost: funding.RatedCost{5000: 100_000_00}}
	s, err := year.Adjust(5000, 10_000_00, 7500)
	if err != nil || s.Due != -4_750_00 { // half of 10,000: 4,000 for cost and 75 % of 1,000
		t.Errorf("due %v, %v", s.Due, err)
	}
}

func golden07Amended(t *testing.T, d *db.DB) {
	w := newWorld(t, d, 1, 6)
	a := w.promise(t, 0, w.define(t, reachDefinition()), 10, "10")
	w.write(t, table{"target", "programme_id assignment_id year set_on value reason", [][]any{{w.programme, a, 2018, "2018-07-01", "5", "smaller mandate"},
		{w.programme, a, 2018, "2019-01-15", "4", "after the year"}}})
	for c := range 4 {
		w.record(t, w.happened(evidence.Participation, "2018-02-01", c, w.of(0)))
	}
	for on, want := range map[period.Date]struct {
		target string
		bp     int64
	}{"2018-06-30": {"10", 4000}, "2018-07-01": {"5", 8000}, "2019-06-30": {"5", 8000}} {
		c := board(t, d, w, on, Live).Partners[0].Cells[0]
		if c.Target.Cmp(rat(want.target)) != 0 || c.AttainmentBp != want.bp || c.TargetSigned.Cmp(rat("10")) != 0 {
			t.Errorf("%s: target %v, signed %v, %d", on, c.Target, c.TargetSigned, c.AttainmentBp)
		}
	}
}

func golden08Thirds(t *testing.T, d *db.DB) {
	w := newWorld(t, d, 3, 1)
	w.define(t, Definition{Code: "export", Unit: "euro", Kinds: []evidence.Kind{evidence.Win}, Aggregate: Sum, Measure: Amount, Joint: Share, Direction: Up})
	won := money.Amount(1_000_00)
	e := w.happened(evidence.Win, "2018-02-01", 0, w.of(0), w.of(1), w.of(2))
	e.Amount = &won
	w.record(t, e)
	sum := new(big.Rat)
	for p := range 3 {
		sum.Add(sum, value(t, w, w.partners[p]))
	}
	if sum.Cmp(rat("1000")) != 0 || value(t, w, "").Cmp(rat("1000")) != 0 {
		t.Errorf("the shares of a KPI add up to %v", sum)
	}
	if cents := money.Allocate(1_000_00, []int64{1, 1, 1}); !slices.Equal(cents, []money.Amount{333_34, 333_33, 333_33}) {
		t.Errorf("thirds of an invoice: %v", cents)
	}
}

// value is the figure of 2018 of the only KPI, exactly.
func value(t *testing.T, w *world, o id.Organisation) *big.Rat {
	t.Helper()
	var v *big.Rat
	if err := w.db.Read(t.Context(), func(tx *db.Tx) error {
		ds, err := Definitions(t.Context(), tx, w.programme)
		if err != nil {
			return err
		}
		rows, err := evidence.OfYear(t.Context(), tx, w.programme, 2018, "")
		v = ds[0].Value(ds[0].Compute(rows, o, 2018, Live, nil))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return v
}

func golden09Money(t *testing.T, d *db.DB) {
	w := newWorld(t, d, 1, 9)
	w.promise(t, 0, w.define(t, reachDefinition()), 10, "10")
	for c := range 9 {
		w.record(t, w.happened(evidence.Participation, "2018-02-01", c, w.of(0)))
	}
	c := *board(t, d, w, "", Paying).Partners[0].Cells[0]
	if c.AttainmentBp != 9000 {
		t.Fatalf("attained %d", c.AttainmentBp)
	}
	c.PayoutBp = Payout(c.Attainment, 0)                          // no floor
	terms := funding.Terms{Ceiling: 50_00, PerformanceBp: 10_000} // of a budget of 100.00 half at most; all of it hangs on the score
	half, err := terms.Half(funding.RatedCost{5000: 80_00})       // 80.00 accepted
	final, err2 := terms.Final(funding.RatedCost{5000: 80_00}, money.Bp(Score([]Cell{c})))
	if err != nil || err2 != nil || half != 40_00 || final != 36_00 {
		t.Errorf("half %v, final %v, %v %v", half, final, err, err2)
	}
}

func golden10Suppressed(t *testing.T, d *db.DB) {
	w := newWorld(t, d, 3, 60)
	for p, n := range []int{4, 20, 30} { // per partner and market; one cell holds four companies
		for c := range n {
			e := w.happened(evidence.Participation, "2018-03-01", c, w.of(p))
			e.Market = []string{"CN", "IN"}[c%2]
			if p == 0 {
				e.Market = "CN"
			}
			w.record(t, e)
		}
	}
	table := release.Table{Adds: true, Cells: make([][]release.Cell, 4)}
	cache := cube.NewCache()
	if err := d.Read(t.Context(), func(tx *db.Tx) error {
		return cache.With(t.Context(), tx, w.programme, func(c *cube.Cube) error {
			for i := range 4 {
				for j := range 3 {
					var s cube.Slice
					if i < 3 {
						s.Partners = []id.Organisation{w.partners[i]}
					}
					if j < 2 {
						s.Markets = [][]string{{"CN"}, {"IN"}}[j]
					}
					table.Cells[i] = append(table.Cells[i], release.Cell{Value: int64(c.Count(s).Contacts)})
				}
			}
			return nil
		})
	}); err != nil {
		t.Fatal(err)
	}
	m := release.Hide(table)
	if table.Cells[0][0].Value != 4 || !m[0][0] || m[0][1] {
		t.Fatalf("cells %+v, hidden %v", table.Cells, m)
	}
	if low, high := table.Range(m, 0, 0); high-low < 3 {
		t.Errorf("from what is shown it follows that it is between %d and %d", low, high)
	}
}

func golden11PartYear(t *testing.T, d *db.DB) {
	w := newWorld(t, d, 1, 4)
	late := id.New[id.Organisation]()
	w.partners, w.agreements, w.objectives = append(w.partners, late), append(w.agreements, id.New[id.Agreement]()), append(w.objectives, id.New[id.Objective]())
	goal := id.New[id.Goal]()
	w.write(t,
		table{"organisation", "id code name short_name kind calendar_group position sort_key vat_recoverable_bp",
			[][]any{{late, "late", "Late", "Late", "partner", "", 9, "l", 0}}},
		table{"goal", "programme_id id code position name_nl name_en name_fr", [][]any{{w.programme, goal, "g2", 2, "", "", ""}}},
		table{"agreement", "programme_id id organisation_id state version starts_on ends_on signed_on",
			[][]any{{w.programme, w.agreements[1], late, "active", 1, "2018-02-15", "2019-12-31", "2018-02-01"}}},
		table{"objective", "programme_id id agreement_id goal_id code position words_nl words_en words_fr",
			[][]any{{w.programme, w.objectives[1], w.agreements[1], goal, "o", 1, "", "", ""}}})
	a := w.promise(t, 1, w.define(t, reachDefinition()), 10, "4")
	for c := range 3 {
		w.record(t, w.happened(evidence.Participation, "2018-03-01", c, w.of(1)))
	}
	c := board(t, d, w, "", Live).Partners[1].Cells[0] // ten and a half months are judged by the target as written, never silently by a part of it
	if c.Target.Cmp(rat("4")) != 0 || c.AttainmentBp != 7500 || c.Assignment.ID != a {
		t.Errorf("target %v, attained %d", c.Target, c.AttainmentBp)
	}
}

func golden13MultiSelect(t *testing.T, d *db.DB) {
	w := newWorld(t, d, 2, 3)
	for c := range 3 {
		w.record(t, w.happened(evidence.Participation, "2018-03-01", c, w.of(0), w.of(1)))
	}
	r := w.reach(t, "")
	if r.Contacts != 3 || r.Members[0].Contacts+r.Members[1].Contacts != 6 || r.Unique != 3 || r.SumOfUnique != 6 {
		t.Errorf("%+v", r)
	}
}

func golden14Incremental(t *testing.T, d *db.DB) {
	w := newWorld(t, d, 3, 8)
	kpi := w.define(t, reachDefinition())
	for p := range 3 {
		w.promise(t, p, kpi, 10, "5")
	}
	kept := evidence.NewMirror(1000)
	for n := range 24 {
		w.record(t, w.happened(evidence.Participation, "2018-03-01", n%8, w.of(n%3)))
		var live, scratch *Board
		if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
			if live, err = LoadBoard(t.Context(), tx, kept, w.programme, 2018, "", Live); err != nil {
				return err
			}
			scratch, err = LoadBoard(t.Context(), tx, nil, w.programme, 2018, "", Live)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for p := range 3 {
			a, b := live.Partners[p].Cells[0], scratch.Partners[p].Cells[0]
			if a.Status != b.Status || a.EvidenceHash() != b.EvidenceHash() || a.Value.Cmp(b.Value) != 0 {
				t.Fatalf("after %d rows partner %d has %v, from scratch %v", n+1, p, a.Value, b.Value)
			}
		}
	}
}
