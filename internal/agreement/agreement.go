// Package agreement is the contract of the agency with one partner: its period and state, yearly ceilings, and the objectives that it
// pursues. What is measured for an objective is kpi; what was paid is funding.
package agreement

import (
	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// State is where an agreement stands. Source: domain section 3.
type State string

// The states of an agreement.
const (
	Draft       State = "draft"
	Negotiating State = "negotiating"
	Agreed      State = "agreed"
	Signed      State = "signed"
	Active      State = "active"
	Closed      State = "closed"
	Abandoned   State = "abandoned"
	Terminated  State = "terminated"
)

// Key is the state in words.
func (s State) Key() text.Key { return text.Key("agreement.state." + string(s)) }

// Agreement is the contract with one partner.
type Agreement struct {
	ID           id.Agreement
	Partner      programme.Organisation
	Division     string // through which the partner acts; "" itself
	State        State
	Version      int
	Starts, Ends period.Date
	Signed       period.Date // "" not yet
	Ceilings     []Ceiling   // by year
}

// Ceiling is what the agency pays at most in a year.
type Ceiling struct {
	Year    period.Year
	Amount  money.Amount // as signed
	Carried money.Amount // from the year before, by decision
}

// Total is the ceiling with what was carried into the year.
func (c Ceiling) Total() money.Amount { return c.Amount + c.Carried }

// Ceiling is that of a year; false when the agreement has none.
func (a Agreement) Ceiling(y period.Year) (Ceiling, bool) {
	for _, c := range a.Ceilings {
		if c.Year == y {
			return c, true
		}
	}
	return Ceiling{}, false
}

// Total is the sum of the ceilings as signed.
func (a Agreement) Total() money.Amount {
	var sum money.Amount
	for _, c := range a.Ceilings {
		sum += c.Amount
	}
	return sum
}

// Subject is the agreement as leave is checked on it.
func (a Agreement) Subject() access.Subject {
	return access.Subject{Kind: "agreement", State: string(a.State), Partner: a.Partner.ID}
}

// Objective is a concrete aim that a partner promised.
type Objective struct {
	ID        id.Objective
	Agreement id.Agreement
	Goal      id.Goal
	Code      string
	Position  int
	Words     programme.Words
}
