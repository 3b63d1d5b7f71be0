package programme

import (
	"context"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

var (
	openProgramme = db.SQL("programme.programme.publish", `update programme set state = 'open' where id = $1 and state = 'importing'`)
)

// Begin writes a programme in state importing with its head, inside a unit of work of the agency.
func Begin(ctx context.Context, tx *db.Tx, p Programme) error {
	invented := 0
	if p.Invented {
		invented = 1
	}
	err := tx.Insert(ctx, "programme", []string{"id", "code", "name_nl", "name_en", "name_fr", "note_nl", "note_en", "note_fr",
		"strategy_nl", "strategy_en", "strategy_fr", "starts_on", "ends_on", "currency", "agency_id", "invented", "state", "source_hash"},
		[][]any{{p.ID, p.Code, p.Name.NL, p.Name.EN, p.Name.FR, p.Note.NL, p.Note.EN, p.Note.FR, p.Strategy.NL, p.Strategy.EN,
			p.Strategy.FR, p.Starts, p.Ends, p.Currency, p.Agency, invented, Importing, p.SourceHash}})
	if err != nil {
		return err
	}
	return tx.Insert(ctx, "programme_head", []string{"programme_id", "seq", "audit_count", "audit_hash"}, [][]any{{p.ID, 0, 0, ""}})
}

// Publish makes an imported programme visible.
func Publish(ctx context.Context, tx *db.Tx, programme id.Programme) error {
	_, err := tx.Exec(ctx, openProgramme, programme)
	return err
}

// AddRules writes rules of a new programme.
func AddRules(ctx context.Context, tx *db.Tx, programme id.Programme, rules Rules) error {
	rows := make([][]any, len(rules))
	for i, r := range rules {
		l := r.Limits.Or(UsualLimits())
		rows[i] = []any{programme, r.From, r.RateBp, r.PerformanceBp, r.AdvanceBp, r.ObjectionDays, r.CarryOverBp, r.YearOf, r.AnswerTerm(),
			r.CoolingDays, r.DeclaredBp, l.ChanceBp, l.StakeBp, l.GraceDays, r.PlanDays}
	}
	return tx.Insert(ctx, "programme_rule", []string{"programme_id", "starts_on", "rate_bp", "performance_bp", "advance_bp",
		"objection_days", "carry_over_bp", "year_of", "answer_days", "bank_cooling_days", "declared_bp", "alert_chance_bp",
		"alert_stake_bp", "report_grace_days", "plan_days"}, rows)
}

// AddGoals writes goals of a new programme.
func AddGoals(ctx context.Context, tx *db.Tx, programme id.Programme, goals []Goal) error {
	rows := make([][]any, len(goals))
	for i, g := range goals {
		rows[i] = []any{programme, g.ID, g.Code, g.Position, g.Name.NL, g.Name.EN, g.Name.FR}
	}
	return tx.Insert(ctx, "goal", []string{"programme_id", "id", "code", "position", "name_nl", "name_en", "name_fr"}, rows)
}

// AddEnvelopes writes what may be spent per year; funding books it.
func AddEnvelopes(ctx context.Context, tx *db.Tx, programme id.Programme, envelopes map[period.Year]money.Amount) error {
	var rows [][]any
	for y, a := range envelopes {
		rows = append(rows, []any{programme, y, a})
	}
	return tx.Insert(ctx, "envelope", []string{"programme_id", "year", "amount"}, rows)
}
