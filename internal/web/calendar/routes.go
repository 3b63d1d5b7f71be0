// Package calendar holds the shared calendar, the list of activities and the page of one.
package calendar

import (
	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/frame"
)

// pages answers the addresses of Routes.
type pages struct {
	*frame.Web
	door *access.CalendarDoor
}

// Routes is every address of the package.
func Routes(w *frame.Web) []serve.Route {
	p := pages{w, access.NewCalendarDoor()}
	return []serve.Route{
		{Method: "GET", Pattern: "/activities", Verb: "activity.read", Handle: p.activities},
		{Method: "GET", Pattern: "/activities/{code}", Verb: "activity.read", Handle: p.activity},
		{Method: "GET", Pattern: "/calendar", Verb: "activity.read", Handle: p.calendar},
		{Method: "GET", Pattern: "/calendar.ics", Handle: p.file}, // open to everybody: what is published, or what a key opens
		{Method: "POST", Pattern: "/calendar/key", Verb: "activity.read", Handle: p.makeKey},
		{Method: "POST", Pattern: "/calendar/key/revoke", Verb: "activity.read", Handle: p.revokeKey},
	}
}
