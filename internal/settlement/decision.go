package settlement

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Propose writes a decision that somebody else is to take, after a test that it could be taken today. A waiver is about an assignment of the
// agreement and a year whose settlement was not communicated; the others are those of funding.
func Propose(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, d programme.Decision) (id.Decision, error) {
	if d.Kind != "waiver" && d.Kind != "mandate" {
		return funding.Propose(ctx, tx, by, g, d)
	}
	made, err := programme.Propose(ctx, tx, by, g, d)
	if err == nil && d.Kind == "waiver" {
		err = waivable(ctx, tx, g, d)
	}
	return made, err
}

// Take takes or refuses a decision and does what it says: verb is decision.take or decision.refuse. A waived KPI leaves the weights of the
// score of its year. Source: domain section 4.5, a waiver is a decision before the settlement is communicated.
func Take(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, decision id.Decision, verb access.VerbName) error {
	d, err := programme.LoadDecision(ctx, tx, by, g, decision)
	if err != nil {
		return err
	}
	if d.Kind != "waiver" && d.Kind != "mandate" {
		return funding.Take(ctx, tx, by, g, decision, verb)
	}
	d, err = programme.MoveDecision(ctx, tx, by, g, decision, verb)
	if err != nil || d.State != "taken" || d.Kind == "mandate" {
		return err
	}
	if err := waivable(ctx, tx, g, d); err != nil {
		return err
	}
	return tx.Insert(ctx, "waiver", []string{"programme_id", "assignment_id", "year", "decision_id"}, [][]any{{g, d.SubjectID, d.Year, d.ID}})
}

// waivable tells why a KPI cannot be waived now.
func waivable(ctx context.Context, tx *db.Tx, g id.Programme, d programme.Decision) error {
	all, err := kpi.Assignments(ctx, tx, g, d.Agreement)
	if err != nil {
		return err
	}
	found := false
	for _, a := range all {
		if d.Agreement == "" || string(a.ID) != d.SubjectID || d.SubjectKind != "assignment" {
			continue
		}
		found = true
		for _, w := range a.Waivers {
			if w.Year == d.Year {
				return fault.Conflict("settlement.waived_before", text.Args{"year": d.Year})
			}
		}
	}
	if !found {
		return fault.Invalid("item", "settlement.waive_what", nil)
	}
	s, err := Latest(ctx, tx, access.System("waiver"), g, d.Agreement, d.Year)
	if fault.Is(err, fault.KindMissing) {
		return nil
	}
	if err == nil && (s.State == Communicated || s.State == Objection || s.State == Final) {
		err = fault.Conflict("settlement.waive_late", text.Args{"year": d.Year})
	}
	return err
}
