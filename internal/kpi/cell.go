package kpi

import (
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"slices"

	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Status says what stands in a cell. Six of them are never to be confused (domain section 5.6); a KPI that was not agreed has no cell.
//
// Which one it is, in this order: waived, when a decision took the KPI out of the year; not due, when no target is in force for the year or
// the year has not begun; not reported, when its partner has not left a single row of evidence in the year, of whatever kind or state;
// too small a sample, when fewer rows than the KPI's minimum went in, or none into a mean, ratio or last value, which then has no value;
// else the value. So a partner that reported other things has a true zero here, and a partner whose evidence was refused has one too.
type Status string

// The statuses. Suppressed occurs in published tables alone.
const (
	Valued      Status = "value"
	NotReported Status = "not-reported"
	NotDue      Status = "not-due"
	Waived      Status = "waived"
	SmallSample Status = "small-sample"
	Suppressed  Status = "suppressed"
)

// Statuses lists all of them.
func Statuses() []Status {
	return []Status{Valued, NotReported, NotDue, Waived, SmallSample, Suppressed}
}

// Key names the status in words.
func (s Status) Key() text.Key { return text.Key("kpi.status." + string(s)) }

// ShortKey is what stands in a cell where the number would: n.r., not due, waived, n < {min}, <5. A value has its number instead.
func (s Status) ShortKey() text.Key { return text.Key("kpi.short." + string(s)) }

// Weighs tells whether the weight of such a cell counts in the score.
func (s Status) Weighs() bool { return s != Waived && s != NotDue }

// Course is how a partner or a cell goes, against the time that has passed.
type Course string

// The courses; NoCourse where nothing is due.
const (
	NoCourse   Course = ""
	OnCourse   Course = "on-course"
	Behind     Course = "behind"
	AtRisk     Course = "at-risk"
	Unreported Course = "not-reported"
)

// Courses lists those that have a word.
func Courses() []Course { return []Course{OnCourse, Behind, AtRisk, Unreported} }

// Key names the course in the catalogue.
func (c Course) Key() text.Key { return text.Key("kpi.course." + string(c)) }

// Points behind the time elapsed, in basis points, from which a course is no longer good.
const (
	behindBp = 800
	riskBp   = 2_000
)

// CourseOf judges an attainment: behind is more than 8 points behind the time elapsed, at risk more than 20.
func CourseOf(attainmentBp, elapsedBp int64) Course {
	switch late := elapsedBp - attainmentBp; {
	case late > riskBp:
		return AtRisk
	case late > behindBp:
		return Behind
	}
	return OnCourse
}

// Cell is one promise of one partner in one year, as far as it is kept.
type Cell struct {
	KPI          *Definition
	Assignment   *Assignment     // nil for a total
	Partner      id.Organisation // "" for a total
	Year         period.Year
	Status       Status
	Figure       Figure
	Value        *big.Rat // nil when the figure has none
	Target       *big.Rat // in force on the day asked for; nil not due
	TargetSigned *big.Rat // as signed; nil when the year had none then
	Attainment   *big.Rat // exact, in basis points; nil unless Status is Valued
	AttainmentBp int64    // its floor, for display and storing
	PayoutBp     int64
	Weight       int64
	FloorBp      int64
	Course       Course
}

// EvidenceHash is HashEvidence of the rows behind the figure.
func (c *Cell) EvidenceHash() string { return HashEvidence(c.Figure.Evidence) }

// HashEvidence is the SHA-256 in hexadecimal of ids, sorted, each followed by a line feed.
func HashEvidence(ids []id.Evidence) string {
	h := sha256.New()
	for _, e := range slices.Sorted(slices.Values(ids)) {
		h.Write([]byte(e + "\n")) // a hash never fails to write
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Short is what stands in the cell in place of a number; "" when it holds a value.
func (c *Cell) Short(l text.Language) string {
	if c.Status == Valued {
		return ""
	}
	return l.Say(c.Status.ShortKey(), text.Args{"min": max(c.KPI.MinSample, 1)})
}

// when is the day whose knowledge counts, and how much of the year had passed at its end.
type when struct {
	year      period.Year
	asOf      period.Date
	waived    period.Date // waivers decided by then count
	elapsedBp int64
}

const always = period.Date("9999-12-31")

func at(year period.Year, asOf period.Date) when {
	passed, days := year.Elapsed(asOf)
	return when{year, asOf, asOf, int64(passed) * Whole / int64(days)}
}

// target is the one in force; nil not due.
func (a *Assignment) target(w when) *big.Rat {
	t, _ := a.TargetOn(w.year, min(w.asOf, w.year.Last()))
	return t.Value
}

// judge makes the cell of an assignment: a pure function of the figure and of what was known. A target set after the year's last day is
// none of that year's (domain section 5.7).
func judge(d *Definition, a *Assignment, f Figure, reported bool, w when) Cell {
	c := Cell{KPI: d, Assignment: a, Partner: a.Partner, Year: w.year, Figure: f, Value: d.Value(f), Weight: a.Weight, FloorBp: a.FloorBp}
	c.Target = a.target(w)
	if t, ok := a.SignedTarget(w.year); ok {
		c.TargetSigned = t.Value
	}
	switch {
	case a.WaivedOn(w.year, w.waived):
		c.Status = Waived
	case c.Target == nil || w.asOf < w.year.First():
		c.Status = NotDue
	case !reported:
		c.Status, c.Course = NotReported, Unreported
	case f.Sample < d.MinSample || c.Value == nil:
		c.Status = SmallSample
	default:
		c.Status = Valued
		c.Attainment = Attain(a.Rule, d.Direction, a.Baseline, c.Target, c.Value)
		c.AttainmentBp = Floor(c.Attainment)
		c.PayoutBp = min(Payout(c.Attainment, a.FloorBp), a.Cap())
		c.Course = CourseOf(c.AttainmentBp, w.elapsedBp)
	}
	return c
}
