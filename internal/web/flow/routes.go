// Package flow shows the money of an agreement-year, or of all of a year, as a flow and as a statement: from the ceiling over the claims to
// what was paid. Each amount opens to its rows.
package flow

import (
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/frame"
)

// pages answers the addresses of Routes.
type pages struct{ *frame.Web }

// Routes is every address of the package.
func Routes(w *frame.Web) []serve.Route {
	p := pages{w}
	return []serve.Route{
		{Method: "GET", Pattern: "/flow", Verb: "claim.read", Handle: p.year},
		{Method: "GET", Pattern: "/flow/{partner}/{year}", Verb: "claim.read", Handle: p.agreementYear},
	}
}
