package settlement

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

var (
	loadLatest = db.SQL("settlement.latest.load",
		`select s.id, s.agreement_id, a.organisation_id, s.year, s.version, s.state, s.facts_hash, s.reckoning, s.computed_on,
		   coalesce(s.computed_by, ''), s.communicated_on, coalesce(s.communicated_by, ''), s.objection_until, s.final_on,
		   coalesce(s.final_by, '')
		 from settlement s join agreement a on a.programme_id = s.programme_id and a.id = s.agreement_id
		 where s.programme_id = $1 and s.agreement_id = $2 and s.year = $3
		   and ($4 = '*' or (s.communicated_on <> '' and $4 like '%' || a.organisation_id || '%'))
		 order by s.version desc limit 1`)
	listYear = db.SQL("settlement.year.list",
		`select s.id, s.agreement_id, a.organisation_id, s.year, s.version, s.state, s.facts_hash, s.reckoning, s.computed_on,
		   coalesce(s.computed_by, ''), s.communicated_on, coalesce(s.communicated_by, ''), s.objection_until, s.final_on,
		   coalesce(s.final_by, '')
		 from settlement s join agreement a on a.programme_id = s.programme_id and a.id = s.agreement_id
		 where s.programme_id = $1 and ($2 = 0 or s.year = $2)
		   and ($3 = '*' or (s.communicated_on <> '' and $3 like '%' || a.organisation_id || '%'))
		   and s.state not in ('discarded', 'restated')
		 order by s.year, a.organisation_id, s.version`)
	setState = db.SQL("settlement.state.set",
		`update settlement set state = $4, communicated_on = $5, communicated_by = $6, objection_until = $7, final_on = $8, final_by = $9
		 where programme_id = $1 and id = $2 and state = $3`)
	loadEnd            = db.SQL("settlement.end.load", `select state, ends_on from agreement where programme_id = $1 and id = $2`)
	loadAgreementYears = db.SQL("settlement.agreement_years.load",
		`select a.id, a.organisation_id, o.code, c.year, a.state, a.ends_on
		 from agreement a
		 join organisation o on o.id = a.organisation_id
		 join agreement_ceiling c on c.programme_id = a.programme_id and c.agreement_id = a.id
		 where a.programme_id = $1 and ($2 = '' or o.code = $2) and ($3 = 0 or c.year = $3)
		   and a.state in ('signed', 'active', 'closed', 'terminated')
		 order by c.year, o.position, o.code`)
)

// AgreementYear names what can be settled.
type AgreementYear struct {
	Agreement id.Agreement
	Partner   id.Organisation
	Code      string
	Year      period.Year
	Until     period.Date // the last day of it, as AgreementYears reads it; "" where its agreement ended early
}

// Runs tells whether the year is not over yet on a day: it is settled after its last day, or once its agreement ended early.
func (y AgreementYear) Runs(today period.Date) bool { return today <= y.Until }

// runsUntil is the last day of an agreement's year; "" once the agreement was terminated.
func runsUntil(state agreement.State, ends period.Date, year period.Year) period.Date {
	if state == agreement.Terminated || state == agreement.Closed {
		return ""
	}
	return min(ends, year.Last())
}

// mustBeOver is a conflict (settlement.year_runs) while the agreement-year runs. Source: domain section 3, "closing an agreement-year".
func mustBeOver(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, year period.Year) error {
	var state agreement.State
	var ends period.Date
	if err := tx.Row(ctx, loadEnd, g, a).Scan(&state, &ends); err != nil {
		return err
	}
	if y := (AgreementYear{Until: runsUntil(state, ends, year)}); y.Runs(tx.Now.Date()) {
		return fault.Conflict("settlement.year_runs", text.Args{"year": year, "until": y.Until})
	}
	return nil
}

// AgreementYears lists what can be settled; an empty code is every partner, year zero every year.
func AgreementYears(ctx context.Context, tx *db.Tx, g id.Programme, code string, year period.Year) ([]AgreementYear, error) {
	var out []AgreementYear
	err := tx.Each(ctx, loadAgreementYears, []any{g, code, year}, func(r *sql.Rows) error {
		var a AgreementYear
		var state agreement.State
		err := r.Scan(&a.Agreement, &a.Partner, &a.Code, &a.Year, &state, &a.Until)
		a.Until = runsUntil(state, a.Until, a.Year)
		out = append(out, a)
		return err
	})
	if err == nil && len(out) == 0 {
		err = fault.Missing("settlement.no_agreement_year", nil)
	}
	return out, err
}

// Latest reads the newest version of an agreement-year's settlement that the actor may read; a year without one is a Missing fault. What was
// not communicated yet is the agency's own: a partner reads it from the day that it was.
func Latest(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a id.Agreement, year period.Year) (Settlement, error) {
	s, err := scan(tx.Row(ctx, loadLatest, g, a, year, by.ScopeFor("settlement.read")).Scan)
	if err == db.ErrNone {
		return s, fault.Missing("settlement.none", nil)
	}
	return s, err
}

// OfYear lists the settlements in force of a year (zero: of all years) that the actor may read, as Latest does.
func OfYear(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, year period.Year) ([]Settlement, error) {
	var out []Settlement
	err := tx.Each(ctx, listYear, []any{g, year, by.ScopeFor("settlement.read")}, func(r *sql.Rows) error {
		s, err := scan(r.Scan)
		out = append(out, s)
		return err
	})
	return out, err
}

func scan(into func(...any) error) (Settlement, error) {
	var s Settlement
	var working string
	err := into(&s.ID, &s.Agreement, &s.Partner, &s.Year, &s.Version, &s.State, &s.Facts, &working, &s.ComputedOn, &s.ComputedBy,
		&s.CommunicatedOn, &s.CommunicatedBy, &s.ObjectionUntil, &s.FinalOn, &s.FinalBy)
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal([]byte(working), &s.Working); err != nil {
		return s, fault.Internal(err)
	}
	return s, nil
}

func insert(ctx context.Context, tx *db.Tx, g id.Programme, s Settlement, cells []kpi.Cell) error {
	working, err := json.Marshal(s.Working)
	if err != nil {
		return fault.Internal(err)
	}
	r := s.Working.Reckoning
	err = tx.Insert(ctx, "settlement", strings.Fields(`programme_id id agreement_id year version state facts_hash accepted half cost_part
		pool score_bp performance final own paid balance reckoning computed_on computed_by communicated_on objection_until final_on`),
		[][]any{{g, s.ID, s.Agreement, s.Year, s.Version, s.State, s.Facts, r.Accepted, r.Half, r.CostPart, r.Pool, r.Score, r.Earned,
			r.Final, r.Own, r.Paid, r.Balance, string(working), s.ComputedOn, db.OrNull(s.ComputedBy), "", "", ""}})
	if err != nil {
		return err
	}
	var rows, links [][]any
	for i, c := range cells {
		line := s.Working.Scores[i]
		rows = append(rows, []any{g, s.ID, c.Assignment.ID, c.Status, line.Value, line.Divisor, line.Sample, line.Target, c.AttainmentBp,
			c.PayoutBp, c.Weight, line.Evidence})
		for _, e := range c.Figure.Evidence {
			links = append(links, []any{g, s.ID, c.Assignment.ID, e})
		}
	}
	if err := tx.Insert(ctx, "cell", strings.Fields(`programme_id settlement_id assignment_id status numerator denominator sample target
		attainment_bp payout_bp weight evidence_hash`), rows); err != nil {
		return err
	}
	return tx.Insert(ctx, "cell_evidence", strings.Fields(`programme_id settlement_id assignment_id evidence_id`), links)
}

// move stores a settlement's new state; somebody else's move in between is a conflict.
func move(ctx context.Context, tx *db.Tx, g id.Programme, from State, s Settlement) error {
	n, err := tx.Exec(ctx, setState, g, s.ID, from, s.State, s.CommunicatedOn, db.OrNull(s.CommunicatedBy), s.ObjectionUntil, s.FinalOn,
		db.OrNull(s.FinalBy))
	if err == nil && n != 1 {
		err = fault.Conflict("settlement.moved", nil)
	}
	return err
}
