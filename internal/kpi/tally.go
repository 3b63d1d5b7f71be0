package kpi

import (
	"math/big"
	"slices"

	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi/formula"
	"errera.eu/errera/internal/period"
)

// counter adds rows up for one figure: a plain definition has one tally, a formula one for each of its leaves.
type counter struct {
	d            *Definition
	organisation id.Organisation
	year         period.Year
	cost         Costs
	tallies      []*tally
	fig          Figure
	declared     *big.Rat // what rows that speak for this KPI say; nil none
	stated       int      // how many such rows
	lean         bool     // keep no ids
}

func (d *Definition) counter(organisation id.Organisation, year period.Year, cost Costs) *counter {
	c := &counter{d: d, organisation: organisation, year: year, cost: cost}
	if d.formula == nil {
		m := formula.Measure(d.Measure)
		if d.Aggregate == Ratio && m == formula.NoMeasure {
			m = formula.Quantity
		}
		c.tallies = []*tally{newTally(formula.Aggregate(d.Aggregate), m, d.Threshold, d.Joint)}
		return c
	}
	for i := range d.formula.Leaves {
		l := &d.formula.Leaves[i]
		t := newTally(l.Aggregate, l.Measure, nil, d.Joint)
		t.leaf, t.year = l, year-period.Year(l.YearsBack)
		c.tallies = append(c.tallies, t)
	}
	return c
}

// add takes in one row, which the definition takes, and of which the organisation holds weight of the row's weights.
func (c *counter) add(r *evidence.Row, weight int64) {
	if r.KPI != "" {
		c.declare(r, weight)
		return
	}
	counted := false
	for _, t := range c.tallies {
		if t.leaf == nil || t.leaf.Takes(r, int(c.year)) {
			counted = t.add(r, weight) || counted
		}
	}
	if counted {
		c.count(r)
	}
}

func (c *counter) count(r *evidence.Row) {
	f := &c.fig
	f.Sample++
	if r.State == evidence.Verified {
		f.Verified++
	} else {
		f.Reported++
	}
	if r.Kind == evidence.Declared {
		f.Declared++
	}
	f.Newest = max(f.Newest, r.Dated)
	if !c.lean {
		f.Evidence = append(f.Evidence, r.ID)
	}
}

func (c *counter) figure() Figure {
	f := c.fig
	if c.d.formula == nil {
		f.Num, f.Den = c.tallies[0].parts2()
	} else {
		v := c.d.formula.Eval(c.leaves())
		f.Num, f.Den = v.Num, v.Den
	}
	if c.declared != nil && f.Num != nil && f.Den == nil {
		f.Num = new(big.Rat).Add(f.Num, c.declared)
	}
	slices.Sort(f.Evidence)
	return f
}

// leaves are the figures of a formula's leaves.
func (c *counter) leaves() []formula.Figure {
	all := make([]formula.Figure, len(c.tallies))
	for i, t := range c.tallies {
		if t.leaf.Aggregate == formula.Cost {
			all[i].Num = c.cost.of(c.organisation, c.year-period.Year(t.leaf.YearsBack), t.leaf.ToDate)
			continue
		}
		all[i].Num, all[i].Den = t.parts2()
	}
	return all
}

// tally is one aggregate over rows. Shares are kept apart by the sum of weights that they are parts of, so that adding stays in integers.
type tally struct {
	aggregate formula.Aggregate
	measure   formula.Measure
	threshold *big.Rat // of a ratio
	joint     Joint
	leaf      *formula.Leaf // nil: of a plain definition
	parts     map[int64]*big.Rat
	companies map[id.Company]struct{}
	first     map[id.Company]*lag
	newest    *evidence.Row
	sum       *big.Rat
	reaching  int64
	n         int64       // rows that went in
	year      period.Year // of Days
}

// lag is a company's first row of either sort.
type lag struct {
	from, until period.Date
	counts      period.Year // in which the row of until counts
}

// ratio is a plain definition's aggregate that no leaf has.
const ratio = formula.Aggregate(Ratio)

func newTally(a formula.Aggregate, m formula.Measure, threshold *big.Rat, j Joint) *tally {
	t := &tally{aggregate: a, measure: m, threshold: threshold, joint: j, sum: new(big.Rat)}
	switch a {
	case formula.Distinct:
		t.companies = map[id.Company]struct{}{}
	case formula.Sum, formula.Count:
		t.parts = map[int64]*big.Rat{}
	case formula.Days:
		t.first = map[id.Company]*lag{}
	}
	return t
}

// add takes in one row and tells whether it went in.
func (t *tally) add(r *evidence.Row, weight int64) bool {
	if t.joint == Full {
		weight = r.Weights
	}
	switch t.aggregate {
	case formula.Count:
		t.share(big.NewRat(weight, 1), weight, r.Weights)
	case formula.Distinct:
		if r.Root == "" {
			return false
		}
		t.companies[r.Root] = struct{}{}
	case formula.Days:
		if r.Root == "" {
			return false
		}
		t.lag(r)
	default:
		v, ok := t.measure.Of(r)
		if !ok {
			return false
		}
		t.measured(r, v, weight)
	}
	t.n++
	return true
}

func (t *tally) lag(r *evidence.Row) {
	l := t.first[r.Root]
	if l == nil {
		l = &lag{}
		t.first[r.Root] = l
	}
	if t.leaf.Match(r) && (l.from == "" || r.Dated < l.from) {
		l.from = r.Dated
	}
	if t.leaf.Until(r) && (l.until == "" || r.Dated < l.until) {
		l.until, l.counts = r.Dated, r.Year
	}
}

func (t *tally) measured(r *evidence.Row, v *big.Rat, weight int64) {
	switch t.aggregate {
	case formula.Sum:
		t.share(new(big.Rat).Mul(v, big.NewRat(weight, 1)), weight, r.Weights)
	case formula.Mean:
		t.sum.Add(t.sum, v)
	case ratio:
		if v.Cmp(t.threshold) >= 0 {
			t.reaching++
		}
	case formula.Last:
		if t.newest == nil || newer(r, t.newest) {
			t.newest, t.sum = r, v
		}
	case formula.Max:
		if t.n == 0 || v.Cmp(t.sum) > 0 {
			t.sum = v
		}
	case formula.Min:
		if t.n == 0 || v.Cmp(t.sum) < 0 {
			t.sum = v
		}
	}
}

// share adds a part that is still to be divided by the row's weights; whole rows need no dividing.
func (t *tally) share(part *big.Rat, weight, of int64) {
	if weight == of {
		part.Mul(part, big.NewRat(1, of))
		of = 1
	}
	if t.parts[of] == nil {
		t.parts[of] = new(big.Rat)
	}
	t.parts[of].Add(t.parts[of], part)
}

func newer(a, b *evidence.Row) bool {
	if a.Dated != b.Dated {
		return a.Dated > b.Dated
	}
	return a.ID > b.ID
}

// parts2 is the figure in its two parts, the second nil where the first is the whole of it, both nil where it has no value.
func (t *tally) parts2() (num, den *big.Rat) {
	switch t.aggregate {
	case formula.Count, formula.Sum:
		num = new(big.Rat)
		for of, part := range t.parts {
			num.Add(num, new(big.Rat).Mul(part, big.NewRat(1, of)))
		}
	case formula.Distinct:
		num = big.NewRat(int64(len(t.companies)), 1)
	case formula.Mean:
		num, den = t.sum, big.NewRat(t.n, 1)
	case ratio:
		num, den = big.NewRat(t.reaching, 1), big.NewRat(t.n, 1)
	case formula.Days:
		return t.daysBetween()
	default:
		if t.n > 0 {
			num = t.sum
		}
	}
	return num, den
}

// daysBetween sums over the companies whose first row of the second sort falls in the year, not before their first of the other.
func (t *tally) daysBetween() (num, den *big.Rat) {
	days, companies := int64(0), int64(0)
	for _, l := range t.first {
		if l.from != "" && l.until >= l.from && l.counts == t.year {
			days += int64(l.from.DaysTo(l.until))
			companies++
		}
	}
	return big.NewRat(days, 1), big.NewRat(companies, 1)
}

// Costs is the accepted cost of each partner and year, in whole units of the currency.
type Costs map[id.Organisation]map[period.Year]*big.Rat

// of sums the cost of an organisation, or of all ("").
func (c Costs) of(organisation id.Organisation, year period.Year, toDate bool) *big.Rat {
	sum := new(big.Rat)
	for o, years := range c {
		if organisation != "" && o != organisation {
			continue
		}
		for y, v := range years {
			if y == year || toDate && y < year {
				sum.Add(sum, v)
			}
		}
	}
	return sum
}
