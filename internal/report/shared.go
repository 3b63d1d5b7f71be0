package report

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// SharedInvoice is an invoice of a joint activity with its parts. Whoever has a part sees all of it, and of the claims nothing but their own.
type SharedInvoice struct {
	ID          id.Shared
	Activity    string // code, "" none
	Title       string
	Category    string
	Description string
	Supplier    string
	Invoice     string
	InvoicedOn  period.Date
	DeliveredOn period.Date
	Currency    string
	Net, VAT    money.Amount
	Parts       []SharedPart // the lead first
}

// SharedPart is what an organiser bears of a shared invoice.
type SharedPart struct {
	Organisation id.Organisation
	Code, Name   string
	Weight       int64
	Net, VAT     money.Amount
	Agency       bool // nobody's cost
	Mine         bool // within the reader's scope
	Claim        int  // number of the claim in which it stands, 0 none; of the reader's own parts alone
	Year         period.Year
}

var listSharedInvoices = db.SQL("report.shared.list",
	`select s.id, coalesce(v.code, ''), coalesce(v.title, ''), s.category, s.description, s.supplier, s.invoice, s.invoiced_on, s.delivered_on,
	   s.currency, s.net, s.vat, p.organisation_id, o.code, case when o.short_name = '' then o.name else o.short_name end, o.kind, p.weight, p.net,
	   p.vat, case when $2 = '*' or $2 like '%' || p.organisation_id || '%' then 1 else 0 end,
	   coalesce((select max(c.number) from cost_item i join agreement a on a.programme_id = i.programme_id and a.id = i.agreement_id
	       join claim c on c.programme_id = i.programme_id and c.id = i.claim_id
	     where i.programme_id = s.programme_id and i.shared_id = s.id and a.organisation_id = p.organisation_id and i.invoice_key is not null), 0)
	 from shared_invoice s join shared_part p on p.programme_id = s.programme_id and p.shared_id = s.id
	 join organisation o on o.id = p.organisation_id
	 left join activity v on v.programme_id = s.programme_id and v.id = s.activity_id
	 where s.programme_id = $1 and ($2 = '*' or exists (select 1 from shared_part m where m.programme_id = s.programme_id and m.shared_id = s.id
	   and $2 like '%' || m.organisation_id || '%'))
	 order by s.delivered_on desc, s.id, p.position`)

// LoadShared lists the shared invoices in which the scope has a part, the last delivered first.
func LoadShared(ctx context.Context, tx *db.Tx, g id.Programme, scope access.Scope) ([]SharedInvoice, error) {
	if scope == "" {
		return nil, nil
	}
	var all []SharedInvoice
	err := tx.Each(ctx, listSharedInvoices, []any{g, scope}, func(r *sql.Rows) error {
		var s SharedInvoice
		var p SharedPart
		var kind string
		var mine int
		err := r.Scan(&s.ID, &s.Activity, &s.Title, &s.Category, &s.Description, &s.Supplier, &s.Invoice, &s.InvoicedOn, &s.DeliveredOn, &s.Currency,
			&s.Net, &s.VAT, &p.Organisation, &p.Code, &p.Name, &kind, &p.Weight, &p.Net, &p.VAT, &mine, &p.Claim)
		p.Agency, p.Mine, p.Year = kind == "agency", mine == 1, s.DeliveredOn.Year()
		if !p.Mine {
			p.Claim = 0
		}
		if n := len(all); n == 0 || all[n-1].ID != s.ID {
			all = append(all, s)
		}
		last := &all[len(all)-1]
		last.Parts = append(last.Parts, p)
		return err
	})
	return all, err
}
