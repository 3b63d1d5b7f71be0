// Package alerts holds the desk of alerts: what should worry somebody, who looks after it, and what they said.
package alerts

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
		{Method: "GET", Pattern: "/alerts", Verb: "alert.read", Handle: p.desk},
		{Method: "GET", Pattern: "/alerts/{id}", Verb: "alert.read", Handle: p.one},
		{Method: "POST", Pattern: "/alerts/{id}/{verb}", Verb: "alert.take", Handle: p.act},
	}
}
