package kpi

import (
	"math/big"
	"slices"

	"errera.eu/errera/internal/period"
)

// Suppose is what a partner's cells would be if some of their values were others: attainment and payout by the same rules as a settlement's,
// judged at the end of the year. Values are by the code of the KPI. Cells that a decision took out, or that have no target, stay as they are.
func Suppose(cells []Cell, values map[string]*big.Rat) []Cell {
	supposed := slices.Clone(cells)
	for i := range supposed {
		c := &supposed[i]
		v, other := values[c.KPI.Code]
		if !other || v == nil || c.Target == nil || !c.Status.Weighs() || c.Assignment == nil {
			continue
		}
		c.Status, c.Value = Valued, v
		c.Attainment = Attain(c.Assignment.Rule, c.KPI.Direction, c.Assignment.Baseline, c.Target, v)
		c.AttainmentBp = Floor(c.Attainment)
		c.PayoutBp = min(Payout(c.Attainment, c.FloorBp), c.Assignment.Cap())
		c.Course = CourseOf(c.AttainmentBp, Whole)
	}
	return supposed
}

// Agreed lists the cells of what the partner promised, in the order of the board.
func (p *PartnerRow) Agreed() []Cell {
	var cells []Cell
	for _, c := range p.Cells {
		if c != nil {
			cells = append(cells, *c)
		}
	}
	return cells
}

// ToReport is a partner that has left no evidence in the year, with what it owes and by when.
type ToReport struct {
	Partner *PartnerRow
	Owed    []*Cell
	By      period.Date // the end of the quarter, or of the year that is over
}

// StillToReport lists the partners that have promises due and reported nothing, in the order in which one should look at them.
func (b *Board) StillToReport() []ToReport {
	by := b.Year.Last()
	if b.AsOf.Year() == b.Year {
		by = b.Year.Quarter(b.AsOf.Quarter()).To
	}
	var all []ToReport
	rows := b.FurthestBehind()
	for i := range rows {
		t := ToReport{Partner: &rows[i], By: by}
		for _, c := range rows[i].Cells {
			if c != nil && c.Status == NotReported {
				t.Owed = append(t.Owed, c)
			}
		}
		if len(t.Owed) > 0 {
			all = append(all, t)
		}
	}
	return all
}
