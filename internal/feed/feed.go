// Package feed reads what partners publish on their own websites, as iCalendar or as schema.org events in a page, and keeps their activities
// alike, so that nobody types twice. How it is fetched is fetch, how it is read is format/events; here stands whose it is, which activity an
// event is, and what is taken over: field by field, never over what a person changed in Errera.
package feed

import (
	"cmp"
	"strings"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/fetch"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

// State is whether a feed is still read.
type State string

// The states of a feed.
const (
	Active  State = "active"
	Removed State = "removed"
)

// Feed is an address of a partner, and what its events are when they do not say so themselves.
type Feed struct {
	ID                      id.Feed
	Partner                 id.Organisation
	Code, Label             string // of the partner
	URL                     string
	State                   State
	Type                    activity.Type // of events that name no sort of their own
	Markets, Sectors, Needs []string      // of new activities; the feed knows none
	EveryHours              int
	NextAt                  db.Time
	Runs                    int
	MadeBy                  string // the name of who registered it, "" for who is no longer known
	MadeAt                  db.Time
	known                   fetch.Known
}

// Subject is the feed as leave is checked on it.
func (f Feed) Subject() access.Subject {
	return access.Subject{Kind: "feed", State: string(f.State), Partner: f.Partner}
}

// Settings are what people say of a feed, when they register it and later.
type Settings struct {
	URL                     string
	Type                    activity.Type // "": other
	Markets, Sectors, Needs []string
	EveryHours              int // 0: once a day
}

// NewFeed is a feed to be registered.
type NewFeed struct {
	Partner string // code
	Settings
}

// MaxFeeds is how many feeds a partner has at most.
const MaxFeeds = 20

// usualHours is how often a feed is read when nothing else is said.
const usualHours = 24

// usual are the settings with what holds where nothing is said.
func (n Settings) usual() Settings {
	n.URL = strings.TrimSpace(n.URL)
	n.Type, n.EveryHours = cmp.Or(n.Type, activity.Other), cmp.Or(n.EveryHours, usualHours)
	return n
}

// Settings are what is said of the feed now.
func (f Feed) Settings() Settings {
	return Settings{URL: f.URL, Type: f.Type, Markets: f.Markets, Sectors: f.Sectors, Needs: f.Needs, EveryHours: f.EveryHours}
}

// said are the settings for the trail.
func (n Settings) said() map[string]any {
	return map[string]any{"url": n.URL, "type": n.Type, "every_hours": n.EveryHours, "markets": strings.Join(n.Markets, " "),
		"sectors": strings.Join(n.Sectors, " "), "needs": strings.Join(n.Needs, " ")}
}

// check tells everything that is wrong, each at its field.
func (n Settings) check() error {
	var faults []error
	if _, err := fetch.CheckAddress(n.URL); err != nil {
		faults = append(faults, err)
	}
	faults = append(faults, activity.Choice("type", string(n.Type), activity.Types()))
	if n.EveryHours < 1 || n.EveryHours > 720 {
		faults = append(faults, fault.Invalid("every", "feed.want_hours", nil))
	}
	// the rest is judged as an activity's own, of which it becomes part
	d := activity.Details{Title: "x", Type: activity.Other, Place: activity.Onsite, Starts: "2000-01-01", Markets: n.Markets, Sectors: n.Sectors, Needs: n.Needs}
	return fault.Join(append(faults, d.Check())...)
}

// Outcome is how a reading ended.
type Outcome string

// The outcomes.
const (
	Read   Outcome = "read"
	Same   Outcome = "same" // the server says that nothing changed
	Failed Outcome = "failed"
)

// Key is the outcome in words.
func (o Outcome) Key() text.Key { return text.Key("feed.outcome." + string(o)) }

// Run is one reading of a feed.
type Run struct {
	N       int
	At      db.Time
	By      string // a person's name, "" when it was the feed's time
	Outcome Outcome
	Fault   Words // why it failed
	Seen    int   // events in the feed, before recurrences were spread out
	Outside int   // not within the programme
	Counts  map[Kind]int
	Lines   []Line // when loaded
}

// Changed tells whether the reading changed any activity.
func (r Run) Changed() bool {
	return r.Counts[Added]+r.Counts[Changed]+r.Counts[Cancelled]+r.Counts[Postponed] > 0
}

// Kind is what became of an event in a reading.
type Kind string

// The kinds, in the order in which pages list them.
const (
	Added     Kind = "added"
	Linked    Kind = "linked" // a person had typed it already
	Changed   Kind = "changed"
	Cancelled Kind = "cancelled"
	Postponed Kind = "postponed"
	Back      Kind = "back" // listed again
	Kept      Kind = "kept" // the feed says otherwise than a person does, or than what is over: the activity stays
	Gone      Kind = "gone" // no longer in the feed
	Refused   Kind = "refused"
)

// Kinds lists them.
func Kinds() []Kind {
	return []Kind{Added, Linked, Changed, Cancelled, Postponed, Back, Kept, Gone, Refused}
}

// Key is the kind in words.
func (k Kind) Key() text.Key { return text.Key("feed.kind." + string(k)) }

// Line is what a reading has to say of one event.
type Line struct {
	Kind     Kind
	At       int // line of what was read; 0 when it stands nowhere
	Title    string
	Activity id.Activity
	Code     string  // of the activity, when loaded
	Fields   []Field // what was changed or kept
	Why      Words   // for what was refused or kept
}

// Field is one thing that the feed said otherwise than before.
type Field struct {
	Name string `json:"field"` // as of activity.Details
	From string `json:"from"`  // what the activity said
	To   string `json:"to"`    // what the feed says
}

// Words are a key and its arguments as they are kept, so that each reader has them in their own language.
type Words struct {
	Key  text.Key  `json:"key,omitempty"`
	Args text.Args `json:"args,omitempty"`
}

// Say is the words in a language; "" for none.
func (w Words) Say(l text.Language) string {
	if w.Key == "" {
		return ""
	}
	return l.Say(w.Key, w.Args)
}

// wordsOf keeps what a fault tells people; of several the first.
func wordsOf(err error) Words {
	f := fault.Of(err).All()[0]
	if f.Key == "" {
		return Words{Key: f.Kind.Key()}
	}
	return Words{Key: f.Key, Args: f.Args}
}

// next is when a feed is read again.
func (f Feed) next(now db.Time) db.Time {
	return db.TimeOf(now.Time().Add(time.Duration(f.EveryHours) * time.Hour))
}
