package programme

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

var (
	selectOpen = db.SQL("programme.programme.open",
		`select id, code, name_nl, name_en, name_fr, note_nl, note_en, note_fr, strategy_nl, strategy_en, strategy_fr, starts_on, ends_on,
		   currency, agency_id, invented, state, source_hash
		 from programme where state = 'open' order by ends_on desc, code`)
	selectByCode = db.SQL("programme.programme.by_code",
		`select id, code, name_nl, name_en, name_fr, note_nl, note_en, note_fr, strategy_nl, strategy_en, strategy_fr, starts_on, ends_on,
		   currency, agency_id, invented, state, source_hash
		 from programme where code = $1`)
	selectImporting = db.SQL("programme.programme.importing",
		`select id, code, name_nl, name_en, name_fr, note_nl, note_en, note_fr, strategy_nl, strategy_en, strategy_fr, starts_on, ends_on,
		   currency, agency_id, invented, state, source_hash
		 from programme where state = 'importing' order by code`)
	selectRules = db.SQL("programme.rule.list",
		`select starts_on, rate_bp, performance_bp, advance_bp, objection_days, carry_over_bp, year_of, answer_days, bank_cooling_days,
		   declared_bp, alert_chance_bp, alert_stake_bp, report_grace_days, plan_days
		 from programme_rule where programme_id = $1 order by starts_on`)
	selectGoals = db.SQL("programme.goal.list",
		`select id, code, position, name_nl, name_en, name_fr from goal where programme_id = $1 order by position, code`)
	selectEnvelopes = db.SQL("programme.envelope.list", `select year, amount from envelope where programme_id = $1`)
)

// List gives the open programmes, the one that ends last first.
func List(ctx context.Context, tx *db.Tx) ([]Programme, error) { return list(ctx, tx, selectOpen) }

// Unfinished gives the programmes whose import was broken off, or still runs.
func Unfinished(ctx context.Context, tx *db.Tx) ([]Programme, error) {
	return list(ctx, tx, selectImporting)
}

// Current is the open programme with a code; with code "" the Leading one. Missing (programme.none, programme.unknown) when there is none.
func Current(ctx context.Context, tx *db.Tx, code string) (Programme, error) {
	open, err := List(ctx, tx)
	if err != nil {
		return Programme{}, err
	}
	return Choose(open, code, tx.Now.Date())
}

// Choose is Current among programmes that were read already.
func Choose(open []Programme, code string, today period.Date) (Programme, error) {
	if len(open) == 0 {
		return Programme{}, fault.Missing("programme.none", nil)
	}
	if code == "" {
		return Leading(open, today), nil
	}
	for _, p := range open {
		if p.Code == code {
			return p, nil
		}
	}
	return Programme{}, fault.Missing("programme.unknown", text.Args{"code": code})
}

// Leading is the round that is meant where none is named: the one that runs today, else the one that ended last, else the one that begins
// first. Invented rounds know no today: among them the one loaded first leads, and only where there is no other.
func Leading(open []Programme, today period.Date) Programme {
	real := slices.DeleteFunc(slices.Clone(open), func(p Programme) bool { return p.Invented })
	if len(real) == 0 {
		return slices.MinFunc(open, func(a, b Programme) int { return cmp.Compare(a.ID, b.ID) })
	}
	return slices.MinFunc(real, func(a, b Programme) int {
		return cmp.Or(cmp.Compare(a.distance(today), b.distance(today)), cmp.Compare(b.Ends, a.Ends)*a.side(today), cmp.Compare(a.Code, b.Code))
	})
}

// distance is 0 while a programme runs, 1 once it is over and 2 before it begins.
func (p Programme) distance(today period.Date) int {
	switch {
	case today > p.Ends:
		return 1
	case today < p.Starts:
		return 2
	}
	return 0
}

// side turns the order of programmes that have not begun: the first to end comes first.
func (p Programme) side(today period.Date) int {
	if today < p.Starts {
		return -1
	}
	return 1
}

// Only is the programme with a code, or with code "" the only open one. Where several are open a code is needed: invalid
// (programme.which).
func Only(ctx context.Context, tx *db.Tx, code string) (Programme, error) {
	open, err := List(ctx, tx)
	if err != nil {
		return Programme{}, err
	}
	if code == "" && len(open) > 1 {
		return Programme{}, fault.Invalid("programme", "programme.which", text.Args{"n": len(open)})
	}
	return Current(ctx, tx, code)
}

// Find is the programme with a code in any state; false when there is none. It is for imports and checks: pages use Current.
func Find(ctx context.Context, tx *db.Tx, code string) (Programme, bool, error) {
	found, err := list(ctx, tx, selectByCode, code)
	if err != nil || len(found) == 0 {
		return Programme{}, false, err
	}
	return found[0], true, nil
}

func list(ctx context.Context, tx *db.Tx, q db.Query, args ...any) ([]Programme, error) {
	var all []Programme
	err := tx.Each(ctx, q, args, func(r *sql.Rows) error {
		var p Programme
		var invented int
		err := r.Scan(&p.ID, &p.Code, &p.Name.NL, &p.Name.EN, &p.Name.FR, &p.Note.NL, &p.Note.EN, &p.Note.FR,
			&p.Strategy.NL, &p.Strategy.EN, &p.Strategy.FR, &p.Starts, &p.Ends, &p.Currency, &p.Agency, &invented, &p.State, &p.SourceHash)
		p.Invented = invented == 1
		all = append(all, p)
		return err
	})
	return all, err
}

// LoadRules gives the history of a programme's rules.
func LoadRules(ctx context.Context, tx *db.Tx, programme id.Programme) (Rules, error) {
	var all Rules
	err := tx.Each(ctx, selectRules, []any{programme}, func(r *sql.Rows) error {
		var x Rule
		err := r.Scan(&x.From, &x.RateBp, &x.PerformanceBp, &x.AdvanceBp, &x.ObjectionDays, &x.CarryOverBp, &x.YearOf, &x.AnswerDays, &x.CoolingDays,
			&x.DeclaredBp, &x.Limits.ChanceBp, &x.Limits.StakeBp, &x.Limits.GraceDays, &x.PlanDays)
		all = append(all, x)
		return err
	})
	return all, err
}

// RuleOn is the rule in force on a day; missing (programme.no_rule) before the first one.
func RuleOn(ctx context.Context, tx *db.Tx, programme id.Programme, on period.Date) (Rule, error) {
	rules, err := LoadRules(ctx, tx, programme)
	if err != nil {
		return Rule{}, err
	}
	rule, found := rules.InForce(on)
	if !found {
		return Rule{}, fault.Missing("programme.no_rule", text.Args{"date": on})
	}
	return rule, nil
}

// Goals gives the goals of a programme's strategy in their order.
func Goals(ctx context.Context, tx *db.Tx, programme id.Programme) ([]Goal, error) {
	var all []Goal
	err := tx.Each(ctx, selectGoals, []any{programme}, func(r *sql.Rows) error {
		var g Goal
		err := r.Scan(&g.ID, &g.Code, &g.Position, &g.Name.NL, &g.Name.EN, &g.Name.FR)
		all = append(all, g)
		return err
	})
	return all, err
}

// Envelopes gives what may be spent per year.
func Envelopes(ctx context.Context, tx *db.Tx, programme id.Programme) (map[period.Year]money.Amount, error) {
	all := map[period.Year]money.Amount{}
	err := tx.Each(ctx, selectEnvelopes, []any{programme}, func(r *sql.Rows) error {
		var y period.Year
		var a money.Amount
		err := r.Scan(&y, &a)
		all[y] = a
		return err
	})
	return all, err
}
