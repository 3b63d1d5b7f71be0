package formula

import (
	"math/big"
	"strings"
	"testing"

	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/text"
)

func others(of map[string]string) Lookup {
	return func(code string) (string, bool) { s, ok := of[code]; return s, ok }
}

func TestParseGivesUnitAndRoll(t *testing.T) {
	known := others(map[string]string{"reach": `distinct(kind in ["participation", "contact"])`, "half": `kpi("reach") / 2`})
	for _, c := range []struct {
		source string
		unit   Unit
		roll   Aggregate
		parts  bool
		kinds  string
	}{
		{`count(kind == "held")`, "activities", Count, false, "held"},
		{`count(kind in ["contact", "participation"])`, "contacts", Count, false, "participation contact"},
		{`count(joint)`, "records", Count, false, "held participation contact service strategy knowledge referral evaluation media win entry investment retention declared"},
		{`distinct(kind == "win" and marked("first-export"))`, Companies, Distinct, false, "win"},
		{`distinct(marked("first-export"))`, Companies, Distinct, false, "win entry"},
		{`sum(amount, kind == "win" and not verified) * 0.5`, Euro, Sum, false, "win"},
		{`mean(quantity, kind == "evaluation")`, "points", Mean, false, "evaluation"},
		{`percent(count(kind == "win" and verified), count(kind == "win"))`, Percent, "", true, "win"},
		{`cost() / kpi("reach")`, "euro/companies", "", true, "participation contact"},
		{`kpi("half") + kpi("reach")`, Companies, Distinct, false, "participation contact"},
		{`count(kind == "win") - previous(count(kind == "win"))`, "wins", Sum, false, "win"},
		{`percent(sum(amount, kind == "investment") - previous(sum(amount, kind == "investment")), previous(sum(amount, kind == "investment")))`,
			Percent, "", true, "investment"},
		{`days(kind == "contact", kind == "win")`, DaysUnit, Mean, false, "contact win"},
		{`todate(distinct(kind != "declared" and kind != "held" and size == "small"))`, Companies, Distinct, false,
			"participation contact service strategy knowledge referral evaluation media win entry investment retention"},
		{`max(quantity, kind == "media")`, "people", Last, false, "media"},
		{`-(count(kind == "win")) + 2 * count(kind == "win")`, "wins", Sum, false, "win"},
		{"percent(\n  count(kind == \"win\"),\n  count(kind == \"win\" or kind == \"entry\" and false)\n)", Percent, "", true, "win"},
	} {
		f, err := Parse(c.source, "", known)
		if err != nil {
			t.Errorf("%s: %v", c.source, err)
			continue
		}
		kinds := strings.Join(plain(f.Kinds()), " ")
		if f.Unit != c.unit || f.Roll != c.roll || f.Parts != c.parts || kinds != c.kinds {
			t.Errorf("%s: %s %q parts %v of %s", c.source, f.Unit, f.Roll, f.Parts, kinds)
		}
	}
}

func refusals() []refusal {
	return []refusal{
		{``, "formula.empty", 0, 0},
		{strings.Repeat("1+", 1500) + "1", "formula.too_long", 0, 0},
		{`1 / 0`, "formula.divides_by_zero", 1, 3},
		{`count(kind == "win") / (3 - 3)`, "formula.divides_by_zero", 1, 22},
		{"count(kind == \"win\")\n / (count(kind == \"win\") - count(kind == \"win\"))", "formula.divides_by_zero", 2, 2},
		{`percent(count(kind == "win"), count(kind == "win") * 0)`, "formula.divides_by_zero", 1, 1},
		{`count(kind == "win") + count(kind == "held")`, "formula.units_mixed", 1, 22},
		{`count(kind == "win") + 1`, "formula.units_mixed", 1, 22},
		{`sum(amount, kind == "win") * cost()`, "formula.units_mixed", 1, 28},
		{`percent(count(kind == "win"), distinct(kind == "win"))`, "formula.units_mixed", 1, 1},
		{`sum(quantity, kind in ["evaluation", "media"])`, "formula.quantities_mixed", 1, 5},
		{`kpi("me")`, "formula.circle", 1, 5},
		{`1 + kpi("self")`, "formula.circle", 1, 9},
		{`kpi("a")`, "formula.circle", 1, 5},
		{`kpi("none")`, "formula.kpi_unknown", 1, 5},
		{`kpi("text")`, "formula.kpi_broken", 1, 5},
		{`kpi("d0")`, "formula.too_large", 1, 5},
		{strings.Repeat("(", 900) + "1" + strings.Repeat(")", 900), "", 0, 0},
		{strings.Repeat("-", 200) + "1", "formula.too_large", 1, 62},
		{strings.Repeat("1+", 400) + "1", "formula.syntax", 0, 0},
		{`count(kind == "win") +`, "formula.syntax", 1, 22},
		{`amount`, "formula.field_bare", 1, 1},
		{`system("rm")`, "formula.name_unknown", 1, 1},
		{`filter(kind, true)`, "formula.name_unknown", 1, 1},
		{`count(kind)`, "formula.condition", 1, 7},
		{`count(kind == "wins")`, "formula.value_unknown", 1, 15},
		{`count(kind == "win" and kind == "held")`, "formula.nothing_matches", 1, 21},
		{`count(kind == "held" and marked("announced"))`, "formula.nothing_matches", 1, 22},
		{`count(marked("nice"))`, "formula.value_unknown", 1, 14},
		{`count(market in "CN")`, "formula.list", 1, 17},
		{`count(market == ["CN"])`, "formula.list", 1, 17},
		{`count(market == 4)`, "formula.word", 1, 17},
		{`count("CN" == market)`, "formula.field_first", 1, 7},
		{`count(quantity > "4")`, "formula.number", 1, 18},
		{`count(quantity > 1e9)`, "formula.number", 1, 18},
		{`0x10`, "formula.number", 1, 1},
		{`sum(market, kind == "win")`, "formula.measure", 1, 5},
		{`count(kind == "win", joint)`, "formula.arguments", 1, 1},
		{`previous(previous(cost()))`, "formula.window_twice", 1, 10},
		{`2 ** 8`, "formula.not_allowed", 1, 3},
		{`true ? 1 : 2`, "formula.not_allowed", 0, 0},
		{`let x = 1; x`, "formula.not_allowed", 0, 0},
		{`[1, 2][0]`, "formula.not_allowed", 0, 0},
		{`market.len()`, "formula.not_allowed", 0, 0},
		{"\xff", "formula.not_text", 0, 0},
	}
}

type refusal struct {
	source, key  string
	line, column int
}

func TestRefusedWithThePlace(t *testing.T) {
	doubling := map[string]string{"self": `kpi("self")`, "a": `kpi("b")`, "b": `count(kind == "win") + kpi("a")`, "text": `count(kind == "wind")`}
	for i := range 8 {
		doubling["d"+string(rune('0'+i))] = `kpi("d` + string(rune('1'+i)) + `") + kpi("d` + string(rune('1'+i)) + `")`
	}
	doubling["d8"] = `count(kind == "win")`
	known := others(doubling)
	for _, c := range refusals() {
		_, err := Parse(c.source, "me", known)
		if c.key == "" {
			if err != nil {
				t.Errorf("%.40s: %v", c.source, err)
			}
			continue
		}
		f := fault.Of(err)
		if err == nil || string(f.Key) != c.key || f.Field != "formula" {
			t.Errorf("%.60s: %v, want %s", c.source, err, c.key)
			continue
		}
		if c.line > 0 && (f.Args["line"] != c.line || f.Args["column"] != c.column) {
			t.Errorf("%.60s: at %v:%v (%v), want %d:%d", c.source, f.Args["line"], f.Args["column"], f.Args["found"], c.line, c.column)
		}
		for _, l := range text.Languages() {
			if said := f.Say(l); strings.Contains(said, "{") && !strings.Contains(c.source, "{") {
				t.Errorf("%s: %s", c.key, said)
			}
		}
	}
}

func TestLeavesChooseRows(t *testing.T) {
	euro := money.Amount(250_00)
	row := evidence.Row{Kind: evidence.Win, Year: 2019, Market: "CN", Size: "small", ParentCountry: "JP", Amount: &euro, Quantity: "7.5", Organisers: 2,
		Marks: " first-export ", State: evidence.Verified, Need: "contacts", Identified: true}
	for condition, want := range map[string]bool{
		`kind == "win"`: true, `kind != "win" or market == "FR"`: false, `market in ["FR", "CN"]`: true, `market not in ["FR", "CN"]`: false,
		`amount > 249.99`: true, `amount >= 250`: true, `amount > 250`: false, `adjusted > 0`: false, `not (adjusted > 0)`: true,
		`quantity == 7.5`: true, `quantity != 7.5`: false, `quantity > -3`: true, `organisers == 2 && joint`: true, `verified and foreign`: true,
		`marked("first-export")`: true, `!marked("confirmed")`: true, `size in ["micro", "small"]`: true, `origin == "JP"`: true,
		`state == "reported"`: false, `need == "contacts" and identified`: true, `true`: true, `type == ""`: true, `sector == "food"`: false,
	} {
		f, err := Parse(`count(`+condition+`)`, "", nil)
		if err != nil {
			t.Errorf("%s: %v", condition, err)
			continue
		}
		if l := f.Leaves[0]; l.Takes(&row, 2019) != want || l.Takes(&row, 2018) {
			t.Errorf("%s takes %v", condition, !want)
		}
	}
	f, err := Parse(`previous(count(true)) + todate(previous(count(true))) + todate(count(true))`, "", nil)
	if err != nil || f.LooksBack() != -1 {
		t.Fatal(err)
	}
	for year, want := range map[int][3]bool{2018: {}, 2019: {false, false, true}, 2020: {true, true, true}, 2021: {false, true, true}} {
		for i, l := range f.Leaves {
			if l.Takes(&row, year) != want[i] {
				t.Errorf("%d: leaf %d takes %v", year, i, !want[i])
			}
		}
	}
}

func TestEvalAndTrace(t *testing.T) {
	whole := func(n int64) Figure { return Figure{Num: big.NewRat(n, 1)} }
	f, err := Parse(`percent(count(kind == "win") - previous(count(kind == "win")), previous(count(kind == "win"))) / 2 + 0.5 * percent(1, 3)`, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	// (9 - 6) / 6 is 50 %, half of it is 25; and half of a third.
	if got := f.Eval([]Figure{whole(9), whole(6), whole(6)}).Value(); got == nil || got.Cmp(big.NewRat(125, 3)) != 0 {
		t.Errorf("value %v", got)
	}
	if v := f.Eval([]Figure{whole(9), whole(6), whole(0)}); v.Value() != nil {
		t.Errorf("divided by nothing: %v", v)
	}
	steps := f.Trace([]Figure{whole(9), whole(6), whole(6)})
	if len(steps) < 8 || steps[0].Depth != 0 || steps[1].Depth != 1 {
		t.Fatalf("trace %+v", steps)
	}
	if leaf := steps[4]; leaf.Leaf != 0 || leaf.Figure.Value().Cmp(big.NewRat(9, 1)) != 0 || leaf.Text != `count(kind == "win")` {
		t.Errorf("leaf %+v", leaf)
	}
	g, err := Parse(`percent(count(kind == "win" and verified), count(kind == "win"))`, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	v := g.Eval([]Figure{whole(1), whole(3)})
	if v.Num.Cmp(big.NewRat(1, 1)) != 0 || v.Den.Cmp(big.NewRat(3, 1)) != 0 || v.Value().Cmp(big.NewRat(100, 3)) != 0 {
		t.Errorf("parts %v / %v", v.Num, v.Den)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`count(kind == "win")`, `percent(sum(amount, joint), cost())`, `kpi("a") / previous(kpi("a"))`, `1/0`, "((", `days(true, false)`,
		`if true { 1 } else { 2 }`, `a?.b`, `{a: 1}`, "1..2", `"\u12"`, `count(# > 1)`, "`raw`", `b"x"`, `/* c */ 1`, `count(x | y())`, `::f(1)`, `$env`} {
		f.Add(s)
	}
	known := others(map[string]string{"a": `count(kind == "held") + kpi("b")`, "b": `count(kind == "held")`})
	f.Fuzz(func(t *testing.T, source string) {
		p, err := Parse(source, "me", known)
		if err != nil {
			if !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%q: %v", source, err)
			}
			return
		}
		if len(p.Leaves) > maxLeaves || p.Unit == "" {
			t.Errorf("%q: %d leaves, unit %q", source, len(p.Leaves), p.Unit)
		}
		leaves := make([]Figure, len(p.Leaves))
		if v := p.Eval(leaves); len(leaves) > 0 && v.Value() != nil {
			t.Errorf("%q has a value of nothing", source)
		}
		p.Trace(leaves)
	})
}
