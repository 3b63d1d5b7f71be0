package plan

import (
	"cmp"
	"math/big"
	"slices"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/money"
)

// Entry is an activity that the partner organises, alone or with others, as the plan is held against the agreement.
type Entry struct {
	activity.Activity
	Estimate        activity.Estimate // of the whole activity
	Weight, Weights int64             // the partner's, and of all organisers
	Cost            money.Amount      // the partner's part
}

// Outlook is a plan held against what was promised for its year: what it costs the partner and what the agency would pay of that, and what its
// activities bring for each KPI.
type Outlook struct {
	Entries              []Entry
	Categories           []CategoryCost
	Cost                 money.Amount // the partner's part of all activities
	Rate                 money.Bp
	Half, Ceiling        money.Amount // the agency's half by the plan, not capped; the year's ceiling
	Over, Left           money.Amount // of the half above the ceiling, which is the partner's; of the ceiling not planned
	Unplanned            int          // activities to come without a planned cost
	Promises             []Promise
	Short                int // KPIs that the plan does not bring to their target
	HasCeiling, Promised bool
}

// CategoryCost is the partner's part of what the activities cost in a category.
type CategoryCost struct {
	Category string
	Amount   money.Amount
}

// Promise is a KPI of the agreement with its target of the year and what the activities are planned to bring.
type Promise struct {
	KPI     *kpi.Definition
	Target  *big.Rat
	Planned *big.Rat // nil where activities do not add up to the KPI: a mean, a ratio, a formula
	AtMost  bool     // companies that come to several activities count once
	Gap     *big.Rat // what the plan leaves open, above 0; nil when it leaves nothing
	From    int      // activities that bring something
}

// Terms is what the agreement and the programme's rule say of the year.
type Terms struct {
	Rate       money.Bp
	Ceiling    money.Amount
	HasCeiling bool
	KPIs       []*kpi.Definition // of the agreement, in their order
	Targets    map[id.KPI]*big.Rat
}

// Weigh holds the activities that a partner organises against the terms of the year. Cancelled ones do not count.
func Weigh(partner id.Organisation, all []activity.Activity, of map[id.Activity]activity.Estimate, t Terms) Outlook {
	o := Outlook{Rate: t.Rate, Ceiling: t.Ceiling, HasCeiling: t.HasCeiling, Promised: len(t.KPIs) > 0}
	byCategory := map[string]money.Amount{}
	for _, a := range all {
		if a.State == activity.Cancelled {
			continue
		}
		e := Entry{Activity: a, Estimate: of[a.ID]}
		e.share(partner, byCategory)
		if e.Weight == 0 {
			continue
		}
		o.Cost += e.Cost
		if a.Coming() && len(e.Estimate.Costs) == 0 {
			o.Unplanned++
		}
		o.Entries = append(o.Entries, e)
	}
	for category, amount := range byCategory {
		o.Categories = append(o.Categories, CategoryCost{category, amount})
	}
	order := funding.Categories()
	slices.SortFunc(o.Categories, func(x, y CategoryCost) int {
		return cmp.Compare(slices.Index(order, x.Category), slices.Index(order, y.Category))
	})
	// The even half of domain section 4.3, before the ceiling cuts it; every rate is at most the whole.
	o.Half, _ = halfOf(o.Cost, t.Rate)
	if o.HasCeiling {
		o.Over, o.Left = max(0, o.Half-o.Ceiling), max(0, o.Ceiling-o.Half)
	}
	for _, d := range t.KPIs {
		p := o.promise(d, t.Targets[d.ID])
		if p.Gap != nil {
			o.Short++
		}
		o.Promises = append(o.Promises, p)
	}
	return o
}

func halfOf(cost money.Amount, rate money.Bp) (money.Amount, error) {
	n, err := money.MulDivFloor(int64(cost), int64(rate), 10_000)
	return money.Amount(n), err
}

// share takes the partner's part of each category, by the weights of all organisers; the agency's own part is nobody's cost (domain section 4.12).
func (e *Entry) share(partner id.Organisation, byCategory map[string]money.Amount) {
	at, weights := -1, make([]int64, len(e.Organisers))
	for n, x := range e.Organisers {
		if weights[n] = x.Weight; x.Organisation == partner {
			at, e.Weight = n, x.Weight
		}
		e.Weights += x.Weight
	}
	if at < 0 {
		return
	}
	for category, amount := range e.Estimate.Costs {
		part := money.Allocate(amount, weights)[at]
		byCategory[category] += part
		e.Cost += part
	}
}

// promise adds up what the activities bring for a KPI.
func (o *Outlook) promise(d *kpi.Definition, target *big.Rat) Promise {
	p := Promise{KPI: d, Target: target}
	if !Plannable(d) {
		return p
	}
	p.Planned, p.AtMost = new(big.Rat), d.Aggregate == kpi.Distinct
	for i := range o.Entries {
		if v := o.Entries[i].Brings(d); v.Sign() > 0 {
			p.Planned.Add(p.Planned, v)
			p.From++
		}
	}
	if target == nil {
		return p
	}
	gap := new(big.Rat).Sub(target, p.Planned)
	if d.Direction == kpi.Down {
		gap.Neg(gap)
	}
	if gap.Sign() > 0 {
		p.Gap = gap
	}
	return p
}

// Plannable tells whether activities add up to the KPI.
func Plannable(d *kpi.Definition) bool {
	return d.Formula == "" && (d.Aggregate == kpi.Count || d.Aggregate == kpi.Sum || d.Aggregate == kpi.Distinct)
}

// Counts tells whether the KPI is the number of activities held, which nobody has to estimate.
func Counts(d *kpi.Definition) bool {
	return d.Formula == "" && d.Aggregate == kpi.Count && slices.Equal(d.Kinds, []evidence.Kind{evidence.Held})
}

// Takes tells whether an activity of this type, alone or joint, may bring something for the KPI.
func Takes(d *kpi.Definition, a *activity.Activity) bool {
	return Plannable(d) && (len(d.ActivityTypes) == 0 || slices.Contains(d.ActivityTypes, string(a.Type))) && (!d.JointOnly || a.Joint())
}

// Brings is what the partner is credited of an activity for a KPI if it goes as planned: the whole, or its share where credit is shared.
func (e *Entry) Brings(d *kpi.Definition) *big.Rat {
	v := new(big.Rat)
	if !Takes(d, &e.Activity) {
		return v
	}
	if Counts(d) {
		v.SetInt64(1)
	} else if said := e.Estimate.Effects[d.ID]; said != nil {
		v.Set(said)
	}
	if d.Joint == kpi.Share {
		v.Mul(v, big.NewRat(e.Weight, e.Weights))
	}
	return v
}
