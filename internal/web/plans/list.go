package plans

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/coordination"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/plan"
	"errera.eu/errera/internal/web/frame"
)

// row is a partner's plan in the list.
type row struct {
	plan.Plan
	Activities, Joint, Way int
}

// listPage is the plans of a year, and the agency's own catalogue beside them.
type listPage struct {
	frame.Page
	Approved, Waiting, All int
	Own                    int // activities of the agency's own catalogue
	List                   frame.Listing
}

func (w pages) list(out http.ResponseWriter, r *http.Request) error {
	var c listPage
	var rows []row
	p, err := w.Read(r, "plans", func(tx *db.Tx, p *frame.Page) (err error) {
		scope := p.Actor.ScopeFor("plan.read")
		plans, err := plan.OfYear(r.Context(), tx, scope, p.Programme.ID, p.Year)
		if err != nil {
			return err
		}
		all, _, err := activity.List(r.Context(), tx, p.Programme.ID, activity.Filter{Scope: access.All, From: p.Year.First(), To: p.Year.Last()})
		if err != nil {
			return err
		}
		overlaps, err := w.Cache.Overlaps(r.Context(), tx, p.Programme.ID, scope, p.Year)
		if err != nil {
			return err
		}
		for _, x := range plans {
			rows = append(rows, count(x, all, overlaps))
		}
		c.Own = led(all, p.Programme.Agency)
		return nil
	})
	if err != nil {
		return err
	}
	for _, x := range rows {
		switch x.State {
		case plan.Approved:
			c.Approved++
		case plan.Submitted, plan.Amended:
			c.Waiting++
		}
	}
	c.All = len(rows)
	p.Title = p.T("menu.plans")
	p.Path = []frame.Crumb{{Label: p.Title}}
	p.AsOf = "" // plans are as they stand now
	c.Page = p
	t, err := frame.NewTable(p, "", c.columns()...)
	if err != nil {
		return err
	}
	t.Sort(rows)
	if frame.FileAsked(r) {
		return t.File(out, "plans-"+p.Year.String(), rows)
	}
	shown, next := t.Cut(rows, func(x row) string { return x.Code })
	c.List = t.Listing(p.Title, shown, next)
	return w.Render(out, r, listTempl(c))
}

// count reckons what a plan holds, and what stands in its way.
func count(p plan.Plan, all []activity.Activity, overlaps []coordination.Overlap) row {
	x := row{Plan: p, Activities: led(all, p.Partner)}
	for i := range all {
		if all[i].Joint() && all[i].State != activity.Cancelled && organises(all[i].Organisers, p.Partner) {
			x.Joint++
		}
	}
	for i := range overlaps {
		if overlaps[i].InTheWay() && organises(overlaps[i].Organisers(), p.Partner) {
			x.Way++
		}
	}
	return x
}

func led(all []activity.Activity, o id.Organisation) (n int) {
	for _, a := range all {
		if a.Lead().Organisation == o && a.State != activity.Cancelled {
			n++
		}
	}
	return n
}

func organises(all []activity.Organiser, o id.Organisation) bool {
	return slices.ContainsFunc(all, func(x activity.Organiser) bool { return x.Organisation == o })
}

func (c listPage) answer() string {
	if c.All == 1 {
		return c.T("plans.answer_own", "year", c.Year)
	}
	return c.T("plans.answer", "n", c.Approved, "all", c.All, "year", c.Year)
}

func (c listPage) lede() string {
	return c.T("plans.lede", "n", c.Waiting) + " " + c.T("plans.lede_own", "n", c.Own)
}

func (c listPage) columns() []frame.Column[row] {
	p := c.Page
	number := func(key, head string, of func(row) int) frame.Column[row] {
		return frame.Column[row]{Key: key, Head: head, Num: true, Text: func(x row) string { return p.Number(of(x)) }, Order: frame.By(of)}
	}
	return []frame.Column[row]{
		{Key: "partner", Head: p.T("cockpit.partner"), Name: true, Text: func(x row) string { return x.Label }, Cell: func(x row) templ.Component { return listName(c, x) },
			Order: frame.ByText(func(x row) string { return x.Label })},
		number("activities", p.T("menu.activities"), func(x row) int { return x.Activities }),
		number("joint", p.T("plans.joint"), func(x row) int { return x.Joint }),
		number("way", p.T("plans.in_the_way"), func(x row) int { return x.Way }),
		{Key: "state", Head: p.T("activities.state"), Text: func(x row) string { return p.T(x.State.Key()) },
			Cell: func(x row) templ.Component { return frame.StateSays(string(x.State), p.T(x.State.Key())) }, Order: frame.ByText(func(x row) string { return string(x.State) })},
	}
}
