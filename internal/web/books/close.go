package books

import (
	"net/http"

	"errera.eu/errera/internal/books"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/frame"
)

// closePage is the close of the next year, foreseen, and the years that are closed.
type closePage struct {
	frame.Page
	Done  []books.Closed
	Next  period.Year
	Ahead *books.Closing // nil while the year runs
	Names map[id.Organisation]string
	Fault *fault.Fault
}

func (w pages) close(out http.ResponseWriter, r *http.Request) error {
	return w.showClose(out, r, http.StatusOK, nil)
}

func (w pages) showClose(out http.ResponseWriter, r *http.Request, status int, wrong *fault.Fault) error {
	c := closePage{Fault: wrong}
	p, err := w.Read(r, "ledger", func(tx *db.Tx, p *frame.Page) (err error) {
		if c.Done, err = books.List(r.Context(), tx, p.Actor, p.Programme.ID); err != nil {
			return err
		}
		all, err := programme.Organisations(r.Context(), tx) // a partner that has left the programme still has its years
		c.Names = make(map[id.Organisation]string, len(all))
		for _, o := range all {
			c.Names[o.ID] = o.Label()
		}
		return err
	})
	if err != nil {
		return err
	}
	c.Next = books.Next(p.Programme, c.Done)
	ahead, err := books.Foresee(r.Context(), w.DB, p.Actor, p.Programme, c.Next)
	if err == nil {
		c.Ahead = &ahead
	} else if !fault.Is(err, fault.KindConflict) {
		return err
	}
	p.Title, p.Year, p.AsOf = p.T("books.close_title"), 0, ""
	p.Path = []frame.Crumb{{Label: p.T("menu.ledger"), Href: p.Link("/ledger")}, {Label: p.Title}}
	c.Page = p
	return w.RenderStatus(out, r, status, closeTempl(c))
}

// closeYear closes the year that the form was shown for.
func (w pages) closeYear(out http.ResponseWriter, r *http.Request) error {
	p, err := w.Read(r, "ledger", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	year, err := period.ParseYear(r.PostFormValue("year"))
	if err == nil && r.PostFormValue("sure") == "" {
		err = fault.Invalid("sure", "books.close_confirm", nil)
	}
	if err == nil {
		_, err = books.Close(r.Context(), w.DB, p.Actor, p.Programme, year)
	}
	if fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindConflict) {
		f := fault.Of(err)
		return w.showClose(out, r, serve.Status(f.Kind), f)
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/ledger/close", "done", "close"), http.StatusSeeOther)
	return nil
}

func (c closePage) answer() string {
	if c.Ahead == nil {
		return c.T("books.close_running", "year", c.Next, "until", c.Next.Last())
	}
	return c.T("books.close_answer", "year", c.Next, "amount", c.Ahead.Accrued)
}

func (c closePage) wrong() string { return c.Language.Say(c.Fault.Key, c.Fault.Args) }

// postings opens what a line booked until the year's last day.
func (c closePage) postings(l books.Line) string {
	return c.Link("/ledger", "partner", l.Code, "year", l.AgreementYear.Year.String(), "as_of", string(c.Ahead.Until))
}

// closed opens the accruals of a closed year.
func (c closePage) closed(y books.Closed) string {
	return c.Link("/ledger", "account", "Liabilities:Accrued", "as_of", string(y.Year.Last()))
}

func (c closePage) by(y books.Closed) string {
	if y.Name == "" {
		return c.T("books.close_operator")
	}
	return y.Name
}
