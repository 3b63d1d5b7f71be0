package kpi

import (
	"context"
	"database/sql"
	"errors"
	"math/big"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

var (
	readPartners = db.SQL("kpi.partner.list", `select g.id, o.id, o.code, o.name, o.short_name, o.position
		from agreement g join organisation o on o.id = g.organisation_id
		where g.programme_id = $1 and g.state in ('signed', 'active', 'closed', 'terminated') and g.starts_on <= $3 and g.ends_on >= $2
		order by o.position, o.code`)
	readAgreement = db.SQL("kpi.agreement.partner",
		`select organisation_id, starts_on, ends_on from agreement where programme_id = $1 and id = $2`)
	readYears = db.SQL("kpi.programme.years", `select starts_on, ends_on from programme where id = $1`)
)

// LoadBoard computes every promise of a year as it stood on a day ("" today): targets in force, waivers decided and evidence known by then.
// It holds everybody's figures; Within leaves what a reader may see. Evidence comes from the mirror, nil for the database.
func LoadBoard(ctx context.Context, tx *db.Tx, m *evidence.Mirror, programme id.Programme, year period.Year, asOf period.Date, basis Basis) (*Board, error) {
	known := asOf
	if asOf == "" {
		asOf = tx.Now.Date()
	}
	b := &Board{Programme: programme, Year: year, AsOf: asOf, Basis: basis, ElapsedBp: at(year, asOf).elapsedBp}
	var err error
	if b.KPIs, err = DefinitionsFor(ctx, tx, programme, year, known); err != nil {
		return nil, err
	}
	if b.Partners, err = partners(ctx, tx, programme, year); err != nil {
		return nil, err
	}
	assignments, err := Assignments(ctx, tx, programme, "")
	if err != nil {
		return nil, err
	}
	if b.costs, err = loadCosts(ctx, tx, programme, known, b.KPIs...); err != nil {
		return nil, err
	}
	rows, err := m.Of(ctx, tx, programme, evidence.Query{From: earliest(b.KPIs, year), To: year, AsOf: known})
	if err != nil {
		return nil, err
	}
	if err := b.loadSaid(ctx, tx, known); err != nil {
		return nil, err
	}
	b.fill(rows, byAgreement(assignments))
	return b, nil
}

// Within is the board as somebody sees it. Who does not read everybody's rows sees the own ones, without the programme's totals: what is left of
// those after taking off one's own would tell of others (domain section 2).
func (b *Board) Within(s access.Scope) *Board {
	own := *b
	own.Partners = nil
	if s != access.All {
		own.Totals, own.AllBp = nil, nil
	}
	for _, p := range b.Partners {
		if s.Holds(p.Organisation) {
			own.Partners = append(own.Partners, p)
		}
	}
	return &own
}

func partners(ctx context.Context, tx *db.Tx, programme id.Programme, year period.Year) ([]PartnerRow, error) {
	var all []PartnerRow
	err := tx.Each(ctx, readPartners, []any{programme, year.First(), year.Last()}, func(r *sql.Rows) error {
		var p PartnerRow
		err := r.Scan(&p.Agreement, &p.Organisation, &p.Code, &p.Name, &p.Short, &p.Position)
		all = append(all, p)
		return err
	})
	return all, err
}

func byAgreement(all []*Assignment) map[id.Agreement]promise {
	promises := map[id.Agreement]promise{}
	for _, a := range all {
		if promises[a.Agreement] == nil {
			promises[a.Agreement] = promise{}
		}
		promises[a.Agreement][a.KPI] = a
	}
	return promises
}

// AgreementCells computes what a settlement of the agreement-year freezes: evidence that pays as it stands now, against the targets in
// force on the last day of the year, with every waiver decided until now. In the order of the KPI catalogue; missing when there is no such
// agreement.
func AgreementCells(ctx context.Context, tx *db.Tx, programme id.Programme, agreement id.Agreement, year period.Year) ([]Cell, error) {
	var partner id.Organisation
	var starts, ends period.Date
	err := tx.Row(ctx, readAgreement, programme, agreement).Scan(&partner, &starts, &ends)
	if errors.Is(err, db.ErrNone) {
		return nil, fault.Missing("kpi.agreement_missing", nil)
	}
	if err != nil {
		return nil, err
	}
	definitions, err := DefinitionsFor(ctx, tx, programme, year, "")
	if err != nil {
		return nil, err
	}
	assignments, err := Assignments(ctx, tx, programme, agreement)
	if err != nil {
		return nil, err
	}
	rows, err := evidence.Of(ctx, tx, programme, evidence.Query{From: earliest(definitions, year), To: year, Organisation: partner})
	if err != nil {
		return nil, err
	}
	costs, err := loadCosts(ctx, tx, programme, "", definitions...)
	if err != nil {
		return nil, err
	}
	b := &Board{Programme: programme, Year: year, KPIs: definitions, Partners: []PartnerRow{{Organisation: partner, Agreement: agreement}}, costs: costs}
	if err := b.loadSaid(ctx, tx, ""); err != nil {
		return nil, err
	}
	return b.settled(byAgreement(assignments), rows)[agreement], nil
}

// AgreementYear names one year of one agreement.
type AgreementYear struct {
	Agreement id.Agreement
	Year      period.Year
}

// AllCells is AgreementCells for every agreement-year of the programme, each year's evidence read once.
func AllCells(ctx context.Context, tx *db.Tx, programme id.Programme) (map[AgreementYear][]Cell, error) {
	span, err := programmeSpan(ctx, tx, programme)
	if err != nil {
		return nil, err
	}
	assignments, err := Assignments(ctx, tx, programme, "")
	if err != nil {
		return nil, err
	}
	promises := byAgreement(assignments)
	all := map[AgreementYear][]Cell{}
	for year := span.From.Year(); year <= span.To.Year(); year++ {
		definitions, err := DefinitionsFor(ctx, tx, programme, year, "")
		if err != nil {
			return nil, err
		}
		costs, err := loadCosts(ctx, tx, programme, "", definitions...)
		if err != nil {
			return nil, err
		}
		ps, err := partners(ctx, tx, programme, year)
		if err != nil {
			return nil, err
		}
		rows, err := evidence.Of(ctx, tx, programme, evidence.Query{From: earliest(definitions, year), To: year})
		if err != nil {
			return nil, err
		}
		b := &Board{Programme: programme, Year: year, KPIs: definitions, Partners: ps, costs: costs}
		if err := b.loadSaid(ctx, tx, ""); err != nil {
			return nil, err
		}
		for agreement, cells := range b.settled(promises, rows) {
			all[AgreementYear{agreement, year}] = cells
		}
	}
	return all, nil
}

func programmeSpan(ctx context.Context, tx *db.Tx, programme id.Programme) (period.Span, error) {
	var s period.Span
	err := tx.Row(ctx, readYears, programme).Scan(&s.From, &s.To)
	if errors.Is(err, db.ErrNone) {
		return s, fault.Missing("db.programme_missing", nil)
	}
	return s, err
}

// settled judges at the end of the year. A waiver is a decision that may come after it, until the settlement is communicated, so all that
// exist count; a target set after the last day does not.
func (b *Board) settled(promises map[id.Agreement]promise, rows []evidence.Row) map[id.Agreement][]Cell {
	b.AsOf, b.Basis, b.ElapsedBp, b.anyWaiver = b.Year.Last(), Paying, Whole, true
	b.fill(rows, promises)
	all := make(map[id.Agreement][]Cell, len(b.Partners))
	for i := range b.Partners {
		cells := []Cell{}
		for _, c := range b.Partners[i].Cells {
			if c != nil {
				cells = append(cells, *c)
			}
		}
		all[b.Partners[i].Agreement] = cells
	}
	return all
}

// earliest is the first year that any of the definitions reads for a figure of the year.
func earliest(ds []*Definition, year period.Year) period.Year {
	first := year
	for _, d := range ds {
		first = min(first, d.From(year))
	}
	return first
}

// The memo account of cost holds what was accepted, less what corrections struck, by agreement-year and day of booking.
var readCosts = db.SQL("kpi.cost.list", `select g.organisation_id, p.year, cast(sum(p.amount) as bigint)
	from agreement g join posting p on p.programme_id = g.programme_id and p.agreement_id = g.id
	where g.programme_id = $1 and p.account = 'Memo:Cost' and p.booked_on <= $2
	group by g.organisation_id, p.year`)

// loadCosts reads the accepted cost as booked by a day ("" today); nil when no definition asks for it.
func loadCosts(ctx context.Context, tx *db.Tx, programme id.Programme, asOf period.Date, ds ...*Definition) (Costs, error) {
	if !slices.ContainsFunc(ds, func(d *Definition) bool { return d.formula != nil && d.formula.NeedsCost() }) {
		return nil, nil
	}
	if asOf == "" {
		asOf = always
	}
	all := Costs{}
	return all, tx.Each(ctx, readCosts, []any{programme, asOf}, func(r *sql.Rows) error {
		var o id.Organisation
		var year period.Year
		var cents int64
		if err := r.Scan(&o, &year, &cents); err != nil {
			return err
		}
		if all[o] == nil {
			all[o] = map[period.Year]*big.Rat{}
		}
		all[o][year] = big.NewRat(cents, 100)
		return nil
	})
}
