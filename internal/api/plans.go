package api

import (
	"math/big"
	"net/http"
	"slices"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/plan"
	"errera.eu/errera/internal/text"
)

// Plan is a partner's activity programme of a year, held against its agreement.
type Plan struct {
	Partner    string `json:"partner" doc:"Code of the organisation"`
	Year       int    `json:"year"`
	State      string `json:"state" doc:"Empty: nobody began it"`
	Activities int    `json:"activities" doc:"That the partner organises, alone or with others"`
	Cost       Money  `json:"cost" doc:"The partner's part of what they are planned to cost"`
	Half       Money  `json:"half" doc:"The agency's half of it, before the ceiling"`
	Ceiling    Money  `json:"ceiling"`
	Over       Money  `json:"over" doc:"Of the half above the ceiling: the partner's own"`
	Short      int    `json:"kpis_short" doc:"KPIs that the plan does not bring to their target"`
}

// PlanDetail is a plan with its KPIs and activities.
type PlanDetail struct {
	Plan
	KPIs    []PlanKPI      `json:"kpis" nullable:"false"`
	Entries []PlanActivity `json:"entries" nullable:"false"`
}

// PlanKPI is what a plan brings for a KPI.
type PlanKPI struct {
	KPI     string `json:"kpi" doc:"Code"`
	Target  string `json:"target"`
	Planned string `json:"planned,omitempty" doc:"Without it, activities do not add up to the KPI"`
	Gap     string `json:"gap,omitempty"`
	AtMost  bool   `json:"at_most" doc:"It counts companies, and one that comes to several activities counts once"`
}

// PlanActivity is an activity in a plan.
type PlanActivity struct {
	Code    string            `json:"code"`
	Title   string            `json:"title"`
	Starts  Day               `json:"starts_on"`
	Around  string            `json:"around,omitempty"`
	State   string            `json:"state"`
	Weight  int64             `json:"weight" doc:"Of the partner"`
	Weights int64             `json:"weights" doc:"Of all organisers"`
	Part    Money             `json:"part" doc:"The partner's part of the cost"`
	Costs   map[string]Money  `json:"costs" doc:"Of the whole activity, by category"`
	Effects map[string]string `json:"effects" doc:"Of the whole activity, by the code of a KPI"`
}

// PlansIn asks for the plans of a year.
type PlansIn struct {
	InProgramme
	Paged
	Year int `query:"year" minimum:"1900" maximum:"2200" required:"true"`
}

// PlanIn names a plan.
type PlanIn struct {
	InProgramme
	Cached
	Partner string `path:"partner"`
	Year    int    `path:"year"`
}

// EstimateIn says what an activity is to cost and to bring.
type EstimateIn struct {
	InProgramme
	Conditional
	Partner string `path:"partner"`
	Year    int    `path:"year"`
	Code    string `path:"code"`
	Body    struct {
		Costs   map[string]Money  `json:"costs,omitempty" doc:"Of the whole activity, by category; what is left out is none"`
		Effects map[string]string `json:"effects,omitempty" doc:"Of the whole activity, by the code of a KPI"`
	}
}

func (a *API) plans() {
	const noun, at = "Plans", "/programmes/{programme}/plans"
	list(a, endpoint{id: "list-plans", path: at, noun: noun, verb: "plan.read", summary: "The plans of a year, held against ceilings and targets"}, listPlans)
	get(a, endpoint{id: "get-plan", path: at + "/{partner}/{year}", noun: noun, verb: "plan.read", summary: "One plan with its KPIs and activities"},
		func(c *call, in *PlanIn) (PlanDetail, error) { return planOf(c, in.Partner, in.Year) })
	change(a, endpoint{id: "estimate-activity", path: at + "/{partner}/{year}/activities/{code}", noun: noun, verb: "activity.estimate",
		summary: "Say anew what an activity is planned to cost and to bring"}, http.MethodPut,
		func(c *call, in *EstimateIn) (PlanActivity, error) { return plannedActivity(c, in) },
		func(c *call, in *EstimateIn) (PlanActivity, error) {
			s, err := in.saying()
			if err == nil {
				err = plan.Estimate(c, c.tx, c.by, c.g.ID, in.Code, s)
			}
			if err != nil {
				return PlanActivity{}, err
			}
			return plannedActivity(c, in)
		})
}

func listPlans(c *call, in *PlansIn) ([]Plan, string, error) {
	all, err := plan.OfYear(c, c.tx, c.by.ScopeFor("plan.read"), c.g.ID, period.Year(in.Year))
	items := make([]Plan, len(all))
	for i := range all {
		o, err := plan.LoadOutlook(c, c.tx, c.g, &all[i])
		if err != nil {
			return nil, "", err
		}
		items[i] = planOut(&all[i], &o)
	}
	if err != nil {
		return nil, "", err
	}
	return cut(items, in.Paged, func(x Plan) string { return x.Partner })
}

func planOf(c *call, partner string, year int) (PlanDetail, error) {
	p, _, err := plan.Load(c, c.tx, c.by.ScopeFor("plan.read"), c.g.ID, partner, period.Year(year))
	if err != nil {
		return PlanDetail{}, err
	}
	o, err := plan.LoadOutlook(c, c.tx, c.g, &p)
	if err != nil {
		return PlanDetail{}, err
	}
	codes := map[string]string{}
	all, err := kpi.Definitions(c, c.tx, c.g.ID)
	for _, d := range all {
		codes[string(d.ID)] = d.Code
	}
	out := PlanDetail{Plan: planOut(&p, &o), KPIs: []PlanKPI{}, Entries: []PlanActivity{}}
	for _, x := range o.Promises {
		out.KPIs = append(out.KPIs, PlanKPI{x.KPI.Code, kpi.Decimal(x.Target), kpi.Decimal(x.Planned), kpi.Decimal(x.Gap), x.AtMost})
	}
	for i := range o.Entries {
		out.Entries = append(out.Entries, entryOut(&o.Entries[i], codes))
	}
	return out, err
}

func plannedActivity(c *call, in *EstimateIn) (PlanActivity, error) {
	p, err := planOf(c, in.Partner, in.Year)
	if err != nil {
		return PlanActivity{}, err
	}
	at := slices.IndexFunc(p.Entries, func(x PlanActivity) bool { return x.Code == in.Code })
	if at < 0 {
		return PlanActivity{}, fault.Missing("activity.missing", nil)
	}
	return p.Entries[at], nil
}

func planOut(p *plan.Plan, o *plan.Outlook) Plan {
	return Plan{Partner: p.Code, Year: int(p.Year), State: string(p.State), Activities: len(o.Entries), Cost: moneyOf(o.Cost), Half: moneyOf(o.Half),
		Ceiling: moneyOf(o.Ceiling), Over: moneyOf(o.Over), Short: o.Short}
}

func entryOut(e *plan.Entry, codes map[string]string) PlanActivity {
	out := PlanActivity{Code: e.Code, Title: e.Title, Starts: dayOf(e.Starts), Around: string(e.Around), State: string(e.State), Weight: e.Weight,
		Weights: e.Weights, Part: moneyOf(e.Cost), Costs: map[string]Money{}, Effects: map[string]string{}}
	for category, amount := range e.Estimate.Costs {
		out.Costs[category] = moneyOf(amount)
	}
	for k, v := range e.Estimate.Effects {
		out.Effects[codes[string(k)]] = kpi.Decimal(v)
	}
	return out
}

func (in *EstimateIn) saying() (plan.Saying, error) {
	s := plan.Saying{Costs: map[string]money.Amount{}, Effects: map[string]*big.Rat{}}
	var faults []error
	for category, said := range in.Body.Costs {
		amount, err := money.Parse(string(said))
		if err != nil {
			faults = append(faults, fault.Invalid("costs."+category, "plan.want_cost", nil))
		}
		s.Costs[category] = amount
	}
	for code, said := range in.Body.Effects {
		v, ok := plan.Number(said)
		if !ok {
			faults = append(faults, fault.Invalid("effects."+code, "plan.want_number", text.Args{"found": said}))
		}
		s.Effects[code] = v
	}
	return s, fault.Join(faults...)
}
