// Package apportion enters the invoices of joint activities and divides them by integer weights among their organisers, each of whom then claims
// its own part through funding. It holds no claim.
package apportion

import (
	"context"
	"database/sql"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
)

// Part is an organiser's part of a shared invoice. Weight is an integer, not a percentage.
type Part struct {
	Organisation id.Organisation
	Weight       int64
	Net, VAT     money.Amount // in the invoice's currency
}

// Divide divides an invoice by integer weights: net and VAT each by largest remainder, ties to the first, who leads. The parts add up to
// the invoice. Source: domain section 4.12.
func Divide(net, vat money.Amount, parts []Part) []Part {
	weights := make([]int64, len(parts))
	for n, p := range parts {
		weights[n] = p.Weight
	}
	nets, vats := money.Allocate(net, weights), money.Allocate(vat, weights)
	out := make([]Part, len(parts))
	for n, p := range parts {
		p.Net, p.VAT = nets[n], vats[n]
		out[n] = p
	}
	return out
}

// Share enters an invoice of a joint activity and divides it by the weights of its organisers; the agency may hold one, whose part is
// nobody's cost. Each partner then claims its own part. The lead enters it.
func Share(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, i funding.Item, lead id.Organisation, weights []Part) (id.Shared, error) {
	if err := by.May("item.share", access.Subject{Kind: "item", Partner: lead}); err != nil {
		return "", err
	}
	switch {
	case len(weights) < 2 || weights[0].Organisation != lead:
		return "", fault.Invalid("weights", "funding.shared_weights", nil)
	case i.Supplier == "" || i.Invoice == "" || !i.InvoicedOn.Valid() || !i.DeliveredOn.Valid():
		return "", fault.Invalid("invoice", "funding.invoice_needed", nil)
	case i.Net == 0:
		return "", fault.Invalid("net", "funding.amount_needed", nil)
	}
	shared := id.New[id.Shared]()
	rate := ""
	if i.Rate.Sign() > 0 {
		rate = i.Rate.String()
	}
	err := tx.Insert(ctx, "shared_invoice", strings.Fields(`programme_id id activity_id category description supplier invoice invoiced_on
		delivered_on currency rate rate_on rate_source net vat entered_on entered_by`), [][]any{{g, shared, db.OrNull(i.Activity), i.Category,
		i.Description, i.Supplier, i.Invoice, i.InvoicedOn, i.DeliveredOn, i.Currency, rate, i.RateOn, i.RateSource, i.Net, i.VAT, tx.Now.Date(),
		db.OrNull(by.ID)}})
	if err != nil {
		return "", err
	}
	var rows [][]any
	for n, p := range Divide(i.Net, i.VAT, weights) {
		if p.Weight < 1 || p.Weight > 1_000_000 {
			return "", fault.Invalid("weights", "funding.shared_weights", nil)
		}
		rows = append(rows, []any{g, shared, p.Organisation, n, p.Weight, p.Net, p.VAT})
	}
	err = tx.Insert(ctx, "shared_part", strings.Fields("programme_id shared_id organisation_id position weight net vat"), rows)
	if err != nil {
		return "", err
	}
	return shared, audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: "item.share", ObjectKind: "shared_invoice", ObjectID: string(shared),
		After: sharedSeen{i.Supplier, i.Invoice, i.Gross().String()}})
}

type sharedSeen struct {
	Supplier string `json:"supplier"`
	Invoice  string `json:"invoice"`
	Gross    string `json:"gross"`
}

var selectWeights = db.SQL("funding.shared.weights",
	`select p.weight from shared_part p where p.programme_id = $1 and p.shared_id = $2 order by p.position`)

// List lists the shared invoices of which an organisation has a part. Whoever has one sees the invoice and the weights, nothing
// else of the claims in which it stands.
func List(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, o id.Organisation) ([]funding.SharedInvoice, error) {
	if !by.ScopeFor("claim.read").Holds(o) {
		return nil, nil
	}
	all, err := funding.LoadShared(ctx, tx, g, o, "")
	for n := range all {
		var weights []string
		err = tx.Each(ctx, selectWeights, []any{g, all[n].ID}, func(r *sql.Rows) error {
			var w string
			err := r.Scan(&w)
			weights = append(weights, w)
			return err
		})
		if err != nil {
			return nil, err
		}
		all[n].Weights = strings.Join(weights, " : ")
	}
	return all, err
}
