package kpi

import (
	"math/big"
	"slices"

	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi/formula"
	"errera.eu/errera/internal/period"
)

// Basis says which rows a figure may take. Rejected ones never count.
type Basis string

// The bases: everything reported; what is verified; what pays, which is verified evidence where the KPI asks for it, and nothing that was
// declared by hand (domain section 5.1).
const (
	Live   Basis = "live"
	Proven Basis = "verified"
	Paying Basis = "paying"

	uncapped Basis = "uncapped" // Paying with all that was declared, before the programme's cap on it
)

// Figure is a number with what it came from. Percentages and means keep their two parts.
type Figure struct {
	Num, Den *big.Rat // Den nil: the figure is Num
	Sample   int      // rows that went in; for a mean or ratio those with the measure
	Verified int      // of the sample
	Reported int      // of the sample, not yet verified
	Declared int      // of the sample, typed in by hand
	Newest   period.Date
	Evidence []id.Evidence // the sample, in the order of recording
}

// VerifiedBp is the verified share of the rows, in basis points; whole when there are none.
func (f Figure) VerifiedBp() int64 {
	if f.Sample == 0 {
		return Whole
	}
	return int64(f.Verified) * Whole / int64(f.Sample)
}

// Value is the figure as one number, nil when it has none (a mean of nothing). A ratio in percent is the number before the sign.
func (d *Definition) Value(f Figure) *big.Rat {
	switch {
	case f.Num == nil:
		return nil
	case f.Den == nil:
		return f.Num
	case f.Den.Sign() == 0:
		return nil
	}
	v := new(big.Rat).Quo(f.Num, f.Den)
	if d.Aggregate == Ratio && d.Unit == "percent" {
		v.Mul(v, big.NewRat(100, 1))
	}
	return v
}

// takes tells whether the definition is about such a row for a figure of the year, whatever its state.
func (d *Definition) takes(r *evidence.Row, year period.Year) bool {
	if r.KPI != "" {
		return r.KPI == d.ID && r.Year == year && d.Declarable()
	}
	if d.formula != nil {
		return slices.ContainsFunc(d.formula.Leaves, func(l formula.Leaf) bool { return l.Takes(r, int(year)) })
	}
	if r.Year != year || !slices.Contains(d.Kinds, r.Kind) || d.JointOnly && r.Organisers < 2 {
		return false
	}
	return len(d.ActivityTypes) == 0 || slices.Contains(d.ActivityTypes, r.ActivityType)
}

// admits tells whether the basis lets such a row count.
func (d *Definition) admits(r *evidence.Row, b Basis) bool {
	switch {
	case r.State == evidence.Rejected:
		return false
	case b == Paying && r.Kind == evidence.Declared:
		return false
	case b == Proven || (b == Paying || b == uncapped) && d.VerifiedOnly:
		return r.State == evidence.Verified
	}
	return true
}

// Compute makes the figure of an organisation in a year, or of the programme ("") over the union of all rows. The order of rows does not
// matter; cost is nil where no formula asks for it.
func (d *Definition) Compute(rows []evidence.Row, organisation id.Organisation, year period.Year, b Basis, cost Costs) Figure {
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
	return c.figure()
}
