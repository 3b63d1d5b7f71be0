package settlement

import (
	"math"

	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/money"
)

// Reckoning is the arithmetic of one agreement-year, each step of it. Source: domain sections 4.3 to 4.5.
type Reckoning struct {
	Accepted    money.Amount `json:"accepted"`       // E
	Uncapped    money.Amount `json:"uncapped"`       // the half before the ceiling
	Ceiling     money.Amount `json:"ceiling"`        // with what was carried in
	Capped      bool         `json:"capped"`         // the ceiling binds
	Half        money.Amount `json:"half"`           // H
	Performance money.Bp     `json:"performance_bp"` // p
	CostPart    money.Amount `json:"cost_part"`      // C
	Pool        money.Amount `json:"pool"`           // H - C
	Score       money.Bp     `json:"score_bp"`
	Earned      money.Amount `json:"performance"` // floor(pool x score / 10000)
	NotEarned   money.Amount `json:"not_earned"`
	Final       money.Amount `json:"final"` // C + earned
	Own         money.Amount `json:"own"`   // E - final
	Advance     money.Amount `json:"advance"`
	Netted      money.Amount `json:"netted"` // of the advance, by claims
	Paid        money.Amount `json:"paid"`   // executed payments less repayments
	Balance     money.Amount `json:"balance"`
	Unspent     money.Amount `json:"unspent"` // ceiling - final
	CarryLimit  money.Amount `json:"carry_limit"`
}

// Reckon closes an agreement-year: its money so far, the score its KPIs earned, its original ceiling and the carry-over limit.
func Reckon(y funding.Year, score money.Bp, original money.Amount, carryOver money.Bp) (Reckoning, error) {
	half, err := y.Half(y.Cost)
	if err != nil {
		return Reckoning{}, err
	}
	open := y.Terms
	open.Ceiling = math.MaxInt64
	uncapped, err := open.Half(y.Cost)
	if err != nil {
		return Reckoning{}, err
	}
	r := Reckoning{
		Accepted: y.Cost.Sum(), Uncapped: uncapped, Ceiling: y.Ceiling, Capped: uncapped > y.Ceiling, Half: half,
		Performance: y.PerformanceBp, CostPart: y.CostPart(half), Score: score,
		Advance: y.Executed, Netted: y.Executed - y.Open, Paid: y.NetPaid(),
	}
	r.Pool = r.Half - r.CostPart
	r.Earned = r.Pool.Share(score)
	r.NotEarned = r.Pool - r.Earned
	r.Final = r.CostPart + r.Earned
	r.Own = r.Accepted - r.Final
	r.Balance = r.Final - r.Paid
	r.Unspent = r.Ceiling - r.Final
	r.CarryLimit = max(0, min(original.Share(carryOver), r.Ceiling-r.Final-r.NotEarned))
	return r, nil
}
