package report

import (
	"cmp"
	"slices"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// CalendarRow is one organisation of the calendar.
type CalendarRow struct {
	programme.Organisation
	Activities int  // chosen ones that it runs
	Opens      bool // a group
}

// Calendar is a year of activities over all organisations that run one.
type Calendar struct {
	Chosen []activity.Activity
	Rows   []CalendarRow // agency first, then partners in their groups, then others
	Hidden int           // other organisations that found no room
	Facets Facets        // of the whole year, whatever is chosen
	Joint  int           // among the chosen
}

// Calendar lays out a year. At most limit rows are shown (0: all): the programme's own organisations, then the others that do the most.
func (a *Activities) Calendar(year period.Year, c Choice, limit int) *Calendar {
	c.From, c.To = year.First(), year.Last()
	out := &Calendar{Chosen: a.Choose(c), Facets: FacetsOf(a.Choose(Choice{From: c.From, To: c.To}))}
	chosen := FacetsOf(out.Chosen)
	out.Joint = chosen.Joint
	var own, others []CalendarRow
	for _, o := range a.Organisations {
		row := CalendarRow{Organisation: o, Activities: chosen.Organisers[o.ID]}
		switch {
		case row.Activities == 0:
		case a.Partners[o.ID]:
			own = append(own, row)
		default:
			row.Group = programme.KindOther
			others = append(others, row)
		}
	}
	if room := limit - len(own); limit > 0 && len(others) > room {
		slices.SortStableFunc(others, func(x, y CalendarRow) int { return cmp.Compare(y.Activities, x.Activities) })
		room = max(room, 0)
		out.Hidden = len(others) - room
		others = others[:room]
		slices.SortStableFunc(others, func(x, y CalendarRow) int { return cmp.Compare(x.Position, y.Position) })
	}
	slices.SortStableFunc(own, func(x, y CalendarRow) int { return cmp.Compare(rank(x), rank(y)) })
	out.Rows = append(own, others...)
	for i := range out.Rows {
		out.Rows[i].Opens = i > 0 && out.Rows[i].Group != out.Rows[i-1].Group
	}
	return out
}

// rank puts the agency first, whatever its position.
func rank(r CalendarRow) int {
	if r.Kind == programme.KindAgency {
		return 0
	}
	return 1
}

// Between counts the chosen activities that start in a span, and how many of them are joint.
func (c *Calendar) Between(s period.Span) (n, joint int) {
	for _, a := range c.Chosen {
		if s.Contains(a.Starts) {
			n++
			if a.Joint() {
				joint++
			}
		}
	}
	return n, joint
}

// RowsOf gives the places of an activity's organisers among the rows, in order; organisers without a row are left out.
func (c *Calendar) RowsOf(places map[id.Organisation]int, a activity.Activity) []int {
	var rows []int
	for _, o := range a.Organisers {
		if i, ok := places[o.Organisation]; ok {
			rows = append(rows, i)
		}
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}

// Places is where each organisation's row stands.
func (c *Calendar) Places() map[id.Organisation]int {
	out := make(map[id.Organisation]int, len(c.Rows))
	for i, r := range c.Rows {
		out[r.ID] = i
	}
	return out
}
