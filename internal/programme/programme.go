// Package programme holds what a round of partnerships is: its period, words, rules, goals, envelopes and decisions, and the organisations
// that take part. It is not about what partners promised (agreement) nor about money that moved (ledger, funding).
package programme

import (
	"cmp"

	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Words is a text in the three languages.
type Words struct{ NL, EN, FR string }

// In is the text in a language; where that one is empty the first that is not, so that a page never shows a hole.
func (w Words) In(l text.Language) string {
	own := map[text.Language]string{text.NL: w.NL, text.EN: w.EN, text.FR: w.FR}[l]
	for _, s := range []string{own, w.EN, w.NL, w.FR} {
		if s != "" {
			return s
		}
	}
	return ""
}

// The states of a programme. One that is importing is invisible to all but the import itself.
const (
	Importing = "importing"
	Open      = "open"
)

// Programme is one round of partnerships.
type Programme struct {
	ID           id.Programme
	Code         string
	Name         Words
	Note         Words // what the banner of an invented programme says
	Strategy     Words
	Starts, Ends period.Date
	Currency     string // ISO 4217
	Agency       id.Organisation
	Invented     bool
	State        string
	SourceHash   string // of the folder it was imported from
}

// Span is the programme's period.
func (p Programme) Span() period.Span { return period.Span{From: p.Starts, To: p.Ends} }

// Years are the calendar years of the programme, in order.
func (p Programme) Years() []period.Year { return p.Span().Years() }

// YearOf says which date puts a cost item in its year.
type YearOf string

// The choices of domain section 4.2.
const (
	Delivered YearOf = "delivered"
	Invoiced  YearOf = "invoiced"
	Paid      YearOf = "paid"
)

// Rule is the programme's rule from a day on, until the next one.
type Rule struct {
	From          period.Date
	RateBp        money.Bp // the agency's share of accepted cost
	PerformanceBp money.Bp // part of the half that is tied to KPIs
	AdvanceBp     money.Bp // of the year's ceiling
	ObjectionDays int
	CarryOverBp   money.Bp // of the original ceiling
	YearOf        YearOf
	AnswerDays    int      // for the other side to answer a proposed version; 0 reads as UsualAnswerDays
	CoolingDays   int      // until a changed bank account counts; 0 is at once
	PlanDays      int      // before a year begins, to submit its plan
	DeclaredBp    money.Bp // of a target, what declared evidence may add where it pays
	Limits        Limits
}

// Limits are when figures should worry somebody. A field that is 0 reads as that of UsualLimits.
type Limits struct {
	ChanceBp  money.Bp // of reaching a target, below which somebody should know
	StakeBp   money.Bp // of the pool of performance money, from which on losing it is told
	GraceDays int      // after a quarter, to report what happened in it
}

// UsualLimits are those of a programme that sets none.
func UsualLimits() Limits { return Limits{ChanceBp: 2_500, StakeBp: 1_000, GraceDays: 30} }

// ReadLimits asks for each limit by its name in the import file and the most that it may be; 0 where none is given.
func ReadLimits(field func(name string, most int64) int64) Limits {
	l := Limits{ChanceBp: money.Bp(field("alert_chance_bp", int64(money.Whole))), StakeBp: money.Bp(field("alert_stake_bp", int64(money.Whole))),
		GraceDays: int(field("report_grace_days", 365))}
	return l.Or(UsualLimits())
}

// Or takes the fields that are 0 from other limits.
func (l Limits) Or(o Limits) Limits {
	return Limits{cmp.Or(l.ChanceBp, o.ChanceBp), cmp.Or(l.StakeBp, o.StakeBp), cmp.Or(l.GraceDays, o.GraceDays)}
}

// UsualCoolingDays is the wait for a changed bank account where a programme's file sets none.
const UsualCoolingDays = 3

// UsualPlanDays is the term for a plan where a programme's file sets none.
const UsualPlanDays = 60

// UsualAnswerDays is the term for an answer where a programme sets none.
const UsualAnswerDays = 14

// AnswerTerm is the term for an answer in days.
func (r Rule) AnswerTerm() int {
	if r.AnswerDays == 0 {
		return UsualAnswerDays
	}
	return r.AnswerDays
}

// Rules is the history of a programme's rules, oldest first.
type Rules []Rule

// InForce is the rule that counts on a day; false before the first one.
func (r Rules) InForce(on period.Date) (Rule, bool) {
	for i := len(r) - 1; i >= 0; i-- {
		if r[i].From <= on {
			return r[i], true
		}
	}
	return Rule{}, false
}

// Goal is an aim of the strategy; each objective names the one it serves.
type Goal struct {
	ID       id.Goal
	Code     string
	Position int
	Name     Words
}

// The kinds of organisation. An organisation of kind other takes part in activities without an agreement.
const (
	KindAgency  = "agency"
	KindPartner = "partner"
	KindOther   = "other"
)

// Organisation is the agency, a partner or another organiser. Organisations belong to no programme.
type Organisation struct {
	ID               id.Organisation
	Code             string
	Name, Short      string
	Kind             string
	Group            string // neighbours in the calendar
	Position         int
	VATRecoverableBp money.Bp // 10000: it recovers all VAT
}

// Label is the short name where there is one.
func (o Organisation) Label() string {
	if o.Short != "" {
		return o.Short
	}
	return o.Name
}
