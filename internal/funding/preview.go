package funding

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/text"
)

// Previewed is what would become of an item if it were added to a draft.
type Previewed struct {
	Item     Item         // completed with what the rules say
	Eligible money.Amount // before any deduction
	Wrong    *fault.Fault // why it would be refused; nil when it would not
	Twins    []Twin       // items that look like it
	Known    bool         // the same row was uploaded before: it would not be added again
}

var (
	selectInvoice = db.SQL("funding.invoice.load", `select i.currency, i.total from invoice i where i.key = $1`)
	selectRow     = db.SQL("funding.item.row",
		`select count(*) from cost_item i join claim c on c.programme_id = i.programme_id and c.id = i.claim_id
		 where i.programme_id = $1 and i.agreement_id = $2 and i.row_hash = $3 and c.state not in ('withdrawn', 'rejected')`)
)

// Preview tells what would become of each item if all of them were added to a draft. It writes nothing.
func Preview(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, items []Item) ([]Previewed, error) {
	d, err := openDraft(ctx, tx, by, g, claim, "item.declare")
	if err != nil {
		return nil, err
	}
	out := make([]Previewed, len(items))
	claimed := map[string]money.Amount{} // by this very upload, of each invoice
	for n, i := range items {
		p := &out[n]
		if i.Kind == "" {
			i.Kind = Invoiced
		}
		p.Item, p.Eligible, err = d.reckon(i)
		if err != nil {
			if p.Wrong = fault.Of(err); p.Wrong.Kind != fault.KindInvalid {
				return nil, err
			}
			continue
		}
		if i.RowHash != "" {
			var known int
			if err := tx.Row(ctx, selectRow, g, d.claim.Agreement, i.RowHash).Scan(&known); err != nil {
				return nil, err
			}
			if p.Known = known > 0; p.Known {
				continue
			}
		}
		if err := d.previewInvoice(ctx, tx, by, g, p, claimed); err != nil {
			return nil, err
		}
		if p.Wrong == nil {
			if p.Twins, err = Likely(ctx, tx, by, p.Item); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// previewInvoice is claimInvoice without a lock.
func (d *draft) previewInvoice(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, p *Previewed, claimed map[string]money.Amount) error {
	i, key := p.Item, p.Item.invoiceKey()
	if key == "" {
		return nil
	}
	currency := d.terms.currency
	if i.Currency != "" {
		currency = i.Currency
	}
	known, total := currency, i.total()
	if err := tx.Row(ctx, selectInvoice, key).Scan(&known, &total); err != nil && err != db.ErrNone {
		return err
	}
	var parts int
	var before money.Amount
	if err := tx.Row(ctx, sumParts, key).Scan(&parts, &before); err != nil {
		return err
	}
	if parts == 0 {
		known, total = currency, i.total()
	}
	mine, repeated := claimed[key]
	after, room := before+mine+i.Gross(), total
	if total < 0 {
		after, room = -after, -room
	}
	switch {
	case known != currency || (i.InvoiceTotal != 0 && i.InvoiceTotal != total):
		p.Wrong = fault.Of(fault.Invalid("invoice_total", "funding.invoice_total_differs", text.Args{"total": total, "currency": known}))
	case after > room && repeated && parts == 0:
		p.Wrong = fault.Of(fault.Invalid("invoice", "funding.invoice_twice_here", text.Args{"invoice": i.Invoice}))
	case after > room:
		p.Wrong = fault.Of(twice(ctx, tx, by, g, key, total, before))
		var err error
		p.Twins, err = Twins(ctx, tx, by, key)
		return err
	default:
		claimed[key] = mine + i.Gross()
	}
	return nil
}
