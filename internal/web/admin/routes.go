// Package admin holds the pages of the office: the trail of all changes, the outbox.
package admin

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
		{Method: "GET", Pattern: "/audit", Verb: "audit.read", Handle: p.audit},
		{Method: "GET", Pattern: "/outbox", Verb: "mail.read", Handle: p.outbox},
		{Method: "GET", Pattern: "/outbox/{id}", Verb: "mail.read", Handle: p.letter},
	}
}
