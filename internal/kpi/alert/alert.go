// Package alert keeps what should worry somebody: a KPI behind its time or unlikely to reach its target, a partner that does not report, evidence
// that asks for a second look, money that will not be earned. What is found follows by rule from figures and forecasts; who looks after it, and
// what they said, is kept. It computes no figure and changes none.
package alert

import (
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Rule is what an alert is found by.
type Rule string

// The rules.
const (
	Behind  Rule = "behind"  // attainment well behind the time that has passed
	Chance  Rule = "chance"  // the target will hardly be reached
	Late    Rule = "late"    // nothing was reported of a quarter that is over
	Quality Rule = "quality" // findings in the evidence wait for an answer
	Stake   Rule = "stake"   // much of the performance money will not be earned
)

// Rules lists all of them, what weighs most first.
func Rules() []Rule { return []Rule{Late, Stake, Behind, Chance, Quality} }

// Key names the rule in the catalogue, SaysKey its sentence.
func (r Rule) Key() text.Key { return text.Key("alert.rule." + string(r)) }

// SaysKey is the sentence of an alert by the rule.
func (r Rule) SaysKey() text.Key { return text.Key("alert.says." + string(r)) }

// State is where an alert stands.
type State string

// The states.
const (
	Open     State = "open"
	TakenUp  State = "taken-up"
	Silenced State = "silenced"
	Resolved State = "resolved"
)

// States lists all of them.
func States() []State { return []State{Open, TakenUp, Silenced, Resolved} }

// Waits tells whether something is still to be done.
func (s State) Waits() bool { return s == Open || s == TakenUp }

// The grades: the second goes before the first.
const (
	Grave    = 2
	Moderate = 1
)

// Matter is what a rule finds on a day. N and Against are by rule: attainment and time passed in basis points; the chance and its limit in basis
// points; days since the report was due and the quarter; open findings and 0; cents that will not be earned, of the pool.
type Matter struct {
	Rule       Rule
	Year       period.Year
	Partner    id.Organisation
	KPI        id.KPI // "" of the partner as a whole
	Grade      int
	N, Against int64
	Due        period.Date
}

// level is how bad it is: more is worse, within a rule.
func (m *Matter) level() int64 {
	switch m.Rule {
	case Behind:
		return m.Against - m.N
	case Chance:
		return m.Against - m.N
	}
	return m.N
}

// step is by how much a matter must have grown to be worse than it was.
func (m *Matter) step(bore int64) int64 {
	switch m.Rule {
	case Behind:
		return 500
	case Chance:
		return 1_000
	case Late:
		return 30
	case Stake:
		return max(bore/4, 1_000_00)
	}
	return 1
}

// Alert is a matter with who looks after it.
type Alert struct {
	Matter
	ID                 id.Alert
	State              State
	Owner              id.Person // "" nobody
	OwnerName          string
	PartnerCode, Short string
	KPICode            string
	BoreGrade          int   // how bad it was when it was let rest
	Bore               int64 // the same, as a level
	Raised             period.Date
	Steps              int
}

// Subject is the alert as leave is checked on it.
func (a *Alert) Subject() access.Subject {
	return access.Subject{Kind: "alert", State: string(a.State), Partner: a.Partner}
}

// Overdue tells whether its day has passed while it waits.
func (a *Alert) Overdue(on period.Date) bool { return a.State.Waits() && a.Due < on }

// worse tells whether a matter has grown since the alert was let rest.
func (a *Alert) worse(m *Matter) bool {
	return m.Grade > a.BoreGrade || m.level() >= a.Bore+m.step(a.Bore)
}

// Step is one thing that became of an alert.
type Step struct {
	State      State
	Owner      string // name, "" nobody
	Grade      int
	N, Against int64
	On         period.Date
	By         string // name, "" the rule
	Reason     string
}

// key is what an alert is about: one alert for a matter of a year.
func (m *Matter) key() string {
	return strconv.Itoa(int(m.Year)) + "/" + string(m.Rule) + "/" + string(m.Partner) + "/" + string(m.KPI)
}
