package kpi

import (
	"cmp"
	"math/big"
	"slices"

	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// PartnerRow is what one partner promised for the year and how far it is.
type PartnerRow struct {
	Organisation      id.Organisation
	Code, Name, Short string
	Position          int
	Agreement         id.Agreement
	Cells             []*Cell // one for each KPI of the board, nil where none was agreed
	AllBp             *int64  // weighted attainment, see Together; nil when nothing counts or nothing was reported
	ScoreBp           int64   // what a settlement would score on these figures
	Course            Course
}

// Board is a year of a programme on a day: every promise of every partner.
type Board struct {
	Programme id.Programme
	Year      period.Year
	AsOf      period.Date
	Basis     Basis
	ElapsedBp int64 // of the year, at the end of AsOf
	KPIs      []*Definition
	Partners  []PartnerRow // in the order of the organisations
	Totals    []Cell       // of the programme, one for each KPI: see total
	AllBp     *int64       // mean over the partners where something is due; one that did not report counts as 0

	anyWaiver bool  // count waivers decided after AsOf too
	costs     Costs // for formulas that ask for it

	declaredBp money.Bp // of a target that declared evidence may add where it pays
	silent     said     // what partners say is not reported
}

// Count tells how many partners go like that.
func (b *Board) Count(c Course) int {
	n := 0
	for i := range b.Partners {
		if b.Partners[i].Course == c {
			n++
		}
	}
	return n
}

// FurthestBehind is the partners in the order in which one should look at them: not reported among those at risk, nothing due last.
func (b *Board) FurthestBehind() []PartnerRow {
	rows := slices.Clone(b.Partners)
	rank := func(p *PartnerRow) int64 {
		switch {
		case p.AllBp != nil:
			return *p.AllBp
		case p.Course == Unreported:
			return max(b.ElapsedBp-riskBp, 0)
		}
		return 1 << 62
	}
	slices.SortStableFunc(rows, func(x, y PartnerRow) int { return cmp.Compare(rank(&x), rank(&y)) })
	return rows
}

// Partner finds the row of an organisation.
func (b *Board) Partner(o id.Organisation) (*PartnerRow, bool) {
	for i := range b.Partners {
		if b.Partners[i].Organisation == o {
			return &b.Partners[i], true
		}
	}
	return nil, false
}

// promise is what a partner is judged by: its assignments by KPI.
type promise map[id.KPI]*Assignment

// fill computes every cell from the year's rows. A row that several organisations hold credit in goes to each of them.
func (b *Board) fill(rows []evidence.Row, promises map[id.Agreement]promise) {
	w := when{b.Year, b.AsOf, b.AsOf, b.ElapsedBp}
	if b.anyWaiver {
		w.waived = always
	}
	told := b.reports(rows)
	for i := range b.Partners {
		b.Partners[i].Cells = make([]*Cell, len(b.KPIs))
	}
	b.Totals = make([]Cell, len(b.KPIs))
	for k, d := range b.KPIs {
		union, each := d.figures(rows, b.Year, b.Basis, b.costs)
		var all Figure
		var with map[id.Organisation]Figure
		if b.Basis == Paying && b.declaredBp > 0 {
			all, with = d.figures(rows, b.Year, uncapped, b.costs)
		}
		for i := range b.Partners {
			p := &b.Partners[i]
			a := promises[p.Agreement][d.ID]
			if a == nil {
				continue
			}
			f, ok := each[p.Organisation]
			if !ok {
				f = d.counter(p.Organisation, b.Year, b.costs).figure()
			}
			f = d.capped(f, with[p.Organisation], a.target(w), b.declaredBp)
			c := judge(d, a, f, told.by(d, p.Organisation) && !(b.silent[d.ID][p.Organisation] && f.Sample == 0), w)
			p.Cells[k] = &c
		}
		b.Totals[k] = b.total(k, union, all, told.anything || len(told.of[d.ID]) > 0 && d.Declarable(), w)
	}
	for i := range b.Partners {
		b.Partners[i].judge(w.elapsedBp)
	}
	b.AllBp = b.together()
}

// reports is who reported: by evidence of whatever kind or state, which speaks for all KPIs, or by declaring one KPI alone.
type reports struct {
	anything bool
	any      map[id.Organisation]bool
	of       map[id.KPI]map[id.Organisation]bool
}

// reports reads the rows of the year; those of others were read for a formula that looks back. Where it pays, a number that was declared is a
// report only if the programme lets it count, and never where less is better: nothing declared would then be the best.
func (b *Board) reports(rows []evidence.Row) reports {
	t := reports{any: map[id.Organisation]bool{}, of: map[id.KPI]map[id.Organisation]bool{}}
	for i := range rows {
		r := &rows[i]
		switch {
		case r.Year != b.Year:
		case r.KPI == "":
			t.anything = true
			for _, c := range r.Credits {
				t.any[c.Organisation] = true
			}
		case r.State != evidence.Rejected && (b.Basis != Paying || b.declaredBp > 0):
			if t.of[r.KPI] == nil {
				t.of[r.KPI] = map[id.Organisation]bool{}
			}
			for _, c := range r.Credits {
				t.of[r.KPI][c.Organisation] = b.Basis != Paying || b.risen(r.KPI)
			}
		}
	}
	return t
}

// risen tells whether more of the KPI is better.
func (b *Board) risen(kpi id.KPI) bool {
	return slices.ContainsFunc(b.KPIs, func(d *Definition) bool { return d.ID == kpi && d.Direction == Up })
}

// by tells whether the organisation reported on a KPI.
func (t reports) by(d *Definition, o id.Organisation) bool {
	return t.any[o] || d.Declarable() && t.of[d.ID][o]
}

// figures computes the figure of the programme and of every organisation with credit, in one walk over the rows.
func (d *Definition) figures(rows []evidence.Row, year period.Year, b Basis, cost Costs) (Figure, map[id.Organisation]Figure) {
	union, each := d.counter("", year, cost), map[id.Organisation]*counter{}
	for i := range rows {
		r := &rows[i]
		if !d.takes(r, year) || !d.admits(r, b) {
			continue
		}
		union.add(r, r.Weights)
		for _, c := range r.Credits {
			t := each[c.Organisation]
			if t == nil {
				t = d.counter(c.Organisation, year, cost)
				each[c.Organisation] = t
			}
			t.add(r, c.Weight)
		}
	}
	all := make(map[id.Organisation]Figure, len(each))
	for o, t := range each {
		all[o] = t.figure()
	}
	return union.figure(), all
}

// total is the programme's own cell. Its target is the sum of the partners' targets where values add or count companies: what was promised
// in all. A mean, ratio or last value has no such target and is shown without attainment.
func (b *Board) total(k int, union, all Figure, reported bool, w when) Cell {
	d := b.KPIs[k]
	c := Cell{KPI: d, Year: w.year, Status: NotDue}
	due := false
	for i := range b.Partners {
		of := b.Partners[i].Cells[k]
		if of == nil || !of.Status.Weighs() {
			continue
		}
		due = true
		if d.adds() {
			c.Target = plus(c.Target, of.Target)
			c.TargetSigned = plus(c.TargetSigned, of.TargetSigned)
		}
	}
	c.Figure = d.capped(union, all, c.Target, b.declaredBp)
	c.Value = d.Value(c.Figure)
	switch {
	case !due:
	case !reported:
		c.Status, c.Course = NotReported, Unreported
	case c.Figure.Sample < d.MinSample || c.Value == nil:
		c.Status = SmallSample
	default:
		c.Status = Valued
		if c.Target != nil {
			c.Attainment = Attain(Level, d.Direction, new(big.Rat), c.Target, c.Value)
			c.AttainmentBp = Floor(c.Attainment)
			c.Course = CourseOf(c.AttainmentBp, w.elapsedBp)
		}
	}
	return c
}

func plus(a, b *big.Rat) *big.Rat {
	switch {
	case b == nil:
		return a
	case a == nil:
		return b
	}
	return new(big.Rat).Add(a, b)
}

func (p *PartnerRow) judge(elapsedBp int64) {
	var agreed []Cell
	for _, c := range p.Cells {
		if c != nil {
			agreed = append(agreed, *c)
		}
	}
	p.ScoreBp = Score(agreed)
	if slices.ContainsFunc(agreed, func(c Cell) bool { return c.Status == NotReported }) {
		p.Course = Unreported
		return
	}
	if all, ok := Together(p.Cells); ok {
		p.AllBp, p.Course = &all, CourseOf(all, elapsedBp)
	}
}

func (b *Board) together() *int64 {
	sum, n := int64(0), int64(0)
	for i := range b.Partners {
		p := &b.Partners[i]
		if p.AllBp != nil {
			sum += *p.AllBp
		}
		if p.AllBp != nil || p.Course == Unreported {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	mean := sum / n
	return &mean
}
