package calendar

import (
	"net/http"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/frame"
)

// keyPage shows a calendar address this once.
type keyPage struct {
	frame.Page
	Address string
	Back    string
}

// makeKey makes the reader's calendar address, or makes it anew. It is shown in the answer itself: it is kept nowhere to be shown after a redirect.
func (w pages) makeKey(out http.ResponseWriter, r *http.Request) error {
	choice, err := choiceOf(r)
	if err != nil {
		return err
	}
	p, err := w.Read(r, "calendar", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	var secret string
	err = w.DB.WriteAgency(r.Context(), func(tx *db.Tx) (err error) {
		_, secret, err = access.MakeCalendarKey(r.Context(), tx, serve.Of(r).Actor)
		return err
	})
	if err != nil {
		return err
	}
	q := subscribed(p, choice)
	if r.URL.Query().Get("attended") != "" {
		q.Set("attended", "1")
	}
	c := keyPage{Back: address("/calendar", q)}
	q.Set("key", secret)
	c.Address = w.Outside(r, address("/calendar.ics", q))
	p.Title = p.T("calendar.key_answer")
	p.Path = []frame.Crumb{{Label: p.T("calendar.title"), Href: c.Back}, {Label: p.Title}}
	p.Year, p.AsOf = 0, ""
	p.At("/calendar")
	c.Page = p
	return w.Render(out, r, keyTempl(c))
}

// revokeKey ends the reader's calendar address.
func (w pages) revokeKey(out http.ResponseWriter, r *http.Request) error {
	by := serve.Of(r).Actor
	err := w.DB.WriteAgency(r.Context(), func(tx *db.Tx) error { return access.EndCalendarKey(r.Context(), tx, by, by.Email) })
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/calendar", "done", "revoked"), http.StatusSeeOther)
	return nil
}

// used is when the reader's address was read last.
func (c calendarPage) used() string {
	if c.Key.LastUsed == "" {
		return c.T("calendar.key_never")
	}
	return c.ShortDayYear(c.Key.LastUsed)
}
