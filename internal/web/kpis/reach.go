package kpis

import (
	"net/http"
	"slices"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/kpi/cube"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// reachPage is whom the programme reached: any slice for who reads all, what was released for a partner.
type reachPage struct {
	frame.Page
	Slice    cube.Slice
	Quarter  int // 0 the whole year
	Members  []kpi.Member
	Overlap  cube.Overlap
	Markets  map[string]cube.Count
	Options  [4][]frame.Option // by market, sector, size, type
	Released *kpi.Released     // of the reader's own partner
}

func (w pages) reach(out http.ResponseWriter, r *http.Request) error {
	var c reachPage
	p, err := w.Read(r, "reach", func(tx *db.Tx, p *frame.Page) (err error) {
		if scope := p.Actor.ScopeFor("kpi.read"); scope != access.All {
			c.Released, err = w.released(r, tx, p, scope)
			return err
		}
		if c, err = chooseReach(r, p); err != nil {
			return err
		}
		if c.Members, err = kpi.Members(r.Context(), tx, p.Programme.ID, p.Year); err != nil {
			return err
		}
		return w.Cache.Reach.With(r.Context(), tx, p.Programme.ID, func(all *cube.Cube) error {
			c.count(p, all)
			return nil
		})
	})
	if err != nil {
		return err
	}
	p.Title = p.T("menu.reach")
	p.Path = []frame.Crumb{{Label: p.Title}}
	c.Page = p
	if c.Released == nil {
		c.AsOf = "" // the cube holds what is known now
	}
	if frame.FileAsked(r) {
		return c.sheet().Send(out, r.URL.Query().Get("format"))
	}
	return w.Render(out, r, reachTempl(c))
}

// released is what the reader's own partner may know.
func (w pages) released(r *http.Request, tx *db.Tx, p *frame.Page, scope access.Scope) (*kpi.Released, error) {
	b, err := w.Cache.Board(r.Context(), tx, p.Programme.ID, p.Year, p.AsOf, kpi.Live)
	if err != nil {
		return nil, err
	}
	own := b.Within(scope).Partners
	if len(own) == 0 {
		return &kpi.Released{}, nil
	}
	s, err := frame.SeenBy(r.Context(), tx, p.Programme.ID)
	if err != nil {
		return nil, err
	}
	key := frame.Key{Seen: s, Page: "reach", Who: string(own[0].Organisation), Year: p.Year, AsOf: p.AsOf}
	return frame.Kept(r.Context(), w.Cache, key, func() (*kpi.Released, error) {
		return kpi.LoadReleased(r.Context(), tx, w.Cache.Evidence, p.Programme.ID, p.Year, p.AsOf, own[0].Organisation)
	})
}

// chooseReach reads the slice from the address.
func chooseReach(r *http.Request, p *frame.Page) (reachPage, error) {
	q := r.URL.Query()
	c := reachPage{}
	for name, into := range map[string]*[]string{"market": &c.Slice.Markets, "sector": &c.Slice.Sectors, "size": &c.Slice.Sizes, "type": &c.Slice.Types} {
		if v := q.Get(name); v != "" {
			*into = []string{v}
		}
	}
	first := cube.Quarter(int(p.Year) * 4)
	c.Slice.From, c.Slice.To = first, first+3
	if v := q.Get("quarter"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 4 {
			return c, frame.BadFilter("quarter", v)
		}
		c.Quarter = n
		c.Slice.From, c.Slice.To = first+cube.Quarter(n-1), first+cube.Quarter(n-1)
	}
	return c, nil
}

func (c *reachPage) count(p *frame.Page, all *cube.Cube) {
	organisations := make([]id.Organisation, len(c.Members))
	for i, m := range c.Members {
		organisations[i] = m.Organisation
	}
	c.Overlap = all.Overlap(c.Slice, organisations)
	c.Markets = all.By(c.Slice, cube.ByMarket)
	for i := range c.Members {
		c.Members[i].Contacts, c.Members[i].Unique = c.Overlap.Each[i].Contacts, c.Overlap.Each[i].Companies
	}
	words := []func(string) string{p.Language.Country, p.SectorWord, func(v string) string { return sizeWord(*p, v) },
		func(v string) string { return p.T(activity.Type(v).Key()) }}
	chosen := [][]string{c.Slice.Markets, c.Slice.Sectors, c.Slice.Sizes, c.Slice.Types}
	for i, axis := range []cube.Axis{cube.ByMarket, cube.BySector, cube.BySize, cube.ByType} {
		for _, v := range all.Values(axis) {
			c.Options[i] = append(c.Options[i], frame.Option{Value: v, Label: words[i](v), Chosen: slices.Contains(chosen[i], v)})
		}
		slices.SortFunc(c.Options[i], frame.ByText(func(o frame.Option) string { return o.Label }))
	}
}

func (c reachPage) quarters() []frame.Option {
	var all []frame.Option
	for n := 1; n <= 4; n++ {
		all = append(all, frame.Option{Value: strconv.Itoa(n), Label: c.T("reach.quarter", "n", n), Chosen: n == c.Quarter})
	}
	return all
}

func (c reachPage) answer() string {
	if c.Released != nil {
		return c.T("reach.answer_own", "n", c.Released.Own.Unique, "year", c.Year)
	}
	return c.T("reach.answer", "n", c.Overlap.Companies, "year", c.Year)
}

func (c reachPage) lede() string {
	switch {
	case c.Released != nil:
		return c.T("reach.lede_own", "n", c.Released.Own.Contacts)
	case c.Overlap.Companies == 0:
		return c.T("reach.none")
	}
	return c.T("reach.lede", "contacts", c.Overlap.Contacts, "summed", c.Overlap.Summed(), "n", c.Overlap.Twice)
}

// reached are the members that have anything in the slice.
func (c reachPage) reached() (members []kpi.Member, overlap [][]int) {
	var kept []int
	for i, m := range c.Members {
		if m.Contacts > 0 {
			kept, members = append(kept, i), append(members, m)
		}
	}
	for _, i := range kept {
		row := make([]int, len(kept))
		for k, j := range kept {
			row[k] = c.Overlap.Pairs[i][j]
		}
		overlap = append(overlap, row)
	}
	return members, overlap
}

// sheet is the page as a file: what each reached and what each pair shares, or what was released.
func (c reachPage) sheet() frame.Sheet {
	f := frame.Sheet{Name: "reach-" + c.Year.String(), Head: []string{c.T("cockpit.partner")}}
	if c.Released != nil {
		f.Head = append(f.Head, c.T("unit.head.companies"), c.T("reach.released"))
		f.Rows = append(f.Rows, []string{c.Released.Own.Short, strconv.Itoa(c.Released.Own.Unique), ""}, toldRow(c.Page, "reach.programme", c.Released.Unique))
		for _, x := range c.Released.Shared {
			f.Rows = append(f.Rows, append([]string{x.Short}, toldRow(c.Page, "reach.programme", x.Told)[1:]...))
		}
		f.Nums = make([]bool, len(f.Head))
		return f
	}
	members, overlap := c.reached()
	f.Head = append(f.Head, c.T("kpis.contacts"), c.T("reach.unique"))
	for i, m := range members {
		f.Head = append(f.Head, c.T("reach.with", "partner", m.Short))
		row := []string{m.Short, strconv.Itoa(m.Contacts), strconv.Itoa(m.Unique)}
		for _, n := range overlap[i] {
			row = append(row, strconv.Itoa(n))
		}
		f.Rows = append(f.Rows, row)
	}
	f.Nums = frame.Numbers(1, len(f.Head)-1)
	return f
}

// toldRow is a released count in a file; one that is not shows as such and never as a number.
func toldRow(p frame.Page, label text.Key, t kpi.Told) []string {
	if !t.Known {
		return []string{p.T(label), p.T(kpi.Suppressed.ShortKey()), ""}
	}
	return []string{p.T(label), strconv.Itoa(t.N), string(t.On)}
}

// rows leads to the evidence behind a member's contacts, as far as its list chooses by the same things.
func (c reachPage) rows(m kpi.Member) string {
	one := func(all []string) string {
		if len(all) == 0 {
			return ""
		}
		return all[0]
	}
	return c.Link("/evidence", "partner", m.Code, "year", c.Year.String(), "state", "counting", "market", one(c.Slice.Markets), "sector", one(c.Slice.Sectors),
		"activity_type", one(c.Slice.Types))
}

// ratio is contacts for each company.
func (c reachPage) ratio(m kpi.Member) string {
	if m.Unique == 0 {
		return ""
	}
	return c.Language.Decimal(strconv.FormatFloat(float64(m.Contacts)/float64(m.Unique), 'f', 1, 64), 1)
}
