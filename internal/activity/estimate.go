package activity

import (
	"context"
	"database/sql"
	"fmt"
	"math/big"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/text"
)

// Estimate is what an activity is planned to cost, by category, and to bring for KPIs: of the whole activity, whoever organises it. What is 0 is
// not in it.
type Estimate struct {
	Costs   map[string]money.Amount
	Effects map[id.KPI]*big.Rat
}

// Cost is the planned cost in all.
func (e Estimate) Cost() (total money.Amount) {
	for _, a := range e.Costs {
		total += a
	}
	return total
}

var (
	selectCosts = db.SQL("activity.planned_cost.list",
		`select c.activity_id, c.category, c.amount from activity a
		 join planned_cost c on c.programme_id = a.programme_id and c.activity_id = a.id
		 where a.programme_id = $1 and a.starts_on >= $2 and a.starts_on <= $3 and ($4 = '' or a.id = $4)`)
	selectEffects = db.SQL("activity.planned_effect.list",
		`select e.activity_id, e.kpi_id, e.value from activity a
		 join planned_effect e on e.programme_id = a.programme_id and e.activity_id = a.id
		 where a.programme_id = $1 and a.starts_on >= $2 and a.starts_on <= $3 and ($4 = '' or a.id = $4)`)
	dropCosts   = db.SQL("activity.planned_cost.drop", `delete from planned_cost where programme_id = $1 and activity_id = $2`)
	dropEffects = db.SQL("activity.planned_effect.drop", `delete from planned_effect where programme_id = $1 and activity_id = $2`)
)

// Estimates gives those of activities, by their ids; the caller has loaded them within the reader's scope.
func Estimates(ctx context.Context, tx *db.Tx, programme id.Programme, of []Activity) (map[id.Activity]Estimate, error) {
	all := make(map[id.Activity]Estimate, len(of))
	if len(of) == 0 {
		return all, nil
	}
	first, last, only := of[0].Starts, of[0].Starts, id.Activity("")
	for _, a := range of {
		all[a.ID] = Estimate{map[string]money.Amount{}, map[id.KPI]*big.Rat{}}
		first, last = min(first, a.Starts), max(last, a.Starts)
	}
	if len(of) == 1 {
		only = of[0].ID
	}
	args := []any{programme, first, last, only}
	err := tx.Each(ctx, selectCosts, args, func(r *sql.Rows) error {
		var a id.Activity
		var category string
		var amount money.Amount
		err := r.Scan(&a, &category, &amount)
		if e, wanted := all[a]; wanted {
			e.Costs[category] = amount
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, tx.Each(ctx, selectEffects, args, func(r *sql.Rows) error {
		var a id.Activity
		var k id.KPI
		var said string
		if err := r.Scan(&a, &k, &said); err != nil {
			return err
		}
		value, ok := new(big.Rat).SetString(said)
		if !ok {
			return fault.Internal(fmt.Errorf("activity: %q is no decimal", said))
		}
		if e, wanted := all[a]; wanted {
			e.Effects[k] = value
		}
		return nil
	})
}

// SetEstimate says anew what an activity is planned to cost and to bring, until it is held; the caller has checked categories and KPIs. Faults:
// missing out of scope, denied, conflict when it is over.
func SetEstimate(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, code string, e Estimate) error {
	a, err := ByCode(ctx, tx, by.Scope(), programme, code)
	if err != nil {
		return err
	}
	if err := by.May("activity.estimate", a.Subject()); err != nil {
		return err
	}
	if a.State != Planned && a.State != Published && a.State != Postponed {
		return fault.Conflict("activity.over", text.Args{"state": a.State.Key()})
	}
	was, err := Estimates(ctx, tx, programme, []Activity{a})
	if err != nil {
		return err
	}
	if err := replace(ctx, tx, programme, a.ID, e); err != nil {
		return err
	}
	return record(ctx, tx, by, programme, "activity.estimate", a, was[a.ID].said(), e.said())
}

// AddEstimates writes those of activities that have none: an import, or a plan taken over from the year before.
func AddEstimates(ctx context.Context, tx *db.Tx, programme id.Programme, all map[id.Activity]Estimate) error {
	var costs, effects [][]any
	for a, e := range all {
		for category, amount := range e.Costs {
			if amount > 0 {
				costs = append(costs, []any{programme, a, category, amount})
			}
		}
		for k, v := range e.Effects {
			if v.Sign() > 0 {
				effects = append(effects, []any{programme, a, k, v.FloatString(exactPlaces)})
			}
		}
	}
	if err := tx.Insert(ctx, "planned_cost", []string{"programme_id", "activity_id", "category", "amount"}, costs); err != nil {
		return err
	}
	return tx.Insert(ctx, "planned_effect", []string{"programme_id", "activity_id", "kpi_id", "value"}, effects)
}

// exactPlaces is the number of decimals with which a planned value is kept: no KPI shows more.
const exactPlaces = 6

func replace(ctx context.Context, tx *db.Tx, programme id.Programme, a id.Activity, e Estimate) error {
	for _, q := range []db.Query{dropCosts, dropEffects} {
		if _, err := tx.Exec(ctx, q, programme, a); err != nil {
			return err
		}
	}
	return AddEstimates(ctx, tx, programme, map[id.Activity]Estimate{a: e})
}

// merge puts what two activities are planned to cost and to bring together in the one that stays: budgets add up; for each KPI the greater of
// the two stands, since one activity is held and a company comes to it once. The organisers lower or raise it afterwards.
func merge(ctx context.Context, tx *db.Tx, programme id.Programme, keep, drop Activity) error {
	var both [2]Estimate
	for n, a := range []Activity{keep, drop} {
		all, err := Estimates(ctx, tx, programme, []Activity{a})
		if err != nil {
			return err
		}
		both[n] = all[a.ID]
	}
	return replace(ctx, tx, programme, keep.ID, together(both[0], both[1]))
}

func together(a, b Estimate) Estimate {
	for category, amount := range b.Costs {
		a.Costs[category] += amount
	}
	for k, v := range b.Effects {
		if was := a.Effects[k]; was == nil || was.Cmp(v) < 0 {
			a.Effects[k] = v
		}
	}
	return a
}

// said is the estimate as the audit trail keeps it.
func (e Estimate) said() map[string]any {
	effects := map[string]string{}
	for k, v := range e.Effects {
		effects[string(k)] = v.RatString()
	}
	return map[string]any{"costs": e.Costs, "effects": effects}
}
