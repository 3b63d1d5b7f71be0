package kpi

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"

	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Sheet is the definition sheet of a KPI: what it means and how it is counted, whole, so that a version can be read long afterwards. Its
// source is the kinds of evidence that the formula takes.
type Sheet struct {
	Code          string
	Name, Short   programme.Words
	Meaning       programme.Words // what a reader learns from it
	Counting      programme.Words // the rule in words
	Limits        programme.Words // what it does not say
	Level         string          // input, output, outcome; "" not told
	Frequency     string          // month, quarter, year
	Owner         string          // the role that answers for it
	Unit          string
	Formula       string // "" for a plain definition, with the six that follow
	Kinds         []evidence.Kind
	ActivityTypes []string
	JointOnly     bool
	Aggregate     Aggregate
	Measure       Measure
	Threshold     string // exact decimal
	Joint         Joint
	Direction     Direction
	Decimals      int
	MinSample     int
	VerifiedOnly  bool
	Cockpit       bool
	Position      int // 0: after all others
}

// Version is a sheet as it was decided. It holds for the years from FromYear on; what a settlement froze stays as frozen.
type Version struct {
	Sheet
	KPI       id.KPI
	Version   int
	FromYear  period.Year
	DefinedOn period.Date
	DefinedBy id.Person // "" with the programme
	ByName    string    // filled by Versions alone
	Reason    string
}

// Levels, Frequencies and Owners are what a sheet may say.
func Levels() []string { return []string{"input", "output", "outcome"} }

// Frequencies lists how often a KPI is looked at.
func Frequencies() []string { return []string{"month", "quarter", "year"} }

// Owners lists the roles that may answer for a KPI.
func Owners() []string { return []string{"officer", "controller", "analyst", "administrator"} }

// definition is the sheet as it computes, not yet compiled.
func (s *Sheet) definition() (*Definition, error) {
	d := &Definition{Code: s.Code, Position: s.Position, Name: s.Name, Short: s.Short, Unit: s.Unit, Kinds: s.Kinds,
		ActivityTypes: s.ActivityTypes, JointOnly: s.JointOnly, Aggregate: s.Aggregate, Measure: s.Measure, Joint: s.Joint, Direction: s.Direction,
		Decimals: s.Decimals, MinSample: s.MinSample, VerifiedOnly: s.VerifiedOnly, Cockpit: s.Cockpit, Formula: strings.TrimSpace(s.Formula)}
	if s.Threshold != "" {
		v, ok := new(big.Rat).SetString(s.Threshold)
		if !ok {
			return nil, fault.Invalid("threshold", "kpi.threshold_missing", nil)
		}
		d.Threshold = v
	}
	return d, nil
}

// sheet is what a definition tells of its own sheet: one that came with a programme has neither meaning nor limits.
func (d *Definition) sheet() Sheet {
	s := Sheet{Code: d.Code, Position: d.Position, Name: d.Name, Short: d.Short, Frequency: "quarter", Owner: "officer", Unit: d.Unit,
		Formula: d.Formula, Joint: d.Joint, Direction: d.Direction, Decimals: d.Decimals, MinSample: d.MinSample, VerifiedOnly: d.VerifiedOnly,
		Cockpit: d.Cockpit}
	if d.Formula == "" {
		s.Kinds, s.ActivityTypes, s.JointOnly, s.Aggregate, s.Measure = d.Kinds, d.ActivityTypes, d.JointOnly, d.Aggregate, d.Measure
		s.Threshold = Decimal(d.Threshold)
	}
	return s
}

// Define gives the sheet as the definition that computes, or tells everything that is wrong with it beside the other KPIs of its programme,
// by field. It stores nothing.
func (s *Sheet) Define(others []*Definition) (*Definition, error) {
	var faults []error
	wrong := func(bad bool, field string, key text.Key, args text.Args) {
		if bad {
			faults = append(faults, fault.Invalid(field, key, args))
		}
	}
	wrong(!codeForm(s.Code), "code", "kpi.code_form", nil)
	for field, w := range map[string]programme.Words{"name": s.Name, "short": s.Short, "meaning": s.Meaning, "counting": s.Counting, "limits": s.Limits} {
		wrong(w.NL == "" || w.EN == "" || w.FR == "", field, "kpi.words_missing", nil)
		wrong(len(w.NL) > 400 || len(w.EN) > 400 || len(w.FR) > 400, field, "kpi.words_long", nil)
	}
	wrong(s.Level != "" && !slices.Contains(Levels(), s.Level), "level", "kpi.choice", nil)
	wrong(!slices.Contains(Frequencies(), s.Frequency), "frequency", "kpi.choice", nil)
	wrong(!slices.Contains(Owners(), s.Owner), "owner", "kpi.choice", nil)
	wrong(s.Decimals < 0 || s.Decimals > 6, "decimals", "db.decimals", nil)
	wrong(s.MinSample < 0, "min_sample", "db.number_negative", nil)
	wrong(s.Joint != Full && s.Joint != Share, "joint", "kpi.choice", nil)
	wrong(s.Direction != Up && s.Direction != Down, "direction", "kpi.choice", nil)
	d, err := s.definition()
	if err != nil {
		return nil, fault.Join(append(faults, err)...)
	}
	if d.Formula != "" {
		if err := d.Compile(others); err != nil {
			return nil, fault.Join(append(faults, err)...)
		}
	}
	return d, fault.Join(append(faults, d.Check())...)
}

func codeForm(s string) bool {
	return s != "" && len(s) <= 60 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" && s[0] != '-'
}

// canonical is the sheet as text that is stored and never changes: the fields in their order.
func (s *Sheet) canonical() (string, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return "", fault.Internal(err)
	}
	return string(b), nil
}

// inForce chooses, among the versions of one KPI in their order, the one that holds for a year as decided by a day ("" today): the newest of
// those for that year, or the first where none reaches back so far. Nil when none was decided yet.
func inForce(versions []Version, year period.Year, asOf period.Date) *Version {
	var first, found *Version
	for i := range versions {
		v := &versions[i]
		if asOf != "" && v.DefinedOn > asOf {
			continue
		}
		if first == nil {
			first = v
		}
		if v.FromYear <= year {
			found = v
		}
	}
	if found == nil {
		return first
	}
	return found
}
