// Package events reads what others say takes place: iCalendar (RFC 5545) and schema.org events inside web pages. Bytes in, events and refusals
// out, within bounds of number and time whatever the bytes are. What cannot be read is said at its place; nothing is guessed and nothing is
// left out in silence. It knows neither SQL nor what becomes of an event.
package events

import (
	"context"
	"time"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Event is something that takes place on whole days.
type Event struct {
	Key         string // the same for as long as the event is the same: its UID with the day of a recurrence, or its address
	At          int    // line of the file where it stands
	Title       string
	First, Last period.Date
	City        string // or the place in one line, where no city is told
	Country     string // ISO 3166-1 alpha-2, "" when it is not told
	URL         string
	Language    string // BCP 47, "" when it is not told
	Online      bool
	Hybrid      bool
	Cancelled   bool
	Postponed   bool
	Kinds       []string // words for the sort of event, in lower case
}

// Refusal is an event, or something that should have been one, that was not taken.
type Refusal struct {
	At    int    // line of the file
	Title string // "" when it has none
	Key   text.Key
	Args  text.Args
}

// Cuts tells whether the refusal left the rest of the file unread, so that what is not found in it may still be there.
func (r Refusal) Cuts() bool {
	switch r.Key {
	case "events.too_many", "events.too_long", "events.nested", "events.bad_json", "events.bad_page", "events.more_refused":
		return true
	}
	return false
}

// Found is all that was read.
type Found struct {
	Events  []Event
	Refused []Refusal
	Outside int // events before or after the days asked for
	Seen    int // before recurrences were spread out
}

// Bounds of what is read of one file.
const (
	MaxEvents      = 5000  // components or objects, and the events that they become
	MaxRefused     = 500   // refusals told one by one; the rest is told by number
	MaxRecurrences = 100   // within the days asked for
	maxLine        = 64000 // bytes
	maxTime        = 5 * time.Second
)

// Ask is what to read out of a file.
type Ask struct {
	Within period.Span    // events outside are counted, not given
	Zone   *time.Location // of moments that say no zone of their own days, and of pages
}

// reading gathers what is found.
type reading struct {
	Found
	ask    Ask
	keys   map[string]int // key to place in Events
	more   int            // refusals over the limit
	cancel context.CancelFunc
	ctx    context.Context
}

func begin(ctx context.Context, ask Ask) *reading {
	r := &reading{ask: ask, keys: map[string]int{}}
	r.ctx, r.cancel = context.WithTimeout(ctx, maxTime)
	return r
}

// end is the result; what was refused beyond the limit is told in one line.
func (r *reading) end() Found {
	r.cancel()
	if r.more > 0 {
		r.Refused = append(r.Refused, Refusal{Key: "events.more_refused", Args: text.Args{"n": r.more}})
	}
	return r.Found
}

// late says once that reading took too long.
func (r *reading) late(at int) bool {
	if r.ctx.Err() == nil {
		return false
	}
	r.refuse(at, "", "events.too_long", text.Args{"seconds": int(maxTime.Seconds())})
	return true
}

func (r *reading) refuse(at int, title string, key text.Key, args text.Args) {
	if len(r.Refused) >= MaxRefused {
		r.more++
		return
	}
	r.Refused = append(r.Refused, Refusal{At: at, Title: Cut(title, 120), Key: key, Args: args})
}

// refuseFault is refuse for a fault of a parser.
func (r *reading) refuseFault(at int, title string, err error) {
	f := fault.Of(err)
	r.refuse(at, title, f.Key, f.Args)
}

// take keeps an event that takes place within the days asked for. One that has the key of another is refused.
func (r *reading) take(e Event) {
	switch first, twice := r.keys[e.Key]; {
	case twice:
		r.refuse(e.At, e.Title, "events.twice", text.Args{"key": Cut(e.Key, 120), "line": r.Events[first].At})
	case !r.ask.Within.Overlaps(period.Span{From: e.First, To: e.Last}):
		r.Outside++
	case len(r.Events) >= MaxEvents:
		r.refuse(e.At, e.Title, "events.too_many", text.Args{"max": MaxEvents})
	default:
		r.keys[e.Key] = len(r.Events)
		r.Events = append(r.Events, e)
	}
}

// Cut shortens a text to a number of letters.
func Cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
