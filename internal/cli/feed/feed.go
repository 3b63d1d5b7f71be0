// Package feed holds the commands about feeds: what partners publish on their own websites.
package feed

import (
	"fmt"
	"io"
	"slices"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/feed"
	"errera.eu/errera/internal/fetch"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Command is `errera feed`.
type Command struct {
	Add    add    `cmd:"" help:"Register what a partner publishes: an iCalendar file, or a page with schema.org events."`
	List   list   `cmd:"" help:"List the feeds, with what came of the last reading."`
	Change change `cmd:"" help:"Say anew where a feed is, how often it is read and what its events are; what it brought stays as it is."`
	Run    run    `cmd:"" help:"Read a feed now, and tell what became of each event."`
	Remove remove `cmd:"" help:"End a feed; what it brought stays."`
}

// chosen says in which programme.
type chosen struct {
	Programme string `placeholder:"CODE" help:"Code of the programme; without it the current one."`
}

type add struct {
	chosen
	Partner string   `arg:"" help:"Code of the partner."`
	URL     string   `arg:"" name:"url" help:"Address, http or https."`
	Type    string   `default:"other" help:"Type of events that name none themselves, such as seminar or mission."`
	Market  []string `placeholder:"CC" help:"Markets of new activities, such as IN; several with commas."`
	Sector  []string `placeholder:"CODE" help:"Sectors of new activities."`
	Need    []string `placeholder:"NEED" help:"Needs of new activities: information, contacts, strategy."`
	Every   int      `default:"24" placeholder:"HOURS" help:"Every how many hours it is read, 1 to 720."`
}

// Run registers the feed; its first reading follows when the background work gets to it, or with feed run.
func (c *add) Run(r *command.Run) error {
	return r.About(c.Programme, func(d *db.DB, by access.Actor, g programme.Programme) error {
		if err := job.Migrate(r, d); err != nil {
			return err
		}
		var f feed.Feed
		err := d.Write(r, g.ID, func(tx *db.Tx) (err error) {
			f, err = feed.Add(r, tx, by, g.ID, feed.NewFeed{Partner: c.Partner, Settings: feed.Settings{URL: c.URL, Type: activity.Type(c.Type),
				Markets: c.Market, Sectors: c.Sector, Needs: c.Need, EveryHours: c.Every}})
			return err
		})
		if err != nil {
			return err
		}
		return write(r, []row{rowOf(r, f, nil)})
	})
}

type change struct {
	chosen
	Feed   id.Feed  `arg:"" help:"Id of the feed."`
	URL    *string  `name:"url" help:"Another address; it is read when the background work gets to it."`
	Type   *string  `help:"Type of events that name none themselves."`
	Market []string `placeholder:"CC" help:"Markets of new activities; several with commas, - for none."`
	Sector []string `placeholder:"CODE" help:"Sectors of new activities; - for none."`
	Need   []string `placeholder:"NEED" help:"Needs of new activities; - for none."`
	Every  *int     `placeholder:"HOURS" help:"Every how many hours it is read, 1 to 720."`
}

// Run changes what is given and leaves the rest.
func (c *change) Run(r *command.Run) error {
	return r.About(c.Programme, func(d *db.DB, by access.Actor, g programme.Programme) error {
		if err := job.Migrate(r, d); err != nil {
			return err
		}
		var f feed.Feed
		err := d.Write(r, g.ID, func(tx *db.Tx) (err error) {
			if f, err = feed.Load(r, tx, by.ScopeFor("feed.read"), g.ID, c.Feed); err == nil {
				f, err = feed.Change(r, tx, by, g.ID, c.Feed, c.over(f.Settings()))
			}
			return err
		})
		if err != nil {
			return err
		}
		return write(r, []row{rowOf(r, f, nil)})
	})
}

// over lays what is given over the settings.
func (c *change) over(s feed.Settings) feed.Settings {
	if c.URL != nil {
		s.URL = *c.URL
	}
	if c.Type != nil {
		s.Type = activity.Type(*c.Type)
	}
	if c.Every != nil {
		if s.EveryHours = *c.Every; s.EveryHours == 0 {
			s.EveryHours = -1 // said, and wrong: not left to what is usual
		}
	}
	for given, into := range map[*[]string]*[]string{&c.Market: &s.Markets, &c.Sector: &s.Sectors, &c.Need: &s.Needs} {
		switch {
		case slices.Equal(*given, []string{"-"}):
			*into = nil
		case len(*given) > 0:
			*into = *given
		}
	}
	return s
}

// row is a feed with its last reading.
type row struct {
	ID      id.Feed           `json:"id"`
	Partner string            `json:"partner"`
	URL     string            `json:"url"`
	Every   int               `json:"every_hours"`
	Next    db.Time           `json:"next_at"`
	Last    db.Time           `json:"last_at,omitempty"`
	Outcome feed.Outcome      `json:"outcome,omitempty"`
	Fault   string            `json:"fault,omitempty"`
	Counts  map[feed.Kind]int `json:"counts,omitempty"`
}

func rowOf(r *command.Run, f feed.Feed, last *feed.Run) row {
	x := row{ID: f.ID, Partner: f.Code, URL: f.URL, Every: f.EveryHours, Next: f.NextAt}
	if last != nil {
		x.Last, x.Outcome, x.Fault, x.Counts = last.At, last.Outcome, last.Fault.Say(r.Language()), last.Counts
	}
	return x
}

func write(r *command.Run, rows []row) error {
	return command.WriteRows(r, rows, []string{"id", "partner", "url", "every_hours", "next_at", "last_at", "outcome"}, func(x row) []string {
		return []string{string(x.ID), x.Partner, x.URL, strconv.Itoa(x.Every), string(x.Next), string(x.Last), string(x.Outcome)}
	})
}

type list struct{ chosen }

// Run lists the feeds that the person may read.
func (c *list) Run(r *command.Run) error {
	rows := []row{}
	err := r.ReadIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		all, err := feed.List(r, tx, by.ScopeFor("feed.read"), g.ID)
		if err != nil {
			return err
		}
		last, err := feed.Last(r, tx, g.ID)
		for _, f := range all {
			if x, read := last[f.ID]; read {
				rows = append(rows, rowOf(r, f, &x))
			} else {
				rows = append(rows, rowOf(r, f, nil))
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return write(r, rows)
}

type run struct {
	chosen
	Feed id.Feed `arg:"" help:"Id of the feed."`
}

// line is what became of one event.
type line struct {
	Kind     feed.Kind    `json:"kind"`
	Line     int          `json:"line,omitempty"`
	Title    string       `json:"title"`
	Activity id.Activity  `json:"activity,omitempty"`
	Fields   []feed.Field `json:"fields,omitempty"`
	Why      string       `json:"why,omitempty"`
}

// Run reads the feed and writes a line for each event that it has something to say of.
func (c *run) Run(r *command.Run) error {
	return r.About(c.Programme, func(d *db.DB, by access.Actor, g programme.Programme) error {
		done, err := feed.Reader{DB: d, Fetcher: fetch.New(r.Version, fetch.Usual(), fetch.Public)}.Run(r, by, g.ID, c.Feed)
		if err != nil {
			return err
		}
		return said(r, r.Messages, done)
	})
}

func said(r *command.Run, messages io.Writer, done feed.Run) error {
	l := r.Language()
	fmt.Fprintln(messages, l.Say("feed.said", text.Args{"outcome": done.Outcome.Key(), "seen": done.Seen, "outside": done.Outside}), done.Fault.Say(l))
	rows := []line{}
	for _, x := range done.Lines {
		rows = append(rows, line{x.Kind, x.At, x.Title, x.Activity, x.Fields, x.Why.Say(l)})
	}
	return command.WriteRows(r, rows, []string{"kind", "line", "title", "activity", "fields", "why"}, func(x line) []string {
		fields := ""
		for _, f := range x.Fields {
			fields += f.Name + ": " + f.From + " > " + f.To + "; "
		}
		return []string{string(x.Kind), strconv.Itoa(x.Line), x.Title, string(x.Activity), fields, x.Why}
	})
}

type remove struct {
	chosen
	Feed id.Feed `arg:"" help:"Id of the feed."`
}

// Run ends the feed.
func (c *remove) Run(r *command.Run) error {
	return r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		return feed.Remove(r, tx, by, g.ID, c.Feed)
	})
}
