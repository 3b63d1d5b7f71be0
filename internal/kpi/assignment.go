package kpi

import (
	"math/big"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Assignment is a KPI in an agreement: what was promised, what it weighs, and the history of its targets.
type Assignment struct {
	ID        id.Assignment
	Agreement id.Agreement
	Partner   id.Organisation
	Objective id.Objective
	KPI       id.KPI
	Rule      Rule
	Baseline  *big.Rat
	Weight    int64
	FloorBp   int64
	CapBp     int64    // most of the weight that is paid, in basis points; 0 reads as Whole
	Targets   []Target // by year, then by the day they were set
	Waivers   []Waiver
}

// Target is what is promised for a year since a day. It is never changed: a later one supersedes it.
type Target struct {
	Year   period.Year
	SetOn  period.Date
	Value  *big.Rat
	Reason string // "" as signed; else why it was amended
}

// Amended tells whether the target came after signing.
func (t Target) Amended() bool { return t.Reason != "" }

// Waiver is a decision that takes the KPI out of a year.
type Waiver struct {
	Year     period.Year
	Decision id.Decision
	Code     string
	Dated    period.Date
	Words    string
}

// TargetOn is the target in force for the year on a day (domain section 5.7); false when the KPI is not due.
func (a *Assignment) TargetOn(year period.Year, on period.Date) (Target, bool) {
	var in Target
	for _, t := range a.Targets {
		if t.Year == year && t.SetOn <= on && t.SetOn >= in.SetOn {
			in = t
		}
	}
	return in, in.Value != nil
}

// SignedTarget is the target for the year as signed; false when the year had none then.
func (a *Assignment) SignedTarget(year period.Year) (Target, bool) {
	for _, t := range a.Targets {
		if t.Year == year && !t.Amended() {
			return t, true
		}
	}
	return Target{}, false
}

// History lists the targets of a year in the order in which they were set.
func (a *Assignment) History(year period.Year) []Target {
	var all []Target
	for _, t := range a.Targets {
		if t.Year == year {
			all = append(all, t)
		}
	}
	return all
}

// WaivedOn tells whether a decision taken by that day takes the KPI out of the year.
func (a *Assignment) WaivedOn(year period.Year, on period.Date) bool {
	for _, w := range a.Waivers {
		if w.Year == year && w.Dated <= on {
			return true
		}
	}
	return false
}

// Check tells what no agreement may promise: a level of 0 or less, or a level of a KPI that should fall (domain section 5.4), a floor that
// leaves nothing to earn, a negative weight.
func (a *Assignment) Check(d *Definition) error {
	var faults []error
	if a.Rule == Level && d.Direction == Down {
		faults = append(faults, fault.Invalid("rule", "kpi.level_down", nil))
	}
	if a.FloorBp < 0 || a.FloorBp >= Whole {
		faults = append(faults, fault.Invalid("floor_bp", "kpi.floor", nil))
	}
	if a.Weight < 0 {
		faults = append(faults, fault.Invalid("weight", "kpi.weight", nil))
	}
	for _, t := range a.Targets {
		faults = append(faults, a.CheckTarget(t))
	}
	return fault.Join(faults...)
}

// CheckTarget tells what is wrong with one target of the assignment.
func (a *Assignment) CheckTarget(t Target) error {
	if a.Rule == Level && t.Value.Sign() <= 0 {
		return fault.Invalid("value", "kpi.level_target", text.Args{"year": t.Year})
	}
	return nil
}

// Cap is the most of the weight that is paid, in basis points.
func (a *Assignment) Cap() int64 {
	if a.CapBp == 0 {
		return Whole
	}
	return a.CapBp
}
