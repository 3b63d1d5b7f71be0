package funding

import (
	"context"
	"database/sql"

	"github.com/govalues/decimal"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

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
)

// LoadShared lists the parts that an organisation has of shared invoices, or of only one; without a look at who asks.
func LoadShared(ctx context.Context, tx *db.Tx, g id.Programme, o id.Organisation, only id.Shared) ([]SharedInvoice, error) {
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
	found, err := LoadShared(ctx, tx, g, d.claim.Partner, i.Shared)
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
