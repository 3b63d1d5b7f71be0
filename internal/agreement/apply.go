package agreement

import (
	"context"
	"database/sql"
	"maps"
	"slices"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

var (
	selectAssigned = db.SQL("agreement.assignment.applied",
		`select id, kpi_id from assignment where programme_id = $1 and agreement_id = $2`)
	selectPromised = db.SQL("agreement.target.applied",
		`select s.kpi_id, t.year, t.value from assignment s join target t on t.programme_id = s.programme_id and t.assignment_id = s.id
		 where s.programme_id = $1 and s.agreement_id = $2 order by t.set_on`)
	selectGiven = db.SQL("agreement.ceiling.applied",
		`select year, amount from agreement_ceiling where programme_id = $1 and agreement_id = $2`)
	updateInForce = db.SQL("agreement.agreement.apply",
		`update agreement set version = $3, starts_on = $4, ends_on = $5, division = $6 where programme_id = $1 and id = $2`)
	updateObjective = db.SQL("agreement.objective.apply",
		`update objective set goal_id = $3, position = $4, words_nl = $5, words_en = $6, words_fr = $7 where programme_id = $1 and id = $2`)
	updateAssignment = db.SQL("agreement.assignment.apply",
		`update assignment set objective_id = $3, rule = $4, baseline = $5, weight = $6, floor_bp = $7, cap_bp = $8
		 where programme_id = $1 and id = $2`)
	updateCeiling = db.SQL("agreement.ceiling.apply",
		`update agreement_ceiling set amount = $4 where programme_id = $1 and agreement_id = $2 and year = $3`)
)

// Apply makes the live rows of an agreement (its period, version and division, ceilings, objectives, KPI assignments and targets) say what a version
// says. The first time it makes them; later it changes them. Targets are never changed: one that differs is set anew, on the day of signing
// or, in an amendment, from its effective date with its reason. What was promised cannot be left out: a version that misses an objective, a
// KPI, a target or a ceiling in force is invalid at its field. It books nothing and moves no state.
func Apply(ctx context.Context, tx *db.Tx, s *Setting, a id.Agreement, v Version, on period.Date) error {
	p := applying{ctx: ctx, tx: tx, setting: s, agreement: a, doc: v.Document.Normal(), on: on}
	if p.doc.Amends > 0 {
		p.on = p.doc.EffectiveOn
	}
	if _, err := tx.Exec(ctx, updateInForce, s.Programme.ID, a, v.N, p.doc.Starts, p.doc.Ends, p.doc.Partner.Division); err != nil {
		return err
	}
	for _, step := range []func() error{p.ceilings, p.objectives, p.assignments, p.targets} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// applying is one Apply at work.
type applying struct {
	ctx       context.Context
	tx        *db.Tx
	setting   *Setting
	agreement id.Agreement
	doc       Document
	on        period.Date
	objective map[string]id.Objective // by code
	assigned  map[id.KPI]id.Assignment
}

func (p *applying) g() id.Programme { return p.setting.Programme.ID }

func (p *applying) ceilings() error {
	given := map[period.Year]money.Amount{}
	err := p.tx.Each(p.ctx, selectGiven, []any{p.g(), p.agreement}, func(r *sql.Rows) error {
		var y period.Year
		var was money.Amount
		err := r.Scan(&y, &was)
		given[y] = was
		return err
	})
	if err != nil {
		return err
	}
	var fresh [][]any
	for _, c := range p.doc.Ceilings {
		was, there := given[c.Year]
		delete(given, c.Year)
		switch {
		case !there:
			fresh = append(fresh, []any{p.g(), p.agreement, c.Year, c.Amount, 0})
		case was != c.Amount:
			if _, err := p.tx.Exec(p.ctx, updateCeiling, p.g(), p.agreement, c.Year, c.Amount); err != nil {
				return err
			}
		}
	}
	for _, y := range slices.Sorted(maps.Keys(given)) {
		return fault.Invalid("ceiling."+y.String(), "agreement.ceiling_gone", text.Args{"year": y})
	}
	return p.tx.Insert(p.ctx, "agreement_ceiling", []string{"programme_id", "agreement_id", "year", "amount", "carried"}, fresh)
}

func (p *applying) objectives() error {
	there, err := Objectives(p.ctx, p.tx, p.g(), p.agreement)
	if err != nil {
		return err
	}
	p.objective = map[string]id.Objective{}
	for _, o := range there {
		if _, kept := p.doc.Objective(o.Code); !kept {
			return fault.Invalid("objective."+o.Code, "agreement.objective_gone", text.Args{"code": o.Code})
		}
		p.objective[o.Code] = o.ID
	}
	var fresh []Objective
	for i, o := range p.doc.Objectives {
		goal, known := p.setting.Goal(o.Goal)
		if !known {
			return fault.Invalid("objective."+o.Code+".goal", "agreement.goal_unknown", text.Args{"code": o.Goal})
		}
		if was, kept := p.objective[o.Code]; kept {
			_, err := p.tx.Exec(p.ctx, updateObjective, p.g(), was, goal.ID, i, o.Words.NL, o.Words.EN, o.Words.FR)
			if err != nil {
				return err
			}
			continue
		}
		n := Objective{ID: id.New[id.Objective](), Agreement: p.agreement, Goal: goal.ID, Code: o.Code, Position: i}
		n.Words.NL, n.Words.EN, n.Words.FR = o.Words.NL, o.Words.EN, o.Words.FR
		p.objective[o.Code] = n.ID
		fresh = append(fresh, n)
	}
	return AddObjectives(p.ctx, p.tx, p.g(), fresh)
}

func (p *applying) assignments() error {
	p.assigned = map[id.KPI]id.Assignment{}
	err := p.tx.Each(p.ctx, selectAssigned, []any{p.g(), p.agreement}, func(r *sql.Rows) error {
		var was id.Assignment
		var kpi id.KPI
		err := r.Scan(&was, &kpi)
		p.assigned[kpi] = was
		return err
	})
	if err != nil {
		return err
	}
	for _, k := range p.setting.Indicators {
		if _, assigned := p.assigned[k.ID]; assigned {
			if _, kept := p.doc.KPI(k.Code); !kept {
				return fault.Invalid("kpi."+k.Code, "agreement.kpi_gone", text.Args{"kpi": k.Code})
			}
		}
	}
	var fresh [][]any
	for _, k := range p.doc.KPIs {
		kpi, known := p.setting.Indicator(k.KPI)
		objective, has := p.objective[k.Objective]
		switch {
		case !known:
			return fault.Invalid("kpi."+k.KPI, "agreement.kpi_unknown", text.Args{"kpi": k.KPI})
		case !has:
			return fault.Invalid("kpi."+k.KPI+".objective", "agreement.objective_unknown", text.Args{"code": k.Objective})
		}
		if was, kept := p.assigned[kpi.ID]; kept {
			_, err := p.tx.Exec(p.ctx, updateAssignment, p.g(), was, objective, k.Rule, k.Baseline, k.Weight, k.FloorBp, k.CapBp)
			if err != nil {
				return err
			}
			continue
		}
		p.assigned[kpi.ID] = id.New[id.Assignment]()
		fresh = append(fresh, []any{p.g(), p.assigned[kpi.ID], p.agreement, objective, kpi.ID, k.Rule, k.Baseline, k.Weight, k.FloorBp, k.CapBp})
	}
	return p.tx.Insert(p.ctx, "assignment", []string{"programme_id", "id", "agreement_id", "objective_id", "kpi_id", "rule", "baseline",
		"weight", "floor_bp", "cap_bp"}, fresh)
}

func (p *applying) targets() error {
	type at struct {
		kpi  id.KPI
		year period.Year
	}
	inForce := map[at]Number{}
	err := p.tx.Each(p.ctx, selectPromised, []any{p.g(), p.agreement}, func(r *sql.Rows) error {
		var x at
		var value string
		if err := r.Scan(&x.kpi, &x.year, &value); err != nil {
			return err
		}
		n, err := ParseNumber(value)
		inForce[x] = n
		return err
	})
	if err != nil {
		return err
	}
	var fresh [][]any
	for _, k := range p.doc.KPIs {
		kpi, _ := p.setting.Indicator(k.KPI) // known since assignments
		for _, t := range k.Targets {
			x := at{kpi.ID, t.Year}
			if was, there := inForce[x]; !there || was != t.Value {
				fresh = append(fresh, []any{p.g(), p.assigned[kpi.ID], t.Year, p.on, t.Value, p.doc.ReasonAmends})
			}
			delete(inForce, x)
		}
	}
	for _, k := range p.setting.Indicators {
		for _, y := range p.setting.Programme.Years() {
			if _, gone := inForce[at{k.ID, y}]; gone {
				return fault.Invalid("kpi."+k.Code+".target."+y.String(), "agreement.target_gone", text.Args{"kpi": k.Code, "year": y})
			}
		}
	}
	return p.tx.Insert(p.ctx, "target", []string{"programme_id", "assignment_id", "year", "set_on", "value", "reason"}, fresh)
}
