package funding

import (
	"context"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/text"
)

// Open takes a claim into verification and draws its sample. Source: domain section 4.10.
func Open(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim) error {
	if err := Move(ctx, tx, by, g, claim, "claim.open"); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, openedClaim, g, claim, tx.Now.Date()); err != nil {
		return err
	}
	return drawSample(ctx, tx, g, claim)
}

// ReasonCodes lists why an item may be deducted.
func ReasonCodes() []string {
	return []string{"period", "category", "proof", "procurement", "duplicate", "vat", "calculation", "not-agreed", "other"}
}

// Decide accepts, deducts or parks an item of a claim in verification: verb is item.accept, item.deduct or item.park. A deduction lies
// between one cent and the eligible cost and names its reason; a deducted item joins the sample. Flat rates follow their base and are not
// decided on their own.
func Decide(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, item id.Item, verb access.VerbName, deducted money.Amount,
	code, reason string) error {
	c, i, eligible, err := itemToDecide(ctx, tx, by, g, item, verb)
	if err != nil {
		return err
	}
	state, err := access.Transition("item", string(i.State), verb)
	if err != nil {
		return err
	}
	before := i.State
	i.State, i.Deducted, i.ReasonCode, i.Reason = ItemState(state), 0, "", strings.TrimSpace(reason)
	if verb == "item.deduct" {
		low, high := min(eligible, 0), max(eligible, 0)
		if deducted == 0 || deducted < low || deducted > high {
			return fault.Invalid("deducted", "funding.deduction_range", text.Args{"low": low, "high": high})
		}
		if !slices.Contains(ReasonCodes(), code) || i.Reason == "" {
			return fault.Invalid("reason", "funding.reason_needed", nil)
		}
		i.Deducted, i.ReasonCode = deducted, code
		if err := addSample(ctx, tx, g, by, item, "deducted", ""); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, decideItem, g, item, i.State, i.Deducted, i.AcceptedCost(eligible), i.ReasonCode, i.Reason, tx.Now.Date(),
		db.OrNull(by.ID))
	if err != nil {
		return err
	}
	if err := reflat(ctx, tx, g, c); err != nil {
		return err
	}
	return trail(ctx, tx, by, g, string(verb), "item", string(item), itemSeen{State: before},
		itemSeen{i.State, i.Deducted.String(), i.ReasonCode})
}

// Undecide takes the decision on an item back while its claim is in verification.
func Undecide(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, item id.Item) error {
	c, i, _, err := itemToDecide(ctx, tx, by, g, item, "item.undecide")
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, decideItem, g, item, Declared, 0, 0, "", "", "", nil); err != nil {
		return err
	}
	if err := reflat(ctx, tx, g, c); err != nil {
		return err
	}
	return trail(ctx, tx, by, g, "item.undecide", "item", string(item), itemSeen{State: i.State}, itemSeen{State: Declared})
}

// itemToDecide loads an item whose claim is in verification, for somebody who did not enter it.
func itemToDecide(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, item id.Item, verb access.VerbName) (Claim, Item, money.Amount,
	error) {
	c, i, eligible, err := loadItem(ctx, tx, by, g, item)
	if err != nil {
		return c, i, 0, err
	}
	if i.Kind == Flat {
		return c, i, 0, fault.Conflict("funding.flat_follows", nil)
	}
	subject := access.Subject{Kind: "item", State: string(i.State), Partner: c.Partner, Touched: c.verifySubject().Touched}
	if err := by.May(verb, subject); err != nil {
		return c, i, 0, err
	}
	if c.State != "in-verification" {
		return c, i, 0, fault.Conflict("funding.claim_not_open", text.Args{"state": access.StateKey(c.State)})
	}
	return c, i, eligible, nil
}

type itemSeen struct {
	State    ItemState `json:"state"`
	Deducted string    `json:"deducted,omitempty"`
	Reason   string    `json:"reason_code,omitempty"`
}

// AcceptRest accepts every undecided item that is not in the sample; those in it are looked at one by one. It tells how many it accepted.
func AcceptRest(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim) (int, error) {
	c, err := LoadClaim(ctx, tx, by, g, claim)
	if err != nil {
		return 0, err
	}
	subject := access.Subject{Kind: "item", State: string(Declared), Partner: c.Partner, Touched: c.verifySubject().Touched}
	if err := by.May("item.accept", subject); err != nil {
		return 0, err
	}
	if c.State != "in-verification" {
		return 0, fault.Conflict("funding.claim_not_open", text.Args{"state": access.StateKey(c.State)})
	}
	n, err := tx.Exec(ctx, acceptRest, g, claim, tx.Now.Date(), db.OrNull(by.ID))
	if err != nil || n == 0 {
		return 0, err
	}
	if err := reflat(ctx, tx, g, c); err != nil {
		return 0, err
	}
	return int(n), trail(ctx, tx, by, g, "item.accept", "claim", string(claim), nil, claimSeen{State: c.State, Items: int(n)})
}

// Verify ends the verification of a claim whose items are all decided. At the second level another controller does it again.
func Verify(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, c id.Claim) error {
	before, err := LoadClaim(ctx, tx, by, g, c)
	if err != nil {
		return err
	}
	if err := by.May("claim.verify", before.verifySubject()); err != nil {
		return err
	}
	open, _, err := countItems(ctx, tx, g, c)
	if err != nil {
		return err
	}
	if open > 0 {
		return fault.Conflict("funding.items_undecided", text.Args{"n": open})
	}
	after := before
	after.State = "verified"
	if before.SecondLevel {
		after.ReviewedBy, after.ReviewedOn = by.ID, tx.Now.Date()
	} else {
		after.VerifiedBy, after.VerifiedOn = by.ID, tx.Now.Date()
	}
	return saveClaim(ctx, tx, by, g, "claim.verify", before, after)
}

// verifySubject leaves out who verified before at the first level: a controller may verify a claim again that was reopened.
func (c Claim) verifySubject() access.Subject {
	s := c.Subject()
	s.Touched = []id.Person{c.EnteredBy}
	if c.SecondLevel {
		s.Touched = append(s.Touched, c.VerifiedBy)
	}
	return s
}

// Recheck sends a verified claim to the second level: another controller looks at it again.
func Recheck(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim) error {
	before, err := LoadClaim(ctx, tx, by, g, claim)
	if err != nil {
		return err
	}
	if err := by.May("claim.recheck", before.Subject()); err != nil {
		return err
	}
	after := before
	after.State, after.SecondLevel, after.ReviewedBy, after.ReviewedOn = "in-verification", true, "", ""
	return saveClaim(ctx, tx, by, g, "claim.recheck", before, after)
}

// Reject refuses a claim whole: nothing of it is accepted, and its invoices may be claimed again.
func Reject(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, reason string) error {
	before, err := LoadClaim(ctx, tx, by, g, claim)
	if err != nil {
		return err
	}
	if err := by.May("claim.reject", before.Subject()); err != nil {
		return err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return fault.Invalid("reason", "funding.reason_needed", nil)
	}
	if _, err := tx.Exec(ctx, rejectItems, g, claim, reason, tx.Now.Date(), db.OrNull(by.ID)); err != nil {
		return err
	}
	if err := release(ctx, tx, g, claim); err != nil {
		return err
	}
	after := before
	after.State, after.VerifiedBy, after.VerifiedOn = "rejected", by.ID, tx.Now.Date()
	return saveClaim(ctx, tx, by, g, "claim.reject", before, after)
}
