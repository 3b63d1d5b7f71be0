// Package gaps holds the pages of what nobody offers: market by sector, against the strategy's priorities.
package gaps

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
		{Method: "GET", Pattern: "/gaps", Verb: "gap.read", Handle: p.grid},
		{Method: "GET", Pattern: "/gaps/{market}/{sector}", Verb: "gap.read", Handle: p.cell},
		{Method: "POST", Pattern: "/gaps/{market}/{sector}/ask", Verb: "question.ask", Handle: p.ask},
		{Method: "POST", Pattern: "/gaps/{market}/{sector}/set", Verb: "priority.set", Handle: p.set},
		{Method: "POST", Pattern: "/gaps/{market}/{sector}/drop", Verb: "priority.drop", Handle: p.drop},
	}
}
