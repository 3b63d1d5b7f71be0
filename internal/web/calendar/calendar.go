package calendar

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/frame"
	"errera.eu/errera/internal/web/worldmap"
)

// rowsShown is how many organisations the timeline shows before one asks for all.
const rowsShown = 40

// calendarPage is a year's calendar as one reader chose it.
type calendarPage struct {
	frame.Page
	*report.Calendar
	Choice report.Choice
	Own    map[id.Activity]string // how the reader's companies stand, nil for other readers
	View   string
	Key    *access.CalendarKey // of the reader's own address; nil for none
	drawn  string
}

// The views of the calendar besides its list.
const (
	viewTimeline = "timeline"
	viewMonth    = "month"
	viewMap      = "map"
)

// viewOf is the view that the address asks for, or else the one that this browser asked for last. asked tells whether to remember it.
func viewOf(r *http.Request) (view string, asked bool, err error) {
	view = r.URL.Query().Get("view")
	if asked = view != ""; !asked {
		if c, err := r.Cookie("calendar"); err == nil {
			view = c.Value
		}
	}
	switch view {
	case viewTimeline, viewMonth, viewMap:
		return view, asked, nil
	}
	if asked {
		return "", false, frame.BadFilter("view", view)
	}
	return viewTimeline, false, nil
}

func (w pages) calendar(out http.ResponseWriter, r *http.Request) error {
	var c calendarPage
	p, err := w.Read(r, "calendar", func(tx *db.Tx, p *frame.Page) error {
		p.Title = p.T("calendar.title")
		p.Path = []frame.Crumb{{Label: p.Title}}
		all, state, err := w.Cache.Activities(r.Context(), tx, p)
		if err != nil {
			return err
		}
		choice, err := choiceOf(r)
		if err != nil {
			return err
		}
		view, asked, err := viewOf(r)
		if err != nil {
			return err
		}
		if asked {
			http.SetCookie(out, serve.Preference("calendar", view))
		}
		own, err := report.OwnParticipations(r.Context(), tx, p.Actor, p.Programme.ID)
		if err != nil {
			return err
		}
		if r.URL.Query().Get("attended") != "" {
			choice.Only = attendedOnly(own)
		}
		limit := rowsShown
		if r.URL.Query().Get("rows") == "all" {
			limit = 0
		}
		c = calendarPage{Page: *p, Calendar: all.Calendar(p.Year, choice, limit), Choice: choice, Own: own, View: view}
		key := frame.PieceKey{Seen: state, Page: "calendar/" + view, Query: r.URL.Query().Encode(), Who: pieceReader(p)}
		mine, made, err := access.CalendarKeyOf(r.Context(), tx, p.Actor)
		if err != nil {
			return err
		}
		if made {
			c.Key = &mine
		}
		c.drawn, err = w.Cache.Piece(r.Context(), key, func() (string, error) { return frame.Rendered(r, c.piece()) })
		return err
	})
	if err != nil {
		return err
	}
	if r.URL.Query().Get("done") == "revoked" {
		p.Notice = p.T("calendar.key_revoked")
	}
	c.Page = p
	return w.Render(out, r, calendarTempl(c))
}

// piece is the part of the page that shows the activities.
func (c calendarPage) piece() templ.Component {
	switch c.View {
	case viewMonth:
		return monthTempl(c, c.month())
	case viewMap:
		return mapTempl(c, c.markets())
	}
	return timelineTempl(c, c.draw())
}

// markets are the activities chosen, counted by the markets that they serve.
func (c calendarPage) markets() worldmap.Chart {
	n := map[string]int{}
	for _, a := range c.Chosen {
		for _, m := range a.Markets {
			n[m]++
		}
	}
	chart := worldmap.Chart{ID: "markets", Unit: c.T("calendar.map_unit")}
	for m, count := range n {
		chart.Rows = append(chart.Rows, worldmap.Row{Market: m, Value: float64(count), Label: c.Number(count), Href: c.toList("market", m)})
	}
	return chart
}

// pieceReader is everything about a reader that a rendered piece of the calendar depends on.
func pieceReader(p *frame.Page) string {
	who := []string{string(p.Language), p.Year.String(), string(p.AsOf), string(p.Today), string(p.Actor.Scope())}
	for _, m := range p.Actor.Memberships {
		who = append(who, string(m.Company))
	}
	return strings.Join(who, "|")
}

// choiceOf reads the filters of the address.
func choiceOf(r *http.Request) (report.Choice, error) {
	q := r.URL.Query()
	c := report.Choice{Market: q.Get("market"), Sector: q.Get("sector"), Need: q.Get("need"), Type: activity.Type(q.Get("type")),
		State: activity.State(q.Get("state")), Organisation: q.Get("organiser"), Joint: q.Get("joint") != "", Words: q.Get("q")}
	if c.Type != "" && !slices.Contains(activity.Types(), c.Type) {
		return c, frame.BadFilter("type", string(c.Type))
	}
	if c.State != "" && !slices.Contains(activity.States(), c.State) {
		return c, frame.BadFilter("state", string(c.State))
	}
	if c.Need != "" && !slices.Contains(activity.Needs(), c.Need) {
		return c, frame.BadFilter("need", c.Need)
	}
	for name, into := range map[string]*period.Date{"from": &c.From, "to": &c.To} {
		if v := q.Get(name); v != "" {
			d, err := period.ParseDate(v)
			if err != nil {
				return c, frame.BadFilter(name, v)
			}
			*into = d
		}
	}
	return c, nil
}

func attendedOnly(own map[id.Activity]string) map[id.Activity]bool {
	only := map[id.Activity]bool{}
	for a, state := range own {
		if state == "attended" {
			only[a] = true
		}
	}
	return only
}

// soon is the 30 days after the day, when they begin in the year shown.
func (c calendarPage) soon() (period.Span, bool) {
	s := period.Span{From: c.AsOf.AddDays(1), To: c.AsOf.AddDays(30)}
	return s, c.AsOf.Year() == c.Year
}

func (c calendarPage) answer() string {
	if soon, ok := c.soon(); ok {
		n, joint := c.Between(soon)
		return c.T("calendar.answer_soon", "n", n, "joint", joint)
	}
	return c.T("calendar.answer_year", "n", len(c.Chosen), "joint", c.Joint, "year", c.Year)
}

// agenda is the calendar of a phone: the activities of the coming months, by month.
type agendaMonth struct {
	Label string
	Items []activity.Activity
}

const agendaItems = 40

func (c calendarPage) agenda() []agendaMonth {
	from := c.Year.First()
	if c.AsOf.Year() == c.Year {
		from = c.AsOf
	}
	var months []agendaMonth
	n := 0
	for _, a := range c.Chosen {
		if a.Ends < from {
			continue
		}
		if n++; n > agendaItems {
			break
		}
		label := c.Language.ShortMonth(int(a.Starts.Month())) + " " + c.Year.String()
		if len(months) == 0 || months[len(months)-1].Label != label {
			months = append(months, agendaMonth{Label: label})
		}
		m := &months[len(months)-1]
		m.Items = append(m.Items, a)
	}
	return months
}

// marketOptions, sectorOptions, needOptions and typeOptions are what occurs in the year, by name in the reader's language.
func (c calendarPage) marketOptions() []frame.Option {
	return sortedOptions(c.Facets.Markets, c.Choice.Market, c.Language.Country)
}

func (c calendarPage) sectorOptions() []frame.Option {
	return sortedOptions(c.Facets.Sectors, c.Choice.Sector, c.SectorWord)
}

func (c calendarPage) needOptions() []frame.Option {
	return sortedOptions(activity.Needs(), c.Choice.Need, c.NeedWord)
}

func (c calendarPage) typeOptions() []frame.Option {
	codes := make([]string, len(c.Facets.Types))
	for i, t := range c.Facets.Types {
		codes[i] = string(t)
	}
	return sortedOptions(codes, string(c.Choice.Type), func(t string) string { return c.T(activity.Type(t).Key()) })
}

func sortedOptions(codes []string, chosen string, name func(string) string) []frame.Option {
	out := make([]frame.Option, 0, len(codes)+1)
	known := chosen == ""
	for _, code := range codes {
		known = known || code == chosen
		out = append(out, frame.Option{Value: code, Label: name(code), Chosen: code == chosen})
	}
	if !known { // chosen elsewhere, and absent here: the form must not forget it
		out = append(out, frame.Option{Value: chosen, Label: name(chosen), Chosen: true})
	}
	slices.SortStableFunc(out, func(x, y frame.Option) int { return cmp.Compare(strings.ToLower(x.Label), strings.ToLower(y.Label)) })
	return out
}

// filters are the choice as pairs of an address.
func (c calendarPage) filters() []string {
	pairs := []string{"market", c.Choice.Market, "sector", c.Choice.Sector, "need", c.Choice.Need, "type", string(c.Choice.Type)}
	if c.Choice.Only != nil {
		pairs = append(pairs, "attended", "1")
	}
	return pairs
}

// toList is the address of the list with the same activities in it.
func (c calendarPage) toList(more ...string) string {
	return c.Link("/activities", append(c.filters(), more...)...)
}

// toView is the address of the same activities in another view.
func (c calendarPage) toView(view string) string {
	return c.Link("/calendar", append(c.filters(), "view", view)...)
}

// agendaDays is the days of an activity under the head of its month.
func agendaDays(p frame.Page, a activity.Activity) string {
	switch {
	case a.Around != "":
	case a.Starts == a.Ends:
		return p.Number(a.Starts.Day())
	case a.Starts.Month() == a.Ends.Month() && a.Starts.Year() == a.Ends.Year():
		return p.Number(a.Starts.Day()) + "–" + p.Number(a.Ends.Day())
	}
	return a.When(p.Language)
}
