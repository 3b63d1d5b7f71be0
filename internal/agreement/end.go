package agreement

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

// Terminate ends an agreement early, today, for a reason. What was signed stays as it was signed; its years are then settled like any other,
// those that lie ahead too, and so their ceilings return to the envelope. Invalid at "reason". Source: domain section 3.
func Terminate(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, agreement id.Agreement, reason string) (Agreement, error) {
	return shift(ctx, tx, by, g, agreement, "agreement.terminate", reason)
}

// Close ends the story of an agreement that ran out or was terminated. Every year of it must be settled: settlement.Close holds that.
func Close(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, agreement id.Agreement) (Agreement, error) {
	a, err := Load(ctx, tx, by.ScopeFor("agreement.close"), g, agreement)
	if err != nil {
		return a, err
	}
	if a.State == Active && a.Ends >= tx.Now.Date() {
		return a, fault.Conflict("agreement.runs_until", text.Args{"date": a.Ends})
	}
	return moveTo(ctx, tx, by, g, a, "agreement.close", 0, "")
}
