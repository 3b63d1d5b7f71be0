package settlement

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// Lines is what a statement lists of an agreement-year's money, in the order of its happening.
type Lines struct {
	Claims      []ClaimLine
	Corrections []StruckLine
	Payments    []PaidLine
}

// ClaimLine is one approved claim.
type ClaimLine struct {
	Claim       id.Claim     `json:"claim"`
	Number      int          `json:"number"`
	State       string       `json:"state"`
	ApprovedOn  period.Date  `json:"approved_on"`
	Declared    money.Amount `json:"declared"` // eligible before deduction, parked included, returned items not
	Deducted    money.Amount `json:"deducted"`
	Parked      money.Amount `json:"parked"`   // parked in this claim, whatever came of it later
	Returned    money.Amount `json:"returned"` // of this claim's items, those that were parked before
	Accepted    money.Amount `json:"accepted"`
	Due         money.Amount `json:"due"`
	FromAdvance money.Amount `json:"from_advance"`
}

// StruckLine is one correction after payment.
type StruckLine struct {
	Correction id.Correction `json:"correction"`
	Item       id.Item       `json:"item"`
	On         period.Date   `json:"on"`
	Cost       money.Amount  `json:"cost"`
	Due        money.Amount  `json:"due"`
	Reason     string        `json:"reason"`
}

// PaidLine is one executed payment or repayment.
type PaidLine struct {
	Payment    id.Payment          `json:"payment"`
	Kind       funding.PaymentKind `json:"kind"`
	Claim      id.Claim            `json:"claim"`
	ExecutedOn period.Date         `json:"executed_on"`
	Amount     money.Amount        `json:"amount"`
}

var (
	listClaims = db.SQL("settlement.line.claims",
		`select c.id, c.number, c.state, c.approved_on, c.accepted, c.due,
		   cast(coalesce(sum(case when i.returns_id is null then i.eligible else 0 end), 0) as bigint),
		   cast(coalesce(sum(i.deducted), 0) as bigint),
		   cast(coalesce(sum(case when i.state in ('parked', 'returned', 'lapsed') then i.eligible else 0 end), 0) as bigint),
		   cast(coalesce(sum(case when i.returns_id is null then 0 else i.eligible end), 0) as bigint),
		   cast(coalesce((select sum(p.amount) from entry e cross join posting p
		     where p.programme_id = e.programme_id and p.entry_id = e.id and p.account || '' = 'Assets:Advances'
		       and e.programme_id = c.programme_id and e.agreement_id = c.agreement_id and e.year = c.year and e.subject_id = c.id), 0) as bigint)
		 from claim c
		 left join cost_item i on i.programme_id = c.programme_id and i.claim_id = c.id
		 where c.programme_id = $1 and c.agreement_id = $2 and c.year = $3 and c.approved_on <> ''
		 group by c.programme_id, c.id, c.number, c.state, c.approved_on, c.accepted, c.due
		 order by c.number`)
	listStruck = db.SQL("settlement.line.correction.lines",
		`select k.id, k.item_id, k.dated, k.cost, k.due, k.reason from correction k
		 where k.programme_id = $1 and k.agreement_id = $2 and k.year = $3 order by k.dated, k.id`)
	listPaid = db.SQL("settlement.line.payment.lines",
		`select p.id, p.kind, coalesce(p.claim_id, ''), p.executed_on, p.amount from payment p
		 where p.programme_id = $1 and p.agreement_id = $2 and p.year = $3 and p.state = 'executed' order by p.executed_on, p.id`)
)

// LoadLines reads what a statement lists of an agreement-year.
func LoadLines(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, year period.Year) (Lines, error) {
	var l Lines
	args := []any{g, a, year}
	err := tx.Each(ctx, listClaims, args, func(r *sql.Rows) error {
		var c ClaimLine
		err := r.Scan(&c.Claim, &c.Number, &c.State, &c.ApprovedOn, &c.Accepted, &c.Due, &c.Declared, &c.Deducted, &c.Parked, &c.Returned,
			&c.FromAdvance)
		c.FromAdvance = -c.FromAdvance
		l.Claims = append(l.Claims, c)
		return err
	})
	if err != nil {
		return l, err
	}
	err = tx.Each(ctx, listStruck, args, func(r *sql.Rows) error {
		var k StruckLine
		err := r.Scan(&k.Correction, &k.Item, &k.On, &k.Cost, &k.Due, &k.Reason)
		l.Corrections = append(l.Corrections, k)
		return err
	})
	if err != nil {
		return l, err
	}
	err = tx.Each(ctx, listPaid, args, func(r *sql.Rows) error {
		var p PaidLine
		err := r.Scan(&p.Payment, &p.Kind, &p.Claim, &p.ExecutedOn, &p.Amount)
		l.Payments = append(l.Payments, p)
		return err
	})
	return l, err
}
