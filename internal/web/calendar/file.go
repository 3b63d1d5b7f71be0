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

// file is the calendar for programs that subscribe to it, as the address chooses: what is published, whoever asks; with a key in the address what
// its person sees on the page.
func (w pages) file(out http.ResponseWriter, r *http.Request) error {
	c := ical.Calendar{}
	var shown access.CalendarKey
	_, err := w.Read(r, "calendar", func(tx *db.Tx, p *frame.Page) error {
		reader := *p
		reader.Actor = access.Visitor()
		if keys := r.URL.Query()["key"]; keys != nil {
			var err error
			if reader.Actor, shown, err = w.door.Enter(r.Context(), tx, keys[0], frame.ClientAddress(r)); err != nil {
				return err
			}
			reader.Language = reader.Actor.Language // a program that subscribes chose none
		}
		choice, err := choiceOf(r)
		if err != nil {
			return err
		}
		if shown.ID != "" && r.URL.Query().Get("attended") != "" {
			own, err := report.OwnParticipations(r.Context(), tx, reader.Actor, p.Programme.ID)
			if err != nil {
				return err
			}
			choice.Only = attendedOnly(own)
		}
		all, _, err := w.Cache.Activities(r.Context(), tx, &reader)
		if err != nil {
			return err
		}
		c.Name, c.Made = reader.Of(p.Programme.Name), tx.Now.Time()
		for _, a := range all.Choose(choice) {
			c.Events = append(c.Events, a.Event(reader.Language))
		}
		return nil
	})
	if err == nil && shown.ID != "" {
		err = access.CalendarKeyUsed(r.Context(), w.DB, shown)
	}
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
	q := subscribed(c.Page, c.Choice)
	q.Set("lang", string(c.Language))
	return address("/calendar.ics", q)
}

// keyAction is where a key is made, with the filters that its address shall have.
func (c calendarPage) keyAction() string {
	q := subscribed(c.Page, c.Choice)
	if c.Choice.Only != nil {
		q.Set("attended", "1")
	}
	return address("/calendar/key", q)
}

// subscribed is what an address that programs ask for keeps of a choice.
func subscribed(p frame.Page, c report.Choice) url.Values {
	q := url.Values{}
	if p.Round != "" {
		q.Set("programme", p.Round)
	}
	for name, value := range map[string]string{"market": c.Market, "sector": c.Sector, "need": c.Need, "type": string(c.Type), "organiser": c.Organisation} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

func address(path string, q url.Values) string {
	u := url.URL{Path: path, RawQuery: q.Encode()}
	return u.RequestURI()
}
