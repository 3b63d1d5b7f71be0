package api

import (
	"net/http"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/sepa"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/payment"
)

// AccountsIn asks for bank accounts.
type AccountsIn struct {
	InProgramme
	Paged
}

// ProposeAccountIn proposes one.
type ProposeAccountIn struct {
	InProgramme
	Idempotent
	Body struct {
		Partner string `json:"partner" doc:"Code of the organisation"`
		IBAN    string `json:"iban"`
		BIC     string `json:"bic,omitempty"`
		Holder  string `json:"holder"`
	}
}

// MoveAccountIn confirms or refuses one.
type MoveAccountIn struct {
	InProgramme
	Conditional
	ID string `path:"id"`
}

// RefuseAccountIn refuses one, with the reason.
type RefuseAccountIn struct {
	MoveAccountIn
	Body struct {
		Words string `json:"words"`
	}
}

func (a *API) accounts() {
	const at, noun = "/programmes/{programme}/accounts", "Bank accounts"
	list(a, endpoint{id: "list-accounts", path: at, noun: noun, verb: "account.read", summary: "Bank accounts, masked"},
		func(c *call, in *AccountsIn) ([]Account, string, error) {
			all, err := accountsOf(c)
			if err != nil {
				return nil, "", err
			}
			return cut(all, in.Paged, func(x Account) string { return x.ID })
		})
	create(a, endpoint{id: "create-account", path: at, noun: noun, verb: "account.propose",
		summary: "Propose another account; a second person confirms it, and it counts after the cooling period"},
		func(c *call, in *ProposeAccountIn) (Account, string, error) {
			ids, err := organisationIDs(c)
			if err != nil {
				return Account{}, "", err
			}
			o, there := ids[in.Body.Partner]
			if !there {
				return Account{}, "", fault.Missing("payment.no_account", nil)
			}
			made, err := payment.Propose(c, c.tx, c.by, c.g.ID, payment.Account{Organisation: o, IBAN: sepa.IBAN(in.Body.IBAN), BIC: in.Body.BIC, Holder: in.Body.Holder})
			if err != nil {
				return Account{}, "", err
			}
			out, err := accountOf(c, string(made))
			return out, "/api/v1/programmes/" + c.g.Code + "/accounts", err
		})
	change(a, endpoint{id: "confirm-account", path: at + "/{id}/confirm", noun: noun, verb: "account.confirm", summary: "Confirm an account that somebody else proposed"},
		http.MethodPost, func(c *call, in *MoveAccountIn) (Account, error) { return accountOf(c, in.ID) },
		func(c *call, in *MoveAccountIn) (Account, error) {
			if _, err := payment.Confirm(c, c.tx, c.by, c.g.ID, id.Account(in.ID)); err != nil {
				return Account{}, err
			}
			return accountOf(c, in.ID)
		})
	change(a, endpoint{id: "refuse-account", path: at + "/{id}/refuse", noun: noun, verb: "account.refuse", summary: "Refuse an account, with the reason"},
		http.MethodPost, func(c *call, in *RefuseAccountIn) (Account, error) { return accountOf(c, in.ID) },
		func(c *call, in *RefuseAccountIn) (Account, error) {
			if err := payment.Refuse(c, c.tx, c.by, c.g.ID, id.Account(in.ID), in.Body.Words); err != nil {
				return Account{}, err
			}
			return accountOf(c, in.ID)
		})
}

func accountOf(c *call, account string) (Account, error) {
	all, err := accountsOf(c)
	for _, x := range all {
		if x.ID == account {
			return x, nil
		}
	}
	if err == nil {
		err = fault.Missing("payment.no_account", nil)
	}
	return Account{}, err
}

func accountsOf(c *call) ([]Account, error) {
	all, err := payment.Accounts(c, c.tx, c.by, c.g.ID)
	if err != nil {
		return nil, err
	}
	codes, err := organisationCodes(c)
	var out []Account
	for _, x := range all {
		out = append(out, Account{ID: string(x.ID), Partner: codes[x.Organisation], IBAN: x.IBAN.Mask(), BIC: x.BIC, Holder: x.Holder, State: x.State,
			Proposed: dayOf(x.ProposedOn), Decided: dayOf(x.DecidedOn), Effective: dayOf(x.EffectiveOn), Words: x.Words})
	}
	return out, err
}
