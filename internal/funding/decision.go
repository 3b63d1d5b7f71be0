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
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Propose writes a decision about an agreement-year's money, after a test that it could be taken today: overrun, carry-over, write-off,
// adjustment; or one that moves none here: the eligible cost of a cancelled activity, the extension of a term.
func Propose(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, d programme.Decision) (id.Decision, error) {
	made, err := programme.Propose(ctx, tx, by, g, d)
	if err != nil {
		return "", err
	}
	return made, possible(ctx, tx, by, g, d)
}

// possible tells why a decision cannot be taken, as things are now.
func possible(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, d programme.Decision) error {
	switch d.Kind {
	case "overrun":
		if err := yearOpen(ctx, tx, g, d.Agreement, d.Year); err != nil {
			return err
		}
		balances, err := ledger.Balance(ctx, tx, g, ledger.Filter{Year: d.Year})
		if err == nil && d.Amount > balances[ledger.Envelope] {
			err = fault.Invalid("amount", "funding.envelope_short", text.Args{"left": balances[ledger.Envelope]})
		}
		return err
	case "carry-over":
		most, err := CarryMost(ctx, tx, g, d.Agreement, d.Year)
		if err == nil && d.Amount > most {
			err = fault.Invalid("amount", "funding.carry_most", text.Args{"most": most})
		}
		if err != nil {
			return err
		}
		return yearOpen(ctx, tx, g, d.Agreement, d.Year+1)
	case "write-off":
		p, err := Load(ctx, tx, g, d.Agreement, d.Year)
		if err == nil && d.Amount > p.Recoverable {
			err = fault.Invalid("amount", "funding.repaid_too_much", text.Args{"owed": p.Recoverable})
		}
		return err
	case "adjustment":
		return adjustable(ctx, tx, by, g, d)
	}
	return nil
}

func adjustable(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, d programme.Decision) error {
	c, _, _, err := loadItem(ctx, tx, by, g, id.Item(d.SubjectID))
	if err != nil {
		return err
	}
	if c.Agreement != d.Agreement || c.Year != d.Year || c.ApprovedOn == "" {
		return fault.Missing("funding.no_item", nil)
	}
	var left money.Amount
	var rate money.Bp
	if err := tx.Row(ctx, selectStruck, g, d.SubjectID).Scan(&left, &rate); err != nil {
		return err
	}
	if d.Amount <= 0 || d.Amount > left {
		return fault.Invalid("amount", "funding.correction_too_much", text.Args{"accepted": left})
	}
	return nil
}

// Take takes a decision about an agreement-year's money and books it, or refuses it: verb is decision.take or decision.refuse. A waiver of
// a KPI and a mandate change nothing here and are taken by the domains that they are about.
func Take(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, decision id.Decision, verb access.VerbName) error {
	d, err := programme.MoveDecision(ctx, tx, by, g, decision, verb)
	if err != nil || d.State != "taken" {
		return err
	}
	if d.Kind == "waiver" || d.Kind == "mandate" {
		return fault.Invalid("kind", "funding.decision_elsewhere", nil)
	}
	if err := possible(ctx, tx, by, g, d); err != nil {
		return err
	}
	book := booking{g, d.Agreement, d.Year, "decision", string(d.ID)}
	switch d.Kind {
	case "overrun":
		if err := book.post(ctx, tx, ledger.EventSigned, ledger.Signed(d.Amount)); err != nil {
			return err
		}
		return raise(ctx, tx, g, d, d.Year, false)
	case "carry-over":
		lines := append(ledger.Signed(d.Amount), ledger.CarriedOver(d.Amount, d.Year, d.Year+1)...)
		if err := book.post(ctx, tx, ledger.EventCarriedOver, lines); err != nil {
			return err
		}
		return raise(ctx, tx, g, d, d.Year+1, true)
	case "write-off":
		return book.post(ctx, tx, ledger.EventWrittenOff, ledger.WrittenOff(d.Amount))
	case "adjustment":
		_, err := strike(ctx, tx, by, g, d.Agreement, d.Year, id.Item(d.SubjectID), d.Amount, d.Words)
		return err
	}
	return nil
}

var (
	raiseCeiling = db.SQL("funding.ceiling.raise",
		`update agreement_ceiling set carried = carried + $4 where programme_id = $1 and agreement_id = $2 and year = $3`)
	selectFinal = db.SQL("funding.year.final",
		`select s.final, s.pool - s.performance, s.score_bp from settlement s
		 where s.programme_id = $1 and s.agreement_id = $2 and s.year = $3 and s.state = 'final'`)
	sumCarried = db.SQL("funding.ceiling.carried",
		`select cast(coalesce(sum(h.amount), 0) as bigint) from ceiling_change h
		 where h.programme_id = $1 and h.agreement_id = $2 and h.year = $3 and h.carried = 1`)
)

// raise lifts the ceiling of a year by decision. Cost that lay above the old ceiling is due at once, as far as the new one lets it.
func raise(ctx context.Context, tx *db.Tx, g id.Programme, d programme.Decision, year period.Year, carried bool) error {
	n, err := tx.Exec(ctx, raiseCeiling, g, d.Agreement, year, d.Amount)
	if err == nil && n != 1 {
		err = fault.Missing("funding.no_ceiling", text.Args{"year": year})
	}
	if err != nil {
		return err
	}
	p, err := Load(ctx, tx, g, d.Agreement, year)
	if err != nil {
		return err
	}
	_, step, err := p.Year.Approve(nil)
	if err != nil {
		return err
	}
	err = tx.Insert(ctx, "ceiling_change", []string{"programme_id", "agreement_id", "year", "decision_id", "amount", "carried", "due", "dated"},
		[][]any{{g, d.Agreement, year, d.ID, d.Amount, db.Bit(carried), step.Due, tx.Now.Date()}})
	if err != nil || step.Due == 0 {
		return err
	}
	book := booking{g, d.Agreement, year, "decision", string(d.ID)}
	if err := book.post(ctx, tx, ledger.EventClaimApproved, ledger.ClaimApproved(step.Due, 0, 0)); err != nil {
		return err
	}
	return book.post(ctx, tx, ledger.EventNetted, ledger.Netted(step.FromAdvance, step.FromOwed))
}

// CarryMost is the most that a decision may still carry from a finally settled year into the next: the smaller of the rule's share of the
// ceiling as signed, and what of the ceiling was neither paid nor lost to unearned performance; less what was carried before.
// Source: domain section 4.8.
func CarryMost(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, year period.Year) (money.Amount, error) {
	p, err := Load(ctx, tx, g, a, year)
	if err != nil {
		return 0, err
	}
	var final, lost, before money.Amount
	var score money.Bp
	err = tx.Row(ctx, selectFinal, g, a, year).Scan(&final, &lost, &score)
	if err == db.ErrNone {
		return 0, fault.Conflict("funding.year_not_final", text.Args{"year": year})
	}
	if err != nil {
		return 0, err
	}
	if err := tx.Row(ctx, sumCarried, g, a, year+1).Scan(&before); err != nil {
		return 0, err
	}
	return max(0, min(p.Original.Share(p.CarryBp), p.Ceiling-final-lost)-before), nil
}
