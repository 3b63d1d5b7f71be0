package plan

import (
	"fmt"
	"math/big"
	"testing"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/money"
)

func rat(s string) *big.Rat {
	v, _ := new(big.Rat).SetString(s)
	return v
}

// kpis are one of each sort: counted by itself, joint ones, companies once, credit shared, not by activity.
func kpis() []*kpi.Definition {
	return []*kpi.Definition{
		{ID: "held", Code: "held", Aggregate: kpi.Count, Kinds: []evidence.Kind{evidence.Held}, ActivityTypes: []string{"mission"}, Joint: kpi.Full},
		{ID: "together", Code: "together", Aggregate: kpi.Count, Kinds: []evidence.Kind{evidence.Held}, JointOnly: true, Joint: kpi.Full},
		{ID: "reach", Code: "reach", Aggregate: kpi.Distinct, Kinds: []evidence.Kind{evidence.Participation}, Joint: kpi.Full},
		{ID: "contacts", Code: "contacts", Aggregate: kpi.Count, Kinds: []evidence.Kind{evidence.Contact}, Joint: kpi.Share},
		{ID: "liked", Code: "liked", Aggregate: kpi.Ratio, Joint: kpi.Full},
	}
}

// TestAPlanIsHeldAgainstItsAgreement: costs by weight, the agency's weight nobody's, the half floored and not capped, credit as each KPI shares it.
func TestAPlanIsHeldAgainstItsAgreement(t *testing.T) {
	by := func(pairs ...any) (all []activity.Organiser) {
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, activity.Organiser{Organisation: id.Organisation(pairs[i].(string)), Weight: int64(pairs[i+1].(int))})
		}
		return all
	}
	all := []activity.Activity{
		{ID: "alone", Details: activity.Details{Type: activity.Mission}, State: activity.Planned, Organisers: by("alpha", 1)},
		{ID: "shared", Details: activity.Details{Type: activity.Mission}, State: activity.Planned, Organisers: by("beta", 1, "alpha", 1, "agency", 1)},
		{ID: "off", Details: activity.Details{Type: activity.Mission}, State: activity.Cancelled, Organisers: by("alpha", 1)},
		{ID: "blank", Details: activity.Details{Type: activity.Seminar}, State: activity.Published, Organisers: by("alpha", 1)},
	}
	of := map[id.Activity]activity.Estimate{
		"alone":  {Costs: map[string]money.Amount{"travel": 10_000_01, "venue": 1_00}, Effects: map[id.KPI]*big.Rat{"reach": rat("20"), "contacts": rat("7")}},
		"shared": {Costs: map[string]money.Amount{"travel": 100_00}, Effects: map[id.KPI]*big.Rat{"reach": rat("15"), "contacts": rat("6")}},
		"off":    {Costs: map[string]money.Amount{"travel": 99_999_00}, Effects: map[id.KPI]*big.Rat{"reach": rat("99")}},
	}
	targets := map[id.KPI]*big.Rat{"held": rat("2"), "together": rat("3"), "reach": rat("40"), "contacts": rat("9"), "liked": rat("80")}
	o := Weigh("alpha", all, of, Terms{Rate: 5000, Ceiling: 5_000_00, HasCeiling: true, KPIs: kpis(), Targets: targets})
	// alone 10,001.01; shared 100.00 in three parts: 33.34 to the lead beta, 33.33 to alpha.
	if o.Cost != 10_034_34 || o.Half != 5_017_17 || o.Over != 17_17 || o.Left != 0 || o.Unplanned != 1 || len(o.Entries) != 3 {
		t.Errorf("%+v", o)
	}
	if fmt.Sprint(o.Categories) != "[{travel 10033.34} {venue 1.00}]" {
		t.Error(o.Categories)
	}
	got := ""
	for _, p := range o.Promises {
		got += fmt.Sprintf("%s %s/%s gap %s from %d; ", p.KPI.Code, kpi.Decimal(p.Planned), kpi.Decimal(p.Target), kpi.Decimal(p.Gap), p.From)
	}
	if want := "held 2/2 gap  from 2; together 1/3 gap 2 from 1; reach 35/40 gap 5 from 2; contacts 9/9 gap  from 2; liked /80 gap  from 0; "; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if o.Short != 2 || !o.Promises[2].AtMost || o.Promises[3].AtMost {
		t.Errorf("%+v", o)
	}
	if o := Weigh("alpha", all, of, Terms{}); o.Half != 0 || o.Over != 0 || o.Promised {
		t.Errorf("without an agreement: %+v", o)
	}
}

func TestEstimatesAreChecked(t *testing.T) {
	for want, s := range map[string]Saying{
		"":                {Costs: map[string]money.Amount{"travel": 1, "venue": 0}, Effects: map[string]*big.Rat{"reach": rat("12"), "contacts": rat("0")}},
		"cost.beer":       {Costs: map[string]money.Amount{"beer": 1}},
		"cost.travel":     {Costs: map[string]money.Amount{"travel": -1}},
		"effect.reach":    {Effects: map[string]*big.Rat{"reach": rat("1.5")}},
		"effect.contacts": {Effects: map[string]*big.Rat{"contacts": rat("-1")}},
		"effect.held":     {Effects: map[string]*big.Rat{"held": rat("1")}},
		"effect.liked":    {Effects: map[string]*big.Rat{"liked": rat("90")}},
		"effect.nothing":  {Effects: map[string]*big.Rat{"nothing": rat("90")}},
	} {
		e, err := s.check(kpis())
		if want == "" {
			if err != nil || len(e.Costs) != 1 || len(e.Effects) != 1 {
				t.Error(e, err)
			}
			continue
		}
		if !fault.Is(err, fault.KindInvalid) || fault.Of(err).Field != want {
			t.Errorf("%s: %v", want, err)
		}
	}
}
