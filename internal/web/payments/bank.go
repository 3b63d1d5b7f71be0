package payments

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/camt"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/payment"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// largestStatement is what a page takes in at once; a larger file goes through the command line.
const largestStatement = 6 << 20

// bankPage is the desk of lines that wait, an import that is looked at first, and the statements read.
type bankPage struct {
	frame.Page
	former
	payment.Desk
	Look *payment.Import // of a file that is not imported yet
	File string          // that file, to be imported as it was shown
	Name string
}

func (w pages) bank(out http.ResponseWriter, r *http.Request) error {
	return w.showBank(out, r, http.StatusOK, bankPage{})
}

func (w pages) showBank(out http.ResponseWriter, r *http.Request, status int, c bankPage) error {
	p, err := w.Read(r, "payments", func(tx *db.Tx, p *frame.Page) (err error) {
		c.Desk, err = payment.LoadDesk(r.Context(), tx, p.Actor, p.Programme.ID)
		return err
	})
	if err != nil {
		return err
	}
	p.Title, p.AsOf, p.Year = p.T("payments.bank"), "", 0
	p.Path = []frame.Crumb{{Label: p.T("menu.payments"), Href: p.Link("/payments")}, {Label: p.Title}}
	notice(&p)
	c.Page = p
	return w.RenderStatus(out, r, status, bankTempl(c))
}

// statement is a bank's file as it was sent.
type statement struct {
	name string
	raw  []byte
	read []camt.Statement
}

func readStatement(name string, from io.Reader) (statement, error) {
	raw, err := io.ReadAll(io.LimitReader(from, largestStatement+1))
	if err != nil {
		return statement{}, err
	}
	if len(raw) > largestStatement {
		return statement{}, fault.Invalid("file", "payments.statement_large", nil)
	}
	read, err := camt.Read(bytes.NewReader(raw))
	return statement{name, raw, read}, fault.At("file", err)
}

func (s statement) hash() string {
	sum := sha256.Sum256(s.raw)
	return hex.EncodeToString(sum[:])
}

// preview shows what importing a statement would do; the file goes along in the page, to be imported as it was shown.
func (w pages) preview(out http.ResponseWriter, r *http.Request) error {
	part, head, err := r.FormFile("file")
	if err != nil {
		return w.refuseStatement(out, r, fault.Invalid("file", "claims.file_needed", nil))
	}
	defer part.Close()
	s, err := readStatement(head.Filename, part)
	if err != nil {
		return w.refuseStatement(out, r, err)
	}
	p, err := w.Read(r, "payments", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	look, err := payment.Preview(r.Context(), w.DB, p.Actor, p.Programme.ID, p.Programme.Agency, s.name, s.hash(), s.read)
	if err != nil {
		return w.refuseStatement(out, r, err)
	}
	return w.showBank(out, r, http.StatusOK, bankPage{Look: &look, Name: s.name, File: base64.StdEncoding.EncodeToString(s.raw)})
}

func (w pages) refuseStatement(out http.ResponseWriter, r *http.Request, err error) error {
	if f, status, is := refused(r, err); is {
		return w.showBank(out, r, status, bankPage{former: f})
	}
	return err
}

// keep imports what was shown.
func (w pages) keep(out http.ResponseWriter, r *http.Request) error {
	s, err := readStatement(r.PostFormValue("name"), base64.NewDecoder(base64.StdEncoding, strings.NewReader(r.PostFormValue("content"))))
	if err != nil {
		return w.refuseStatement(out, r, fault.Invalid("file", "payments.statement_lost", nil))
	}
	err = w.write(r, "payments", func(tx *db.Tx, p frame.Page) error {
		_, err := payment.Read(r.Context(), tx, p.Actor, p.Programme.ID, p.Programme.Agency, s.name, s.hash(), s.read)
		return err
	})
	if err != nil {
		return w.refuseStatement(out, r, err)
	}
	return back(out, r, "/payments/bank", "import")
}

// decide says what a line of the desk is: a payment, money that a partner owes back, or none of ours; with a reason.
func (w pages) decide(out http.ResponseWriter, r *http.Request) error {
	v := r.PostFormValue
	to := payment.Assigned{Reason: v("reason")}
	kind, what, _ := strings.Cut(v("as"), ":")
	switch kind {
	case "payment":
		to.Payment = id.Payment(what)
	case "owed":
		agreement, year, _ := strings.Cut(what, ":")
		to.Agreement = id.Agreement(agreement)
		to.Year, _ = period.ParseYear(year) // 0 names no agreement-year
	}
	err := w.write(r, "payments", func(tx *db.Tx, p frame.Page) error {
		if kind == "none" {
			return payment.Dismiss(r.Context(), tx, p.Actor, p.Programme.ID, id.Line(v("line")), to.Reason)
		}
		return payment.Assign(r.Context(), tx, p.Actor, p.Programme.ID, id.Line(v("line")), to)
	})
	if err != nil {
		return w.refuseStatement(out, r, err)
	}
	return back(out, r, "/payments/bank", "decide")
}

func (c bankPage) answer() string {
	if c.Look != nil {
		return c.T("payments.look_says", "n", c.Look.Fresh, "lines", c.Look.Lines, "matched", c.Look.Matched, "open", c.Look.Open)
	}
	return c.T("payments.bank_answer", "n", len(c.Open))
}

// owedHref opens what partners owe back of a year to its postings.
func (c bankPage) owedHref(o payment.Recovery) string {
	return c.Link("/ledger", "account", string(ledger.Recoverable), "year", o.Year.String())
}

func (c bankPage) why(l payment.Line) string { return c.T(l.WhyKey()) }

// what a line says of itself.
func (c bankPage) says(l payment.Line) string {
	var all []string
	for _, s := range []string{l.Words, l.Reference, l.MaskedAccount(), l.Returned} {
		if s != "" {
			all = append(all, s)
		}
	}
	return strings.Join(all, " · ")
}

// options are what a line can be: payments that fit it first, then those of which it is a part, then what partners owe.
func (c bankPage) options(l payment.Line) []frame.Option {
	var all []frame.Option
	add := func(key text.Key, value, name string, year period.Year, amount money.Amount) {
		all = append(all, frame.Option{Value: value, Label: c.T(key, "partner", name, "year", year, "amount", amount)})
	}
	for _, f := range l.Fits(c.Payments) {
		key := text.Key("payments.as_executed")
		if l.Amount > 0 {
			key = "payments.as_returned"
		}
		add(key, "payment:"+string(f.ID), f.Name, f.Year, f.Amount)
	}
	for _, f := range l.Parts(c.Payments) {
		add("payments.as_part", "payment:"+string(f.ID), f.Name, f.Year, f.Amount)
	}
	for _, o := range c.Recoveries {
		if l.Amount > 0 && l.Amount <= o.Amount {
			add("payments.as_repaid", "owed:"+string(o.Agreement)+":"+o.Year.String(), o.Name, o.Year, o.Amount)
		}
	}
	return append(all, frame.Option{Value: "none", Label: c.T("payments.as_none")})
}

// signed is an amount with its sign: minus went out.
func (c bankPage) signed(a money.Amount) string { return c.Money(a) }
