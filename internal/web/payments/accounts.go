package payments

import (
	"net/http"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/sepa"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/payment"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// accountsPage is the bank accounts of partners and of the agency, with what was proposed, by whom, and from when it counts.
type accountsPage struct {
	frame.Page
	former
	Waiting []payment.Account // proposed
	Known   []payment.Account // decided, the newest first for each organisation
	Holders []programme.Organisation
}

func (w pages) accounts(out http.ResponseWriter, r *http.Request) error {
	return w.showAccounts(out, r, http.StatusOK, accountsPage{})
}

func (w pages) showAccounts(out http.ResponseWriter, r *http.Request, status int, c accountsPage) error {
	p, err := w.Read(r, "accounts", func(tx *db.Tx, p *frame.Page) error {
		all, err := payment.Accounts(r.Context(), tx, p.Actor, p.Programme.ID)
		for _, a := range all {
			if a.State == "proposed" {
				c.Waiting = append(c.Waiting, a)
			} else {
				c.Known = append(c.Known, a)
			}
		}
		if err != nil {
			return err
		}
		c.Holders, err = holders(r, tx, *p)
		return err
	})
	if err != nil {
		return err
	}
	p.Title, p.AsOf, p.Year = p.T("menu.accounts"), "", 0
	p.Path = []frame.Crumb{{Label: p.Title}}
	notice(&p)
	c.Page = p
	return w.RenderStatus(out, r, status, accountsTempl(c))
}

// holders are the organisations for which the reader may propose an account.
func holders(r *http.Request, tx *db.Tx, p frame.Page) (all []programme.Organisation, err error) {
	of, err := partners(r, tx, p.Programme.ID)
	if err != nil {
		return nil, err
	}
	every, err := programme.Organisations(r.Context(), tx)
	for _, o := range every {
		if _, partner := of[o.ID]; !partner && o.ID != p.Programme.Agency {
			continue
		}
		if p.Actor.Can("account.propose", access.Subject{Kind: "account", Partner: o.ID}) {
			all = append(all, o)
		}
	}
	return all, err
}

// propose names an account; it counts once somebody else has confirmed it.
func (w pages) propose(out http.ResponseWriter, r *http.Request) error {
	v := r.PostFormValue
	err := w.write(r, "accounts", func(tx *db.Tx, p frame.Page) error {
		all, err := holders(r, tx, p)
		if err != nil {
			return err
		}
		for _, o := range all {
			if o.Code == v("organisation") {
				_, err := payment.Propose(r.Context(), tx, p.Actor, p.Programme.ID,
					payment.Account{Organisation: o.ID, IBAN: sepa.IBAN(v("iban")), BIC: v("bic"), Holder: v("holder")})
				return err
			}
		}
		return fault.Invalid("organisation", "payments.no_holder", nil)
	})
	return w.afterAccount(out, r, err, "account_propose")
}

// decideAccount confirms or refuses a proposed account.
func (w pages) decideAccount(out http.ResponseWriter, r *http.Request) error {
	verb := r.PathValue("verb")
	err := w.write(r, "accounts", func(tx *db.Tx, p frame.Page) error {
		account := id.Account(r.PostFormValue("account"))
		switch verb {
		case "confirm":
			_, err := payment.Confirm(r.Context(), tx, p.Actor, p.Programme.ID, account)
			return err
		case "refuse":
			return payment.Refuse(r.Context(), tx, p.Actor, p.Programme.ID, account, r.PostFormValue("why"))
		}
		return fault.Missing("claims.no_verb", nil)
	})
	return w.afterAccount(out, r, err, "account_"+verb)
}

func (w pages) afterAccount(out http.ResponseWriter, r *http.Request, err error, done string) error {
	if f, status, is := refused(r, err); is {
		return w.showAccounts(out, r, status, accountsPage{former: f})
	}
	if err != nil {
		return err
	}
	return back(out, r, "/accounts", done)
}

func (c accountsPage) answer() string {
	counting := map[id.Organisation]bool{}
	for _, a := range c.Known {
		if c.state(a) == "active" {
			counting[a.Organisation] = true
		}
	}
	if len(c.Waiting) > 0 {
		return c.T("payments.accounts_waiting", "n", len(c.Waiting))
	}
	return c.T("payments.accounts_answer", "n", len(counting))
}

// state is what an account is today: active, or confirmed and still cooling, or replaced by a later one, or refused.
func (c accountsPage) state(a payment.Account) string {
	switch {
	case a.State != "confirmed":
		return a.State
	case a.EffectiveOn > c.Today:
		return "cooling"
	}
	for _, other := range c.Known {
		later := other.EffectiveOn > a.EffectiveOn || other.EffectiveOn == a.EffectiveOn && other.ID > a.ID
		if other.Organisation == a.Organisation && other.State == "confirmed" && other.EffectiveOn <= c.Today && later {
			return "replaced"
		}
	}
	return "active"
}

func (c accountsPage) mayConfirm(a payment.Account) bool {
	return c.Actor.Can("account.confirm", a.Subject())
}

// next tells whether an account is the first that waits for the reader: one button of a page is primary.
func (c accountsPage) next(a payment.Account) bool {
	i := slices.IndexFunc(c.Waiting, c.mayConfirm)
	return i >= 0 && c.Waiting[i].ID == a.ID
}

func (c accountsPage) mayRefuse(a payment.Account) bool {
	return c.Actor.Can("account.refuse", a.Subject())
}

// refuseKey is what turning a proposed account down is to the reader: those who do not decide on it take it back.
func (c accountsPage) refuseKey() text.Key {
	if c.Can("account.confirm") {
		return "payments.do_refuse"
	}
	return "payments.do_withdraw"
}

// number is in full where somebody has to check it against a paper, and masked everywhere else.
func (c accountsPage) number(a payment.Account) string {
	if c.mayConfirm(a) {
		return a.IBAN.Show()
	}
	return a.IBAN.Mask()
}
