package kpi

import (
	"fmt"
	"strings"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/kpi/formula"
	"errera.eu/errera/internal/text"
)

// compile checks the formulas of a whole catalogue. What is stored was checked when it was saved, so a fault is the program's own.
func compile(all []*Definition) error {
	for _, d := range all {
		if d.Formula == "" {
			continue
		}
		if err := d.Compile(all); err != nil {
			return fault.Internal(fmt.Errorf("kpi %s: %w", d.Code, err))
		}
	}
	return nil
}

// Compile checks the definition's formula against the other definitions of the programme, which it may name, and sets kinds, aggregate and
// measure as they follow from it. Faults: those of formula.Parse; a unit that the formula does not give; a share of what does not add up.
func (d *Definition) Compile(others []*Definition) error {
	f, err := formula.Parse(d.Formula, d.Code, func(code string) (string, bool) {
		for _, o := range others {
			if o.Code == code {
				return o.source()
			}
		}
		return "", false
	})
	if err != nil {
		return err
	}
	if !f.Unit.Fits(d.Unit) {
		return fault.Invalid("unit", "kpi.unit_unfit", text.Args{"unit": d.Unit, "formula": string(f.Unit)})
	}
	d.formula, d.Kinds, d.ActivityTypes, d.JointOnly, d.Measure, d.Threshold = f, f.Kinds(), nil, false, NoMeasure, nil
	d.Aggregate = Aggregate(f.Roll)
	if f.Parts {
		d.Aggregate = Ratio
	}
	if d.Joint == Share && d.Aggregate != Count && d.Aggregate != Sum {
		return fault.Invalid("joint", "kpi.share_adds", nil)
	}
	return nil
}

// source is the definition as a formula, so that other formulas can name it. A plain one is written out; the mean of nothing and a ratio of
// nothing have no value there either.
func (d *Definition) source() (string, bool) {
	if d.Formula != "" {
		return d.Formula, true
	}
	quoted := func(words []string) string { return `["` + strings.Join(words, `", "`) + `"]` }
	var kinds []string
	for _, k := range d.Kinds {
		kinds = append(kinds, string(k))
	}
	rows := "kind in " + quoted(kinds)
	if d.JointOnly {
		rows += " and joint"
	}
	if len(d.ActivityTypes) > 0 {
		rows += " and type in " + quoted(d.ActivityTypes)
	}
	switch d.Aggregate {
	case Count, Distinct:
		return fmt.Sprintf("%s(%s)", d.Aggregate, rows), true
	case Ratio:
		limit := Decimal(d.Threshold)
		return fmt.Sprintf("percent(count(%s and quantity >= %s), count(%s and (quantity >= %s or quantity < %s)))", rows, limit, rows, limit, limit), true
	}
	return fmt.Sprintf("%s(%s, %s)", d.Aggregate, d.Measure, rows), true
}
