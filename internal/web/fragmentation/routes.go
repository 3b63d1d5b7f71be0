// Package fragmentation holds the pages of how scattered the support of companies is: a trend by year, and the rows behind each figure.
package fragmentation

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
		{Method: "GET", Pattern: "/fragmentation", Verb: "fragmentation.read", Handle: p.trend},
		{Method: "GET", Pattern: "/fragmentation/companies", Verb: "fragmentation.read", Handle: p.companies},
		{Method: "GET", Pattern: "/fragmentation/markets", Verb: "fragmentation.read", Handle: p.markets},
	}
}
