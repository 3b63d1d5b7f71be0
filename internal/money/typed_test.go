package money_test

import (
	"testing"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/money"
)

func TestTyped(t *testing.T) {
	for s, want := range map[string]money.Amount{"1234.56": 123456, "1.234,56": 123456, "1 234,56": 123456, "1,234.56": 123456, "€ 12": 1200, "-5,5": -550,
		"\u22125.50": -550, "12": 1200, "0,05": 5, "1.000.000": 100000000, "1,000,000.5": 100000050, "1'234.56": 123456, "1000,00": 100000, "-1.234,5": -123450} {
		if got, err := money.Typed(s); err != nil || got != want {
			t.Errorf("%q: %s %v, want %s", s, got, err, want)
		}
	}
	for _, s := range []string{"", "-", "twelve", "1.000", "2,500", "1,234", "1.005", "12,", ".", ",5.", "1.2.3", "1,23.4", "1.234,567", "1234.567,8", "1.234,567.8",
		"1e3", "0x10", "12 €a", "99999999999999999999"} {
		if got, err := money.Typed(s); !fault.Is(err, fault.KindInvalid) || got != 0 {
			t.Errorf("%q: %s %v", s, got, err)
		}
	}
}

func FuzzTyped(f *testing.F) {
	for _, s := range []string{"1.234,56", "1,000", "-€ 5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := money.Typed(s)
		if err != nil {
			return
		}
		if again, err := money.Typed(a.String()); err != nil || again != a {
			t.Errorf("%q is %s, which is %s (%v)", s, a, again, err)
		}
	})
}
