package funding

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/text"
)

// moveClaim takes a claim, where there is one, along with its payment. A claim of which the first part came back while the rest is paid
// stays where it is: approved.
func moveClaim(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, verb access.VerbName) error {
	if claim == "" {
		return nil
	}
	c, err := LoadClaim(ctx, tx, by, g, claim)
	if err != nil || c.State == "approved" && verb == "claim.refuse" {
		return err
	}
	if err := by.May(verb, c.Subject()); err != nil {
		return err
	}
	after := c
	if after.State, err = access.Transition("claim", c.State, verb); err != nil {
		return err
	}
	return saveClaim(ctx, tx, by, g, string(verb), c, after)
}

// PayPart records that the bank paid less than a payment ordered: the order is rejected with its reason, and what was paid stands beside it
// as a payment of its own, executed. The rest is to be paid again.
func PayPart(ctx context.Context, tx *db.Tx, g id.Programme, payment id.Payment, paid money.Amount, m Mover) (id.Payment, error) {
	p, _, err := loadPayment(ctx, tx, m.By, g, payment)
	if err != nil {
		return "", err
	}
	if paid <= 0 || paid >= p.Amount {
		return "", fault.Invalid("amount", "funding.part_range", text.Args{"most": p.Amount})
	}
	if err := RejectPayment(ctx, tx, g, payment, m); err != nil {
		return "", err
	}
	part := p // approved as the order was
	part.ID, part.Amount = id.New[id.Payment](), paid
	if err := m.By.May("payment.execute", part.Subject()); err != nil {
		return "", err
	}
	if part.State, err = access.Transition("payment", p.State, "payment.execute"); err != nil {
		return "", err
	}
	on := m.On
	if on == "" {
		on = tx.Now.Date()
	}
	if part.Kind == AdvancePayment {
		if err := part.booking(g).post(ctx, tx, ledger.EventAdvanceOrdered, ledger.AdvanceOrdered(paid)); err != nil {
			return "", err
		}
	}
	if err := part.booking(g).post(ctx, tx, ledger.EventExecuted, ledger.Executed(paid)); err != nil {
		return "", err
	}
	if _, err := tx.Exec(ctx, insertPart, g, p.ID, part.ID, paid, on); err != nil {
		return "", err
	}
	return part.ID, trail(ctx, tx, m.By, g, "payment.execute", "payment", string(part.ID),
		paymentSeen{p.State, p.Amount.String()}, paymentSeen{part.State, paid.String()})
}

// the part goes where the order went, and was approved by whom the order was
var insertPart = db.SQL("funding.payment.part",
	`insert into payment (programme_id, id, agreement_id, year, kind, claim_id, amount, state, ordered_on, ordered_by, approved_by, executed_on,
	   batch_id, account_id, words)
	 select p.programme_id, cast($3 as text), p.agreement_id, p.year, p.kind, p.claim_id, cast($4 as bigint), 'executed', p.ordered_on, p.ordered_by,
	   p.approved_by, cast($5 as text), p.batch_id, p.account_id, p.words
	 from payment p where p.programme_id = $1 and p.id = $2`)
