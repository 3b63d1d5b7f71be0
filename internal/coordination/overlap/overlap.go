// Package overlap finds activities that serve the same public with the same thing at nearly the same time: one activity listed twice under
// two names, activities alike, activities that compete. It is pure: values in, pairs with their reasons out, no SQL and no clock. What is
// done about a pair is coordination.
//
// Every judgement is a rule over features of the two activities alone, never over the rest of the list. So a pair is the same whether it
// was found among two activities or among a hundred thousand, and what changed alone gives what a run from scratch would give.
package overlap

import (
	"cmp"
	"fmt"
	"slices"

	"errera.eu/errera/internal/period"
)

// Item is an activity as far as overlaps care. All but ID, Organisers, Title and Starts may be missing.
type Item struct {
	ID                      string
	Organisers              []string
	Title                   string
	Type                    string
	Markets, Sectors, Needs []string // markets: ISO codes, names of countries, or UN M49 regions
	Audience                string   // whom it is for, one code
	Starts, Ends            period.Date
	Vague                   bool // the days are a season or a quarter, not yet chosen
	Online                  bool // nobody travels
	City, Country           string
	URL, Language           string
}

// Kind is what a pair is.
type Kind string

// The kinds: one activity listed twice; for the same public at nearly the same time; alike in name or page.
const (
	Same      Kind = "same"
	Competing Kind = "competing"
	Similar   Kind = "similar"
)

// Kinds lists them.
func Kinds() []Kind { return []Kind{Same, Competing, Similar} }

// High is the score, in basis points, from which activities that compete stand in the way of a plan.
const High = 7500

// Part is one of the things that a score is made of.
type Part string

// The parts of a score.
const (
	PartWords    Part = "words"
	PartTime     Part = "time"
	PartPlace    Part = "place"
	PartMarket   Part = "market"
	PartSector   Part = "sector"
	PartType     Part = "type"
	PartAudience Part = "audience"
	PartURL      Part = "url"
)

// Score is one part: how alike, and how much it counts, both in basis points and per cents. What one side does not say has no score.
type Score struct {
	Part   Part `json:"part"`
	Bp     int  `json:"bp"`
	Weight int  `json:"weight"`
}

// Pair is two activities, A the one with the smaller ID, with the reasons.
type Pair struct {
	A, B    string
	Kind    Kind
	Bp      int // 0 to 10000: the mean of the parts by weight
	Parts   []Score
	Reasons []Reason
}

// High tells whether the pair stands in the way of a plan until it is resolved: one activity listed twice, or two that compete closely in one
// market. That names are alike never does.
func (p Pair) High() bool {
	return p.Kind == Same || p.Kind == Competing && p.Bp >= High &&
		slices.ContainsFunc(p.Parts, func(s Score) bool { return s.Part == PartMarket && s.Bp >= areaOf })
}

// ByScore orders pairs: what is the same first, then the higher score, then by id.
func ByScore(a, b Pair) int {
	return cmp.Or(cmp.Compare(slices.Index(Kinds(), a.Kind), slices.Index(Kinds(), b.Kind)), cmp.Compare(b.Bp, a.Bp), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
}

// Groups joins pairs that are the same into groups of ids, each sorted, by their first id.
func Groups(pairs []Pair) [][]string {
	parent := map[string]string{}
	var root func(string) string
	root = func(s string) string {
		p, known := parent[s]
		if !known || p == s {
			parent[s] = s
			return s
		}
		parent[s] = root(p)
		return parent[s]
	}
	for _, p := range pairs {
		if p.Kind == Same {
			parent[root(p.B)] = root(p.A)
		}
	}
	members := map[string][]string{}
	for s := range parent {
		members[root(s)] = append(members[root(s)], s)
	}
	groups := make([][]string, 0, len(members))
	for _, g := range members {
		slices.Sort(g)
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b []string) int { return cmp.Compare(a[0], b[0]) })
	return groups
}

// Show is the score as a decimal between 0 and 1: "0.93".
func (p Pair) Show() string { return fmt.Sprintf("%d.%02d", p.Bp/10000, p.Bp%10000/100) }
