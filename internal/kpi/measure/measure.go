// Package measure is what partners state of their KPIs in numbers: the values that come from systems which keep no evidence, and that nothing is
// reported. A KPI is never typed in (domain section 5): a value is recorded as declared evidence that speaks for one KPI, is marked wherever it
// shows, and adds to a paying figure at most what the programme's rule lets it. That nothing is reported is a statement of its own, and is not 0.
//
// It also writes what was promised, computed and stated as a table or as IATI results, for other programs. It computes no figure: kpi does.
package measure

import (
	"cmp"
	"math/big"
	"slices"
	"strings"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Basis says where a row comes from.
type Basis string

// The bases: computed from evidence by the rules of the KPI, or stated by its partner. Only the second is ever read from a file.
const (
	Computed Basis = "computed"
	Declared Basis = "declared"
)

// Row is one KPI of one partner in a year, or in a quarter of it.
type Row struct {
	Line         int // of the file that it was read from
	KPI, Partner string
	Year         period.Year
	Quarter      int // 1 to 4, 0 the whole year
	Basis        Basis
	Status       kpi.Status
	Value        string // exact decimal; "" none
	Num, Den     string // the parts of a ratio or mean
	Unit         string
	Baseline     string
	Target       string // in force; "" not due
}

// Span is the days that the row is about.
func (r *Row) Span() period.Span {
	if r.Quarter == 0 {
		return period.Span{From: r.Year.First(), To: r.Year.Last()}
	}
	return r.Year.Quarter(r.Quarter)
}

// Statement is a row as it was last stated, with the evidence that it left.
type Statement struct {
	KPI        id.KPI
	Partner    id.Organisation
	Year       period.Year
	Quarter, N int
	Status     kpi.Status
	Value      string
	Num, Den   string
	Evidence   id.Evidence // "" where nothing is reported
	Source     string
	On         period.Date
}

type place struct {
	kpi     id.KPI
	partner id.Organisation
	year    period.Year
	quarter int
}

func (s *Statement) place() place { return place{s.KPI, s.Partner, s.Year, s.Quarter} }

// says tells whether a statement says the same as the row.
func (s *Statement) says(r *Row) bool {
	return s.Status == r.Status && s.Value == r.Value && s.Num == r.Num && s.Den == r.Den
}

// maxDecimals is what kpi.Decimal keeps.
const maxDecimals = 6

// exact reads a plain decimal with at most six decimals, and gives its normal form.
func exact(s string) (*big.Rat, string, bool) {
	digits := strings.TrimPrefix(s, "-")
	whole, fraction, dotted := strings.Cut(digits, ".")
	if whole == "" || len(whole) > 15 || dotted && (fraction == "" || len(fraction) > maxDecimals) || strings.Trim(whole+fraction, "0123456789") != "" {
		return nil, "", false
	}
	v, ok := new(big.Rat).SetString(s)
	return v, kpi.Decimal(v), ok
}

// checker tells what is wrong with a row, at its column.
type checker struct {
	file   string
	row    *Row
	faults *fault.Rows
	failed bool
}

func (c *checker) fault(column, found string, want text.Key, args text.Args) {
	c.failed = true
	*c.faults = append(*c.faults, fault.Row{File: c.file, Line: c.row.Line, Column: column, Found: found, Want: want, Args: args})
}

// status tells a value from nothing reported: an empty cell alone is neither.
func (c *checker) status() {
	r := c.row
	switch {
	case r.Status == "" && r.Value == "" && r.Num == "" && r.Den == "":
		c.fault("status", "", "measure.status_missing", nil)
	case r.Status == "":
		r.Status = kpi.Valued
	case r.Status == kpi.NotReported && (r.Value != "" || r.Num != "" || r.Den != ""):
		c.fault("value", cmp.Or(r.Value, r.Num, r.Den), "measure.zero", nil)
	case r.Status != kpi.Valued && r.Status != kpi.NotReported:
		c.fault("status", string(r.Status), "measure.status", nil)
	}
}

// value checks the number by what the KPI counts.
func (c *checker) value(d *kpi.Definition) {
	r := c.row
	if d.Aggregate == kpi.Ratio {
		c.parts(d)
		return
	}
	if r.Num != "" || r.Den != "" {
		c.fault("numerator", cmp.Or(r.Num, r.Den), "measure.parts_idle", nil)
		return
	}
	v, normal, ok := exact(r.Value)
	switch {
	case !ok:
		c.fault("value", r.Value, "measure.decimal", text.Args{"n": maxDecimals})
	case v.Sign() < 0 && (d.Aggregate == kpi.Count || d.Aggregate == kpi.Distinct):
		c.fault("value", r.Value, "measure.negative", nil)
	case d.Aggregate == kpi.Distinct && !v.IsInt():
		c.fault("value", r.Value, "measure.whole", nil)
	}
	r.Value = normal
}

// parts wants both parts of a ratio: a percentage alone cannot be added up. The value follows from them.
func (c *checker) parts(d *kpi.Definition) {
	r := c.row
	num, n, ok1 := exact(r.Num)
	den, m, ok2 := exact(r.Den)
	if !ok1 || !ok2 || den.Sign() <= 0 {
		c.fault("denominator", r.Num+" / "+r.Den, "measure.parts", nil)
		return
	}
	v := d.Value(kpi.Figure{Num: num, Den: den})
	if given := r.Value; given != "" {
		said, _, ok := exact(given)
		if !ok || said.FloatString(d.Decimals) != v.FloatString(d.Decimals) {
			c.fault("value", given, "measure.parts_differ", text.Args{"value": v.FloatString(d.Decimals)})
		}
	}
	r.Value, r.Num, r.Den = kpi.Decimal(v), n, m
}

// agreed checks what the agreement says: a file may repeat targets and baselines, and changes none.
func (c *checker) agreed(a *kpi.Assignment) {
	r := c.row
	if r.Baseline != "" {
		if v, _, ok := exact(r.Baseline); !ok || v.Cmp(a.Baseline) != 0 {
			c.fault("baseline", r.Baseline, "measure.baseline", text.Args{"value": kpi.Decimal(a.Baseline)})
		}
	}
	if r.Target == "" || r.Quarter != 0 {
		return
	}
	t, due := a.TargetOn(r.Year, r.Year.Last())
	v, _, ok := exact(r.Target)
	if !due || !ok || v.Cmp(t.Value) != 0 {
		c.fault("target", r.Target, "measure.target", text.Args{"value": kpi.Decimal(t.Value)})
	}
}

// ordered puts rows in the order of a table: by partner and KPI as they came, then by time, what was computed first.
func ordered(rows []Row, partners, kpis []string) []Row {
	slices.SortStableFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(slices.Index(partners, a.Partner), slices.Index(partners, b.Partner)),
			cmp.Compare(slices.Index(kpis, a.KPI), slices.Index(kpis, b.KPI)), cmp.Compare(a.Year, b.Year),
			cmp.Compare(a.Quarter, b.Quarter), cmp.Compare(a.Basis, b.Basis))
	})
	return rows
}
