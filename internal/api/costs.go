package api

import (
	"strings"

	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/report"
)

// CostsIn asks for cost items.
type CostsIn struct {
	InProgramme
	Paged
	Partner  string `query:"partner"`
	Year     int    `query:"year"`
	Claim    int    `query:"claim"`
	State    string `query:"state"`
	Activity string `query:"activity" doc:"Code"`
}

func (a *API) costs() {
	list(a, endpoint{id: "list-costs", path: "/programmes/{programme}/costs", noun: "Costs", verb: "claim.read",
		summary: "Cost items, newest delivery first"}, listCosts)
	get(a, endpoint{id: "get-cost", path: costAt, noun: "Costs", verb: "claim.read", summary: "One cost item"},
		func(c *call, in *CostIn) (Cost, error) { return costOf(c, id.Item(in.ID)) })
	create(a, endpoint{id: "create-costs", path: claimAt + "/costs", noun: "Costs", verb: "item.declare",
		summary: "Add costs to a draft: all of them or none"}, addCosts)
	createAfter(a, endpoint{id: "create-proof", path: costAt + "/proofs", noun: "Costs", verb: "item.prove", most: 16 << 20,
		summary: "Attach a file that proves a cost"}, a.lookAtProof, attachProof)
	a.decideCosts()
	a.changeCost()
}

func listCosts(c *call, in *CostsIn) ([]Cost, string, error) {
	if day, last, _ := strings.Cut(in.After, "_"); in.After != "" {
		if _, err := id.Parse[id.Item](last); err != nil || !period.Date(day).Valid() {
			return nil, "", badAfter(in.After)
		}
	}
	all, next, err := report.LoadCosts(c, c.tx, c.g.ID, report.CostFilter{Scope: c.by.ScopeFor("claim.read"), Partner: in.Partner,
		Year: period.Year(in.Year), Claim: in.Claim, State: in.State, Activity: in.Activity, After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, "", err
	}
	items := make([]Cost, len(all))
	for i, x := range all {
		items[i] = costOut(x)
	}
	return items, next, nil
}

func costOut(x report.CostItem) Cost {
	return Cost{ID: string(x.ID), Ref: x.Ref, Partner: x.Partner, Year: int(x.Year), Claim: x.Claim, Category: x.Category,
		Description: x.Description, Supplier: x.Supplier, Invoice: x.Invoice, Invoiced: dayOf(x.InvoicedOn), Delivered: dayOf(x.DeliveredOn),
		Currency: x.Currency, Rate: x.Rate, Net: moneyOf(x.Net), VAT: moneyOf(x.VAT), Eligible: moneyOf(x.Eligible),
		Deducted: moneyOf(x.Deducted), Accepted: moneyOf(x.Accepted), Struck: moneyOf(x.Struck), State: x.State, ReasonCode: x.ReasonCode,
		Reason: x.Reason, Decided: dayOf(x.DecidedOn), Activity: x.Activity}
}

func costOf(c *call, item id.Item) (Cost, error) {
	x, err := report.LoadCost(c, c.tx, c.g.ID, c.by.ScopeFor("claim.read"), item)
	return costOut(x), err
}
