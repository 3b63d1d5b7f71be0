package library

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/knowledge"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// missedPage lists what was looked for in a year and not found: what its keepers may write, or ask for.
type missedPage struct {
	frame.Page
	All, Times int
	List       frame.Listing
}

func (w pages) missed(out http.ResponseWriter, r *http.Request) error {
	var c missedPage
	var rows []knowledge.Wanted
	p, err := w.Read(r, "knowledge", func(tx *db.Tx, p *frame.Page) error {
		all, err := knowledge.Misses(r.Context(), tx, p.Programme.ID, period.Span{From: p.Year.First(), To: p.Year.Last()})
		rows = knowledge.Sum(all)
		return err
	})
	if err != nil {
		return err
	}
	for _, x := range rows {
		c.Times += x.Times
	}
	c.All = len(rows)
	p.Title, p.AsOf = p.T("library.missed"), ""
	p.Path = []frame.Crumb{{Label: p.T("menu.knowledge"), Href: p.Link("/knowledge", "year", "")}, {Label: p.Title}}
	c.Page = p
	t, err := frame.NewTable(p, "", c.columns()...)
	if err != nil {
		return err
	}
	t.Sort(rows)
	if frame.FileAsked(r) {
		return t.File(out, "missed-"+p.Year.String(), rows)
	}
	shown, next := t.Cut(rows, func(x knowledge.Wanted) string { return x.Words + "|" + x.Market + "|" + x.Sector })
	c.List = t.Listing(p.Title, shown, next)
	return w.Render(out, r, missedTempl(c))
}

// missedNow keeps a search that found nothing, without who made it.
func (w pages) missedNow(r *http.Request, p frame.Page, q knowledge.Query) error {
	var sectors []string
	err := w.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		sectors, err = w.sectors(r, tx, &p)
		return err
	})
	if err != nil {
		return err
	}
	return w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error {
		return knowledge.Missed(r.Context(), tx, serve.Of(r).Actor, p.Programme.ID, q, sectors)
	})
}

func (c missedPage) columns() []frame.Column[knowledge.Wanted] {
	type x = knowledge.Wanted
	p := c.Page
	words := func(v x) string {
		if v.Words == "" {
			return p.T("gaps.searched_chosen")
		}
		return v.Words
	}
	market := func(v x) string { return frame.Listed(strings.Fields(v.Market), p.Language.Country) }
	sector := func(v x) string { return frame.Listed(strings.Fields(v.Sector), p.SectorWord) }
	askers := func(v x) string {
		names := make([]string, len(v.Askers))
		for i, a := range v.Askers {
			names[i] = p.T(text.Key("library.asker." + a))
		}
		return strings.Join(names, ", ")
	}
	return []frame.Column[x]{
		{Key: "words", Head: p.T("library.missed_words"), Name: true, Text: words, Order: frame.ByText(words),
			Cell: func(v x) templ.Component { return missedWords(c, v, words(v)) }},
		{Key: "market", Head: p.T("calendar.market"), Text: market, Order: frame.ByText(market)},
		{Key: "sector", Head: p.T("calendar.sector"), Text: sector, Order: frame.ByText(sector)},
		{Key: "times", Head: p.T("library.missed_times"), Num: true, Text: func(v x) string { return strconv.Itoa(v.Times) },
			Show: func(v x) string { return p.Number(v.Times) }, Order: frame.By(func(v x) int { return v.Times })},
		{Key: "days", Head: p.T("library.missed_days"), Num: true, Text: func(v x) string { return strconv.Itoa(v.Days) },
			Show: func(v x) string { return p.Number(v.Days) }, Order: frame.By(func(v x) int { return v.Days })},
		{Key: "who", Head: p.T("library.missed_who"), Text: askers, Order: frame.ByText(askers)},
		{Key: "last", Head: p.T("library.missed_last"), Quiet: true, Text: func(v x) string { return string(v.Last) },
			Show: func(v x) string { return p.ShortDay(v.Last) }, Order: frame.By(func(v x) string { return string(v.Last) })},
	}
}

func (c missedPage) answer() string {
	if c.All == 0 {
		return c.T("library.missed_none", "year", c.Year)
	}
	return c.T("library.missed_answer", "n", c.Times, "all", c.All, "year", c.Year)
}
