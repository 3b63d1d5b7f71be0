package gaps

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/coordination/gap"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/web/frame"
)

// gridPage is the cells of a year.
type gridPage struct {
	frame.Page
	Need    string // "": any
	Gaps    int
	Firsts  int // priorities
	Unmet   int
	Markets []string
	Sectors []string
	at      map[string]gap.Cell
	List    frame.Listing
}

func (w pages) grid(out http.ResponseWriter, r *http.Request) error {
	c := gridPage{Need: r.URL.Query().Get("need"), at: map[string]gap.Cell{}}
	var cells []gap.Cell
	p, err := w.Read(r, "gaps", func(tx *db.Tx, p *frame.Page) error {
		if c.Need != "" && !slices.Contains(activity.Needs(), c.Need) {
			return frame.BadFilter("need", c.Need)
		}
		seen, _, err := w.seen(r.Context(), tx, p)
		cells = gap.Cells(seen, c.Need)
		return err
	})
	if err != nil {
		return err
	}
	for _, x := range cells {
		c.take(x)
	}
	slices.SortFunc(c.Markets, frame.ByText(p.Language.Country))
	slices.SortFunc(c.Sectors, frame.ByText(p.SectorWord))
	p.Title = p.T("menu.gaps")
	p.Path = []frame.Crumb{{Label: p.T("menu.plans"), Href: p.Link("/plans")}, {Label: p.Title}}
	p.AsOf = "" // what is offered is as it stands now
	c.Page = p
	t, err := frame.NewTable(p, "", c.columns()...)
	if err != nil {
		return err
	}
	// What needs somebody comes first: a priority that nobody serves, then what is asked for and not offered.
	slices.SortStableFunc(cells, func(a, b gap.Cell) int { return rank(a) - rank(b) })
	t.Sort(cells)
	if frame.FileAsked(r) {
		return t.File(out, "gaps-"+p.Year.String(), cells)
	}
	shown, next := t.Cut(cells, gap.Cell.Key)
	c.List = t.Listing(p.T("gaps.list"), shown, next)
	return w.Render(out, r, gridTempl(c))
}

// seen reads what the cells of the year are reckoned from, and all activities that the reader may see.
func (w pages) seen(ctx context.Context, tx *db.Tx, p *frame.Page) (gap.Seen, []activity.Activity, error) {
	all, _, err := w.Cache.Activities(ctx, tx, p)
	if err != nil {
		return gap.Seen{}, nil, err
	}
	s, err := gap.See(ctx, tx, p.Actor, p.Programme.ID, p.Year, all.All)
	return s, all.All, err
}

func (c *gridPage) take(x gap.Cell) {
	c.at[x.Key()] = x
	if !slices.Contains(c.Markets, x.Market) {
		c.Markets = append(c.Markets, x.Market)
	}
	if !slices.Contains(c.Sectors, x.Sector) {
		c.Sectors = append(c.Sectors, x.Sector)
	}
	if x.Priority {
		c.Firsts++
	}
	if x.Gap() {
		c.Gaps++
	}
	if x.Unmet() {
		c.Unmet++
	}
}

// rank orders the list: gaps, unmet demand, other priorities, the rest.
func rank(x gap.Cell) int {
	switch {
	case x.Gap():
		return 0
	case x.Unmet():
		return 1
	case x.Priority:
		return 2
	}
	return 3
}

// cellOf is a cell of the map; empty where nothing is offered, asked or wanted.
func (c gridPage) cellOf(market, sector string) (gap.Cell, bool) {
	x, there := c.at[market+" "+sector]
	return x, there
}

// shade is how a cell of the map is drawn; colour never speaks alone, its number stands in it.
func shade(x gap.Cell) string {
	class := ""
	switch {
	case x.Gap():
		return "is-gap"
	case x.Activities > 5:
		class = "is-3"
	case x.Activities > 1:
		class = "is-2"
	case x.Activities == 1:
		class = "is-1"
	}
	if x.Priority {
		class += " is-first"
	}
	return class
}

// cellWords is a cell in a sentence, for who does not see the map.
func (c gridPage) cellWords(x gap.Cell) string {
	return c.SectorWord(x.Sector) + ", " + c.Language.Country(x.Market) + ": " + c.T("gaps.offered", "n", x.Activities) + ", " + stateWords(c.Page, x)
}

// mark and stateWords say how a cell stands.
func mark(x gap.Cell) string {
	switch {
	case x.Gap():
		return "overlap"
	case x.Unmet():
		return "due-soon"
	case x.Priority:
		return "accepted"
	}
	return "planned"
}

func stateWords(p frame.Page, x gap.Cell) string {
	switch {
	case x.Gap():
		return p.T("gaps.state_gap")
	case x.Unmet():
		return p.T("gaps.state_unmet")
	case x.Priority:
		return p.T("gaps.state_served")
	}
	return p.T("gaps.state_other")
}

func (c gridPage) answer() string {
	if c.Firsts == 0 {
		return c.T("gaps.answer_no_priorities")
	}
	return c.T("gaps.answer", "n", c.Gaps, "all", c.Firsts, "year", c.Year)
}

func (c gridPage) needOptions() []frame.Option {
	var out []frame.Option
	for _, n := range activity.Needs() {
		out = append(out, frame.Option{Value: n, Label: c.NeedWord(n), Chosen: n == c.Need})
	}
	return out
}

func places(p frame.Page, x gap.Cell) string {
	switch {
	case x.Activities == 0:
		return ""
	case x.NoLimit && x.Places == 0:
		return p.T("gaps.no_limit")
	case x.NoLimit:
		return p.T("gaps.at_least", "n", x.Places)
	}
	return p.Number(x.Places)
}

// link is the page of a cell.
func link(p frame.Page, market, sector string) string {
	return p.Link("/gaps/" + market + "/" + sector)
}

func (c gridPage) columns() []frame.Column[gap.Cell] {
	p := c.Page
	type x = gap.Cell
	number := func(key, head string, of func(x) int) frame.Column[x] {
		return frame.Column[x]{Key: key, Head: head, Num: true, Text: func(v x) string { return strconv.Itoa(of(v)) },
			Show: func(v x) string { return p.Number(of(v)) }, Order: frame.By(of)}
	}
	market, sector := func(v x) string { return p.Language.Country(v.Market) }, func(v x) string { return p.SectorWord(v.Sector) }
	return []frame.Column[x]{
		{Key: "market", Head: p.T("calendar.market"), Name: true, Text: market, Order: frame.ByText(market),
			Cell: func(v x) templ.Component { return cellName(c, v) }},
		{Key: "sector", Head: p.T("calendar.sector"), Text: sector, Order: frame.ByText(sector)},
		{Key: "state", Head: p.T("activities.state"), Text: func(v x) string { return stateWords(p, v) },
			Cell: func(v x) templ.Component { return frame.StateSays(mark(v), stateWords(p, v)) }, Order: frame.By(rank)},
		number("activities", p.T("menu.activities"), func(v x) int { return v.Activities }),
		{Key: "places", Head: p.T("gaps.places"), Num: true, Text: func(v x) string { return places(p, v) }, Order: frame.By(func(v x) int { return v.Places })},
		number("organisers", p.T("activities.who"), func(v x) int { return v.Organisers }),
		number("questions", p.T("menu.questions"), func(v x) int { return v.Questions }),
		number("searches", p.T("gaps.searches"), func(v x) int { return v.Searches }),
		number("waiting", p.T("gaps.waiting"), func(v x) int { return v.Waiting }),
	}
}
