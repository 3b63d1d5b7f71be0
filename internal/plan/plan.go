// Package plan is a partner's activity programme of a year: drafted, submitted, returned with remarks, approved, and approved again after a
// change. Its activities are those that the partner leads in that year (activity); whether they overlap others is coordination.
package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// State is where a plan stands. Source: domain section 3.
type State string

// The states of a plan; "" is one that nobody began.
const (
	Draft     State = "draft"
	Submitted State = "submitted"
	Withdrawn State = "withdrawn"
	Returned  State = "returned"
	Approved  State = "approved"
	Amended   State = "amended"
)

// Key is the state in words.
func (s State) Key() text.Key {
	if s == "" {
		return "plan.none"
	}
	return text.Key("state." + string(s))
}

// Plan is how far a partner's plan of a year is.
type Plan struct {
	ID          id.Plan
	Partner     id.Organisation
	Code, Label string
	Year        period.Year
	State       State
	Steps       int
	Touched     []id.Person // who submitted or amended it last
}

// Subject is the plan as leave is checked on it.
func (p *Plan) Subject() access.Subject {
	return access.Subject{Kind: "plan", State: string(p.State), Partner: p.Partner, Touched: p.Touched}
}

// Step is one thing that was done with a plan.
type Step struct {
	N      int
	Verb   access.VerbName
	State  State
	Remark string
	On     period.Date
	By     string
	Person id.Person
}

// Line is an activity as a plan held it at a step.
type Line struct {
	Activity    id.Activity
	Title, Said string
}

// said is what a plan holds of an activity, so that a change shows. What came later to it stands at the end, and only where there is any: what was
// held before stays as it was said.
func said(a *activity.Activity, e activity.Estimate) string {
	shares := make([]string, len(a.Organisers))
	for i, o := range a.Organisers {
		shares[i] = fmt.Sprintf("%s:%d", o.Code, o.Weight)
	}
	all := []string{a.Title, string(a.Type), string(a.Starts), string(a.Ends), string(a.Place), a.City, a.Country, strings.Join(a.Markets, " "),
		strings.Join(a.Sectors, " "), strings.Join(a.Needs, " "), strings.Join(shares, " "), fmt.Sprint(a.State == activity.Cancelled)}
	if a.Around != "" {
		all = append(all, "around "+string(a.Around))
	}
	if a.Audience != "" {
		all = append(all, "for "+string(a.Audience))
	}
	if a.Price > 0 {
		all = append(all, "price "+a.Price.String())
	}
	for _, c := range slices.Sorted(maps.Keys(e.Costs)) {
		all = append(all, "cost "+c+" "+e.Costs[c].String())
	}
	for _, k := range slices.Sorted(maps.Keys(e.Effects)) {
		all = append(all, "brings "+string(k)+" "+e.Effects[k].RatString())
	}
	return strings.Join(all, "\n")
}

// linesOf is what a plan holds of its activities; cancelled ones are not in it.
func linesOf(now []activity.Activity, of map[id.Activity]activity.Estimate) []Line {
	var all []Line
	for i := range now {
		if a := &now[i]; a.State != activity.Cancelled {
			all = append(all, Line{a.ID, a.Title, said(a, of[a.ID])})
		}
	}
	return all
}

// Change is how an activity differs from what the plan held: added, dropped (cancelled, or no longer the partner's), changed.
type Change struct {
	Kind     string
	Title    string
	Activity id.Activity
}

// Changes compares what a plan held with what it holds now, by title.
func Changes(held []Line, now []activity.Activity, of map[id.Activity]activity.Estimate) []Change {
	var all []Change
	before := map[id.Activity]Line{}
	for _, l := range held {
		before[l.Activity] = l
	}
	for i := range now {
		a := &now[i]
		l, known := before[a.ID]
		delete(before, a.ID)
		switch gone := a.State == activity.Cancelled; {
		case !known && !gone:
			all = append(all, Change{"added", a.Title, a.ID})
		case known && gone && l.Said != said(a, of[a.ID]):
			all = append(all, Change{"dropped", a.Title, a.ID})
		case known && l.Said != said(a, of[a.ID]):
			all = append(all, Change{"changed", a.Title, a.ID})
		}
	}
	for _, l := range before {
		all = append(all, Change{"dropped", l.Title, l.Activity})
	}
	slices.SortFunc(all, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Title, b.Title), cmp.Compare(a.Activity, b.Activity))
	})
	return all
}
