package funding

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Position is an agreement-year's money with what stands open in it.
type Position struct {
	Year
	Original   money.Amount // ceiling as signed, without what was carried in
	CarryBp    money.Bp
	OpenClaims int      // neither paid, closed, withdrawn nor rejected, nor approved with nothing to pay
	Opening    *Opening // taken over; nil: the year began here
	InFlight   int      // payments ordered or approved and not yet executed
	Parked     int
}

var (
	loadTerms = db.SQL("funding.terms.load",
		`select c.amount, c.carried, coalesce(r.performance_bp, 0), coalesce(r.carry_over_bp, 0)
		 from agreement_ceiling c
		 left join programme_rule r on r.programme_id = c.programme_id and r.starts_on = (
		   select max(x.starts_on) from programme_rule x where x.programme_id = c.programme_id and x.starts_on <= $4)
		 where c.programme_id = $1 and c.agreement_id = $2 and c.year = $3`)
	loadCost = db.SQL("funding.cost.load",
		`select i.rate_bp, cast(sum(i.accepted) as bigint)
		 from claim c cross join cost_item i
		 where c.programme_id = $1 and c.agreement_id = $2 and c.year = $3 and c.approved_on <> '' and i.programme_id = $1 and i.claim_id = c.id and i.year = $3
		 group by i.rate_bp`)
	loadStruck = db.SQL("funding.struck.load",
		`select i.rate_bp, cast(sum(k.cost) as bigint)
		 from correction k join cost_item i on i.programme_id = k.programme_id and i.id = k.item_id
		 where k.programme_id = $1 and k.agreement_id = $2 and k.year = $3
		 group by i.rate_bp`)
	loadDues = db.SQL("funding.dues.load",
		`select cast(coalesce((select sum(c.due) from claim c
		     where c.programme_id = $1 and c.agreement_id = $2 and c.year = $3 and c.approved_on <> ''), 0)
		   + coalesce((select sum(k.due) from correction k
		     where k.programme_id = $1 and k.agreement_id = $2 and k.year = $3), 0)
		   + coalesce((select sum(h.due) from ceiling_change h
		     where h.programme_id = $1 and h.agreement_id = $2 and h.year = $3), 0) as bigint),
		   (select count(*) from claim c where c.programme_id = $1 and c.agreement_id = $2 and c.year = $3
		     and c.state in ('draft', 'submitted', 'in-verification', 'queried', 'verified', 'ordered')),
		   (select count(*) from cost_item i where i.programme_id = $1 and i.agreement_id = $2 and i.year = $3 and i.state = 'parked'),
		   (select count(*) from payment p where p.programme_id = $1 and p.agreement_id = $2 and p.year = $3
		     and p.state in ('ordered', 'approved'))`)
	loadPaid = db.SQL("funding.paid.load",
		`select p.kind, p.state, cast(sum(p.amount) as bigint)
		 from payment p
		 where p.programme_id = $1 and p.agreement_id = $2 and p.year = $3 and p.state not in ('discarded', 'rejected', 'returned')
		 group by p.kind, p.state`)
)

// Load reads where the money of an agreement-year stands.
func Load(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, year period.Year) (Position, error) {
	var p Position
	var carried money.Amount
	err := tx.Row(ctx, loadTerms, g, a, year, year.Last()).Scan(&p.Original, &carried, &p.PerformanceBp, &p.CarryBp)
	if err == db.ErrNone {
		return p, fault.Missing("funding.no_ceiling", text.Args{"year": year})
	}
	if err != nil {
		return p, err
	}
	p.Ceiling = p.Original + carried
	if p.Cost, err = loadRated(ctx, tx, g, a, year); err != nil {
		return p, err
	}
	if err := tx.Row(ctx, loadDues, g, a, year).Scan(&p.Due, &p.OpenClaims, &p.Parked, &p.InFlight); err != nil {
		return p, err
	}
	if err := loadPayments(ctx, tx, g, a, year, &p); err != nil {
		return p, err
	}
	if p.Opening, err = LoadOpening(ctx, tx, g, a, year); err != nil {
		return p, err
	}
	if p.Opening != nil {
		p.Year = p.Opening.Begin(p.Year)
	}
	balances, err := ledger.Balance(ctx, tx, g, ledger.Filter{Agreement: a, Year: year})
	if err != nil {
		return p, err
	}
	waiting := p.Advance - p.Executed
	p.Open = balances[ledger.Advances] - waiting
	p.Payable = -balances[ledger.Payable] - waiting
	p.Recoverable = balances[ledger.Recoverable]
	return p, tx.Row(ctx, selectInFlight, g, a, year).Scan(&p.InTransit)
}

func loadRated(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, year period.Year) (RatedCost, error) {
	cost := RatedCost{}
	for sign, q := range map[money.Amount]db.Query{1: loadCost, -1: loadStruck} {
		err := tx.Each(ctx, q, []any{g, a, year}, func(r *sql.Rows) error {
			var rate money.Bp
			var sum money.Amount
			if err := r.Scan(&rate, &sum); err != nil {
				return err
			}
			cost[rate] += sign * sum
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return cost, nil
}

func loadPayments(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, year period.Year, p *Position) error {
	return tx.Each(ctx, loadPaid, []any{g, a, year}, func(r *sql.Rows) error {
		var kind PaymentKind
		var state string
		var sum money.Amount
		if err := r.Scan(&kind, &state, &sum); err != nil {
			return err
		}
		executed := state == "executed"
		switch {
		case kind == Repayment && executed:
			p.Repaid += sum
		case kind == AdvancePayment:
			p.Advance += sum
			if executed {
				p.Executed += sum
				p.Paid += sum
			}
		case executed:
			p.Paid += sum
		}
		return nil
	})
}
