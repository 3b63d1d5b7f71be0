package claims

import (
	"context"
	"net/http"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/term"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// decisionsPage lists decisions, those that wait first, with a form to propose one.
type decisionsPage struct {
	frame.Page
	Waiting, Done []programme.Decision
	About         map[id.Decision]report.About
	Partners      []programme.Organisation
	Fault         *fault.Fault
	Typed         map[string]string
}

// proposed are the kinds of decision, in the order in which they are offered.
func proposed() []string {
	return []string{"overrun", "carry-over", "write-off", "adjustment", "waiver", "cancelled-cost", "extension", "mandate"}
}

func (w pages) decisions(out http.ResponseWriter, r *http.Request) error {
	return w.showDecisions(out, r, http.StatusOK, decisionsPage{})
}

func (w pages) showDecisions(out http.ResponseWriter, r *http.Request, status int, c decisionsPage) error {
	p, err := w.Read(r, "decisions", func(tx *db.Tx, p *frame.Page) (err error) {
		if c.Partners, err = programme.Partners(r.Context(), tx, p.Programme.ID); err != nil {
			return err
		}
		if c.About, err = report.DecisionsAbout(r.Context(), tx, p.Programme.ID); err != nil {
			return err
		}
		all, err := programme.Decisions(r.Context(), tx, p.Programme.ID, p.Actor.ScopeFor("decision.read"))
		for _, d := range all {
			if d.State == "proposed" {
				c.Waiting = append(c.Waiting, d)
			} else {
				c.Done = append([]programme.Decision{d}, c.Done...)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	p.Title, p.AsOf = p.T("menu.decisions"), ""
	p.Path = []frame.Crumb{{Label: p.Title}}
	c.Page = p
	return w.RenderStatus(out, r, status, decisionsTempl(c))
}

// decide proposes a decision, or takes or refuses one: the verb of the address says which.
func (w pages) decide(out http.ResponseWriter, r *http.Request) error {
	ctx, verb := r.Context(), r.PathValue("verb")
	p, err := w.Read(r, "decisions", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	err = w.DB.Write(ctx, p.Programme.ID, func(tx *db.Tx) error {
		switch verb {
		case "propose":
			d, err := proposal(r, tx, p)
			if err == nil {
				_, err = settlement.Propose(ctx, tx, p.Actor, p.Programme.ID, d)
			}
			return err
		case "take", "refuse":
			d, err := id.Parse[id.Decision](r.PostFormValue("decision"))
			if err != nil {
				return fault.Missing("decision.none", nil)
			}
			return settlement.Take(ctx, tx, p.Actor, p.Programme.ID, d, access.VerbName("decision."+verb))
		}
		return fault.Missing("claims.no_verb", nil)
	})
	if fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindConflict) {
		typed := map[string]string{}
		for name := range r.PostForm {
			typed[name] = r.PostForm.Get(name)
		}
		return w.showDecisions(out, r, statusOf(fault.Of(err)), decisionsPage{Fault: fault.Of(err), Typed: typed})
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/decisions"), http.StatusSeeOther)
	return nil
}

// proposal reads the form of a decision.
func proposal(r *http.Request, tx *db.Tx, p frame.Page) (programme.Decision, error) {
	v := r.PostFormValue
	d := programme.Decision{Kind: v("kind"), Words: v("words"), Body: v("body"), Until: period.Date(v("until"))}
	if s := v("subject"); s != "" && d.Kind == "extension" { // of a term: its kind and what it is about
		d.SubjectKind, d.SubjectID, _ = strings.Cut(s, "/")
	}
	year, _ := period.ParseYear(v("year")) // 0 names no agreement-year
	years, err := settlement.AgreementYears(r.Context(), tx, p.Programme.ID, v("partner"), year)
	if err != nil {
		return d, err
	}
	if v("partner") == "" || year == 0 || len(years) != 1 {
		return d, fault.Invalid("partner", "settlement.no_agreement_year", nil)
	}
	d.Agreement, d.Year = years[0].Agreement, year
	if v("amount") != "" {
		if d.Amount, err = money.Typed(v("amount")); err != nil {
			return d, fault.At("amount", err)
		}
	}
	if d.Kind != "extension" {
		d.SubjectKind, d.SubjectID, err = about(r.Context(), tx, p, d, v("item"))
	}
	return d, err
}

// about finds what a decision is about by the code that somebody typed: an item, a KPI of the agreement or an activity.
func about(ctx context.Context, tx *db.Tx, p frame.Page, d programme.Decision, code string) (kind, subject string, err error) {
	switch d.Kind {
	case "adjustment":
		item, err := report.FindItem(ctx, tx, p.Programme.ID, d.Agreement, code)
		return "item", string(item), err
	case "waiver":
		k, err := kpi.LoadByCode(ctx, tx, p.Programme.ID, code)
		if fault.Is(err, fault.KindMissing) {
			return "", "", fault.Invalid("item", "settlement.waive_what", nil)
		}
		if err != nil {
			return "", "", err
		}
		all, err := kpi.Assignments(ctx, tx, p.Programme.ID, d.Agreement)
		for _, a := range all {
			if a.KPI == k.ID {
				return "assignment", string(a.ID), nil
			}
		}
		return "", "", err
	case "cancelled-cost":
		a, err := activity.ByCode(ctx, tx, access.All, p.Programme.ID, code)
		if err != nil || a.State != "cancelled" {
			return "", "", fault.Invalid("item", "decisions.no_activity", text.Args{"found": code})
		}
		return "activity", string(a.ID), nil
	}
	return "", "", nil
}

func kindKey(kind string) text.Key {
	return text.Key("decision.kind_" + strings.ReplaceAll(kind, "-", "_"))
}

func (c decisionsPage) partner(o id.Organisation) string {
	for _, p := range c.Partners {
		if p.ID == o {
			return p.Label()
		}
	}
	return ""
}

// about is where what a decision is about opens.
func (c decisionsPage) about(d programme.Decision) string {
	switch a := c.About[d.ID]; a.Kind {
	case "activity":
		return c.Link("/activities/"+a.Code, "year", "")
	case "assignment":
		return c.Link("/kpis/"+a.Code, "year", d.Year.String())
	case "item":
		return c.Link("/costs", "partner", c.code(d.Partner), "year", d.Year.String())
	}
	return ""
}

func (c decisionsPage) code(o id.Organisation) string {
	for _, p := range c.Partners {
		if p.ID == o {
			return p.Code
		}
	}
	return ""
}

func (c decisionsPage) typed(name string) string { return c.Typed[name] }

func (c decisionsPage) may(verb access.VerbName, d programme.Decision) bool {
	return c.Actor.Can(verb, d.Subject())
}

// termsPage is the calendar of terms.
type termsPage struct {
	frame.Page
	Terms []term.Term
	Names map[id.Organisation]string
}

func (w pages) terms(out http.ResponseWriter, r *http.Request) error {
	var c termsPage
	p, err := w.Read(r, "terms", func(tx *db.Tx, p *frame.Page) (err error) {
		if c.Terms, err = term.Load(r.Context(), tx, p.Actor, p.Programme.ID); err != nil {
			return err
		}
		partners, err := programme.Partners(r.Context(), tx, p.Programme.ID)
		c.Names = map[id.Organisation]string{}
		for _, o := range partners {
			c.Names[o.ID] = o.Label()
		}
		return err
	})
	if err != nil {
		return err
	}
	p.Title, p.AsOf, p.Year = p.T("menu.terms"), "", 0
	p.Path = []frame.Crumb{{Label: p.Title}}
	c.Page = p
	return w.Render(out, r, termsTempl(c))
}

// counts are the terms that passed, and those of the next thirty days.
func (c termsPage) counts() (passed, soon int) {
	for _, t := range c.Terms {
		switch d := c.Today.DaysTo(t.Due); {
		case d < 0:
			passed++
		case d <= 30:
			soon++
		}
	}
	return passed, soon
}

func (c termsPage) answer() string {
	passed, soon := c.counts()
	if passed > 0 {
		return c.T("terms.answer_passed", "n", passed, "soon", soon)
	}
	return c.T("terms.answer_soon", "n", soon)
}

func (c termsPage) state(t term.Term) string {
	switch d := c.Today.DaysTo(t.Due); {
	case d < 0:
		return "overdue"
	case d <= 30:
		return "due-soon"
	}
	return "planned"
}

func termKey(k term.Kind) text.Key { return text.Key("terms.kind_" + string(k)) }

// href is the page of what the term is about.
func (c termsPage) href(t term.Term) string {
	switch {
	case t.Kind == term.Plan:
		return c.Link("/plans/" + t.Code + "/" + t.Year.String())
	case t.Kind == term.Report:
		return c.Link("/activities", "partner", t.Code, "year", t.Year.String())
	case t.Kind == term.Settled:
		return c.Link("/settlements/" + t.Code + "/" + t.Year.String())
	case t.Number > 0:
		return c.Link(address(t.Code, t.Year, t.Number))
	}
	return c.Link("/claims")
}

// extend is the form that proposes a longer term.
func (c termsPage) extend(t term.Term) string {
	return c.Link("/decisions", "kind", "extension", "partner", t.Code, "year", t.Year.String(), "subject", "term:"+string(t.Kind)+"/"+t.Subject) + "#propose"
}

func stateWordKey(state string) text.Key {
	return text.Key("terms.is_" + strings.ReplaceAll(state, "-", "_"))
}

// chosen is what was typed, or what the address asks for.
func (c decisionsPage) chosen(name string) string {
	if s := c.Typed[name]; s != "" {
		return s
	}
	return c.URL.Query().Get(name)
}

func (c decisionsPage) subject() string { return c.chosen("subject") }
