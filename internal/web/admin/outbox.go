package admin

import (
	"net/http"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/mail"
	"errera.eu/errera/internal/web/frame"
)

// outboxPage is the letters that were sent, or kept where no mail server is set; with one of them open, its words.
type outboxPage struct {
	frame.Page
	Mails []mail.Mail
	Open  *mail.Mail
	Next  id.Mail
}

// outboxRows is how many letters a page shows.
const outboxRows = 50

func (w pages) outbox(out http.ResponseWriter, r *http.Request) error {
	var c outboxPage
	p, err := w.Read(r, "outbox", func(tx *db.Tx, p *frame.Page) error {
		before := id.Mail("")
		if v := r.URL.Query().Get("after"); v != "" {
			parsed, err := id.Parse[id.Mail](v)
			if err != nil {
				return frame.BadFilter("after", v)
			}
			before = parsed
		}
		var err error
		c.Mails, err = mail.Outbox(r.Context(), tx, p.Actor, p.Programme.ID, before, outboxRows+1)
		return err
	})
	if err != nil {
		return err
	}
	if len(c.Mails) > outboxRows {
		c.Mails = c.Mails[:outboxRows]
		c.Next = c.Mails[outboxRows-1].ID
	}
	return w.renderOutbox(out, r, p, c)
}

func (w pages) letter(out http.ResponseWriter, r *http.Request) error {
	var c outboxPage
	p, err := w.Read(r, "outbox", func(tx *db.Tx, p *frame.Page) error {
		m, err := mail.Load(r.Context(), tx, p.Actor, p.Programme.ID, id.Mail(r.PathValue("id")))
		c.Open = &m
		return err
	})
	if err != nil {
		return err
	}
	return w.renderOutbox(out, r, p, c)
}

func (w pages) renderOutbox(out http.ResponseWriter, r *http.Request, p frame.Page, c outboxPage) error {
	p.Title = p.T("menu.outbox")
	p.Path = []frame.Crumb{{Label: p.Title}}
	if c.Open != nil {
		p.Path = []frame.Crumb{{Label: p.Title, Href: p.Action("/outbox")}, {Label: c.Open.Subject}}
		p.Title = c.Open.Subject
	}
	p.Year, p.AsOf = 0, ""
	c.Page = p
	return w.Render(out, r, outboxTempl(c))
}

// answer says how many of the shown letters did not go out.
func (c outboxPage) answer() string {
	kept, stuck := 0, 0
	for _, m := range c.Mails {
		switch m.State {
		case mail.Kept:
			kept++
		case mail.Refused, mail.Failed:
			stuck++
		}
	}
	switch {
	case len(c.Mails) == 0:
		return c.T("outbox.answer_none")
	case stuck > 0:
		return c.T("outbox.answer_stuck", "n", stuck)
	case kept > 0:
		return c.T("outbox.answer_kept", "n", kept)
	}
	return c.T("outbox.answer_sent", "n", len(c.Mails))
}

// mailMark is the shape of a letter's state.
func mailMark(s mail.State) string {
	switch s {
	case mail.Sent:
		return "verified"
	case mail.Refused, mail.Failed:
		return "at-risk"
	case mail.Kept:
		return "parked"
	}
	return "planned"
}
