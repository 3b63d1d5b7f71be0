package payment

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// Payable is something that could be paid now: a claim, what else a year owes its partner, or an advance.
type Payable struct {
	Agreement id.Agreement
	Partner   id.Organisation
	Name      string
	Year      period.Year
	Kind      funding.PaymentKind
	Claim     id.Claim
	Number    int // of the claim
	Amount    money.Amount
}

var (
	listOwing = db.SQL("payment.payable.years",
		`select p.agreement_id, a.organisation_id, o.short_name, p.year, cast(-sum(p.amount) as bigint)
		   - cast(coalesce((select sum(f.amount) from payment f where f.programme_id = p.programme_id and f.agreement_id = p.agreement_id
		       and f.year = p.year and f.state in ('ordered', 'approved') and f.kind in ('advance', 'claim', 'balance')), 0) as bigint)
		 from posting p join agreement a on a.programme_id = p.programme_id and a.id = p.agreement_id
		   join organisation o on o.id = a.organisation_id
		 where p.programme_id = $1 and p.account = $2 and p.agreement_id is not null
		 group by p.programme_id, p.agreement_id, a.organisation_id, o.short_name, o.sort_key, p.year
		 order by o.sort_key, a.organisation_id, p.year`)
	listUnpaid = db.SQL("payment.payable.claims",
		`select c.id, c.agreement_id, c.year, c.number,
		   cast(coalesce((select -sum(p.amount) from entry e join posting p on p.programme_id = e.programme_id and p.entry_id = e.id and p.account = $2
		     where e.programme_id = c.programme_id and e.key in ('claim-approved:' || c.id, 'netted:' || c.id)), 0) as bigint)
		   - cast(coalesce((select sum(f.amount) from payment f where f.programme_id = c.programme_id and f.claim_id = c.id
		       and f.state in ('ordered', 'approved', 'executed')), 0) as bigint)
		 from claim c where c.programme_id = $1 and c.state = 'approved' order by c.agreement_id, c.year, c.number`)
)

// Payables lists what is owed to partners and not on its way yet: first the claims of a year in their order, then what is left of the year;
// last the advances of the year that runs.
func Payables(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) ([]Payable, error) {
	if err := by.May("batch.read", access.Subject{}); err != nil {
		return nil, err
	}
	type year struct {
		id.Agreement
		period.Year
	}
	claims := map[year][]Payable{}
	err := tx.Each(ctx, listUnpaid, []any{g, ledger.Payable}, func(r *sql.Rows) error {
		p := Payable{Kind: funding.ClaimPayment}
		err := r.Scan(&p.Claim, &p.Agreement, &p.Year, &p.Number, &p.Amount)
		at := year{p.Agreement, p.Year}
		claims[at] = append(claims[at], p)
		return err
	})
	if err != nil {
		return nil, err
	}
	var all []Payable
	err = tx.Each(ctx, listOwing, []any{g, ledger.Payable}, func(r *sql.Rows) error {
		left := Payable{Kind: funding.BalancePayment}
		if err := r.Scan(&left.Agreement, &left.Partner, &left.Name, &left.Year, &left.Amount); err != nil {
			return err
		}
		for _, c := range claims[year{left.Agreement, left.Year}] {
			c.Partner, c.Name, c.Amount = left.Partner, left.Name, min(c.Amount, left.Amount)
			if c.Amount > 0 {
				left.Amount -= c.Amount
				all = append(all, c)
			}
		}
		if left.Amount > 0 {
			all = append(all, left)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	early, err := advances(ctx, tx, g, tx.Now.Date().Year())
	return append(all, early...), err
}
