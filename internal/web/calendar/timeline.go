package calendar

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/web/frame"
)

// The timeline's geometry, in SVG units. Source: docs of the look, section 7.
const (
	lineLeft, lineRight = 176, 1144
	lineTop             = 42 // middle of the first row
	rowHeight, groupGap = 24, 10
	letterWidth         = 6.3 // of a label, on the average
	denseRow            = 90  // activities of a row that are too many to be drawn one by one
)

// shape is one thing drawn on the timeline, as a link.
type shape struct {
	Href, Title, Class, D string
	Tie                   string // line between rows that are not neighbours
	Own                   string // ring around what the reader's company attended
	Label                 string
	LabelX, LabelY        string
	LabelClass            string
}

// timeline is the drawing of a year.
type timeline struct {
	Height int
	Months []axisMonth
	Rows   []axisRow
	Shapes []shape
	AsOfX  string // "" outside the year
	AsOf   string
	Kinds  []string // that occur, for the legend
}

type axisMonth struct{ X, TextX, Label string }

type axisRow struct{ Y, LineY, Label, Href, Name string }

// drawing lays shapes out; taken is what each row's width is used for, so that labels stand only where they fit.
type drawing struct {
	calendarPage
	ys    []int
	taken [][]stretch
	kinds map[string]bool
}

type stretch struct{ from, to float64 }

func (c calendarPage) draw() timeline {
	d := drawing{calendarPage: c, kinds: map[string]bool{}}
	t := timeline{Months: c.axis()}
	y := lineTop
	for i, r := range c.Rows {
		if i > 0 {
			y += rowHeight
		}
		if r.Opens {
			y += groupGap
		}
		d.ys = append(d.ys, y)
		t.Rows = append(t.Rows, axisRow{Y: strconv.Itoa(y + 4), LineY: strconv.Itoa(y + 12), Label: shortened(r.Label(), 27), Name: r.Name,
			Href: c.Link("/activities", "organiser", r.Code)})
	}
	t.Height = y + 16
	d.taken = make([][]stretch, len(c.Rows))
	t.Shapes = d.shapes()
	if c.AsOf.Year() == c.Year {
		t.AsOfX, t.AsOf = units(c.x(c.AsOf)), c.ShortDay(c.AsOf)
		if c.AsOf == c.Today {
			t.AsOf = c.T("calendar.today")
		}
	}
	for _, k := range []string{"joint", "bar", "disc", "diamond", "square", "stack", "off", "own"} {
		if d.kinds[k] {
			t.Kinds = append(t.Kinds, k)
		}
	}
	return t
}

func (c calendarPage) axis() []axisMonth {
	var months []axisMonth
	for m := range 12 {
		x := c.x(c.Year.First().AddMonths(m))
		months = append(months, axisMonth{X: units(x), TextX: units(x + 5), Label: c.Language.ShortMonth(m + 1)})
	}
	return append(months, axisMonth{X: strconv.Itoa(lineRight)})
}

// x is where a day begins.
func (c calendarPage) x(day period.Date) float64 {
	_, days := c.Year.Elapsed(c.Year.First())
	return lineLeft + float64(lineRight-lineLeft)*float64(c.Year.First().DaysTo(day))/float64(days)
}

func units(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }

// shapes draws single activities first, joint ones over them, then labels: joint ones before the others.
func (d *drawing) shapes() []shape {
	places := d.Places()
	single := make([][]activity.Activity, len(d.Rows))
	var joint []activity.Activity
	for _, a := range d.Chosen {
		switch rows := d.RowsOf(places, a); {
		case len(rows) == 0:
		case a.Joint():
			joint = append(joint, a)
		default:
			single[rows[0]] = append(single[rows[0]], a)
		}
	}
	type placed struct {
		at, row int
		right   float64
		a       activity.Activity
	}
	var out []shape
	var ones, joints []placed
	for row, all := range single {
		if len(all) > denseRow {
			out = append(out, d.stacks(row, all)...)
			continue
		}
		for _, a := range all {
			s, right := d.one(a, row)
			ones = append(ones, placed{len(out), row, right, a})
			out = append(out, s)
		}
	}
	for _, a := range joint {
		s, row, right := d.joint(a, d.RowsOf(places, a))
		joints = append(joints, placed{len(out), row, right, a})
		out = append(out, s)
	}
	for _, p := range slices.Concat(joints, ones) {
		d.label(&out[p.at], p.a, p.row, p.right)
	}
	return out
}

// one draws an activity of one organisation.
func (d *drawing) one(a activity.Activity, row int) (s shape, right float64) {
	x, y := d.x(a.Starts), float64(d.ys[row])
	s = d.linked(a)
	width := max(d.x(a.Ends.AddDays(1))-x, 9)
	kind := kindOf(a)
	switch kind {
	case "bar":
		width = min(width, lineRight-x)
		s.D = box(x, y-6, width, 12)
	case "diamond":
		s.D, width = "M"+units(x)+" "+units(y-6)+"l6 6-6 6-6-6z", 6
	case "square":
		s.D, s.Class, width = box(x-4.5, y-4.5, 9, 9), "o-bar", 5
	default:
		s.D, width = disc(x, y, 4.5), 5
	}
	d.kinds[kind] = true
	if off(a) {
		s.Class = "o-bar l-dash"
		d.kinds["off"] = true
	}
	d.attended(&s, a, x, y)
	d.taken[row] = append(d.taken[row], stretch{x - 6, x + width + 2})
	return s, x + width
}

// joint draws one shape over all rows of an activity: a box for each run of neighbours, tied where rows lie between.
func (d *drawing) joint(a activity.Activity, rows []int) (s shape, last int, right float64) {
	x := d.x(a.Starts)
	width := max(d.x(a.Ends.AddDays(1))-x, 9)
	width = min(width, lineRight-x)
	s = d.linked(a)
	s.Class = "c-agency"
	for i := 0; i < len(rows); {
		j := i
		for j+1 < len(rows) && rows[j+1] == rows[j]+1 && !d.Rows[rows[j+1]].Opens {
			j++
		}
		top, bottom := float64(d.ys[rows[i]]-8), float64(d.ys[rows[j]]+8)
		s.D += box(x, top, width, bottom-top)
		i = j + 1
	}
	if first, end := rows[0], rows[len(rows)-1]; strings.Count(s.D, "M") > 1 {
		s.Tie = "M" + units(x+width/2) + " " + strconv.Itoa(d.ys[first]) + "V" + strconv.Itoa(d.ys[end])
	}
	for _, r := range rows {
		d.taken[r] = append(d.taken[r], stretch{x - 2, x + width + 2})
	}
	d.kinds["joint"] = true
	if off(a) {
		s.Class = "o-agency l-dash"
		d.kinds["off"] = true
	}
	last = rows[len(rows)-1]
	d.attended(&s, a, x+width/2, float64(d.ys[last]))
	return s, last, x + width
}

// stacks draws a row that is too full week by week: higher where more happens, each a link to the list of that week.
func (d *drawing) stacks(row int, all []activity.Activity) []shape {
	d.kinds["stack"] = true
	var out []shape
	for i := 0; i < len(all); {
		week := d.Year.First().DaysTo(all[i].Starts) / 7
		j := i
		for j < len(all) && d.Year.First().DaysTo(all[j].Starts)/7 == week {
			j++
		}
		from := d.Year.First().AddDays(7 * week)
		to := min(from.AddDays(6), d.Year.Last())
		x, high := d.x(from), float64(min(3+3*(j-i), 16))
		out = append(out, shape{Class: "c-bar", D: box(x+1, float64(d.ys[row])+8-high, 15, high),
			Href:  d.Link("/activities", "organiser", d.Rows[row].Code, "from", string(from), "to", string(to)),
			Title: d.T("calendar.stack", "n", j-i, "organiser", d.Rows[row].Label(), "when", period.Span{From: from, To: to})})
		d.taken[row] = append(d.taken[row], stretch{x, x + 17})
		i = j
	}
	return out
}

func (d *drawing) linked(a activity.Activity) shape {
	return shape{Href: d.Link("/activities/" + a.Code), Class: "c-bar",
		Title: a.When(d.Language) + ": " + a.Title + " (" + frame.Organisers(d.Page, a) + ")"}
}

func (d *drawing) attended(s *shape, a activity.Activity, x, y float64) {
	if d.Own[a.ID] == "attended" {
		s.Own = disc(x, y, 8.5)
		d.kinds["own"] = true
	}
}

// label puts a short name right of a shape where its row is free.
func (d *drawing) label(s *shape, a activity.Activity, row int, right float64) {
	words := labelOf(a)
	from := right + 5
	to := from + letterWidth*float64(utf8.RuneCountInString(words))
	if words == "" || to > lineRight || slices.ContainsFunc(d.taken[row], func(t stretch) bool { return t.from < to && t.to > from }) {
		return
	}
	d.taken[row] = append(d.taken[row], stretch{from, to + 3})
	s.Label, s.LabelX, s.LabelY, s.LabelClass = words, units(from), strconv.Itoa(d.ys[row]+4), "t-s"
	if a.Joint() {
		s.LabelClass = "t-s t-ink"
	}
}

// labelOf is the city of what takes place abroad, else a title that is short by itself or up to its colon.
func labelOf(a activity.Activity) string {
	if a.City != "" && a.Country != "BE" {
		return a.City
	}
	if before, _, found := strings.Cut(a.Title, ":"); found && utf8.RuneCountInString(before) <= 22 {
		return before
	}
	if utf8.RuneCountInString(a.Title) <= 22 {
		return a.Title
	}
	return ""
}

// kindOf is the form of a shape. Bars are for what lasts days.
func kindOf(a activity.Activity) string {
	switch a.Type {
	case activity.Knowledge:
		return "square"
	case activity.Matchmaking:
		return "diamond"
	case activity.Mission, activity.Fair, activity.Course, activity.Coaching, activity.Visit, activity.Conference:
		return "bar"
	}
	if a.Ends > a.Starts {
		return "bar"
	}
	return "disc"
}

func off(a activity.Activity) bool {
	return a.State == activity.Cancelled || a.State == activity.Postponed
}

func box(x, y, w, h float64) string {
	return "M" + units(x) + " " + units(y) + "h" + units(w) + "v" + units(h) + "h-" + units(w) + "z"
}

func disc(x, y, r float64) string {
	return "M" + units(x-r) + " " + units(y) + "a" + units(r) + " " + units(r) + " 0 1 0 " + units(2*r) + " 0a" + units(r) + " " + units(r) +
		" 0 1 0-" + units(2*r) + " 0z"
}

func shortened(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return s
}
