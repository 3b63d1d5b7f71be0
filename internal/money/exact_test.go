package money_test

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/govalues/decimal"
	"pgregory.net/rapid"

	"errera.eu/errera/internal/money"
)

func TestSum(t *testing.T) {
	tests := []struct {
		in   []money.Amount
		want money.Amount
		ok   bool
	}{
		{nil, 0, true},
		{[]money.Amount{1, 2, -4}, -1, true},
		{[]money.Amount{money.Max, 1, -1}, money.Max, true}, // only the total must fit
		{[]money.Amount{money.Max, money.Max, money.Min, money.Min, 2}, 0, true},
		{[]money.Amount{money.Max, 1}, 0, false},
		{[]money.Amount{money.Min, -1}, 0, false},
		{[]money.Amount{money.Min, money.Min}, 0, false},
		{[]money.Amount{money.Max, money.Max, money.Max}, 0, false},
	}
	for _, tt := range tests {
		if got, err := money.Sum(tt.in); (err == nil) != tt.ok || got != tt.want {
			t.Errorf("Sum(%v) = %v, %v; want %v", tt.in, got, err, tt.want)
		}
	}
}

func TestSumAndAddAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SliceOf(rapid.Map(rapid.Int64(), func(n int64) money.Amount { return money.Amount(n) })).Draw(t, "in")
		exact := new(big.Int)
		for _, a := range in {
			exact.Add(exact, big.NewInt(int64(a)))
		}
		got, err := money.Sum(in)
		if exact.IsInt64() != (err == nil) || err == nil && int64(got) != exact.Int64() {
			t.Fatalf("Sum = %d, %v; want %s", int64(got), err, exact)
		}
		if len(in) == 2 {
			sum, err2 := in[0].Add(in[1])
			if (err2 == nil) != (err == nil) || sum != got {
				t.Fatalf("Add = %d, %v; Sum = %d, %v", int64(sum), err2, int64(got), err)
			}
		}
	})
}

func TestAdd(t *testing.T) {
	for _, pair := range [][2]money.Amount{{money.Max, 1}, {1, money.Max}, {money.Min, -1}, {money.Min, money.Min}} {
		if _, err := pair[0].Add(pair[1]); key(err) != "fault.money.overflow" {
			t.Errorf("%v: %v", pair, err)
		}
	}
	for _, pair := range [][2]money.Amount{{money.Max, 0}, {money.Min, 0}, {money.Max, money.Min}, {0, money.Min}, {0, 0}} {
		if got, err := pair[0].Add(pair[1]); err != nil || got != pair[0]+pair[1] {
			t.Errorf("%v: %v, %v", pair, got, err)
		}
	}
}

func TestShare(t *testing.T) {
	tests := []struct {
		a    money.Amount
		r    money.Bp
		want money.Amount
	}{
		{100, 5000, 50}, {101, 5000, 50}, {-101, 5000, -51}, {-1, 1, -1}, {1, 9999, 0}, {0, 5000, 0}, {101, -5000, -51},
		{money.Max, 10000, money.Max}, {money.Min, 10000, money.Min}, {money.Max, 5000, money.Max / 2}, {money.Min, 5000, money.Min / 2}, {7000001, 8000, 5600000},
	}
	for _, tt := range tests {
		if got := tt.a.Share(tt.r); got != tt.want {
			t.Errorf("%d.Share(%d) = %d, want %d", int64(tt.a), tt.r, int64(got), int64(tt.want))
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a share that does not fit must not pass for an amount")
		}
	}()
	money.Max.Share(10001)
}

func TestShareLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, r := money.Amount(rapid.Int64().Draw(t, "a")), money.Bp(rapid.Int64Range(0, 10000).Draw(t, "r"))
		exact := new(big.Int).Mul(big.NewInt(int64(a)), big.NewInt(int64(r)))
		exact.Div(exact, big.NewInt(10000)) // Euclidean, which is floor for a positive divisor
		if got := a.Share(r); int64(got) != exact.Int64() {
			t.Fatalf("%d.Share(%d) = %d, want %s", int64(a), r, int64(got), exact)
		}
		if half := a.Share(5000); a >= 0 && (a-2*half < 0 || a-2*half > 1) {
			t.Fatalf("0 <= E - 2H <= 1 does not hold for E = %d", int64(a))
		}
		if b := a / 2; a >= 0 && b.Share(r) > a.Share(r) {
			t.Fatalf("a larger amount has a smaller share")
		}
	})
}

func TestConvert(t *testing.T) {
	tests := []struct {
		a    money.Amount
		rate string
		want money.Amount
	}{
		{100, "1", 100}, {100, "0.895", 90}, {-100, "0.895", -90}, {100, "0.8949999", 89}, {1, "0.5", 1}, {-1, "0.5", -1}, {1, "0.4999999999999999999", 0},
		{123456, "1.1234", 138690}, {100, "0", 0}, {100, "-0.895", -90}, {money.Max, "1.0000", money.Max}, {money.Min, "1", money.Min}, {3, "0.3333333333333333333", 1},
	}
	for _, tt := range tests {
		if got, err := tt.a.Convert(decimal.MustParse(tt.rate)); err != nil || got != tt.want {
			t.Errorf("%d.Convert(%s) = %d, %v; want %d", int64(tt.a), tt.rate, int64(got), err, int64(tt.want))
		}
	}
	for _, a := range []money.Amount{money.Max, money.Min} {
		if _, err := a.Convert(decimal.MustParse("1.1")); key(err) != "fault.money.overflow" {
			t.Errorf("%d x 1.1: %v", int64(a), err)
		}
	}
}

func TestConvertIsExactAndSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := money.Amount(rapid.Int64Range(-1<<50, 1<<50).Draw(t, "a"))
		rate, err := decimal.New(rapid.Int64Range(0, 9_999_999).Draw(t, "coef"), rapid.IntRange(0, 12).Draw(t, "scale"))
		if err != nil {
			t.Fatal(err)
		}
		got, err := a.Convert(rate)
		back, errBack := (-a).Convert(rate)
		if (err == nil) != (errBack == nil) || got != -back {
			t.Fatalf("not symmetric: %d, %d", int64(got), int64(back))
		}
		exact, _ := new(big.Rat).SetString(rate.String())
		exact.Mul(exact, new(big.Rat).SetInt64(int64(a)))
		if want := exact.FloatString(0); err == nil && big.NewInt(int64(got)).String() != want && want != "-0" {
			t.Fatalf("%d x %s = %d, want %s", int64(a), rate, int64(got), want)
		}
	})
}

func TestParseRate(t *testing.T) {
	if r, err := money.ParseRate("0.8931"); err != nil || r.String() != "0.8931" {
		t.Errorf("%v, %v", r, err)
	}
	for _, in := range []string{"", "0", "-1", "x", "1,5"} {
		if _, err := money.ParseRate(in); key(err) != "fault.rate.form" {
			t.Errorf("ParseRate(%q): %v", in, err)
		}
	}
}

func TestRoundAndFloorDiv(t *testing.T) {
	tests := []struct {
		num, den, round, floor int64
	}{
		{1, 2, 1, 0}, {-1, 2, -1, -1}, {1, -2, -1, -1}, {-1, -2, 1, 0}, {5, 3, 2, 1}, {4, 3, 1, 1}, {-4, 3, -1, -2}, {0, 7, 0, 0}, {7, 7, 1, 1},
		{math.MaxInt64, 1, math.MaxInt64, math.MaxInt64}, {math.MinInt64, 1, math.MinInt64, math.MinInt64}, {math.MaxInt64, math.MinInt64, -1, -1},
	}
	for _, tt := range tests {
		if got, err := money.Round(tt.num, tt.den); err != nil || got != tt.round {
			t.Errorf("Round(%d, %d) = %d, %v; want %d", tt.num, tt.den, got, err, tt.round)
		}
		if got, err := money.FloorDiv(tt.num, tt.den); err != nil || got != tt.floor {
			t.Errorf("FloorDiv(%d, %d) = %d, %v; want %d", tt.num, tt.den, got, err, tt.floor)
		}
	}
	for _, den := range []int64{0, -1} {
		if _, err := money.Round(math.MinInt64, den); key(err) != "fault.money.overflow" {
			t.Errorf("Round(min, %d): %v", den, err)
		}
		if _, err := money.FloorDiv(math.MinInt64, den); key(err) != "fault.money.overflow" {
			t.Errorf("FloorDiv(min, %d): %v", den, err)
		}
	}
}

func TestMulDivFloorIsExact(t *testing.T) {
	edges := []int64{0, 1, -1, 2, -2, 3, 31, 10000, math.MaxInt64, math.MinInt64, math.MaxInt64 - 1, math.MinInt64 + 1, 1 << 32, -1 << 32}
	number := rapid.OneOf(rapid.SampledFrom(edges), rapid.Int64(), rapid.Int64Range(-20000, 20000))
	check := func(a, b, c int64) (int64, *big.Int, error) {
		got, err := money.MulDivFloor(a, b, c)
		if c == 0 {
			return got, nil, err
		}
		quotient, rest := new(big.Int).QuoRem(new(big.Int).Mul(big.NewInt(a), big.NewInt(b)), big.NewInt(c), new(big.Int))
		if rest.Sign() != 0 && (rest.Sign() < 0) != (c < 0) {
			quotient.Sub(quotient, big.NewInt(1))
		}
		return got, quotient, err
	}
	right := func(got int64, err error, exact *big.Int) bool {
		if exact == nil || !exact.IsInt64() {
			return key(err) == "fault.money.overflow" && got == 0
		}
		return err == nil && got == exact.Int64()
	}
	for _, a := range edges {
		for _, b := range edges {
			for _, c := range edges {
				if got, exact, err := check(a, b, c); !right(got, err, exact) {
					t.Errorf("MulDivFloor(%d, %d, %d) = %d, %v; want %v", a, b, c, got, err, exact)
				}
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := number.Draw(t, "a"), number.Draw(t, "b"), number.Draw(t, "c")
		if got, exact, err := check(a, b, c); !right(got, err, exact) {
			t.Fatalf("MulDivFloor(%d, %d, %d) = %d, %v; want %v", a, b, c, got, err, exact)
		}
	})
}

func TestAllocate(t *testing.T) {
	type parts = []money.Amount
	tests := []struct {
		total   money.Amount
		weights []int64
		want    parts
	}{
		{100, []int64{1, 1, 1}, parts{34, 33, 33}}, // the tie goes to the lead
		{101, []int64{1, 1, 1}, parts{34, 34, 33}},
		{-100, []int64{1, 1, 1}, parts{-34, -33, -33}},
		{100, []int64{2, 1}, parts{67, 33}},
		{100, []int64{1, 2}, parts{33, 67}},
		{1, []int64{1, 1}, parts{1, 0}},
		{10, []int64{3, 3, 1}, parts{4, 4, 2}}, // 4.28 4.28 1.43: the cent goes to the largest remainder, the last
		{0, []int64{5, 1}, parts{0, 0}},
		{7, []int64{0, 1, 0}, parts{0, 7, 0}},
		{7, []int64{0, 0}, parts{7, 0}},
		{7, []int64{-3, 1}, parts{0, 7}},
		{7, []int64{5}, parts{7}},
		{7, nil, nil},
		{money.Max, []int64{math.MaxInt64, math.MaxInt64}, parts{money.Max/2 + 1, money.Max / 2}},
		{money.Min, []int64{1}, parts{money.Min}},
		{money.Min, []int64{1, 1}, parts{money.Min / 2, money.Min / 2}},
	}
	for _, tt := range tests {
		if got := money.Allocate(tt.total, tt.weights); !slices.Equal(got, tt.want) {
			t.Errorf("Allocate(%d, %v) = %v, want %v", int64(tt.total), tt.weights, got, tt.want)
		}
	}
}

func TestAllocateLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := money.Amount(rapid.Int64Min(math.MinInt64+1).Draw(t, "total"))
		weights := rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(0, 10), rapid.Int64Min(0)), 1, 12).Draw(t, "weights")
		parts := money.Allocate(total, weights)
		if sum, err := money.Sum(parts); err != nil || sum != total || len(parts) != len(weights) {
			t.Fatalf("parts %v add up to %d, %v; total %d", parts, int64(sum), err, int64(total))
		}
		for i, p := range money.Allocate(-total, weights) {
			if p != -parts[i] {
				t.Fatalf("a credit note does not cancel its invoice: %v", parts)
			}
		}
		whole := new(big.Int)
		for _, w := range weights {
			whole.Add(whole, big.NewInt(w))
		}
		if whole.Sign() == 0 {
			return
		}
		for i, w := range weights {
			// |part x whole - total x weight| < whole: less than a cent from the exact share
			off := new(big.Int).Mul(big.NewInt(int64(parts[i])), whole)
			off.Sub(off, new(big.Int).Mul(big.NewInt(int64(total)), big.NewInt(w)))
			if off.CmpAbs(whole) >= 0 {
				t.Fatalf("part %d is a cent or more from its share: %v of %v", i, parts, weights)
			}
			for j := range i {
				if weights[j] == w && (total >= 0 && parts[j] < parts[i] || total < 0 && parts[j] > parts[i]) {
					t.Fatalf("of two equal weights the later got more: %v of %v", parts, weights)
				}
			}
		}
	})
}
