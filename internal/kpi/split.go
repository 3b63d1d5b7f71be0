package kpi

import (
	"cmp"
	"math/big"
	"slices"

	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// Axis is what a figure is split by.
type Axis string

// The axes: where, what for, whom, and what kind of activity.
const (
	ByMarket Axis = "market"
	BySector Axis = "sector"
	BySize   Axis = "size"
	ByType   Axis = "type"
)

// Axes lists all of them.
func Axes() []Axis { return []Axis{ByMarket, BySector, BySize, ByType} }

// of is where a row stands on the axis, "" where that was not told.
func (a Axis) of(r *evidence.Row) string {
	switch a {
	case ByMarket:
		return r.Market
	case BySector:
		return r.Sector
	case BySize:
		return r.Size
	}
	return r.ActivityType
}

// Part is the figure of the rows that share a value of an axis. Parts need not add up to the whole: a company counts in each part in which it
// occurs, a mean is of its own rows.
type Part struct {
	Value  string // "" not told
	Figure Figure
	Amount *big.Rat // nil where the rows give no figure
}

// Split computes a figure once for each value of an axis, the greatest first. A figure that needs the cost of partners has no parts: cost is
// of a partner's year, not of a market.
func (d *Definition) Split(rows []evidence.Row, organisation id.Organisation, year period.Year, b Basis, a Axis) []Part {
	if d.formula != nil && d.formula.NeedsCost() {
		return nil
	}
	counters := map[string]*counter{}
	for i := range rows {
		r := &rows[i]
		if !d.takes(r, year) || !d.admits(r, b) {
			continue
		}
		weight := d.weight(r, organisation)
		if weight == 0 {
			continue
		}
		c := counters[a.of(r)]
		if c == nil {
			c = d.counter(organisation, year, nil)
			c.lean = true
			counters[a.of(r)] = c
		}
		c.add(r, weight)
	}
	parts := make([]Part, 0, len(counters))
	for v, c := range counters {
		f := c.figure()
		if f.Sample > 0 {
			parts = append(parts, Part{v, f, d.Value(f)})
		}
	}
	slices.SortFunc(parts, func(x, y Part) int { return cmp.Or(-compare(x.Amount, y.Amount), cmp.Compare(x.Value, y.Value)) })
	return parts
}

// compare orders figures; one that has none is below all.
func compare(a, b *big.Rat) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return a.Cmp(b)
}
