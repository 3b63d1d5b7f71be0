package clauses

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/redline"
	"errera.eu/errera/internal/agreement/template"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// listPage is the clauses in their order, as an invented partner would read them.
type listPage struct {
	frame.Page
	All     template.Template
	Differ  template.Differences
	Example agreement.Document
	In      text.Language // in which the clauses are read
	Names   template.Names
	Wrong   map[string]string // what is wrong with a clause that stands there, by code
	Fault   *fault.Fault      // why the last act was refused
}

func (w pages) list(out http.ResponseWriter, r *http.Request) error {
	return w.showList(out, r, http.StatusOK, nil)
}

func (w pages) showList(out http.ResponseWriter, r *http.Request, status int, refused *fault.Fault) error {
	c := listPage{Fault: refused}
	p, err := w.Read(r, "clauses", func(tx *db.Tx, p *frame.Page) error { return c.load(r.Context(), tx, p) })
	if err != nil {
		return err
	}
	p.Title = p.T("menu.clauses")
	p.Path = []frame.Crumb{{Label: p.Title}}
	p.Year, p.AsOf = 0, ""
	switch done := r.URL.Query().Get("done"); done {
	case "saved", "merged", "added", "moved", "removed", "restored":
		p.Notice = p.T(text.Key("clauses.done." + done))
	}
	c.Page = p
	return w.RenderStatus(out, r, status, listTempl(c))
}

func (c *listPage) load(ctx context.Context, tx *db.Tx, p *frame.Page) (err error) {
	if c.All, err = template.Open(ctx, tx, p.Actor, p.Programme.ID); err != nil {
		return err
	}
	if c.Differ, err = template.Compare(ctx, tx, p.Actor.ScopeFor("agreement.read"), p.Programme.ID, c.All); err != nil {
		return err
	}
	setting, err := agreement.LoadSetting(ctx, tx, p.Programme, nil)
	if err != nil {
		return err
	}
	c.In = p.Language
	if asked := text.Language(p.URL.Query().Get("in")); slices.Contains(text.Languages(), asked) {
		c.In = asked
	}
	c.Example, c.Names, c.Wrong = template.Example(&setting, c.In), template.NamesIn(p.Programme), map[string]string{}
	for _, x := range c.All {
		if err := template.CheckClause(x, c.Names); err != nil {
			first := fault.Of(err).All()[0]
			c.Wrong[x.Code] = first.Say(p.Language)
		}
	}
	return nil
}

// clause is one as it is shown.
type clause struct {
	template.Clause
	Number      string
	Title, Text []piece
	Differ      []template.Difference
	Wrong       string
	First, Last bool
}

// piece is a part of a text; Filled came from the agreement.
type piece struct {
	Words  string
	Filled bool
}

// read is a text as a reader sees it, with what was filled in told apart.
func read(words string, fields map[string]string) []piece {
	var all []piece
	add := func(s string, filled bool) {
		if s != "" {
			all = append(all, piece{s, filled})
		}
	}
	for {
		open := strings.IndexByte(words, '{')
		end := strings.IndexByte(words, '}')
		if open < 0 || end < open {
			break
		}
		if value, known := fields[words[open+1:end]]; known {
			add(words[:open], false)
			add(value, true)
		} else {
			add(words[:end+1], false)
		}
		words = words[end+1:]
	}
	add(words, false)
	return all
}

func (c listPage) clauses() []clause {
	fields, all := c.Example.Fields(), make([]clause, len(c.All))
	for i, n := range c.All.Numbers() {
		x := c.All[i]
		all[i] = clause{Clause: x, Number: n, Title: read(x.Title.In(c.In), fields), Text: read(x.Text.In(c.In), fields), Differ: c.Differ.By[x.Code],
			Wrong: c.Wrong[x.Code], First: i == 0, Last: i == len(c.All)-1}
	}
	return all
}

func (c listPage) answer() string {
	return c.T("clauses.answer", "n", len(c.All))
}

func (c listPage) lede() string {
	if c.Differ.Compared == 0 {
		return c.T("clauses.lede_none")
	}
	return c.T("clauses.lede", "n", c.Differ.Compared-c.Differ.Same, "all", c.Differ.Compared)
}

// place is the address of a clause in an agreement.
func place(p frame.Page, a agreement.Agreement, code string) string {
	return p.Link("/agreements/"+a.Partner.Code+"/document") + "#clause." + code
}

// arrange moves a clause, or restores the standard ones. The form names the mark of what its reader saw.
func (w pages) arrange(out http.ResponseWriter, r *http.Request) error {
	verb, code, _ := strings.Cut(r.PostFormValue("do"), ":")
	seen := seenOf(r)
	switch verb {
	case "up", "down":
		return w.act(out, r, "moved", "#clause."+code, func(tx *db.Tx, p frame.Page) error {
			return template.Move(r.Context(), tx, p.Actor, p.Programme, code, verb == "up", seen)
		})
	case "restore":
		return w.act(out, r, "restored", "", func(tx *db.Tx, p frame.Page) error {
			return template.Restore(r.Context(), tx, p.Actor, p.Programme, seen)
		})
	}
	return fault.Missing("serve.no_page", nil)
}

// remove takes a clause out.
func (w pages) remove(out http.ResponseWriter, r *http.Request) error {
	return w.act(out, r, "removed", "", func(tx *db.Tx, p frame.Page) error {
		return template.Remove(r.Context(), tx, p.Actor, p.Programme, r.PathValue("clause"), seenOf(r))
	})
}

// seenOf is the mark in a form; a form without one saw nothing that stands there.
func seenOf(r *http.Request) string {
	if seen := r.PostFormValue("seen"); seen != "" {
		return seen
	}
	return "none"
}

// act does a verb that writes no words, and shows the list: with what was done, or with why not.
func (w pages) act(out http.ResponseWriter, r *http.Request, done, at string, verb func(tx *db.Tx, p frame.Page) error) error {
	p, err := w.Read(r, "clauses", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error { return verb(tx, p) })
	if fault.Is(err, fault.KindConflict) {
		f := fault.Of(err)
		return w.showList(out, r, serve.Status(f.Kind), f)
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/clauses", "done", done)+at, http.StatusSeeOther)
	return nil
}

// titleOf and textOf are what an agreement says in the place of a clause, with what that changes.
func titleOf(d template.Difference) []redline.Segment {
	return redline.Words(d.Template.Title, d.Says.Title)
}

func textOf(d template.Difference) []redline.Segment {
	return redline.Words(d.Template.Text, d.Says.Text)
}
