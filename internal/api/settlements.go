package api

import (
	"context"
	"net/http"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/api/operation"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/settlement"
)

// SettlementsIn asks for settlements.
type SettlementsIn struct {
	InProgramme
	Paged
	Partner string `query:"partner"`
	Year    int    `query:"year"`
}

// SettlementIn asks for one.
type SettlementIn struct {
	InProgramme
	Cached
	Partner string `path:"partner"`
	Year    int    `path:"year"`
}

// MoveSettlementIn takes a settlement a step.
type MoveSettlementIn struct {
	InProgramme
	Conditional
	Partner string `path:"partner"`
	Year    int    `path:"year"`
}

// SaySettlementIn takes it a step with words.
type SaySettlementIn struct {
	MoveSettlementIn
	Body struct {
		Words string `json:"words"`
	}
}

// ComputeIn computes a settlement.
type ComputeIn struct {
	InProgramme
	Partner string `path:"partner"`
	Year    int    `path:"year"`
}

const settlementAt = "/programmes/{programme}/settlements/{partner}/{year}"

func (a *API) settlements() {
	a.moveSettlements()
	list(a, endpoint{id: "list-settlements", path: "/programmes/{programme}/settlements", noun: "Settlements", verb: "settlement.read",
		summary: "Settlements in force, by year and partner"},
		func(c *call, in *SettlementsIn) ([]Settlement, string, error) {
			items, err := settlementsOf(c, in.Partner, in.Year)
			if err != nil {
				return nil, "", err
			}
			return cut(items, in.Paged, func(x Settlement) string { return itoa(x.Year) + "." + x.Partner })
		})
	get(a, endpoint{id: "get-settlement", path: settlementAt, noun: "Settlements",
		summary: "The settlement in force of a partner's year", verb: "settlement.read"},
		func(c *call, in *SettlementIn) (Settlement, error) { return settlementOf(c, in.Partner, in.Year) })
}

// moveSettlements registers the verbs on a settlement. Computing twice on the same facts writes nothing, so it needs no key.
func (a *API) moveSettlements() {
	register(a, endpoint{id: "compute-settlement", path: settlementAt + "/compute", noun: "Settlements", verb: "settlement.compute",
		summary: "Compute the settlement of a partner's year; on unchanged facts nothing is written"}, http.MethodPost,
		jsonOf[Settlement](), a.computeSettlement)
	for _, m := range [][2]string{{"communicate", "Send it to the partner; its objection term starts"},
		{"discard", "Throw a computed settlement away"}, {"finalise", "Make it final, once the objection term has passed"}} {
		name, summary := m[0], m[1]
		change(a, endpoint{id: name + "-settlement", path: settlementAt + "/" + name, noun: "Settlements", verb: access.VerbName("settlement." + name),
			summary: summary}, http.MethodPost,
			func(c *call, in *MoveSettlementIn) (Settlement, error) { return settlementOf(c, in.Partner, in.Year) },
			func(c *call, in *MoveSettlementIn) (Settlement, error) { return actOn(c, in, name, "") })
	}
	for _, m := range [][2]string{{"object", "Object within the term, with the reason"}, {"uphold", "Uphold the objection: it is computed anew"},
		{"dismiss", "Dismiss the objection, with the answer"}, {"recall", "Call a communicated settlement back, since money moved"}} {
		name, summary := m[0], m[1]
		change(a, endpoint{id: name + "-settlement", path: settlementAt + "/" + name, noun: "Settlements", verb: access.VerbName("settlement." + name),
			summary: summary}, http.MethodPost,
			func(c *call, in *SaySettlementIn) (Settlement, error) { return settlementOf(c, in.Partner, in.Year) },
			func(c *call, in *SaySettlementIn) (Settlement, error) {
				return actOn(c, &in.MoveSettlementIn, name, in.Body.Words)
			})
	}
}

func (a *API) computeSettlement(ctx context.Context, in *ComputeIn) (*operation.Answer, error) {
	c := &call{Context: ctx}
	var at settlement.AgreementYear
	err := a.read(ctx, in, func(found *call) (err error) {
		c.by, c.g = found.by, found.g
		if at, err = agreementYear(found, in.Partner, in.Year); err == nil {
			err = found.by.May("settlement.compute", access.Subject{Partner: at.Partner})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if _, err := settlement.Settle(ctx, a.db, c.by, c.g.ID, []settlement.AgreementYear{at}, false); err != nil {
		return nil, err
	}
	var body Settlement
	err = a.read(ctx, in, func(c *call) (err error) {
		body, err = settlementOf(c, in.Partner, in.Year)
		return err
	})
	if err != nil {
		return nil, err
	}
	tag, err := tagOf(body)
	return reply(http.StatusOK, tag, "", "", &body), err
}

func actOn(c *call, in *MoveSettlementIn, verb, words string) (Settlement, error) {
	at, err := agreementYear(c, in.Partner, in.Year)
	if err != nil {
		return Settlement{}, err
	}
	s, err := settlement.Act(c, c.tx, c.by, c.g.ID, at.Agreement, at.Year, verb, words)
	return settlementOut(s, in.Partner), err
}

func agreementYear(c *call, partner string, year int) (settlement.AgreementYear, error) {
	years, err := settlement.AgreementYears(c, c.tx, c.g.ID, partner, period.Year(year))
	if err == nil && (partner == "" || len(years) != 1) {
		err = fault.Missing("settlement.no_agreement_year", nil)
	}
	if err != nil {
		return settlement.AgreementYear{}, err
	}
	return years[0], nil
}

// settlementOf is the one in force of a partner's year.
func settlementOf(c *call, partner string, year int) (Settlement, error) {
	items, err := settlementsOf(c, partner, year)
	if err == nil && (len(items) != 1 || year == 0) {
		err = fault.Missing("settlement.none", nil)
	}
	if err != nil {
		return Settlement{}, err
	}
	return items[0], nil
}

// settlementsOf reads those in force within the caller's reach; a partner sees its own once it was communicated.
func settlementsOf(c *call, partner string, year int) ([]Settlement, error) {
	all, err := settlement.OfYear(c, c.tx, c.by, c.g.ID, period.Year(year))
	if err != nil {
		return nil, err
	}
	ids, err := organisationIDs(c)
	if err != nil {
		return nil, err
	}
	codes := map[string]string{}
	for code, o := range ids {
		codes[string(o)] = code
	}
	scope := c.by.ScopeFor("settlement.read")
	var items []Settlement
	for _, s := range all {
		code := codes[string(s.Partner)]
		if !scope.Holds(s.Partner) || (s.State == settlement.Computed && !c.agency("settlement.read")) || (partner != "" && partner != code) {
			continue
		}
		items = append(items, settlementOut(s, code))
	}
	return items, nil
}

func settlementOut(s settlement.Settlement, partner string) Settlement {
	r := s.Working.Reckoning
	return Settlement{Partner: partner, Year: int(s.Year), Version: s.Version, State: string(s.State), Computed: dayOf(s.ComputedOn),
		Communicated: dayOf(s.CommunicatedOn), ObjectionDay: dayOf(s.ObjectionUntil), Final: dayOf(s.FinalOn), Accepted: moneyOf(r.Accepted),
		Ceiling: moneyOf(r.Ceiling), Half: moneyOf(r.Half), CostPart: moneyOf(r.CostPart), Pool: moneyOf(r.Pool), ScoreBp: int64(r.Score),
		Performance: moneyOf(r.Earned), NotEarned: moneyOf(r.NotEarned), Contribution: moneyOf(r.Final), Own: moneyOf(r.Own),
		Paid: moneyOf(r.Paid), Balance: moneyOf(r.Balance), FactsHash: s.Facts, EvidenceRows: len(s.Working.Scores)}
}
