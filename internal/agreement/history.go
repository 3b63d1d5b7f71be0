package agreement

import (
	"math/big"

	"errera.eu/errera/internal/period"
)

// History is what a partner attained of its KPIs in the years that are over, by the code of the KPI: kpi fills it, the checks of a document
// and renewal read it.
type History map[string][]Attained

// Attained is a year of a KPI: what was promised and what evidence shows.
type Attained struct {
	Year   period.Year
	Value  *big.Rat // verified as the KPI asks; nil when nothing was reported, or too little to say
	Target *big.Rat // in force on the last day of the year; nil not due
}

// Values are the years of a KPI that have a value, in order.
func (h History) Values(kpi string) []Attained {
	var all []Attained
	for _, a := range h[kpi] {
		if a.Value != nil {
			all = append(all, a)
		}
	}
	return all
}

// Best is the highest value of a KPI in a year, or the lowest where down is better; nil when it never had one.
func (h History) Best(kpi string, down bool) *big.Rat {
	var best *big.Rat
	for _, a := range h.Values(kpi) {
		if best == nil || a.Value.Cmp(best) > 0 != down && a.Value.Cmp(best) != 0 {
			best = a.Value
		}
	}
	return best
}
