// Package partner holds the page of what changes about a partner while its agreement runs: its name, its division, a merger, an early end,
// and what is left to settle before the agreement is closed.
package partner

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
		{Method: "GET", Pattern: "/agreements/{partner}/partner", Verb: "agreement.read", Handle: p.page},
		{Method: "POST", Pattern: "/agreements/{partner}/partner/{verb}", Verb: "agreement.read", Handle: p.act},
	}
}
