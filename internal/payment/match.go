package payment

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/sepa"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// Why a line waits at the desk.
const (
	whyUnknown  = "unknown"
	whyAmount   = "amount"
	whyState    = "state"
	whyRefused  = "refused"
	whyIncoming = "incoming"
	whyOwed     = "owed"
)

// matcher matches lines with payments, by what the bank gives back, and with recoveries, by structured reference. It never guesses by amount
// or name alone.
type matcher struct {
	by        access.Actor
	programme id.Programme
	batches   map[id.Batch]bool // that something happened to
}

var (
	selectByEnd = db.SQL("payment.match.end_to_end",
		`select p.id, p.batch_id, p.amount, p.state from payment p where p.programme_id = $1 and p.end_to_end = $2`)
	selectByBlock = db.SQL("payment.match.block",
		`select b.id from payment_batch b where b.programme_id = $1 and replace(b.id, '-', '') = $2`)
	selectByReference = db.SQL("payment.match.reference",
		`select r.agreement_id, r.year from recovery_reference r where r.programme_id = $1 and r.reference = $2`)
)

// target is a payment as matching sees it.
type target struct {
	id     id.Payment
	batch  id.Batch
	amount money.Amount
	state  string
}

// take matches lines in their order and fills in what became of each.
func (m *matcher) take(ctx context.Context, tx *db.Tx, lines []Line) error {
	for i := range lines {
		l := &lines[i]
		var err error
		switch {
		case l.EndToEnd != "":
			err = m.payment(ctx, tx, l)
		case l.Amount < 0 && l.Block != "":
			err = m.block(ctx, tx, l)
		case l.Amount > 0 && l.Reference != "":
			err = m.recovery(ctx, tx, l)
		case l.Amount > 0:
			l.Why = whyIncoming
		default:
			l.Why = whyUnknown
		}
		if err != nil {
			return err
		}
		if l.State = "matched"; l.Why != "" {
			l.State = "open"
		}
	}
	return nil
}

// refused turns a refusal by the rules into a reason to wait; other errors stay.
func refused(l *Line, err error) error {
	if fault.Is(err, fault.KindConflict) || fault.Is(err, fault.KindInvalid) {
		l.Why = whyRefused
		return nil
	}
	return err
}

func (m *matcher) payment(ctx context.Context, tx *db.Tx, l *Line) error {
	var t target
	err := tx.Row(ctx, selectByEnd, m.programme, l.EndToEnd).Scan(&t.id, &t.batch, &t.amount, &t.state)
	if err == db.ErrNone {
		if l.Amount > 0 && l.Reference != "" && l.Returned == "" { // the partner's own identifier
			return m.recovery(ctx, tx, l)
		}
		l.Why = whyUnknown
		return nil
	}
	if err != nil {
		return err
	}
	if max(l.Amount, -l.Amount) != t.amount {
		l.Why = whyAmount
		return nil
	}
	return m.apply(ctx, tx, l, t)
}

// apply books what the bank says of one payment: money out executes it, money back returns it.
func (m *matcher) apply(ctx context.Context, tx *db.Tx, l *Line, t target) error {
	do, want := funding.Execute, "approved"
	if l.Amount > 0 {
		do, want = funding.ReturnPayment, "executed"
	}
	if t.state != want {
		l.Why = whyState
		return nil
	}
	why := l.Returned
	if l.Amount > 0 && why == "" {
		why = "returned"
	}
	if err := do(ctx, tx, m.programme, t.id, funding.Mover{By: m.by, Batch: t.batch, On: l.BookedOn, Why: why}); err != nil {
		return refused(l, err)
	}
	l.Payment = t.id
	m.batches[t.batch] = true
	return nil
}

// block executes a whole batch that the bank booked in one amount without details.
func (m *matcher) block(ctx context.Context, tx *db.Tx, l *Line) error {
	var batch id.Batch
	err := tx.Row(ctx, selectByBlock, m.programme, l.Block).Scan(&batch)
	if err == db.ErrNone {
		l.Why = whyUnknown
		return nil
	}
	if err != nil {
		return err
	}
	payments, err := Of(ctx, tx, m.programme, batch)
	if err != nil {
		return err
	}
	var open money.Amount
	for _, p := range payments {
		if p.State == "approved" {
			open += p.Amount
		}
	}
	if open != -l.Amount {
		l.Why = whyAmount
		return nil
	}
	for _, p := range payments {
		if p.State == "approved" {
			if err := m.apply(ctx, tx, l, target{p.ID, batch, p.Amount, p.State}); err != nil {
				return err
			}
		}
	}
	l.Payment = "" // it stands for several
	return nil
}

// recovery books what a partner pays back under the reference that it was asked to quote.
func (m *matcher) recovery(ctx context.Context, tx *db.Tx, l *Line) error {
	var agreement id.Agreement
	var year period.Year
	err := tx.Row(ctx, selectByReference, m.programme, l.Reference).Scan(&agreement, &year)
	if err == db.ErrNone {
		l.Why = whyIncoming
		return nil
	}
	if err != nil {
		return err
	}
	return m.receive(ctx, tx, l, agreement, year)
}

func (m *matcher) receive(ctx context.Context, tx *db.Tx, l *Line, agreement id.Agreement, year period.Year) error {
	payment, err := funding.Receive(ctx, tx, m.by, m.programme, funding.Payment{Agreement: agreement, Year: year, Amount: l.Amount, Words: l.Words},
		l.BookedOn)
	if fault.Is(err, fault.KindConflict) {
		l.Why = whyOwed
		return nil
	}
	l.Payment = payment
	return err
}

// settle closes the batches on which the bank has now spoken in full.
func (m *matcher) settle(ctx context.Context, tx *db.Tx) error {
	for batch := range m.batches {
		if batch == "" {
			continue
		}
		b, err := load(ctx, tx, m.by, m.programme, batch)
		if err != nil {
			return err
		}
		if err := settle(ctx, tx, m.by, m.programme, b); err != nil {
			return err
		}
	}
	return nil
}

var (
	insertReference = db.SQL("payment.recovery.insert", `insert into recovery_reference (programme_id, agreement_id, year, reference)
		values ($1, $2, $3, $4) on conflict do nothing`)
	selectReference = db.SQL("payment.recovery.load",
		`select reference from recovery_reference where programme_id = $1 and agreement_id = $2 and year = $3`)
	countReferences = db.SQL("payment.recovery.count", `select count(*) from recovery_reference where programme_id = $1`)
	programmeOrder  = db.SQL("payment.recovery.programme", `select count(*) from programme p where p.id <= $1`)
)

// ReferenceFor is the structured reference under which a partner pays back what it owes of a year; made on first use, then always the same.
func ReferenceFor(ctx context.Context, tx *db.Tx, g id.Programme, agreement id.Agreement, year period.Year) (sepa.Reference, error) {
	var reference sepa.Reference
	err := tx.Row(ctx, selectReference, g, agreement, year).Scan(&reference)
	if err != db.ErrNone {
		return reference, err
	}
	var n, programme uint64
	if err := tx.Row(ctx, countReferences, g).Scan(&n); err != nil {
		return "", err
	}
	if err := tx.Row(ctx, programmeOrder, g).Scan(&programme); err != nil {
		return "", err
	}
	reference = sepa.BelgianReference(programme*1_000_000 + n + 1)
	_, err = tx.Exec(ctx, insertReference, g, agreement, year, reference)
	return reference, err
}
