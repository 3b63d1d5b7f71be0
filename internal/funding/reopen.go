package funding

import (
	"context"
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
)

// Reopen takes the approval of a claim back, with what it booked: the newest claim of its year only, and never one of which money has moved.
// An older claim changes its text alone (Reword), a paid one by a correction. Source: domain section 4.6.
func Reopen(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, reason string) error {
	c, err := LoadClaim(ctx, tx, by, g, claim)
	if err != nil {
		return err
	}
	if err := by.May("claim.reopen", c.Subject()); err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		return fault.Invalid("reason", "funding.reason_needed", nil)
	}
	return reopen(ctx, tx, by, g, c, "claim.reopen")
}

// Uphold reopens a claim to which an objection was upheld, by the same rule; the caller has checked leave and records the answer.
func Uphold(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, c Claim) error {
	return reopen(ctx, tx, by, g, c, "claim.uphold")
}

func reopen(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, c Claim, verb access.VerbName) error {
	if c.State != "approved" && c.State != "closed" {
		return fault.Conflict("funding.reopen_money_moved", nil)
	}
	if err := yearOpen(ctx, tx, g, c.Agreement, c.Year); err != nil {
		return err
	}
	var later, payments, corrections int
	if err := tx.Row(ctx, selectLater, g, c.ID, bookingKey(ledger.EventClaimApproved, string(c.ID), c.Rounds)).Scan(&later, &payments, &corrections); err != nil {
		return err
	}
	if later > 0 {
		return fault.Conflict("funding.reopen_newest_only", nil)
	}
	if payments+corrections > 0 {
		return fault.Conflict("funding.reopen_money_moved", nil)
	}
	for _, event := range []ledger.Event{ledger.EventNetted, ledger.EventClaimApproved} {
		key := bookingKey(event, string(c.ID), c.Rounds)
		err := ledger.ReverseKey(ctx, tx, g, key, tx.Now.Date())
		if err != nil && !fault.Is(err, fault.KindMissing) { // nothing was netted, or nothing was due
			return err
		}
	}
	p, err := Load(ctx, tx, g, c.Agreement, c.Year)
	if err != nil {
		return err
	}
	if p.Payable < p.InTransit || p.Recoverable < 0 || p.Open < 0 { // what it owed back was repaid, or what it was due is on its way
		return fault.Conflict("funding.reopen_money_moved", nil)
	}
	after := c
	after.State, after.VerifiedBy, after.VerifiedOn, after.ReviewedBy, after.ReviewedOn, after.SecondLevel = "in-verification", "", "", "", "", false
	after.ApprovedBy, after.ApprovedOn, after.Accepted, after.Due = "", "", 0, 0
	return saveClaim(ctx, tx, by, g, string(verb), c, after)
}

// bookingKey names what an approval booked; the first round has no number.
func bookingKey(event ledger.Event, subject string, round int) string {
	key := string(event) + ":" + subject
	if round > 1 {
		key += ":" + strconv.Itoa(round)
	}
	return key
}

var selectLater = db.SQL("funding.claim.later",
	`select (select count(*) from claim o where o.programme_id = $1 and o.agreement_id = c.agreement_id and o.year = c.year
	     and o.number > c.number and o.approved_on <> ''),
	   (select count(*) from payment p where p.programme_id = $1 and p.claim_id = c.id and p.state <> 'discarded'),
	   (select count(*) from entry e where e.programme_id = $1 and e.agreement_id = c.agreement_id and e.year = c.year
	     and (e.event = 'corrected' or (e.event = 'claim-approved' and e.subject_kind = 'decision'))
	     and e.n > (select b.n from entry b where b.programme_id = $1 and b.key = $3))
	 from claim c where c.programme_id = $1 and c.id = $2`)
