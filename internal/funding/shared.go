package funding

import (
	"context"
	"database/sql"
	"strings"

	"github.com/govalues/decimal"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/text"
)

// SharedPart is an organiser's part of a shared invoice. Weight is an integer, not a percentage.
type SharedPart struct {
	Organisation id.Organisation
	Weight       int64
	Net, VAT     money.Amount // in the invoice's currency
}

// Apportion divides an invoice by integer weights: net and VAT each by largest remainder, ties to the first, who leads. The parts add up to
// the invoice. Source: domain section 4.12.
func Apportion(net, vat money.Amount, parts []SharedPart) []SharedPart {
	weights := make([]int64, len(parts))
	for n, p := range parts {
		weights[n] = p.Weight
	}
	nets, vats := money.Allocate(net, weights), money.Allocate(vat, weights)
	out := make([]SharedPart, len(parts))
	for n, p := range parts {
		p.Net, p.VAT = nets[n], vats[n]
		out[n] = p
	}
	return out
}

// Share enters an invoice of a joint activity and divides it by the weights of its organisers; the agency may hold one, whose part is
// nobody's cost. Each partner then claims its own part. The lead enters it.
func Share(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, i Item, lead id.Organisation, weights []SharedPart) (id.Shared, error) {
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
	for n, p := range Apportion(i.Net, i.VAT, weights) {
		if p.Weight < 1 || p.Weight > 1_000_000 {
			return "", fault.Invalid("weights", "funding.shared_weights", nil)
		}
		rows = append(rows, []any{g, shared, p.Organisation, n, p.Weight, p.Net, p.VAT})
	}
	err = tx.Insert(ctx, "shared_part", strings.Fields("programme_id shared_id organisation_id position weight net vat"), rows)
	if err != nil {
		return "", err
	}
	return shared, trail(ctx, tx, by, g, "item.share", "shared_invoice", string(shared), nil, sharedSeen{i.Supplier, i.Invoice, i.Gross().String()})
}

type sharedSeen struct {
	Supplier string `json:"supplier"`
	Invoice  string `json:"invoice"`
	Gross    string `json:"gross"`
}

// SharedInvoice is a shared invoice as one of its organisers sees it.
type SharedInvoice struct {
	ID      id.Shared
	Item           // what it says, with the organiser's own part as Net and VAT and the whole as InvoiceTotal
	Claimed bool   // the organiser's part is in a claim
	Weights string // 1 : 1 : 2
}

var (
	selectShared = db.SQL("funding.shared.list",
		`select s.id, coalesce(s.activity_id, ''), s.category, s.description, s.supplier, s.invoice, s.invoiced_on, s.delivered_on, s.currency, s.rate,
		   s.rate_on, s.rate_source, s.net + s.vat, p.net, p.vat,
		   (select count(*) from cost_item i join agreement a on a.programme_id = i.programme_id and a.id = i.agreement_id
		     where i.programme_id = s.programme_id and i.shared_id = s.id and a.organisation_id = p.organisation_id and i.invoice_key is not null)
		 from shared_part p join shared_invoice s on s.programme_id = p.programme_id and s.id = p.shared_id
		 where p.programme_id = $1 and p.organisation_id = $2 and ($3 = '' or s.id = $3) order by s.delivered_on, s.id`)
	selectWeights = db.SQL("funding.shared.weights",
		`select p.weight from shared_part p where p.programme_id = $1 and p.shared_id = $2 order by p.position`)
)

// SharedInvoices lists the shared invoices of which an organisation has a part. Whoever has one sees the invoice and the weights, nothing
// else of the claims in which it stands.
func SharedInvoices(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, o id.Organisation) ([]SharedInvoice, error) {
	if !by.ScopeFor("claim.read").Holds(o) {
		return nil, nil
	}
	all, err := loadShared(ctx, tx, g, o, "")
	for n := range all {
		var weights []string
		err = tx.Each(ctx, selectWeights, []any{g, all[n].ID}, func(r *sql.Rows) error {
			var w string
			err := r.Scan(&w)
			weights = append(weights, w)
			return err
		})
		all[n].Weights = strings.Join(weights, " : ")
	}
	return all, err
}

func loadShared(ctx context.Context, tx *db.Tx, g id.Programme, o id.Organisation, only id.Shared) ([]SharedInvoice, error) {
	var all []SharedInvoice
	err := tx.Each(ctx, selectShared, []any{g, o, only}, func(r *sql.Rows) error {
		var s SharedInvoice
		var rate string
		var claimed int
		err := r.Scan(&s.ID, &s.Activity, &s.Category, &s.Description, &s.Supplier, &s.Invoice, &s.InvoicedOn, &s.DeliveredOn, &s.Currency, &rate,
			&s.RateOn, &s.RateSource, &s.InvoiceTotal, &s.Net, &s.VAT, &claimed)
		if err == nil && rate != "" {
			s.Rate, err = decimal.Parse(rate)
		}
		s.Shared, s.Claimed = s.ID, claimed > 0
		all = append(all, s)
		return err
	})
	return all, err
}

// admitShared gives an item that is a part of a shared invoice the facts of that invoice; a part is claimed once.
func (d *draft) admitShared(ctx context.Context, tx *db.Tx, g id.Programme, i Item) (Item, error) {
	found, err := loadShared(ctx, tx, g, d.claim.Partner, i.Shared)
	if err != nil {
		return i, err
	}
	if len(found) != 1 {
		return i, fault.Missing("funding.no_item", nil)
	}
	if found[0].Claimed && i.Returns == "" {
		return i, fault.Invalid("invoice", "funding.shared_claimed", text.Args{"invoice": found[0].Invoice})
	}
	part := found[0].Item
	part.ID, part.Ref, part.Kind, part.Returns, part.Income, part.OtherMoney = i.ID, i.Ref, Invoiced, i.Returns, i.Income, i.OtherMoney
	part.State = Declared
	return part, nil
}
