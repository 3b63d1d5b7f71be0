package check

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/programme"
)

var listMeasures = db.SQL("check.measures",
	`select m.id, m.status, m.value, coalesce(e.quantity, ''), coalesce(e.state, ''),
	   case when e.kpi_id = m.kpi_id and e.source_id = m.id and c.organisation_id = m.organisation_id then 1 else 0 end,
	   case when exists (select 1 from measure x where x.programme_id = m.programme_id and x.kpi_id = m.kpi_id
	     and x.organisation_id = m.organisation_id and x.year = m.year and x.quarter = m.quarter and x.n > m.n) then 1 else 0 end
	 from measure m left join evidence e on e.programme_id = m.programme_id and e.id = m.evidence_id
	   left join evidence_credit c on c.programme_id = e.programme_id and c.evidence_id = e.id
	 where m.programme_id = $1 order by m.id`)

// holdMeasures: what a partner stated is what its evidence says, of the same KPI and partner; the evidence of a statement whose place another one
// took counts no more.
func holdMeasures(ctx context.Context, tx *db.Tx, g programme.Programme, l *Law) error {
	return tx.Each(ctx, listMeasures, []any{g.ID}, func(r *sql.Rows) error {
		var id, status, value, quantity, state string
		var own, replaced int
		if err := r.Scan(&id, &status, &value, &quantity, &state, &own, &replaced); err != nil {
			return err
		}
		l.Held++
		switch {
		case status == "value" && (own == 0 || quantity != value):
			l.broken("measure %s: states %s, its evidence %s", id, value, quantity)
		case replaced == 1 && state != "" && state != "rejected":
			l.broken("measure %s: another one took its place, and its evidence is %s", id, state)
		}
		return nil
	})
}
