package kpi

import (
	"testing"

	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

func promised() *Assignment {
	return &Assignment{ID: "as", Agreement: "ag", Partner: "a", KPI: "k", Rule: Level, Baseline: rat("0"), Weight: 30, FloorBp: 5000,
		Targets: []Target{
			{Year: 2019, SetOn: "2017-10-03", Value: rat("4")},
			{Year: 2019, SetOn: "2019-07-01", Value: rat("2"), Reason: "fewer missions"},
			{Year: 2019, SetOn: "2020-02-01", Value: rat("1"), Reason: "too late for its year"},
			{Year: 2020, SetOn: "2019-07-01", Value: rat("9"), Reason: "added"},
		},
		Waivers: []Waiver{{Year: 2021, Dated: "2021-06-30"}}}
}

func TestTargetsAreAHistory(t *testing.T) {
	a := promised()
	for _, c := range []struct {
		year period.Year
		on   period.Date
		want string
	}{
		{2019, "2017-10-02", ""}, {2019, "2017-10-03", "4"}, {2019, "2019-06-30", "4"}, {2019, "2019-07-01", "2"}, {2019, "2019-12-31", "2"},
		{2019, "2020-02-01", "1"}, {2020, "2019-06-30", ""}, {2020, "2020-01-01", "9"}, {2018, "2020-01-01", ""},
	} {
		got, ok := a.TargetOn(c.year, c.on)
		if ok != (c.want != "") || ok && got.Value.Cmp(rat(c.want)) != 0 {
			t.Errorf("%s on %s: %v %v, want %q", c.year, c.on, got.Value, ok, c.want)
		}
	}
	if s, ok := a.SignedTarget(2019); !ok || s.Value.Cmp(rat("4")) != 0 || s.Amended() {
		t.Errorf("as signed: %+v", s)
	}
	if _, ok := a.SignedTarget(2020); ok {
		t.Error("a target added later was not signed")
	}
	if h := a.History(2019); len(h) != 3 || !h[1].Amended() {
		t.Errorf("history: %+v", h)
	}
}

func TestSixCellsAreSix(t *testing.T) {
	count := &Definition{ID: "k", Kinds: []evidence.Kind{evidence.Contact}, Aggregate: Count, Joint: Full, Direction: Up}
	picky := *count
	picky.MinSample = 3
	mean := &Definition{ID: "k", Kinds: []evidence.Kind{evidence.Evaluation}, Aggregate: Mean, Measure: Quantity, Joint: Full, Direction: Up}
	two := []evidence.Row{row(1, evidence.Contact, "x"), row(2, evidence.Contact, "y")}
	for _, c := range []struct {
		name     string
		d        *Definition
		rows     []evidence.Row
		reported bool
		year     period.Year
		asOf     period.Date
		want     Status
		course   Course
		payout   int64
	}{
		{"value", count, two, true, 2019, "2019-12-31", Valued, OnCourse, 10000},
		{"value, of the first target", count, two, true, 2019, "2019-06-30", Valued, OnCourse, 0},
		{"zero is a value", count, nil, true, 2019, "2019-12-31", Valued, AtRisk, 0},
		{"zero in January", count, nil, true, 2019, "2019-01-10", Valued, OnCourse, 0},
		{"not reported", count, nil, false, 2019, "2019-12-31", NotReported, Unreported, 0},
		{"not due: no target", count, nil, false, 2018, "2018-12-31", NotDue, NoCourse, 0},
		{"not due: not begun", count, nil, false, 2019, "2018-12-31", NotDue, NoCourse, 0},
		{"waived outranks all", count, nil, false, 2021, "2021-07-01", Waived, NoCourse, 0},
		{"not yet waived", count, nil, false, 2021, "2021-06-29", NotDue, NoCourse, 0},
		{"sample too small", &picky, two, true, 2019, "2019-12-31", SmallSample, NoCourse, 0},
		{"a mean of nothing", mean, two, true, 2019, "2019-12-31", SmallSample, NoCourse, 0},
	} {
		got := judge(c.d, promised(), c.d.Compute(c.rows, "a", 2019, Live, nil), c.reported, at(c.year, c.asOf))
		if got.Status != c.want || got.Course != c.course || got.PayoutBp != c.payout {
			t.Errorf("%s: %s %q pays %d, want %s %q %d", c.name, got.Status, got.Course, got.PayoutBp, c.want, c.course, c.payout)
		}
		if (got.Attainment != nil) != (got.Status == Valued) {
			t.Errorf("%s: attainment %v", c.name, got.Attainment)
		}
	}
	c := judge(count, promised(), count.Compute(two, "a", 2019, Live, nil), true, at(2019, "2020-12-31"))
	if c.Target.Cmp(rat("2")) != 0 || c.TargetSigned.Cmp(rat("4")) != 0 {
		t.Errorf("a target set after the year counts in it: %s, signed %s", c.Target, c.TargetSigned)
	}
}

func TestShort(t *testing.T) {
	c := Cell{KPI: &Definition{MinSample: 10}, Status: SmallSample}
	if got := c.Short(text.EN); got != "n < 10" {
		t.Errorf("%q", got)
	}
	c.Status = Valued
	if got := c.Short(text.EN); got != "" {
		t.Errorf("a value shows its number, not %q", got)
	}
}

func TestShowRoundsOnce(t *testing.T) {
	for _, c := range []struct {
		value    string
		decimals int
		want     string
	}{{"2450", 0, "2,450"}, {"-627", 0, "−627"}, {"20/3", 2, "6.67"}, {"1/2", 0, "1"}, {"-1/2", 0, "−1"}, {"7.249", 1, "7.2"}} {
		if got := Show(rat(c.value), c.decimals, text.EN); got != c.want {
			t.Errorf("%s: %q, want %q", c.value, got, c.want)
		}
	}
	if Show(nil, 0, text.NL) != "" || Decimal(nil) != "" || Decimal(rat("7.25")) != "7.25" || Decimal(rat("1/3")) != "0.333333" {
		t.Error("decimals")
	}
}

func TestEveryWordIsThere(t *testing.T) {
	var keys []text.Key
	for _, s := range Statuses() {
		keys = append(keys, s.Key())
		if s != Valued {
			keys = append(keys, s.ShortKey())
		}
	}
	for _, c := range Courses() {
		keys = append(keys, c.Key())
	}
	for _, a := range Aggregates() {
		keys = append(keys, a.Key())
	}
	for _, r := range Rules() {
		keys = append(keys, r.Key())
	}
	for _, u := range Units() {
		keys = append(keys, (&Definition{Unit: u}).UnitKey())
	}
	keys = append(keys, Full.Key(), Share.Key(), Up.Key(), Down.Key())
	for _, k := range evidence.Kinds() {
		keys = append(keys, k.Key())
	}
	for _, s := range evidence.States() {
		keys = append(keys, s.Key())
	}
	for _, l := range text.Languages() {
		for _, k := range keys {
			if !l.Has(k) {
				t.Errorf("%s lacks %s", l, k)
			}
		}
	}
}

func TestChecksOfWhatIsPromised(t *testing.T) {
	up := &Definition{Direction: Up}
	if err := promised().Check(up); err != nil {
		t.Errorf("a good one: %v", err)
	}
	if err := promised().Check(&Definition{Direction: Down}); !fault.Is(err, fault.KindInvalid) || fault.Of(err).Key != "kpi.level_down" {
		t.Errorf("a level of a falling KPI: %v", err)
	}
	a := promised()
	a.Targets = append(a.Targets, Target{Year: 2021, Value: rat("0")})
	if err := a.Check(up); fault.Of(err).Key != "kpi.level_target" {
		t.Errorf("a level of nothing: %v", err)
	}
	a.Rule = Progress
	if err := a.Check(up); err != nil {
		t.Errorf("progress to nothing: %v", err)
	}
	a.FloorBp, a.Weight = 10000, -1
	if err := a.Check(up); len(fault.Of(err).All()) != 2 {
		t.Errorf("floor and weight: %v", err)
	}
	for name, d := range map[text.Key]*Definition{
		"kpi.measure_missing":   {Aggregate: Sum},
		"kpi.threshold_missing": {Aggregate: Ratio},
		"kpi.measure_idle":      {Aggregate: Count, Measure: Amount},
		"kpi.share_adds":        {Aggregate: Distinct, Joint: Share},
	} {
		d.Kinds, d.Unit = []evidence.Kind{evidence.Contact}, "companies"
		if err := d.Check(); err == nil || fault.Of(err).Key != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	bad := &Definition{Aggregate: Count, Kinds: []evidence.Kind{"rumour"}, Unit: "furlongs"}
	if err := bad.Check(); err == nil || len(fault.Of(err).All()) != 2 {
		t.Errorf("kind and unit: %v", err)
	}
}

func TestBoardJudgesAndOrders(t *testing.T) {
	b := &Board{Year: 2019, AsOf: "2019-12-31", Basis: Live, ElapsedBp: Whole,
		KPIs: []*Definition{{ID: "k", Kinds: []evidence.Kind{evidence.Contact}, Aggregate: Distinct, Joint: Full, Direction: Up}},
		Partners: []PartnerRow{{Organisation: "a", Agreement: "ag"}, {Organisation: "b", Agreement: "bg"}, {Organisation: "c", Agreement: "cg"},
			{Organisation: "d", Agreement: "dg"}}}
	promises := map[id.Agreement]promise{}
	for _, p := range b.Partners[:3] {
		a := promised()
		a.Partner, a.Agreement, a.Weight = p.Organisation, p.Agreement, 1
		promises[p.Agreement] = promise{"k": a}
	}
	b.fill([]evidence.Row{row(1, evidence.Contact, "x", credit(1, 1)), row(2, evidence.Contact, "y"), row(3, evidence.Media, "", credit(0, 1))}, promises)
	if a, _ := b.Partner("a"); a.Course != OnCourse || *a.AllBp != 10000 || a.ScoreBp != 10000 {
		t.Errorf("a reached 2 of 2: %+v", a)
	}
	if p, _ := b.Partner("b"); p.Course != AtRisk || *p.AllBp != 5000 || p.ScoreBp != 0 {
		t.Errorf("b reached 1 of 2: %+v", p)
	}
	if c, _ := b.Partner("c"); c.Course != Unreported || c.AllBp != nil || c.ScoreBp != 0 || c.Cells[0].Status != NotReported {
		t.Errorf("c reported nothing: %+v", c)
	}
	if d, _ := b.Partner("d"); d.Course != NoCourse || d.Cells[0] != nil || d.ScoreBp != Whole {
		t.Errorf("d promised nothing: %+v", d)
	}
	if tot := b.Totals[0]; tot.Status != Valued || tot.Value.Cmp(rat("2")) != 0 || tot.Target.Cmp(rat("6")) != 0 || tot.AttainmentBp != 3333 {
		t.Errorf("together 2 different companies of 6 promised: %+v", tot)
	}
	if *b.AllBp != 5000 { // (10000 + 5000 + 0) / 3
		t.Errorf("all: %d", *b.AllBp)
	}
	order := ""
	for _, p := range b.FurthestBehind() {
		order += string(p.Organisation)
	}
	if order != "bcad" {
		t.Errorf("order %s", order)
	}
	if b.Count(AtRisk) != 1 || b.Count(Unreported) != 1 || b.Count(OnCourse) != 1 {
		t.Error("counts")
	}
	if own := b.Within("b"); len(own.Partners) != 1 || own.Partners[0].Organisation != "b" || len(b.Partners) != 4 {
		t.Errorf("within b: %+v", own.Partners)
	}
	if none := b.Within(""); len(none.Partners) != 0 {
		t.Error("an empty scope sees a partner")
	}
}
