package plan

import (
	"context"
	"math/big"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/text"
)

// Saying is what somebody says an activity will cost, by category, and bring, by the code of a KPI.
type Saying struct {
	Costs   map[string]money.Amount
	Effects map[string]*big.Rat
}

// Number reads a decimal of digits with at most one point, of a length that cannot run away.
func Number(s string) (*big.Rat, bool) {
	if len(s) > 18 || strings.Trim(s, "0123456789.") != "" {
		return new(big.Rat), false
	}
	if v, ok := new(big.Rat).SetString(s); ok {
		return v, true
	}
	return new(big.Rat), false
}

// The most that a planned cost and a planned value may be: above it is a mistake of typing.
const (
	maxCost   = money.Amount(1_000_000_000_00)
	maxEffect = 1_000_000_000_000
)

// Estimate says anew what an activity is planned to cost and to bring, the whole of it. Faults: those of activity.SetEstimate; invalid
// (cost.CATEGORY, effect.KPI).
func Estimate(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, code string, s Saying) error {
	all, err := kpi.Definitions(ctx, tx, g)
	if err != nil {
		return err
	}
	e, err := s.check(all)
	if err != nil {
		return err
	}
	return activity.SetEstimate(ctx, tx, by, g, code, e)
}

// check tells everything that is wrong with what was said, each at its field.
func (s Saying) check(all []*kpi.Definition) (activity.Estimate, error) {
	e := activity.Estimate{Costs: map[string]money.Amount{}, Effects: map[id.KPI]*big.Rat{}}
	var faults []error
	for category, amount := range s.Costs {
		switch {
		case !slices.Contains(funding.Categories(), category):
			faults = append(faults, fault.Invalid("cost."+category, "plan.want_category",
				text.Args{"found": category, "list": strings.Join(funding.Categories(), ", ")}))
		case amount < 0 || amount > maxCost:
			faults = append(faults, fault.Invalid("cost."+category, "plan.want_cost", nil))
		case amount > 0:
			e.Costs[category] = amount
		}
	}
	for code, v := range s.Effects {
		at := slices.IndexFunc(all, func(d *kpi.Definition) bool { return d.Code == code })
		if at < 0 || !Plannable(all[at]) || Counts(all[at]) {
			faults = append(faults, fault.Invalid("effect."+code, "plan.no_kpi", text.Args{"found": code}))
			continue
		}
		if places, exact := v.FloatPrec(); !exact || places > all[at].Decimals || v.Sign() < 0 || v.Cmp(big.NewRat(maxEffect, 1)) > 0 {
			faults = append(faults, fault.Invalid("effect."+code, "plan.want_effect", text.Args{"n": all[at].Decimals}))
		} else if v.Sign() > 0 {
			e.Effects[all[at].ID] = v
		}
	}
	return e, fault.Join(faults...)
}
