package frame

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
)

// Page is what every page knows: who reads it, in which language, of which programme, year and day.
type Page struct {
	serve.Asker
	Programme programme.Programme
	Lead      programme.Organisation // the agency of the programme
	Title     string                 // of the browser's tab
	Here      string                 // navigation key: cockpit, agreements, ...
	Path      []Crumb
	Year      period.Year // zero: the page has no year
	AsOf      period.Date // "": the page shows what is known now
	Today     period.Date
	Counts    map[string]int // beside navigation entries, only where something waits
	Notice    string         // one sentence about what was just done
	URL       *url.URL
	Assets    *serve.Assets
	Demo      bool
	Rounds    []programme.Programme // that are open, the one that ends last first
	Round     string                // code of the programme where it is not the leading one: addresses then carry it
}

// Crumb is one step of the path to a page; the last has no address.
type Crumb struct{ Label, Href string }

// T is a message in the reader's language; pairs are argument names and values.
func (p Page) T(key text.Key, pairs ...any) string {
	if len(pairs) == 0 {
		return p.Language.Say(key, nil)
	}
	args := make(text.Args, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	return p.Language.Say(key, args)
}

// Of chooses the reader's language of a text that is kept in three.
func (p Page) Of(w programme.Words) string { return w.In(p.Language) }

// Money is an amount without its unit, for tables; Euro is for prose.
func (p Page) Money(a money.Amount) string { return a.Show(p.Language) }

// Euro is an amount with its unit, for prose.
func (p Page) Euro(a money.Amount) string { return a.Euro(p.Language) }

// Number groups a count.
func (p Page) Number(n int) string { return p.Language.Number(int64(n)) }

// Day is a date in full, ShortDay one for tables.
func (p Page) Day(d period.Date) string { return p.Language.Date(string(d)) }

// ShortDay is a date for tables and lists.
func (p Page) ShortDay(d period.Date) string { return p.Language.ShortDate(string(d)) }

// ShortDayYear is ShortDay with its year.
func (p Page) ShortDayYear(d period.Date) string { return p.Language.ShortDateYear(string(d)) }

// With is the page's own address with one query parameter changed ("" removes it).
func (p Page) With(name, value string) string {
	q := p.URL.Query()
	if value == "" {
		q.Del(name)
	} else {
		q.Set(name, value)
	}
	q.Del("after")
	u := url.URL{Path: p.URL.Path, RawQuery: q.Encode()}
	return u.RequestURI()
}

// After is the page's own address from a key on.
func (p Page) After(key string) string {
	q := p.URL.Query()
	q.Set("after", key)
	u := url.URL{Path: p.URL.Path, RawQuery: q.Encode()}
	return u.RequestURI()
}

// pair is one query parameter.
type pair struct{ Name, Value string }

// Keep is the page's own query parameters but some, for a form that changes those; a new choice starts at the first page.
func (p Page) Keep(but ...string) []pair {
	var kept []pair
	q := p.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(q)) {
		if name == "after" || name == "format" || slices.Contains(but, name) {
			continue
		}
		for _, v := range q[name] {
			if v != "" {
				kept = append(kept, pair{name, v})
			}
		}
	}
	return kept
}

// Action is the address that a form of this page is sent to, in this page's round.
func (p Page) Action(path string) string {
	return p.kept(path).RequestURI()
}

// At gives the page an address of its own, in its round: that of the thing it shows, also after a form that came back.
func (p *Page) At(path string) { p.URL = p.kept(path) }

// kept is an address in this page's round.
func (p Page) kept(path string) *url.URL {
	u := &url.URL{Path: path}
	if p.Round != "" {
		u.RawQuery = url.Values{"programme": {p.Round}}.Encode()
	}
	return u
}

// InRound is the list that this page belongs to, in another round.
func (p Page) InRound(g programme.Programme) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(p.URL.Path, "/"), "/")
	u := url.URL{Path: "/" + first, RawQuery: url.Values{"programme": {g.Code}}.Encode()}
	return u.RequestURI()
}

// Link is another page's address that keeps this page's round, year and day.
func (p Page) Link(path string, pairs ...string) string {
	q := url.Values{}
	if p.Round != "" {
		q.Set("programme", p.Round)
	}
	if p.Year != 0 {
		q.Set("year", strconv.Itoa(int(p.Year)))
	}
	if asked := p.URL.Query().Get("as_of"); asked != "" {
		q.Set("as_of", asked)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		} else {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	u := url.URL{Path: path, RawQuery: q.Encode()}
	return u.RequestURI()
}

// roundYears is a round by its years, 2022-2026.
func (p Page) roundYears(g programme.Programme) string {
	return g.Starts.Year().String() + "–" + g.Ends.Year().String()
}

// Can tells whether the reader holds a role for the verb at all.
func (p Page) Can(verb access.VerbName) bool { return p.Actor.Holds(verb) }

// Agency tells whether the reader reads all: the agency's people and the auditor.
func (p Page) Agency() bool { return p.Actor.Scope() == "*" }

// Own is the one partner whose rows the reader sees, "" for the agency.
func (p Page) Own() id.Organisation { return p.Actor.Partner() }

func (p Page) asset(name string) string { return p.Assets.Path(name) }

// BarePage is a page of no programme: what is read before signing in, and faults.
func (w *Web) BarePage(r *http.Request, here string) Page {
	return Page{Asker: serve.Of(r), Here: here, URL: serve.Page(r), Assets: w.Assets, Demo: w.Demo}
}

// PageOf reads what all pages share from a request: the programme, and `year` and `as_of` from the address.
func (w *Web) PageOf(r *http.Request, here string, g programme.Programme) (Page, error) {
	p := w.BarePage(r, here)
	p.Programme, p.Today = g, w.DB.Now().Date()
	p.AsOf = min(p.Today, g.Ends)
	if w.AsOf != "" && g.Starts <= w.AsOf && w.AsOf <= g.Ends {
		p.AsOf = w.AsOf
	}
	q := r.URL.Query()
	if v := q.Get("as_of"); v != "" {
		d, err := period.ParseDate(v)
		if err != nil || d > p.Today {
			return p, BadFilter("as_of", v)
		}
		p.AsOf = d
	}
	p.Year = min(max(p.AsOf.Year(), g.Starts.Year()), g.Ends.Year())
	if v := q.Get("year"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || period.Year(n) < g.Starts.Year() || period.Year(n) > g.Ends.Year() {
			return p, BadFilter("year", v)
		}
		p.Year = period.Year(n)
	}
	return p, nil
}
