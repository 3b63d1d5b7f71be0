package library

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/knowledge"
	"errera.eu/errera/internal/knowledge/index"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// writePage is the form of an item, new (without an ID) or as it stands.
type writePage struct {
	frame.Page
	form
	Item    knowledge.Item
	Orgs    []programme.Organisation // in whose name the reader writes
	Sectors []string
}

func (w pages) write(out http.ResponseWriter, r *http.Request) error {
	return w.showForm(out, r, http.StatusOK, form{})
}

func (w pages) edit(out http.ResponseWriter, r *http.Request) error {
	return w.showForm(out, r, http.StatusOK, form{})
}

func (w pages) showForm(out http.ResponseWriter, r *http.Request, status int, f form) error {
	c := writePage{form: f}
	p, err := w.Read(r, "knowledge", func(tx *db.Tx, p *frame.Page) (err error) {
		if r.PathValue("id") != "" {
			item, err := itemOf(r)
			if err != nil {
				return err
			}
			if c.Item, err = knowledge.Load(r.Context(), tx, p.Actor, p.Programme.ID, item); err != nil {
				return err
			}
			if err := p.Actor.May("knowledge.change", c.Item.Subject()); err != nil {
				return err
			}
		}
		if c.Orgs, err = writers(r, tx, p); err != nil {
			return err
		}
		if len(c.Orgs) == 0 || c.Item.ID != "" && !slices.ContainsFunc(c.Orgs, func(o programme.Organisation) bool { return o.ID == c.Item.Organisation }) {
			return fault.Denied("access.own_only", text.Args{"verb": text.Key("verb.knowledge.change")})
		}
		c.Sectors, err = w.sectors(r, tx, p)
		return err
	})
	if err != nil {
		return err
	}
	p.Title = p.T("library.write")
	p.Path = []frame.Crumb{{Label: p.T("menu.knowledge"), Href: p.Link("/knowledge", "year", "")}, {Label: p.Title}}
	if c.Item.ID != "" {
		p.Title = p.T("library.edit")
		p.Path[1] = frame.Crumb{Label: c.Item.Title, Href: p.Link(address(c.Item.ID), "year", "")}
		p.Path = append(p.Path, frame.Crumb{Label: p.Title})
	}
	if done := r.URL.Query().Get("done"); f.Fault == nil && p.Language.Has(text.Key("library.done."+done)) {
		p.Notice = p.T(text.Key("library.done." + done))
	}
	p.Year, p.AsOf = 0, ""
	c.Page = p
	if len(c.Typed["title"]) == 0 {
		c.Typed = c.standing()
	}
	return w.RenderStatus(out, r, status, writeTempl(c))
}

// writers are the organisations in whose name the reader writes.
func writers(r *http.Request, tx *db.Tx, p *frame.Page) ([]programme.Organisation, error) {
	all, err := programme.Organisations(r.Context(), tx)
	mine := knowledge.Writes(p.Actor)
	return slices.DeleteFunc(all, func(o programme.Organisation) bool { return !slices.Contains(mine, o.ID) }), err
}

// sectors are those that the programme's activities and its library name.
func (w pages) sectors(r *http.Request, tx *db.Tx, p *frame.Page) ([]string, error) {
	all, _, err := w.Cache.Activities(r.Context(), tx, p)
	if err != nil {
		return nil, err
	}
	f, err := w.facets(r, tx, p)
	if err != nil {
		return nil, err
	}
	codes := slices.Concat(report.FacetsOf(all.All).Sectors, f.Sectors)
	slices.SortFunc(codes, func(a, b string) int { return strings.Compare(p.SectorWord(a), p.SectorWord(b)) })
	return slices.Compact(codes), nil
}

// standing is the item as its form shows it; a new one is a report for all partners in the writer's language.
func (c writePage) standing() url.Values {
	i := c.Item
	if i.ID == "" {
		return url.Values{"kind": {string(knowledge.Report)}, "reach": {knowledge.Partners.String()}, "language": {string(c.Language)}}
	}
	names := make([]string, len(i.Markets))
	for n, m := range i.Markets {
		names[n] = c.Language.Country(m)
	}
	return url.Values{"kind": {string(i.Kind)}, "reach": {i.Reach.String()}, "language": {string(i.Language)}, "title": {i.Title}, "body": {i.Body},
		"markets": {strings.Join(names, ", ")}, "sectors": i.Sectors, "needs": i.Needs}
}

// contentOf reads a form.
func contentOf(v url.Values) (knowledge.Content, error) {
	reach, known := knowledge.ParseReach(v.Get("reach"))
	var faults []error
	if !known {
		faults = append(faults, fault.Invalid("reach", "knowledge.want_reach", nil))
	}
	markets, err := countries(v.Get("markets"))
	c := knowledge.Content{Kind: knowledge.Kind(v.Get("kind")), Reach: reach, Language: text.Language(v.Get("language")), Title: strings.TrimSpace(v.Get("title")),
		Body: strings.TrimSpace(strings.ReplaceAll(v.Get("body"), "\r\n", "\n")), Markets: markets, Sectors: v["sectors"], Needs: v["needs"]}
	return c, fault.Join(append(faults, err)...)
}

// countries reads names of countries, in any of the languages, or their codes.
func countries(s string) ([]string, error) {
	asked := list(s)
	if len(asked) == 0 {
		return nil, nil
	}
	byName := map[string]string{}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			if text.EN.Country(code) == code {
				continue
			}
			byName[index.Fold(code)] = code
			for _, l := range text.Languages() {
				byName[index.Fold(l.Country(code))] = code
			}
		}
	}
	var out []string
	for _, name := range asked {
		code, known := byName[index.Fold(name)]
		if !known {
			return nil, fault.Invalid("markets", "library.want_market", text.Args{"found": name})
		}
		if !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	return out, nil
}

// draft makes an item of what was typed.
func (w pages) draft(out http.ResponseWriter, r *http.Request) error {
	if r.ParseForm() != nil {
		return fault.Invalid("", "fault.invalid", nil)
	}
	p, err := w.within(r, "knowledge")
	if err != nil {
		return err
	}
	var i knowledge.Item
	c, err := contentOf(r.PostForm)
	if err == nil {
		err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error {
			i, err = knowledge.Write(r.Context(), tx, p.Actor, p.Programme.ID, inNameOf(r, knowledge.Writes(p.Actor)), c)
			return err
		})
	}
	if refused(err) {
		f := form{Typed: r.PostForm, Fault: fault.Of(err)}
		return w.showForm(out, r, serve.Status(f.Fault.Kind), f)
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, address(i.ID), "done", "draft"), http.StatusSeeOther)
	return nil
}

// inNameOf is the organisation that a form names, or the only one that the writer has.
func inNameOf(r *http.Request, mine []id.Organisation) id.Organisation {
	if asked := id.Organisation(r.PostForm.Get("organisation")); asked != "" || len(mine) == 0 {
		return asked
	}
	return mine[0]
}

func (c writePage) revision() string { return strconv.Itoa(c.Item.Revision) }

func (c writePage) needs() []string { return activity.Needs() }
