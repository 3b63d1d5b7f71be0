// Package participants holds the page that runs an activity: its one list of who signed up and who came, kept by all of its organisers, and the
// steps from planned to verified.
package participants

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
		{Method: "GET", Pattern: "/activities/{code}/participants", Verb: "registration.read", Handle: p.list},
		{Method: "POST", Pattern: "/activities/{code}/participants", Verb: "registration.request", Handle: p.enlist},
		{Method: "POST", Pattern: "/activities/{code}/participants/came", Verb: "registration.attend", Handle: p.came},
		{Method: "POST", Pattern: "/activities/{code}/participants/{id}/{verb}", Verb: "registration.attend", Handle: p.answer},
		{Method: "POST", Pattern: "/activities/{code}/{verb}", Verb: "activity.publish", Handle: p.move},
	}
}
