package api

import (
	"net/http"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi/alert"
	"errera.eu/errera/internal/period"
)

// AlertsIn asks for alerts.
type AlertsIn struct {
	InProgramme
	Paged
	Year    int    `query:"year"`
	State   string `query:"state" doc:"Without it, those that wait: open and taken up"`
	Partner string `query:"partner"`
}

// AlertIn names an alert.
type AlertIn struct {
	InProgramme
	Cached
	ID string `path:"id"`
}

// TakeAlertIn names an alert to look after.
type TakeAlertIn struct {
	InProgramme
	Conditional
	ID string `path:"id"`
}

// MoveAlertIn says why.
type MoveAlertIn struct {
	InProgramme
	Conditional
	ID   string `path:"id"`
	Body struct {
		Reason string `json:"reason" maxLength:"1000"`
	}
}

func (a *API) alerts() {
	alerts := "/programmes/{programme}/alerts"
	list(a, endpoint{id: "list-alerts", path: alerts, noun: "Alerts", verb: "alert.read",
		summary: "What rules found in figures and evidence; about the own partner only, except for the agency"}, listAlerts)
	get(a, endpoint{id: "get-alert", path: alerts + "/{id}", noun: "Alerts", verb: "alert.read", summary: "One alert"},
		func(c *call, in *AlertIn) (Alert, error) { return alertOf(c, in.ID) })
	change(a, endpoint{id: "take-alert", path: alerts + "/{id}/take", noun: "Alerts", verb: "alert.take", summary: "Look after an open alert oneself"},
		http.MethodPost, func(c *call, in *TakeAlertIn) (Alert, error) { return alertOf(c, in.ID) },
		func(c *call, in *TakeAlertIn) (Alert, error) {
			if err := alert.Take(c, c.tx, c.by, c.g, id.Alert(in.ID)); err != nil {
				return Alert{}, err
			}
			return alertOf(c, in.ID)
		})
	a.moveAlert("silence", "Let an alert rest, with a reason; it comes back when it is worse")
	a.moveAlert("resolve", "Say that an alert was dealt with, and how")
	a.moveAlert("reopen", "Open an alert again that rests, with a reason")
}

// moveAlert registers a verb that needs a reason.
func (a *API) moveAlert(verb, summary string) {
	change(a, endpoint{id: verb + "-alert", path: "/programmes/{programme}/alerts/{id}/" + verb, noun: "Alerts", verb: access.VerbName("alert." + verb),
		summary: summary}, http.MethodPost,
		func(c *call, in *MoveAlertIn) (Alert, error) { return alertOf(c, in.ID) },
		func(c *call, in *MoveAlertIn) (Alert, error) {
			do := alert.Silence
			switch verb {
			case "resolve":
				do = alert.Resolve
			case "reopen":
				do = alert.Reopen
			}
			if err := do(c, c.tx, c.by, c.g, id.Alert(in.ID), in.Body.Reason); err != nil {
				return Alert{}, err
			}
			return alertOf(c, in.ID)
		})
}

func alertOf(c *call, asked string) (Alert, error) {
	known, err := id.Parse[id.Alert](asked)
	if err != nil {
		return Alert{}, fault.Missing("alert.missing", nil)
	}
	x, err := alert.Load(c, c.tx, c.by.ScopeFor("alert.read"), c.g.ID, known)
	return alertOut(&x), err
}

func listAlerts(c *call, in *AlertsIn) ([]Alert, string, error) {
	if err := choice("state", in.State, alert.States()); err != nil {
		return nil, "", err
	}
	f := alert.Filter{Scope: c.by.ScopeFor("alert.read"), Year: period.Year(in.Year), State: alert.State(in.State), Code: in.Partner}
	if in.State == "" {
		f.State = alert.Waiting
	}
	all, err := alert.List(c, c.tx, c.g.ID, f)
	if err != nil {
		return nil, "", err
	}
	items := make([]Alert, len(all))
	for i := range all {
		items[i] = alertOut(&all[i])
	}
	return cut(items, in.Paged, func(x Alert) string { return x.ID })
}

func alertOut(x *alert.Alert) Alert {
	return Alert{ID: string(x.ID), Rule: string(x.Rule), State: string(x.State), Year: int(x.Year), Partner: x.PartnerCode, KPI: x.KPICode,
		Grave: x.Grade == alert.Grave, N: x.N, Against: x.Against, Owner: x.OwnerName, Raised: dayOf(x.Raised), Due: dayOf(x.Due)}
}
