package plans

import (
	"math/big"
	"slices"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/plan"
	"errera.eu/errera/internal/text"
)

// led are the activities of the plan itself, cancelled ones too.
func (c onePage) led() []plan.Entry {
	var all []plan.Entry
	for _, a := range c.Activities {
		e := plan.Entry{Activity: a}
		if at := slices.IndexFunc(c.Outlook.Entries, func(x plan.Entry) bool { return x.ID == a.ID }); at >= 0 {
			e = c.Outlook.Entries[at]
		}
		all = append(all, e)
	}
	return all
}

// others are those that another organiser leads and the partner shares: they stand in that plan, and cost and count here.
func (c onePage) others() []plan.Entry {
	return slices.DeleteFunc(slices.Clone(c.Outlook.Entries), func(e plan.Entry) bool { return e.Lead().Organisation == c.P.Partner })
}

// costOf is the partner's part of what an activity costs.
func (c onePage) costOf(e plan.Entry) string {
	switch {
	case len(e.Estimate.Costs) > 0:
		return c.Money(e.Cost)
	case e.Coming():
		return c.T("plans.cost_none")
	}
	return "–"
}

func (c onePage) category(code string) string { return c.T(categoryKey(code)) }

func categoryKey(code string) text.Key { return text.Key("category." + code) }

func (c onePage) value(d *kpi.Definition, v *big.Rat) string {
	return kpi.Show(v, d.Decimals, c.Language)
}

func (c onePage) planned(x plan.Promise) string {
	if x.Planned == nil {
		return "–"
	}
	return c.value(x.KPI, x.Planned)
}

// atMost tells whether a KPI of the plan counts companies, which may come to several activities.
func (c onePage) atMost() bool {
	return slices.ContainsFunc(c.Outlook.Promises, func(x plan.Promise) bool { return x.AtMost && x.From > 1 })
}

// estimable tells whether somebody says what an activity will bring for the KPI; the number of activities is counted.
func estimable(d *kpi.Definition, a *activity.Activity) bool {
	return plan.Takes(d, a) && !plan.Counts(d)
}
