package api

import (
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/programme"
)

// Agreement is the contract of the agency with one partner.
type Agreement struct {
	Partner    string      `json:"partner" doc:"Code of the organisation"`
	State      string      `json:"state" enum:"draft,negotiating,agreed,signed,active,closed,abandoned,terminated"`
	Version    int         `json:"version"`
	Starts     Day         `json:"starts_on"`
	Ends       Day         `json:"ends_on"`
	Signed     Day         `json:"signed_on,omitempty"`
	Ceilings   []Ceiling   `json:"ceilings" nullable:"false"`
	Objectives []Objective `json:"objectives" nullable:"false"`
}

// Ceiling is what the agency pays at most in a year.
type Ceiling struct {
	Year    int   `json:"year"`
	Amount  Money `json:"amount" doc:"As signed"`
	Carried Money `json:"carried" doc:"From the year before, by decision"`
}

// Objective is a concrete aim; the KPIs that measure it are at /kpis.
type Objective struct {
	Code  string `json:"code"`
	Goal  string `json:"goal" doc:"Code of the goal of the strategy that it serves"`
	Words Words  `json:"words"`
}

// AgreementsIn asks for agreements.
type AgreementsIn struct {
	InProgramme
	Paged
}

// AgreementIn asks for one.
type AgreementIn struct {
	InProgramme
	Cached
	Partner string `path:"partner" doc:"Code of the partner" example:"voka"`
}

func (a *API) agreements() {
	list(a, endpoint{id: "list-agreements", path: "/programmes/{programme}/agreements", noun: "Agreements",
		summary: "The agreements that the caller may read", verb: "agreement.read"},
		func(c *call, in *AgreementsIn) ([]Agreement, string, error) {
			all, err := agreement.List(c, c.tx, c.by.ScopeFor("agreement.read"), c.g.ID)
			if err != nil {
				return nil, "", err
			}
			page, next, err := cut(all, in.Paged, func(x agreement.Agreement) string { return x.Partner.Code })
			if err != nil {
				return nil, "", err
			}
			items := make([]Agreement, len(page))
			for i, x := range page {
				if items[i], err = agreementOut(c, x); err != nil {
					return nil, "", err
				}
			}
			return items, next, nil
		})
	get(a, endpoint{id: "get-agreement", path: "/programmes/{programme}/agreements/{partner}", noun: "Agreements",
		summary: "One partner's agreement", verb: "agreement.read"},
		func(c *call, in *AgreementIn) (Agreement, error) {
			x, err := agreement.ByPartner(c, c.tx, c.by.ScopeFor("agreement.read"), c.g.ID, in.Partner)
			if err != nil {
				return Agreement{}, err
			}
			return agreementOut(c, x)
		})
}

func agreementOut(c *call, x agreement.Agreement) (Agreement, error) {
	out := Agreement{Partner: x.Partner.Code, State: string(x.State), Version: x.Version, Starts: dayOf(x.Starts), Ends: dayOf(x.Ends),
		Signed: dayOf(x.Signed), Ceilings: []Ceiling{}, Objectives: []Objective{}}
	for _, y := range x.Ceilings {
		out.Ceilings = append(out.Ceilings, Ceiling{Year: int(y.Year), Amount: moneyOf(y.Amount), Carried: moneyOf(y.Carried)})
	}
	goals, err := goalsOf(c, c.tx, c.g)
	if err != nil {
		return out, err
	}
	objectives, err := agreement.Objectives(c, c.tx, c.g.ID, x.ID)
	for _, o := range objectives {
		out.Objectives = append(out.Objectives, Objective{Code: o.Code, Goal: goals[string(o.Goal)], Words: wordsOf(o.Words)})
	}
	return out, err
}

func goalsOf(c *call, tx *db.Tx, g programme.Programme) (map[string]string, error) {
	goals, err := programme.Goals(c, tx, g.ID)
	codes := map[string]string{}
	for _, x := range goals {
		codes[string(x.ID)] = x.Code
	}
	return codes, err
}
