package report

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// InboxRow is a claim as it waits: for whom, since when, and what is at stake in it.
type InboxRow struct {
	ID          id.Claim
	Partner     string // code
	Short       string
	Year        period.Year
	Number      int
	State       string
	Since       period.Date // the day it was handed in, or approved
	Items       int
	Undecided   int
	Sampled     int          // undecided items in the sample
	Declared    money.Amount // eligible before any deduction
	Accepted    money.Amount
	Due         money.Amount
	SecondLevel bool
}

const openStates = `('draft', 'submitted', 'in-verification', 'queried', 'verified')`

var (
	listInbox = db.SQL("report.claim.inbox",
		`select c.id, o.code, case when o.short_name = '' then o.name else o.short_name end, c.year, c.number, c.state,
		   case when c.approved_on <> '' then c.approved_on else c.submitted_on end, c.accepted, c.due, c.second_level,
		   count(i.id), coalesce(sum(case when i.state = 'declared' and i.kind <> 'flat' then 1 else 0 end), 0),
		   coalesce(sum(case when i.state = 'declared' and exists (select 1 from item_sample s where s.programme_id = i.programme_id
		     and s.item_id = i.id) then 1 else 0 end), 0), cast(coalesce(sum(i.eligible), 0) as bigint)
		 from claim c join agreement a on a.programme_id = c.programme_id and a.id = c.agreement_id join organisation o on o.id = a.organisation_id
		 left join cost_item i on i.programme_id = c.programme_id and i.claim_id = c.id
		 where c.programme_id = $1 and ($2 = '*' or $2 like '%' || a.organisation_id || '%') and ($3 = 0 or c.year = $3)
		   and ($4 = 0 or c.state in `+openStates+`) and (c.state <> 'draft' or $5 = 0)
		 group by c.id, o.code, o.short_name, o.name, c.year, c.number, c.state, c.approved_on, c.submitted_on, c.accepted, c.due, c.second_level
		 order by case c.state when 'submitted' then 1 when 'in-verification' then 2 when 'verified' then 3 when 'queried' then 4 when 'draft' then 5
		   else 6 end, case when c.approved_on <> '' then c.approved_on else c.submitted_on end, sum(i.eligible) desc nulls last, c.id`)
	findClaim = db.SQL("report.claim.find",
		`select c.id from claim c join agreement a on a.programme_id = c.programme_id and a.id = c.agreement_id
		 join organisation o on o.id = a.organisation_id
		 where c.programme_id = $1 and o.code = $2 and c.year = $3 and c.number = $4 and ($5 = '*' or $5 like '%' || a.organisation_id || '%')`)
	listParked = db.SQL("report.claim.parked",
		`select i.id, i.ref, i.description, i.eligible, c.number from cost_item i join claim c on c.programme_id = i.programme_id and c.id = i.claim_id
		 where i.programme_id = $1 and i.agreement_id = $2 and i.year = $3 and i.state = 'parked' and c.approved_on <> '' order by c.number, i.id`)
)

// LoadInbox lists claims within a scope: those that wait first, the oldest of them first. Drafts are the partner's alone.
func LoadInbox(ctx context.Context, tx *db.Tx, g id.Programme, scope access.Scope, year period.Year, open bool) ([]InboxRow, error) {
	if scope == "" {
		return nil, nil
	}
	only, agency := 0, 0
	if open {
		only = 1
	}
	if scope == access.All {
		agency = 1
	}
	var out []InboxRow
	err := tx.Each(ctx, listInbox, []any{g, scope, int(year), only, agency}, func(r *sql.Rows) error {
		var c InboxRow
		err := r.Scan(&c.ID, &c.Partner, &c.Short, &c.Year, &c.Number, &c.State, &c.Since, &c.Accepted, &c.Due, &c.SecondLevel, &c.Items,
			&c.Undecided, &c.Sampled, &c.Declared)
		out = append(out, c)
		return err
	})
	return out, err
}

// FindClaim is the claim that an address names, within a scope.
func FindClaim(ctx context.Context, tx *db.Tx, g id.Programme, scope access.Scope, partner string, year period.Year, number int) (id.Claim, error) {
	var c id.Claim
	err := tx.Row(ctx, findClaim, g, partner, year, number, scope).Scan(&c)
	if err == db.ErrNone || scope == "" {
		return "", fault.Missing("funding.no_claim", nil)
	}
	return c, err
}

// ParkedRow is a parked item that may come back.
type ParkedRow struct {
	Item        id.Item
	Ref         string
	Description string
	Eligible    money.Amount
	Number      int // of the claim in which it was parked
}

// LoadParked lists the parked items of an agreement-year that may come back in a later claim.
func LoadParked(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, year period.Year) ([]ParkedRow, error) {
	var out []ParkedRow
	err := tx.Each(ctx, listParked, []any{g, a, year}, func(r *sql.Rows) error {
		var p ParkedRow
		err := r.Scan(&p.Item, &p.Ref, &p.Description, &p.Eligible, &p.Number)
		out = append(out, p)
		return err
	})
	return out, err
}

var findCostItem = db.SQL("report.claim.item",
	`select i.id from cost_item i where i.programme_id = $1 and i.ref = $2 and i.agreement_id = $3`)

// FindItem is the item of an agreement that a reference names; invalid (item) where there is none.
func FindItem(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, ref string) (id.Item, error) {
	var i id.Item
	err := tx.Row(ctx, findCostItem, g, ref, a).Scan(&i)
	if err == db.ErrNone {
		err = fault.Invalid("item", "funding.no_item", nil)
	}
	return i, err
}
