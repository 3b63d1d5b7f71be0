// Package discard throws a half-imported programme away. Only an import calls it, on what its forerunner left behind.
package discard

import (
	"context"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
)

var (
	discardQueries = []db.Query{
		db.SQL("intake.discard.evidence_decision", `delete from evidence_decision where programme_id = $1`),
		db.SQL("intake.discard.evidence_credit", `delete from evidence_credit where programme_id = $1`),
		db.SQL("intake.discard.evidence", `delete from evidence where programme_id = $1`),
		db.SQL("intake.discard.posting", `delete from posting where programme_id = $1`),
		db.SQL("intake.discard.entry", `delete from entry where programme_id = $1`),
		db.SQL("intake.discard.correction", `delete from correction where programme_id = $1`),
		db.SQL("intake.discard.payment", `delete from payment where programme_id = $1`),
		db.SQL("intake.discard.cost_item", `delete from cost_item where programme_id = $1`),
		db.SQL("intake.discard.claim", `delete from claim where programme_id = $1`),
		db.SQL("intake.discard.outcome", `delete from outcome where programme_id = $1`),
		db.SQL("intake.discard.overlap_step", `delete from overlap_step where programme_id = $1`),
		db.SQL("intake.discard.overlap", `delete from overlap where programme_id = $1`),
		db.SQL("intake.discard.participation", `delete from participation where programme_id = $1`),
		db.SQL("intake.discard.activity_organiser", `delete from activity_organiser where programme_id = $1`),
		db.SQL("intake.discard.activity", `delete from activity where programme_id = $1`),
		db.SQL("intake.discard.waiver", `delete from waiver where programme_id = $1`),
		db.SQL("intake.discard.target", `delete from target where programme_id = $1`),
		db.SQL("intake.discard.assignment", `delete from assignment where programme_id = $1`),
		db.SQL("intake.discard.kpi", `delete from kpi where programme_id = $1`),
		db.SQL("intake.discard.objective", `delete from objective where programme_id = $1`),
		db.SQL("intake.discard.score", `delete from score where programme_id = $1`),
		db.SQL("intake.discard.interest", `delete from interest where programme_id = $1`),
		db.SQL("intake.discard.candidate_answer", `delete from candidate_answer where programme_id = $1`),
		db.SQL("intake.discard.candidate", `delete from candidate where programme_id = $1`),
		db.SQL("intake.discard.criterion", `delete from criterion where programme_id = $1`),
		db.SQL("intake.discard.ceiling", `delete from agreement_ceiling where programme_id = $1`),
		db.SQL("intake.discard.draft", `delete from agreement_draft where programme_id = $1`),
		db.SQL("intake.discard.comment", `delete from agreement_comment where programme_id = $1`),
		db.SQL("intake.discard.acceptance", `delete from agreement_acceptance where programme_id = $1`),
		db.SQL("intake.discard.version", `delete from agreement_version where programme_id = $1`),
		db.SQL("intake.discard.clause_template", `delete from clause_template where programme_id = $1`),
		db.SQL("intake.discard.agreement", `delete from agreement where programme_id = $1`),
		db.SQL("intake.discard.goal", `delete from goal where programme_id = $1`),
		db.SQL("intake.discard.envelope", `delete from envelope where programme_id = $1`),
		db.SQL("intake.discard.decision", `delete from decision where programme_id = $1`),
		db.SQL("intake.discard.rule", `delete from programme_rule where programme_id = $1`),
		db.SQL("intake.discard.claim_rule", `delete from claim_rule where programme_id = $1`),
		db.SQL("intake.discard.category_rule", `delete from category_rule where programme_id = $1`),
	}
	discardHead      = db.SQL("intake.discard.head", `delete from programme_head where programme_id = $1`)
	discardProgramme = db.SQL("intake.discard.programme", `delete from programme where id = $1 and state = 'importing'`)
)

// Programme throws a half-imported programme away, a table at a time. The database allows it as long as the programme was never opened.
// What belongs to the agency as a whole (people, organisations, companies) stays.
func Programme(ctx context.Context, d *db.DB, programme id.Programme) error {
	for _, q := range discardQueries {
		err := d.Write(ctx, programme, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, q, programme)
			return err
		})
		if err != nil {
			return err
		}
	}
	return d.WriteAgency(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, discardHead, programme); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, discardProgramme, programme)
		return err
	})
}
