package fragmentation

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/coordination/fragment"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/web/frame"
)

// trendPage is a line of figures for each year of the programme.
type trendPage struct {
	frame.Page
	Now  fragment.Year // of the page's year
	List frame.Listing
}

func (w pages) trend(out http.ResponseWriter, r *http.Request) error {
	var c trendPage
	var rows []fragment.Year
	p, err := w.Read(r, "fragmentation", func(tx *db.Tx, p *frame.Page) error {
		seen, err := frame.SeenBy(r.Context(), tx, p.Programme.ID)
		if err != nil {
			return err
		}
		rows, err = frame.Kept(r.Context(), w.Cache, frame.Key{Seen: seen, Page: "fragmentation", Who: string(p.Actor.Scope())}, func() ([]fragment.Year, error) {
			var all []fragment.Year
			for _, year := range p.Programme.Years() {
				s, err := w.seen(r.Context(), tx, p, year)
				if err != nil {
					return nil, err
				}
				if y := fragment.Measure(s); y.Activities > 0 {
					all = append(all, y)
				}
			}
			return all, nil
		})
		return err
	})
	if err != nil {
		return err
	}
	for _, y := range rows {
		if y.Year == p.Year {
			c.Now = y
		}
	}
	p.Title = p.T("menu.fragmentation")
	p.Path = []frame.Crumb{{Label: p.T("menu.overlaps"), Href: p.Link("/overlaps")}, {Label: p.Title}}
	p.AsOf = "" // what overlaps is as it stands now
	c.Page = p
	t, err := frame.NewTable(p, "", c.columns()...)
	if err != nil {
		return err
	}
	rows = append([]fragment.Year(nil), rows...)
	t.Sort(rows)
	if frame.FileAsked(r) {
		return t.File(out, "fragmentation", rows)
	}
	shown, next := t.Cut(rows, func(y fragment.Year) string { return y.Year.String() })
	c.List = t.Listing(p.T("fragmentation.trend"), shown, next)
	return w.Render(out, r, trendTempl(c))
}

// seen reads what a year is reckoned from.
func (w pages) seen(ctx context.Context, tx *db.Tx, p *frame.Page, year period.Year) (fragment.Seen, error) {
	s := fragment.Seen{Year: year}
	all, _, err := w.Cache.Activities(ctx, tx, p)
	if err != nil {
		return s, err
	}
	for _, a := range all.All {
		if a.Starts.Year() == year {
			s.Activities = append(s.Activities, a)
		}
	}
	if s.Overlaps, err = w.Cache.Overlaps(ctx, tx, p.Programme.ID, access.All, year); err != nil {
		return s, err
	}
	s.Rows, err = w.Cache.Evidence.Of(ctx, tx, p.Programme.ID, evidence.Query{From: year, To: year})
	return s, err
}

// share is part of whole in basis points; 0 of nothing is 0.
func share(part, whole int) int64 {
	if whole == 0 {
		return 0
	}
	return int64(part) * 10_000 / int64(whole)
}

// mean is a sum over a number with one decimal, as files carry it.
func mean(sum, n int) string {
	if n == 0 {
		return ""
	}
	tenths := (sum*10 + n/2) / n
	return strconv.Itoa(tenths/10) + "." + strconv.Itoa(tenths%10)
}

func (c trendPage) answer() string {
	if c.Now.Activities == 0 {
		return c.T("fragmentation.answer_none", "year", c.Year)
	}
	return c.T("fragmentation.answer", "n", c.Now.Unhanded, "all", c.Now.Companies, "year", c.Year)
}

func (c trendPage) columns() []frame.Column[fragment.Year] {
	type y = fragment.Year
	p := c.Page
	at := func(path string, v y, more ...string) string {
		return p.Link(path, append([]string{"year", v.Year.String()}, more...)...)
	}
	count := func(key string, of func(y) int, to func(y) string) frame.Column[y] {
		col := frame.Column[y]{Key: key, Head: p.T(head(key)), Num: true, Text: func(v y) string { return strconv.Itoa(of(v)) },
			Show: func(v y) string { return p.Number(of(v)) }, Order: frame.By(of)}
		if to != nil {
			col.Cell = func(v y) templ.Component { return figure(to(v), p.Number(of(v))) }
		}
		return col
	}
	percent := func(key string, part, whole func(y) int, to func(y) string) frame.Column[y] {
		of := func(v y) int64 { return share(part(v), whole(v)) }
		said := func(v y) string {
			if whole(v) == 0 { // of nothing there is no share
				return ""
			}
			return strconv.FormatInt(of(v)/100, 10)
		}
		return frame.Column[y]{Key: key, Head: p.T(head(key)), Num: true, Text: said,
			Cell: func(v y) templ.Component { return figure(to(v), p.Percent(of(v))) }, Order: frame.By(of)}
	}
	average := func(key string, sum, n func(y) int, to func(y) string) frame.Column[y] {
		of := func(v y) string { return mean(sum(v), n(v)) }
		return frame.Column[y]{Key: key, Head: p.T(head(key)), Num: true, Text: of,
			Cell: func(v y) templ.Component { return figure(to(v), p.Language.Decimal(of(v), 1)) }}
	}
	activities, companies := func(v y) int { return v.Activities }, func(v y) int { return v.Companies }
	overlaps := func(v y) string { return at("/overlaps", v, "state", "all") }
	met := func(v y) string { return at("/fragmentation/companies", v) }
	all := func(v y) string { return at("/fragmentation/companies", v, "all", "1") }
	return []frame.Column[y]{
		{Key: "year", Head: p.T("fragmentation.head.year"), Name: true, Text: func(v y) string { return v.Year.String() }, Order: frame.By(func(v y) int { return int(v.Year) })},
		count("activities", activities, func(v y) string { return at("/activities", v) }),
		percent("overlap", func(v y) int { return v.InOverlap }, activities, overlaps),
		percent("decided", func(v y) int { return v.Decided }, func(v y) int { return v.Close }, overlaps),
		percent("joint", func(v y) int { return v.Joint }, activities, func(v y) string { return at("/activities", v, "joint", "1") }),
		count("companies", companies, all),
		average("doors", func(v y) int { return v.Doors }, companies, all),
		count("apart", func(v y) int { return v.Apart }, met),
		count("unhanded", func(v y) int { return v.Unhanded }, func(v y) string { return at("/fragmentation/companies", v, "unhanded", "1") }),
		average("markets", func(v y) int { return v.InMarkets }, func(v y) int { return v.Markets }, func(v y) string { return at("/fragmentation/markets", v) }),
	}
}
