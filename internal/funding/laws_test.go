package funding

import (
	"testing"

	"pgregory.net/rapid"

	"errera.eu/errera/internal/money"
)

// TestLawsHoldForAnySequence plays random claims, corrections, advances, payments and repayments of one agreement-year and holds the
// laws of domain section 10 after each.
func TestLawsHoldForAnySequence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ceiling := money.Amount(rapid.Int64Range(0, 30_000_00).Draw(t, "ceiling"))
		y := Year{Terms: Terms{Ceiling: ceiling, PerformanceBp: money.Bp(rapid.Int64Range(0, 10_000).Draw(t, "p"))}, Cost: RatedCost{}}
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			switch rapid.SampledFrom([]string{"claim", "correct", "advance", "pay", "repay"}).Draw(t, "verb") {
			case "claim":
				cost := RatedCost{5000: money.Amount(rapid.Int64Range(-100_00, 20_000_00).Draw(t, "cost"))}
				next, step, err := y.Approve(cost)
				if err != nil {
					t.Fatal(err)
				}
				if step.Due > 0 && step.FromAdvance+step.FromOwed+step.ToPay != step.Due {
					t.Fatalf("due %s is used for %+v", step.Due, step)
				}
				if step.Due < 0 && step.FromUnpaid+step.OwedBack != -step.Due {
					t.Fatalf("due %s is taken back as %+v", step.Due, step)
				}
				y = next
			case "correct":
				if y.Cost[5000] > 0 {
					next, _, err := y.Correct(5000, money.Amount(rapid.Int64Range(1, int64(y.Cost[5000])).Draw(t, "struck")))
					if err != nil {
						t.Fatal(err)
					}
					y = next
				}
			case "advance":
				if room := y.Ceiling - y.Advance; room > 0 {
					a := money.Amount(rapid.Int64Range(1, int64(room)).Draw(t, "advance"))
					y.Advance, y.Executed, y.Open, y.Paid = y.Advance+a, y.Executed+a, y.Open+a, y.Paid+a
				}
			case "pay":
				y.Paid, y.Payable = y.Paid+y.Payable, 0
			case "repay":
				y.Repaid, y.Recoverable = y.Repaid+y.Recoverable, 0
			}
			hold(t, y)
		}
		performance := func() money.Amount {
			h, err := y.Half(y.Cost)
			if err != nil {
				t.Fatal(err)
			}
			return (h - y.Due).Share(money.Bp(rapid.Int64Range(0, 10_000).Draw(t, "score")))
		}()
		after, closing := y.Close(performance)
		if after.Open != 0 || (after.Payable > 0 && after.Recoverable > 0) {
			t.Fatalf("closing leaves %+v", after)
		}
		if balance := y.Due + performance - y.NetPaid(); after.Payable-after.Recoverable != balance {
			t.Fatalf("final - net paid is %s, open is %s", balance, after.Payable-after.Recoverable)
		}
		if closing.Left < 0 {
			t.Fatalf("more than the ceiling: %+v", closing)
		}
	})
}

func hold(t *rapid.T, y Year) {
	t.Helper()
	h, err := y.Half(y.Cost)
	if err != nil {
		t.Fatal(err)
	}
	e := y.Cost.Sum()
	if h < 0 || h > y.Ceiling || y.Due != y.CostPart(h) {
		t.Fatalf("H %s, ceiling %s, due %s, C %s", h, y.Ceiling, y.Due, y.CostPart(h))
	}
	if e >= 0 && h < y.Ceiling && (e-2*h < 0 || e-2*h > 1) {
		t.Fatalf("E - 2H is %s", e-2*h)
	}
	if y.Open < 0 || y.Payable < 0 || y.Recoverable < 0 {
		t.Fatalf("an account on its wrong side: %+v", y)
	}
	if y.Open+y.Recoverable-y.Payable != y.NetPaid()-y.Due {
		t.Fatalf("paid %s, due %s, but open %s, owed %s, payable %s", y.NetPaid(), y.Due, y.Open, y.Recoverable, y.Payable)
	}
}

// TestAnyOrderEndsInTheSameFinal: accepting the same items in any order, in any claims, gives the same cost part.
func TestAnyOrderEndsInTheSameFinal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := Terms{Ceiling: money.Amount(rapid.Int64Range(0, 50_000_00).Draw(t, "ceiling")), PerformanceBp: 2000}
		costs := rapid.SliceOfN(rapid.Int64Range(1, 9_000_00), 1, 12).Draw(t, "items")
		end := func(order []int64) money.Amount {
			y := Year{Terms: terms, Cost: RatedCost{}}
			for _, c := range order {
				next, _, err := y.Approve(RatedCost{5000: money.Amount(c)})
				if err != nil {
					t.Fatal(err)
				}
				y = next
			}
			return y.Due
		}
		if a, b := end(costs), end(rapid.Permutation(costs).Draw(t, "other")); a != b {
			t.Fatalf("%s in one order, %s in another", a, b)
		}
	})
}

// TestAClaimAndItsReversalLeaveNothing: claim + reversal = 0 for both sides.
func TestAClaimAndItsReversalLeaveNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := Year{Terms: Terms{Ceiling: 100_000_00, PerformanceBp: 2000}, Cost: RatedCost{}}
		base := money.Amount(rapid.Int64Range(0, 90_000_00).Draw(t, "base"))
		y, _, _ = y.Approve(RatedCost{5000: base})
		cost := money.Amount(rapid.Int64Range(1, 90_000_00).Draw(t, "cost"))
		up, there, err := y.Approve(RatedCost{5000: cost})
		if err != nil {
			t.Fatal(err)
		}
		down, back, err := up.Approve(RatedCost{5000: -cost})
		if err != nil || there.Due+back.Due != 0 || down.Due != y.Due {
			t.Fatalf("due %s, then %s", there.Due, back.Due)
		}
	})
}

// TestAnyGroupingOfItemsEndsInTheSameCost: caps, flat rates, income, credit notes and parking give the same accepted cost however items are
// put into claims.
func TestAnyGroupingOfItemsEndsInTheSameCost(t *testing.T) {
	rules := Rules{Categories: map[string]CategoryRule{"travel": {Category: "travel", Cap: 300_00},
		"overhead": {Category: "overhead", FlatBp: 1500, FlatOf: []string{"staff", "travel"}}}}
	rapid.Check(t, func(t *rapid.T) {
		var items []Item
		for range rapid.IntRange(1, 10).Draw(t, "items") {
			eligible := money.Amount(rapid.Int64Range(-50_00, 900_00).Draw(t, "cost"))
			i := Item{Category: rapid.SampledFrom([]string{"staff", "travel", "venue"}).Draw(t, "category"), RateBp: 5000, State: Accepted,
				eligible: eligible, Income: money.Amount(rapid.Int64Range(0, 40_00).Draw(t, "income"))}
			i.Cap = rules.Categories[i.Category].Cap
			if eligible > 0 && rapid.Bool().Draw(t, "cut") {
				i.State, i.Deducted = Deducted, money.Amount(rapid.Int64Range(1, int64(eligible)).Draw(t, "deducted"))
			}
			items = append(items, i)
		}
		cost := func(claims [][]Item) money.Amount {
			var sum money.Amount
			for _, c := range claims {
				for _, i := range c {
					sum += i.AcceptedCost(i.eligible)
				}
				flats, err := rules.Flats(c, func(i Item) money.Amount { return i.Counted(i.eligible) })
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range flats {
					sum += f
				}
			}
			return sum
		}
		split := rapid.IntRange(0, len(items)).Draw(t, "split")
		shuffled := rapid.Permutation(items).Draw(t, "order")
		if a, b := cost([][]Item{items}), cost([][]Item{shuffled[:split], shuffled[split:]}); a != b {
			t.Fatalf("together %s, in two claims %s", a, b)
		}
	})
}
