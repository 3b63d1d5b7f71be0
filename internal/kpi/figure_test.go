package kpi

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// row makes a verified row; credits are "org:weight" by position: a, b, c.
func row(n int, kind evidence.Kind, root string, change ...func(*evidence.Row)) evidence.Row {
	r := evidence.Row{ID: id.Evidence(fmt.Sprintf("e%03d", n)), Kind: kind, Year: 2019, Dated: period.Of(2019, 1, n), Company: id.Company(root),
		Root: id.Company(root), Organisers: 1, State: evidence.Verified, Weights: 1, Credits: []evidence.Credit{{Organisation: "a", Weight: 1}}}
	for _, c := range change {
		c(&r)
	}
	return r
}

func credit(weights ...int64) func(*evidence.Row) {
	return func(r *evidence.Row) {
		r.Credits, r.Weights, r.Organisers = nil, 0, 0
		for i, w := range weights {
			if w > 0 {
				r.Credits = append(r.Credits, evidence.Credit{Organisation: id.Organisation("abcdefgh"[i : i+1]), Weight: w})
				r.Weights += w
				r.Organisers++
			}
		}
	}
}

func quantity(q string) func(*evidence.Row) { return func(r *evidence.Row) { r.Quantity = q } }
func amount(a money.Amount) func(*evidence.Row) {
	return func(r *evidence.Row) { r.Amount = &a }
}
func state(s evidence.State) func(*evidence.Row) { return func(r *evidence.Row) { r.State = s } }
func inType(s string) func(*evidence.Row)        { return func(r *evidence.Row) { r.ActivityType = s } }

func TestComputeEachAggregate(t *testing.T) {
	rows := []evidence.Row{
		row(1, evidence.Participation, "x", credit(1, 1)),
		row(2, evidence.Participation, "x"),
		row(3, evidence.Participation, "y", credit(0, 1)),
		row(4, evidence.Participation, ""),
		row(5, evidence.Contact, "z", credit(1, 2), state(evidence.Reported)),
		row(6, evidence.Contact, "w", state(evidence.Rejected)),
		row(7, evidence.Evaluation, "x", quantity("8")),
		row(8, evidence.Evaluation, "y", quantity("6.5"), credit(1, 1)),
		row(9, evidence.Evaluation, "z"),
		row(10, evidence.Win, "x", amount(10_000_05), credit(2, 1)),
		row(11, evidence.Win, "y", amount(-5_05)),
		row(12, evidence.Held, "", inType("mission"), credit(1, 1)),
		row(13, evidence.Held, "", inType("seminar")),
		row(14, evidence.Declared, "", quantity("9")),
	}
	reach := []evidence.Kind{evidence.Participation, evidence.Contact}
	for _, c := range []struct {
		name         string
		d            Definition
		a, programme string
	}{
		{"count, full", Definition{Kinds: reach, Aggregate: Count, Joint: Full}, "4", "5"},
		{"count, by share", Definition{Kinds: reach, Aggregate: Count, Joint: Share}, "17/6", "5"}, // 1/2 + 1 + 0 + 1 + 1/3
		{"distinct", Definition{Kinds: reach, Aggregate: Distinct, Joint: Full}, "2", "3"},
		{"sum of euro, by share", Definition{Kinds: []evidence.Kind{evidence.Win}, Aggregate: Sum, Measure: Amount, Joint: Share},
			"6661.65", "9995"}, // 10000.05 x 2/3 - 5.05
		{"sum of euro, full", Definition{Kinds: []evidence.Kind{evidence.Win}, Aggregate: Sum, Measure: Amount, Joint: Full}, "9995", "9995"},
		{"mean", Definition{Kinds: []evidence.Kind{evidence.Evaluation}, Aggregate: Mean, Measure: Quantity, Joint: Full}, "7.25", "7.25"},
		{"ratio in percent", Definition{Kinds: []evidence.Kind{evidence.Evaluation}, Aggregate: Ratio, Threshold: rat("7"), Unit: "percent",
			Joint: Full}, "50", "50"},
		{"last", Definition{Kinds: []evidence.Kind{evidence.Evaluation}, Aggregate: Last, Measure: Quantity, Joint: Full}, "6.5", "6.5"},
		{"only joint ones", Definition{Kinds: []evidence.Kind{evidence.Held}, Aggregate: Count, JointOnly: true, Joint: Full}, "1", "1"},
		{"by type", Definition{Kinds: []evidence.Kind{evidence.Held}, ActivityTypes: []string{"seminar", "fair"}, Aggregate: Count, Joint: Full},
			"1", "1"},
	} {
		for who, want := range map[id.Organisation]string{"a": c.a, "": c.programme} {
			v := c.d.Value(c.d.Compute(rows, who, 2019, Live, nil))
			if v == nil || v.Cmp(rat(want)) != 0 {
				t.Errorf("%s of %q: %v, want %s", c.name, who, v, want)
			}
		}
	}
}

func TestRatioOfSumsIsNotAMeanOfRatios(t *testing.T) {
	d := Definition{Kinds: []evidence.Kind{evidence.Evaluation}, Aggregate: Ratio, Threshold: rat("7"), Unit: "percent", Joint: Full}
	var rows []evidence.Row
	for i := range 12 { // a: 1 of 2, b: 9 of 10
		q, who := "9", credit(0, 1)
		if i < 2 {
			who = credit(1)
		}
		if i == 0 || i == 2 {
			q = "3"
		}
		rows = append(rows, row(i+1, evidence.Evaluation, "", quantity(q), who))
	}
	f := d.Compute(rows, "", 2019, Live, nil)
	if f.Num.RatString() != "10" || f.Den.RatString() != "12" {
		t.Errorf("%s of %s, want 10 of 12", f.Num.RatString(), f.Den.RatString())
	}
}

func TestBasis(t *testing.T) {
	d := Definition{Kinds: []evidence.Kind{evidence.Contact, evidence.Declared}, Aggregate: Count, Joint: Full, VerifiedOnly: true}
	rows := []evidence.Row{row(1, evidence.Contact, "x"), row(2, evidence.Contact, "y", state(evidence.Reported)),
		row(3, evidence.Contact, "z", state(evidence.Rejected)), row(4, evidence.Declared, "")}
	for b, want := range map[Basis]int64{Live: 3, Proven: 2, Paying: 1} {
		if got := d.Compute(rows, "a", 2019, b, nil); got.Num.Cmp(big.NewRat(want, 1)) != 0 {
			t.Errorf("%s: %s, want %d", b, got.Num.RatString(), want)
		}
	}
	loose := d
	loose.VerifiedOnly = false
	if got := loose.Compute(rows, "a", 2019, Paying, nil); got.Num.Cmp(big.NewRat(2, 1)) != 0 {
		t.Errorf("what need not be verified pays as reported, but never as declared: %s", got.Num.RatString())
	}
	f := d.Compute(rows, "a", 2019, Live, nil)
	if f.Sample != 3 || f.Verified != 2 || f.Reported != 1 || f.Declared != 1 || f.Newest != "2019-01-04" || f.VerifiedBp() != 6666 {
		t.Errorf("quality: %+v", f)
	}
	if !slices.Equal(f.Evidence, []id.Evidence{"e001", "e002", "e004"}) {
		t.Errorf("evidence: %v", f.Evidence)
	}
}

func TestNothingHasNoMean(t *testing.T) {
	for _, a := range Aggregates() {
		d := Definition{Kinds: []evidence.Kind{evidence.Evaluation}, Aggregate: a, Measure: Quantity, Threshold: rat("1"), Joint: Full}
		v := d.Value(d.Compute(nil, "a", 2019, Live, nil))
		if adds := a == Count || a == Sum || a == Distinct; adds != (v != nil) || adds && v.Sign() != 0 {
			t.Errorf("%s of nothing: %v", a, v)
		}
	}
}

// someRows draws a year of evidence of five organisations and twenty companies.
func someRows() *rapid.Generator[[]evidence.Row] {
	return rapid.Custom(func(t *rapid.T) []evidence.Row {
		n := rapid.IntRange(0, 40).Draw(t, "rows")
		rows := make([]evidence.Row, n)
		for i := range rows {
			weights := rapid.SliceOfN(rapid.Int64Range(0, 7), 1, 5).Draw(t, "weights")
			if slices.Max(weights) == 0 {
				weights[0] = 1
			}
			kind := rapid.SampledFrom([]evidence.Kind{evidence.Participation, evidence.Win, evidence.Declared}).Draw(t, "kind")
			rows[i] = row(i+1, kind, fmt.Sprint(rapid.IntRange(0, 20).Draw(t, "company")), credit(weights...),
				state(rapid.SampledFrom(evidence.States()).Draw(t, "state")))
			rows[i].Dated = period.Of(2019, 1, rapid.IntRange(1, 365).Draw(t, "day"))
			if rapid.Bool().Draw(t, "measured") {
				amount(money.Amount(rapid.Int64Range(-1_000_000, 100_000_000).Draw(t, "amount")))(&rows[i])
				quantity(fmt.Sprintf("%d.%02d", rapid.IntRange(0, 10).Draw(t, "whole"), rapid.IntRange(0, 99).Draw(t, "cents")))(&rows[i])
			}
		}
		return rows
	})
}

func someDefinition() *rapid.Generator[*Definition] {
	return rapid.Custom(func(t *rapid.T) *Definition {
		d := &Definition{Kinds: []evidence.Kind{evidence.Participation, evidence.Win}, Aggregate: rapid.SampledFrom(Aggregates()).Draw(t, "aggregate"),
			Joint: Full, Measure: Quantity, Threshold: rat("5"), VerifiedOnly: rapid.Bool().Draw(t, "verified"), JointOnly: rapid.Bool().Draw(t, "joint")}
		if d.Aggregate == Count || d.Aggregate == Sum {
			d.Joint = rapid.SampledFrom([]Joint{Full, Share}).Draw(t, "credit")
		}
		if d.Aggregate == Sum {
			d.Measure = Amount
		}
		return d
	})
}

var everybody = []id.Organisation{"a", "b", "c", "d", "e"}

func TestSharesAddUpToTheProgramme(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, d := someRows().Draw(t, "rows"), someDefinition().Draw(t, "definition")
		if d.Joint != Share {
			t.Skip("full credit does not add up, and must not")
		}
		sum := new(big.Rat)
		for _, o := range everybody {
			sum.Add(sum, d.Compute(rows, o, 2019, Live, nil).Num)
		}
		if whole := d.Compute(rows, "", 2019, Live, nil).Num; sum.Cmp(whole) != 0 {
			t.Fatalf("parts %s, whole %s", sum, whole)
		}
	})
}

func TestUniqueCompaniesDoNotAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := someRows().Draw(t, "rows")
		d := &Definition{Kinds: evidence.Kinds(), Aggregate: Distinct, Joint: Full}
		sum := new(big.Rat)
		members := make([]Member, len(everybody))
		for i, o := range everybody {
			members[i].Organisation = o
			own := d.Compute(rows, o, 2019, Live, nil).Num
			sum.Add(sum, own)
			if union := d.Compute(rows, "", 2019, Live, nil).Num; own.Cmp(union) > 0 {
				t.Fatalf("%s reaches %s of %s", o, own, union)
			}
		}
		union := d.Compute(rows, "", 2019, Live, nil).Num
		if union.Cmp(sum) > 0 {
			t.Fatalf("union %s, sum %s", union, sum)
		}
		r := ReachOf(d, rows, 2019, members, Live)
		if big.NewRat(int64(r.Unique), 1).Cmp(union) != 0 || big.NewRat(int64(r.SumOfUnique), 1).Cmp(sum) != 0 || r.Contacts < r.Unique {
			t.Fatalf("reach %+v, union %s, sum %s", r, union, sum)
		}
		for i := range members {
			if r.Overlap[i][i] != r.Members[i].Unique {
				t.Fatalf("the diagonal is not the own count: %+v", r)
			}
			for j := range members {
				if r.Overlap[i][j] != r.Overlap[j][i] || r.Overlap[i][j] > r.Overlap[i][i] {
					t.Fatalf("overlap %d %d: %+v", i, j, r)
				}
			}
		}
	})
}

func TestMergingNeverRaisesAndUnmergingRestores(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := someRows().Draw(t, "rows")
		d := &Definition{Kinds: evidence.Kinds(), Aggregate: Distinct, Joint: Full}
		before := d.Compute(rows, "", 2019, Live, nil).Num
		for i := range rows {
			if rows[i].Root == "7" {
				rows[i].Root = "8"
			}
		}
		if after := d.Compute(rows, "", 2019, Live, nil).Num; after.Cmp(before) > 0 {
			t.Fatalf("merged %s, before %s", after, before)
		}
		for i := range rows {
			rows[i].Root = rows[i].Company
		}
		if again := d.Compute(rows, "", 2019, Live, nil).Num; again.Cmp(before) != 0 {
			t.Fatalf("unmerged %s, before %s", again, before)
		}
	})
}

func TestComputeDoesNotKnowTheOrderOfRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, d := someRows().Draw(t, "rows"), someDefinition().Draw(t, "definition")
		mixed := rapid.Permutation(rows).Draw(t, "mixed")
		for _, b := range []Basis{Live, Proven, Paying} {
			union, each := d.figures(mixed, 2019, b, nil)
			for _, o := range append([]id.Organisation{""}, everybody...) {
				want, got := d.Compute(rows, o, 2019, b, nil), each[o]
				if o == "" {
					got = union
				}
				if got.Num == nil && want.Sample == 0 {
					continue
				}
				if !same(want.Num, got.Num) || !same(want.Den, got.Den) || !slices.Equal(want.Evidence, got.Evidence) {
					t.Fatalf("%s of %q: %+v, then %+v", b, o, want, got)
				}
			}
		}
	})
}

func same(a, b *big.Rat) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Cmp(b) == 0
}

// The last point of a year is the figure of the year, and what adds never falls.
func TestTrendEndsAtTheFigure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, d := someRows().Draw(t, "rows"), someDefinition().Draw(t, "definition")
		for _, o := range []id.Organisation{"", "b"} {
			points := TrendOf(d, rows, o, 2019, "2020-06-30", Live, nil)
			if len(points) != 12 || points[11].On != "2019-12-31" {
				t.Fatalf("points %v", points)
			}
			if want := d.Value(d.Compute(rows, o, 2019, Live, nil)); !same(want, points[11].Value) {
				t.Fatalf("%q: %v, the figure is %v", o, points[11].Value, want)
			}
			for i := 1; i < 12 && (d.Aggregate == Count || d.Aggregate == Distinct); i++ {
				if points[i].Value.Cmp(points[i-1].Value) < 0 {
					t.Fatalf("falls: %v", points)
				}
			}
		}
	})
	if got := TrendOf(&Definition{Aggregate: Count}, nil, "", 2019, "2019-02-10", Live, nil); len(got) != 2 || got[1].On != "2019-02-10" {
		t.Errorf("a running year: %v", got)
	}
}
