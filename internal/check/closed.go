package check

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

var listClosed = db.SQL("check.closed",
	`select c.year, c.until, c.accrued,
	   cast(coalesce((select -sum(p.amount) from entry e join posting p on p.programme_id = e.programme_id and p.entry_id = e.id
	     and p.account = 'Liabilities:Accrued'
	     where e.programme_id = c.programme_id and e.event = 'year-closed' and e.booked_on = c.until), 0) as bigint),
	   (select count(*) from entry e where e.programme_id = c.programme_id and e.event = 'year-closed' and e.booked_on = c.until
	     and not exists (select 1 from entry b where b.programme_id = e.programme_id and b.reverses_id = e.id and b.booked_on > c.until))
	 from book_close c where c.programme_id = $1 order by c.year`)

// holdClosed: what the close of a year accrued is in the books, and is reversed after it.
func holdClosed(ctx context.Context, tx *db.Tx, g programme.Programme, l *Law) error {
	return tx.Each(ctx, listClosed, []any{g.ID}, func(r *sql.Rows) error {
		var year period.Year
		var until period.Date
		var said, booked money.Amount
		var standing int
		if err := r.Scan(&year, &until, &said, &booked, &standing); err != nil {
			return err
		}
		l.Held++
		if said != booked || standing > 0 || until != year.Last() {
			l.broken("close of %d: %s accrued, %s in the books, %d entries not reversed", year, said, booked, standing)
		}
		return nil
	})
}
