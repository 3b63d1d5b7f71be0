// Package half reckons the even half of an agreement-year: what accepted cost entitles to, what an advance or a debt takes of it, what closing
// the year pays. Values in, values out: it knows neither claims nor SQL.
package half

import (
	"math/big"

	"errera.eu/errera/internal/money"
)

// RatedCost is accepted cost that shares one contribution rate (the rate in force on the item's date).
type RatedCost map[money.Bp]money.Amount

// Sum is the accepted cost over all rates, E in domain section 4.3.
func (c RatedCost) Sum() money.Amount {
	var sum money.Amount
	for _, a := range c {
		sum += a
	}
	return sum
}

// Plus is c with cost added at a rate; c itself stays as it is.
func (c RatedCost) Plus(rate money.Bp, cost money.Amount) RatedCost {
	out := make(RatedCost, len(c)+1)
	for r, a := range c {
		out[r] = a
	}
	out[rate] += cost
	return out
}

// Terms are what an agreement-year promises to pay at most, and how much of the half hangs on KPIs.
type Terms struct {
	Ceiling       money.Amount // with what was carried into the year
	PerformanceBp money.Bp     // p of domain section 4.4
}

// Half is the even half H of the cost accepted so far: min(ceiling, floor(max(0, sum of cost x rate) / 10000)). It is taken on
// the cumulative sum, so that nothing drifts. Source: domain section 4.3.
func (t Terms) Half(c RatedCost) (money.Amount, error) {
	sum := new(big.Int)
	for rate, cost := range c {
		sum.Add(sum, new(big.Int).Mul(big.NewInt(int64(cost)), big.NewInt(int64(rate))))
	}
	if sum.Sign() <= 0 {
		return 0, nil
	}
	sum.Quo(sum, big.NewInt(10_000))
	if sum.Cmp(big.NewInt(int64(t.Ceiling))) >= 0 {
		return t.Ceiling, nil
	}
	return money.Amount(sum.Int64()), nil
}

// CostPart is C, what of the half is paid for cost alone; the rest is the pool that KPIs earn. Source: domain section 4.4.
func (t Terms) CostPart(half money.Amount) money.Amount {
	return half.Share(10_000 - t.PerformanceBp)
}

// Due is what the cost accepted so far entitles to before KPIs: C of its half.
func (t Terms) Due(c RatedCost) (money.Amount, error) {
	h, err := t.Half(c)
	if err != nil {
		return 0, err
	}
	return t.CostPart(h), nil
}
