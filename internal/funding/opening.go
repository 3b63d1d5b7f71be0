package funding

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// OpeningFacts is a balance taken over, debit above zero.
type OpeningFacts struct {
	Account ledger.Account
	Amount  money.Amount
}

// Opening is the money with which an agreement-year was taken over half-way, as its opening balances tell it. The claims, payments and
// corrections behind it stayed in other books. Source: domain section 3, opening balances.
type Opening struct {
	Rate    money.Bp     `json:"rate_bp"` // of the cost: that in force on the first day of the year
	Cost    money.Amount `json:"cost"`    // accepted so far
	Due     money.Amount `json:"due"`     // for it: the cost part of its half
	Paid    money.Amount `json:"paid"`    // left the bank, less what came back, advance included
	Advance money.Amount `json:"advance"` // executed and still open
	Unpaid  money.Amount `json:"unpaid"`  // due and not paid yet: it leaves with the balance
	Owed    money.Amount `json:"owed"`    // the partner owes it back
}

// OpeningAccounts are those in which a balance can be taken over. What a settlement accrued elsewhere or a decision wrote off is not taken
// over, and envelopes are voted here.
func OpeningAccounts() []ledger.Account {
	return []ledger.Account{ledger.Advances, ledger.Recoverable, ledger.Bank, ledger.Payable, ledger.Contribution, ledger.EquityOpening,
		ledger.Committed, ledger.Consumed, ledger.MemoCost, ledger.MemoOwn, ledger.MemoContribution}
}

// OpeningRate is the rate at which cost was accepted before a year was taken over: that in force on its first day, or the programme's first.
func OpeningRate(rules programme.Rules, year period.Year) money.Bp {
	rule, found := rules.InForce(year.First())
	if !found && len(rules) > 0 {
		rule = rules[0]
	}
	return rule.RateBp
}

// OpeningOf sums up balances taken over, at the rate of their cost.
func OpeningOf(all []OpeningFacts, rate money.Bp) Opening {
	sums := map[ledger.Account]money.Amount{}
	for _, o := range all {
		sums[o.Account] += o.Amount
	}
	return Opening{Rate: rate, Cost: sums[ledger.MemoCost], Due: sums[ledger.Contribution], Paid: -sums[ledger.Bank],
		Advance: sums[ledger.Advances], Unpaid: -sums[ledger.Payable], Owed: sums[ledger.Recoverable]}
}

// Begin is the year's money with what was taken over in it.
func (o Opening) Begin(y Year) Year {
	if o.Cost != 0 {
		y.Cost = y.Cost.Plus(o.Rate, o.Cost)
	}
	y.Due += o.Due
	y.Paid += o.Paid
	y.Advance += o.Advance
	y.Executed += o.Advance
	y.Open += o.Advance
	y.Payable += o.Unpaid
	y.Recoverable += o.Owed
	return y
}

var loadOpening = db.SQL("funding.opening.load",
	`select p.account, p.amount from entry e cross join posting p
	 where p.programme_id = e.programme_id and p.entry_id = e.id and e.programme_id = $1 and e.key = $2`)

// OpeningKey names the entry that takes balances over into an agreement-year.
func OpeningKey(a id.Agreement, year period.Year) string {
	return "opening:" + string(a) + ":" + year.String()
}

// LoadOpening reads what was taken over into an agreement-year; nil when nothing was.
func LoadOpening(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, year period.Year) (*Opening, error) {
	var all []OpeningFacts
	err := tx.Each(ctx, loadOpening, []any{g, OpeningKey(a, year)}, func(r *sql.Rows) error {
		var o OpeningFacts
		err := r.Scan(&o.Account, &o.Amount)
		all = append(all, o)
		return err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	rules, err := programme.LoadRules(ctx, tx, g)
	if err != nil {
		return nil, err
	}
	o := OpeningOf(all, OpeningRate(rules, year))
	return &o, nil
}
