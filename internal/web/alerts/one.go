package alerts

import (
	"net/http"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/kpi/alert"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/frame"
)

// onePage is an alert with what became of it and what can be done about it.
type onePage struct {
	frame.Page
	A      alert.Alert
	Steps  []alert.Step
	Who    []alert.Candidate
	KPIs   []*kpi.Definition
	Verb   string // of a form that came back
	Reason string // what was typed
	Fault  *fault.Fault
}

func (w pages) one(out http.ResponseWriter, r *http.Request) error {
	return w.show(out, r, http.StatusOK, onePage{})
}

func (w pages) show(out http.ResponseWriter, r *http.Request, status int, c onePage) error {
	a, err := alertID(r)
	if err != nil {
		return err
	}
	p, err := w.Read(r, "alerts", func(tx *db.Tx, p *frame.Page) (err error) {
		if c.A, err = alert.Load(r.Context(), tx, p.Actor.ScopeFor("alert.read"), p.Programme.ID, a); err != nil {
			return err
		}
		if c.Steps, err = alert.History(r.Context(), tx, p.Programme.ID, a); err != nil {
			return err
		}
		if c.KPIs, err = kpi.Definitions(r.Context(), tx, p.Programme.ID); err != nil {
			return err
		}
		c.Who, err = alert.Candidates(r.Context(), tx, p.Programme.ID, c.A.Partner)
		return err
	})
	if err != nil {
		return err
	}
	p.Title = p.T(c.A.Rule.Key())
	p.Path = []frame.Crumb{{Label: p.T("menu.alerts"), Href: p.Link("/alerts", "year", c.A.Year.String())}, {Label: p.Title}}
	if slices.Contains(verbs(), r.URL.Query().Get("done")) {
		p.Notice = p.T("alerts.done")
	}
	p.Year, p.AsOf = 0, ""
	p.At("/alerts/" + string(a))
	c.Page = p
	return w.RenderStatus(out, r, status, oneTempl(c))
}

func verbs() []string { return []string{"take", "assign", "silence", "resolve", "reopen"} }

// act does one verb on an alert; a form at fault comes back with what was typed.
func (w pages) act(out http.ResponseWriter, r *http.Request) error {
	a, err := alertID(r)
	if err != nil {
		return err
	}
	verb := r.PathValue("verb")
	if !slices.Contains(verbs(), verb) {
		return fault.Missing("serve.no_page", nil)
	}
	p, err := w.Read(r, "alerts", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error { return do(r, tx, serve.Of(r).Actor, p.Programme, a, verb) })
	if fault.Is(err, fault.KindInvalid) {
		return w.show(out, r, serve.Status(fault.KindInvalid), onePage{Verb: verb, Reason: r.PostFormValue("reason"), Fault: fault.Of(err)})
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/alerts/"+string(a), "done", verb), http.StatusSeeOther)
	return nil
}

func do(r *http.Request, tx *db.Tx, by access.Actor, g programme.Programme, a id.Alert, verb string) error {
	ctx, reason := r.Context(), r.PostFormValue("reason")
	switch verb {
	case "take":
		return alert.Take(ctx, tx, by, g, a)
	case "assign":
		owner, err := id.Parse[id.Person](r.PostFormValue("owner"))
		if err != nil {
			return fault.Invalid("owner", "alert.owner_unknown", nil)
		}
		return alert.Assign(ctx, tx, by, g, a, owner)
	case "silence":
		return alert.Silence(ctx, tx, by, g, a, reason)
	case "resolve":
		return alert.Resolve(ctx, tx, by, g, a, reason)
	}
	return alert.Reopen(ctx, tx, by, g, a, reason)
}

func (c onePage) may(verb access.VerbName) bool { return c.Actor.Can(verb, c.A.Subject()) }

// lede tells since when, by when and whose it is.
func (c onePage) lede() string {
	if c.A.OwnerName == "" {
		return c.T("alerts.one_lede_nobody", "raised", c.A.Raised, "due", c.A.Due)
	}
	return c.T("alerts.one_lede", "raised", c.A.Raised, "due", c.A.Due, "owner", c.A.OwnerName)
}

// facts leads to where the alert comes from.
func (c onePage) facts() string {
	year := c.A.Year.String()
	switch c.A.Rule {
	case alert.Behind, alert.Chance:
		return c.Link("/kpis/"+c.A.KPICode, "partner", c.A.PartnerCode, "year", year)
	case alert.Quality:
		return c.Link("/quality", "year", year)
	case alert.Stake:
		return c.Link("/suppose", "partner", c.A.PartnerCode, "year", year)
	}
	return c.Link("/evidence", "partner", c.A.PartnerCode, "year", year)
}

// was is the alert as it was at a step.
func (c onePage) was(s alert.Step) string {
	a := c.A
	a.N, a.Against, a.Grade = s.N, s.Against, s.Grade
	return frame.AlertSays(c.Page, &a, c.KPIs)
}

// by names who did a step.
func (c onePage) by(s alert.Step) string {
	if s.By == "" {
		return c.T("alerts.by_rule")
	}
	return s.By
}
