// Package money is exact: amounts in minor units of the programme's one currency, rates in basis points, and the roundings that the rule
// book names. There is no floating point in it, and no currency: a programme has one, and foreign amounts are converted on entry.
package money

import (
	"math"
	"strconv"
	"strings"

	"github.com/bojanz/currency"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// Amount is a sum of money in minor units (cents).
type Amount int64

// Max and Min are the greatest and the least amount; Max serves as "no ceiling".
const (
	Max Amount = math.MaxInt64
	Min Amount = math.MinInt64
)

// Parse reads "1234.56", "1234.5", "1234" or "-0.05": digits, a point and at most two decimals, no grouping, no plus, no space. Anything else
// is invalid (fault.money.form), and so is what does not fit (fault.money.overflow); the fault names no field.
func Parse(s string) (Amount, error) {
	abs, negative := strings.CutPrefix(s, "-")
	whole, cents, dotted := strings.Cut(abs, ".")
	if !digits(whole) || dotted && (!digits(cents) || len(cents) > 2) {
		return 0, fault.Invalid("", "fault.money.form", text.Args{"found": s})
	}
	for len(cents) < 2 {
		cents += "0"
	}
	sign := ""
	if negative {
		sign = "-"
	}
	n, err := strconv.ParseInt(sign+whole+cents, 10, 64)
	if err != nil {
		return 0, fault.Invalid("", "fault.money.overflow", text.Args{"found": s})
	}
	return Amount(n), nil
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// String is the form that Parse reads, always with two decimals: "1234.56".
func (a Amount) String() string {
	s := strconv.FormatInt(int64(a), 10)
	abs, negative := strings.CutPrefix(s, "-")
	if len(abs) < 3 {
		abs = strings.Repeat("0", 3-len(abs)) + abs
	}
	s = abs[:len(abs)-2] + "." + abs[len(abs)-2:]
	if negative {
		return "-" + s
	}
	return s
}

// Show is the amount as tables show it: grouped, two decimals, minus U+2212, no currency.
func (a Amount) Show(l text.Language) string { return l.Decimal(a.String(), 2) }

// ShowWhole is the amount rounded to whole units, half away from zero; the head of the table must say so.
func (a Amount) ShowWhole(l text.Language) string { return l.Decimal(a.String(), 0) }

// Euro is the amount as prose shows it, with the sign where the language puts it and no break in between: "€ 1,234.56", "1 234,56 €".
func (a Amount) Euro(l text.Language) string { return a.euro(l, 2) }

// EuroWhole is Euro rounded to whole euros, half away from zero.
func (a Amount) EuroWhole(l text.Language) string { return a.euro(l, 0) }

// In is Euro: how an amount reads inside a message.
func (a Amount) In(l text.Language) string { return a.Euro(l) }

func (a Amount) euro(l text.Language, places uint8) string {
	v, err := currency.NewAmount(a.String(), "EUR")
	if err != nil {
		return a.Show(l) // cannot be: String is always a number
	}
	f := currency.NewFormatter(currency.NewLocale(string(l)))
	f.MinDigits, f.MaxDigits = places, places
	if l == text.EN {
		f.SymbolMap = map[string]string{"EUR": "€\u00a0"} // the house style sets a space that CLDR's English has not
	}
	return strings.ReplaceAll(f.Format(v), "-", "\u2212")
}

// Bp is a rate, a score or a share in basis points: 10000 is the whole.
type Bp int64

// Whole is 100 %.
const Whole Bp = 10_000

// Show is the rate as a percentage with as many decimals as it needs: "50 %", "12.5 %".
func (r Bp) Show(l text.Language) string {
	s := strings.TrimSuffix(Amount(r).String(), "0")
	s = strings.TrimSuffix(s, "0")
	return l.Percent(strings.TrimSuffix(s, "."), -1)
}

// In is Show: how a rate reads inside a message.
func (r Bp) In(l text.Language) string { return r.Show(l) }

func overflow() error { return fault.Invalid("", "fault.money.overflow", text.Args{"found": ""}) }
