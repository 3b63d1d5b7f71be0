package money_test

import (
	"errors"
	"math/big"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/text"
)

func key(err error) text.Key {
	var f *fault.Fault
	if !errors.As(err, &f) || f.Kind != fault.KindInvalid {
		return ""
	}
	return f.Key
}

func TestParse(t *testing.T) {
	good := map[string]money.Amount{
		"0": 0, "0.00": 0, "-0": 0, "-0.0": 0, "1": 100, "1.5": 150, "1234.56": 123456, "-0.05": -5, "007": 700, "0.1": 10,
		"92233720368547758.07": money.Max, "-92233720368547758.08": money.Min, "70000.01": 7000001,
	}
	for in, want := range good {
		if got, err := money.Parse(in); err != nil || got != want {
			t.Errorf("Parse(%q) = %d, %v; want %d", in, got, err, want)
		}
	}
	for _, in := range []string{"", "-", ".", "-.", ".5", "5.", "1.234", "1,5", "1 000", "1_000", "+1", "--1", "1e3", "0x10", "١", "1.5.0", " 1", "1\n", "NaN", "Inf", "1.-5"} {
		if got, err := money.Parse(in); key(err) != "fault.money.form" || got != 0 {
			t.Errorf("Parse(%q) = %d, %v; want fault.money.form", in, got, err)
		}
	}
	for _, in := range []string{"92233720368547758.08", "-92233720368547758.09", "99999999999999999999", strings.Repeat("9", 400)} {
		if got, err := money.Parse(in); key(err) != "fault.money.overflow" || got != 0 {
			t.Errorf("Parse(%q) = %d, %v; want fault.money.overflow", in, got, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"0", "-0.05", "1234.56", "92233720368547758.07", "1.234,56", "-", "1e9"} {
		f.Add(s)
	}
	form := regexp.MustCompile(`^-?[0-9]+(\.[0-9]{1,2})?$`)
	f.Fuzz(func(t *testing.T, s string) {
		a, err := money.Parse(s)
		if err != nil {
			if form.MatchString(s) && key(err) != "fault.money.overflow" {
				t.Errorf("Parse(%q) refused: %v", s, err)
			}
			return
		}
		exact, ok := new(big.Rat).SetString(s)
		if !form.MatchString(s) || !ok || exact.Cmp(big.NewRat(int64(a), 100)) != 0 {
			t.Errorf("Parse(%q) = %d cents", s, a)
		}
		if back, err := money.Parse(a.String()); err != nil || back != a {
			t.Errorf("Parse(%q) = %d, %v", a, back, err)
		}
	})
}

func TestString(t *testing.T) {
	tests := map[money.Amount]string{0: "0.00", 5: "0.05", -5: "-0.05", 99: "0.99", 100: "1.00", -123456: "-1234.56",
		money.Max: "92233720368547758.07", money.Min: "-92233720368547758.08"}
	for a, want := range tests {
		if got := a.String(); got != want {
			t.Errorf("%d is %q, want %q", int64(a), got, want)
		}
	}
}

func TestParseReadsString(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := money.Amount(rapid.Int64().Draw(t, "a"))
		if back, err := money.Parse(a.String()); err != nil || back != a {
			t.Fatalf("Parse(%q) = %d, %v", a, int64(back), err)
		}
	})
}

func TestShow(t *testing.T) {
	const a, neg = money.Amount(911399), money.Amount(-123456789)
	tests := []struct{ got, want string }{
		{a.Show(text.NL), "9.113,99"}, {a.Show(text.EN), "9,113.99"}, {a.Show(text.FR), "9\u202f113,99"},
		{neg.Show(text.NL), "\u22121.234.567,89"}, {neg.Show(text.EN), "\u22121,234,567.89"}, {neg.Show(text.FR), "\u22121\u202f234\u202f567,89"},
		{a.ShowWhole(text.EN), "9,114"}, {money.Amount(-50).ShowWhole(text.EN), "\u22121"}, {money.Amount(-49).ShowWhole(text.EN), "0"},
		{a.Euro(text.NL), "€\u00a09.113,99"}, {a.Euro(text.EN), "€\u00a09,113.99"}, {a.Euro(text.FR), "9\u202f113,99\u00a0€"},
		{neg.Euro(text.NL), "€\u00a0\u22121.234.567,89"}, {neg.Euro(text.EN), "\u2212€\u00a01,234,567.89"}, {neg.Euro(text.FR), "\u22121\u202f234\u202f567,89\u00a0€"},
		{money.Amount(0).Euro(text.EN), "€\u00a00.00"}, {a.EuroWhole(text.EN), "€\u00a09,114"}, {money.Amount(50).EuroWhole(text.NL), "€\u00a01"},
		{money.Amount(-5).Euro(text.NL), "€\u00a0\u22120,05"}, {money.Max.Euro(text.EN), "€\u00a092,233,720,368,547,758.07"},
		{money.Bp(5000).Show(text.EN), "50\u00a0%"}, {money.Bp(1250).Show(text.NL), "12,5\u00a0%"}, {money.Bp(1).Show(text.FR), "0,01\u00a0%"},
		{money.Bp(-33).Show(text.EN), "\u22120.33\u00a0%"}, {money.Bp(0).Show(text.EN), "0\u00a0%"}, {money.Bp(10000).Show(text.EN), "100\u00a0%"},
		{text.EN.Say("date.from", text.Args{"date": a}), "from €\u00a09,113.99"}, {text.EN.Say("date.from", text.Args{"date": money.Whole}), "from 100\u00a0%"},
	}
	for i, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%d: %q, want %q", i, tt.got, tt.want)
		}
	}
}

// Two ways lead to the digits of an amount, one for tables and one for prose; they must never differ.
func TestShowAndEuroHaveTheSameDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := money.Amount(rapid.Int64().Draw(t, "a"))
		l := rapid.SampledFrom(text.Languages()).Draw(t, "l")
		bare := strings.Trim(strings.Replace(a.Euro(l), "€", "", 1), "\u00a0")
		if bare = strings.ReplaceAll(bare, "\u00a0", ""); bare != a.Show(l) {
			t.Fatalf("%s: Euro %q, Show %q", l, a.Euro(l), a.Show(l))
		}
		if whole := a.EuroWhole(l); !strings.Contains(whole, strings.TrimPrefix(a.ShowWhole(l), "\u2212")) {
			t.Fatalf("%s: EuroWhole %q, ShowWhole %q", l, whole, a.ShowWhole(l))
		}
	})
}
