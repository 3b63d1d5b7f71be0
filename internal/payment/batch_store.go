package payment

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/sepa"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

const batchFields = `b.id, b.number, b.state, b.execute_on, b.account_id, b.total, b.payments, b.prepared_on, coalesce(b.prepared_by, ''),
	coalesce(p.name, ''), b.approved_on, coalesce(b.approved_by, ''), coalesce(a.name, ''), b.exported_at, coalesce(x.name, ''), b.sha256, b.closed_on
	from payment_batch b left join person p on p.id = b.prepared_by left join person a on a.id = b.approved_by
	left join person x on x.id = b.exported_by `

var (
	nextNumber = db.SQL("payment.batch.next",
		`select cast(coalesce(max(b.number), 0) + 1 as integer) from payment_batch b where b.programme_id = $1`)
	listBatches    = db.SQL("payment.batch.list", `select `+batchFields+`where b.programme_id = $1 order by b.number desc`)
	selectBatch    = db.SQL("payment.batch.load", `select `+batchFields+`where b.programme_id = $1 and b.id = $2`)
	selectNumbered = db.SQL("payment.batch.numbered", `select `+batchFields+`where b.programme_id = $1 and b.number = $2`)
	moveBatch      = db.SQL("payment.batch.move",
		`update payment_batch set state = $4, approved_on = $5, approved_by = $6, closed_on = $7 where programme_id = $1 and id = $2 and state = $3`)
	listPayments = db.SQL("payment.batch.payments",
		`select p.id, p.agreement_id, g.organisation_id, o.short_name, p.year, p.kind, coalesce(p.claim_id, ''), coalesce(c.number, 0), p.amount,
		   p.state, p.account_id, b.iban, b.bic, b.holder, coalesce(p.end_to_end, ''), p.words, p.executed_on, p.undone_on, p.undone_why
		 from payment p
		 join agreement g on g.programme_id = p.programme_id and g.id = p.agreement_id
		 join organisation o on o.id = g.organisation_id
		 join bank_account b on b.programme_id = p.programme_id and b.id = p.account_id
		 left join claim c on c.programme_id = p.programme_id and c.id = p.claim_id
		 where p.programme_id = $1 and p.batch_id = $2
		 order by o.sort_key, o.id, p.year, p.id`)
	listMoved = db.SQL("payment.list",
		`select p.id, p.agreement_id, g.organisation_id, o.short_name, p.year, p.kind, coalesce(p.claim_id, ''), coalesce(c.number, 0), p.amount,
		   p.state, coalesce(p.account_id, ''), coalesce(b.iban, ''), coalesce(b.bic, ''), coalesce(b.holder, ''), coalesce(p.end_to_end, ''), p.words,
		   p.executed_on, p.undone_on, p.undone_why
		 from payment p
		 join agreement g on g.programme_id = p.programme_id and g.id = p.agreement_id
		 join organisation o on o.id = g.organisation_id
		 left join bank_account b on b.programme_id = p.programme_id and b.id = p.account_id
		 left join claim c on c.programme_id = p.programme_id and c.id = p.claim_id
		 where p.programme_id = $1 and ($2 = '*' or ' ' || $2 || ' ' like '% ' || g.organisation_id || ' %') and ($3 = '' or p.id = $3)
		 order by p.ordered_on desc, p.id desc`)
)

func scanBatch(scan func(...any) error) (b Batch, err error) {
	err = scan(&b.ID, &b.Number, &b.State, &b.ExecuteOn, &b.Account, &b.Total, &b.Payments, &b.PreparedOn, &b.PreparedBy, &b.Preparer, &b.ApprovedOn,
		&b.ApprovedBy, &b.Approver, &b.ExportedAt, &b.Exporter, &b.SHA256, &b.ClosedOn)
	return b, err
}

// Batches lists every batch of a programme, the newest first.
func Batches(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) ([]Batch, error) {
	if err := by.May("batch.read", access.Subject{}); err != nil {
		return nil, err
	}
	var all []Batch
	err := tx.Each(ctx, listBatches, []any{g}, func(r *sql.Rows) error {
		b, err := scanBatch(r.Scan)
		all = append(all, b)
		return err
	})
	return all, err
}

// Load reads one batch.
func Load(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, batch id.Batch) (Batch, error) {
	if err := by.May("batch.read", access.Subject{}); err != nil {
		return Batch{}, err
	}
	return load(ctx, tx, by, g, batch)
}

// Numbered reads the batch of a number.
func Numbered(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, number int) (Batch, error) {
	if err := by.May("batch.read", access.Subject{}); err != nil {
		return Batch{}, err
	}
	b, err := scanBatch(tx.Row(ctx, selectNumbered, g, number).Scan)
	if err == db.ErrNone {
		err = fault.Missing("payment.no_batch", nil)
	}
	return b, err
}

func load(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, batch id.Batch) (Batch, error) {
	if !by.Holds("batch.read") {
		return Batch{}, fault.Missing("payment.no_batch", nil)
	}
	b, err := scanBatch(tx.Row(ctx, selectBatch, g, batch).Scan)
	if err == db.ErrNone {
		err = fault.Missing("payment.no_batch", nil)
	}
	return b, err
}

func move(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, b Batch, verb access.VerbName) error {
	before := b.State
	after, err := access.Transition("batch", before, verb)
	if err != nil {
		return err
	}
	switch after {
	case "approved":
		b.ApprovedBy, b.ApprovedOn = by.ID, tx.Now.Date()
	case "executed", "rejected", "partly-rejected", "discarded":
		b.ClosedOn = tx.Now.Date()
	}
	n, err := tx.Exec(ctx, moveBatch, g, b.ID, before, after, b.ApprovedOn, db.OrNull(b.ApprovedBy), b.ClosedOn)
	if err == nil && n != 1 {
		err = fault.Conflict("payment.batch_moved", nil)
	}
	if err != nil {
		return err
	}
	return trail(ctx, tx, by, g, verb, "batch", string(b.ID), seen{before, b.Total.String()}, seen{after, b.Total.String()})
}

// Sent is a payment of a batch, with where it goes.
type Sent struct {
	ID         id.Payment
	Agreement  id.Agreement
	Partner    id.Organisation
	Name       string
	Year       period.Year
	Kind       funding.PaymentKind
	Claim      id.Claim
	Number     int
	Amount     money.Amount
	State      string
	Account    id.Account
	IBAN       sepa.IBAN
	BIC        string
	Holder     string
	EndToEnd   string
	Words      string
	ExecutedOn period.Date
	UndoneOn   period.Date
	Why        string
}

// Of lists the payments of a batch; who may read the batch may read them.
func Of(ctx context.Context, tx *db.Tx, g id.Programme, batch id.Batch) ([]Sent, error) {
	return sent(ctx, tx, listPayments, g, batch)
}

// All lists the payments that the actor may see, newest first; with an id that one alone. One that goes by itself has no account.
func All(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, only id.Payment) ([]Sent, error) {
	return sent(ctx, tx, listMoved, g, by.ScopeFor("payment.read"), only)
}

func sent(ctx context.Context, tx *db.Tx, q db.Query, args ...any) ([]Sent, error) {
	var all []Sent
	err := tx.Each(ctx, q, args, func(r *sql.Rows) error {
		var s Sent
		err := r.Scan(&s.ID, &s.Agreement, &s.Partner, &s.Name, &s.Year, &s.Kind, &s.Claim, &s.Number, &s.Amount, &s.State, &s.Account, &s.IBAN,
			&s.BIC, &s.Holder, &s.EndToEnd, &s.Words, &s.ExecutedOn, &s.UndoneOn, &s.Why)
		all = append(all, s)
		return err
	})
	return all, err
}
