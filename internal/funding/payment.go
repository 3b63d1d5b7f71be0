package funding

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Payment is money on its way to a partner, or back.
type Payment struct {
	ID         id.Payment
	Agreement  id.Agreement
	Partner    id.Organisation
	Year       period.Year
	Kind       PaymentKind
	Claim      id.Claim
	Amount     money.Amount
	State      string
	OrderedBy  id.Person
	ApprovedBy id.Person
	Batch      id.Batch   // that carries it to the bank, "" for one that goes another way
	Account    id.Account // that it goes to, with a batch
	EndToEnd   string     // what the bank gives back, with a batch
	Words      string     // for the partner's statement, with a batch
}

// Subject is the payment as the leave check sees it.
func (p Payment) Subject() access.Subject {
	return access.Subject{Kind: "payment", State: p.State, Partner: p.Partner, Touched: []id.Person{p.OrderedBy}}
}

var (
	selectPayment = db.SQL("funding.payment.load",
		`select p.id, p.agreement_id, a.organisation_id, p.year, p.kind, coalesce(p.claim_id, ''), p.amount, p.state,
		   coalesce(p.ordered_by, ''), coalesce(p.approved_by, ''), coalesce(p.batch_id, ''), p.executed_on
		 from payment p join agreement a on a.programme_id = p.programme_id and a.id = p.agreement_id
		 where p.programme_id = $1 and p.id = $2`)
	updatePayment = db.SQL("funding.payment.save",
		`update payment set state = $4, approved_by = $5, executed_on = $6, undone_on = $7, undone_why = $8
		 where programme_id = $1 and id = $2 and state = $3`)
	selectInFlight = db.SQL("funding.payment.in_flight",
		`select cast(coalesce(sum(p.amount), 0) as bigint) from payment p
		 where p.programme_id = $1 and p.agreement_id = $2 and p.year = $3 and p.kind in ('claim', 'balance')
		   and p.state in ('ordered', 'approved')`)
	selectAdvanceBp = db.SQL("funding.advance.share",
		`select r.advance_bp from programme_rule r where r.programme_id = $1 and r.starts_on <= $2 order by r.starts_on desc limit 1`)
	selectOnItsWay = db.SQL("funding.payment.on_its_way",
		`select count(*) from payment p where p.programme_id = $1 and p.claim_id = $2 and p.id <> $3 and p.state in ('ordered', 'approved')`)
)

// Order prepares a payment. An advance is the programme's share of the year's ceiling, once; any other payment is of what is payable and
// not in flight yet. With a batch it is part of that batch and moves with it alone.
func Order(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, n Payment) (id.Payment, error) {
	terms, err := loadYearTerms(ctx, tx, by, g, n.Agreement, n.Year)
	if err != nil {
		return "", err
	}
	n.ID, n.Partner, n.State, n.OrderedBy = id.New[id.Payment](), terms.partner, "", by.ID
	if err := by.May("payment.order", n.Subject()); err != nil {
		return "", err
	}
	room, err := payable(ctx, tx, g, n)
	if err != nil {
		return "", err
	}
	if n.Amount <= 0 || n.Amount > room {
		return "", fault.Invalid("amount", "funding.order_range", text.Args{"most": room})
	}
	n.State = "ordered"
	err = tx.Insert(ctx, "payment", PaymentColumns(), [][]any{{g, n.ID, n.Agreement, n.Year, n.Kind, db.OrNull(n.Claim), n.Amount, n.State,
		tx.Now.Date(), db.OrNull(by.ID), nil, "", db.OrNull(n.Batch), db.OrNull(n.Account), db.OrNull(n.EndToEnd), n.Words}})
	if err != nil {
		return "", err
	}
	if err := moveClaim(ctx, tx, by, g, n.Claim, "claim.order"); err != nil {
		return "", err
	}
	if n.Kind == AdvancePayment {
		book := booking{g, n.Agreement, n.Year, "payment", string(n.ID)}
		if err := book.post(ctx, tx, ledger.EventAdvanceOrdered, ledger.AdvanceOrdered(n.Amount)); err != nil {
			return "", err
		}
	}
	return n.ID, trail(ctx, tx, by, g, "payment.order", "payment", string(n.ID), nil, paymentSeen{n.State, n.Amount.String()})
}

type paymentSeen struct {
	State  string `json:"state"`
	Amount string `json:"amount"`
}

// payable is the most that a new payment may be.
func payable(ctx context.Context, tx *db.Tx, g id.Programme, n Payment) (money.Amount, error) {
	p, err := Load(ctx, tx, g, n.Agreement, n.Year)
	if err != nil {
		return 0, err
	}
	if n.Kind == AdvancePayment {
		if err := yearOpen(ctx, tx, g, n.Agreement, n.Year); err != nil {
			return 0, err
		}
		var share money.Bp
		if err := tx.Row(ctx, selectAdvanceBp, g, n.Year.Last()).Scan(&share); err != nil {
			return 0, err
		}
		return max(0, min(p.Original.Share(share)-p.Advance, p.Ceiling-p.Due-p.Open)), nil
	}
	if n.Kind == Repayment {
		return p.Recoverable, nil
	}
	return p.Payable - p.InTransit, nil
}

// AdvanceRoom is the most that an advance of an agreement-year may be.
func AdvanceRoom(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, year period.Year) (money.Amount, error) {
	return payable(ctx, tx, g, Payment{Agreement: a, Year: year, Kind: AdvancePayment})
}

// Mover takes a payment a step: who, and for a payment of a batch that it is the batch that moves.
type Mover struct {
	By    access.Actor
	Batch id.Batch    // "" for a payment by itself
	On    period.Date // of execution; "" is today
	Why   string      // of a refusal or a return
}

// ApprovePayment releases an ordered payment; never by who ordered it.
func ApprovePayment(ctx context.Context, tx *db.Tx, g id.Programme, payment id.Payment, m Mover) error {
	return m.take(ctx, tx, g, payment, "payment.approve", func(p *Payment) error {
		p.ApprovedBy = m.By.ID
		return nil
	})
}

// Execute records that the bank has paid an approved payment.
func Execute(ctx context.Context, tx *db.Tx, g id.Programme, payment id.Payment, m Mover) error {
	return m.take(ctx, tx, g, payment, "payment.execute", func(p *Payment) error {
		if p.Kind == Repayment {
			return bookRepaid(ctx, tx, g, *p)
		}
		if err := moveClaim(ctx, tx, m.By, g, p.Claim, "claim.pay"); err != nil {
			return err
		}
		return p.booking(g).post(ctx, tx, ledger.EventExecuted, ledger.Executed(p.Amount))
	})
}

func (p Payment) booking(g id.Programme) booking {
	return booking{g, p.Agreement, p.Year, "payment", string(p.ID)}
}

func bookRepaid(ctx context.Context, tx *db.Tx, g id.Programme, p Payment) error {
	now, err := Load(ctx, tx, g, p.Agreement, p.Year)
	if err != nil {
		return err
	}
	if p.Amount > now.Recoverable { // a claim was netted against it meanwhile
		return fault.Conflict("funding.repaid_too_much", text.Args{"owed": now.Recoverable})
	}
	return p.booking(g).post(ctx, tx, ledger.EventRepaid, ledger.Repaid(p.Amount))
}

// DiscardPayment calls a payment off that the bank has not executed; an advance is booked back.
func DiscardPayment(ctx context.Context, tx *db.Tx, g id.Programme, payment id.Payment, m Mover) error {
	return m.take(ctx, tx, g, payment, "payment.discard", func(p *Payment) error { return callOff(ctx, tx, m.By, g, *p) })
}

// RejectPayment records that the bank refused an approved payment, with its reason; what it was for is to be paid again.
func RejectPayment(ctx context.Context, tx *db.Tx, g id.Programme, payment id.Payment, m Mover) error {
	return m.take(ctx, tx, g, payment, "payment.reject", func(p *Payment) error { return callOff(ctx, tx, m.By, g, *p) })
}

// ReturnPayment records that an executed payment came back; its booking is reversed and what it was for is to be paid again. An advance
// that claims have used up meanwhile cannot be undone: that is a conflict, for a person to settle with the partner.
func ReturnPayment(ctx context.Context, tx *db.Tx, g id.Programme, payment id.Payment, m Mover) error {
	return m.take(ctx, tx, g, payment, "payment.return", func(p *Payment) error {
		if p.Kind == AdvancePayment {
			now, err := Load(ctx, tx, g, p.Agreement, p.Year)
			if err != nil {
				return err
			}
			if now.Open < p.Amount {
				return fault.Conflict("funding.advance_used", text.Args{"open": now.Open})
			}
		}
		if err := ledger.ReverseKey(ctx, tx, g, string(ledger.EventExecuted)+":"+string(p.ID), tx.Now.Date()); err != nil {
			return err
		}
		return callOff(ctx, tx, m.By, g, *p)
	})
}

// callOff frees what a payment was for: an advance's order is booked back, a claim is approved and unpaid again.
func callOff(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, p Payment) error {
	if p.Claim != "" {
		var others int
		if err := tx.Row(ctx, selectOnItsWay, g, p.Claim, p.ID).Scan(&others); err != nil {
			return err
		}
		if others == 0 {
			if err := moveClaim(ctx, tx, by, g, p.Claim, "claim.refuse"); err != nil {
				return err
			}
		}
	}
	if p.Kind != AdvancePayment {
		return nil
	}
	return ledger.ReverseKey(ctx, tx, g, string(ledger.EventAdvanceOrdered)+":"+string(p.ID), tx.Now.Date())
}

// Receive records money that a partner paid back, as the bank reports it: of at most what is owed back.
func Receive(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, n Payment, on period.Date) (id.Payment, error) {
	terms, err := loadYearTerms(ctx, tx, by, g, n.Agreement, n.Year)
	if err != nil {
		return "", err
	}
	n.ID, n.Partner, n.Kind, n.State = id.New[id.Payment](), terms.partner, Repayment, ""
	if err := by.May("payment.receive", n.Subject()); err != nil {
		return "", err
	}
	if n.Amount <= 0 {
		return "", fault.Invalid("amount", "funding.order_range", text.Args{"most": n.Amount})
	}
	n.State = "executed"
	if err := bookRepaid(ctx, tx, g, n); err != nil {
		return "", err
	}
	err = tx.Insert(ctx, "payment", PaymentColumns(), [][]any{{g, n.ID, n.Agreement, n.Year, n.Kind, nil, n.Amount, n.State, on,
		db.OrNull(by.ID), nil, on, nil, nil, nil, n.Words}})
	if err != nil {
		return "", err
	}
	return n.ID, trail(ctx, tx, by, g, "payment.receive", "payment", string(n.ID), nil, paymentSeen{n.State, n.Amount.String()})
}

func (m Mover) take(ctx context.Context, tx *db.Tx, g id.Programme, payment id.Payment, verb access.VerbName, apply func(*Payment) error) error {
	p, executed, err := loadPayment(ctx, tx, m.By, g, payment)
	if err != nil {
		return err
	}
	if err := m.By.May(verb, p.Subject()); err != nil {
		return err
	}
	if p.Batch != m.Batch {
		return fault.Conflict("funding.payment_in_batch", nil)
	}
	before := p.State
	if p.State, err = access.Transition("payment", before, verb); err != nil {
		return err
	}
	if err := apply(&p); err != nil {
		return err
	}
	undone := period.Date("")
	switch p.State {
	case "executed":
		if executed = m.On; executed == "" {
			executed = tx.Now.Date()
		}
	case "rejected", "returned":
		if undone = m.On; undone == "" {
			undone = tx.Now.Date()
		}
	}
	n, err := tx.Exec(ctx, updatePayment, g, p.ID, before, p.State, db.OrNull(p.ApprovedBy), executed, undone, m.Why)
	if err == nil && n != 1 {
		err = fault.Conflict("funding.payment_moved", nil)
	}
	if err != nil {
		return err
	}
	return trail(ctx, tx, m.By, g, string(verb), "payment", string(p.ID), paymentSeen{before, p.Amount.String()},
		paymentSeen{p.State, p.Amount.String()})
}

func loadPayment(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, payment id.Payment) (p Payment, executed period.Date, err error) {
	err = tx.Row(ctx, selectPayment, g, payment).Scan(&p.ID, &p.Agreement, &p.Partner, &p.Year, &p.Kind, &p.Claim, &p.Amount, &p.State,
		&p.OrderedBy, &p.ApprovedBy, &p.Batch, &executed)
	if err == db.ErrNone || (err == nil && !by.ScopeFor("payment.read").Holds(p.Partner)) {
		return p, "", fault.Missing("funding.no_payment", nil)
	}
	return p, executed, err
}
