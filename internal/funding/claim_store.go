package funding

import (
	"cmp"
	"context"
	"database/sql"
	"math"

	"github.com/govalues/decimal"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

var (
	selectYearTerms = db.SQL("funding.claim.terms",
		`select a.organisation_id, o.code, o.vat_recoverable_bp, p.currency, a.version, a.starts_on, a.ends_on,
		   (select coalesce(max(c.number), 0) from claim c where c.programme_id = a.programme_id and c.agreement_id = a.id and c.year = $3),
		   coalesce((select c.id from claim c where c.programme_id = a.programme_id and c.agreement_id = a.id and c.year = $3
		     and c.state = 'draft' order by c.number limit 1), '')
		 from agreement a
		 join organisation o on o.id = a.organisation_id
		 join programme p on p.id = a.programme_id
		 join agreement_ceiling y on y.programme_id = a.programme_id and y.agreement_id = a.id and y.year = $3
		 where a.programme_id = $1 and a.id = $2 and ($4 = '*' or $4 like '%' || a.organisation_id || '%')`)
	selectClaim = db.SQL("funding.claim.load",
		`select c.id, c.agreement_id, a.organisation_id, c.year, c.number, c.state, c.submitted_on, coalesce(c.entered_by, ''), c.opened_on,
		   c.verified_on, coalesce(c.verified_by, ''), c.second_level, c.reviewed_on, coalesce(c.reviewed_by, ''), c.approved_on,
		   coalesce(c.approved_by, ''), c.accepted, c.due, c.rounds, c.agreement_version, c.rule_on, c.words
		 from claim c join agreement a on a.programme_id = c.programme_id and a.id = c.agreement_id
		 where c.programme_id = $1 and c.id = $2 and ($3 = '*' or $3 like '%' || a.organisation_id || '%')`)
	updateClaim = db.SQL("funding.claim.save",
		`update claim set state = $4, verified_on = $5, verified_by = $6, second_level = $7, reviewed_on = $8, reviewed_by = $9, approved_on = $10,
		   approved_by = $11, accepted = $12, due = $13, rounds = $14
		 where programme_id = $1 and id = $2 and state = $3`)
	submitClaim = db.SQL("funding.claim.submit",
		`update claim set state = 'submitted', submitted_on = $3, agreement_version = $4, rule_on = $5, entered_by = $6
		 where programme_id = $1 and id = $2 and state = 'draft'`)
	openedClaim = db.SQL("funding.claim.opened", `update claim set opened_on = $3 where programme_id = $1 and id = $2`)
	rewordClaim = db.SQL("funding.claim.reword", `update claim set words = $3 where programme_id = $1 and id = $2`)
	selectItems = db.SQL("funding.item.list",
		`select i.id, i.ref, coalesce(i.activity_id, ''), i.category, i.description, i.supplier, i.invoice, i.invoiced_on, i.delivered_on,
		   i.currency, i.rate, i.rate_on, i.rate_source, i.net, i.vat, i.income, i.other_money, i.rate_bp, i.kind, i.hours, i.hour_rate,
		   i.allocation_bp, i.vat_recoverable_bp, i.cap, i.flat_bp, i.credits, i.invoice_total, i.procured, i.paid_on, coalesce(i.shared_id, ''),
		   i.row_hash, i.state, i.deducted, i.reason_code, i.reason, i.decided_on, coalesce(i.decided_by, ''), coalesce(i.returns_id, ''),
		   i.eligible, i.accepted
		 from cost_item i where `+itemWhere+` and i.id > $7 order by i.id limit $8`)
	selectItem = db.SQL("funding.item.load",
		`select i.claim_id, i.state, i.eligible, i.income, i.other_money, i.cap, i.kind, i.deducted
		 from cost_item i where i.programme_id = $1 and i.id = $2`)
	freezeItem = db.SQL("funding.item.freeze",
		`update cost_item set rate_bp = $3, vat_recoverable_bp = $4, cap = $5, eligible = $6 where programme_id = $1 and id = $2`)
	decideItem = db.SQL("funding.item.decide",
		`update cost_item set state = $3, deducted = $4, accepted = $5, reason_code = $6, reason = $7, decided_on = $8, decided_by = $9
		 where programme_id = $1 and id = $2`)
	// what AcceptedCost says of an item without a deduction
	acceptRest = db.SQL("funding.item.accept_rest",
		`update cost_item set state = 'accepted', decided_on = $3, decided_by = $4, accepted = case when eligible < 0 then eligible else
		   case when (case when cap > 0 and eligible > cap then cap else eligible end) - income - other_money > 0
		     then (case when cap > 0 and eligible > cap then cap else eligible end) - income - other_money else 0 end end
		 where programme_id = $1 and claim_id = $2 and state = 'declared' and kind <> 'flat' and not exists (select 1 from item_sample s
		   where s.programme_id = cost_item.programme_id and s.item_id = cost_item.id)`)
	rejectItems = db.SQL("funding.item.reject",
		`update cost_item set state = 'deducted', deducted = eligible, accepted = 0, reason_code = 'other', reason = $3, decided_on = $4,
		   decided_by = $5
		 where programme_id = $1 and claim_id = $2 and state in ('declared', 'accepted', 'deducted')`)
	returnItem = db.SQL("funding.item.return",
		`update cost_item set state = $5, invoice_key = null
		 where programme_id = $1 and id = $2 and agreement_id = $3 and year = $4 and state = 'parked'
		   and exists (select 1 from claim c where c.programme_id = cost_item.programme_id and c.id = cost_item.claim_id and c.approved_on <> '')`)
	selectCounts = db.SQL("funding.claim.counts",
		`select (select count(*) from cost_item i where i.programme_id = $1 and i.claim_id = $2 and i.state = 'declared'),
		   (select count(*) from claim o where o.programme_id = $1 and o.agreement_id = c.agreement_id and o.year = c.year
		     and o.number < c.number and o.state in ('submitted', 'in-verification', 'queried', 'verified'))
		 from claim c where c.programme_id = $1 and c.id = $2`)
	selectClaimCost = db.SQL("funding.claim.cost",
		`select i.rate_bp, cast(sum(i.accepted) as bigint) from cost_item i
		 where i.programme_id = $1 and i.claim_id = $2 group by i.rate_bp`)
	selectSettled = db.SQL("funding.year.settled",
		`select count(*) from settlement s where s.programme_id = $1 and s.agreement_id = $2 and s.year = $3 and s.state = 'final'`)
)

// yearTerms is what a claim of an agreement-year needs to know.
type yearTerms struct {
	partner     id.Organisation
	code        string // of the partner
	recoverable money.Bp
	currency    string
	version     int // of the agreement
	starts      period.Date
	ends        period.Date
	last        int // number of its last claim
	draft       id.Claim
}

func loadYearTerms(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a id.Agreement, year period.Year) (yearTerms, error) {
	var t yearTerms
	err := tx.Row(ctx, selectYearTerms, g, a, year, by.Scope()).Scan(&t.partner, &t.code, &t.recoverable, &t.currency, &t.version, &t.starts, &t.ends,
		&t.last, &t.draft)
	if err == db.ErrNone {
		err = fault.Missing("funding.no_ceiling", text.Args{"year": year})
	}
	return t, err
}

// LoadClaim is one claim within what the actor may read.
func LoadClaim(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, c id.Claim) (Claim, error) {
	var l Claim
	err := tx.Row(ctx, selectClaim, g, c, by.ScopeFor("claim.read")).Scan(&l.ID, &l.Agreement, &l.Partner, &l.Year, &l.Number, &l.State,
		&l.SubmittedOn, &l.EnteredBy, &l.OpenedOn, &l.VerifiedOn, &l.VerifiedBy, &l.SecondLevel, &l.ReviewedOn, &l.ReviewedBy, &l.ApprovedOn,
		&l.ApprovedBy, &l.Accepted, &l.Due, &l.Rounds, &l.Version, &l.RuleOn, &l.Words)
	if err == db.ErrNone {
		err = fault.Missing("funding.no_claim", nil)
	}
	return l, err
}

func saveClaim(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, verb string, before, after Claim) error {
	n, err := tx.Exec(ctx, updateClaim, g, before.ID, before.State, after.State, after.VerifiedOn, db.OrNull(after.VerifiedBy), db.Bit(after.SecondLevel),
		after.ReviewedOn, db.OrNull(after.ReviewedBy), after.ApprovedOn, db.OrNull(after.ApprovedBy), after.Accepted, after.Due, after.Rounds)
	if err == nil && n != 1 {
		err = fault.Conflict("funding.claim_moved", nil)
	}
	if err != nil {
		return err
	}
	return trail(ctx, tx, by, g, verb, "claim", string(before.ID), claimSeen{State: before.State},
		claimSeen{State: after.State, Accepted: after.Accepted.String(), Due: after.Due.String()})
}

func loadItem(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, item id.Item) (Claim, Item, money.Amount, error) {
	i := Item{ID: item}
	var c id.Claim
	var eligible money.Amount
	err := tx.Row(ctx, selectItem, g, item).Scan(&c, &i.State, &eligible, &i.Income, &i.OtherMoney, &i.Cap, &i.Kind, &i.Deducted)
	if err == db.ErrNone {
		return Claim{}, i, 0, fault.Missing("funding.no_item", nil)
	}
	if err != nil {
		return Claim{}, i, 0, err
	}
	claim, err := LoadClaim(ctx, tx, by, g, c)
	return claim, i, eligible, err
}

// ClaimOfItem is the claim that a cost item stands in, within what the actor may read.
func ClaimOfItem(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, item id.Item) (Claim, error) {
	c, _, _, err := loadItem(ctx, tx, by, g, item)
	return c, err
}

// loadItems reads the items of a claim in the order in which they were entered, with their cost.
func loadItems(ctx context.Context, tx *db.Tx, g id.Programme, claim id.Claim) ([]Item, error) {
	return readItems(ctx, tx, g, claim, ItemFilter{})
}

func readItems(ctx context.Context, tx *db.Tx, g id.Programme, claim id.Claim, f ItemFilter) ([]Item, error) {
	var all []Item
	err := tx.Each(ctx, selectItems, append(f.args(g, claim), f.After, cmp.Or(f.Limit, math.MaxInt32)), func(r *sql.Rows) error {
		var i Item
		var rate, hours string
		err := r.Scan(&i.ID, &i.Ref, &i.Activity, &i.Category, &i.Description, &i.Supplier, &i.Invoice, &i.InvoicedOn, &i.DeliveredOn,
			&i.Currency, &rate, &i.RateOn, &i.RateSource, &i.Net, &i.VAT, &i.Income, &i.OtherMoney, &i.RateBp, &i.Kind, &hours, &i.HourRate,
			&i.AllocationBp, &i.VATBp, &i.Cap, &i.FlatBp, &i.Credits, &i.InvoiceTotal, &i.Procured, &i.PaidOn, &i.Shared, &i.RowHash, &i.State,
			&i.Deducted, &i.ReasonCode, &i.Reason, &i.DecidedOn, &i.DecidedBy, &i.Returns, &i.eligible, &i.accepted)
		if err == nil && rate != "" {
			i.Rate, err = decimal.Parse(rate)
		}
		if err == nil && hours != "" {
			i.Hours, err = decimal.Parse(hours)
		}
		all = append(all, i)
		return err
	})
	return all, err
}

// LoadItems reads the items of a claim that the actor may read, in the order in which they were entered.
func LoadItems(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim) ([]Item, error) {
	if _, err := LoadClaim(ctx, tx, by, g, claim); err != nil {
		return nil, err
	}
	return loadItems(ctx, tx, g, claim)
}

// bringBack marks a parked item of the same agreement-year as returned and gives its facts to the item that replaces it: number, invoice
// and frozen rate of exchange stay what they were. Source: domain section 4.11.
func bringBack(ctx context.Context, tx *db.Tx, g id.Programme, c Claim, i Item) (Item, error) {
	count, err := tx.Exec(ctx, returnItem, g, i.Returns, c.Agreement, c.Year, Returned)
	if err == nil && count != 1 {
		err = fault.Invalid("returns", "funding.not_parked", nil)
	}
	if err != nil {
		return i, err
	}
	var claim id.Claim
	if err := tx.Row(ctx, selectItemClaim, g, i.Returns).Scan(&claim); err != nil {
		return i, err
	}
	found, err := readItems(ctx, tx, g, claim, ItemFilter{Only: i.Returns})
	if err != nil || len(found) != 1 {
		return i, err
	}
	back := found[0]
	back.ID, back.Ref, back.Returns, back.RowHash = i.ID, i.Ref, i.Returns, i.RowHash
	back.State, back.Deducted, back.ReasonCode, back.Reason, back.DecidedOn, back.DecidedBy = Declared, 0, "", "", "", ""
	return back, nil
}

var selectItemClaim = db.SQL("funding.item.claim", `select i.claim_id from cost_item i where i.programme_id = $1 and i.id = $2`)

// Lapse gives up a parked item that will not return: its term passed.
func Lapse(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, item id.Item) error {
	c, i, _, err := loadItem(ctx, tx, by, g, item)
	if err != nil {
		return err
	}
	if err := by.May("item.lapse", access.Subject{Kind: "item", State: string(i.State), Partner: c.Partner}); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, returnItem, g, item, c.Agreement, c.Year, Lapsed)
	if err == nil && n != 1 {
		err = fault.Conflict("funding.claim_not_approved", nil)
	}
	if err != nil {
		return err
	}
	return trail(ctx, tx, by, g, "item.lapse", "item", string(item), itemSeen{State: i.State}, itemSeen{State: Lapsed})
}

// countItems tells how many items of a claim are undecided and how many earlier claims of its year are not approved yet.
func countItems(ctx context.Context, tx *db.Tx, g id.Programme, c id.Claim) (undecided, earlier int, err error) {
	err = tx.Row(ctx, selectCounts, g, c).Scan(&undecided, &earlier)
	return undecided, earlier, err
}

func loadClaimCost(ctx context.Context, tx *db.Tx, g id.Programme, c id.Claim) (RatedCost, error) {
	cost := RatedCost{}
	err := tx.Each(ctx, selectClaimCost, []any{g, c}, func(r *sql.Rows) error {
		var rate money.Bp
		var sum money.Amount
		err := r.Scan(&rate, &sum)
		cost[rate] = sum
		return err
	})
	return cost, err
}

// yearOpen refuses money to move by claims once the year is finally settled; later changes are adjustments.
func yearOpen(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, year period.Year) error {
	var n int
	if err := tx.Row(ctx, selectSettled, g, a, year).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return fault.Conflict("funding.year_final", text.Args{"year": year})
	}
	return nil
}
