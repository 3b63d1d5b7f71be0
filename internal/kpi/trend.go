package kpi

import (
	"context"
	"math/big"
	"slices"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// Point is the value at the end of a day, of all that happened in the year until then; nil where it has none.
type Point struct {
	On    period.Date
	Value *big.Rat
}

// TrendYear is a year of a KPI: its target and the value month by month, cumulative within the year.
type TrendYear struct {
	Year                 period.Year
	Target, TargetSigned *big.Rat // sums over the partners where values add; nil when none was due
	Points               []Point  // the ends of months, and the day asked for; none of the future
}

// TrendOf computes the points of a year from its rows: each is the figure over the rows dated until then, the last one over all, so that it is
// the figure that the board shows. Distinct companies are counted once a year.
func TrendOf(d *Definition, rows []evidence.Row, organisation id.Organisation, year period.Year, asOf period.Date, b Basis, cost Costs) []Point {
	var taken []*evidence.Row
	for i := range rows {
		r := &rows[i]
		if d.takes(r, year) && d.admits(r, b) && (organisation == "" || r.CreditOf(organisation) > 0) {
			taken = append(taken, r)
		}
	}
	slices.SortStableFunc(taken, func(x, y *evidence.Row) int {
		if x.Dated < y.Dated {
			return -1
		}
		if x.Dated > y.Dated {
			return 1
		}
		return 0
	})
	var points []Point
	t, next := d.counter(organisation, year, cost), 0
	t.lean = true
	for m := 1; m <= 12; m++ {
		first := year.First().AddMonths(m - 1)
		if first > asOf {
			break
		}
		end := min(first.AddMonths(1).AddDays(-1), asOf)
		last := m == 12 || end == asOf
		for next < len(taken) && (last || taken[next].Dated <= end) {
			t.add(taken[next], d.weight(taken[next], organisation))
			next++
		}
		points = append(points, Point{end, d.Value(t.figure())})
	}
	return points
}

func (d *Definition) weight(r *evidence.Row, organisation id.Organisation) int64 {
	if organisation == "" {
		return r.Weights
	}
	return r.CreditOf(organisation)
}

// LoadTrend computes a KPI over all years of the programme that have begun, for an organisation or the whole programme (""), as known on a
// day ("" today).
func LoadTrend(ctx context.Context, tx *db.Tx, m *evidence.Mirror, programme id.Programme, d *Definition, organisation id.Organisation,
	asOf period.Date, b Basis) ([]TrendYear, error) {
	known := asOf
	if asOf == "" {
		asOf = tx.Now.Date()
	}
	span, err := programmeSpan(ctx, tx, programme)
	if err != nil {
		return nil, err
	}
	assignments, err := Assignments(ctx, tx, programme, "")
	if err != nil {
		return nil, err
	}
	costs, err := loadCosts(ctx, tx, programme, known, d)
	if err != nil {
		return nil, err
	}
	var years []TrendYear
	for y := span.From.Year(); y <= span.To.Year(); y++ {
		rows, err := m.Of(ctx, tx, programme, evidence.Query{From: max(d.From(y), span.From.Year()), To: y, AsOf: known, Kinds: d.Kinds,
			Organisation: organisation})
		if err != nil {
			return nil, err
		}
		t := TrendYear{Year: y, Points: TrendOf(d, rows, organisation, y, asOf, b, costs)}
		t.Target, t.TargetSigned = d.promised(assignments, organisation, y, asOf)
		years = append(years, t)
	}
	return years, nil
}

// promised is the target of one partner, or the sum of all where values add.
func (d *Definition) promised(all []*Assignment, organisation id.Organisation, year period.Year, on period.Date) (now, signed *big.Rat) {
	adds := d.adds()
	for _, a := range all {
		if a.KPI != d.ID || organisation == "" && !adds || organisation != "" && a.Partner != organisation || a.WaivedOn(year, on) {
			continue
		}
		if t, ok := a.TargetOn(year, min(on, year.Last())); ok {
			now = plus(now, t.Value)
		}
		if t, ok := a.SignedTarget(year); ok {
			signed = plus(signed, t.Value)
		}
	}
	return now, signed
}
