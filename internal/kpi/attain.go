package kpi

import (
	"math"
	"math/big"

	"errera.eu/errera/internal/text"
)

// Rule says against what attainment is measured (domain section 5.4).
type Rule string

// The rules. Level compares with the target, progress with the way from baseline to target, hold asks not to fall back.
const (
	Level    Rule = "level"
	Progress Rule = "progress"
	Hold     Rule = "hold"
)

// Rules lists all of them.
func Rules() []Rule { return []Rule{Level, Progress, Hold} }

// Key names the rule in the catalogue.
func (r Rule) Key() text.Key { return text.Key("kpi.rule." + string(r)) }

// Whole is a promise kept, in basis points.
const Whole = 10_000

// Attain tells in basis points, exactly and uncapped, how far the actual value keeps the target.
//
// Level is actual / target. Progress is (actual - baseline) / (target - baseline), the same for both directions; where the target is the
// baseline it is hold. Hold is 10000 when the actual value is at or beyond the target in the KPI's direction, else level; for a decreasing
// KPI floor(target x 10000 / actual). Level is defined for increasing KPIs with a target above 0 alone, and Assignment.Check refuses others;
// should one come by all the same, it is held: a target of 0 is kept by any value at or beyond it, and a miss below or of 0 is worth 0.
func Attain(rule Rule, d Direction, baseline, target, actual *big.Rat) *big.Rat {
	switch {
	case rule == Progress && baseline.Cmp(target) != 0:
		way := new(big.Rat).Sub(target, baseline)
		done := new(big.Rat).Sub(actual, baseline)
		return bps(done.Quo(done, way))
	case rule == Level && d == Up && target.Sign() > 0:
		return bps(new(big.Rat).Quo(actual, target))
	}
	return held(d, target, actual)
}

func held(d Direction, target, actual *big.Rat) *big.Rat {
	there := actual.Cmp(target) >= 0
	over, under := actual, target
	if d == Down {
		there = actual.Cmp(target) <= 0
		over, under = target, actual
	}
	switch {
	case there:
		return big.NewRat(Whole, 1)
	case over.Sign() <= 0 || under.Sign() <= 0:
		return new(big.Rat)
	}
	a := bps(new(big.Rat).Quo(over, under))
	if d == Down {
		a.SetInt(floor(a))
	}
	return a
}

func bps(r *big.Rat) *big.Rat { return r.Mul(r, big.NewRat(Whole, 1)) }

// floor is towards minus infinity: Euclidean division with a positive divisor.
func floor(r *big.Rat) *big.Int { return new(big.Int).Div(r.Num(), r.Denom()) }

// Floor is a value in whole basis points for display and for storing, towards minus infinity, held within 64 bits.
func Floor(r *big.Rat) int64 {
	n := floor(r)
	switch {
	case n.IsInt64():
		return n.Int64()
	case n.Sign() < 0:
		return math.MinInt64
	}
	return math.MaxInt64
}

// Payout is what an attainment earns, in basis points: clamp(floor((a - f) x 10000 / (10000 - f)), 0, 10000) with the exact attainment and
// a floor f from 0 to 9999 (domain section 5.5).
func Payout(attainment *big.Rat, floorBp int64) int64 {
	a := new(big.Rat).Sub(attainment, big.NewRat(floorBp, 1))
	a.Mul(a, big.NewRat(Whole, Whole-floorBp))
	return min(max(Floor(a), 0), Whole)
}

// Score is floor(sum of weight x payout / sum of weights) in basis points. Waived and not-due cells leave the weights; not reported and a
// sample too small pay nothing; without any weight left the score is whole (domain section 5.5).
func Score(cells []Cell) int64 {
	earned, weights := new(big.Int), int64(0)
	for i := range cells {
		c := &cells[i]
		if !c.Status.Weighs() {
			continue
		}
		weights += c.Weight
		earned.Add(earned, new(big.Int).Mul(big.NewInt(c.Weight), big.NewInt(c.PayoutBp)))
	}
	if weights == 0 {
		return Whole
	}
	return earned.Div(earned, big.NewInt(weights)).Int64()
}

// Together is the weighted attainment of a partner's cells in basis points, and false when nothing counts. Each promise counts up to whole:
// a surplus on one does not keep another. Waived, not-due and too small samples leave the weights, for they say nothing; not reported
// counts as 0.
func Together(cells []*Cell) (int64, bool) {
	sum, weights := new(big.Rat), int64(0)
	for _, c := range cells {
		if c == nil || !c.Status.Weighs() || c.Status == SmallSample {
			continue
		}
		weights += c.Weight
		if c.Attainment == nil {
			continue
		}
		a := c.Attainment
		if a.Cmp(big.NewRat(Whole, 1)) > 0 {
			a = big.NewRat(Whole, 1)
		}
		if a.Sign() > 0 {
			sum.Add(sum, new(big.Rat).Mul(a, big.NewRat(c.Weight, 1)))
		}
	}
	if weights == 0 {
		return 0, false
	}
	return Floor(sum.Quo(sum, big.NewRat(weights, 1))), true
}
