package kpi

import (
	"context"
	"math/big"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi/formula"
	"errera.eu/errera/internal/period"
)

// Trace is a figure with every step that led to it. Companies of the steps are counted over the same rows.
type Trace struct {
	Figure   Figure
	Steps    []TraceStep
	Declared *big.Rat // what rows that speak for this KPI add to it; nil nothing
	Stated   int      // how many such rows
}

// TraceStep is a part of the formula with its figure and the rows that went into it.
type TraceStep struct {
	formula.Step
	Rows int64 // of a leaf: rows that went in
}

// LoadTrace computes the figure of an organisation ("" the programme) in a year, as known on a day ("" today), and tells how it came about. A
// plain definition is written out as the formula that it is. It serves the preview of a sheet that is not saved: see Sheet.Preview.
func LoadTrace(ctx context.Context, tx *db.Tx, m *evidence.Mirror, programme id.Programme, d *Definition, organisation id.Organisation,
	year period.Year, asOf period.Date, b Basis) (Trace, error) {
	if d.formula == nil {
		written := *d
		written.Formula, _ = d.source()
		if err := written.Compile(nil); err != nil {
			return Trace{}, err
		}
		d = &written
	}
	rows, err := m.Of(ctx, tx, programme, evidence.Query{From: d.From(year), To: year, AsOf: asOf, Kinds: d.Kinds})
	if err != nil {
		return Trace{}, err
	}
	costs, err := loadCosts(ctx, tx, programme, asOf, d)
	if err != nil {
		return Trace{}, err
	}
	return d.Trace(rows, organisation, year, b, costs), nil
}

// Trace is Compute with its steps, for a definition with a formula.
func (d *Definition) Trace(rows []evidence.Row, organisation id.Organisation, year period.Year, b Basis, cost Costs) Trace {
	c := d.counter(organisation, year, cost)
	for i := range rows {
		r := &rows[i]
		if !d.takes(r, year) || !d.admits(r, b) {
			continue
		}
		weight := r.Weights
		if organisation != "" {
			if weight = r.CreditOf(organisation); weight == 0 {
				continue
			}
		}
		c.add(r, weight)
	}
	t := Trace{Figure: c.figure(), Declared: c.declared, Stated: c.stated}
	for _, s := range d.formula.Trace(c.leaves()) {
		step := TraceStep{Step: s}
		if s.Leaf >= 0 {
			step.Rows = c.tallies[s.Leaf].n
		}
		t.Steps = append(t.Steps, step)
	}
	return t
}

// Preview checks a sheet as Define and Change do and, when nothing is wrong, computes it over the evidence of a year, of the whole programme.
// Nothing is saved.
func (s Sheet) Preview(ctx context.Context, tx *db.Tx, m *evidence.Mirror, programme id.Programme, year period.Year) (*Definition, Trace, error) {
	all, err := Definitions(ctx, tx, programme)
	if err != nil {
		return nil, Trace{}, err
	}
	d, err := s.Define(all)
	if err != nil {
		return nil, Trace{}, err
	}
	t, err := LoadTrace(ctx, tx, m, programme, d, "", year, "", Live)
	return d, t, err
}
