package overlaps

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/coordination"
	"errera.eu/errera/internal/coordination/overlap"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// deskPage is the list of overlaps of a year.
type deskPage struct {
	frame.Page
	State     coordination.State // "": all
	Kind      overlap.Kind
	Partner   string
	Open, Way int // of the whole year: open, and of those in the way of a plan
	Partners  []frame.Option
	List      frame.Listing
}

func (w pages) desk(out http.ResponseWriter, r *http.Request) error {
	var c deskPage
	var rows []coordination.Overlap
	p, err := w.Read(r, "overlaps", func(tx *db.Tx, p *frame.Page) (err error) {
		if c, err = choose(r); err != nil {
			return err
		}
		all, err := w.Cache.Overlaps(r.Context(), tx, p.Programme.ID, p.Actor.ScopeFor("overlap.read"), p.Year)
		if err != nil {
			return err
		}
		c.count(all)
		rows = slices.DeleteFunc(all, func(o coordination.Overlap) bool { return !c.takes(&o) })
		return nil
	})
	if err != nil {
		return err
	}
	p.Title = p.T("menu.overlaps")
	p.Path = []frame.Crumb{{Label: p.T("menu.calendar"), Href: p.Link("/calendar")}, {Label: p.Title}}
	p.AsOf = "" // overlaps are as they stand now
	c.Page = p
	t, err := frame.NewTable(p, "", c.columns()...)
	if err != nil {
		return err
	}
	t.Sort(rows)
	if frame.FileAsked(r) {
		return t.File(out, "overlaps-"+p.Year.String(), rows)
	}
	shown, next := t.Cut(rows, func(o coordination.Overlap) string { return o.Pair.A + o.Pair.B })
	c.List = t.Listing(p.Title, shown, next)
	return w.Render(out, r, deskTempl(c))
}

// choose reads the filter from the address; without a state it is what is open.
func choose(r *http.Request) (deskPage, error) {
	q := r.URL.Query()
	c := deskPage{State: coordination.Open, Kind: overlap.Kind(q.Get("kind")), Partner: q.Get("partner")}
	switch v := q.Get("state"); {
	case v == "all":
		c.State = ""
	case v != "":
		if c.State = coordination.State(v); !slices.Contains(coordination.States(), c.State) {
			return c, frame.BadFilter("state", v)
		}
	}
	if c.Kind != "" && !slices.Contains(overlap.Kinds(), c.Kind) {
		return c, frame.BadFilter("kind", q.Get("kind"))
	}
	return c, nil
}

// count reckons what the page answers, and which partners there are to choose from.
func (c *deskPage) count(all []coordination.Overlap) {
	for i := range all {
		o := &all[i]
		if o.State == coordination.Open {
			c.Open++
		}
		if o.InTheWay() {
			c.Way++
		}
		for _, x := range o.Organisers() {
			if !slices.ContainsFunc(c.Partners, func(y frame.Option) bool { return y.Value == x.Code }) {
				c.Partners = append(c.Partners, frame.Option{Value: x.Code, Label: x.Label, Chosen: x.Code == c.Partner})
			}
		}
	}
	slices.SortFunc(c.Partners, frame.ByText(func(o frame.Option) string { return o.Label }))
}

func (c *deskPage) takes(o *coordination.Overlap) bool {
	return (c.State == "" || c.State == o.State) && (c.Kind == "" || c.Kind == o.Kind) && (c.Partner == "" ||
		slices.ContainsFunc(o.Organisers(), func(x activity.Organiser) bool { return x.Code == c.Partner }))
}

func (c deskPage) answer() string {
	if c.Open == 0 {
		return c.T("overlaps.answer_none", "year", c.Year)
	}
	return c.T("overlaps.answer", "n", c.Open, "year", c.Year)
}

func (c deskPage) lede() string {
	if c.Way == 0 {
		return c.T("overlaps.lede_clear")
	}
	return c.T("overlaps.lede", "n", c.Way)
}

func (c deskPage) stateOptions() []frame.Option {
	all := frame.Option{Value: "all", Label: c.T("overlaps.all_states"), Chosen: c.State == ""}
	return append([]frame.Option{all}, frame.Choices(c.Page, coordination.States()[1:], c.State)...)
}

func (c deskPage) kindOptions() []frame.Option {
	var out []frame.Option
	for _, k := range overlap.Kinds() {
		out = append(out, frame.Option{Value: string(k), Label: c.T(kindKey(k)), Chosen: c.Kind == k})
	}
	return out
}

func kindKey(k overlap.Kind) text.Key { return text.Key("overlaps.kind." + string(k)) }

// link is the page of an overlap.
func link(p frame.Page, o *coordination.Overlap) string {
	return p.Link("/overlaps/" + o.A.Code + "/" + o.B.Code)
}

func (c deskPage) columns() []frame.Column[coordination.Overlap] {
	type o = coordination.Overlap
	p := c.Page
	first := func(x o) string { return string(min(x.A.Starts, x.B.Starts)) }
	who := func(x o) string {
		var names []string
		for _, y := range x.Organisers() {
			names = append(names, y.Label)
		}
		return strings.Join(names, ", ")
	}
	return []frame.Column[o]{
		{Key: "what", Head: p.T("overlaps.two"), Name: true, Text: func(x o) string { return x.A.Title + " | " + x.B.Title },
			Cell: func(x o) templ.Component { return deskName(c, x) }},
		{Key: "kind", Head: p.T("overlaps.kind"), Text: func(x o) string { return p.T(kindKey(x.Kind)) },
			Cell: func(x o) templ.Component { return deskKind(c, x) }, Order: frame.ByText(func(x o) string { return string(x.Kind) })},
		{Key: "score", Head: p.T("overlaps.score"), Num: true, Text: func(x o) string { return x.Show() },
			Show: func(x o) string { return p.Percent(int64(x.Bp)) }, Order: frame.By(func(x o) int { return x.Bp })},
		{Key: "who", Head: p.T("activities.who"), Text: who, Order: frame.ByText(who)},
		{Key: "when", Head: p.T("activities.when"), Quiet: true, Text: first, Show: func(x o) string { return p.Language.ShortDate(first(x)) },
			Order: frame.By(first)},
		{Key: "why", Head: p.T("overlaps.why"), Extra: true, Text: func(x o) string { return said(p, &x) }},
		{Key: "state", Head: p.T("activities.state"), Text: func(x o) string { return p.T(x.State.Key()) },
			Cell: func(x o) templ.Component { return frame.StateSays(mark(&x), stateWord(p, &x)) }, Order: frame.ByText(func(x o) string { return string(x.State) })},
	}
}

// said is why, or that they no longer overlap.
func said(p frame.Page, o *coordination.Overlap) string {
	if len(o.Reasons) == 0 {
		return p.T("overlaps.no_more")
	}
	return o.Why(p.Language)
}

// mark is the sign of an overlap's state: red where it is in the way of a plan.
func mark(o *coordination.Overlap) string {
	switch {
	case o.InTheWay():
		return "overlap"
	case o.State == coordination.Open:
		return "due-soon"
	case o.State == coordination.Joined, o.State == coordination.Moved:
		return "accepted"
	}
	return "planned"
}

func stateWord(p frame.Page, o *coordination.Overlap) string {
	switch {
	case o.Offer != nil:
		return p.T("overlaps.offered")
	case o.Reopened:
		return p.T("overlaps.reopened")
	}
	return p.T(o.State.Key())
}
