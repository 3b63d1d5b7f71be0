package funding

import (
	"cmp"
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Approve approves a verified claim, the older ones of its year first, and books what is due. A claim of a great amount needs a second
// controller before. Source: domain sections 4.4, 4.6, 4.7.
func Approve(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, c id.Claim) (Step, error) {
	before, err := LoadClaim(ctx, tx, by, g, c)
	if err != nil {
		return Step{}, err
	}
	if err := by.May("claim.approve", before.Subject()); err != nil {
		return Step{}, err
	}
	if err := yearOpen(ctx, tx, g, before.Agreement, before.Year); err != nil {
		return Step{}, err
	}
	_, earlier, err := countItems(ctx, tx, g, c)
	if err != nil {
		return Step{}, err
	}
	if earlier > 0 {
		return Step{}, fault.Conflict("funding.earlier_claim_first", nil)
	}
	p, err := Load(ctx, tx, g, before.Agreement, before.Year)
	if err != nil {
		return Step{}, err
	}
	cost, err := loadClaimCost(ctx, tx, g, c)
	if err != nil {
		return Step{}, err
	}
	if err := secondEyes(ctx, tx, g, before, cost); err != nil {
		return Step{}, err
	}
	_, step, err := p.Year.Approve(cost)
	if err != nil {
		return step, err
	}
	after := before
	after.State, after.ApprovedBy, after.ApprovedOn, after.Accepted, after.Due = "approved", by.ID, tx.Now.Date(), step.Cost, step.Due
	after.Rounds++
	if step.ToPay == 0 {
		after.State = "closed"
	}
	if err := saveClaim(ctx, tx, by, g, "claim.approve", before, after); err != nil {
		return step, err
	}
	book := booking{g, before.Agreement, before.Year, "claim", string(c)}
	if err := book.round(ctx, tx, after.Rounds, ledger.EventClaimApproved, ledger.ClaimApproved(step.Due, step.Cost, step.OwedBack)); err != nil {
		return step, err
	}
	return step, book.round(ctx, tx, after.Rounds, ledger.EventNetted, ledger.Netted(step.FromAdvance, step.FromOwed))
}

// secondEyes refuses a claim whose accepted cost asks for a second controller and had none.
func secondEyes(ctx context.Context, tx *db.Tx, g id.Programme, c Claim, cost RatedCost) error {
	if c.ReviewedBy != "" {
		return nil
	}
	rules, err := LoadRules(ctx, tx, g, cmp.Or(c.RuleOn, tx.Now.Date()))
	if err != nil {
		return err
	}
	if c.SecondLevel || (rules.Claim.SecondFrom > 0 && cost.Sum() >= rules.Claim.SecondFrom) {
		return fault.Conflict("funding.second_level_first", text.Args{"from": rules.Claim.SecondFrom})
	}
	return nil
}

// booking says what entries are about.
type booking struct {
	programme id.Programme
	agreement id.Agreement
	year      period.Year
	kind, id  string
}

func (b booking) post(ctx context.Context, tx *db.Tx, event ledger.Event, lines []ledger.Line) error {
	return b.round(ctx, tx, 1, event, lines)
}

// round posts what the n-th approval of the same claim books.
func (b booking) round(ctx context.Context, tx *db.Tx, n int, event ledger.Event, lines []ledger.Line) error {
	_, err := ledger.Post(ctx, tx, ledger.Entry{ID: id.New[id.Entry](), Programme: b.programme, Key: bookingKey(event, b.id, n), Event: event,
		BookedOn: tx.Now.Date(), Agreement: b.agreement, Year: b.year, SubjectKind: b.kind, SubjectID: b.id, Lines: lines})
	return err
}
