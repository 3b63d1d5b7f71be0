// Package activity holds what partners and the agency organise: missions, seminars, fairs and the rest, who organises them and who came.
// That an activity counts for a KPI is evidence; what it cost is funding; whether two of them overlap is coordination.
package activity

import (
	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Type is what sort of thing an activity is.
type Type string

// The types of activity.
const (
	Mission     Type = "mission"
	Seminar     Type = "seminar"
	Knowledge   Type = "knowledge"
	Retention   Type = "retention"
	Fair        Type = "fair"
	Matchmaking Type = "matchmaking"
	Coaching    Type = "coaching"
	Course      Type = "course"
	Visit       Type = "visit"
	Conference  Type = "conference"
	Other       Type = "other"
)

// Types lists them.
func Types() []Type {
	return []Type{Mission, Seminar, Knowledge, Retention, Fair, Matchmaking, Coaching, Course, Visit, Conference, Other}
}

// Key is the type in words.
func (t Type) Key() text.Key { return text.Key("activity.type." + string(t)) }

// State is where an activity stands. Source: domain section 3.
type State string

// The states of an activity.
const (
	Planned   State = "planned"
	Published State = "published"
	Held      State = "held"
	Cancelled State = "cancelled"
	Postponed State = "postponed"
	Reported  State = "reported"
	Verified  State = "verified"
)

// States lists them.
func States() []State {
	return []State{Planned, Published, Held, Cancelled, Postponed, Reported, Verified}
}

// Key is the state in words.
func (s State) Key() text.Key { return text.Key("activity.state." + string(s)) }

// Happened tells whether the activity took place, and so left evidence.
func (s State) Happened() bool { return s == Held || s == Reported || s == Verified }

// Place is where one takes part.
type Place string

// The places.
const (
	Onsite Place = "onsite"
	Online Place = "online"
	Hybrid Place = "hybrid"
)

// Places lists them.
func Places() []Place { return []Place{Onsite, Online, Hybrid} }

// Key is the place in words.
func (p Place) Key() text.Key { return text.Key("activity.place." + string(p)) }

// Audience is whom an activity is for; "" is whoever it may serve.
type Audience string

// The audiences. Source: domain section 6.1.
const (
	Starters       Audience = "starters"
	FirstExporters Audience = "first-exporters"
	Exporters      Audience = "exporters"
	Growing        Audience = "growing"
	Investors      Audience = "investors"
	Researchers    Audience = "researchers"
)

// Audiences lists them.
func Audiences() []Audience {
	return []Audience{Starters, FirstExporters, Exporters, Growing, Investors, Researchers}
}

// Key is the audience in words.
func (a Audience) Key() text.Key { return text.Key("activity.audience." + string(a)) }

// Needs lists what a company may lack. Source: domain section 1.
func Needs() []string { return []string{"information", "contacts", "strategy"} }

// Organiser runs an activity, for an agreed part of its cost and credit.
type Organiser struct {
	Organisation id.Organisation
	Code, Label  string // when loaded
	Agency       bool   // when loaded
	Weight       int64
}

// Activity is one thing organised. Organisers stand in order, the lead first.
type Activity struct {
	ID    id.Activity
	Code  string
	State State
	Details
	Organisers []Organiser
	Reason     string // why it was cancelled or postponed
}

// Span is when it takes place.
func (a Activity) Span() period.Span { return period.Span{From: a.Starts, To: a.Ends} }

// When is the days in words for a table where the year stands elsewhere, or what is said instead of days.
func (a Activity) When(l text.Language) string {
	if a.Around != "" {
		return a.Around.In(l)
	}
	return l.ShortDateRange(string(a.Starts), string(a.Ends))
}

// Joint tells whether two organisers or more run it.
func (a Activity) Joint() bool { return len(a.Organisers) > 1 }

// Lead is the organiser that answers for it.
func (a Activity) Lead() Organiser {
	if len(a.Organisers) == 0 {
		return Organiser{}
	}
	return a.Organisers[0]
}

// Subject is the activity as leave is checked on it.
func (a Activity) Subject() access.Subject {
	s := access.Subject{Kind: "activity", State: string(a.State), Partner: a.Lead().Organisation}
	for _, o := range a.Organisers {
		s.Organisers = append(s.Organisers, o.Organisation)
	}
	return s
}

// Participation says that a company signed up, and whether it came.
type Participation struct {
	ID         id.Participation
	Activity   id.Activity
	Company    id.Company
	State      string
	RecordedOn period.Date
}

// ParticipationStates lists the states of a participation. Source: domain section 3, registration.
func ParticipationStates() []string {
	return []string{"requested", "confirmed", "waitlisted", "attended", "no-show", "cancelled"}
}
