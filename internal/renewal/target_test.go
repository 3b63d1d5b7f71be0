package renewal

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/period"
)

func attained(values ...string) []agreement.Attained {
	var all []agreement.Attained
	for i, v := range values {
		a := agreement.Attained{Year: period.Year(2022 + i)}
		if v != "" {
			a.Value, _ = new(big.Rat).SetString(v)
		}
		all = append(all, a)
	}
	return all
}

var nextYears = []period.Year{2027, 2028, 2029}

func TestPropose(t *testing.T) {
	for _, c := range []struct {
		name                         string
		direction                    kpi.Direction
		decimals                     int
		past                         []agreement.Attained
		last                         string
		basis                        Basis
		baseline                     string
		first, second, third, growth string
	}{
		// slopes of 100, 104, 108, 112: all 4; median 106; 5 % of it is 5.3, so 4 stands: 110, 114, 118, to two digits
		{"steady growth", kpi.Up, 0, attained("100", "104", "108", "112"), "", FromYears, "110", "110", "110", "120", "4"},
		// the odd 500 moves neither median nor trend much: slopes 2 2 2 and three with 500
		{"one odd year", kpi.Up, 0, attained("40", "42", "500", "46", "48"), "", FromYears, "46", "48", "50", "52", "2"},
		{"too steep", kpi.Up, 0, attained("10", "20", "30"), "", FromYears, "20", "21", "22", "23", "1"},
		{"falling is not promised", kpi.Up, 0, attained("30", "20", "10"), "", FromYears, "20", "20", "20", "20", "0"},
		{"fewer days are better", kpi.Down, 1, attained("9", "8.8", "8.6"), "", FromYears, "8.8", "8.6", "8.4", "8.2", "-0.2"},
		{"two years have no trend", kpi.Up, 0, attained("", "10", "", "14"), "", FromYears, "12", "12", "12", "12", "0"},
		{"large figures", kpi.Up, 0, attained("123456", "123456", "123456"), "", FromYears, "120000", "120000", "120000", "120000", "0"},
		{"nothing at all", kpi.Up, 0, attained("0", "0", "0"), "", FromYears, "0", "1", "1", "1", "0"},
		{"never reported", kpi.Up, 0, attained("", ""), "75", FromTarget, "5", "75", "75", "75", "0"},
		{"new KPI", kpi.Up, 0, nil, "", FromNone, "5", "", "", "", "0"},
	} {
		d := &kpi.Definition{Direction: c.direction, Decimals: c.decimals}
		var last *big.Rat
		if c.last != "" {
			last, _ = new(big.Rat).SetString(c.last)
		}
		p := Propose(d, kpi.Level, c.past, last, big.NewRat(5, 1), nextYears)
		got := []string{kpi.Decimal(p.Baseline), kpi.Decimal(p.Targets[2027]), kpi.Decimal(p.Targets[2028]), kpi.Decimal(p.Targets[2029]), kpi.Decimal(p.Trend)}
		for i, want := range []string{c.baseline, c.first, c.second, c.third, c.growth} {
			if got[i] != want {
				t.Errorf("%s: %d is %q, want %q", c.name, i, got[i], want)
			}
		}
		if p.Basis != c.basis {
			t.Errorf("%s: rests on %s", c.name, p.Basis)
		}
	}
}

// Whatever was attained: targets never turn against the KPI's direction, never grow by more than the rule, and lie near what was attained.
func TestProposalsStayNearTheEvidence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := &kpi.Definition{Direction: rapid.SampledFrom([]kpi.Direction{kpi.Up, kpi.Down}).Draw(t, "direction")}
		var past []agreement.Attained
		most := int64(0)
		for i, v := range rapid.SliceOfN(rapid.Int64Range(1, 5000), 1, 5).Draw(t, "values") {
			past = append(past, agreement.Attained{Year: period.Year(2022 + i), Value: big.NewRat(v, 1)})
			most = max(most, v)
		}
		p := Propose(d, kpi.Level, past, nil, nil, nextYears)
		before := p.Baseline
		for _, y := range nextYears {
			v := p.Targets[y]
			if step := v.Cmp(before); (d.Direction == kpi.Up && step < 0) || (d.Direction == kpi.Down && step > 0) {
				t.Fatalf("%s turns back in %d: %s after %s", d.Direction, y, v, before)
			}
			if v.Sign() <= 0 || v.Cmp(big.NewRat(most*13, 10)) > 0 { // three years of 5 %, and two digits
				t.Fatalf("%s in %d, and the best year was %d", v, y, most)
			}
			before = v
		}
	})
}
