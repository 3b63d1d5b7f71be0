// Package coordination is what is decided about activities that overlap: joined, moved, justified, dismissed. That two activities overlap is
// found anew each time it is asked (overlap); what is kept here is the decision, for the facts that it was given for: when an activity changes,
// the overlap is open again.
package coordination

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/coordination/overlap"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// State is where an overlap stands. Source: domain section 3.
type State string

// The states of an overlap.
const (
	Open      State = "open"
	Joined    State = "joined"
	Moved     State = "moved"
	Justified State = "justified"
	Dismissed State = "dismissed"
)

// States lists them.
func States() []State { return []State{Open, Joined, Moved, Justified, Dismissed} }

// Key is the state in words.
func (s State) Key() text.Key { return text.Key("state." + string(s)) }

// Overlap is two activities that serve the same public, the one with the smaller id first, and what was decided about them.
type Overlap struct {
	overlap.Pair
	ID       id.Overlap // "": nobody said anything about it yet
	A, B     activity.Activity
	State    State
	Reopened bool // it was decided, and an activity changed since
	Steps    int
	Offer    *Offer // that waits
}

// Offer is a proposal to make one activity of the two.
type Offer struct {
	ID     id.Offer
	Keep   id.Activity
	Note   string
	On     period.Date
	By     id.Person
	ByName string
	Shares []Share
}

// Share is one organiser's part of a joint activity in cost and credit, as an integer weight. Needed are the leads of the two activities.
type Share struct {
	activity.Organiser
	Needed   bool
	AgreedOn period.Date // "": not yet
	AgreedBy id.Person
}

// Agreed tells whether everybody who is needed agreed.
func (o *Offer) Agreed() bool {
	return !slices.ContainsFunc(o.Shares, func(s Share) bool { return s.Needed && s.AgreedOn == "" })
}

// Step is one thing that was done about an overlap.
type Step struct {
	Verb   access.VerbName
	State  State
	Reason string
	On     period.Date
	By     string // name, "" the program itself
}

// InTheWay tells whether the overlap keeps a plan from being approved: nobody decided about it, it is close, and one of the two is still to come.
func (o *Overlap) InTheWay() bool {
	return o.State == Open && o.High() && (o.A.Coming() || o.B.Coming())
}

// Subject is the overlap as leave is checked on it.
func (o *Overlap) Subject() access.Subject {
	s := access.Subject{Kind: "overlap", State: string(o.State), Partner: o.A.Lead().Organisation}
	for _, x := range slices.Concat(o.A.Organisers, o.B.Organisers) {
		s.Organisers = append(s.Organisers, x.Organisation)
	}
	if o.Offer != nil {
		s.Touched = []id.Person{o.Offer.By}
	}
	return s
}

// Of is one of the two activities.
func (o *Overlap) Of(a id.Activity) (one, other activity.Activity, ok bool) {
	switch a {
	case o.A.ID:
		return o.A, o.B, true
	case o.B.ID:
		return o.B, o.A, true
	}
	return one, other, false
}

// Organisers are those of both activities, the leads first, each once.
func (o *Overlap) Organisers() []activity.Organiser {
	var all []activity.Organiser
	for _, x := range slices.Concat(o.A.Organisers[:1], o.B.Organisers[:1], o.A.Organisers[1:], o.B.Organisers[1:]) {
		if !slices.ContainsFunc(all, func(y activity.Organiser) bool { return y.Organisation == x.Organisation }) {
			all = append(all, x)
		}
	}
	return all
}

// item is an activity as overlaps are found by.
func item(a *activity.Activity) overlap.Item {
	it := overlap.Item{ID: string(a.ID), Title: a.Title, Type: string(a.Type), Markets: a.Markets, Sectors: a.Sectors, Needs: a.Needs, Starts: a.Starts,
		Ends: a.Ends, Online: a.Place == activity.Online, City: a.City, Country: a.Country, URL: a.URL, Language: a.Language,
		Audience: string(a.Audience)}
	for _, o := range a.Organisers {
		it.Organisers = append(it.Organisers, string(o.Organisation))
	}
	return it
}

// counts tells whether an activity is one that others can overlap with.
func counts(a *activity.Activity) bool {
	return a.State != activity.Cancelled && a.State != activity.Postponed
}

// facts are what two activities say, as far as a decision about them depends on it.
func facts(a, b *activity.Activity) string {
	h := sha256.New()
	for _, x := range []*activity.Activity{a, b} {
		it := item(x)
		fmt.Fprintf(h, "%q\n", []string{it.ID, it.Title, it.Type, strings.Join(it.Markets, " "), strings.Join(it.Sectors, " "), strings.Join(it.Needs, " "),
			string(it.Starts), string(it.Ends), string(x.Place), it.City, it.Country, strings.Join(it.Organisers, " "), fmt.Sprint(counts(x))})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// decided is what was decided about a pair, as stored.
type decided struct {
	id     id.Overlap
	a, b   id.Activity
	kind   overlap.Kind
	bp     int
	state  State
	facts  string
	steps  int
	offers *Offer
}

// see puts what was decided beside what was found. A decision for other facts has fallen; that two were joined stands as long as the one that
// went stays away.
func see(p overlap.Pair, a, b activity.Activity, d *decided) Overlap {
	o := Overlap{Pair: p, A: a, B: b, State: Open}
	if d == nil {
		return o
	}
	o.ID, o.State, o.Steps, o.Offer = d.id, d.state, d.steps, d.offers
	if p.Kind == "" {
		o.Kind, o.Bp = d.kind, d.bp
	}
	if d.state != Open && d.facts != facts(&a, &b) && p.Kind != "" && counts(&a) && counts(&b) {
		o.State, o.Reopened = Open, true
	}
	return o
}
