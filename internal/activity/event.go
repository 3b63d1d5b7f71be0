package activity

import (
	"strings"

	"errera.eu/errera/internal/format/ical"
	"errera.eu/errera/internal/text"
)

// Event is the activity as calendars hold it, in a language.
func (a Activity) Event(l text.Language) ical.Event {
	who := make([]string, len(a.Organisers))
	for i, o := range a.Organisers {
		who[i] = o.Label
	}
	e := ical.Event{UID: string(a.ID) + "@errera", First: a.Starts.Time(), Last: a.Ends.Time(), Summary: a.Title, URL: a.URL,
		Description: strings.Join(who, ", "), Categories: []string{l.Say(a.Type.Key(), nil)}, Status: ical.Confirmed}
	if a.Reason != "" {
		e.Description += "\n" + a.Reason
	}
	switch a.State {
	case Planned, Postponed:
		e.Status = ical.Tentative
	case Cancelled:
		e.Status = ical.Cancelled
	}
	switch {
	case a.Place == Online || (a.City == "" && a.Country == ""):
		e.Location = l.Say(a.Place.Key(), nil)
	case a.Country == "":
		e.Location = a.City
	default:
		e.Location = strings.TrimPrefix(a.City+", "+l.Country(a.Country), ", ")
	}
	return e
}
