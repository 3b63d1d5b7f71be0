package books

import (
	"net/http"
	"slices"
	"strconv"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/web/frame"
)

// ledgerPage is the trial balance and the entries behind it, as one reader chose them.
type ledgerPage struct {
	frame.Page
	*report.Books
	Partners []programme.Organisation
	Partner  string
	Chosen   period.Year // 0: all
	Account  ledger.Account
	Until    period.Date // "": all
	Before   int64
}

func (w pages) ledger(out http.ResponseWriter, r *http.Request) error {
	var c ledgerPage
	var file [][]string
	p, err := w.Read(r, "ledger", func(tx *db.Tx, p *frame.Page) (err error) {
		if c.Partners, err = programme.Partners(r.Context(), tx, p.Programme.ID); err != nil {
			return err
		}
		f, err := c.filter(r, p, func(code string) (id.Agreement, error) {
			return report.AgreementOf(r.Context(), tx, p.Programme.ID, code)
		})
		if err != nil {
			return err
		}
		if frame.FileAsked(r) {
			file, err = report.BookRows(r.Context(), tx, p.Programme.ID, f)
			return err
		}
		c.Books, err = report.LoadBooks(r.Context(), tx, p.Programme.ID, f, c.Before)
		return err
	})
	if err != nil {
		return err
	}
	if c.Books == nil {
		return frame.Sheet{Name: "ledger", Head: c.head(p), Rows: file, Nums: frame.Numbers(6, 7)}.Send(out, r.URL.Query().Get("format"))
	}
	p.Title = p.T("menu.ledger")
	p.Path = []frame.Crumb{{Label: p.Title}}
	p.Year, p.AsOf = 0, "" // the form below has both
	c.Page = p
	return w.Render(out, r, ledgerTempl(c))
}

func (c *ledgerPage) filter(r *http.Request, p *frame.Page, agreementOf func(code string) (id.Agreement, error)) (ledger.Filter, error) {
	q := r.URL.Query()
	c.Partner, c.Account = q.Get("partner"), ledger.Account(q.Get("account"))
	f := ledger.Filter{Account: c.Account}
	if q.Get("year") != "" {
		c.Chosen = p.Year
		f.Year = p.Year
	}
	if q.Get("as_of") != "" {
		c.Until = p.AsOf
		f.AsOf = p.AsOf
	}
	if c.Account != "" && !c.Account.Known() {
		return f, frame.BadFilter("account", string(c.Account))
	}
	if v := q.Get("after"); v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || n < 1 {
			return f, frame.BadFilter("after", v)
		}
		c.Before = n
	}
	if c.Partner == "" {
		return f, nil
	}
	if !slices.ContainsFunc(c.Partners, func(o programme.Organisation) bool { return o.Code == c.Partner }) {
		return f, frame.BadFilter("partner", c.Partner)
	}
	var err error
	f.Agreement, err = agreementOf(c.Partner)
	return f, err
}

func (c ledgerPage) partnerName() string {
	for _, o := range c.Partners {
		if o.Code == c.Partner {
			return o.Label()
		}
	}
	return ""
}

func (c ledgerPage) accountOptions() []frame.Option {
	return frame.Choices(c.Page, ledger.Accounts(), c.Account)
}

// answer says whether the books balance.
func (c ledgerPage) answer() string {
	switch {
	case len(c.Lines) == 0:
		return c.T("books.none")
	case c.Account != "" && len(c.Lines) == 1:
		line := c.Lines[0]
		if line.Credit > 0 {
			return c.T("books.account_credit", "account", c.T(c.Account.Key()), "amount", line.Credit)
		}
		return c.T("books.account_debit", "account", c.T(c.Account.Key()), "amount", line.Debit)
	case c.Debit == c.Credit:
		return c.T("books.balance", "amount", c.Debit)
	}
	return c.T("books.unbalanced", "amount", c.Debit-c.Credit)
}

func (c ledgerPage) lede() string {
	switch {
	case c.Partner != "" && c.Chosen != 0:
		return c.T("books.lede_partner_year", "partner", c.partnerName(), "year", c.Chosen)
	case c.Partner != "":
		return c.T("books.lede_partner", "partner", c.partnerName())
	case c.Chosen != 0:
		return c.T("books.lede_year", "year", c.Chosen)
	}
	return c.T("books.lede")
}

func (c ledgerPage) head(p frame.Page) []string {
	return []string{p.T("books.number"), p.T("books.day"), p.T("books.event"), p.T("costs.partner"), p.T("frame.year"), p.T("books.account"),
		p.T("books.amount"), p.T("books.key")}
}

// of keeps the chosen filters and opens one account.
func (c ledgerPage) of(a ledger.Account) string { return c.With("account", string(a)) }

func (c ledgerPage) next() string { return c.Page.After(strconv.FormatInt(c.Next, 10)) }
