package cockpit

import (
	"context"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/kpi/alert"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/web/frame"
)

// kpiAlerts are those that rules find in figures and evidence, and somebody looks after.
type kpiAlerts struct {
	First []alert.Alert // the gravest
	Wait  int
	KPIs  []*kpi.Definition
}

// shortKPIs is how many of them the cockpit shows.
const shortKPIs = 5

// loadAlerts reads those of the year that wait; none for who may not read them. What they say is of today, whatever day the page is of.
func loadAlerts(ctx context.Context, tx *db.Tx, p *frame.Page, c *report.Cockpit) (kpiAlerts, error) {
	scope := p.Actor.ScopeFor("alert.read")
	if scope == "" {
		return kpiAlerts{}, nil
	}
	all, err := alert.List(ctx, tx, p.Programme.ID, alert.Filter{Scope: scope, Year: p.Year, State: alert.Waiting})
	return kpiAlerts{First: alert.Furthest(all, shortKPIs), Wait: len(all), KPIs: c.Board.KPIs}, err
}
