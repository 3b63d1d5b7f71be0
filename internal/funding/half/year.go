package half

import (
	"errors"

	"errera.eu/errera/internal/money"
)

// Year is the money of one agreement-year so far. It is folded from facts in their order and knows no SQL; the same fold books an
// import and checks a verb.
type Year struct {
	Terms
	Cost        RatedCost    // accepted in approved claims, less what corrections struck
	Due         money.Amount // sum of the dues of approved claims and corrections: always Terms.Due(Cost)
	Advance     money.Amount // ordered in all
	Executed    money.Amount // of the advance
	Open        money.Amount // executed and not yet netted, recovered or declared unused
	Payable     money.Amount // due, neither netted nor paid (without an advance that is ordered only)
	InTransit   money.Amount // of Payable: ordered and on its way, no longer there to be netted
	Recoverable money.Amount // owed back
	Paid        money.Amount // executed payments, advance included
	Repaid      money.Amount
}

// Step is what approving or correcting does to a year's money.
type Step struct {
	Cost        money.Amount // accepted cost added (below zero: struck)
	Due         money.Amount // C(after) - C(before)
	FromAdvance money.Amount // of a due above zero, netted against the open advance
	FromOwed    money.Amount // of a due above zero, netted against what the partner owes back
	FromUnpaid  money.Amount // of a due below zero, netted against unpaid claims
	ToPay       money.Amount // of a due above zero, to be paid
	OwedBack    money.Amount // of a due below zero, recoverable
}

// Approve adds the accepted cost of a claim. Source: domain sections 4.4, 4.6, 4.7.
func (y Year) Approve(cost RatedCost) (Year, Step, error) {
	after := y.Cost
	for rate, c := range cost {
		after = after.Plus(rate, c)
	}
	return y.move(after, cost.Sum())
}

// Correct strikes accepted cost (above zero) at its frozen rate after payment. Source: domain section 4.9.
func (y Year) Correct(rate money.Bp, cost money.Amount) (Year, Step, error) {
	if cost <= 0 || cost > y.Cost[rate] {
		return y, Step{}, ErrCorrection
	}
	return y.move(y.Cost.Plus(rate, -cost), -cost)
}

// Final is what the cost accepted so far comes to with a score: its cost part, and what the pool earned. Source: domain section 4.5.
func (t Terms) Final(c RatedCost, score money.Bp) (money.Amount, error) {
	h, err := t.Half(c)
	part := t.CostPart(h)
	return part + (h - part).Share(score), err
}

// Adjust strikes accepted cost (above zero) at its frozen rate after the year was finally settled with a score. Source: domain section 4.9.
func (y Year) Adjust(rate money.Bp, cost money.Amount, score money.Bp) (Step, error) {
	if cost <= 0 || cost > y.Cost[rate] {
		return Step{}, ErrCorrection
	}
	before, err := y.Terms.Final(y.Cost, score)
	if err != nil {
		return Step{}, err
	}
	after, err := y.Terms.Final(y.Cost.Plus(rate, -cost), score)
	if err != nil {
		return Step{}, err
	}
	s := Step{Cost: -cost, Due: after - before}
	s.FromUnpaid = min(-s.Due, max(0, y.Payable-y.InTransit))
	s.OwedBack = -s.Due - s.FromUnpaid
	return s, nil
}

// ErrCorrection says that a correction strikes nothing, or more than was accepted.
var ErrCorrection = errors.New("half: a correction lies between one cent and the accepted cost")

func (y Year) move(after RatedCost, cost money.Amount) (Year, Step, error) {
	due, err := y.Terms.Due(after)
	if err != nil {
		return y, Step{}, err
	}
	s := Step{Cost: cost, Due: due - y.Due}
	y.Cost, y.Due = after, due
	if s.Due < 0 {
		s.FromUnpaid = min(-s.Due, max(0, y.Payable-y.InTransit))
		s.OwedBack = -s.Due - s.FromUnpaid
		y.Payable -= s.FromUnpaid
		y.Recoverable += s.OwedBack
		return y, s, nil
	}
	y, s.FromAdvance, s.FromOwed, s.ToPay = y.credit(s.Due)
	return y, s, nil
}

// credit uses an amount due to the partner: the open advance first, then what the partner owes back; the rest is to be paid.
func (y Year) credit(due money.Amount) (_ Year, fromAdvance, fromOwed, toPay money.Amount) {
	fromAdvance = min(due, y.Open)
	fromOwed = min(due-fromAdvance, y.Recoverable)
	toPay = due - fromAdvance - fromOwed
	y.Open -= fromAdvance
	y.Recoverable -= fromOwed
	y.Payable += toPay
	return y, fromAdvance, fromOwed, toPay
}

// Closing is what finalising a settlement does to a year's money.
type Closing struct {
	Performance money.Amount
	FromAdvance money.Amount
	FromOwed    money.Amount
	ToPay       money.Amount // of the performance part
	Unused      money.Amount // open advance that turns recoverable
	Left        money.Amount // of the ceiling, to be decommitted or carried over
}

// Close books the performance part of a settled year. Source: domain section 4.5.
func (y Year) Close(performance money.Amount) (Year, Closing) {
	c := Closing{Performance: performance, Left: y.Ceiling - y.Due - performance}
	y, c.FromAdvance, c.FromOwed, c.ToPay = y.credit(performance)
	c.Unused = y.Open
	y.Open = 0
	y.Recoverable += c.Unused
	if net := min(y.Payable, y.Recoverable); net > 0 { // an unused advance pays what is still unpaid
		y.Payable -= net
		y.Recoverable -= net
		c.FromOwed += net
	}
	return y, c
}

// NetPaid is what left the agency's bank and did not come back.
func (y Year) NetPaid() money.Amount { return y.Paid - y.Repaid }
