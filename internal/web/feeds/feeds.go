// Package feeds holds the pages of what partners publish on their own websites: which addresses are read, and what became of each event.
package feeds

import (
	"net/http"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/feed"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
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
		{Method: "GET", Pattern: "/feeds", Verb: "feed.read", Handle: p.list},
		{Method: "POST", Pattern: "/feeds", Verb: "feed.add", Handle: p.add},
		{Method: "GET", Pattern: "/feeds/{id}", Verb: "feed.read", Handle: p.one},
		{Method: "POST", Pattern: "/feeds/{id}", Verb: "feed.change", Handle: p.change},
		{Method: "POST", Pattern: "/feeds/{id}/run", Verb: "feed.run", Handle: p.run},
		{Method: "POST", Pattern: "/feeds/{id}/remove", Verb: "feed.remove", Handle: p.remove},
	}
}

// row is a feed with its last reading, if there was any.
type row struct {
	feed.Feed
	Last *feed.Run
}

// listPage is the feeds that the reader may see, and the form for another.
type listPage struct {
	form
	Rows   []row
	Orgs   []programme.Organisation // for whom the reader may register one
	Failed int
}

func (w pages) list(out http.ResponseWriter, r *http.Request) error {
	return w.showList(out, r, http.StatusOK, listPage{})
}

func (w pages) showList(out http.ResponseWriter, r *http.Request, status int, c listPage) error {
	p, err := w.Read(r, "feeds", func(tx *db.Tx, p *frame.Page) error {
		all, err := feed.List(r.Context(), tx, p.Actor.ScopeFor("feed.read"), p.Programme.ID)
		if err != nil {
			return err
		}
		last, err := feed.Last(r.Context(), tx, p.Programme.ID)
		if err != nil {
			return err
		}
		for _, f := range all {
			x := row{Feed: f}
			if run, read := last[f.ID]; read {
				x.Last = &run
				if run.Outcome == feed.Failed {
					c.Failed++
				}
			}
			c.Rows = append(c.Rows, x)
		}
		orgs, err := programme.Organisations(r.Context(), tx)
		c.Orgs = slices.DeleteFunc(orgs, func(o programme.Organisation) bool {
			return !p.Actor.Can("feed.add", access.Subject{Kind: "feed", Partner: o.ID})
		})
		return err
	})
	if err != nil {
		return err
	}
	p.Title = p.T("menu.feeds")
	p.Path = []frame.Crumb{{Label: p.Title}}
	if r.URL.Query().Get("done") == "remove" {
		p.Notice = p.T("feeds.removed")
	}
	p.Year, p.AsOf = 0, ""
	p.At("/feeds")
	c.Page = p
	return w.RenderStatus(out, r, status, listTempl(c))
}

// add registers a feed; a form at fault comes back with what was typed.
func (w pages) add(out http.ResponseWriter, r *http.Request) error {
	p, err := w.Read(r, "feeds", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	s, err := settingsOf(r)
	if err != nil {
		return err
	}
	var made feed.Feed
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) (err error) {
		n := feed.NewFeed{Partner: strings.TrimSpace(r.PostFormValue("partner")), Settings: s}
		made, err = feed.Add(r.Context(), tx, serve.Of(r).Actor, p.Programme.ID, n)
		return err
	})
	if status, comes := comesBack(err); comes {
		return w.showList(out, r, status, listPage{form: form{Typed: r.PostForm, Fault: fault.Of(err)}})
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/feeds/"+string(made.ID), "done", "add"), http.StatusSeeOther)
	return nil
}

func (c listPage) answer() string {
	if len(c.Rows) == 0 {
		return c.T("feeds.answer_none")
	}
	return c.T("feeds.answer", "n", len(c.Rows))
}

func (c listPage) orgOptions() []frame.Option {
	var out []frame.Option
	for _, o := range c.Orgs {
		out = append(out, frame.Option{Value: o.Code, Label: o.Label(), Chosen: o.Code == c.typed("partner")})
	}
	return out
}

// every is how often a feed is read, in words.
func every(p frame.Page, hours int) string {
	switch hours {
	case 1:
		return p.T("feeds.hourly")
	case 24:
		return p.T("feeds.daily")
	case 168:
		return p.T("feeds.weekly")
	}
	return p.T("feeds.every", "n", hours)
}

// moment is a moment as the reader's clock tells it.
func moment(p frame.Page, t db.Time) string {
	if t == "" {
		return ""
	}
	return p.ShortDayYear(t.Date()) + ", " + t.Time().In(text.Zone()).Format("15:04")
}

// sum is what a reading did, in words: the kinds that occur, or that nothing changed.
func sum(p frame.Page, r *feed.Run) string {
	if r.Outcome == feed.Failed {
		return r.Fault.Say(p.Language)
	}
	var parts []string
	for _, k := range feed.Kinds() {
		if n := r.Counts[k]; n > 0 {
			parts = append(parts, p.T(text.Key("feeds.sum."+string(k)), "n", n))
		}
	}
	if len(parts) == 0 {
		return p.T("feeds.nothing")
	}
	return strings.Join(parts, ", ")
}

// markOfRun is the sign of a reading: whether it failed, left something for a person to look at, or went well.
func markOfRun(r *feed.Run) string {
	switch {
	case r.Outcome == feed.Failed:
		return "refused"
	case r.Counts[feed.Refused]+r.Counts[feed.Kept]+r.Counts[feed.Gone] > 0:
		return "postponed"
	}
	return "accepted"
}

// markOf is the sign of what became of an event.
func markOf(k feed.Kind) string {
	switch k {
	case feed.Refused:
		return "refused"
	case feed.Gone, feed.Kept, feed.Postponed:
		return "postponed"
	case feed.Cancelled:
		return "cancelled"
	case feed.Added, feed.Changed:
		return "accepted"
	}
	return "open"
}
