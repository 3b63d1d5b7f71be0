package agreement

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

var (
	selectAgreements = db.SQL("agreement.agreement.list",
		`select a.id, a.state, a.version, a.starts_on, a.ends_on, a.signed_on, a.division,
		   o.id, o.code, o.name, o.short_name, o.kind, o.calendar_group, o.position, o.vat_recoverable_bp
		 from agreement a join organisation o on o.id = a.organisation_id
		 where a.programme_id = $1 and ($2 = '*' or $2 like '%' || a.organisation_id || '%')
		 order by o.position, o.sort_key, a.id`)
	selectCeilings = db.SQL("agreement.ceiling.list",
		`select agreement_id, year, amount, carried from agreement_ceiling where programme_id = $1 order by agreement_id, year`)
	selectObjectives = db.SQL("agreement.objective.list",
		`select id, agreement_id, goal_id, code, position, words_nl, words_en, words_fr
		 from objective where programme_id = $1 and agreement_id = $2 order by position, code`)
)

// List gives the agreements of a programme within the scope, with their ceilings, in the order of the calendar.
func List(ctx context.Context, tx *db.Tx, scope access.Scope, programme id.Programme) ([]Agreement, error) {
	var all []Agreement
	place := map[id.Agreement]int{}
	err := tx.Each(ctx, selectAgreements, []any{programme, scope}, func(r *sql.Rows) error {
		var a Agreement
		o := &a.Partner
		err := r.Scan(&a.ID, &a.State, &a.Version, &a.Starts, &a.Ends, &a.Signed, &a.Division,
			&o.ID, &o.Code, &o.Name, &o.Short, &o.Kind, &o.Group, &o.Position, &o.VATRecoverableBp)
		place[a.ID] = len(all)
		all = append(all, a)
		return err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	err = tx.Each(ctx, selectCeilings, []any{programme}, func(r *sql.Rows) error {
		var agreement id.Agreement
		var c Ceiling
		if err := r.Scan(&agreement, &c.Year, &c.Amount, &c.Carried); err != nil {
			return err
		}
		if i, within := place[agreement]; within {
			all[i].Ceilings = append(all[i].Ceilings, c)
		}
		return nil
	})
	return all, err
}

// Load is one agreement within the scope; missing (agreement.missing) otherwise.
func Load(ctx context.Context, tx *db.Tx, scope access.Scope, programme id.Programme, agreement id.Agreement) (Agreement, error) {
	return first(ctx, tx, scope, programme, func(a Agreement) bool { return a.ID == agreement })
}

// ByPartner is the agreement of the partner with a code, within the scope; missing (agreement.missing) otherwise.
func ByPartner(ctx context.Context, tx *db.Tx, scope access.Scope, programme id.Programme, code string) (Agreement, error) {
	return first(ctx, tx, scope, programme, func(a Agreement) bool { return a.Partner.Code == code })
}

// A programme has some twenty agreements: reading all of them is as quick as one, and orders them the same way.
func first(ctx context.Context, tx *db.Tx, scope access.Scope, programme id.Programme, is func(Agreement) bool) (Agreement, error) {
	all, err := List(ctx, tx, scope, programme)
	if err != nil {
		return Agreement{}, err
	}
	for _, a := range all {
		if is(a) {
			return a, nil
		}
	}
	return Agreement{}, fault.Missing("agreement.missing", nil)
}

// Objectives gives an agreement's objectives in their order. The caller has loaded the agreement within a scope.
func Objectives(ctx context.Context, tx *db.Tx, programme id.Programme, agreement id.Agreement) ([]Objective, error) {
	var all []Objective
	err := tx.Each(ctx, selectObjectives, []any{programme, agreement}, func(r *sql.Rows) error {
		var o Objective
		err := r.Scan(&o.ID, &o.Agreement, &o.Goal, &o.Code, &o.Position, &o.Words.NL, &o.Words.EN, &o.Words.FR)
		all = append(all, o)
		return err
	})
	return all, err
}

// Add writes agreements with their ceilings; funding books the ceilings.
func Add(ctx context.Context, tx *db.Tx, programme id.Programme, all []Agreement) error {
	var rows, ceilings [][]any
	for _, a := range all {
		rows = append(rows, []any{programme, a.ID, a.Partner.ID, a.State, a.Version, a.Starts, a.Ends, a.Signed})
		for _, c := range a.Ceilings {
			ceilings = append(ceilings, []any{programme, a.ID, c.Year, c.Amount, c.Carried})
		}
	}
	err := tx.Insert(ctx, "agreement", []string{"programme_id", "id", "organisation_id", "state", "version", "starts_on", "ends_on",
		"signed_on"}, rows)
	if err != nil {
		return err
	}
	return tx.Insert(ctx, "agreement_ceiling", []string{"programme_id", "agreement_id", "year", "amount", "carried"}, ceilings)
}

// AddObjectives writes objectives of agreements.
func AddObjectives(ctx context.Context, tx *db.Tx, programme id.Programme, all []Objective) error {
	rows := make([][]any, len(all))
	for i, o := range all {
		rows[i] = []any{programme, o.ID, o.Agreement, o.Goal, o.Code, o.Position, o.Words.NL, o.Words.EN, o.Words.FR}
	}
	return tx.Insert(ctx, "objective", []string{"programme_id", "id", "agreement_id", "goal_id", "code", "position", "words_nl",
		"words_en", "words_fr"}, rows)
}

// Enter moves an agreement by a verb of the table, which the actor must be allowed, and audits it. Packages above, which know what else the
// verb does, call it inside the same unit of work.
func Enter(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a Agreement, verb access.VerbName) (Agreement, error) {
	return moveTo(ctx, tx, by, g, a, verb, 0, "")
}
