package books

import (
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/web/frame"
)

// flow is the money of a settlement drawn to one scale: the cost, who bears it, what was paid of the agency's part. Lengths are tenths of
// the drawing's units.
type flow struct {
	Width             int64
	Agency            int64 // where the agency's part ends
	Own, Lost         bar   // the partner's part, and within it what KPIs did not earn
	Paid              []bar
	Due               bar // still due; nothing when all was paid
	Over              bar // paid beyond the agency's part
	NarrowAgency      bool
	Whole, Contribute money.Amount
}

// bar is a length that stands for an amount.
type bar struct {
	X, W   int64
	Label  string
	Amount money.Amount
	Split  bool // the label needs two lines
	Bare   bool // no room for a label
}

func (b bar) x() string { return frame.Tenth(b.X) }

func (b bar) w() string { return frame.Tenth(b.W) }

// gap keeps neighbours apart.
const gap = 10

// flowOf draws a statement in a width of whole units; nil when there is no cost to draw.
func flowOf(p frame.Page, s report.Statement, width int64) *flow {
	r := s.Working.Reckoning
	whole := max(r.Accepted, r.Paid)
	if r.Accepted <= 0 || r.Own < 0 || whole <= 0 {
		return nil
	}
	f := &flow{Width: width * 10, Whole: r.Accepted, Contribute: r.Final}
	at := func(a money.Amount) int64 {
		n, err := money.MulDivFloor(int64(max(a, 0)), width*10, int64(whole))
		if err != nil {
			return 0
		}
		return n
	}
	f.Agency = at(r.Final)
	f.NarrowAgency = f.Agency < 2400
	f.Own = bar{X: f.Agency + 2*gap, W: max(at(r.Accepted)-f.Agency-2*gap, 0), Amount: r.Own}
	lost := at(min(r.NotEarned, r.Own))
	f.Lost = bar{X: at(r.Accepted) - lost, W: lost, Amount: r.NotEarned}
	f.Own.W = max(f.Own.W-lost, 0)
	end := int64(0)
	var sum money.Amount
	for _, b := range paidBars(p, s) {
		sum += b.Amount
		b.X, b.W = end, max(at(sum)-end-gap, gap)
		b.Split = b.W < int64(len(b.Label)+len(p.Money(b.Amount))+1)*62
		b.Bare = b.W < int64(max(len(b.Label), len(p.Money(b.Amount))))*60
		end = at(sum)
		f.Paid = append(f.Paid, b)
	}
	switch {
	case r.Balance > 0:
		f.Due = bar{X: end + 2, W: max(f.Agency-end-4, 2*gap), Amount: r.Balance}
	case r.Balance < 0:
		f.Over = bar{X: f.Agency, W: max(end-f.Agency, 2*gap), Amount: -r.Balance}
	}
	return f
}

// paidBars are the payments in their order; with repayments only what is left of them, in one.
func paidBars(p frame.Page, s report.Statement) []bar {
	if s.Working.Opening != nil { // what was paid before the year was taken over has no payments here
		return []bar{{Label: p.T("statement.flow_net"), Amount: s.Working.Reckoning.Paid}}
	}
	var out []bar
	numbers := map[string]int{}
	for _, c := range s.Working.Claims {
		numbers[string(c.Claim)] = c.Number
	}
	for _, x := range s.Working.Payments {
		label := p.T("statement.flow_advance")
		switch x.Kind {
		case funding.ClaimPayment:
			label = p.T("statement.flow_claim", "number", numbers[string(x.Claim)])
		case funding.BalancePayment:
			label = p.T("statement.flow_balance")
		case funding.Repayment:
			return []bar{{Label: p.T("statement.flow_net"), Amount: s.Working.Reckoning.Paid}}
		}
		out = append(out, bar{Label: label, Amount: x.Amount})
	}
	return out
}

// end is where what was paid ends.
func (f *flow) end() int64 {
	if n := len(f.Paid); n > 0 {
		return f.Paid[n-1].X + f.Paid[n-1].W
	}
	return 0
}
