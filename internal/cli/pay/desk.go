package pay

import (
	"fmt"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/sepa"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/payment"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/text"
)

// deskCommand decides lines of the bank's statements that nothing matches.
type deskCommand struct {
	List    deskList    `cmd:"" default:"1" help:"The lines that wait, and what each can be."`
	Assign  deskAssign  `cmd:"" help:"Say which payment or which debt of a partner a line is, with a reason."`
	Dismiss deskDismiss `cmd:"" help:"Set a line aside that is none of the programme's, with a reason."`
}

type deskList struct {
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that leads."`
}

// waiting is a line of the desk as the command line shows it.
type waiting struct {
	Line     string      `json:"line"`
	BookedOn period.Date `json:"booked_on"`
	Amount   string      `json:"amount"`
	Party    string      `json:"party,omitempty"`
	Words    string      `json:"words,omitempty"`
	Why      string      `json:"why"`
	Fits     []fit       `json:"fits"`
}

// fit is a payment that a line can be, whole or in part.
type fit struct {
	Payment string      `json:"payment"`
	Partner string      `json:"partner"`
	Year    period.Year `json:"year"`
	Amount  string      `json:"amount"`
	Part    bool        `json:"part"`
}

func (c *deskList) Run(r *command.Run) error {
	out := []waiting{}
	err := r.ReadIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		d, err := payment.LoadDesk(r, tx, by, g.ID)
		for _, l := range d.Open {
			w := waiting{string(l.ID), l.BookedOn, l.Amount.String(), l.Party, l.Words, r.Language().Say(l.WhyKey(), nil), []fit{}}
			for part, all := range map[bool][]payment.Fitting{false: l.Fits(d.Payments), true: l.Parts(d.Payments)} {
				for _, f := range all {
					w.Fits = append(w.Fits, fit{string(f.ID), f.Name, f.Year, f.Amount.String(), part})
				}
			}
			out = append(out, w)
		}
		return err
	})
	if err != nil || r.Format == "json" {
		if err != nil {
			return err
		}
		return command.WriteJSON(r.Out, out)
	}
	for _, w := range out {
		fmt.Fprintf(r.Out, "%s  %s %14s  %s %s (%s)\n", w.Line, w.BookedOn, w.Amount, w.Party, w.Words, w.Why)
		for _, f := range w.Fits {
			fmt.Fprintf(r.Out, "    %s  %s %d %14s\n", f.Payment, f.Partner, f.Year, f.Amount)
		}
	}
	return nil
}

type deskAssign struct {
	Line      string      `arg:"" help:"The line, as the list names it."`
	Programme string      `placeholder:"CODE" help:"Code of the programme; without it, the one that leads."`
	Payment   string      `placeholder:"ID" help:"The payment that it is, whole or in part."`
	Partner   string      `placeholder:"CODE" help:"The partner that pays back."`
	Year      period.Year `help:"The year of which it pays back."`
	Reason    string      `required:"" help:"Why."`
}

func (c *deskAssign) Run(r *command.Run) error {
	return r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		to := payment.Assigned{Payment: id.Payment(c.Payment), Year: c.Year, Reason: c.Reason}
		if c.Partner != "" {
			years, err := settlement.AgreementYears(r, tx, g.ID, c.Partner, c.Year)
			if err != nil {
				return err
			}
			if len(years) != 1 {
				return fault.Invalid("year", "settlement.no_agreement_year", nil)
			}
			to.Agreement = years[0].Agreement
		}
		return payment.Assign(r, tx, by, g.ID, id.Line(c.Line), to)
	})
}

type deskDismiss struct {
	Line      string `arg:"" help:"The line, as the list names it."`
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that leads."`
	Reason    string `required:"" help:"Why."`
}

func (c *deskDismiss) Run(r *command.Run) error {
	return r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		return payment.Dismiss(r, tx, by, g.ID, id.Line(c.Line), c.Reason)
	})
}

type accountCommand struct {
	List    accountList    `cmd:"" default:"1" help:"The bank accounts of partners and of the agency, with their history; numbers are masked."`
	Propose accountPropose `cmd:"" help:"Propose a bank account; somebody else confirms it."`
	Confirm accountConfirm `cmd:"" help:"Confirm an account that somebody else proposed."`
	Refuse  accountRefuse  `cmd:"" help:"Refuse a proposed account, with a reason."`
}

type accountList struct {
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that leads."`
}

// known is a bank account as the command line shows it.
type known struct {
	Account   string      `json:"account"`
	Name      string      `json:"organisation"`
	IBAN      string      `json:"iban_masked"`
	Holder    string      `json:"holder"`
	State     string      `json:"state"`
	Effective period.Date `json:"effective_on,omitempty"`
}

func (c *accountList) Run(r *command.Run) error {
	out := []known{}
	err := r.ReadIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		all, err := payment.Accounts(r, tx, by, g.ID)
		for _, a := range all {
			out = append(out, known{string(a.ID), a.Name, a.IBAN.Mask(), a.Holder, a.State, a.EffectiveOn})
		}
		return err
	})
	if err != nil {
		return err
	}
	if r.Format == "json" {
		return command.WriteJSON(r.Out, out)
	}
	for _, a := range out {
		fmt.Fprintf(r.Out, "%s  %-28s %s  %s %s\n", a.Account, a.Name, a.IBAN, r.Language().Say(access.StateKey(a.State), nil), a.Effective)
	}
	return nil
}

type accountPropose struct {
	Organisation string `arg:"" help:"Code of the partner or of the agency."`
	IBAN         string `arg:"" name:"iban" help:"The account."`
	Holder       string `required:"" help:"In whose name it is."`
	BIC          string `name:"bic" help:"Where the bank needs it."`
	Programme    string `placeholder:"CODE" help:"Code of the programme; without it, the one that leads."`
}

func (c *accountPropose) Run(r *command.Run) error {
	var account id.Account
	err := r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		all, err := programme.Organisations(r, tx)
		if err != nil {
			return err
		}
		n := payment.Account{IBAN: sepa.IBAN(c.IBAN), BIC: c.BIC, Holder: c.Holder}
		for _, o := range all {
			if strings.EqualFold(o.Code, c.Organisation) {
				n.Organisation = o.ID
			}
		}
		if n.Organisation == "" {
			return fault.Invalid("organisation", "api.no_organisation", text.Args{"found": c.Organisation})
		}
		account, err = payment.Propose(r, tx, by, g.ID, n)
		return err
	})
	if err == nil {
		fmt.Fprintln(r.Out, account)
	}
	return err
}

type accountConfirm struct {
	Account   string `arg:"" help:"The account, as the list names it."`
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that leads."`
}

func (c *accountConfirm) Run(r *command.Run) error {
	var from period.Date
	err := r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) (err error) {
		from, err = payment.Confirm(r, tx, by, g.ID, id.Account(c.Account))
		return err
	})
	if err == nil {
		r.Say("cli.account_counts", text.Args{"on": from})
	}
	return err
}

type accountRefuse struct {
	Account   string `arg:"" help:"The account, as the list names it."`
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that leads."`
	Reason    string `required:"" help:"Why."`
}

func (c *accountRefuse) Run(r *command.Run) error {
	return r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		return payment.Refuse(r, tx, by, g.ID, id.Account(c.Account), c.Reason)
	})
}
