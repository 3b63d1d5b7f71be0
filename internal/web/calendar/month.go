package calendar

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// lanesShown is how many activities of one day a month shows before it says how many more there are.
const lanesShown = 4

// month is a month as a grid of weeks from Monday to Sunday.
type month struct {
	First period.Date
	Weeks []week
	Vague []activity.Activity // in the month, without days
	Items []activity.Activity // all that touch the month, in order
}

// week is a row of days and, below it, lanes of what takes place on them.
type week struct {
	Days  [7]period.Date // "" outside of the month
	Lanes [][]cell
	More  [7]int // what found no lane
	Full  bool   // something found no lane
}

// cell is an activity over its days of the week, or an empty space.
type cell struct {
	*activity.Activity
	Span          int
	Before, After bool // it began earlier, it goes on later
}

// monthOf lays out the activities of a month; those without days stand apart.
func monthOf(first period.Date, items []activity.Activity, lanes int) month {
	m := month{First: first}
	last := first.AddMonths(1).AddDays(-1)
	for _, a := range items {
		if a.Starts > last || a.Ends < first {
			continue
		}
		m.Items = append(m.Items, a)
	}
	for monday := first.AddDays(-column(first)); monday <= last; monday = monday.AddDays(7) {
		w := week{}
		for i := range w.Days {
			if d := monday.AddDays(i); d >= first && d <= last {
				w.Days[i] = d
			}
		}
		m.Weeks = append(m.Weeks, w)
	}
	var dated []activity.Activity
	for _, a := range m.Items {
		if a.Around != "" {
			m.Vague = append(m.Vague, a)
		} else {
			dated = append(dated, a)
		}
	}
	slices.SortStableFunc(dated, func(a, b activity.Activity) int { // the longer one of two that begin together keeps its lane
		return cmp.Or(cmp.Compare(a.Starts, b.Starts), cmp.Compare(b.Ends, a.Ends))
	})
	for i := range m.Weeks {
		m.Weeks[i].fill(dated, lanes)
	}
	return m
}

// column is the place of a day in its week, 0 on Monday.
func column(d period.Date) int { return (int(d.Weekday()) + 6) % 7 }

// ends are the first and the last column that belong to the month.
func (w *week) ends() (from, to int) {
	from = slices.IndexFunc(w.Days[:], func(d period.Date) bool { return d != "" })
	for to = 6; to > from && w.Days[to] == ""; to-- {
	}
	return from, to
}

// fill puts each activity into the first lane that is free on all of its days.
func (w *week) fill(dated []activity.Activity, lanes int) {
	low, high := w.ends()
	used := make([][7]*cell, 0, lanes)
	for i := range dated {
		a := &dated[i]
		if a.Ends < w.Days[low] || a.Starts > w.Days[high] {
			continue
		}
		from, to := low, high
		if a.Starts > w.Days[low] {
			from = column(a.Starts)
		}
		if a.Ends < w.Days[high] {
			to = column(a.Ends)
		}
		lane := slices.IndexFunc(used, func(l [7]*cell) bool {
			return !slices.ContainsFunc(l[from:to+1], func(c *cell) bool { return c != nil })
		})
		if lane < 0 && len(used) == lanes {
			w.Full = true
			for d := from; d <= to; d++ {
				w.More[d]++
			}
			continue
		}
		if lane < 0 {
			used = append(used, [7]*cell{})
			lane = len(used) - 1
		}
		c := &cell{Activity: a, Span: to - from + 1, Before: a.Starts < w.Days[from], After: a.Ends > w.Days[to]}
		for d := from; d <= to; d++ {
			used[lane][d] = c
		}
	}
	for _, l := range used {
		w.Lanes = append(w.Lanes, cells(l))
	}
}

// cells are the cells of a lane from left to right.
func cells(lane [7]*cell) []cell {
	var row []cell
	for d := 0; d < 7; {
		c := lane[d]
		if c == nil {
			c = &cell{Span: 1}
		}
		row = append(row, *c)
		d += c.Span
	}
	return row
}

// month is the month that the address names, or that of the day on which one looks, or January.
func (c calendarPage) month() month {
	n := time.Month(1)
	if c.AsOf.Year() == c.Year {
		n = c.AsOf.Month()
	}
	if asked, err := strconv.Atoi(c.URL.Query().Get("month")); err == nil && asked >= 1 && asked <= 12 {
		n = time.Month(asked)
	}
	return monthOf(period.Of(c.Year, n, 1), c.Chosen, lanesShown)
}

// toMonth is the address of a month near this one, "" outside of the programme.
func (c calendarPage) toMonth(m month, by int) string {
	d := m.First.AddMonths(by)
	if !(period.Span{From: c.Programme.Starts, To: c.Programme.Ends}).Contains(d) {
		return ""
	}
	return c.inMonth(d)
}

func (c calendarPage) inMonth(d period.Date) string {
	pairs := append(c.filters(), "view", viewMonth, "month", strconv.Itoa(int(d.Month())), "year", d.Year().String())
	return c.Link("/calendar", pairs...)
}

// monthName says which month, with its year.
func (c calendarPage) monthName(d period.Date) string {
	return c.Language.Month(int(d.Month())) + " " + d.Year().String()
}

// dayName is the day for those who hear it: Monday 7 October 2019.
func (c calendarPage) dayName(d period.Date) string {
	return c.weekday(column(d)+1) + " " + d.Show(c.Language)
}

// weekday is the name of a day of the week, 1 Monday.
func (c calendarPage) weekday(n int) string { return c.T(text.Key("weekday." + strconv.Itoa(n))) }

// onDay is the list of what takes place on a day.
func (c calendarPage) onDay(d period.Date) string {
	return c.toList("from", string(d), "to", string(d))
}

// cellClass is how an activity looks in a month.
func cellClass(x cell) string {
	class := "er-ev"
	if x.Joint() {
		class += " is-joint"
	}
	if off(*x.Activity) {
		class += " is-off"
	}
	return class
}
