package main

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
)

// fact is one piece of verified evidence.
type fact struct {
	kind, company string
	quantity      string
	amount        int64
	joint         bool
	credit        map[string]*big.Rat
}

// facts lists the verified evidence by year.
func (f *folder) facts() map[string][]fact {
	out := map[string][]fact{}
	acts := f.by("activities", "code")
	for _, a := range f.tables["activities"] {
		if a["state"] == "verified" {
			c := creditsOf(f.t, a["organisers"])
			out[a["starts"][:4]] = append(out[a["starts"][:4]], fact{kind: "held", joint: len(c) > 1, credit: c})
		}
	}
	for _, p := range f.tables["participations"] {
		if a := acts[p["activity"]]; p["state"] == "attended" && p["verified"] != "" {
			out[a["starts"][:4]] = append(out[a["starts"][:4]], fact{kind: "participation", company: p["company"], credit: creditsOf(f.t, a["organisers"])})
		}
	}
	for _, o := range f.tables["outcomes"] {
		if o["state"] == "verified" {
			out[o["date"][:4]] = append(out[o["date"][:4]], fact{kind: o["kind"], company: o["company"], quantity: o["quantity"], amount: money(f.t, o["amount"]), credit: creditsOf(f.t, o["partners"])})
		}
	}
	return out
}

// value is a KPI over the facts of a year: its value, and how many rows it rests on.
func (k kpiToml) value(facts []fact, partner string) (*big.Rat, int64) {
	sum, rows, companies := new(big.Rat), int64(0), map[string]bool{}
	for _, x := range facts {
		share := x.credit[partner]
		if share == nil || !slices.Contains(k.Kinds, x.kind) || k.JointOnly && !x.joint {
			continue
		}
		rows++
		if k.Joint == "full" {
			share = big.NewRat(1, 1)
		}
		switch k.Aggregate {
		case "count":
			sum.Add(sum, share)
		case "sum":
			sum.Add(sum, new(big.Rat).Mul(share, big.NewRat(x.amount, 100)))
		case "distinct":
			companies[x.company] = true
		case "ratio":
			if x.quantity >= k.Threshold {
				sum.Add(sum, big.NewRat(100, 1))
			}
		}
	}
	switch {
	case k.Aggregate == "distinct":
		sum.SetInt64(int64(len(companies)))
	case k.Aggregate == "ratio" && rows > 0:
		sum.Quo(sum, big.NewRat(rows, 1))
	}
	return sum, rows
}

// cell is one KPI of a settlement.
type cell struct {
	kpi            string
	actual, target *big.Rat
	weight, payout int64
}

// score reckons domain.md section 5.4 and 5.5 for a partner and year.
func (f *folder) score(facts []fact, partner, year string) (int64, []cell) {
	waived, target := map[string]bool{}, map[string]string{}
	for _, x := range f.tables["waivers"] {
		waived[x["partner"]+x["kpi"]+x["year"]] = true
	}
	for _, x := range f.tables["targets"] {
		if x["set_on"] == "" || x["set_on"] <= year+"-12-31" {
			target[x["partner"]+x["kpi"]+x["year"]] = x["value"]
		}
	}
	var cells []cell
	var sum, weights int64
	for _, x := range f.tables["assignments"] {
		id := partner + x["kpi"] + year
		if x["partner"] != partner || waived[id] || target[id] == "" {
			continue
		}
		c := cell{kpi: x["kpi"], target: new(big.Rat), weight: whole64(f.t, x["weight"])}
		c.target.SetString(target[id])
		var rows int64
		c.actual, rows = f.kpi[x["kpi"]].value(facts, partner)
		attained := new(big.Rat).Quo(c.actual, c.target)
		if base, _ := new(big.Rat).SetString(x["baseline"]); x["rule"] == "progress" {
			attained.Quo(new(big.Rat).Sub(c.actual, base), new(big.Rat).Sub(c.target, base))
		} else if x["rule"] == "hold" && c.actual.Cmp(c.target) >= 0 {
			attained.SetInt64(1)
		}
		floor := whole64(f.t, x["floor_bp"])
		attained.Mul(attained, big.NewRat(10000, 1)).Sub(attained, big.NewRat(floor, 1)).Mul(attained, big.NewRat(10000, 10000-floor))
		if c.payout = min(10000, max(0, down(attained))); rows < f.kpi[x["kpi"]].MinSample {
			c.payout = 0
		}
		sum += c.weight * c.payout
		weights += c.weight
		cells = append(cells, c)
	}
	if weights == 0 {
		return 10000, cells
	}
	return sum / weights, cells
}

// settled is what section 4 makes of one agreement-year.
type settled struct {
	cost, corrected, half, costPart, pool, score, final, paid, balance int64
	due                                                                []int64
	expected                                                           map[string]int64 // claim number to what must have been paid
}

func (f *folder) settle(facts map[string][]fact, partner, year string) settled {
	rule := f.prog.Rule[0]
	organisations, ceilings := f.by("organisations", "code"), f.by("ceilings", "partner", "year")
	ceiling := money(f.t, ceilings[partner+"/"+year]["amount"])
	part := func(cost int64) (int64, int64) {
		h := min(ceiling, down(big.NewRat(max(0, cost)*rule.Rate, 10000)))
		return h, down(big.NewRat(h*(10000-rule.Performance), 10000))
	}
	s := settled{expected: map[string]int64{}}
	open := int64(0)
	for _, p := range f.tables["payments"] {
		if p["partner"] == partner && p["year"] == year {
			n := money(f.t, p["amount"])
			if p["kind"] == "advance" {
				open += n
			}
			if p["kind"] == "repayment" {
				n = -n
			}
			s.paid += n
		}
	}
	byClaim := map[string]int64{}
	for _, i := range f.tables["cost_items"] {
		if i["partner"] == partner && i["year"] == year {
			byClaim[i["claim"]] += f.acceptedCost(i, organisations[partner])
		}
	}
	for n := 1; n <= len(byClaim); n++ {
		_, before := part(s.cost)
		s.cost += byClaim[fmt.Sprint(n)]
		_, after := part(s.cost)
		s.due = append(s.due, after-before)
		netted := min(open, after-before)
		open -= netted
		s.expected[fmt.Sprint(n)] = after - before - netted
	}
	for _, c := range f.tables["corrections"] {
		if c["partner"] == partner && c["year"] == year {
			s.corrected += money(f.t, c["cost"])
		}
	}
	s.half, s.costPart = part(s.cost - s.corrected)
	s.pool = s.half - s.costPart
	s.score, _ = f.score(facts[year], partner, year)
	s.final = s.costPart + down(big.NewRat(s.pool*s.score, 10000))
	s.balance = s.final - s.paid
	return s
}

func TestGoldenYear(t *testing.T) {
	f := readFolder(t, "../fit-2017-2021")
	facts := f.facts()
	s := f.settle(facts, "flanders-bio", "2018")
	want := settled{cost: 235_000_05, corrected: 17_000_02, half: 109_000_01, costPart: 87_200_00, pool: 21_800_01, score: 7300, final: 103_114_00, paid: 94_000_01, balance: 9_113_99}
	if !slices.Equal(s.due, []int64{28_000_00, 30_000_00, 36_000_01}) {
		t.Errorf("due %v", s.due)
	}
	got := s
	got.due, got.expected = nil, nil
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("settled\n%+v, want\n%+v", got, want)
	}
	var line []string
	_, cells := f.score(facts["2018"], "flanders-bio", "2018")
	for _, c := range cells {
		line = append(line, fmt.Sprintf("%s %s/%s w%d %d", c.kpi, c.actual.RatString(), c.target.RatString(), c.weight, c.payout))
	}
	if got, want := strings.Join(line, "; "), "companies-reached 188/180 w30 10000; contacts-made 210/250 w25 6800; joint-activities 3/4 w20 5000; strategies-made 12/12 w10 10000; market-entries 7/10 w15 4000"; got != want {
		t.Errorf("KPIs\n%s, want\n%s", got, want)
	}
	var declared, deducted, parked int64
	for _, i := range f.tables["cost_items"] {
		if i["partner"] == "flanders-bio" && i["year"] == "2018" && i["claim"] == "2" {
			declared += money(t, i["net"])
			deducted += money(t, i["deducted"])
			if i["state"] == "parked" {
				parked += money(t, i["net"])
			}
		}
	}
	if declared != 90_000_02 || deducted != 4_999_99 || parked != 10_000_02 {
		t.Errorf("claim 2: declared %d deducted %d parked %d", declared, deducted, parked)
	}
}

// TestPayments holds every payment of every agreement-year against the arithmetic of section 4, and the story against itself.
func TestPayments(t *testing.T) {
	f := readFolder(t, "../fit-2017-2021")
	facts := f.facts()
	kept, years, over, low, owed := 0, 0, 0, 0, 0
	for _, a := range f.tables["agreements"] {
		for _, year := range []string{"2017", "2018", "2019", "2020", "2021"} {
			s := f.settle(facts, a["partner"], year)
			ceiling := money(t, f.by("ceilings", "partner", "year")[a["partner"]+"/"+year]["amount"])
			for _, p := range f.tables["payments"] {
				if p["partner"] != a["partner"] || p["year"] != year || p["executed"] == "" {
					continue
				}
				switch n := money(t, p["amount"]); p["kind"] {
				case "advance":
					if n != down(big.NewRat(ceiling*3000, 10000)) {
						t.Errorf("%s %s: advance %d of ceiling %d", a["partner"], year, n, ceiling)
					}
				case "claim":
					if n != s.expected[p["claim"]] {
						t.Errorf("%s %s claim %s: paid %d, due %d", a["partner"], year, p["claim"], n, s.expected[p["claim"]])
					}
					delete(s.expected, p["claim"])
				}
			}
			for claim, n := range s.expected {
				if n != 0 {
					t.Errorf("%s %s claim %s: %d not paid", a["partner"], year, claim, n)
				}
			}
			if s.final < 0 || s.final > s.half || s.paid < 0 {
				t.Errorf("%s %s: final %d, half %d, paid %d", a["partner"], year, s.final, s.half, s.paid)
			}
			years++
			if s.cost/2 > ceiling {
				over++
			}
			if s.cost < ceiling {
				low++
			}
			if s.balance < 0 {
				owed++
			}
			if s.score >= 7500 {
				kept++
			}
			t.Logf("%-20s %s cost %10d of %10d score %5d final %10d balance %9d", a["partner"], year, s.cost, 2*ceiling, s.score, s.final, s.balance)
		}
	}
	t.Logf("years %d kept %d over %d low %d owed %d", years, kept, over, low, owed)
	if years != 85 || kept < 40 || kept > 82 || over < 2 || over > 4 || low < 2 || low > 5 || owed < 1 {
		t.Errorf("years %d, kept %d, over the ceiling %d, far below %d, owing the agency %d", years, kept, over, low, owed)
	}
}
