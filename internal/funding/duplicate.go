package funding

import (
	"context"
	"database/sql"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

const (
	twinSeen  = `i.id, i.ref, i.programme_id, a.organisation_id, o.code, i.year, c.id, c.number, i.state, i.net + i.vat, i.currency, i.invoiced_on`
	twinJoins = `join claim c on c.programme_id = i.programme_id and c.id = i.claim_id
	 join agreement a on a.programme_id = i.programme_id and a.id = i.agreement_id join organisation o on o.id = a.organisation_id`
)

var (
	lockInvoice = db.SQL("funding.invoice.lock",
		`insert into invoice (key, currency, total) values ($1, $2, $3) on conflict (key) do update set key = excluded.key
		 returning currency, total`)
	setInvoice = db.SQL("funding.invoice.total", `update invoice set currency = $2, total = $3 where key = $1`)
	sumParts   = db.SQL("funding.invoice.parts",
		`select count(*), cast(coalesce(sum(i.net + i.vat), 0) as bigint) from cost_item i where i.invoice_key = $1`)
	selectTwins = db.SQL("funding.invoice.twins",
		`select `+twinSeen+` from cost_item i `+twinJoins+` where i.invoice_key = $1 order by i.id`)
	selectLikely = db.SQL("funding.invoice.likely",
		`select `+twinSeen+` from cost_item i `+twinJoins+` where i.supplier = $1 and i.net = $2 and i.invoiced_on between $3 and $4 and i.invoice_key <> $5 order by i.id limit 3`)
	selectLikelyOf = db.SQL("funding.invoice.likely_of",
		`select n.id, n.ref, n.invoiced_on, `+twinSeen+` from cost_item n join cost_item i on i.supplier = n.supplier and i.net = n.net
		 `+twinJoins+` where n.programme_id = $1 and n.claim_id = $2 and n.supplier <> '' and i.id <> n.id and i.invoice_key <> n.invoice_key
		   and (n.returns_id is null or n.returns_id <> i.id) and (i.claim_id <> n.claim_id or i.id < n.id)
		 order by n.id limit 200`)
	releaseInvoices = db.SQL("funding.invoice.release",
		`update cost_item set invoice_key = null where programme_id = $1 and claim_id = $2`)
)

// Twin is an item that claims the same invoice, or looks as if it did. Of another partner's item a reader sees no more than that it is there.
type Twin struct {
	Item      id.Item
	Ref       string
	Programme id.Programme
	Partner   id.Organisation
	Code      string // of the partner
	Year      period.Year
	Claim     id.Claim
	Number    int
	State     ItemState
	Gross     money.Amount
	Currency  string
	Invoiced  period.Date
	Foreign   bool // lies outside of what the reader may see
}

// Twins lists the items that claim an invoice, over all partners and programmes.
func Twins(ctx context.Context, tx *db.Tx, by access.Actor, key string) ([]Twin, error) {
	if key == "" {
		return nil, nil
	}
	return twins(ctx, tx, by, selectTwins, key)
}

// Likely lists items of the same supplier with the same amount and a date within two months whose invoice has another number.
func Likely(ctx context.Context, tx *db.Tx, by access.Actor, i Item) ([]Twin, error) {
	if i.Supplier == "" || !i.InvoicedOn.Valid() {
		return nil, nil
	}
	return twins(ctx, tx, by, selectLikely, supplierKept(i.Supplier), i.Net, i.InvoicedOn.AddDays(-60), i.InvoicedOn.AddDays(60), i.invoiceKey())
}

// likelyOf lists what Likely finds for each item of a claim, at most 200 in all; an item looks like one other at a time.
func likelyOf(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim) ([]Finding, error) {
	scope := by.ScopeFor("claim.read")
	var all []Finding
	var last, first id.Item // that a finding is about, and its twin; a second order in the query would send SQLite through the whole programme
	err := tx.Each(ctx, selectLikelyOf, []any{g, claim}, func(r *sql.Rows) error {
		var t Twin
		var of id.Item
		var ref string
		var invoiced period.Date
		err := r.Scan(&of, &ref, &invoiced, &t.Item, &t.Ref, &t.Programme, &t.Partner, &t.Code, &t.Year, &t.Claim, &t.Number, &t.State, &t.Gross, &t.Currency,
			&t.Invoiced)
		days := invoiced.DaysTo(t.Invoiced)
		if err != nil || max(days, -days) > 60 || of == last && t.Item > first {
			return err
		}
		all = slices.DeleteFunc(all, func(f Finding) bool { return f.Item == of })
		last, first = of, t.Item
		key := text.Key("funding.check_likely")
		if !scope.Holds(t.Partner) && !by.IsSystem() {
			t, key = Twin{Foreign: true}, "funding.check_likely_elsewhere"
		}
		all = append(all, Finding{Item: of, Field: "invoice", Key: key, Args: t.args(ref), Twin: &t})
		return nil
	})
	return all, err
}

func twins(ctx context.Context, tx *db.Tx, by access.Actor, q db.Query, args ...any) ([]Twin, error) {
	scope := by.ScopeFor("claim.read")
	var all []Twin
	err := tx.Each(ctx, q, args, func(r *sql.Rows) error {
		var t Twin
		err := r.Scan(&t.Item, &t.Ref, &t.Programme, &t.Partner, &t.Code, &t.Year, &t.Claim, &t.Number, &t.State, &t.Gross, &t.Currency, &t.Invoiced)
		if !scope.Holds(t.Partner) && !by.IsSystem() {
			t = Twin{Foreign: true}
		}
		all = append(all, t)
		return err
	})
	return all, err
}

// claimInvoice claims a part of an invoice for an item that is about to be written. The parts over all partners and programmes never exceed
// the invoice. A credit note is an invoice below zero with a key of its own, in whichever order the two are claimed. Two programmes at once wait for each other at the invoice's row.
// Source: domain section 4.11.
func claimInvoice(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, currency string, i Item) error {
	key := i.invoiceKey()
	if key == "" {
		return nil
	}
	if i.Currency != "" {
		currency = i.Currency
	}
	var known string
	var total, claimed money.Amount
	var parts int
	if err := tx.Row(ctx, lockInvoice, key, currency, i.total()).Scan(&known, &total); err != nil {
		return err
	}
	if err := tx.Row(ctx, sumParts, key).Scan(&parts, &claimed); err != nil {
		return err
	}
	if parts == 0 {
		_, err := tx.Exec(ctx, setInvoice, key, currency, i.total())
		return err
	}
	after, room := claimed+i.Gross(), total
	if total < 0 {
		after, room = -after, -room
	}
	switch {
	case known != currency || (i.InvoiceTotal != 0 && i.InvoiceTotal != total):
		return fault.Invalid("invoice_total", "funding.invoice_total_differs", text.Args{"total": total, "currency": known})
	case (total > 0) != (i.Gross() > 0) || after > room:
		return twice(ctx, tx, by, g, key, total, claimed)
	}
	return nil
}

// twice says where an invoice was claimed before, as far as the reader may know.
func twice(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, key string, total, claimed money.Amount) error {
	all, err := Twins(ctx, tx, by, key)
	if err != nil {
		return err
	}
	args := text.Args{"total": total, "claimed": claimed}
	for _, t := range all {
		if !t.Foreign && t.Programme == g {
			args["ref"], args["number"], args["year"], args["partner"] = t.Ref, t.Number, t.Year, t.Code
			return fault.Invalid("invoice", "funding.invoice_twice", args)
		}
	}
	return fault.Invalid("invoice", "funding.invoice_twice_elsewhere", args)
}
