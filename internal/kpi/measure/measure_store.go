package measure

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// The newest statement of each period is the one that nothing came after.
var readStatements = db.SQL("measure.statement.list", `select m.kpi_id, m.organisation_id, m.year, m.quarter, m.n, m.status, m.value, m.numerator,
		m.denominator, coalesce(m.evidence_id, ''), m.source, m.said_on
	from measure m
	where m.programme_id = $1 and ($2 = 0 or m.year = $2) and ($3 = '*' or $3 like '%' || m.organisation_id || '%')
		and not exists (select 1 from measure x where x.programme_id = m.programme_id and x.kpi_id = m.kpi_id
			and x.organisation_id = m.organisation_id and x.year = m.year and x.quarter = m.quarter and x.n > m.n)
	order by m.year, m.quarter, m.organisation_id, m.kpi_id`)

// Statements reads what is stated of a year (0 all), within a scope.
func Statements(ctx context.Context, tx *db.Tx, scope access.Scope, programme id.Programme, year period.Year) ([]Statement, error) {
	var all []Statement
	return all, tx.Each(ctx, readStatements, []any{programme, int(year), scope}, func(r *sql.Rows) error {
		var s Statement
		err := r.Scan(&s.KPI, &s.Partner, &s.Year, &s.Quarter, &s.N, &s.Status, &s.Value, &s.Num, &s.Den, &s.Evidence, &s.Source, &s.On)
		all = append(all, s)
		return err
	})
}

// Table is what was promised, computed and stated.
type Table struct {
	Programme programme.Programme
	Agency    programme.Organisation
	KPIs      []*kpi.Definition
	Partners  []programme.Organisation // that a row is about
	Rows      []Row
}

// Load reads a table of the years (none: all that have begun), within a scope: of every promise the figure as everything reported makes it, and
// beside it what its partner stated.
func Load(ctx context.Context, tx *db.Tx, m *evidence.Mirror, scope access.Scope, g programme.Programme, years ...period.Year) (*Table, error) {
	t := &Table{Programme: g}
	var err error
	if t.KPIs, err = kpi.Definitions(ctx, tx, g.ID); err != nil {
		return nil, err
	}
	if t.Agency, err = programme.LoadOrganisation(ctx, tx, g.Agency); err != nil {
		return nil, err
	}
	organisations, err := programme.Organisations(ctx, tx)
	if err != nil {
		return nil, err
	}
	asOf := min(until(tx, ""), g.Ends)
	if len(years) == 0 {
		years = g.Years()
	}
	for _, y := range years {
		if y.First() > asOf {
			continue
		}
		b, err := kpi.LoadBoard(ctx, tx, m, g.ID, y, "", kpi.Live)
		if err != nil {
			return nil, err
		}
		t.compute(b.Within(scope))
		said, err := Statements(ctx, tx, scope, g.ID, y)
		if err != nil {
			return nil, err
		}
		t.state(said, organisations)
	}
	t.order(organisations)
	return t, nil
}

// compute adds the cells of a board.
func (t *Table) compute(b *kpi.Board) {
	for i := range b.Partners {
		for _, c := range b.Partners[i].Cells {
			if c == nil || c.Status == kpi.NotDue {
				continue
			}
			r := Row{KPI: c.KPI.Code, Partner: b.Partners[i].Code, Year: b.Year, Basis: Computed, Status: c.Status, Unit: c.KPI.Unit,
				Baseline: kpi.Decimal(c.Assignment.Baseline), Target: kpi.Decimal(c.Target)}
			if c.Status == kpi.Valued {
				r.Value = kpi.Decimal(c.Value)
				if c.Figure.Den != nil {
					r.Num, r.Den = kpi.Decimal(c.Figure.Num), kpi.Decimal(c.Figure.Den)
				}
			}
			t.Rows = append(t.Rows, r)
		}
	}
}

// state adds what is stated.
func (t *Table) state(said []Statement, organisations []programme.Organisation) {
	codes, units := map[id.KPI]string{}, map[id.KPI]string{}
	for _, d := range t.KPIs {
		codes[d.ID], units[d.ID] = d.Code, d.Unit
	}
	partners := map[id.Organisation]string{}
	for _, o := range organisations {
		partners[o.ID] = o.Code
	}
	for _, s := range said {
		t.Rows = append(t.Rows, Row{KPI: codes[s.KPI], Partner: partners[s.Partner], Year: s.Year, Quarter: s.Quarter, Basis: Declared,
			Status: s.Status, Value: s.Value, Num: s.Num, Den: s.Den, Unit: units[s.KPI]})
	}
}

func (t *Table) order(organisations []programme.Organisation) {
	there := map[string]bool{}
	for i := range t.Rows {
		there[t.Rows[i].Partner] = true
	}
	var partners, kpis []string
	for _, o := range organisations {
		if there[o.Code] {
			t.Partners, partners = append(t.Partners, o), append(partners, o.Code)
		}
	}
	for _, d := range t.KPIs {
		kpis = append(kpis, d.Code)
	}
	t.Rows = ordered(t.Rows, partners, kpis)
}
