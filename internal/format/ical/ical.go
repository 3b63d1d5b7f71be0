// Package ical writes calendars (RFC 5545): values in, bytes out. Events take whole days; whoever subscribes reads the whole calendar again, so
// nothing in it is a request or a reply.
package ical

import (
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// Calendar is what somebody subscribes to.
type Calendar struct {
	Name   string
	Made   time.Time
	Events []Event
}

// Event is something that lasts whole days, both its first and its last one included.
type Event struct {
	UID         string // the same for as long as the event is the same
	First, Last time.Time
	Summary     string
	Description string
	Location    string
	URL         string
	Categories  []string
	Status      Status
}

// Status is how sure an event is (section 3.8.1.11).
type Status string

// The statuses of events.
const (
	Confirmed Status = "CONFIRMED"
	Tentative Status = "TENTATIVE"
	Cancelled Status = "CANCELLED"
)

// Type is the media type of what Write writes (section 8.1).
const Type = "text/calendar; charset=utf-8"

// Write writes a calendar.
func Write(to io.Writer, c Calendar) error {
	w := writer{}
	w.line("BEGIN", "VCALENDAR")
	w.line("VERSION", "2.0")
	w.line("PRODID", "-//Errera//Calendar//EN")
	w.line("CALSCALE", "GREGORIAN")
	w.line("METHOD", "PUBLISH")
	w.text("X-WR-CALNAME", c.Name)
	w.text("NAME", c.Name) // RFC 7986
	w.line("REFRESH-INTERVAL;VALUE=DURATION", "PT6H")
	for _, e := range c.Events {
		w.event(e, c.Made)
	}
	w.line("END", "VCALENDAR")
	_, err := io.WriteString(to, w.String())
	return err
}

type writer struct{ strings.Builder }

func (w *writer) event(e Event, made time.Time) {
	const day = "20060102"
	w.line("BEGIN", "VEVENT")
	w.line("UID", one(e.UID))
	w.line("DTSTAMP", made.UTC().Format("20060102T150405Z"))
	w.line("DTSTART;VALUE=DATE", e.First.Format(day))
	w.line("DTEND;VALUE=DATE", e.Last.AddDate(0, 0, 1).Format(day)) // the day after, section 3.6.1
	w.text("SUMMARY", e.Summary)
	w.text("DESCRIPTION", e.Description)
	w.text("LOCATION", e.Location)
	if e.URL != "" {
		w.line("URL", one(e.URL))
	}
	if len(e.Categories) > 0 {
		all := make([]string, len(e.Categories))
		for i, c := range e.Categories {
			all[i] = escaped(c)
		}
		w.line("CATEGORIES", strings.Join(all, ","))
	}
	if e.Status != "" {
		w.line("STATUS", string(e.Status))
	}
	w.line("TRANSP", "TRANSPARENT") // that something takes place makes nobody busy
	w.line("END", "VEVENT")
}

// text writes a property of words, none when there are none.
func (w *writer) text(name, value string) {
	if value != "" {
		w.line(name, escaped(value))
	}
}

// escaped is a TEXT value (section 3.3.11).
func escaped(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", "").Replace(plain(s))
}

// one keeps a value that is no text on its line.
func one(s string) string { return strings.NewReplacer("\r", "", "\n", "").Replace(plain(s)) }

// plain leaves out control characters and what is no UTF-8.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if (r < ' ' && r != '\n' && r != '\r' && r != '\t') || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// longest is how many octets a line may have without its break (section 3.1).
const longest = 75

// line writes a property, folded without breaking a letter.
func (w *writer) line(name, value string) {
	rest, room := name+":"+value, longest
	for len(rest) > room {
		at := room
		for !utf8.RuneStart(rest[at]) {
			at--
		}
		w.WriteString(rest[:at] + "\r\n ")
		rest, room = rest[at:], longest-1 // the space counts
	}
	w.WriteString(rest + "\r\n")
}
