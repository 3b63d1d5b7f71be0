// Package plans holds the pages of partners' activity programmes: written, submitted, returned, approved.
package plans

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
		{Method: "GET", Pattern: "/plans", Verb: "plan.read", Handle: p.list},
		{Method: "GET", Pattern: "/plans/{partner}/{year}", Verb: "plan.read", Handle: p.one},
		{Method: "POST", Pattern: "/plans/{partner}/{year}/activities", Verb: "activity.plan", Handle: p.add},
		{Method: "GET", Pattern: "/plans/{partner}/{year}/list", Verb: "plan.read", Handle: p.sheet},
		{Method: "POST", Pattern: "/plans/{partner}/{year}/list", Verb: "activity.plan", Handle: p.takeSheet},
		{Method: "GET", Pattern: "/plans/{partner}/{year}/activities/{code}", Verb: "plan.read", Handle: p.activity},
		{Method: "POST", Pattern: "/plans/{partner}/{year}/activities/{code}/estimate", Verb: "activity.estimate", Handle: p.estimate},
		{Method: "POST", Pattern: "/plans/{partner}/{year}/activities/{code}/change", Verb: "activity.change", Handle: p.change},
		{Method: "POST", Pattern: "/plans/{partner}/{year}/{verb}", Verb: "plan.read", Handle: p.act},
	}
}
