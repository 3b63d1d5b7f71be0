package feeds

import (
	"net/http"
	"slices"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/feed"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// onePage is a feed, its readings, and one of them event by event.
type onePage struct {
	form
	F     feed.Feed
	Runs  []feed.Run
	Shown *feed.Run // whose lines are listed; nil before the first
}

func (w pages) one(out http.ResponseWriter, r *http.Request) error {
	return w.showOne(out, r, http.StatusOK, onePage{})
}

func (w pages) showOne(out http.ResponseWriter, r *http.Request, status int, c onePage) error {
	p, err := w.Read(r, "feeds", func(tx *db.Tx, p *frame.Page) (err error) {
		if c.F, err = feed.Load(r.Context(), tx, p.Actor.ScopeFor("feed.read"), p.Programme.ID, id.Feed(r.PathValue("id"))); err != nil {
			return err
		}
		if c.Runs, err = feed.Runs(r.Context(), tx, p.Programme.ID, c.F.ID); err != nil {
			return err
		}
		if c.Shown, err = shown(c.Runs, r.URL.Query().Get("run")); err != nil || c.Shown == nil {
			return err
		}
		c.Shown.Lines, err = feed.Lines(r.Context(), tx, p.Programme.ID, c.F.ID, c.Shown.N)
		return err
	})
	if err != nil {
		return err
	}
	p.Title = c.F.Label
	p.Path = []frame.Crumb{{Label: p.T("menu.feeds"), Href: p.Link("/feeds")}, {Label: p.Title}}
	switch r.URL.Query().Get("done") {
	case "add", "run":
		p.Notice = p.T("feeds.asked")
	case "change":
		p.Notice = p.T("feeds.changed")
	}
	p.Year, p.AsOf = 0, ""
	p.At("/feeds/" + string(c.F.ID))
	if c.Fault == nil {
		c.form = formOf(p, c.F.Settings())
	}
	c.Page = p
	return w.RenderStatus(out, r, status, oneTempl(c))
}

// change says the settings anew; a form at fault comes back with what was typed.
func (w pages) change(out http.ResponseWriter, r *http.Request) error {
	s, err := settingsOf(r)
	if err != nil {
		return err
	}
	done := "change"
	err = w.inProgramme(r, func(tx *db.Tx, by access.Actor, g id.Programme, f id.Feed) error {
		was, err := feed.Load(r.Context(), tx, by.ScopeFor("feed.read"), g, f)
		if err != nil {
			return err
		}
		now, err := feed.Change(r.Context(), tx, by, g, f, s)
		if now.URL != was.URL {
			done = "run" // it is read at once
		}
		return err
	})
	if status, comes := comesBack(err); comes {
		return w.showOne(out, r, status, onePage{form: form{Typed: r.PostForm, Fault: fault.Of(err)}})
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/feeds/"+r.PathValue("id"), "done", done), http.StatusSeeOther)
	return nil
}

// shown is the reading that the address names, else the last one that read anything, else the last.
func shown(runs []feed.Run, n string) (*feed.Run, error) {
	if len(runs) == 0 {
		return nil, nil
	}
	i := slices.IndexFunc(runs, func(x feed.Run) bool { return x.Outcome == feed.Read })
	if n != "" {
		if i = slices.IndexFunc(runs, func(x feed.Run) bool { return strconv.Itoa(x.N) == n }); i < 0 {
			return nil, frame.BadFilter("run", n)
		}
	}
	return &runs[max(i, 0)], nil
}

func (w pages) run(out http.ResponseWriter, r *http.Request) error {
	return w.act(out, r, "/feeds/"+r.PathValue("id"), "run", func(tx *db.Tx, by access.Actor, g id.Programme, f id.Feed) error {
		return feed.AskRun(r.Context(), tx, by, g, f)
	})
}

func (w pages) remove(out http.ResponseWriter, r *http.Request) error {
	return w.act(out, r, "/feeds", "remove", func(tx *db.Tx, by access.Actor, g id.Programme, f id.Feed) error {
		return feed.Remove(r.Context(), tx, by, g, f)
	})
}

// act does one verb and leads on.
func (w pages) act(out http.ResponseWriter, r *http.Request, then, done string, do func(*db.Tx, access.Actor, id.Programme, id.Feed) error) error {
	if err := w.inProgramme(r, do); err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, then, "done", done), http.StatusSeeOther)
	return nil
}

// inProgramme does something to the feed of the address in one unit of work of its programme.
func (w pages) inProgramme(r *http.Request, do func(*db.Tx, access.Actor, id.Programme, id.Feed) error) error {
	p, err := w.Read(r, "feeds", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	return w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error {
		return do(tx, serve.Of(r).Actor, p.Programme.ID, id.Feed(r.PathValue("id")))
	})
}

func (c onePage) may(verb access.VerbName) bool { return c.Actor.Can(verb, c.F.Subject()) }

// answer is what the last reading came to.
func (c onePage) answer() string {
	if len(c.Runs) == 0 {
		return c.T("feeds.not_yet", "partner", c.F.Label)
	}
	last := &c.Runs[0]
	switch {
	case last.Outcome == feed.Failed:
		return c.T("feeds.last_failed", "partner", c.F.Label)
	case last.Changed():
		return c.T("feeds.last_changed", "partner", c.F.Label, "what", sum(c.Page, last))
	}
	return c.T("feeds.last_same", "partner", c.F.Label)
}

// lede is when it was read last, and when it is next.
func (c onePage) lede() string {
	if len(c.Runs) == 0 {
		return c.T("feeds.lede_new", "every", every(c.Page, c.F.EveryHours), "next", moment(c.Page, c.F.NextAt))
	}
	return c.T("feeds.lede", "last", moment(c.Page, c.Runs[0].At), "every", every(c.Page, c.F.EveryHours), "next", moment(c.Page, c.F.NextAt))
}

// brought is what the reading shown saw at all.
func (c onePage) brought() string {
	return c.T("feeds.seen", "n", c.Shown.Seen, "outside", c.Shown.Outside)
}

// since is when the feed was registered, and by whom where that is known.
func (c onePage) since() string {
	if c.F.MadeBy == "" {
		return c.ShortDayYear(c.F.MadeAt.Date())
	}
	return c.ShortDayYear(c.F.MadeAt.Date()) + ", " + c.F.MadeBy
}

// fieldWord names a field of an activity.
func (c onePage) fieldWord(name string) string { return c.T(text.Key("feeds.field." + name)) }

// valueOf is what a field says, in the reader's language.
func (c onePage) valueOf(f feed.Field, v string) string {
	switch {
	case v == "":
		return c.T("feeds.empty")
	case f.Name == "type":
		return c.T(activity.Type(v).Key())
	case f.Name == "place":
		return c.T(activity.Place(v).Key())
	case f.Name == "state":
		return c.T(activity.State(v).Key())
	case f.Name == "country":
		return c.Language.Country(v)
	case f.Name == "starts_on", f.Name == "ends_on":
		return c.Language.ShortDateYear(v)
	}
	return v
}

// kept tells whether the line says what was not taken over.
func kept(l feed.Line) bool { return l.Kind == feed.Kept || l.Kind == feed.Linked }

func (c onePage) runHref(n int) string {
	return c.Link("/feeds/"+string(c.F.ID), "run", strconv.Itoa(n))
}
