package feed

import (
	"strings"

	"golang.org/x/text/language"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/format/events"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// said is what a feed said of an event, as it is kept to tell next time what changed.
type said struct {
	Title     string         `json:"title"`
	Type      activity.Type  `json:"type"`
	Starts    period.Date    `json:"starts"`
	Ends      period.Date    `json:"ends"`
	Place     activity.Place `json:"place"`
	City      string         `json:"city"`
	Country   string         `json:"country"`
	URL       string         `json:"url"`
	Language  string         `json:"language"`
	Cancelled bool           `json:"cancelled,omitempty"`
	Postponed bool           `json:"postponed,omitempty"`
}

// heard is an event as the feed's activities would say it.
func (f Feed) heard(e events.Event) said {
	s := said{Title: e.Title, Type: f.sort(e), Starts: e.First, Ends: e.Last, Place: activity.Onsite, City: events.Cut(e.City, 200), Country: e.Country,
		URL: e.URL, Cancelled: e.Cancelled, Postponed: e.Postponed}
	if l, err := language.Parse(e.Language); err == nil && e.Language != "" {
		base, _ := l.Base()
		s.Language = base.String()
	}
	switch {
	case e.Online:
		s.Place = activity.Online
	case e.Hybrid:
		s.Place = activity.Hybrid
	}
	return s
}

// sorts are words for the sort of event that are not Errera's own. Source: the types of schema.org under Event.
func sorts() map[string]activity.Type {
	return map[string]activity.Type{"exhibitionevent": activity.Fair, "educationevent": activity.Seminar, "courseinstance": activity.Course,
		"conferenceevent": activity.Conference}
}

// sort is the type that an event names, in any language of Errera or in schema.org's; else the feed's own.
func (f Feed) sort(e events.Event) activity.Type {
	for _, word := range e.Kinds {
		if t, ok := sorts()[word]; ok {
			return t
		}
		if t, ok := text.Word(word, activity.Types(), activity.Type.Key); ok {
			return t
		}
	}
	return f.Type
}

// details is a new activity out of an event.
func (f Feed) details(s said) activity.Details {
	return activity.Details{Title: s.Title, Type: s.Type, Starts: s.Starts, Ends: s.Ends, Place: s.Place, City: s.City, Country: s.Country, URL: s.URL,
		Language: s.Language, Markets: f.Markets, Sectors: f.Sectors, Needs: f.Needs}
}

// field is one thing that both a feed and an activity say.
type field struct {
	name string
	of   func(said) string
	at   func(*activity.Details) *string
}

// fields lists them. Two strings of types of their own are read through one pointer.
func fields() []field {
	return []field{
		{"title", func(s said) string { return s.Title }, func(d *activity.Details) *string { return &d.Title }},
		{"type", func(s said) string { return string(s.Type) }, func(d *activity.Details) *string { return (*string)(&d.Type) }},
		{"starts_on", func(s said) string { return string(s.Starts) }, func(d *activity.Details) *string { return (*string)(&d.Starts) }},
		{"ends_on", func(s said) string { return string(s.Ends) }, func(d *activity.Details) *string { return (*string)(&d.Ends) }},
		{"place", func(s said) string { return string(s.Place) }, func(d *activity.Details) *string { return (*string)(&d.Place) }},
		{"city", func(s said) string { return s.City }, func(d *activity.Details) *string { return &d.City }},
		{"country", func(s said) string { return s.Country }, func(d *activity.Details) *string { return &d.Country }},
		{"url", func(s said) string { return s.URL }, func(d *activity.Details) *string { return &d.URL }},
		{"language", func(s said) string { return s.Language }, func(d *activity.Details) *string { return &d.Language }},
	}
}

// merge takes over what the feed says otherwise than it did, but for what somebody changed in Errera meanwhile: that is kept, and said. Days
// hang together: where a person changed one of them, both are theirs.
func merge(now activity.Details, last, new said) (d activity.Details, taken, kept []Field) {
	d = now
	theirs := map[string]bool{}
	for _, f := range fields() {
		if was := f.of(last); *f.at(&now) != was {
			theirs[f.name] = true
		}
	}
	if theirs["starts_on"] || theirs["ends_on"] || now.Around != "" {
		theirs["starts_on"], theirs["ends_on"] = true, true
	}
	for _, f := range fields() {
		is, to := *f.at(&now), f.of(new)
		switch {
		case to == f.of(last) || to == is:
		case theirs[f.name]:
			kept = append(kept, Field{f.name, is, to})
		default:
			*f.at(&d) = to
			taken = append(taken, Field{f.name, is, to})
		}
	}
	return d, taken, kept
}

// folded is a title without what two people write differently: case, accents, blanks and signs.
func folded(title string) string {
	return strings.Join(strings.FieldsFunc(activity.Fold(title), func(r rune) bool { return !('a' <= r && r <= 'z') && !('0' <= r && r <= '9') && r < 128 }), " ")
}
