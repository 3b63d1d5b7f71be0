package funding

import (
	"context"
	"fmt"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// Claim is a partner's declaration of cost items of one agreement-year. Its states are those of domain section 3.
type Claim struct {
	ID          id.Claim
	Agreement   id.Agreement
	Partner     id.Organisation
	Year        period.Year
	Number      int
	State       string
	SubmittedOn period.Date
	EnteredBy   id.Person
	OpenedOn    period.Date
	VerifiedOn  period.Date
	VerifiedBy  id.Person
	SecondLevel bool // a second controller verifies it again
	ReviewedOn  period.Date
	ReviewedBy  id.Person // that second controller
	ApprovedOn  period.Date
	ApprovedBy  id.Person
	Accepted    money.Amount
	Due         money.Amount
	Rounds      int // how often it was approved: reopening takes an approval back
	Version     int // of the agreement, frozen when it was handed in
	RuleOn      period.Date
	Words       string // what the partner says about it
}

// Subject is the claim as the leave check sees it: who entered it, and who verified it, is no second pair of eyes.
func (c Claim) Subject() access.Subject {
	return access.Subject{Kind: "claim", State: c.State, Partner: c.Partner, Touched: []id.Person{c.EnteredBy, c.VerifiedBy, c.ReviewedBy}}
}

// NewClaim is what a partner submits at once: items of one agreement-year.
type NewClaim struct {
	Agreement id.Agreement
	Year      period.Year
	Items     []Item
}

// Submit drafts a claim of its items and hands it in. An item that returns replaces the parked one that it names.
func Submit(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, n NewClaim) (id.Claim, error) {
	c, err := Draft(ctx, tx, by, g, n.Agreement, n.Year)
	if err != nil {
		return "", err
	}
	if len(n.Items) == 0 {
		return "", fault.Invalid("items", "funding.claim_empty", nil)
	}
	if _, err := AddItems(ctx, tx, by, g, c, n.Items); err != nil {
		return "", err
	}
	return c, HandIn(ctx, tx, by, g, c)
}

// HandIn submits a draft: what its own checks forbid is refused with the sentences that they say; agreement version, rates and rules are
// frozen with it, and flat rates are derived. Source: domain sections 4.1, 4.6.
func HandIn(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim) error {
	before, err := LoadClaim(ctx, tx, by, g, claim)
	if err != nil {
		return err
	}
	if err := by.May("claim.submit", before.Subject()); err != nil {
		return err
	}
	d, err := openDraft(ctx, tx, by, g, claim, "item.declare")
	if err != nil {
		return err
	}
	items, err := loadItems(ctx, tx, g, claim)
	if err != nil {
		return err
	}
	if err := d.look(ctx, tx, g); err != nil {
		return err
	}
	var faults []error
	for _, f := range d.check(tx.Now.Date(), items) {
		if f.Stops {
			faults = append(faults, fault.Invalid(f.Field, f.Key, f.Args))
		}
	}
	if err := fault.Join(faults...); err != nil {
		return err
	}
	if err := d.freeze(ctx, tx, g, items); err != nil {
		return err
	}
	after := before
	after.State, after.SubmittedOn, after.Version, after.RuleOn = "submitted", tx.Now.Date(), d.terms.version, d.rules.On
	after.EnteredBy = by.ID
	n, err := tx.Exec(ctx, submitClaim, g, claim, after.SubmittedOn, after.Version, after.RuleOn, db.OrNull(by.ID))
	if err == nil && n != 1 {
		err = fault.Conflict("funding.claim_moved", nil)
	}
	if err != nil {
		return err
	}
	return trail(ctx, tx, by, g, "claim.submit", "claim", string(claim), claimSeen{State: before.State},
		claimSeen{State: after.State, Items: len(items)})
}

// freeze fixes rate, recoverable VAT and cap of each item as they are on the day of submission, and writes the flat rates.
func (d *draft) freeze(ctx context.Context, tx *db.Tx, g id.Programme, items []Item) error {
	eligible := map[id.Item]money.Amount{}
	for n, i := range items {
		frozen, cost, err := d.reckon(i)
		if err != nil {
			return err
		}
		items[n] = frozen
		eligible[i.ID] = cost
		if frozen.RateBp == i.RateBp && frozen.VATBp == i.VATBp && frozen.Cap == i.Cap {
			continue
		}
		if _, err := tx.Exec(ctx, freezeItem, g, i.ID, frozen.RateBp, frozen.VATBp, frozen.Cap, cost); err != nil {
			return err
		}
	}
	sums, err := d.rules.Flats(items, func(i Item) money.Amount { return under(i.Cap, eligible[i.ID]) })
	if err != nil {
		return err
	}
	var rows [][]any
	for _, k := range SortedFlats(sums) {
		i := d.rules.Flat(fmt.Sprintf("%s-%d-%d", d.terms.code, d.claim.Year, d.claim.Number), k, sums[k], items)
		rows = append(rows, ItemRow(g, d.terms.currency, d.claim.Agreement, d.claim.Year, d.claim.ID, i, i.Net, 0))
	}
	return tx.Insert(ctx, "cost_item", ItemColumns(), rows)
}

// claimSeen is what the trail keeps of a claim.
type claimSeen struct {
	State    string `json:"state"`
	Items    int    `json:"items,omitempty"`
	Accepted string `json:"accepted,omitempty"`
	Due      string `json:"due,omitempty"`
	Words    string `json:"words,omitempty"`
}

func trail(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, verb, kind, subject string, before, after any) error {
	return audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: verb, ObjectKind: kind, ObjectID: subject, Before: before, After: after})
}

// Withdraw takes a claim back that nobody has begun to verify. Its invoices are free to be claimed again.
func Withdraw(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim) error {
	if err := Move(ctx, tx, by, g, claim, "claim.withdraw"); err != nil {
		return err
	}
	return release(ctx, tx, g, claim)
}

// release frees the invoices of a claim that came to nothing, and parks again what it had brought back.
func release(ctx context.Context, tx *db.Tx, g id.Programme, claim id.Claim) error {
	if _, err := tx.Exec(ctx, parkAgain, g, claim, ""); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, releaseInvoices, g, claim)
	return err
}

// Move takes a claim a step that changes nothing but its state.
func Move(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, c id.Claim, verb access.VerbName) error {
	before, err := LoadClaim(ctx, tx, by, g, c)
	if err != nil {
		return err
	}
	if err := by.May(verb, before.Subject()); err != nil {
		return err
	}
	after := before
	if after.State, err = access.Transition("claim", before.State, verb); err != nil {
		return err
	}
	return saveClaim(ctx, tx, by, g, string(verb), before, after)
}

// Reword changes what the partner says about a claim that it handed in: the text of an older claim may change, its amounts never.
// Source: domain section 4.6.
func Reword(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, words string) error {
	c, err := LoadClaim(ctx, tx, by, g, claim)
	if err != nil {
		return err
	}
	if err := by.May("claim.reword", c.Subject()); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, rewordClaim, g, claim, words); err != nil {
		return err
	}
	return trail(ctx, tx, by, g, "claim.reword", "claim", string(claim), claimSeen{State: c.State, Words: c.Words},
		claimSeen{State: c.State, Words: words})
}
