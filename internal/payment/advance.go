package payment

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

var listWithoutAdvance = db.SQL("payment.payable.advances",
	`select a.id, o.id, o.short_name from agreement a join organisation o on o.id = a.organisation_id
	   join agreement_ceiling c on c.programme_id = a.programme_id and c.agreement_id = a.id and c.year = $2
	 where a.programme_id = $1 and a.state = 'active' and c.amount > 0
	   and not exists (select 1 from settlement s where s.programme_id = a.programme_id and s.agreement_id = a.id and s.year = $2 and s.state = 'final')
	   and not exists (select 1 from payment p where p.programme_id = a.programme_id and p.agreement_id = a.id and p.year = $2
	     and p.kind = 'advance' and p.state in ('ordered', 'approved', 'executed'))
	 order by o.sort_key, o.id`)

// advances lists what agreements that are active may still have in advance of a year: the programme's share of the ceiling, once.
func advances(ctx context.Context, tx *db.Tx, g id.Programme, year period.Year) ([]Payable, error) {
	var all []Payable
	err := tx.Each(ctx, listWithoutAdvance, []any{g, year}, func(r *sql.Rows) error {
		p := Payable{Year: year, Kind: funding.AdvancePayment}
		err := r.Scan(&p.Agreement, &p.Partner, &p.Name)
		all = append(all, p)
		return err
	})
	if err != nil {
		return nil, err
	}
	var due []Payable
	for _, p := range all {
		if p.Amount, err = funding.AdvanceRoom(ctx, tx, g, p.Agreement, year); err != nil {
			return nil, err
		}
		if p.Amount > 0 {
			due = append(due, p)
		}
	}
	return due, nil
}
