package signatures

import (
	"context"
	"net/http"
	"net/url"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/signing"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// signingPage is one agreement on its way from agreed to sealed.
type signingPage struct {
	frame.Page
	signing.Sheet
	Partner string // code
	Missing bool   // nothing is agreed yet
	Mine    bool   // it is the reader's turn
	Fault   *fault.Fault
}

func (w pages) signing(out http.ResponseWriter, r *http.Request) error {
	return w.show(out, r, nil)
}

// show renders the page, with the fault of a form where there was one.
func (w pages) show(out http.ResponseWriter, r *http.Request, wrong *fault.Fault) error {
	c := signingPage{Partner: r.PathValue("partner"), Fault: wrong}
	p, err := w.Read(r, "agreements", func(tx *db.Tx, p *frame.Page) (err error) {
		c.Sheet, err = sheetOf(r.Context(), tx, p, c.Partner)
		if f := fault.Of(err); err != nil && f.Key == "signing.nothing" {
			c.Missing = true
			c.Agreement, err = agreement.ByPartner(r.Context(), tx, p.Actor.ScopeFor("agreement.read"), p.Programme.ID, c.Partner)
		}
		return err
	})
	if err != nil {
		return err
	}
	c.Page = p
	c.Mine = !c.Missing && c.Turn(p.Actor)
	label := c.Agreement.Partner.Label()
	c.Title = c.T("signatures.tab", "partner", label)
	c.Path = []frame.Crumb{{Label: c.T("menu.agreements"), Href: c.Link("/agreements")}, {Label: label, Href: c.Link(c.address(""))}, {Label: c.T("signatures.crumb")}}
	c.Year, c.AsOf = 0, ""
	if done := r.URL.Query().Get("done"); done == "signed" {
		c.Notice = c.T("signatures.done", "partner", label)
	}
	status := http.StatusOK
	if wrong != nil {
		status = serve.Status(wrong.Kind)
	}
	return w.RenderStatus(out, r, status, signingTempl(c))
}

// sheetOf is the sheet of a partner's agreement, within what the reader sees.
func sheetOf(ctx context.Context, tx *db.Tx, p *frame.Page, partner string) (signing.Sheet, error) {
	a, err := agreement.ByPartner(ctx, tx, p.Actor.ScopeFor("agreement.read"), p.Programme.ID, partner)
	if err != nil {
		return signing.Sheet{}, err
	}
	return signing.Load(ctx, tx, p.Actor, p.Programme.ID, a.ID)
}

func (w pages) sign(out http.ResponseWriter, r *http.Request) error {
	partner := r.PathValue("partner")
	var x signing.Sheet
	p, err := w.Read(r, "agreements", func(tx *db.Tx, p *frame.Page) (err error) {
		x, err = sheetOf(r.Context(), tx, p, partner)
		return err
	})
	if err != nil {
		return err
	}
	err = w.put(r.Context(), &p, p.Actor, x, signing.Mark{Hash: r.PostFormValue("hash"), Way: signing.InSession})
	return w.after(out, r, partner, err)
}

// put writes one signature.
func (w pages) put(ctx context.Context, p *frame.Page, by access.Actor, x signing.Sheet, m signing.Mark) error {
	return w.DB.Write(ctx, p.Programme.ID, func(tx *db.Tx) error {
		s, err := settlement.SettingFor(ctx, tx, p.Programme, x.Agreement)
		if err != nil {
			return err
		}
		_, err = signing.Put(ctx, tx, by, &s, x.Agreement.ID, m)
		return err
	})
}

// after goes back to the page, or shows it with what was wrong.
func (w pages) after(out http.ResponseWriter, r *http.Request, partner string, err error) error {
	if f := fault.Of(err); err != nil && (f.Kind == fault.KindInvalid || f.Kind == fault.KindConflict || f.Kind == fault.KindUnavailable) {
		return w.show(out, r, f)
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/agreements/"+url.PathEscape(partner)+"/sign", "done", "signed"), http.StatusSeeOther)
	return nil
}

// uploadRoom is what a form may hold beside the file itself.
const uploadRoom = 64 << 10

func (w pages) upload(out http.ResponseWriter, r *http.Request) error {
	partner := r.PathValue("partner")
	var x signing.Sheet
	p, err := w.Read(r, "agreements", func(tx *db.Tx, p *frame.Page) (err error) {
		x, err = sheetOf(r.Context(), tx, p, partner)
		return err
	})
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(out, r.Body, file.MaxBytes+uploadRoom)
	body, head, err := r.FormFile(signing.Field)
	if err != nil {
		return w.show(out, r, fault.Of(fault.Invalid(signing.Field, "signatures.no_file", text.Args{"most": file.MaxBytes >> 20})))
	}
	defer body.Close()
	proof, err := file.Check(r.Context(), w.Scanner, signing.Field, head.Filename, body)
	if err != nil {
		return w.after(out, r, partner, err)
	}
	h, err := signing.Examine(x, proof)
	if err != nil {
		return w.after(out, r, partner, err)
	}
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error {
		s, err := settlement.SettingFor(r.Context(), tx, p.Programme, x.Agreement)
		if err != nil {
			return err
		}
		_, err = signing.PutSigned(r.Context(), tx, p.Actor, &s, x.Agreement.ID, h)
		return err
	})
	return w.after(out, r, partner, err)
}

// document hands the PDF over: the sealed one, or what is to be signed.
func (w pages) document(out http.ResponseWriter, r *http.Request) error {
	partner := r.PathValue("partner")
	var x signing.Sheet
	var sealed []byte
	_, err := w.Read(r, "agreements", func(tx *db.Tx, p *frame.Page) (err error) {
		if x, err = sheetOf(r.Context(), tx, p, partner); err != nil || x.Seal == nil || r.URL.Query().Get("plain") == "1" {
			return err
		}
		sealed, err = signing.Sealed(r.Context(), tx, p.Programme.ID, x)
		return err
	})
	if err != nil {
		return err
	}
	if sealed == nil {
		if sealed, err = signing.Print(x.Version); err != nil {
			return fault.Internal(err)
		}
	}
	return serve.Send(out, serve.Download{Name: "agreement-" + partner + ".pdf", Type: string(file.PDF), Bytes: sealed})
}

// evidence hands over who signed what when.
func (w pages) evidence(out http.ResponseWriter, r *http.Request) error {
	partner := r.PathValue("partner")
	var record []byte
	_, err := w.Read(r, "agreements", func(tx *db.Tx, p *frame.Page) error {
		x, err := sheetOf(r.Context(), tx, p, partner)
		if err != nil {
			return err
		}
		record, err = signing.Record(r.Context(), tx, p.Programme.ID, x)
		return err
	})
	if err != nil {
		return err
	}
	return serve.Send(out, serve.Download{Name: "agreement-" + partner + ".evidence.json", Type: string(file.JSON), Bytes: record})
}

func (c signingPage) address(page string) string {
	return "/agreements/" + url.PathEscape(c.Partner) + page
}

// answer says in one sentence where the signing stands.
func (c signingPage) answer() string {
	label := c.Agreement.Partner.Label()
	if c.Missing {
		return c.T("signatures.answer_none", "partner", label)
	}
	next, more := c.Next()
	switch {
	case c.Before():
		return c.T("signatures.answer_before", "partner", label, "at", c.Agreement.Signed)
	case c.Mine:
		return c.T("signatures.answer_mine", "partner", label)
	case c.Complete():
		return c.T("signatures.answer_all", "partner", label, "at", c.Sheet.Done())
	case more && c.Open():
		return c.T("signatures.answer_next", "partner", label, "name", next.Name)
	}
	return c.T("signatures.answer_none", "partner", label)
}

// last tells whether the next signature is the one that makes it count.
func (c signingPage) last() bool { return len(c.Signatures)+1 == len(c.Version.Document.Signatories) }

// wrongAt tells whether what was wrong belongs to a field.
func (c signingPage) wrongAt(field string) bool { return c.Fault != nil && c.Fault.Field == field }

func partyOf(s signing.Sheet, side agreement.Side) string {
	if side == agreement.OfAgency {
		return s.Version.Document.Agency.Label()
	}
	return s.Version.Document.Partner.Label()
}

// roleOf is as what somebody signs: their title and their side.
func roleOf(s signing.Sheet, x agreement.Signatory) string {
	if x.Title == "" {
		return partyOf(s, x.Side)
	}
	return x.Title + ", " + partyOf(s, x.Side)
}
