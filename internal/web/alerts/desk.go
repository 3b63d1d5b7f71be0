package alerts

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/kpi/alert"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/web/frame"
)

// deskPage is the list of alerts of a year.
type deskPage struct {
	frame.Page
	Filter       alert.Filter
	All          bool // those that rest too
	Wait, Nobody int
	Day          period.Date
	List         frame.Listing
	KPIs         []*kpi.Definition
	Partners     []frame.Option
}

func (w pages) desk(out http.ResponseWriter, r *http.Request) error {
	var c deskPage
	var rows []alert.Alert
	p, err := w.Read(r, "alerts", func(tx *db.Tx, p *frame.Page) (err error) {
		if c, err = choose(r, p); err != nil {
			return err
		}
		if c.KPIs, err = kpi.Definitions(r.Context(), tx, p.Programme.ID); err != nil {
			return err
		}
		every, err := alert.List(r.Context(), tx, p.Programme.ID, alert.Filter{Scope: c.Filter.Scope, Year: p.Year})
		if err != nil {
			return err
		}
		c.Wait, c.Nobody = alert.Waits(every)
		c.Partners = partners(every, c.Filter.Code)
		rows = c.Filter.Of(every)
		return nil
	})
	if err != nil {
		return err
	}
	p.Title = p.T("menu.alerts")
	p.Path = []frame.Crumb{{Label: p.Title}}
	c.Day, p.AsOf = p.AsOf, "" // alerts are as they stand now
	c.Page = p
	t, err := frame.NewTable(p, "", c.columns()...)
	if err != nil {
		return err
	}
	t.Sort(rows)
	if frame.FileAsked(r) {
		return t.File(out, "alerts-"+p.Year.String(), rows)
	}
	rows, next := t.Cut(rows, func(a alert.Alert) string { return string(a.ID) })
	c.List = t.Listing(p.T("menu.alerts"), rows, next)
	return w.Render(out, r, deskTempl(c))
}

// choose reads the filter from the address; without a state it is what waits.
func choose(r *http.Request, p *frame.Page) (deskPage, error) {
	q := r.URL.Query()
	c := deskPage{Filter: alert.Filter{Scope: p.Actor.ScopeFor("alert.read"), Year: p.Year, State: alert.Waiting, Rule: alert.Rule(q.Get("rule")),
		Code: q.Get("partner")}}
	switch v := q.Get("state"); {
	case v == "all":
		c.Filter.State, c.All = "", true
	case v != "":
		c.Filter.State = alert.State(v)
		if !slices.Contains(alert.States(), c.Filter.State) {
			return c, frame.BadFilter("state", v)
		}
	}
	if v := q.Get("rule"); v != "" && !slices.Contains(alert.Rules(), c.Filter.Rule) {
		return c, frame.BadFilter("rule", v)
	}
	if v := q.Get("owner"); v != "" {
		owner, err := id.Parse[id.Person](v)
		if err != nil {
			return c, frame.BadFilter("owner", v)
		}
		c.Filter.Owner = owner
	}
	return c, nil
}

// partners are those that alerts are about.
func partners(all []alert.Alert, chosen string) []frame.Option {
	var out []frame.Option
	for _, a := range all {
		if !slices.ContainsFunc(out, func(o frame.Option) bool { return o.Value == a.PartnerCode }) {
			out = append(out, frame.Option{Value: a.PartnerCode, Label: a.Short, Chosen: a.PartnerCode == chosen})
		}
	}
	slices.SortFunc(out, frame.ByText(func(o frame.Option) string { return o.Label }))
	return out
}

func (c deskPage) answer() string {
	if c.Wait == 0 {
		return c.T("alerts.answer_none", "year", c.Year)
	}
	return c.T("alerts.answer", "n", c.Wait, "year", c.Year)
}

func (c deskPage) lede() string {
	if c.Nobody > 0 {
		return c.T("alerts.lede_nobody", "n", c.Nobody)
	}
	return c.T("alerts.lede")
}

func (c deskPage) stateOptions() []frame.Option {
	out := []frame.Option{{Value: "all", Label: c.T("alerts.all_states"), Chosen: c.All}}
	for _, s := range alert.States() {
		out = append(out, frame.Option{Value: string(s), Label: frame.StateWord(c.Page, string(s)), Chosen: c.Filter.State == s})
	}
	return out
}

func (c deskPage) ruleOptions() []frame.Option {
	return frame.Choices(c.Page, alert.Rules(), c.Filter.Rule)
}

func (c deskPage) ownerOptions() []frame.Option {
	return []frame.Option{{Value: string(c.Actor.ID), Label: c.T("alerts.mine"), Chosen: c.Filter.Owner == c.Actor.ID && c.Actor.ID != ""}}
}

func (c deskPage) columns() []frame.Column[alert.Alert] {
	type a = alert.Alert
	p := c.Page
	day := func(d func(a) string) func(a) string {
		return func(x a) string { return p.Language.ShortDateYear(d(x)) }
	}
	due := func(x a) string { return string(x.Due) }
	raised := func(x a) string { return string(x.Raised) }
	return []frame.Column[a]{
		{Key: "what", Head: p.T("alerts.what"), Name: true, Text: func(x a) string { return frame.AlertSays(p, &x, c.KPIs) },
			Cell: func(x a) templ.Component { return alertName(c, x) }},
		{Key: "rule", Head: p.T("alerts.rule"), Text: func(x a) string { return p.T(x.Rule.Key()) },
			Order: frame.ByText(func(x a) string { return p.T(x.Rule.Key()) })},
		{Key: "partner", Head: p.T("cockpit.partner"), Extra: true, Text: func(x a) string { return x.Short },
			Order: frame.ByText(func(x a) string { return x.Short })},
		{Key: "owner", Head: p.T("alerts.owner"), Text: func(x a) string { return x.OwnerName }, Cell: func(x a) templ.Component { return frame.AlertOwner(p, &x) },
			Order: frame.ByText(func(x a) string { return x.OwnerName })},
		{Key: "due", Head: p.T("alerts.due"), Text: due, Cell: func(x a) templ.Component { return alertDue(c, x) }, Order: frame.By(due)},
		{Key: "raised", Head: p.T("alerts.raised"), Quiet: true, Extra: true, Text: raised, Show: day(raised), Order: frame.By(raised)},
		{Key: "state", Head: p.T("activities.state"), Text: func(x a) string { return frame.StateWord(p, string(x.State)) },
			Cell: func(x a) templ.Component { return frame.State(p, string(x.State)) }, Order: frame.ByText(func(x a) string { return string(x.State) })},
	}
}

// alertID reads an address; nonsense is an alert that does not exist.
func alertID(r *http.Request) (id.Alert, error) {
	a, err := id.Parse[id.Alert](r.PathValue("id"))
	if err != nil {
		return "", fault.Missing("alert.missing", nil)
	}
	return a, nil
}
