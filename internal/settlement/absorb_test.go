package settlement

import (
	"testing"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/period"
)

func promise(kpi string, weight int64, targets ...agreement.Number) agreement.Promise {
	p := agreement.Promise{KPI: kpi, Objective: "more", Weight: weight}
	for i, v := range targets {
		p.Targets = append(p.Targets, agreement.YearNumber{Year: 2027 + period.Year(i), Value: v})
	}
	return p
}

// TestCombine works out by hand what an agreement takes over from 2028 on: 30,000 of its own beside 10,000, so three to one.
func TestCombine(t *testing.T) {
	into := agreement.Document{Starts: "2027-01-01", Ends: "2028-12-31",
		Ceilings:   []agreement.YearAmount{{Year: 2027, Amount: 20_000_00}, {Year: 2028, Amount: 30_000_00}},
		Objectives: []agreement.Aim{{Code: "more", Goal: "abroad", Words: agreement.Wording{EN: "More"}}},
		KPIs:       []agreement.Promise{promise("missions", 60, "5", "6"), promise("reach", 40, "100", "110")},
		Lines:      []agreement.Line{{Code: "mission", Title: "Mission", PerYear: 2}}}
	from := agreement.Document{Starts: "2027-01-01", Ends: "2028-12-31",
		Ceilings:   []agreement.YearAmount{{Year: 2027, Amount: 7_000_00}, {Year: 2028, Amount: 10_000_00}},
		Objectives: []agreement.Aim{{Code: "more", Goal: "abroad", Words: agreement.Wording{EN: "More, and better"}}},
		KPIs:       []agreement.Promise{promise("missions", 1, "2", "2.5"), promise("reach", 1, "40", "50"), promise("wins", 2, "3", "4")},
		Lines:      []agreement.Line{{Code: "mission", Title: "Fair", PerYear: 1}}}
	d := Combine(&into, &from, []period.Year{2028}, func(kpi string) bool { return kpi != "reach" })
	if d.Ceilings[0].Amount != 20_000_00 || d.Ceilings[1].Amount != 40_000_00 {
		t.Errorf("ceilings %v", d.Ceilings)
	}
	for _, c := range []struct {
		kpi        string
		of27, of28 agreement.Number
		weight     int64
		objective  string
	}{
		{"missions", "5", "8.5", 51, "more"}, // 60 x 3/4 + 25 x 1/4 = 51.25
		{"reach", "100", "110", 36, "more"},  // unique companies do not add; 40 x 3/4 + 25 x 1/4 = 36.25
		{"wins", "", "4", 13, "more-2"},      // 50 x 1/4 = 12.5, the largest remainder
	} {
		k, has := d.KPI(c.kpi)
		if !has || k.Target(2027) != c.of27 || k.Target(2028) != c.of28 || k.Weight != c.weight || k.Objective != c.objective {
			t.Errorf("%s: %+v, want %+v", c.kpi, k, c)
		}
	}
	if len(d.Lines) != 2 || d.Lines[1].Code != "mission-2" || len(d.Objectives) != 2 || d.Weights() != 100 {
		t.Errorf("%+v %+v", d.Lines, d.Objectives)
	}
	if k, _ := into.KPI("missions"); k.Target(2028) != "6" || into.Ceilings[1].Amount != 30_000_00 {
		t.Error("the document in force was changed")
	}
	same := Combine(&into, &into, []period.Year{2028}, func(string) bool { return true })
	if len(same.KPIs) != 2 || len(same.Objectives) != 1 || same.KPIs[0].Weight != 60 {
		t.Errorf("what both have stays once, with its weight: %+v", same.KPIs)
	}
}
