// Package clauses holds the pages of the clauses that new agreements begin with: they are read as a partner would read them, rewritten in
// three languages side by side, and held against what agreements say.
package clauses

import (
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/frame"
)

// pages answers the addresses of Routes.
type pages struct {
	*frame.Web
}

// Routes is every address of the package.
func Routes(w *frame.Web) []serve.Route {
	p := pages{w}
	return []serve.Route{
		{Method: "GET", Pattern: "/clauses", Verb: "template.read", Handle: p.list},
		{Method: "POST", Pattern: "/clauses", Verb: "template.move", Handle: p.arrange},
		{Method: "GET", Pattern: "/clauses/{clause}", Verb: "template.edit", Handle: p.edit},
		{Method: "POST", Pattern: "/clauses/{clause}", Verb: "template.edit", Handle: p.save},
		{Method: "POST", Pattern: "/clauses/{clause}/remove", Verb: "template.remove", Handle: p.remove},
		{Method: "GET", Pattern: "/clauses/{clause}/after", Verb: "template.add", Handle: p.behind},
		{Method: "POST", Pattern: "/clauses/{clause}/after", Verb: "template.add", Handle: p.add},
	}
}
