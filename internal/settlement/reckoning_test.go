package settlement

import (
	"testing"

	"pgregory.net/rapid"

	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/money"
)

// reckoned is a row of the table: what is known of a year, and what follows. Amounts that are not named are not looked at.
type reckoned struct {
	name            string
	cost            string
	rate            money.Bp
	ceiling         string
	original        string // "" is the ceiling
	performance     money.Bp
	score           money.Bp
	paid            string
	carry           money.Bp
	half, part      string
	earned, final   string
	own, balance    string
	lost, limit     string
	unspent         string
	capped          bool
	advance, netted string
	executed, open  string
}

func reckonings() []reckoned {
	return []reckoned{
		// the golden case: E 218,000.03: H = floor(109,000.015); C = floor(87,200.008); pool 21,800.01; performance = floor(15,914.0073)
		{name: "golden", cost: "218000.03", rate: 5000, ceiling: "120000.00", performance: 2000, score: 7300, paid: "94000.01", carry: 1000,
			half: "109000.01", part: "87200.00", earned: "15914.00", final: "103114.00", own: "114886.03", lost: "5886.01", balance: "9113.99",
			unspent: "16886.00", limit: "10999.99", executed: "36000.00", advance: "36000.00", netted: "36000.00"},
		{name: "nothing happened", cost: "0.00", rate: 5000, ceiling: "120000.00", performance: 2000, score: 10000, paid: "0.00", carry: 1000,
			half: "0.00", part: "0.00", earned: "0.00", final: "0.00", own: "0.00", balance: "0.00", lost: "0.00", unspent: "120000.00", limit: "12000.00"},
		{name: "the ceiling binds", cost: "300000.00", rate: 5000, ceiling: "120000.00", performance: 2000, score: 10000, paid: "0.00", carry: 1000,
			half: "120000.00", part: "96000.00", earned: "24000.00", final: "120000.00", own: "180000.00", balance: "120000.00", lost: "0.00",
			unspent: "0.00", limit: "0.00", capped: true},
		{name: "exactly the ceiling", cost: "240000.00", rate: 5000, ceiling: "120000.00", performance: 0, score: 0, paid: "120000.00", carry: 1000,
			half: "120000.00", part: "120000.00", earned: "0.00", final: "120000.00", own: "120000.00", balance: "0.00", unspent: "0.00"},
		{name: "nothing hangs on KPIs", cost: "100.01", rate: 5000, ceiling: "120000.00", performance: 0, score: 0, paid: "0.00",
			half: "50.00", part: "50.00", earned: "0.00", final: "50.00", own: "50.01", lost: "0.00"},
		{name: "nothing was earned", cost: "1000.00", rate: 5000, ceiling: "120000.00", performance: 2000, score: 0, paid: "400.00",
			half: "500.00", part: "400.00", earned: "0.00", final: "400.00", own: "600.00", lost: "100.00", balance: "0.00"},
		{name: "everything hangs on KPIs", cost: "1000.01", rate: 5000, ceiling: "120000.00", performance: 10000, score: 3333, paid: "0.00",
			half: "500.00", part: "0.00", earned: "166.65", final: "166.65", own: "833.36", lost: "333.35"},
		{name: "the partner owes", cost: "1000.00", rate: 5000, ceiling: "120000.00", performance: 2000, score: 5000, paid: "36000.00",
			half: "500.00", part: "400.00", earned: "50.00", final: "450.00", own: "550.00", balance: "-35550.00", executed: "36000.00",
			open: "35600.00", advance: "36000.00", netted: "400.00"},
		{name: "another rate", cost: "1000.01", rate: 3333, ceiling: "120000.00", performance: 2000, score: 10000, paid: "0.00",
			half: "333.30", part: "266.64", earned: "66.66", final: "333.30", own: "666.71"},
		{name: "carried in, and the limit is of the original ceiling", cost: "100000.00", rate: 5000, ceiling: "130000.00", original: "120000.00",
			performance: 2000, score: 5000, paid: "0.00", carry: 1000, half: "50000.00", part: "40000.00", earned: "5000.00", final: "45000.00",
			lost: "5000.00", unspent: "85000.00", limit: "12000.00"},
		{name: "what was not earned is never carried", cost: "230000.00", rate: 5000, ceiling: "120000.00", performance: 2000, score: 5000, paid: "0.00",
			carry: 1000, half: "115000.00", part: "92000.00", earned: "11500.00", final: "103500.00", lost: "11500.00", unspent: "16500.00",
			limit: "5000.00"},
	}
}

func TestReckon(t *testing.T) {
	for _, c := range reckonings() {
		y := funding.Year{Terms: funding.Terms{Ceiling: amount(t, c.ceiling), PerformanceBp: c.performance},
			Cost: funding.RatedCost{c.rate: amount(t, c.cost)}, Paid: amount(t, c.paid)}
		original := y.Ceiling
		for text, into := range map[string]*money.Amount{c.original: &original, c.executed: &y.Executed, c.open: &y.Open} {
			if text != "" {
				*into = amount(t, text)
			}
		}
		r, err := Reckon(y, c.score, original, c.carry)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for _, x := range []struct {
			what string
			got  money.Amount
			want string
		}{{"half", r.Half, c.half}, {"cost part", r.CostPart, c.part}, {"performance", r.Earned, c.earned}, {"final", r.Final, c.final}, {"own", r.Own, c.own},
			{"balance", r.Balance, c.balance}, {"not earned", r.NotEarned, c.lost}, {"unspent", r.Unspent, c.unspent}, {"carry limit", r.CarryLimit, c.limit},
			{"advance", r.Advance, c.advance}, {"netted", r.Netted, c.netted}} {
			if x.want != "" && x.got != amount(t, x.want) {
				t.Errorf("%s: %s is %s, want %s", c.name, x.what, x.got, x.want)
			}
		}
		if r.Capped != c.capped {
			t.Errorf("%s: capped %v", c.name, r.Capped)
		}
	}
}

// The laws of domain section 10 that a reckoning alone can show, for any year.
func TestReckoningKeepsTheLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sum := func(name string) money.Amount { return money.Amount(rapid.Int64Range(0, 1e12).Draw(t, name)) }
		bp := func(name string) money.Bp { return money.Bp(rapid.Int64Range(0, 10_000).Draw(t, name)) }
		y := funding.Year{Terms: funding.Terms{Ceiling: sum("ceiling"), PerformanceBp: bp("performance")},
			Cost: funding.RatedCost{5000: sum("cost")}, Paid: sum("paid"), Repaid: sum("repaid")}
		score := bp("score")
		r, err := Reckon(y, score, y.Ceiling, bp("carry"))
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case r.Final+r.Own != r.Accepted:
			t.Fatalf("contribution %s + own part %s is not the cost %s", r.Final, r.Own, r.Accepted)
		case r.Final < 0 || r.Final > r.Half || r.Half > y.Ceiling:
			t.Fatalf("0 <= %s <= %s <= %s", r.Final, r.Half, y.Ceiling)
		case (y.PerformanceBp == 0 || score == 10_000) && r.Final != r.Half:
			t.Fatalf("final %s is not the half %s", r.Final, r.Half)
		case !r.Capped && (r.Accepted-2*r.Half < 0 || r.Accepted-2*r.Half > 1):
			t.Fatalf("E - 2H is %s", r.Accepted-2*r.Half)
		case r.CostPart+r.Pool != r.Half || r.Earned+r.NotEarned != r.Pool || r.Balance != r.Final-y.NetPaid():
			t.Fatalf("the parts do not add up: %+v", r)
		case r.CarryLimit < 0 || r.CarryLimit > r.Unspent-r.NotEarned && r.CarryLimit != 0:
			t.Fatalf("carry limit %s of %s", r.CarryLimit, r.Unspent)
		}
	})
}

func TestReckonTooLarge(t *testing.T) {
	y := funding.Year{Terms: funding.Terms{Ceiling: money.Max}, Cost: funding.RatedCost{5000: money.Max}}
	r, err := Reckon(y, 10_000, money.Max, 0)
	if err != nil || r.Half != money.Max/2 {
		t.Errorf("half of the largest cost is %s, %v", r.Half, err)
	}
}
