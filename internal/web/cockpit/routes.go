// Package cockpit holds the first page: who keeps its promises, what waits for whom, where the money stands.
package cockpit

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
		{Method: "GET", Pattern: "/{$}", Verb: "programme.read", Handle: p.cockpit},
	}
}
