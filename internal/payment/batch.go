package payment

import (
	"context"
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Batch is payments that go to the bank together. Its states are those of domain section 3.
type Batch struct {
	ID         id.Batch
	Number     int
	State      string
	ExecuteOn  period.Date
	Account    id.Account // of the agency
	Total      money.Amount
	Payments   int
	PreparedOn period.Date
	PreparedBy id.Person
	Preparer   string // name
	ApprovedOn period.Date
	ApprovedBy id.Person
	Approver   string
	ExportedAt db.Time
	Exporter   string
	SHA256     string
	ClosedOn   period.Date
}

// Subject is the batch as the leave check sees it: who prepared it is no second pair of eyes.
func (b Batch) Subject() access.Subject {
	return access.Subject{Kind: "batch", State: b.State, Touched: []id.Person{b.PreparedBy}}
}

// Code is what people and banks call the batch by.
func (b Batch) Code() string { return "B" + strconv.Itoa(b.Number) }

// MostDaysAhead bounds the day of execution: a batch is made for the days that come, and a year typed wrong is not.
const MostDaysAhead = 60

// Prepare makes a batch of payables, each to the account that counts for its partner on the day of execution. What is no longer payable, or
// has no account, is refused, and with it the whole batch.
func Prepare(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, on period.Date, chosen []Payable) (id.Batch, error) {
	b := Batch{ID: id.New[id.Batch](), ExecuteOn: on, PreparedBy: by.ID, Payments: len(chosen)}
	if err := by.May("batch.prepare", access.Subject{Kind: "batch"}); err != nil {
		return "", err
	}
	switch {
	case len(chosen) == 0:
		return "", fault.Invalid("payments", "payment.batch_empty", nil)
	case g.Currency != "EUR":
		return "", fault.Conflict("payment.currency", text.Args{"currency": g.Currency})
	case !on.Valid():
		return "", fault.Invalid("execute_on", "fault.date.form", text.Args{"found": string(on)})
	case on < tx.Now.Date() || on > tx.Now.Date().AddDays(MostDaysAhead):
		return "", fault.Invalid("execute_on", "payment.execute_on", text.Args{"found": on, "most": MostDaysAhead})
	}
	from, err := InEffect(ctx, tx, g.ID, g.Agency, on)
	if err != nil {
		return "", err
	}
	b.Account = from.ID
	for _, p := range chosen {
		if b.Total, err = b.Total.Add(p.Amount); err != nil {
			return "", fault.At("payments", err)
		}
	}
	if err := tx.Row(ctx, nextNumber, g.ID).Scan(&b.Number); err != nil {
		return "", err
	}
	if b.Total <= 0 {
		return "", fault.Invalid("payments", "funding.order_range", text.Args{"most": b.Total})
	}
	err = tx.Insert(ctx, "payment_batch", strings.Fields(`programme_id id number state execute_on account_id total payments prepared_on prepared_by
		approved_on approved_by exported_at exported_by sha256 content closed_on`), [][]any{{g.ID, b.ID, b.Number, "prepared", on, from.ID, b.Total,
		len(chosen), tx.Now.Date(), db.OrNull(by.ID), "", nil, "", nil, "", "", ""}})
	if err != nil {
		return "", err
	}
	for _, p := range chosen {
		if err := order(ctx, tx, by, g, b, p); err != nil {
			return "", err
		}
	}
	return b.ID, trail(ctx, tx, by, g.ID, "batch.prepare", "batch", string(b.ID), nil, seen{"prepared", b.Total.String()})
}

// order makes one payment of a batch.
func order(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, b Batch, p Payable) error {
	to, err := InEffect(ctx, tx, g.ID, p.Partner, b.ExecuteOn)
	if err != nil {
		return err
	}
	l := text.NL // the agency writes to its partners in the language of its house
	kind := l.Say(text.Key("kind."+string(p.Kind)), nil)
	if p.Number > 0 {
		kind += " " + strconv.Itoa(p.Number)
	}
	payment := funding.Payment{Agreement: p.Agreement, Year: p.Year, Kind: p.Kind, Claim: p.Claim, Amount: p.Amount, Batch: b.ID, Account: to.ID,
		EndToEnd: compact(id.New[id.Payment]()),
		Words:    l.Say("payment.words", text.Args{"programme": g.Code, "partner": p.Name, "year": p.Year.String(), "kind": kind})}
	_, err = funding.Order(ctx, tx, by, g.ID, payment)
	return err
}

// Approve releases a batch and its payments; never by who prepared it. An account that has changed since then stops it.
func Approve(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, batch id.Batch) error {
	b, err := load(ctx, tx, by, g, batch)
	if err != nil {
		return err
	}
	if err := by.May("batch.approve", b.Subject()); err != nil {
		return err
	}
	if err := sameAccounts(ctx, tx, g, b); err != nil {
		return err
	}
	if err := each(ctx, tx, by, g, b, funding.ApprovePayment); err != nil {
		return err
	}
	return move(ctx, tx, by, g, b, "batch.approve")
}

// Discard calls a batch off before it went to the bank, and its payments with it.
func Discard(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, batch id.Batch) error {
	b, err := load(ctx, tx, by, g, batch)
	if err != nil {
		return err
	}
	if err := by.May("batch.discard", b.Subject()); err != nil {
		return err
	}
	if err := each(ctx, tx, by, g, b, funding.DiscardPayment); err != nil {
		return err
	}
	return move(ctx, tx, by, g, b, "batch.discard")
}

type step func(context.Context, *db.Tx, id.Programme, id.Payment, funding.Mover) error

// each takes every payment of a batch a step.
func each(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, b Batch, do step) error {
	payments, err := Of(ctx, tx, g, b.ID)
	if err != nil {
		return err
	}
	for _, p := range payments {
		if err := do(ctx, tx, g, p.ID, funding.Mover{By: by, Batch: b.ID}); err != nil {
			return err
		}
	}
	return nil
}

// sameAccounts holds the accounts of a batch against those that count on its day.
func sameAccounts(ctx context.Context, tx *db.Tx, g id.Programme, b Batch) error {
	payments, err := Of(ctx, tx, g, b.ID)
	if err != nil {
		return err
	}
	for _, p := range payments {
		now, err := InEffect(ctx, tx, g, p.Partner, max(b.ExecuteOn, tx.Now.Date()))
		if err != nil {
			return err
		}
		if now.ID != p.Account {
			return fault.Conflict("payment.account_changed", text.Args{"partner": p.Name})
		}
	}
	return nil
}

// Reject records that the bank refused payments of an exported batch, with its reason. They are to be paid again.
func Reject(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, batch id.Batch, payments []id.Payment, why string) error {
	b, err := load(ctx, tx, by, g, batch)
	if err != nil {
		return err
	}
	if err := by.May("batch.reject", b.Subject()); err != nil {
		return err
	}
	if strings.TrimSpace(why) == "" {
		return fault.Invalid("why", "payment.why", nil)
	}
	if len(payments) == 0 {
		return fault.Invalid("payments", "payment.batch_empty", nil)
	}
	for _, p := range payments {
		if err := funding.RejectPayment(ctx, tx, g, p, funding.Mover{By: by, Batch: b.ID, Why: why}); err != nil {
			return err
		}
	}
	return settle(ctx, tx, by, g, b)
}

// settle closes an exported batch once the bank has spoken on every payment.
func settle(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, b Batch) error {
	if b.State != "exported" {
		return nil
	}
	payments, err := Of(ctx, tx, g, b.ID)
	if err != nil {
		return err
	}
	paid, back := 0, 0
	for _, p := range payments {
		switch p.State {
		case "executed":
			paid++
		case "rejected", "returned":
			back++
		}
	}
	switch {
	case paid+back < len(payments):
		return nil
	case back == 0:
		return move(ctx, tx, by, g, b, "batch.execute")
	case paid == 0:
		return move(ctx, tx, by, g, b, "batch.reject")
	default:
		return move(ctx, tx, by, g, b, "batch.split")
	}
}
