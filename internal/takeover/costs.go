package takeover

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

var listCosts = db.SQL("takeover.cost.list",
	`select p.agreement_id, p.year, cast(sum(p.amount) as bigint)
		 from entry e cross join posting p
		 where p.programme_id = e.programme_id and p.entry_id = e.id and e.programme_id = $1 and e.key >= 'opening:' and e.key < 'opening;'
		   and e.booked_on <= $2 and p.account || '' = 'Memo:Cost'
		 group by p.agreement_id, p.year`)

// Costs is the accepted cost that was taken over by a day, of every agreement-year that has some.
func Costs(ctx context.Context, tx *db.Tx, g id.Programme, asOf period.Date) (map[ledger.AgreementYear]funding.RatedCost, error) {
	sums := map[ledger.AgreementYear]money.Amount{}
	err := tx.Each(ctx, listCosts, []any{g, asOf}, func(r *sql.Rows) error {
		var at ledger.AgreementYear
		var sum money.Amount
		err := r.Scan(&at.Agreement, &at.Year, &sum)
		sums[at] = sum
		return err
	})
	if err != nil || len(sums) == 0 {
		return nil, err
	}
	rules, err := programme.LoadRules(ctx, tx, g)
	out := map[ledger.AgreementYear]funding.RatedCost{}
	for at, sum := range sums {
		out[at] = funding.RatedCost{funding.OpeningRate(rules, at.Year): sum}
	}
	return out, err
}
