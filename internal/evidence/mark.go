package evidence

import (
	"slices"
	"strings"

	"errera.eu/errera/internal/money"
)

// MarksOf lists what a row of a kind may be marked with: how far an investment is, what became of a site, whether a referral was done within
// its term, whether an export was the company's first, whether a strategy was written down.
func MarksOf(k Kind) []string {
	switch k {
	case Participation:
		return []string{"first-time"}
	case Strategy:
		return []string{"written"}
	case Knowledge:
		return []string{"shared", "used"}
	case Referral:
		return []string{"in-time", "late"}
	case Media:
		return []string{"image", "trade-press"}
	case Win:
		return []string{"confirmed", "first-export"}
	case Entry:
		return []string{"first-export"}
	case Investment:
		return []string{"announced", "contracted", "realised"}
	case Retention:
		return []string{"closed", "reduced", "retained"}
	}
	return nil
}

// Marks lists the marks of all kinds, each once, by name.
func Marks() []string {
	var all []string
	for _, k := range Kinds() {
		all = append(all, MarksOf(k)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Marked tells whether the row bears a mark.
func (r *Row) Marked(mark string) bool { return strings.Contains(r.Marks, " "+mark+" ") }

// Adjusts tells whether net can be an amount less what would have happened anyway: from nothing to the whole of it, with the same sign.
func Adjusts(amount *money.Amount, net money.Amount) bool {
	return amount != nil && (net >= 0 && net <= *amount || net <= 0 && net >= *amount)
}
