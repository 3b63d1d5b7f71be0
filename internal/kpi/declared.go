package kpi

import (
	"context"
	"database/sql"
	"errors"
	"math/big"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// Declarable tells whether a number that was declared can be added to the figure: where rows are counted or summed. Different companies, means,
// ratios and last values do not follow from a number: what is declared of them stands beside the figure.
func (d *Definition) Declarable() bool { return d.Aggregate == Count || d.Aggregate == Sum }

// declare takes in a row that speaks for the KPI.
func (c *counter) declare(r *evidence.Row, weight int64) {
	v, ok := new(big.Rat).SetString(r.Quantity)
	if !ok {
		return // a row has a plain decimal: Record saw to it
	}
	if c.d.Joint == Share {
		v.Mul(v, big.NewRat(weight, r.Weights))
	}
	if c.declared == nil {
		c.declared = new(big.Rat)
	}
	c.declared.Add(c.declared, v)
	c.stated++
	c.count(r)
}

// capped lets declared evidence add at most bp of the target to a figure that pays (domain section 5.1). with is the same figure with all that
// was declared. Where less is better a cap would favour who declares, so the whole of it counts.
func (d *Definition) capped(without, with Figure, target *big.Rat, bp money.Bp) Figure {
	if bp == 0 || target == nil || with.Declared == 0 || !d.adds() || without.Num == nil || with.Num == nil || with.Den != nil {
		return without
	}
	if d.Direction == Down {
		return with
	}
	most := new(big.Rat).Mul(target, big.NewRat(int64(bp), int64(money.Whole)))
	if most.Add(most, without.Num).Cmp(with.Num) < 0 {
		with.Num = most
	}
	return with
}

// said is what partners stated of their own KPIs for a year, beside evidence: that there is nothing to report yet.
type said map[id.KPI]map[id.Organisation]bool

// Only the newest statement of a year or quarter counts; a year is not reported when something in it is, and no value is stated.
var readSilent = db.SQL("kpi.measure.silent", `select m.kpi_id, m.organisation_id from measure m
	where m.programme_id = $1 and m.year = $2 and m.said_on <= $3
		and m.n = (select max(x.n) from measure x where x.programme_id = m.programme_id and x.kpi_id = m.kpi_id
			and x.organisation_id = m.organisation_id and x.year = m.year and x.quarter = m.quarter and x.said_on <= $3)
	group by m.kpi_id, m.organisation_id
	having max(case when m.status = 'value' then 1 else 0 end) = 0`)

var readDeclaredBp = db.SQL("kpi.rule.declared",
	`select r.declared_bp from programme_rule r where r.programme_id = $1 and r.starts_on <= $2 order by r.starts_on desc limit 1`)

// loadSaid reads what partners state of the board's year, as known on a day ("" today), and the programme's cap on declared evidence on the last
// day of the year.
func (b *Board) loadSaid(ctx context.Context, tx *db.Tx, asOf period.Date) error {
	err := tx.Row(ctx, readDeclaredBp, b.Programme, b.Year.Last()).Scan(&b.declaredBp)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return err
	}
	if asOf == "" {
		asOf = always
	}
	b.silent = said{}
	return tx.Each(ctx, readSilent, []any{b.Programme, int(b.Year), asOf}, func(r *sql.Rows) error {
		var k id.KPI
		var o id.Organisation
		if err := r.Scan(&k, &o); err != nil {
			return err
		}
		if b.silent[k] == nil {
			b.silent[k] = map[id.Organisation]bool{}
		}
		b.silent[k][o] = true
		return nil
	})
}
