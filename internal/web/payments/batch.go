package payments

import (
	"net/http"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/payment"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// batchPage is one batch, from its preparation to what the bank made of it.
type batchPage struct {
	frame.Page
	former
	B        payment.Batch
	Sent     []payment.Sent
	Partners map[id.Organisation]programme.Organisation
}

func (w pages) batch(out http.ResponseWriter, r *http.Request) error {
	return w.showBatch(out, r, http.StatusOK, batchPage{})
}

func (w pages) showBatch(out http.ResponseWriter, r *http.Request, status int, c batchPage) error {
	p, err := w.Read(r, "payments", func(tx *db.Tx, p *frame.Page) (err error) {
		if c.B, err = numbered(r, tx, *p); err != nil {
			return err
		}
		if c.Partners, err = partners(r, tx, p.Programme.ID); err != nil {
			return err
		}
		c.Sent, err = payment.Of(r.Context(), tx, p.Programme.ID, c.B.ID)
		return err
	})
	if err != nil {
		return err
	}
	p.Title, p.AsOf, p.Year = p.T("payments.batch_title", "code", c.B.Code()), "", 0
	p.Path = []frame.Crumb{{Label: p.T("menu.payments"), Href: p.Link("/payments")}, {Label: c.B.Code()}}
	notice(&p)
	c.Page = p
	return w.RenderStatus(out, r, status, batchTempl(c))
}

// numbered is the batch of the address.
func numbered(r *http.Request, tx *db.Tx, p frame.Page) (payment.Batch, error) {
	n, err := strconv.Atoi(r.PathValue("number"))
	if err != nil {
		return payment.Batch{}, fault.Missing("payment.no_batch", nil)
	}
	return payment.Numbered(r.Context(), tx, p.Actor, p.Programme.ID, n)
}

// actOnBatch approves, discards, exports or records a refusal; an export answers with the bank's file, the same each time.
func (w pages) actOnBatch(out http.ResponseWriter, r *http.Request) error {
	ctx, verb := r.Context(), r.PathValue("verb")
	var file payment.File
	err := w.write(r, "payments", func(tx *db.Tx, p frame.Page) error {
		b, err := numbered(r, tx, p)
		if err != nil {
			return err
		}
		switch verb {
		case "approve":
			return payment.Approve(ctx, tx, p.Actor, p.Programme.ID, b.ID)
		case "discard":
			return payment.Discard(ctx, tx, p.Actor, p.Programme.ID, b.ID)
		case "export":
			file, err = payment.Export(ctx, tx, p.Actor, p.Programme, b.ID)
			return err
		case "reject":
			_ = r.PostFormValue("why") // reads the form
			var chosen []id.Payment
			for _, s := range r.PostForm["payment"] {
				chosen = append(chosen, id.Payment(s))
			}
			return payment.Reject(ctx, tx, p.Actor, p.Programme.ID, b.ID, chosen, r.PostFormValue("why"))
		}
		return fault.Missing("claims.no_verb", nil)
	})
	if f, status, is := refused(r, err); is {
		return w.showBatch(out, r, status, batchPage{former: f})
	}
	if err != nil {
		return err
	}
	if verb == "export" {
		return serve.Send(out, serve.Download{Name: file.Name, Type: "application/xml", Bytes: []byte(file.Content)})
	}
	return back(out, r, "/payments/batches/"+r.PathValue("number"), verb)
}

func (c batchPage) answer() string {
	return c.T(text.Key("payments.batch_"+underscored(c.B.State)), "code", c.B.Code(), "n", c.B.Payments, "amount", c.B.Total, "on", c.B.ExecuteOn)
}

func (c batchPage) may(verb access.VerbName) bool { return c.Actor.Can(verb, c.B.Subject()) }

// account is in full for whom the batch waits to be checked by, and masked for everybody else.
func (c batchPage) account(s payment.Sent) string {
	if c.may("batch.approve") || c.may("batch.export") {
		return s.IBAN.Show()
	}
	return s.IBAN.Mask()
}

func (c batchPage) exported() bool { return c.B.SHA256 != "" && c.Can("batch.export") }

func (c batchPage) href(s payment.Sent) string {
	return moneyOf(c.Page, c.Partners[s.Partner].Code, s.Kind, s.Number, s.Year)
}

func (c batchPage) action(verb string) string { return c.Action(batchPath(c.B.Number) + "/" + verb) }

// waiting are the payments on which the bank has not spoken.
func (c batchPage) waiting() (all []payment.Sent) {
	for _, s := range c.Sent {
		if s.State == "approved" {
			all = append(all, s)
		}
	}
	return all
}

func underscored(state string) string {
	b := []byte(state)
	for i := range b {
		if b[i] == '-' {
			b[i] = '_'
		}
	}
	return string(b)
}
