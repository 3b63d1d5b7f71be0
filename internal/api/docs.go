package api

import (
	"bytes"
	_ "embed"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
)

//go:embed docs.html
var docsHTML string

var docsPage = sync.OnceValue(func() *template.Template { return template.Must(template.New("docs").Parse(docsHTML)) })

// Docs is the address of the page that describes the interface to people. It is made from the description itself.
func (a *API) Docs() serve.Route {
	return serve.Route{Method: http.MethodGet, Pattern: "/docs/api", Handle: a.docs}
}

// docsView is what the page shows.
type docsView struct {
	serve.Asker
	Base   string
	Nouns  []docsNoun
	assets *serve.Assets
}

type docsNoun struct {
	Name       string
	Operations []docsOperation
}

type docsOperation struct {
	ID, Method, Path, Summary, Scope string
	Fields                           []docsField
}

type docsField struct {
	Name, In, Type, Meaning string
	Required                bool
}

// T is a message of the page in the reader's language.
func (v docsView) T(name string) string { return v.Language.Say(text.Key("api.docs."+name), nil) }

// Scope says which scope a token needs.
func (v docsView) Scope(scope string) string {
	return v.Language.Say("api.docs.scope", text.Args{"scope": scope})
}

// Asset is the address of a file.
func (v docsView) Asset(name string) string { return v.assets.Path(name) }

// Languages are those to choose from.
func (docsView) Languages() []text.Language { return text.Languages() }

// Code is a language as the page's head names it.
func (docsView) Code(l text.Language) string { return strings.ToUpper(string(l)) }

// Name is a language in its own words.
func (docsView) Name(l text.Language) string { return l.Say("frame.language", nil) }

func (a *API) docs(w http.ResponseWriter, r *http.Request) error {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	v := docsView{Asker: serve.Of(r), Base: scheme + r.Host, Nouns: a.nouns(), assets: a.assets}
	var b bytes.Buffer
	if err := docsPage().Execute(&b, v); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes()) // the reader may be gone; there is nobody to tell
	return nil
}

// Skip is the link to the content, as on every page.
func (v docsView) Skip() string { return v.Language.Say("frame.skip", nil) }

// nouns reads the description, in the order in which the resources are listed.
func (a *API) nouns() []docsNoun {
	var all []docsNoun
	paths := a.huma.OpenAPI().Paths
	for _, e := range a.ends {
		op := operationOf(paths[e.Path], e.Method)
		i := slices.IndexFunc(all, func(n docsNoun) bool { return n.Name == op.Tags[0] })
		if i < 0 {
			i = len(all)
			all = append(all, docsNoun{Name: op.Tags[0]})
		}
		d := docsOperation{ID: op.OperationID, Method: e.Method, Path: e.Path, Summary: op.Summary, Fields: a.fields(op)}
		if len(op.Security) > 0 && len(op.Security[0]["token"]) > 0 {
			d.Scope = op.Security[0]["token"][0]
		}
		all[i].Operations = append(all[i].Operations, d)
	}
	return all
}

func operationOf(p *huma.PathItem, method string) *huma.Operation {
	switch method {
	case http.MethodPost:
		return p.Post
	case http.MethodPut:
		return p.Put
	case http.MethodPatch:
		return p.Patch
	case http.MethodDelete:
		return p.Delete
	}
	return p.Get
}

// fields are what a caller sends: parameters, then the fields of the body.
func (a *API) fields(op *huma.Operation) []docsField {
	var all []docsField
	for _, p := range op.Parameters {
		all = append(all, docsField{Name: p.Name, In: p.In, Type: a.typeName(p.Schema), Meaning: p.Description, Required: p.Required})
	}
	if op.RequestBody == nil || op.RequestBody.Content["application/json"] == nil {
		return all
	}
	s := a.resolve(op.RequestBody.Content["application/json"].Schema)
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		f := s.Properties[name]
		all = append(all, docsField{Name: name, In: "body", Type: a.typeName(f), Meaning: f.Description, Required: slices.Contains(s.Required, name)})
	}
	return all
}

func (a *API) resolve(s *huma.Schema) *huma.Schema {
	if s.Ref != "" {
		return a.huma.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

func (a *API) typeName(s *huma.Schema) string {
	if s.Ref != "" {
		return s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
	}
	switch {
	case s.Type == huma.TypeArray && s.Items != nil:
		return a.typeName(s.Items) + "[]"
	case s.Format != "":
		return s.Format
	}
	return s.Type
}
