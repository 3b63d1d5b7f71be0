package renewal

import (
	"cmp"
	"math/big"
	"slices"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Basis says what a proposal rests on.
type Basis string

// The bases: years that were attained, the last target because nothing was, or nothing at all.
const (
	FromYears  Basis = "years"
	FromTarget Basis = "target"
	FromNone   Basis = "none"
)

// Key says it in a sentence.
func (b Basis) Key() text.Key { return text.Key("renewal.basis." + string(b)) }

// Proposal is a KPI's baseline and targets for the next round, with what they come from. Both sides negotiate it like any other number.
type Proposal struct {
	Basis    Basis
	Attained []agreement.Attained // the years that have a value
	Median   *big.Rat             // of the attained years; nil on no basis
	Trend    *big.Rat             // a year, in the KPI's direction
	Baseline *big.Rat
	Targets  map[period.Year]*big.Rat
}

// maxTrend is the most of the median by which targets grow a year: evidence of a few years carries no further promise.
var maxTrend = big.NewRat(1, 20)

// Propose proposes a baseline and targets for the years of the next round from what was attained in this one.
//
// The baseline is the median of the attained years. The target of the k-th year is that median plus k times the trend. The trend is the
// median of the slopes between every two attained years (Theil 1950, Sen 1968), so that one odd year decides nothing; it counts from
// three attained years on, only in the KPI's direction (nobody is asked to promise less than it attains) and at most 5 % of the median a
// year. All are rounded half away from zero to two significant digits, and to the KPI's decimals where those are coarser; a decreasing
// KPI stops at zero, and a level target is at least one unit of its last decimal.
//
// With no attained year the last target is carried over as it was, and the baseline with it.
func Propose(d *kpi.Definition, rule kpi.Rule, past []agreement.Attained, last *big.Rat, baseline *big.Rat, years []period.Year) Proposal {
	p := Proposal{Basis: FromNone, Trend: new(big.Rat), Baseline: baseline, Targets: map[period.Year]*big.Rat{}}
	for _, a := range past {
		if a.Value != nil {
			p.Attained = append(p.Attained, a)
		}
	}
	if len(p.Attained) == 0 {
		if last != nil {
			p.Basis = FromTarget
			for _, y := range years {
				p.Targets[y] = last
			}
		}
		return p
	}
	p.Basis, p.Median, p.Trend = FromYears, medianOf(p.Attained), trendOf(p.Attained, d.Direction)
	p.Baseline = rounded(p.Median, d.Decimals)
	for k, y := range years {
		v := new(big.Rat).Mul(p.Trend, big.NewRat(int64(k+1), 1))
		v = rounded(v.Add(v, p.Median), d.Decimals)
		if v.Sign() < 0 && p.Median.Sign() >= 0 {
			v = new(big.Rat)
		}
		if unit := unitOf(d.Decimals); rule == kpi.Level && v.Cmp(unit) < 0 {
			v = unit
		}
		p.Targets[y] = v
	}
	return p
}

func medianOf(past []agreement.Attained) *big.Rat {
	var all []*big.Rat
	for _, a := range past {
		all = append(all, a.Value)
	}
	return median(all)
}

func median(all []*big.Rat) *big.Rat {
	all = slices.SortedFunc(slices.Values(all), func(a, b *big.Rat) int { return a.Cmp(b) })
	n := len(all)
	if n%2 == 1 {
		return all[n/2]
	}
	mid := new(big.Rat).Add(all[n/2-1], all[n/2])
	return mid.Quo(mid, big.NewRat(2, 1))
}

func trendOf(past []agreement.Attained, d kpi.Direction) *big.Rat {
	if len(past) < 3 {
		return new(big.Rat)
	}
	past = slices.SortedFunc(slices.Values(past), func(a, b agreement.Attained) int { return cmp.Compare(a.Year, b.Year) })
	var slopes []*big.Rat
	for i, a := range past {
		for _, b := range past[i+1:] {
			slope := new(big.Rat).Sub(b.Value, a.Value)
			slopes = append(slopes, slope.Quo(slope, big.NewRat(int64(b.Year-a.Year), 1)))
		}
	}
	slope := median(slopes)
	if (d == kpi.Down && slope.Sign() > 0) || (d != kpi.Down && slope.Sign() < 0) {
		return new(big.Rat)
	}
	most := new(big.Rat).Mul(medianOf(past), maxTrend)
	most.Abs(most)
	switch {
	case slope.Cmp(most) > 0:
		return most
	case slope.Cmp(new(big.Rat).Neg(most)) < 0:
		return most.Neg(most)
	}
	return slope
}

func unitOf(decimals int) *big.Rat {
	return new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil))
}

// rounded is v to two significant digits or to the decimals, whichever is coarser, half away from zero.
func rounded(v *big.Rat, decimals int) *big.Rat {
	unit := unitOf(decimals)
	size := new(big.Rat).Abs(v)
	for hundred := new(big.Rat).Mul(unit, big.NewRat(100, 1)); size.Cmp(hundred) >= 0; hundred.Mul(unit, big.NewRat(100, 1)) {
		unit.Mul(unit, big.NewRat(10, 1))
	}
	steps := new(big.Rat).Quo(v, unit)
	whole, _ := new(big.Rat).SetString(steps.FloatString(0))
	return whole.Mul(whole, unit)
}
