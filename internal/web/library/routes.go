// Package library holds the pages of what partners and the agency know: the library and its search, an item with its files, versions and what
// it was used for, writing one, and questions to all partners.
package library

import (
	"net/http"
	"net/url"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/frame"
)

// pages answers the addresses of Routes.
type pages struct{ *frame.Web }

// Routes is every address of the package.
func Routes(w *frame.Web) []serve.Route {
	p := pages{w}
	return []serve.Route{
		{Method: "GET", Pattern: "/knowledge", Verb: "knowledge.read", Handle: p.library},
		{Method: "GET", Pattern: "/knowledge/new", Verb: "knowledge.draft", Handle: p.write},
		{Method: "GET", Pattern: "/knowledge/missed", Verb: "knowledge.missed", Handle: p.missed},
		{Method: "POST", Pattern: "/knowledge", Verb: "knowledge.draft", Handle: p.draft},
		{Method: "GET", Pattern: "/knowledge/{id}", Verb: "knowledge.read", Handle: p.item},
		{Method: "GET", Pattern: "/knowledge/{id}/edit", Verb: "knowledge.change", Handle: p.edit},
		{Method: "POST", Pattern: "/knowledge/{id}/{verb}", Verb: "knowledge.read", Handle: p.act},
		{Method: "GET", Pattern: "/knowledge/{id}/files/{number}", Verb: "knowledge.read", Handle: p.file},
		{Method: "GET", Pattern: "/questions", Verb: "question.read", Handle: p.questions},
		{Method: "GET", Pattern: "/questions/new", Verb: "question.ask", Handle: p.newQuestion},
		{Method: "POST", Pattern: "/questions", Verb: "question.ask", Handle: p.ask},
		{Method: "GET", Pattern: "/questions/{id}", Verb: "question.read", Handle: p.question},
		{Method: "POST", Pattern: "/questions/{id}/{verb}", Verb: "question.read", Handle: p.answer},
	}
}

// itemOf is the item that an address names; what is no identity is missing.
func itemOf(r *http.Request) (id.Knowledge, error) {
	i, err := id.Parse[id.Knowledge](r.PathValue("id"))
	if err != nil {
		return "", fault.Missing("knowledge.missing", nil)
	}
	return i, nil
}

func questionOf(r *http.Request) (id.Question, error) {
	q, err := id.Parse[id.Question](r.PathValue("id"))
	if err != nil {
		return "", fault.Missing("question.missing", nil)
	}
	return q, nil
}

// within reads the reader and the round that a form is about.
func (w pages) within(r *http.Request, here string) (frame.Page, error) {
	return w.Read(r, here, func(*db.Tx, *frame.Page) error { return nil })
}

// refused tells whether a form comes back with what was typed.
func refused(err error) bool {
	return fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindConflict)
}

// A form is what was typed and what was wrong with it.
type form struct {
	Typed url.Values
	Fault *fault.Fault
}

// at is what is wrong at a field, "" for the whole.
func (f form) at(p frame.Page, field string) string {
	if f.Fault == nil {
		return ""
	}
	for _, one := range f.Fault.All() {
		if one.Field == field {
			return p.Language.Say(one.Key, one.Args)
		}
	}
	return ""
}

func (f form) get(field string) string { return f.Typed.Get(field) }

func (f form) holds(field, value string) bool {
	for _, v := range f.Typed[field] {
		if v == value {
			return true
		}
	}
	return false
}

// list cuts what was typed between commas.
func list(s string) (out []string) {
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}
