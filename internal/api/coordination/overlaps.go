// Package coordination is the part of the JSON interface that keeps organisers from doing the same apart: overlaps and what is decided about them,
// gaps, fragmentation, and the one list of an activity's participants.
package coordination

import (
	"net/http"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/coordination"
	"errera.eu/errera/internal/period"
)

// Resources adds the resources of this package.
func Resources(a *api.API) {
	overlaps(a)
	gaps(a)
	participants(a)
}

// Overlap is two activities that serve the same public, and what was decided about them.
type Overlap struct {
	A        OverlapSide `json:"a"`
	B        OverlapSide `json:"b"`
	Kind     string      `json:"kind" enum:"same,competing,similar"`
	ScoreBp  int         `json:"score_bp"`
	State    string      `json:"state" enum:"open,joined,moved,justified,dismissed"`
	Reopened bool        `json:"reopened" doc:"It was decided, and an activity changed since"`
	InTheWay bool        `json:"in_the_way" doc:"A plan with it is not approved"`
	Why      string      `json:"why" doc:"In the reader's language"`
	Offer    *OfferState `json:"offer,omitempty" doc:"A proposal to make one activity of the two, that waits"`
}

// OverlapSide is one of the two activities, as an overlap shows it.
type OverlapSide struct {
	Code       string          `json:"code"`
	Title      string          `json:"title"`
	Starts     api.Day         `json:"starts_on"`
	Ends       api.Day         `json:"ends_on"`
	Organisers []api.Organiser `json:"organisers" nullable:"false"`
}

// OfferState is a proposal that waits.
type OfferState struct {
	Keep   string       `json:"keep" doc:"Code of the activity that stays"`
	Note   string       `json:"note,omitempty"`
	Shares []ShareState `json:"shares" nullable:"false"`
}

// ShareState is an organiser's part, and whether it agreed.
type ShareState struct {
	Organisation string `json:"organisation" doc:"Code"`
	Weight       int64  `json:"weight"`
	Needed       bool   `json:"needed" doc:"Its agreement is needed"`
	Agreed       bool   `json:"agreed"`
}

// OverlapsIn asks for the overlaps of a year.
type OverlapsIn struct {
	api.InProgramme
	api.Paged
	Year  int    `query:"year" minimum:"1900" maximum:"2200" required:"true" doc:"In which one of the two starts"`
	State string `query:"state" doc:"open, joined, moved, justified or dismissed; without it, all"`
}

// OverlapIn names one by the codes of its activities.
type OverlapIn struct {
	api.InProgramme
	api.Cached
	One   string `path:"one"`
	Other string `path:"other"`
}

// DecideOverlapIn does a verb on one.
type DecideOverlapIn struct {
	api.InProgramme
	api.Conditional
	One   string `path:"one"`
	Other string `path:"other"`
	Body  struct {
		Reason string           `json:"reason,omitempty" maxLength:"1000" doc:"Needed to justify, dismiss, move, decline and reopen"`
		Keep   string           `json:"keep,omitempty" doc:"To propose: code of the activity that stays"`
		Shares map[string]int64 `json:"shares,omitempty" doc:"To propose: each organiser's share of cost and credit, by code"`
		Note   string           `json:"note,omitempty" maxLength:"1000" doc:"To propose: message to the other organiser"`
		Moved  string           `json:"activity,omitempty" doc:"To move: code of the activity that gets other days"`
		Starts string           `json:"starts_on,omitempty" doc:"To move"`
		Ends   string           `json:"ends_on,omitempty" doc:"To move; without it, one day"`
	}
}

func overlaps(a *api.API) {
	const noun, at = "Overlaps", "/programmes/{programme}/overlaps"
	api.List(a, api.Operation{ID: "list-overlaps", Path: at, Noun: noun, Verb: "overlap.read", Summary: "Overlaps of a year that concern the caller, the closest first"}, listOverlaps)
	api.Get(a, api.Operation{ID: "get-overlap", Path: at + "/{one}/{other}", Noun: noun, Verb: "overlap.read", Summary: "What two activities are to each other"},
		func(c *api.Call, in *OverlapIn) (Overlap, error) { return overlapOf(c, in.One, in.Other) })
	for _, v := range []struct {
		name    string
		verb    access.VerbName
		summary string
	}{{"propose", "overlap.propose", "Propose to make one activity of the two, with shares"}, {"agree", "overlap.join", "Agree to the proposal; with the last one they are joined"},
		{"decline", "overlap.decline", "Answer the proposal with no, or take one's own back"}, {"move", "overlap.move", "Give one of the two other days"},
		{"justify", "overlap.justify", "Keep both, and say why"}, {"dismiss", "overlap.dismiss", "Say that it is no overlap"}, {"reopen", "overlap.reopen", "Take a decision back"}} {
		api.Change(a, api.Operation{ID: v.name + "-overlap", Path: at + "/{one}/{other}/" + v.name, Noun: noun, Verb: v.verb, Summary: v.summary}, http.MethodPost,
			func(c *api.Call, in *DecideOverlapIn) (Overlap, error) { return overlapOf(c, in.One, in.Other) },
			func(c *api.Call, in *DecideOverlapIn) (Overlap, error) {
				if err := in.do(c, v.name); err != nil {
					return Overlap{}, err
				}
				return overlapOf(c, in.One, in.Other)
			})
	}
}

func (in *DecideOverlapIn) do(c *api.Call, verb string) error {
	ref, b := coordination.Ref{One: in.One, Other: in.Other}, in.Body
	switch verb {
	case "propose":
		return coordination.Propose(c, c.Tx, c.By, c.G.ID, ref, b.Keep, b.Shares, b.Note)
	case "agree":
		return coordination.Agree(c, c.Tx, c.By, c.G.ID, ref)
	case "decline":
		return coordination.Decline(c, c.Tx, c.By, c.G.ID, ref, b.Reason)
	case "move":
		return coordination.Move(c, c.Tx, c.By, c.G.ID, ref, b.Moved, period.Date(b.Starts), period.Date(b.Ends), b.Reason)
	case "justify":
		return coordination.Justify(c, c.Tx, c.By, c.G.ID, ref, b.Reason)
	case "dismiss":
		return coordination.Dismiss(c, c.Tx, c.By, c.G.ID, ref, b.Reason)
	}
	return coordination.Reopen(c, c.Tx, c.By, c.G.ID, ref, b.Reason)
}

func listOverlaps(c *api.Call, in *OverlapsIn) ([]Overlap, string, error) {
	if err := api.Choice("state", in.State, coordination.States()); err != nil {
		return nil, "", err
	}
	y := period.Year(in.Year)
	all, err := coordination.Between(c, c.Tx, c.By.ScopeFor("overlap.read"), c.G.ID, y.First(), y.Last())
	if err != nil {
		return nil, "", err
	}
	items := []Overlap{}
	for i := range all {
		if in.State == "" || string(all[i].State) == in.State {
			items = append(items, overlapOut(c, &all[i]))
		}
	}
	return api.Cut(items, in.Paged, func(o Overlap) string { return o.A.Code + "." + o.B.Code })
}

func overlapOf(c *api.Call, one, other string) (Overlap, error) {
	o, err := coordination.Load(c, c.Tx, c.By.ScopeFor("overlap.read"), c.G.ID, one, other)
	if err != nil {
		return Overlap{}, err
	}
	return overlapOut(c, &o), nil
}

func overlapOut(c *api.Call, o *coordination.Overlap) Overlap {
	out := Overlap{A: sideOf(&o.A), B: sideOf(&o.B), Kind: string(o.Kind), ScoreBp: o.Bp, State: string(o.State), Reopened: o.Reopened, InTheWay: o.InTheWay(),
		Why: o.Why(c.Language)}
	if o.Offer != nil {
		keep, _, _ := o.Of(o.Offer.Keep)
		out.Offer = &OfferState{Keep: keep.Code, Note: o.Offer.Note, Shares: []ShareState{}}
		for _, s := range o.Offer.Shares {
			out.Offer.Shares = append(out.Offer.Shares, ShareState{s.Code, s.Weight, s.Needed, s.AgreedOn != ""})
		}
	}
	return out
}

func sideOf(a *activity.Activity) OverlapSide {
	s := OverlapSide{Code: a.Code, Title: a.Title, Starts: api.DayOf(a.Starts), Ends: api.DayOf(a.Ends), Organisers: []api.Organiser{}}
	for _, o := range a.Organisers {
		s.Organisers = append(s.Organisers, api.Organiser{Organisation: o.Code, Weight: o.Weight})
	}
	return s
}
