package calendar

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/web/frame"
)

// activitiesPage is the list of activities as one reader chose it.
type activitiesPage struct {
	frame.Page
	Choice report.Choice
	Facets report.Facets
	Orgs   []frame.Option
	All    bool // all years, not one
	Total  int
	Joint  int
	List   frame.Listing
	Own    map[id.Activity]string
}

func (w pages) activities(out http.ResponseWriter, r *http.Request) error {
	var c activitiesPage
	var chosen []activity.Activity
	p, err := w.Read(r, "activities", func(tx *db.Tx, p *frame.Page) error {
		all, _, err := w.Cache.Activities(r.Context(), tx, p)
		if err != nil {
			return err
		}
		if c, err = readChoice(r, tx, p, all); err != nil {
			return err
		}
		chosen = all.Choose(c.Choice)
		return nil
	})
	if err != nil {
		return err
	}
	p.Title = p.T("activities.title")
	p.Path = []frame.Crumb{{Label: p.Title}}
	c.Page = p
	c.Total, c.Joint = len(chosen), report.FacetsOf(chosen).Joint
	t, err := frame.NewTable(p, "when", c.columns()...)
	if err != nil {
		return err
	}
	t.Sort(chosen)
	if frame.FileAsked(r) {
		return t.File(out, "activities", chosen)
	}
	rows, next := t.Cut(chosen, func(a activity.Activity) string { return a.Code })
	c.List = t.Listing(p.Title, rows, next)
	return w.Render(out, r, activitiesTempl(c))
}

// readChoice reads what the address chooses from the activities that the reader may see.
func readChoice(r *http.Request, tx *db.Tx, p *frame.Page, all *report.Activities) (activitiesPage, error) {
	q := r.URL.Query()
	c := activitiesPage{All: q.Get("span") == "all"}
	var err error
	if c.Choice, err = choiceOf(r); err != nil {
		return c, err
	}
	if c.Own, err = report.OwnParticipations(r.Context(), tx, p.Actor, p.Programme.ID); err != nil {
		return c, err
	}
	if q.Get("attended") != "" {
		c.Choice.Only = attendedOnly(c.Own)
	}
	base := report.Choice{}
	if !c.All {
		base.From, base.To = p.Year.First(), p.Year.Last()
		c.Choice.From = max(c.Choice.From, base.From)
		if c.Choice.To == "" || c.Choice.To > base.To {
			c.Choice.To = base.To
		}
	}
	c.Facets = report.FacetsOf(all.Choose(base))
	c.Orgs = organiserOptions(all, c.Facets, c.Choice.Organisation)
	return c, nil
}

func organiserOptions(all *report.Activities, f report.Facets, chosen string) []frame.Option {
	var out []frame.Option
	for _, o := range all.Organisations {
		if f.Organisers[o.ID] > 0 || o.Code == chosen {
			out = append(out, frame.Option{Value: o.Code, Label: o.Label(), Chosen: o.Code == chosen})
		}
	}
	return out
}

// The selects of the form are those of the calendar, over the years listed.
func (c activitiesPage) form() calendarPage {
	return calendarPage{Page: c.Page, Calendar: &report.Calendar{Facets: c.Facets}, Choice: c.Choice, Own: c.Own}
}

func (c activitiesPage) answer() string {
	if c.All {
		return c.T("activities.answer_all", "n", c.Total, "joint", c.Joint)
	}
	return c.T("activities.answer", "n", c.Total, "joint", c.Joint, "year", c.Page.Year)
}

// columns are what the list shows of an activity, and what a file of it holds.
func (c activitiesPage) columns() []frame.Column[activity.Activity] {
	type a = activity.Activity
	joined := func(of func(a) []string) func(a) string {
		return func(x a) string { return strings.Join(of(x), " ") }
	}
	return []frame.Column[a]{
		{Key: "code", Head: c.T("activities.code"), Extra: true, Text: func(x a) string { return x.Code }, Order: frame.ByText(func(x a) string { return x.Code })},
		{Key: "when", Head: c.T("activities.when"), Quiet: true, Text: func(x a) string { return string(x.Starts) }, Show: c.days,
			Order: frame.By(func(x a) string { return string(x.Starts) })},
		{Key: "until", Head: c.T("activities.to"), Quiet: true, Extra: true, Text: func(x a) string { return string(x.Ends) },
			Show: func(x a) string { return c.Language.ShortDateYear(string(x.Ends)) }, Order: frame.By(func(x a) string { return string(x.Ends) })},
		{Key: "what", Head: c.T("activities.what"), Name: true, Text: func(x a) string { return x.Title },
			Cell: func(x a) templ.Component { return activityName(c, x) }, Order: frame.ByText(func(x a) string { return x.Title })},
		{Key: "type", Head: c.T("calendar.type"), Text: func(x a) string { return c.T(x.Type.Key()) }, Order: frame.ByText(func(x a) string { return c.T(x.Type.Key()) })},
		{Key: "who", Head: c.T("activities.who"), Text: organisers, Show: func(x a) string { return frame.Organisers(c.Page, x) }, Order: frame.ByText(organisers)},
		{Key: "where", Head: c.T("activities.where"), Text: func(x a) string { return c.Where(x) }, Order: frame.ByText(func(x a) string { return c.Where(x) })},
		{Key: "market", Head: c.T("calendar.market"), Extra: true, Text: joined(func(x a) []string { return x.Markets })},
		{Key: "sector", Head: c.T("calendar.sector"), Extra: true, Text: joined(func(x a) []string { return x.Sectors })},
		{Key: "need", Head: c.T("calendar.need"), Extra: true, Text: joined(func(x a) []string { return x.Needs })},
		{Key: "state", Head: c.T("activities.state"), Text: func(x a) string { return c.T(c.stateOn(x).Key()) },
			Cell:  func(x a) templ.Component { return frame.StateSays(string(c.stateOn(x)), c.T(c.stateOn(x).Key())) },
			Order: frame.ByText(func(x a) string { return string(c.stateOn(x)) })},
	}
}

// organisers names all of them.
func organisers(a activity.Activity) string {
	who := make([]string, len(a.Organisers))
	for i, o := range a.Organisers {
		who[i] = o.Label
	}
	return strings.Join(who, "; ")
}

// days is when an activity takes place; with the year where the list runs over several.
func (c activitiesPage) days(a activity.Activity) string {
	if c.All {
		return c.Language.ShortDateYear(string(a.Starts))
	}
	return a.When(c.Language)
}

// stateOn is the state as far as the day knows it: what has not begun by then has not been held, reported or verified either.
func (c activitiesPage) stateOn(a activity.Activity) activity.State {
	if a.State.Happened() && a.Starts > c.AsOf {
		return activity.Published
	}
	return a.State
}

// activityPage is one activity, with what the reader may know of it.
type activityPage struct {
	frame.Page
	Activity activity.Activity
	Counts   map[string]int
	Evidence []report.ActivityEvidence
	Cost     report.ActivityCost
	Own      string // how the reader's company stands
}

func (w pages) activity(out http.ResponseWriter, r *http.Request) error {
	var c activityPage
	p, err := w.Read(r, "activities", func(tx *db.Tx, p *frame.Page) error {
		all, _, err := w.Cache.Activities(r.Context(), tx, p)
		if err != nil {
			return err
		}
		a, found := all.ByCode(r.PathValue("code"))
		if !found {
			return fault.Missing("activity.missing", nil)
		}
		c.Activity = a
		if c.Counts, err = activity.Counts(r.Context(), tx, p.Programme.ID, a.ID); err != nil {
			return err
		}
		if c.Evidence, err = report.EvidenceOf(r.Context(), tx, p.Actor.ScopeFor("evidence.read"), p.Programme.ID, a.ID); err != nil {
			return err
		}
		if c.Cost, err = report.CostOf(r.Context(), tx, p.Actor.ScopeFor("claim.read"), p.Programme.ID, a.ID); err != nil {
			return err
		}
		own, err := report.OwnParticipations(r.Context(), tx, p.Actor, p.Programme.ID)
		c.Own = own[a.ID]
		return err
	})
	if err != nil {
		return err
	}
	p.Title = c.Activity.Title
	p.Path = []frame.Crumb{{Label: p.T("activities.title"), Href: p.Link("/activities", "year", c.Activity.Starts.Year().String())}, {Label: c.Activity.Code}}
	p.Year, p.AsOf = 0, ""
	c.Page = p
	return w.Render(out, r, activityTempl(c))
}

// runs tells whether the reader keeps or reads the list of who comes.
func (c activityPage) runs() bool {
	s := c.Activity.Subject()
	s.Kind, s.State = "registration", ""
	return c.Actor.Can("registration.read", s)
}

// when is the day or the days of the activity, in full.
func (c activityPage) when() string {
	return c.Activity.Span().Show(c.Language)
}

// share is an organiser's part of cost and credit, as in the agreed weights.
func (c activityPage) share(o activity.Organiser) string {
	var sum int64
	for _, x := range c.Activity.Organisers {
		sum += x.Weight
	}
	if sum == 0 {
		return ""
	}
	tenths, places := o.Weight*1000/sum, 1
	if tenths%10 == 0 {
		places = 0
	}
	return c.Language.Percent(strconv.FormatInt(tenths/10, 10)+"."+strconv.FormatInt(tenths%10, 10), places)
}

// states are the states of participation that occur, in their order.
func (c activityPage) states() []string {
	return slices.DeleteFunc(activity.ParticipationStates(), func(s string) bool { return c.Counts[s] == 0 })
}

func (c activityPage) attended() int { return c.Counts["attended"] }

// markets, sectors and needs in words.
func (c activityPage) markets() string { return frame.Listed(c.Activity.Markets, c.Language.Country) }

func (c activityPage) sectors() string { return frame.Listed(c.Activity.Sectors, c.SectorWord) }

func (c activityPage) needs() string { return frame.Listed(c.Activity.Needs, c.NeedWord) }

// evidenceLink is the rows behind a line.
func (c activityPage) evidenceLink(b report.ActivityEvidence) string {
	return c.Link("/evidence", "activity", string(c.Activity.ID), "kind", string(b.Kind), "state", string(b.State),
		"year", c.Activity.Starts.Year().String())
}
