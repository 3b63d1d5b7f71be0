package report

import (
	"context"
	"database/sql"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// CostFilter narrows a list of cost items; each empty field narrows nothing. An empty scope matches nothing.
type CostFilter struct {
	Scope    access.Scope
	Partner  string // code
	Year     period.Year
	Claim    int
	State    string
	Activity string // code
	After    string // key of the last row seen
	Limit    int    // 0: 50
}

// CostItem is one cost with its proof and what was decided about it.
type CostItem struct {
	ID           id.Item
	Ref          string
	Partner      string // code
	PartnerShort string
	Year         period.Year
	Claim        int
	ClaimState   string
	Category     string
	Description  string
	Supplier     string
	Invoice      string
	InvoicedOn   period.Date
	DeliveredOn  period.Date
	Currency     string
	Rate         string
	Net, VAT     money.Amount // in Currency
	Other        money.Amount
	Eligible     money.Amount
	Deducted     money.Amount
	Accepted     money.Amount
	Struck       money.Amount // by corrections after payment
	State        string
	ReasonCode   string
	Reason       string
	DecidedOn    period.Date
	DecidedBy    string // name
	Activity     string // code
	Title        string // of the activity
}

// Key is the row's place in the list, newest delivery first.
func (c CostItem) Key() string { return string(c.DeliveredOn) + "_" + string(c.ID) }

// CostTotals adds up a filtered list.
type CostTotals struct {
	Items    int
	Eligible money.Amount
	Twice    money.Amount // of Eligible: parked in one claim of the list and declared again in a later one
	Deducted money.Amount
	Accepted money.Amount
	Struck   money.Amount
	Parked   money.Amount
}

const costWhere = ` where i.programme_id = $1 and ($2 = '*' or $2 like '%' || a.organisation_id || '%')
   and ($3 = '' or o.code = $3) and ($4 = 0 or i.year = $4) and ($5 = 0 or c.number = $5) and ($6 = '' or i.state = $6)
   and ($7 = '' or v.code = $7) and c.state <> 'withdrawn'`

const costFrom = ` from cost_item i
 join claim c on c.programme_id = i.programme_id and c.id = i.claim_id
 join agreement a on a.programme_id = i.programme_id and a.id = i.agreement_id
 join organisation o on o.id = a.organisation_id
 left join activity v on v.programme_id = i.programme_id and v.id = i.activity_id`

var (
	listCosts = db.SQL("report.cost.list",
		`select i.id, i.ref, o.code, case when o.short_name = '' then o.name else o.short_name end, i.year, c.number, c.state, i.category,
		   i.description, i.supplier, i.invoice, i.invoiced_on, i.delivered_on, i.currency, i.rate, i.net, i.vat, i.other_money, i.eligible,
		   i.deducted, i.accepted,
		   cast(coalesce((select sum(k.cost) from correction k where k.programme_id = i.programme_id and k.item_id = i.id), 0) as bigint),
		   i.state, i.reason_code, i.reason, i.decided_on, coalesce(p.name, ''), coalesce(v.code, ''), coalesce(v.title, '')
		 from (select i.programme_id, i.id`+costFrom+costWhere+`
		   and ($8 = '' or i.delivered_on < $8 or (i.delivered_on = $8 and i.id < $9))
		   order by i.delivered_on desc, i.id desc limit $10) found
		 join cost_item i on i.programme_id = found.programme_id and i.id = found.id
		 join claim c on c.programme_id = i.programme_id and c.id = i.claim_id
		 join agreement a on a.programme_id = i.programme_id and a.id = i.agreement_id
		 join organisation o on o.id = a.organisation_id
		 left join activity v on v.programme_id = i.programme_id and v.id = i.activity_id
		 left join person p on p.id = i.decided_by
		 order by i.delivered_on desc, i.id desc`)
	sumCosts = db.SQL("report.cost.sum",
		`select count(*), cast(coalesce(sum(i.eligible), 0) as bigint),
		   cast(coalesce(sum(case when i.returns_id is null then 0 else i.eligible end), 0) as bigint),
		   cast(coalesce(sum(i.deducted), 0) as bigint), cast(coalesce(sum(i.accepted), 0) as bigint),
		   cast(coalesce(sum(case when i.state = 'parked' then i.eligible else 0 end), 0) as bigint)`+costFrom+costWhere)
	sumStruck = db.SQL("report.cost.struck",
		`select cast(coalesce(sum(k.cost), 0) as bigint)
		 from correction k join cost_item i on i.programme_id = k.programme_id and i.id = k.item_id
		 join claim c on c.programme_id = i.programme_id and c.id = i.claim_id
		 join agreement a on a.programme_id = i.programme_id and a.id = i.agreement_id
		 join organisation o on o.id = a.organisation_id
		 left join activity v on v.programme_id = i.programme_id and v.id = i.activity_id`+costWhere)
)

func (f CostFilter) args(g id.Programme) []any {
	return []any{g, f.Scope, f.Partner, int(f.Year), f.Claim, f.State, f.Activity}
}

// LoadCosts reads a page of cost items, newest delivery first, and the key of the next page ("" none).
func LoadCosts(ctx context.Context, tx *db.Tx, g id.Programme, f CostFilter) ([]CostItem, string, error) {
	if f.Scope == "" {
		return nil, "", nil
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	day, last, _ := strings.Cut(f.After, "_")
	var out []CostItem
	err := tx.Each(ctx, listCosts, append(f.args(g), day, last, f.Limit+1), func(r *sql.Rows) error {
		var c CostItem
		err := r.Scan(&c.ID, &c.Ref, &c.Partner, &c.PartnerShort, &c.Year, &c.Claim, &c.ClaimState, &c.Category, &c.Description, &c.Supplier,
			&c.Invoice, &c.InvoicedOn, &c.DeliveredOn, &c.Currency, &c.Rate, &c.Net, &c.VAT, &c.Other, &c.Eligible, &c.Deducted, &c.Accepted,
			&c.Struck, &c.State, &c.ReasonCode, &c.Reason, &c.DecidedOn, &c.DecidedBy, &c.Activity, &c.Title)
		out = append(out, c)
		return err
	})
	if err != nil || len(out) <= f.Limit {
		return out, "", err
	}
	out = out[:f.Limit]
	return out, out[f.Limit-1].Key(), nil
}

var findCost = db.SQL("report.cost.place",
	`select o.code, i.year, c.number, i.delivered_on from cost_item i
	 join claim c on c.programme_id = i.programme_id and c.id = i.claim_id
	 join agreement a on a.programme_id = i.programme_id and a.id = i.agreement_id
	 join organisation o on o.id = a.organisation_id
	 where i.programme_id = $1 and i.id = $2`)

// LoadCost reads one cost item within a scope; missing outside of it.
func LoadCost(ctx context.Context, tx *db.Tx, g id.Programme, scope access.Scope, item id.Item) (CostItem, error) {
	f := CostFilter{Scope: scope, Limit: 1}
	var on period.Date
	err := tx.Row(ctx, findCost, g, item).Scan(&f.Partner, &f.Year, &f.Claim, &on)
	if err == db.ErrNone {
		return CostItem{}, fault.Missing("funding.no_item", nil)
	}
	if err != nil {
		return CostItem{}, err
	}
	f.After = CostItem{DeliveredOn: on, ID: item + "~"}.Key() // the row right before it in the list
	all, _, err := LoadCosts(ctx, tx, g, f)
	if err == nil && (len(all) != 1 || all[0].ID != item) {
		err = fault.Missing("funding.no_item", nil)
	}
	if err != nil {
		return CostItem{}, err
	}
	return all[0], nil
}

// SumCosts adds up what the filter lets through, whatever the page.
func SumCosts(ctx context.Context, tx *db.Tx, g id.Programme, f CostFilter) (CostTotals, error) {
	var t CostTotals
	if f.Scope == "" {
		return t, nil
	}
	if err := tx.Row(ctx, sumCosts, f.args(g)...).Scan(&t.Items, &t.Eligible, &t.Twice, &t.Deducted, &t.Accepted, &t.Parked); err != nil {
		return t, err
	}
	if f.Claim != 0 || f.State != "" {
		t.Twice = 0 // only one of the two is in the list
	}
	err := tx.Row(ctx, sumStruck, f.args(g)...).Scan(&t.Struck)
	return t, err
}

// ClaimRow is a claim as a whole, with what was paid on it.
type ClaimRow struct {
	Partner, PartnerShort string
	Year                  period.Year
	Number                int
	State                 string
	SubmittedOn           period.Date
	ApprovedOn            period.Date
	Items                 int
	Accepted, Due         money.Amount
}

// PaymentRow is a payment to or from a partner.
type PaymentRow struct {
	Kind       string
	Claim      int // 0: none
	Amount     money.Amount
	State      string
	OrderedOn  period.Date
	ExecutedOn period.Date
}

var (
	listClaimRows = db.SQL("report.claim.list",
		`select o.code, case when o.short_name = '' then o.name else o.short_name end, c.year, c.number, c.state, c.submitted_on, c.approved_on,
		   (select count(*) from cost_item i where i.programme_id = c.programme_id and i.claim_id = c.id), c.accepted, c.due
		 from claim c
		 join agreement a on a.programme_id = c.programme_id and a.id = c.agreement_id
		 join organisation o on o.id = a.organisation_id
		 where c.programme_id = $1 and ($2 = '*' or $2 like '%' || a.organisation_id || '%') and o.code = $3 and c.year = $4
		 order by c.number`)
	listPaymentRows = db.SQL("report.payment.list",
		`select p.kind, coalesce(c.number, 0), p.amount, p.state, p.ordered_on, p.executed_on
		 from payment p
		 join agreement a on a.programme_id = p.programme_id and a.id = p.agreement_id
		 join organisation o on o.id = a.organisation_id
		 left join claim c on c.programme_id = p.programme_id and c.id = p.claim_id
		 where p.programme_id = $1 and ($2 = '*' or $2 like '%' || a.organisation_id || '%') and o.code = $3 and p.year = $4
		 order by p.ordered_on, p.id`)
)

// LoadClaims reads the claims of a partner's year within the scope.
func LoadClaims(ctx context.Context, tx *db.Tx, g id.Programme, f CostFilter) ([]ClaimRow, error) {
	var out []ClaimRow
	if f.Scope == "" {
		return nil, nil
	}
	err := tx.Each(ctx, listClaimRows, []any{g, f.Scope, f.Partner, f.Year}, func(r *sql.Rows) error {
		var c ClaimRow
		err := r.Scan(&c.Partner, &c.PartnerShort, &c.Year, &c.Number, &c.State, &c.SubmittedOn, &c.ApprovedOn, &c.Items, &c.Accepted, &c.Due)
		out = append(out, c)
		return err
	})
	return out, err
}

// LoadPayments reads the payments of a partner's year within a scope.
func LoadPayments(ctx context.Context, tx *db.Tx, g id.Programme, scope access.Scope, partner string, year period.Year) ([]PaymentRow, error) {
	var out []PaymentRow
	if scope == "" {
		return nil, nil
	}
	err := tx.Each(ctx, listPaymentRows, []any{g, scope, partner, year}, func(r *sql.Rows) error {
		var p PaymentRow
		err := r.Scan(&p.Kind, &p.Claim, &p.Amount, &p.State, &p.OrderedOn, &p.ExecutedOn)
		out = append(out, p)
		return err
	})
	return out, err
}
