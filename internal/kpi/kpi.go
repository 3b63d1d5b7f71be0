// Package kpi says what was promised and how far it is kept: definitions over evidence, targets as a history, attainment, payout and score,
// the cells of a year, reach and trend. A figure is always computed from rows of evidence, never typed, and is exact until a rule rounds it.
//
// It writes nothing: definitions and assignments come with a programme, cells are frozen by settlement, and money is funding's.
package kpi

import (
	"math/big"
	"slices"

	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi/formula"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Aggregate is how rows become one figure (domain section 5.2).
type Aggregate string

// The aggregates. Distinct counts companies; a ratio keeps its two parts.
const (
	Count    Aggregate = "count"
	Sum      Aggregate = "sum"
	Distinct Aggregate = "distinct"
	Mean     Aggregate = "mean"
	Ratio    Aggregate = "ratio"
	Last     Aggregate = "last"
)

// Aggregates lists all of them.
func Aggregates() []Aggregate { return []Aggregate{Count, Sum, Distinct, Mean, Ratio, Last} }

// Key names the aggregate in the catalogue.
func (a Aggregate) Key() text.Key { return text.Key("kpi.aggregate." + string(a)) }

// Measure is what of a row is added up.
type Measure string

// The measures: an amount counts in whole units of the currency, a quantity as it is.
const (
	NoMeasure Measure = ""
	Amount    Measure = "amount"
	Quantity  Measure = "quantity"
)

// Joint is the credit of a joint result (domain section 5.8).
type Joint string

// Full gives each partner the whole of it; by Share the parts of partners and agency add up to the programme.
const (
	Full  Joint = "full"
	Share Joint = "share"
)

// Key names the rule in the catalogue.
func (j Joint) Key() text.Key { return text.Key("kpi.joint." + string(j)) }

// Direction says which way is better.
type Direction string

// The directions.
const (
	Up   Direction = "up"
	Down Direction = "down"
)

// Key names the direction in the catalogue.
func (d Direction) Key() text.Key { return text.Key("kpi.direction." + string(d)) }

// Units lists the units that a KPI may have.
func Units() []string {
	return []string{"companies", "contacts", "activities", "strategies", "entries", "talks", "percent", "euro", "jobs", "services", "uses",
		"referrals", "answers", "mentions", "wins", "investments", "sites", "records", "people", "hours", "points", "days", "number",
		"euro_per_company", "contacts_per_activity", "companies_per_activity"}
}

// Definition is an indicator: which rows of evidence it takes and how they become a figure.
type Definition struct {
	ID                id.KPI
	Code              string
	Position, Version int
	Name, Short       programme.Words
	Unit              string
	Kinds             []evidence.Kind
	ActivityTypes     []string // none: any
	JointOnly         bool     // only activities with two organisers or more
	Aggregate         Aggregate
	Measure           Measure
	Threshold         *big.Rat // of a ratio; nil none
	Joint             Joint
	Direction         Direction
	Decimals          int
	MinSample         int // rows below which the figure says nothing
	VerifiedOnly      bool
	Cockpit           bool
	Formula           string // "" for a plain definition; else kinds, aggregate and the rest follow from it
	formula           *formula.Formula
}

// adds tells whether targets of partners add up to what was promised in all: where values add or count companies.
func (d *Definition) adds() bool {
	return d.Aggregate == Count || d.Aggregate == Sum || d.Aggregate == Distinct
}

// From is the first year whose rows a figure of the year needs.
func (d *Definition) From(year period.Year) period.Year {
	if d.formula == nil {
		return year
	}
	if back := d.formula.LooksBack(); back >= 0 {
		return year - period.Year(back)
	}
	return 0
}

// UnitKey names the unit in the catalogue.
func (d *Definition) UnitKey() text.Key { return text.Key("kpi.unit." + d.Unit) }

// Filter lists the rows behind a figure of this KPI: of an organisation ("" everybody) in a year.
func (d *Definition) Filter(year period.Year, organisation id.Organisation) evidence.Filter {
	f := evidence.Filter{Organisation: organisation, Kinds: d.Kinds, KPI: d.ID, ActivityTypes: d.ActivityTypes, JointOnly: d.JointOnly,
		From: year, To: year, Measure: string(d.Measure), WithCompany: d.Aggregate == Distinct}
	if d.Aggregate == Ratio && d.formula == nil {
		f.Measure = string(Quantity)
	}
	return f
}

// Check tells what is wrong with a definition, by the field of the import file.
func (d *Definition) Check() error {
	var faults []error
	measured := d.formula == nil && (d.Aggregate == Sum || d.Aggregate == Mean || d.Aggregate == Last)
	switch {
	case measured && d.Measure != Amount && d.Measure != Quantity:
		faults = append(faults, fault.Invalid("measure", "kpi.measure_missing", nil))
	case d.formula == nil && d.Aggregate == Ratio && d.Threshold == nil:
		faults = append(faults, fault.Invalid("threshold", "kpi.threshold_missing", nil))
	case (d.Aggregate == Count || d.Aggregate == Distinct) && d.Measure != NoMeasure:
		faults = append(faults, fault.Invalid("measure", "kpi.measure_idle", nil))
	}
	if d.Joint == Share && d.Aggregate != Count && d.Aggregate != Sum {
		faults = append(faults, fault.Invalid("joint", "kpi.share_adds", nil))
	}
	if len(d.Kinds) == 0 {
		faults = append(faults, fault.Invalid("kinds", "kpi.kinds_missing", nil))
	}
	for _, k := range d.Kinds {
		if !slices.Contains(evidence.Kinds(), k) {
			faults = append(faults, fault.Invalid("kinds", "evidence.kind_unknown", text.Args{"found": string(k)}))
		}
	}
	if !slices.Contains(Units(), d.Unit) {
		faults = append(faults, fault.Invalid("unit", "kpi.unit_unknown", text.Args{"found": d.Unit}))
	}
	return fault.Join(faults...)
}

// Show is a value as pages show it: rounded once, here, half away from zero; "" for none.
func Show(v *big.Rat, decimals int, l text.Language) string {
	if v == nil {
		return ""
	}
	return l.Decimal(v.FloatString(decimals), decimals)
}

// Decimal is the value as files carry it: as many decimals as it needs, at most six; "" for none.
func Decimal(v *big.Rat) string {
	if v == nil {
		return ""
	}
	n, exact := v.FloatPrec()
	if !exact || n > 6 {
		n = 6
	}
	return v.FloatString(n)
}
