package settlement

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

var loadUnsettled = db.SQL("settlement.unsettled.list",
	`select c.year from agreement_ceiling c where c.programme_id = $1 and c.agreement_id = $2
	   and not exists (select 1 from settlement s where s.programme_id = c.programme_id and s.agreement_id = c.agreement_id and s.year = c.year
	     and s.state = 'final')
	 order by c.year`)

// settledIn tells whether an agreement-year was communicated, is under objection or final.
func settledIn(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, year period.Year) (bool, error) {
	settled := false
	err := tx.Each(ctx, loadSettled, []any{g, a}, func(r *sql.Rows) error {
		var y period.Year
		err := r.Scan(&y)
		settled = settled || y == year
		return err
	})
	return settled, err
}

// Left is what an agreement-year still needs before it is closed.
type Left struct {
	Year    period.Year
	Money   funding.Position
	Settled State       // of its newest settlement; "" none
	Until   period.Date // to which day the partner may object, once it was communicated
}

// Open tells whether anything is left to do.
func (l Left) Open() bool { return l.Settled != Final }

// Waits tells what keeps a settlement of the year from becoming final: claims, payments under way, parked items.
func (l Left) Waits() int { return l.Money.OpenClaims + l.Money.InFlight + l.Money.Parked }

// LeftOf reads what is left of each year of an agreement that the caller has loaded within a scope.
func LeftOf(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a agreement.Agreement) ([]Left, error) {
	var all []Left
	for _, c := range a.Ceilings {
		l := Left{Year: c.Year}
		var err error
		if l.Money, err = funding.Load(ctx, tx, g, a.ID, c.Year); err != nil {
			return nil, err
		}
		s, err := Latest(ctx, tx, by, g, a.ID, c.Year)
		if err != nil && !fault.Is(err, fault.KindMissing) {
			return nil, err
		}
		if err == nil && s.State != Discarded && s.State != Restated {
			l.Settled, l.Until = s.State, s.ObjectionUntil
		}
		all = append(all, l)
	}
	return all, nil
}

// Close closes an agreement that ran out or was terminated; conflict (settlement.close_unsettled) while a year of it has no final settlement.
func Close(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a id.Agreement) (agreement.Agreement, error) {
	found, err := agreement.Load(ctx, tx, by.ScopeFor("agreement.close"), g, a)
	if err != nil {
		return found, err
	}
	if err := by.May("agreement.close", found.Subject()); err != nil {
		return found, err
	}
	var left []period.Year
	err = tx.Each(ctx, loadUnsettled, []any{g, a}, func(r *sql.Rows) error {
		var y period.Year
		err := r.Scan(&y)
		left = append(left, y)
		return err
	})
	if err != nil {
		return found, err
	}
	if len(left) > 0 {
		return found, fault.Conflict("settlement.close_unsettled", text.Args{"n": len(left), "year": left[0]})
	}
	return agreement.Close(ctx, tx, by, g, a)
}
