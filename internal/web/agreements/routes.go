// Package agreements holds the list of agreements and the page of one: promised, happened, proven, paid.
package agreements

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
		{Method: "GET", Pattern: "/agreements", Verb: "agreement.read", Handle: p.agreements},
		{Method: "GET", Pattern: "/agreements/{partner}", Verb: "agreement.read", Handle: p.agreement},
	}
}
