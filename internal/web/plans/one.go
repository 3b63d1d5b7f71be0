package plans

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/coordination"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/plan"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// onePage is a partner's plan of a year.
type onePage struct {
	frame.Page
	P          plan.Plan
	Activities []activity.Activity // that it leads
	Estimates  map[id.Activity]activity.Estimate
	Outlook    plan.Outlook
	Way        []coordination.Overlap
	Changes    []plan.Change // since it was last submitted or approved
	Steps      []plan.Step
	Verb       string     // of a form that came back
	Typed      url.Values // what was typed in it
	Said       url.Values // what the activity that is changed says now
	Faults     []fault.Fault
	Rows       fault.Rows // of a list that came back
}

func (w pages) one(out http.ResponseWriter, r *http.Request) error {
	return w.show(out, r, http.StatusOK, onePage{})
}

func (w pages) show(out http.ResponseWriter, r *http.Request, status int, c onePage) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	p, err := w.Read(r, "plans", func(tx *db.Tx, p *frame.Page) (err error) {
		ctx, g := r.Context(), p.Programme.ID
		if c.P, c.Steps, err = plan.Load(ctx, tx, p.Actor.ScopeFor("plan.read"), g, ref.Partner, ref.Year); err != nil {
			return err
		}
		if c.Activities, err = plan.Activities(ctx, tx, g, &c.P); err != nil {
			return err
		}
		if c.Estimates, err = activity.Estimates(ctx, tx, g, c.Activities); err != nil {
			return err
		}
		if c.Outlook, err = plan.LoadOutlook(ctx, tx, p.Programme, &c.P); err != nil {
			return err
		}
		if c.Way, err = w.Cache.Overlaps(ctx, tx, g, access.Scope(c.P.Partner), c.P.Year); err != nil {
			return err
		}
		if c.Way = slices.DeleteFunc(c.Way, func(o coordination.Overlap) bool { return !o.InTheWay() }); !c.held() {
			return nil
		}
		held, err := plan.Held(ctx, tx, g, c.P.ID)
		c.Changes = plan.Changes(held, c.Activities, c.Estimates)
		return err
	})
	if err != nil {
		return err
	}
	p.Title = c.P.Label + " " + c.P.Year.String()
	p.Path = []frame.Crumb{{Label: p.T("menu.plans"), Href: p.Link("/plans", "year", c.P.Year.String())}, {Label: p.Title}}
	if done := r.URL.Query().Get("done"); slices.Contains(verbs(), done) || done == "add" || done == "list" {
		p.Notice = p.T(text.Key("plans.done."+done), taken(r.URL.Query())...)
	}
	p.Year, p.AsOf = 0, ""
	p.At("/plans/" + c.P.Code + "/" + c.P.Year.String())
	c.Page = p
	return w.RenderStatus(out, r, status, oneTempl(c))
}

// held tells whether the plan was submitted or approved once, so that changes since can be told.
func (c onePage) held() bool {
	return slices.ContainsFunc(c.Steps, func(s plan.Step) bool { return s.Verb == "plan.submit" })
}

func refOf(r *http.Request) (plan.Ref, error) {
	n, err := strconv.Atoi(r.PathValue("year"))
	if err != nil || n < 1900 || n > 2200 {
		return plan.Ref{}, fault.Missing("plan.missing", nil)
	}
	return plan.Ref{Partner: r.PathValue("partner"), Year: period.Year(n)}, nil
}

func verbs() []string { return []string{"submit", "withdraw", "return", "approve", "amend", "copy"} }

// act does one verb on a plan; a form at fault comes back with what was typed.
func (w pages) act(out http.ResponseWriter, r *http.Request) error {
	verb := r.PathValue("verb")
	if !slices.Contains(verbs(), verb) {
		return fault.Missing("serve.no_page", nil)
	}
	return w.write(out, r, verb, func(tx *db.Tx, by access.Actor, g id.Programme, ref plan.Ref) error {
		switch ctx := r.Context(); verb {
		case "submit":
			return plan.Submit(ctx, tx, by, g, ref)
		case "withdraw":
			return plan.Withdraw(ctx, tx, by, g, ref)
		case "return":
			return plan.Return(ctx, tx, by, g, ref, r.PostFormValue("remark"))
		case "approve":
			return plan.Approve(ctx, tx, by, g, ref)
		case "amend":
			return plan.Amend(ctx, tx, by, g, ref, r.PostFormValue("remark"))
		}
		_, err := plan.Copy(r.Context(), tx, by, g, ref)
		return err
	})
}

// add plans an activity of the partner.
func (w pages) add(out http.ResponseWriter, r *http.Request) error {
	return w.write(out, r, "add", func(tx *db.Tx, by access.Actor, g id.Programme, ref plan.Ref) error {
		p, _, err := plan.Load(r.Context(), tx, by.ScopeFor("plan.read"), g, ref.Partner, ref.Year)
		if err != nil {
			return err
		}
		d, err := detailsIn(r.PostForm)
		if err != nil {
			return err
		}
		if err := plan.InYear(d, ref.Year); err != nil {
			return err
		}
		_, err = activity.Plan(r.Context(), tx, by, g, "", d, []activity.Organiser{{Organisation: p.Partner, Weight: 1}})
		return err
	})
}

// write runs a verb and leads back to the plan.
func (w pages) write(out http.ResponseWriter, r *http.Request, verb string, do func(*db.Tx, access.Actor, id.Programme, plan.Ref) error) error {
	return w.writeSaying(out, r, verb, func(tx *db.Tx, by access.Actor, g id.Programme, ref plan.Ref) ([]string, error) {
		return nil, do(tx, by, g, ref)
	})
}

// writeSaying runs a verb and leads back to the plan, whose address carries what the verb has to say, as pairs.
func (w pages) writeSaying(out http.ResponseWriter, r *http.Request, verb string,
	do func(*db.Tx, access.Actor, id.Programme, plan.Ref) (says []string, err error)) error {
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
	var says []string
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) (err error) {
		says, err = do(tx, serve.Of(r).Actor, p.Programme.ID, ref)
		return err
	})
	if fault.Is(err, fault.KindInvalid) {
		return w.show(out, r, serve.Status(fault.KindInvalid), onePage{Verb: verb, Typed: r.PostForm, Faults: fault.Of(err).All(), Rows: rowFaults(err)})
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/plans/"+ref.Partner+"/"+ref.Year.String(), append(says, "done", verb)...), http.StatusSeeOther)
	return nil
}

func (c onePage) may(verb access.VerbName) bool { return c.Actor.Can(verb, c.P.Subject()) }

// maySubmit tells whether the reader hands the plan in; one that nobody began is begun by it.
func (c onePage) maySubmit() bool {
	return len(c.Activities) > 0 && (c.may("plan.submit") || c.P.State == "" && c.may("plan.draft"))
}

// writes tells whether the reader adds activities.
func (c onePage) writes() bool {
	return c.P.State != plan.Submitted && c.Actor.Can("activity.plan", access.Subject{Kind: "activity", Partner: c.P.Partner})
}

func (c onePage) answer() string {
	if c.P.State == "" {
		return c.T("plans.one_none", "partner", c.P.Label, "year", c.P.Year)
	}
	return c.T(text.Key("plans.one."+string(c.P.State)), "partner", c.P.Label, "year", c.P.Year)
}

func (c onePage) lede() string {
	if len(c.Way) > 0 {
		return c.T("plans.one_lede_way", "n", len(c.Way))
	}
	return c.T("plans.one_lede", "n", len(c.Outlook.Entries)) // those that others lead and the partner shares too, none that is cancelled
}

func (c onePage) faultOf(verb, field string) string {
	for i := range c.Faults {
		if f := &c.Faults[i]; c.Verb == verb && f.Field == field {
			return f.Say(c.Language)
		}
	}
	return ""
}

func (c onePage) typed(field string) string { return c.Typed.Get(field) }

func (c onePage) change(x plan.Change) string { return c.T(text.Key("plans.change." + x.Kind)) }

func doKey(verb string) text.Key { return text.Key("plans.do." + verb) }
