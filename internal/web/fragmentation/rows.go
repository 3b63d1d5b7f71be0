package fragmentation

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"errera.eu/errera/internal/company"
	"errera.eu/errera/internal/coordination/fragment"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

func head(key string) text.Key { return text.Key("fragmentation.head." + key) }

// rowsPage is the rows behind a figure.
type rowsPage struct {
	frame.Page
	Answer string
	List   frame.Listing
}

// met is a company with the names of whom it met.
type met struct {
	fragment.Company
	Name, Who string
}

// companies lists those that met organisations apart from each other, those of them that nobody handed over, or all that were met.
func (w pages) companies(out http.ResponseWriter, r *http.Request) error {
	var rows []met
	only, every := r.URL.Query().Get("unhanded") != "", r.URL.Query().Get("all") != ""
	p, err := w.Read(r, "fragmentation", func(tx *db.Tx, p *frame.Page) error {
		s, err := w.seen(r.Context(), tx, p, p.Year)
		if err != nil {
			return err
		}
		all, _, err := w.Cache.Activities(r.Context(), tx, p)
		if err != nil {
			return err
		}
		names := map[id.Organisation]string{}
		for _, o := range all.Organisations {
			names[o.ID] = o.Label()
		}
		for _, c := range fragment.Companies(s.Rows) {
			if c.Doors < 2 && !every || only && c.HandedOver {
				continue
			}
			known, err := company.Load(r.Context(), tx, c.Company)
			if err != nil {
				return err
			}
			rows = append(rows, met{c, known.Name, whom(c.Met, names)})
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.Title = p.T("fragmentation.companies")
	columns := []frame.Column[met]{
		{Key: "company", Head: p.T("fragmentation.head.company"), Name: true, Text: func(x met) string { return x.Name }, Order: frame.ByText(func(x met) string { return x.Name })},
		{Key: "doors", Head: p.T("fragmentation.head.met"), Num: true, Text: func(x met) string { return strconv.Itoa(x.Doors) }, Order: frame.By(func(x met) int { return x.Doors })},
		{Key: "who", Head: p.T("activities.who"), Text: func(x met) string { return x.Who }},
		{Key: "handed", Head: p.T("fragmentation.head.handed"), Text: func(x met) string { return p.T(handedKey(x.HandedOver)) },
			Cell: func(x met) templ.Component { return handed(p, x) }},
	}
	answer := p.T("fragmentation.companies_answer", "n", len(rows), "year", p.Year)
	if every {
		p.Title = p.T("fragmentation.all_companies")
		answer = p.T("fragmentation.all_answer", "n", len(rows), "year", p.Year)
	}
	if only {
		answer = p.T("fragmentation.unhanded_answer", "n", len(rows), "year", p.Year)
	}
	return show(w, out, r, p, answer, rows, columns, func(x met) string { return string(x.Company.Company) })
}

func whom(all []id.Organisation, names map[id.Organisation]string) string {
	var out []string
	for _, o := range all {
		out = append(out, names[o])
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func handedKey(handed bool) text.Key {
	if handed {
		return "fragmentation.handed"
	}
	return "fragmentation.not_handed"
}

// markets lists those that activities of the year are for, with who organises them.
func (w pages) markets(out http.ResponseWriter, r *http.Request) error {
	var rows []fragment.Market
	p, err := w.Read(r, "fragmentation", func(tx *db.Tx, p *frame.Page) error {
		s, err := w.seen(r.Context(), tx, p, p.Year)
		rows = fragment.Markets(s.Activities)
		return err
	})
	if err != nil {
		return err
	}
	type m = fragment.Market
	p.Title = p.T("fragmentation.markets")
	name := func(x m) string { return p.Language.Country(x.Market) }
	who := func(x m) string {
		var out []string
		for _, o := range x.Organisers {
			out = append(out, o.Label)
		}
		slices.Sort(out)
		return strings.Join(out, ", ")
	}
	columns := []frame.Column[m]{
		{Key: "market", Head: p.T("calendar.market"), Name: true, Text: name, Order: frame.ByText(name)},
		{Key: "activities", Head: p.T("menu.activities"), Num: true, Text: func(x m) string { return strconv.Itoa(x.Activities) },
			Cell: func(x m) templ.Component {
				return figure(p.Link("/activities", "year", p.Year.String(), "market", x.Market), p.Number(x.Activities))
			}, Order: frame.By(func(x m) int { return x.Activities })},
		{Key: "organisers", Head: p.T("fragmentation.head.organisers"), Num: true, Text: func(x m) string { return strconv.Itoa(len(x.Organisers)) },
			Order: frame.By(func(x m) int { return len(x.Organisers) })},
		{Key: "who", Head: p.T("activities.who"), Text: who},
	}
	return show(w, out, r, p, p.T("fragmentation.markets_answer", "n", len(rows), "year", p.Year), rows, columns, func(x m) string { return x.Market })
}

// show renders rows as a page or a file.
func show[R any](w pages, out http.ResponseWriter, r *http.Request, p frame.Page, answer string, rows []R, columns []frame.Column[R], key func(R) string) error {
	p.Path = []frame.Crumb{{Label: p.T("menu.fragmentation"), Href: p.Link("/fragmentation")}, {Label: p.Title}}
	p.AsOf = ""
	t, err := frame.NewTable(p, "", columns...)
	if err != nil {
		return err
	}
	t.Sort(rows)
	if frame.FileAsked(r) {
		return t.File(out, "fragmentation-"+p.Year.String(), rows)
	}
	shown, next := t.Cut(rows, key)
	return w.Render(out, r, rowsTempl(rowsPage{Page: p, Answer: answer, List: t.Listing(p.Title, shown, next)}))
}
