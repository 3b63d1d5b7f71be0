package kpi

import (
	"context"
	"database/sql"
	"fmt"
	"math/big"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

var (
	readDefinitions = db.SQL("kpi.definition.list", `select id, code, position, version, name_nl, name_en, name_fr, short_nl, short_en,
			short_fr, unit, kinds, activity_types, joint_only, aggregate, measure, threshold, joint, direction, decimals, min_sample,
			verified_only, cockpit, formula
		from kpi where programme_id = $1 order by position, code`)
	readAssignments = db.SQL("kpi.assignment.list", `select s.id, s.agreement_id, g.organisation_id, s.objective_id, s.kpi_id, s.rule,
			s.baseline, s.weight, s.floor_bp, s.cap_bp
		from assignment s join agreement g on g.programme_id = s.programme_id and g.id = s.agreement_id
		where s.programme_id = $1 and ($2 = '' or s.agreement_id = $2)
		order by s.agreement_id, s.id`)
	readTargets = db.SQL("kpi.target.list", `select t.assignment_id, t.year, t.set_on, t.value, t.reason
		from assignment s join target t on t.programme_id = s.programme_id and t.assignment_id = s.id
		where s.programme_id = $1 and ($2 = '' or s.agreement_id = $2)
		order by t.assignment_id, t.year, t.set_on`)
	readWaivers = db.SQL("kpi.waiver.list", `select w.assignment_id, w.year, d.id, d.code, d.dated, d.words
		from assignment s join waiver w on w.programme_id = s.programme_id and w.assignment_id = s.id
		join decision d on d.programme_id = w.programme_id and d.id = w.decision_id
		where s.programme_id = $1 and ($2 = '' or s.agreement_id = $2)
		order by w.assignment_id, w.year`)
)

// Definitions reads the KPI catalogue of a programme, in its order.
func Definitions(ctx context.Context, tx *db.Tx, programme id.Programme) ([]*Definition, error) {
	var all []*Definition
	err := tx.Each(ctx, readDefinitions, []any{programme}, func(r *sql.Rows) error {
		d := &Definition{}
		var kinds, types, threshold string
		var joint, verified, cockpit int
		err := r.Scan(&d.ID, &d.Code, &d.Position, &d.Version, &d.Name.NL, &d.Name.EN, &d.Name.FR, &d.Short.NL, &d.Short.EN, &d.Short.FR,
			&d.Unit, &kinds, &types, &joint, &d.Aggregate, &d.Measure, &threshold, &d.Joint, &d.Direction, &d.Decimals, &d.MinSample,
			&verified, &cockpit, &d.Formula)
		if err != nil {
			return err
		}
		for _, k := range strings.Fields(kinds) {
			d.Kinds = append(d.Kinds, evidence.Kind(k))
		}
		d.ActivityTypes = strings.Fields(types)
		d.JointOnly, d.VerifiedOnly, d.Cockpit = joint == 1, verified == 1, cockpit == 1
		if threshold != "" {
			if d.Threshold, err = exact(threshold); err != nil {
				return err
			}
		}
		all = append(all, d)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, compile(all)
}

// Load reads one definition; missing when the programme has no such KPI.
func Load(ctx context.Context, tx *db.Tx, programme id.Programme, kpi id.KPI) (*Definition, error) {
	return find(ctx, tx, programme, func(d *Definition) bool { return d.ID == kpi })
}

// LoadByCode is Load by the code that addresses and files use.
func LoadByCode(ctx context.Context, tx *db.Tx, programme id.Programme, code string) (*Definition, error) {
	return find(ctx, tx, programme, func(d *Definition) bool { return d.Code == code })
}

func find(ctx context.Context, tx *db.Tx, programme id.Programme, is func(*Definition) bool) (*Definition, error) {
	all, err := Definitions(ctx, tx, programme)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if is(d) {
			return d, nil
		}
	}
	return nil, fault.Missing("kpi.missing", nil)
}

// Assignments reads what an agreement ("" all of the programme) promises, with the history of targets and the waivers. Scope is the
// caller's.
func Assignments(ctx context.Context, tx *db.Tx, programme id.Programme, agreement id.Agreement) ([]*Assignment, error) {
	var all []*Assignment
	byID := map[id.Assignment]*Assignment{}
	args := []any{programme, agreement}
	err := tx.Each(ctx, readAssignments, args, func(r *sql.Rows) error {
		a := &Assignment{}
		var baseline string
		err := r.Scan(&a.ID, &a.Agreement, &a.Partner, &a.Objective, &a.KPI, &a.Rule, &baseline, &a.Weight, &a.FloorBp, &a.CapBp)
		if err != nil {
			return err
		}
		if a.Baseline, err = exact(baseline); err != nil {
			return err
		}
		all = append(all, a)
		byID[a.ID] = a
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = tx.Each(ctx, readTargets, args, func(r *sql.Rows) error {
		var of id.Assignment
		var t Target
		var value string
		err := r.Scan(&of, &t.Year, &t.SetOn, &value, &t.Reason)
		if err != nil {
			return err
		}
		if t.Value, err = exact(value); err != nil {
			return err
		}
		byID[of].Targets = append(byID[of].Targets, t)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, tx.Each(ctx, readWaivers, args, func(r *sql.Rows) error {
		var of id.Assignment
		var w Waiver
		if err := r.Scan(&of, &w.Year, &w.Decision, &w.Code, &w.Dated, &w.Words); err != nil {
			return err
		}
		byID[of].Waivers = append(byID[of].Waivers, w)
		return nil
	})
}

// exact reads a stored decimal; a baseline that was not given is 0.
func exact(s string) (*big.Rat, error) {
	if s == "" {
		return new(big.Rat), nil
	}
	if v, ok := new(big.Rat).SetString(s); ok {
		return v, nil
	}
	return nil, fault.Internal(fmt.Errorf("kpi: %q is no decimal", s))
}
