package kpi

import (
	"math/big"

	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/money"
)

// Pool is what of a year's ceiling hangs on the score, were all of it spent (domain section 4.4).
func Pool(ceiling money.Amount, performance money.Bp) money.Amount {
	return ceiling - funding.Terms{Ceiling: ceiling, PerformanceBp: performance}.CostPart(ceiling)
}

// StakeOf is what a KPI could still add to the performance part of a partner's year at its full ceiling: the pool at the score that the partner
// would have with this KPI paid in full, less the pool at today's score.
func StakeOf(p *PartnerRow, d *Definition, ceiling money.Amount, performance money.Bp) money.Amount {
	cells, found := p.Agreed(), false
	for i := range cells {
		if cells[i].KPI.ID == d.ID && cells[i].Assignment != nil {
			found = true
			cells[i].PayoutBp = cells[i].Assignment.Cap()
		}
	}
	if !found {
		return 0
	}
	pool := Pool(ceiling, performance)
	return max(pool.Share(money.Bp(Score(cells)))-pool.Share(money.Bp(p.ScoreBp)), 0)
}

// Unearned is what a partner would leave of the pool if its KPIs ended the year at these values, by their codes.
func Unearned(p *PartnerRow, expected map[string]*big.Rat, ceiling money.Amount, performance money.Bp) money.Amount {
	pool := Pool(ceiling, performance)
	return pool - pool.Share(money.Bp(Score(Suppose(p.Agreed(), expected))))
}
