package plan

import (
	"context"
	"database/sql"
	"math/big"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/coordination"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

var (
	selectPlans = db.SQL("plan.plan.list",
		`select id, organisation_id, state, steps from plan where programme_id = $1 and year = $2 and ($3 = '' or organisation_id = $3)`)
	selectSteps = db.SQL("plan.step.list",
		`select s.n, s.verb, s.state, s.remark, s.done_on, coalesce(p.name, ''), coalesce(s.done_by, '') from plan_step s
		 left join person p on p.id = s.done_by where s.programme_id = $1 and s.plan_id = $2 order by s.n`)
	selectLines = db.SQL("plan.line.last",
		`select l.activity_id, l.title, l.said from plan_line l
		 where l.programme_id = $1 and l.plan_id = $2 and l.n = (select max(s.n) from plan_step s
		   where s.programme_id = $1 and s.plan_id = $2 and s.verb in ('plan.submit', 'plan.approve'))`)
	savePlan = db.SQL("plan.plan.move", `update plan set state = $3, steps = $4 where programme_id = $1 and id = $2 and steps = $5`)
)

// OfYear gives the plans of a year of the programme's partners in the scope, in their order; those that nobody began too.
func OfYear(ctx context.Context, tx *db.Tx, scope access.Scope, g id.Programme, year period.Year) ([]Plan, error) {
	return list(ctx, tx, scope, g, year, "")
}

func list(ctx context.Context, tx *db.Tx, scope access.Scope, g id.Programme, year period.Year, code string) ([]Plan, error) {
	partners, err := programme.Partners(ctx, tx, g)
	if err != nil {
		return nil, err
	}
	var all []Plan
	for _, o := range partners {
		if scope.Holds(o.ID) && (code == "" || o.Code == code) {
			all = append(all, Plan{Partner: o.ID, Code: o.Code, Label: o.Label(), Year: year})
		}
	}
	return all, tx.Each(ctx, selectPlans, []any{g, int(year), ""}, func(r *sql.Rows) error {
		var p Plan
		if err := r.Scan(&p.ID, &p.Partner, &p.State, &p.Steps); err != nil {
			return err
		}
		if i := slices.IndexFunc(all, func(x Plan) bool { return x.Partner == p.Partner }); i >= 0 {
			all[i].ID, all[i].State, all[i].Steps = p.ID, p.State, p.Steps
		}
		return nil
	})
}

// Load is a partner's plan of a year with its steps; missing (plan.missing) out of scope or for who is no partner.
func Load(ctx context.Context, tx *db.Tx, scope access.Scope, g id.Programme, partner string, year period.Year) (Plan, []Step, error) {
	all, err := list(ctx, tx, scope, g, year, partner)
	if err == nil && len(all) == 0 {
		err = fault.Missing("plan.missing", nil)
	}
	if err != nil {
		return Plan{}, nil, err
	}
	p := all[0]
	var steps []Step
	err = tx.Each(ctx, selectSteps, []any{g, p.ID}, func(r *sql.Rows) error {
		var s Step
		err := r.Scan(&s.N, &s.Verb, &s.State, &s.Remark, &s.On, &s.By, &s.Person)
		if s.Verb == "plan.submit" || s.Verb == "plan.amend" {
			p.Touched = []id.Person{s.Person}
		}
		steps = append(steps, s)
		return err
	})
	return p, steps, err
}

// Held are the activities as the plan held them when it was last submitted or approved.
func Held(ctx context.Context, tx *db.Tx, g id.Programme, p id.Plan) ([]Line, error) {
	var all []Line
	return all, tx.Each(ctx, selectLines, []any{g, p}, func(r *sql.Rows) error {
		var l Line
		err := r.Scan(&l.Activity, &l.Title, &l.Said)
		all = append(all, l)
		return err
	})
}

// Activities are those that the plan holds: led by the partner, beginning in the year, cancelled ones too. The caller has loaded the plan.
func Activities(ctx context.Context, tx *db.Tx, g id.Programme, p *Plan) ([]activity.Activity, error) {
	all, _, err := activity.List(ctx, tx, g, activity.Filter{Scope: access.All, Organisation: p.Partner, From: p.Year.First(), To: p.Year.Last()})
	return slices.DeleteFunc(all, func(a activity.Activity) bool { return a.Lead().Organisation != p.Partner }), err
}

// LoadOutlook holds a plan, as it is now, against its agreement. The caller has loaded the plan within the reader's scope.
func LoadOutlook(ctx context.Context, tx *db.Tx, g programme.Programme, p *Plan) (Outlook, error) {
	all, _, err := activity.List(ctx, tx, g.ID, activity.Filter{Scope: access.All, Organisation: p.Partner, From: p.Year.First(), To: p.Year.Last()})
	if err != nil {
		return Outlook{}, err
	}
	of, err := activity.Estimates(ctx, tx, g.ID, all)
	if err != nil {
		return Outlook{}, err
	}
	terms, err := loadTerms(ctx, tx, g, p)
	return Weigh(p.Partner, all, of, terms), err
}

// loadTerms reads what the agreement and the rule in force promise of the year; a waived KPI and one that is not due are left out.
func loadTerms(ctx context.Context, tx *db.Tx, g programme.Programme, p *Plan) (Terms, error) {
	t := Terms{Targets: map[id.KPI]*big.Rat{}}
	rules, err := programme.LoadRules(ctx, tx, g.ID)
	if err != nil {
		return t, err
	}
	rule, _ := rules.InForce(max(p.Year.First(), g.Starts))
	t.Rate = rule.RateBp
	a, err := agreement.ByPartner(ctx, tx, access.All, g.ID, p.Code)
	if err != nil {
		if fault.Is(err, fault.KindMissing) {
			err = nil
		}
		return t, err
	}
	c, has := a.Ceiling(p.Year)
	t.Ceiling, t.HasCeiling = c.Total(), has
	promised, err := kpi.Assignments(ctx, tx, g.ID, a.ID)
	if err != nil {
		return t, err
	}
	all, err := kpi.Definitions(ctx, tx, g.ID)
	today := tx.Now.Date()
	for _, d := range all {
		for _, x := range promised {
			if target, due := x.TargetOn(p.Year, max(today, p.Year.First())); x.KPI == d.ID && due && !x.WaivedOn(p.Year, today) {
				t.KPIs = append(t.KPIs, d)
				t.Targets[d.ID] = target.Value
			}
		}
	}
	return t, err
}

// InTheWay are the overlaps that keep the plan from being approved, the closest first.
func InTheWay(ctx context.Context, tx *db.Tx, g id.Programme, p *Plan) ([]coordination.Overlap, error) {
	all, err := coordination.Between(ctx, tx, access.Scope(p.Partner), g, p.Year.First(), p.Year.Last())
	return slices.DeleteFunc(all, func(o coordination.Overlap) bool { return !o.InTheWay() }), err
}

// save stores a plan with its next step and, where it holds any, its lines; conflict when somebody was quicker.
func (p *Plan) save(ctx context.Context, tx *db.Tx, g id.Programme, s Step, lines []Line) error {
	p.Steps++
	if p.ID == "" {
		p.ID = id.New[id.Plan]()
		if err := tx.Insert(ctx, "plan", []string{"programme_id", "id", "organisation_id", "year", "state", "steps"},
			[][]any{{g, p.ID, p.Partner, int(p.Year), p.State, p.Steps}}); err != nil {
			return err
		}
	} else if n, err := tx.Exec(ctx, savePlan, g, p.ID, p.State, p.Steps, p.Steps-1); err != nil {
		return err
	} else if n != 1 {
		return fault.Conflict("plan.moved", nil)
	}
	if err := tx.Insert(ctx, "plan_step", []string{"programme_id", "plan_id", "n", "verb", "state", "remark", "done_on", "done_by"},
		[][]any{{g, p.ID, p.Steps, s.Verb, p.State, s.Remark, s.On, db.OrNull(s.Person)}}); err != nil {
		return err
	}
	rows := make([][]any, 0, len(lines))
	for i := range lines {
		rows = append(rows, []any{g, p.ID, p.Steps, lines[i].Activity, lines[i].Title, lines[i].Said})
	}
	if len(rows) == 0 {
		return nil
	}
	return tx.Insert(ctx, "plan_line", []string{"programme_id", "plan_id", "n", "activity_id", "title", "said"}, rows)
}
