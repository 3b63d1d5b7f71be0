// Package gap tells where a strategy's priorities are served and where they are not: cells of market and sector, with what organisers offer in a
// year, what companies ask for, and which organisers are best placed to fill what is missing. It keeps the priorities; the rest is reckoned.
package gap

import (
	"cmp"
	"slices"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/knowledge"
)

// Priority is a cell that the strategy asks for first; Need "" is any need.
type Priority struct{ Market, Sector, Need string }

// Cell is a market with a sector: what is offered there in the year, and what is asked for.
type Cell struct {
	Market, Sector string
	Priority       bool
	Activities     int  // offered, cancelled ones left out
	Places         int  // in those that have a limit
	NoLimit        bool // one of them has none
	Organisers     int
	Questions      int // that were put to all partners
	Waiting        int // companies on waiting lists
	Searches       int // of the library that found nothing
}

// Key names the cell.
func (c Cell) Key() string { return c.Market + " " + c.Sector }

// Gap tells whether nobody serves a priority.
func (c Cell) Gap() bool { return c.Priority && c.Activities == 0 }

// Unmet tells whether somebody asked or searched and nobody offers, or more would come than there are places.
func (c Cell) Unmet() bool { return c.Waiting > 0 || c.Questions+c.Searches > 0 && c.Activities == 0 }

// Seen is what the cells of a year are reckoned from.
type Seen struct {
	Priorities []Priority
	Activities []activity.Activity // of the year
	Questions  []knowledge.Question
	Waiting    map[id.Activity]int
	Misses     []knowledge.Miss // searches of the year that found nothing
}

// Cells reckons those that are a priority, are served or are asked for, for one need or ("") all: by market, then sector. A question says no
// need and counts for each.
func Cells(s Seen, need string) []Cell {
	at := map[[2]string]*Cell{}
	organisers := map[[2]string]map[id.Organisation]bool{}
	cell := func(market, sector string) *Cell {
		key := [2]string{market, sector}
		if at[key] == nil {
			at[key], organisers[key] = &Cell{Market: market, Sector: sector}, map[id.Organisation]bool{}
		}
		return at[key]
	}
	for _, p := range s.Priorities {
		if need == "" || p.Need == "" || p.Need == need {
			cell(p.Market, p.Sector).Priority = true
		}
	}
	each := func(markets, sectors []string, do func(*Cell)) {
		for _, m := range markets {
			for _, x := range sectors {
				do(cell(m, x))
			}
		}
	}
	for i := range s.Activities {
		a := &s.Activities[i]
		if !offers(a, need) {
			continue
		}
		each(a.Markets, a.Sectors, func(c *Cell) {
			c.Activities++
			c.Places += a.Places
			c.NoLimit = c.NoLimit || a.Places == 0
			c.Waiting += s.Waiting[a.ID]
			for _, o := range a.Organisers {
				organisers[[2]string{c.Market, c.Sector}][o.Organisation] = true
			}
		})
	}
	for _, q := range s.Questions {
		each(q.Markets, q.Sectors, func(c *Cell) { c.Questions++ })
	}
	for _, m := range s.Misses {
		for _, sector := range s.meant(m, need) {
			cell(m.Market, sector).Searches += m.Times
		}
	}
	out := make([]Cell, 0, len(at))
	for key, c := range at {
		c.Organisers = len(organisers[key])
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b Cell) int { return cmp.Or(cmp.Compare(a.Market, b.Market), cmp.Compare(a.Sector, b.Sector)) })
	return out
}

// meant are the sectors that a search is demand for in its market: the one that it named, or else those of the market's priorities. A search
// that named no market, or another need, is none.
func (s Seen) meant(m knowledge.Miss, need string) (out []string) {
	switch {
	case m.Market == "" || need != "" && m.Need != "" && m.Need != need:
		return nil
	case m.Sector != "":
		return []string{m.Sector}
	}
	for _, p := range s.Priorities {
		if p.Market == m.Market && (need == "" || p.Need == "" || p.Need == need) && !slices.Contains(out, p.Sector) {
			out = append(out, p.Sector)
		}
	}
	return out
}

// Searched are the searches that are demand for a cell.
func (s Seen) Searched(market, sector string) []knowledge.Miss {
	var out []knowledge.Miss
	for _, m := range s.Misses {
		if m.Market == market && slices.Contains(s.meant(m, ""), sector) {
			out = append(out, m)
		}
	}
	return out
}

// offers tells whether an activity serves a need ("" any); one that says no need serves each.
func offers(a *activity.Activity, need string) bool {
	return a.State != activity.Cancelled && (need == "" || len(a.Needs) == 0 || slices.Contains(a.Needs, need))
}

// Holds tells whether an activity stands in a cell, for a need or ("") any.
func Holds(a *activity.Activity, market, sector, need string) bool {
	return offers(a, need) && slices.Contains(a.Markets, market) && slices.Contains(a.Sectors, sector)
}

// Placed is an organiser that knows a cell, by what it led before: activities for the market and the sector both, for either.
type Placed struct {
	activity.Organiser
	Both, Market, Sector int
}

// score weighs the two together above all else: a partner of the market and the sector is better placed than one of either.
func (p Placed) score() int { return 4*p.Both + p.Market + p.Sector }

// Best are the organisers best placed for a cell, at most n, the best first. The agency is left out: it asks.
func Best(all []activity.Activity, market, sector string, n int) []Placed {
	by := map[id.Organisation]*Placed{}
	for i := range all {
		a := &all[i]
		m, s := slices.Contains(a.Markets, market), slices.Contains(a.Sectors, sector)
		if a.State == activity.Cancelled || !m && !s {
			continue
		}
		for _, o := range a.Organisers {
			if o.Agency {
				continue
			}
			if by[o.Organisation] == nil {
				by[o.Organisation] = &Placed{Organiser: o}
			}
			switch p := by[o.Organisation]; {
			case m && s:
				p.Both++
			case m:
				p.Market++
			default:
				p.Sector++
			}
		}
	}
	out := make([]Placed, 0, len(by))
	for _, p := range by {
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Placed) int { return cmp.Or(cmp.Compare(b.score(), a.score()), cmp.Compare(a.Code, b.Code)) })
	return out[:min(n, len(out))]
}
