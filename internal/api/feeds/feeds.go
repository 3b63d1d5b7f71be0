// Package feeds is the part of the JSON interface about feeds: what partners publish on their own websites, and what each reading of it came to.
package feeds

import (
	"net/http"
	"strconv"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/feed"
	"errera.eu/errera/internal/id"
)

// Feed is an address of a partner that is read on schedule.
type Feed struct {
	ID      string   `json:"id"`
	Partner string   `json:"partner" doc:"Code"`
	URL     string   `json:"url"`
	State   string   `json:"state" enum:"active,removed"`
	Type    string   `json:"type" doc:"Of events that name none themselves"`
	Markets []string `json:"markets" nullable:"false" doc:"Of new activities"`
	Sectors []string `json:"sectors" nullable:"false"`
	Needs   []string `json:"needs" nullable:"false"`
	Every   int      `json:"every_hours"`
	NextAt  string   `json:"next_at" doc:"Moment in UTC"`
}

// FeedReading is one time that a feed was read.
type FeedReading struct {
	N       int            `json:"n"`
	At      string         `json:"at" doc:"Moment in UTC"`
	Outcome string         `json:"outcome" enum:"read,same,failed" doc:"Same: the server says that nothing changed"`
	Fault   string         `json:"fault,omitempty" doc:"Why it failed, in the language asked for"`
	Seen    int            `json:"seen" doc:"Events in the feed, before recurrences were spread out"`
	Outside int            `json:"outside" doc:"Not within the programme"`
	Counts  map[string]int `json:"counts" doc:"Lines by kind"`
	Lines   []FeedLine     `json:"lines,omitempty" doc:"Only of a single reading; what is not listed was as it is already"`
}

// FeedLine is what became of one event.
type FeedLine struct {
	Kind     string      `json:"kind" enum:"added,linked,changed,cancelled,postponed,back,kept,gone,refused"`
	Line     int         `json:"line,omitempty" doc:"Of what was read"`
	Title    string      `json:"title"`
	Activity string      `json:"activity,omitempty" doc:"Code"`
	Fields   []FeedField `json:"fields,omitempty" doc:"What was taken over; of kept and linked, what was not"`
	Why      string      `json:"why,omitempty" doc:"In the language asked for"`
}

// FeedField is one thing that the feed says otherwise.
type FeedField struct {
	Field string `json:"field"`
	From  string `json:"from" doc:"What the activity said"`
	To    string `json:"to" doc:"What the feed says"`
}

// FeedsIn asks for feeds.
type FeedsIn struct {
	api.InProgramme
	api.Paged
}

// NewFeedIn registers a feed.
type NewFeedIn struct {
	api.InProgramme
	api.Idempotent
	Body struct {
		Partner string `json:"partner" doc:"Code"`
		FeedSettings
	}
}

// FeedSettings are what people say of a feed.
type FeedSettings struct {
	URL     string   `json:"url" maxLength:"2000" doc:"iCalendar, or a page with schema.org events as JSON-LD, on the public internet"`
	Type    string   `json:"type,omitempty" doc:"Of events that name none themselves; other when absent"`
	Markets []string `json:"markets,omitempty" maxItems:"50"`
	Sectors []string `json:"sectors,omitempty" maxItems:"50"`
	Needs   []string `json:"needs,omitempty" maxItems:"3"`
	Every   int      `json:"every_hours,omitempty" doc:"1 to 720; 24 when absent"`
}

func (s FeedSettings) in() feed.Settings {
	return feed.Settings{URL: s.URL, Type: activity.Type(s.Type), Markets: s.Markets, Sectors: s.Sectors, Needs: s.Needs, EveryHours: s.Every}
}

// ChangeFeedIn says a feed's settings anew.
type ChangeFeedIn struct {
	FeedIn
	Body FeedSettings
}

// ReadingsIn asks for the readings of a feed.
type ReadingsIn struct {
	api.InProgramme
	api.Paged
	ID string `path:"id"`
}

// ReadingIn asks for one reading.
type ReadingIn struct {
	api.InProgramme
	api.Cached
	ID string `path:"id"`
	N  int    `path:"n"`
}

// FeedIn does something with a feed.
type FeedIn struct {
	api.InProgramme
	api.Conditional
	ID string `path:"id"`
}

// Resources adds the resources of this package.
func Resources(a *api.API) {
	const noun, at = "Feeds", "/programmes/{programme}/feeds"
	api.List(a, api.Operation{ID: "list-feeds", Path: at, Noun: noun, Verb: "feed.read", Summary: "What partners publish on their own websites, read on schedule"}, list)
	api.Create(a, api.Operation{ID: "create-feed", Path: at, Noun: noun, Verb: "feed.add", Summary: "Register a feed; its first reading follows at once"}, add)
	api.List(a, api.Operation{ID: "list-feed-readings", Path: at + "/{id}/readings", Noun: noun, Verb: "feed.read", Summary: "Readings of a feed, the newest first"}, readings)
	api.Get(a, api.Operation{ID: "get-feed-reading", Path: at + "/{id}/readings/{n}", Noun: noun, Verb: "feed.read",
		Summary: "One reading: what was added, changed, cancelled, kept and refused, and why"}, reading)
	api.Change(a, api.Operation{ID: "change-feed", Path: at + "/{id}", Noun: noun, Verb: "feed.change",
		Summary: "Say a feed's settings anew; they hold for what is read from then on, and a new address is read at once"}, http.MethodPut,
		func(c *api.Call, in *ChangeFeedIn) (Feed, error) { return one(c, &in.FeedIn) },
		func(c *api.Call, in *ChangeFeedIn) (Feed, error) {
			f, err := feed.Change(c, c.Tx, c.By, c.G.ID, id.Feed(in.ID), in.Body.in())
			return out(f), err
		})
	api.Change(a, api.Operation{ID: "run-feed", Path: at + "/{id}/run", Noun: noun, Verb: "feed.run", Summary: "Ask for a reading now"}, http.MethodPost, one,
		func(c *api.Call, in *FeedIn) (Feed, error) {
			if err := feed.AskRun(c, c.Tx, c.By, c.G.ID, id.Feed(in.ID)); err != nil {
				return Feed{}, err
			}
			return one(c, in)
		})
	api.Change(a, api.Operation{ID: "remove-feed", Path: at + "/{id}/remove", Noun: noun, Verb: "feed.remove", Summary: "End a feed; what it brought stays"}, http.MethodPost, one,
		func(c *api.Call, in *FeedIn) (Feed, error) {
			f, err := one(c, in)
			if err != nil {
				return Feed{}, err
			}
			f.State = string(feed.Removed)
			return f, feed.Remove(c, c.Tx, c.By, c.G.ID, id.Feed(in.ID))
		})
}

func out(f feed.Feed) Feed {
	return Feed{ID: string(f.ID), Partner: f.Code, URL: f.URL, State: string(f.State), Type: string(f.Type), Markets: some(f.Markets), Sectors: some(f.Sectors),
		Needs: some(f.Needs), Every: f.EveryHours, NextAt: string(f.NextAt)}
}

// some is a list that is never null.
func some(all []string) []string { return append([]string{}, all...) }

func one(c *api.Call, in *FeedIn) (Feed, error) {
	f, err := feed.Load(c, c.Tx, c.By.ScopeFor("feed.read"), c.G.ID, id.Feed(in.ID))
	return out(f), err
}

func list(c *api.Call, in *FeedsIn) ([]Feed, string, error) {
	all, err := feed.List(c, c.Tx, c.By.ScopeFor("feed.read"), c.G.ID)
	if err != nil {
		return nil, "", err
	}
	rows := make([]Feed, len(all))
	for i, f := range all {
		rows[i] = out(f)
	}
	return api.Cut(rows, in.Paged, func(f Feed) string { return f.ID })
}

func add(c *api.Call, in *NewFeedIn) (Feed, string, error) {
	f, err := feed.Add(c, c.Tx, c.By, c.G.ID, feed.NewFeed{Partner: in.Body.Partner, Settings: in.Body.in()})
	return out(f), "/api/v1/programmes/" + c.G.Code + "/feeds/" + string(f.ID) + "/readings", err
}

// runs are the readings of a feed that the caller may see.
func runs(c *api.Call, asked string) ([]feed.Run, error) {
	f, err := feed.Load(c, c.Tx, c.By.ScopeFor("feed.read"), c.G.ID, id.Feed(asked))
	if err != nil {
		return nil, err
	}
	return feed.Runs(c, c.Tx, c.G.ID, f.ID)
}

func readingOf(c *api.Call, r feed.Run) FeedReading {
	x := FeedReading{N: r.N, At: string(r.At), Outcome: string(r.Outcome), Fault: r.Fault.Say(c.Language), Seen: r.Seen, Outside: r.Outside, Counts: map[string]int{}}
	for k, n := range r.Counts {
		x.Counts[string(k)] = n
	}
	return x
}

func readings(c *api.Call, in *ReadingsIn) ([]FeedReading, string, error) {
	all, err := runs(c, in.ID)
	if err != nil {
		return nil, "", err
	}
	rows := make([]FeedReading, len(all))
	for i, r := range all {
		rows[i] = readingOf(c, r)
	}
	return api.Cut(rows, in.Paged, func(r FeedReading) string { return strconv.Itoa(r.N) })
}

func reading(c *api.Call, in *ReadingIn) (FeedReading, error) {
	all, err := runs(c, in.ID)
	if err != nil {
		return FeedReading{}, err
	}
	for _, r := range all {
		if r.N != in.N {
			continue
		}
		x := readingOf(c, r)
		lines, err := feed.Lines(c, c.Tx, c.G.ID, id.Feed(in.ID), r.N)
		for _, l := range lines {
			y := FeedLine{Kind: string(l.Kind), Line: l.At, Title: l.Title, Activity: l.Code, Why: l.Why.Say(c.Language)}
			for _, f := range l.Fields {
				y.Fields = append(y.Fields, FeedField{f.Name, f.From, f.To})
			}
			x.Lines = append(x.Lines, y)
		}
		return x, err
	}
	return FeedReading{}, fault.Missing("feed.missing", nil)
}
