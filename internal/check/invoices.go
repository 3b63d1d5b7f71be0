package check

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/programme"
)

var (
	sumInvoices = db.SQL("check.invoices",
		`select i.invoice_key, coalesce(max(v.total), max(i.invoice_total)), cast(sum(i.net + i.vat) as bigint)
		 from cost_item i left join invoice v on v.key = i.invoice_key
		 where i.invoice_key in (select o.invoice_key from cost_item o where o.programme_id = $1)
		 group by i.invoice_key`)
	sumShared = db.SQL("check.shared",
		`select s.invoice, s.net, s.vat, cast(sum(p.net) as bigint), cast(sum(p.vat) as bigint)
		 from shared_invoice s join shared_part p on p.programme_id = s.programme_id and p.shared_id = s.id
		 where s.programme_id = $1 group by s.programme_id, s.id, s.invoice, s.net, s.vat`)
)

// holdInvoices: the parts of an invoice that were claimed, over all partners and programmes, never exceed it; the parts of a shared invoice
// add up to it, net and VAT each. A credit note is an invoice below zero. Source: domain sections 4.11, 4.12.
func holdInvoices(ctx context.Context, tx *db.Tx, g programme.Programme, l *Law) error {
	err := tx.Each(ctx, sumInvoices, []any{g.ID}, func(r *sql.Rows) error {
		var key string
		var total, claimed money.Amount
		if err := r.Scan(&key, &total, &claimed); err != nil {
			return err
		}
		l.Held++
		if (total >= 0 && (claimed < 0 || claimed > total)) || (total < 0 && (claimed > 0 || claimed < total)) {
			l.broken("invoice %s: %s claimed of %s", key, claimed, total)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return tx.Each(ctx, sumShared, []any{g.ID}, func(r *sql.Rows) error {
		var invoice string
		var net, vat, nets, vats money.Amount
		if err := r.Scan(&invoice, &net, &vat, &nets, &vats); err != nil {
			return err
		}
		l.Held++
		if net != nets || vat != vats {
			l.broken("shared invoice %s: parts of %s and %s, whole %s and %s", invoice, nets, vats, net, vat)
		}
		return nil
	})
}
