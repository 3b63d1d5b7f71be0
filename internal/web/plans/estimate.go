package plans

import (
	"math/big"
	"net/http"
	"net/url"
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
	"errera.eu/errera/internal/plan"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// activityPage is an activity in a plan: when it is, what it is to cost and to bring.
type activityPage struct {
	onePage
	E     plan.Entry
	KPIs  []*kpi.Definition // that it may bring something for
	Parts []organiserPart
}

// organiserPart is what an organiser bears of an activity's cost.
type organiserPart struct {
	activity.Organiser
	Part money.Amount
}

func (w pages) activity(out http.ResponseWriter, r *http.Request) error {
	return w.showActivity(out, r, http.StatusOK, onePage{})
}

func (w pages) showActivity(out http.ResponseWriter, r *http.Request, status int, one onePage) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	c := activityPage{onePage: one}
	p, err := w.Read(r, "plans", func(tx *db.Tx, p *frame.Page) (err error) {
		ctx := r.Context()
		if c.P, _, err = plan.Load(ctx, tx, p.Actor.ScopeFor("plan.read"), p.Programme.ID, ref.Partner, ref.Year); err != nil {
			return err
		}
		if c.Outlook, err = plan.LoadOutlook(ctx, tx, p.Programme, &c.P); err != nil {
			return err
		}
		at := slices.IndexFunc(c.Outlook.Entries, func(e plan.Entry) bool { return e.Code == r.PathValue("code") })
		if at < 0 {
			return fault.Missing("activity.missing", nil)
		}
		c.E = c.Outlook.Entries[at]
		c.Said = formOf(c.E.Details)
		all, err := kpi.Definitions(ctx, tx, p.Programme.ID)
		c.KPIs = slices.DeleteFunc(all, func(d *kpi.Definition) bool { return !estimable(d, &c.E.Activity) })
		return err
	})
	if err != nil {
		return err
	}
	weights := make([]int64, len(c.E.Organisers))
	for n, o := range c.E.Organisers {
		weights[n] = o.Weight
	}
	c.Parts = make([]organiserPart, len(weights))
	for n, o := range c.E.Organisers {
		c.Parts[n].Organiser = o
		for _, amount := range c.E.Estimate.Costs { // each category is divided on its own, as its invoices will be
			c.Parts[n].Part += money.Allocate(amount, weights)[n]
		}
	}
	plans := "/plans/" + c.P.Code + "/" + c.P.Year.String()
	p.Title = c.E.Title
	p.Path = []frame.Crumb{{Label: p.T("menu.plans"), Href: p.Link("/plans", "year", c.P.Year.String())},
		{Label: c.P.Label + " " + c.P.Year.String(), Href: p.Link(plans)}, {Label: p.Title}}
	if done := r.URL.Query().Get("done"); done == "estimate" || done == "change" {
		p.Notice = p.T(text.Key("plans.done." + done))
	}
	p.Year, p.AsOf = 0, ""
	p.At(plans + "/activities/" + c.E.Code)
	c.Page = p
	return w.RenderStatus(out, r, status, activityTempl(c))
}

// estimate says what an activity is to cost and to bring.
func (w pages) estimate(out http.ResponseWriter, r *http.Request) error {
	return w.writeActivity(out, r, "estimate", func(tx *db.Tx, by access.Actor, g id.Programme, _ plan.Ref, a activity.Activity) error {
		s, err := sayingOf(r.PostForm)
		if err != nil {
			return err
		}
		return plan.Estimate(r.Context(), tx, by, g, a.Code, s)
	})
}

// change says anew what an activity is.
func (w pages) change(out http.ResponseWriter, r *http.Request) error {
	return w.writeActivity(out, r, "change", func(tx *db.Tx, by access.Actor, g id.Programme, ref plan.Ref, a activity.Activity) error {
		d, err := detailsIn(r.PostForm)
		if err != nil {
			return err
		}
		if err := plan.InYear(d, ref.Year); err != nil {
			return err
		}
		_, err = activity.Change(r.Context(), tx, by, g, a.Code, d)
		return err
	})
}

// writeActivity runs a verb on an activity that the reader's plan holds, and leads back to it.
func (w pages) writeActivity(out http.ResponseWriter, r *http.Request, verb string,
	do func(*db.Tx, access.Actor, id.Programme, plan.Ref, activity.Activity) error) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "fault.invalid", nil)
	}
	p, err := w.Read(r, "plans", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	code := r.PathValue("code")
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error {
		by := serve.Of(r).Actor
		if _, _, err := plan.Load(r.Context(), tx, by.ScopeFor("plan.read"), p.Programme.ID, ref.Partner, ref.Year); err != nil {
			return err
		}
		a, err := activity.ByCode(r.Context(), tx, by.Scope(), p.Programme.ID, code)
		if err != nil {
			return err
		}
		return do(tx, by, p.Programme.ID, ref, a)
	})
	if fault.Is(err, fault.KindInvalid) {
		return w.showActivity(out, r, serve.Status(fault.KindInvalid), onePage{Verb: verb, Typed: r.PostForm, Faults: fault.Of(err).All()})
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/plans/"+ref.Partner+"/"+ref.Year.String()+"/activities/"+code, "done", verb), http.StatusSeeOther)
	return nil
}

// sayingOf reads the form's amounts and numbers; a blank one is none. What is no number is told at its field.
func sayingOf(form url.Values) (plan.Saying, error) {
	s := plan.Saying{Costs: map[string]money.Amount{}, Effects: map[string]*big.Rat{}}
	var faults []error
	for field := range form {
		typed := strings.ReplaceAll(strings.TrimSpace(form.Get(field)), ",", ".")
		if typed == "" {
			continue
		}
		if category, is := strings.CutPrefix(field, "cost."); is {
			amount, err := money.Typed(form.Get(field))
			if err != nil {
				faults = append(faults, fault.Invalid(field, "plan.want_cost", nil))
			}
			s.Costs[category] = amount
		}
		if code, is := strings.CutPrefix(field, "effect."); is {
			v, ok := plan.Number(typed)
			if money.Unsure(typed) {
				faults = append(faults, fault.Invalid(field, "fault.money.unsure", text.Args{"found": form.Get(field)}))
			} else if !ok {
				faults = append(faults, fault.Invalid(field, "plan.want_number", text.Args{"found": typed}))
			}
			s.Effects[code] = v
		}
	}
	return s, fault.Join(faults...)
}

// edits tells whether the reader says by a verb what the activity is to be.
func (c activityPage) edits(verb access.VerbName) bool {
	return (c.E.Coming() || c.E.State == activity.Postponed) && c.Actor.Can(verb, c.E.Subject())
}

// costTyped is an amount as the form shows it.
func (c activityPage) costTyped(category string) string {
	if c.Verb == "estimate" {
		return c.typed("cost." + category)
	}
	if a := c.E.Estimate.Costs[category]; a > 0 {
		return a.String()
	}
	return ""
}

func (c activityPage) effectTyped(d *kpi.Definition) string {
	if c.Verb == "estimate" {
		return c.typed("effect." + d.Code)
	}
	return kpi.Decimal(c.E.Estimate.Effects[d.ID])
}

func (c activityPage) lede() string {
	return c.T(c.E.Type.Key()) + " · " + c.E.When(c.Language) + " · " + c.Where(c.E.Activity)
}

func categories() []string { return funding.Categories() }
