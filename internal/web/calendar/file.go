package calendar

import (
	"bytes"
	"net/http"
	"net/url"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/format/ical"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/frame"
)

// file is the calendar for programs that subscribe to it: what is published, whoever asks, as the address chooses.
func (w pages) file(out http.ResponseWriter, r *http.Request) error {
	c := ical.Calendar{}
	_, err := w.Read(r, "calendar", func(tx *db.Tx, p *frame.Page) error {
		choice, err := choiceOf(r)
		if err != nil {
			return err
		}
		reader := *p
		reader.Actor = access.Visitor()
		all, _, err := w.Cache.Activities(r.Context(), tx, &reader)
		if err != nil {
			return err
		}
		c.Name, c.Made = p.Of(p.Programme.Name), tx.Now.Time()
		for _, a := range all.Choose(choice) {
			c.Events = append(c.Events, a.Event(p.Language))
		}
		return nil
	})
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := ical.Write(&b, c); err != nil {
		return err
	}
	return serve.Send(out, serve.Download{Name: "calendar.ics", Type: ical.Type, Bytes: b.Bytes()})
}

// subscription is the address of the calendar as it is chosen here, in the reader's language.
func (c calendarPage) subscription() string {
	q := url.Values{"lang": {string(c.Language)}}
	if c.Round != "" {
		q.Set("programme", c.Round)
	}
	for name, value := range choices(c.Choice) {
		if value != "" {
			q.Set(name, value)
		}
	}
	u := url.URL{Path: "/calendar.ics", RawQuery: q.Encode()}
	return u.RequestURI()
}

func choices(c report.Choice) map[string]string {
	return map[string]string{"market": c.Market, "sector": c.Sector, "need": c.Need, "type": string(c.Type), "organiser": c.Organisation}
}
