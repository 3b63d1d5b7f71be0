package library

import (
	"net/http"
	"slices"
	"strings"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/knowledge"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

const itemsPage = 20

// libraryPage is the library as one reader asked for it.
type libraryPage struct {
	frame.Page
	Query     knowledge.Query
	Found     knowledge.Found
	Facets    knowledge.Facets
	Orgs      []programme.Organisation
	Mine      []knowledge.Item
	Questions []knowledge.Question
	Writes    bool
}

func (w pages) library(out http.ResponseWriter, r *http.Request) error {
	var c libraryPage
	p, err := w.Read(r, "knowledge", func(tx *db.Tx, p *frame.Page) (err error) {
		ctx, g := r.Context(), p.Programme.ID
		if c.Facets, err = w.facets(r, tx, p); err != nil {
			return err
		}
		if c.Orgs, err = programme.Organisations(ctx, tx); err != nil {
			return err
		}
		if c.Query, err = c.read(r); err != nil {
			return err
		}
		if c.Found, err = knowledge.Search(ctx, tx, p.Actor, g, c.Query); err != nil {
			return err
		}
		mine := knowledge.Writes(p.Actor)
		c.Writes = len(mine) > 0
		if c.Mine, err = knowledge.Unpublished(ctx, tx, p.Actor, g, mine); err != nil {
			return err
		}
		c.Questions, err = knowledge.Questions(ctx, tx, p.Actor, g, "open", 5)
		return err
	})
	if err != nil {
		return err
	}
	if c.Found.Total == 0 && c.Query.After == 0 && (strings.TrimSpace(c.Query.Words) != "" || c.Query.Market != "") {
		if err := w.missedNow(r, p, c.Query); err != nil {
			return err
		}
	}
	p.Title = p.T("menu.knowledge")
	p.Path = []frame.Crumb{{Label: p.Title}}
	p.Year, p.AsOf = 0, ""
	switch r.URL.Query().Get("done") {
	case "discard":
		p.Notice = p.T("library.done.discard")
	case "withdraw":
		p.Notice = p.T("library.done.withdraw")
	}
	c.Page = p
	return w.Render(out, r, libraryTempl(c))
}

// facets are what the reader may choose by, kept for a state of the programme.
func (w pages) facets(r *http.Request, tx *db.Tx, p *frame.Page) (knowledge.Facets, error) {
	seen, err := frame.SeenBy(r.Context(), tx, p.Programme.ID)
	if err != nil {
		return knowledge.Facets{}, err
	}
	key := frame.Key{Seen: seen, Page: "knowledge", Who: knowledge.SeenAs(p.Actor)}
	return frame.Kept(r.Context(), w.Cache, key, func() (knowledge.Facets, error) {
		return knowledge.FacetsOf(r.Context(), tx, p.Actor, p.Programme.ID)
	})
}

// read reads the filters of the address.
func (c libraryPage) read(r *http.Request) (knowledge.Query, error) {
	q := r.URL.Query()
	k := knowledge.Query{Words: q.Get("q"), Kind: knowledge.Kind(q.Get("kind")), Market: q.Get("market"), Sector: q.Get("sector"), Need: q.Get("need"),
		Language: text.Language(q.Get("in")), After: knowledge.ParseAfter(q.Get("after")), Limit: itemsPage}
	if k.Kind != "" && !slices.Contains(knowledge.Kinds(), k.Kind) {
		return k, frame.BadFilter("kind", string(k.Kind))
	}
	if k.Language != "" && !slices.Contains(text.Languages(), k.Language) {
		return k, frame.BadFilter("in", string(k.Language))
	}
	if k.Need != "" && !slices.Contains(activity.Needs(), k.Need) {
		return k, frame.BadFilter("need", k.Need)
	}
	if code := q.Get("from"); code != "" {
		at := slices.IndexFunc(c.Orgs, func(o programme.Organisation) bool { return o.Code == code })
		if at < 0 {
			return k, frame.BadFilter("from", code)
		}
		k.Organisation = c.Orgs[at].ID
	}
	return k, nil
}

// answer is the page's first sentence.
func (c libraryPage) answer() string {
	words := strings.TrimSpace(c.Query.Words)
	switch {
	case c.Found.Loose:
		return c.T("library.answer_loose", "n", c.Found.Total, "words", words)
	case words != "" && c.Found.More:
		return c.T("library.answer_more", "n", c.Found.Total, "words", words)
	case words != "":
		return c.T("library.answer_words", "n", c.Found.Total, "words", words)
	case c.chosen():
		return c.T("library.answer_chosen", "n", c.Found.Total)
	}
	return c.T("library.answer", "n", c.Found.Total, "organisations", len(c.Facets.Organisations))
}

// chosen tells whether the address chooses at all, words aside.
func (c libraryPage) chosen() bool {
	q := c.Query
	return q.Kind != "" || q.Market != "" || q.Sector != "" || q.Need != "" || q.Language != "" || q.Organisation != ""
}

func (c libraryPage) kinds() []frame.Option {
	return frame.Choices(c.Page, knowledge.Kinds(), c.Query.Kind)
}

func (c libraryPage) markets() []frame.Option {
	return options(c.Facets.Markets, c.Query.Market, c.Language.Country)
}

func (c libraryPage) sectors() []frame.Option {
	return options(c.Facets.Sectors, c.Query.Sector, c.SectorWord)
}

func (c libraryPage) needs() []frame.Option {
	return options(activity.Needs(), c.Query.Need, c.NeedWord)
}

func (c libraryPage) languages() []frame.Option {
	var out []frame.Option
	for _, l := range text.Languages() {
		out = append(out, frame.Option{Value: string(l), Label: l.Say("frame.language", nil), Chosen: l == c.Query.Language})
	}
	return out
}

func (c libraryPage) organisations() []frame.Option {
	var out []frame.Option
	for _, o := range c.Orgs {
		if slices.Contains(c.Facets.Organisations, o.ID) || o.ID == c.Query.Organisation {
			out = append(out, frame.Option{Value: o.Code, Label: o.Label(), Chosen: o.ID == c.Query.Organisation})
		}
	}
	return out
}

func options(codes []string, chosen string, name func(string) string) []frame.Option {
	if chosen != "" && !slices.Contains(codes, chosen) {
		codes = append(slices.Clone(codes), chosen)
	}
	out := make([]frame.Option, len(codes))
	for i, code := range codes {
		out[i] = frame.Option{Value: code, Label: name(code), Chosen: code == chosen}
	}
	slices.SortFunc(out, func(a, b frame.Option) int {
		return strings.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label))
	})
	return out
}

// instead says which words were looked for in place of those that stand nowhere.
func (c libraryPage) instead() string {
	var typed, meant []string
	for _, x := range c.Found.Instead {
		typed, meant = append(typed, "“"+x.Typed+"”"), append(meant, "“"+x.Meant+"”")
	}
	return c.T("library.instead", "typed", strings.Join(typed, ", "), "meant", strings.Join(meant, ", "))
}

// about are the markets and sectors of an item in one line.
func about(p frame.Page, i knowledge.Item) string {
	return strings.Join(slices.DeleteFunc([]string{frame.Listed(i.Markets, p.Language.Country), frame.Listed(i.Sectors, p.SectorWord)},
		func(s string) bool { return s == "" }), " · ")
}

// address is the page of an item.
func address(i id.Knowledge) string { return "/knowledge/" + string(i) }
