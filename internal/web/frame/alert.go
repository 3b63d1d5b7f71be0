package frame

import (
	"slices"

	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/kpi/alert"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// AlertSays is an alert in a sentence. The definitions name its KPI.
func AlertSays(p Page, a *alert.Alert, definitions []*kpi.Definition) string {
	n, against := "", ""
	switch a.Rule {
	case alert.Behind, alert.Chance:
		n, against = p.Percent(a.N), p.Percent(a.Against)
	case alert.Late:
		n, against = p.T("alert.days", "n", int(a.N)), p.Number(int(a.Against))
	case alert.Quality:
		n = p.T("alert.findings", "n", int(a.N))
	case alert.Stake:
		n, against = money.Amount(a.N).EuroWhole(p.Language), money.Amount(a.Against).EuroWhole(p.Language)
	}
	name := a.KPICode
	if i := slices.IndexFunc(definitions, func(d *kpi.Definition) bool { return d.ID == a.KPI }); i >= 0 {
		name = p.Of(definitions[i].Name)
	}
	return p.T(a.Rule.SaysKey(), "partner", a.Short, "kpi", name, "n", n, "against", against)
}

// AlertMark is the shape of an alert: a triangle for a grave one and one whose day has passed, a diamond for others, a ring for one that rests.
func AlertMark(a *alert.Alert, on period.Date) string {
	switch {
	case !a.State.Waits():
		return "reported"
	case a.Grade == alert.Grave || a.Overdue(on):
		return "overdue"
	}
	return "due-soon"
}

// AlertLink is the page of an alert.
func AlertLink(p Page, a *alert.Alert) string { return p.Action("/alerts/" + string(a.ID)) }
