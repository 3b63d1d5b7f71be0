package cli

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
)

// finaliseJob is the hourly look at objection terms, remindJob at answers that are due, amendJob at
// amendments that wait for their day, alertJob at figures and evidence, sweepJob at expired sessions.
type (
	finaliseJob struct{}
	remindJob   struct{}
	termJob     struct{}
	amendJob    struct{}
	sweepJob    struct{}
	alertJob    struct{}
)

func (finaliseJob) Kind() string { return "settlement.finalise-due" }
func (termJob) Kind() string     { return "term.remind" }
func (remindJob) Kind() string   { return "agreement.remind" }
func (amendJob) Kind() string    { return "agreement.amend-due" }
func (alertJob) Kind() string    { return "alert.look" }
func (sweepJob) Kind() string    { return "session.sweep" }

// finaliseDue makes every communicated settlement final whose objection term has passed; one that something keeps open,
// or whose money moved since, stays for a person, and the others go on.
func finaliseDue(ctx context.Context, d *db.DB) error {
	rule := access.System("objection-term")
	type due struct {
		g programme.Programme
		s settlement.Settlement
	}
	var waiting []due
	err := d.Read(ctx, func(tx *db.Tx) error {
		all, err := programme.List(ctx, tx)
		if err != nil {
			return err
		}
		for _, g := range all {
			open, err := settlement.OfYear(ctx, tx, rule, g.ID, 0)
			if err != nil {
				return err
			}
			for _, s := range open {
				if s.State == settlement.Communicated && s.ObjectionUntil < tx.Now.Date() && !s.Working.Blocked() {
					waiting = append(waiting, due{g, s})
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, w := range waiting {
		err := d.Write(ctx, w.g.ID, func(tx *db.Tx) error {
			_, err := settlement.Finalise(ctx, tx, rule, w.g.ID, w.s.Agreement, w.s.Year)
			return err
		})
		if err != nil && !fault.Is(err, fault.KindConflict) {
			return err
		}
	}
	return nil
}
