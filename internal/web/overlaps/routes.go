// Package overlaps holds the desk of overlaps: which activities serve the same public with the same thing, why, and what organisers decide.
package overlaps

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
		{Method: "GET", Pattern: "/overlaps", Verb: "overlap.read", Handle: p.desk},
		{Method: "GET", Pattern: "/overlaps/{one}/{other}", Verb: "overlap.read", Handle: p.one},
		{Method: "POST", Pattern: "/overlaps/{one}/{other}/{verb}", Verb: "overlap.justify", Handle: p.act},
	}
}
