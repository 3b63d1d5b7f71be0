package partner

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/partner"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// partnerPage is a partner as it changes while its agreement runs.
type partnerPage struct {
	frame.Page
	A       agreement.Agreement
	Left    []settlement.Left // nil for who does not read its money
	Changes []partner.Change
	Others  []agreement.Agreement // that could take this one over
	Names   map[string]string     // of the agreements that took over, by id
	Verb    string                // of the form at fault
	Typed   url.Values
	Fault   *fault.Fault
}

func (w pages) page(out http.ResponseWriter, r *http.Request) error {
	return w.show(out, r, http.StatusOK, partnerPage{})
}

func (w pages) show(out http.ResponseWriter, r *http.Request, status int, c partnerPage) error {
	p, err := w.Read(r, "agreements", func(tx *db.Tx, p *frame.Page) error { return c.load(r, tx, p) })
	if err != nil {
		return err
	}
	c.Page = p
	label := c.A.Partner.Label()
	c.Title = c.T("partner.tab", "partner", label)
	c.Path = []frame.Crumb{{Label: c.T("menu.agreements"), Href: c.Link("/agreements")}, {Label: label, Href: c.Link("/agreements/" + c.A.Partner.Code)},
		{Label: c.T("partner.crumb")}}
	c.Year, c.AsOf = 0, ""
	if done := text.Key("partner.done." + r.URL.Query().Get("done")); c.Language.Has(done) {
		c.Notice = c.T(done)
	}
	return w.RenderStatus(out, r, status, partnerTempl(c))
}

func (c *partnerPage) load(r *http.Request, tx *db.Tx, p *frame.Page) error {
	ctx, g := r.Context(), p.Programme.ID
	all, err := agreement.List(ctx, tx, p.Actor.ScopeFor("agreement.read"), g)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(a agreement.Agreement) bool { return a.Partner.Code == r.PathValue("partner") })
	if i < 0 {
		return fault.Missing("agreement.missing", nil)
	}
	c.A, c.Names = all[i], map[string]string{}
	for _, a := range all {
		c.Names[string(a.ID)] = a.Partner.Label()
		if a.ID != c.A.ID && (a.State == agreement.Signed || a.State == agreement.Active) {
			c.Others = append(c.Others, a)
		}
	}
	if c.Changes, err = partner.Changes(ctx, tx, g, c.A.ID); err != nil {
		return err
	}
	if p.Actor.Can("settlement.read", access.Subject{Kind: "settlement", Partner: c.A.Partner.ID}) && c.promised() {
		c.Left, err = settlement.LeftOf(ctx, tx, p.Actor, g, c.A)
	}
	return err
}

// promised tells whether the agreement was ever signed.
func (c *partnerPage) promised() bool {
	return slices.Contains([]agreement.State{agreement.Signed, agreement.Active, agreement.Terminated, agreement.Closed}, c.A.State)
}

// may tells whether the reader can do a verb on the agreement as it stands.
func (c partnerPage) may(verb access.VerbName) bool { return c.Actor.Can(verb, c.A.Subject()) }

// mayTell tells whether the reader can tell of a name or a division.
func (c partnerPage) mayTell() bool {
	return c.may("agreement.rename") && c.promised() && c.A.State != agreement.Closed
}

// open counts the years that are not closed.
func (c partnerPage) open() int {
	n := 0
	for _, l := range c.Left {
		if l.Open() {
			n++
		}
	}
	return n
}

// over tells whether the agreement ran out.
func (c partnerPage) over() bool { return c.A.Ends < c.Today }

func (c partnerPage) mayClose() bool {
	return c.may("agreement.close") && c.open() == 0 && (c.A.State == agreement.Terminated || c.over())
}

func (c partnerPage) answer() string {
	name := c.A.Partner.Label()
	switch {
	case c.A.State == agreement.Closed:
		return c.T("partner.answer.closed", "partner", name)
	case c.A.State == agreement.Terminated:
		return c.T("partner.answer.ended", "partner", name, "n", c.open())
	case !c.promised():
		return c.T("partner.answer.unsigned", "partner", name)
	case c.over():
		return c.T("partner.answer.over", "partner", name, "n", c.open())
	}
	return c.T("partner.answer.runs", "partner", name, "date", c.A.Ends)
}

func (c partnerPage) lede() string {
	if c.A.Division != "" {
		return c.T("partner.lede_division", "name", c.A.Partner.Name, "division", c.A.Division)
	}
	return c.T("partner.lede", "name", c.A.Partner.Name)
}

// next is what a year waits for, in words.
func (c partnerPage) next(l settlement.Left) string {
	switch {
	case !l.Open():
		return c.T("partner.next.done")
	case l.Money.OpenClaims > 0:
		return c.T("partner.next.claims", "n", l.Money.OpenClaims)
	case l.Money.InFlight > 0:
		return c.T("partner.next.payments", "n", l.Money.InFlight)
	case l.Money.Parked > 0:
		return c.T("partner.next.parked", "n", l.Money.Parked)
	case l.Settled == "":
		return c.T("partner.next.settle")
	case l.Settled == settlement.Computed:
		return c.T("partner.next.communicate")
	case l.Settled == settlement.Objection:
		return c.T("partner.next.objection")
	}
	return c.T("partner.next.finalise", "until", l.Until)
}

// said is a change in one sentence.
func (c partnerPage) said(x partner.Change) string {
	switch {
	case x.Kind == partner.Merger:
		return c.T("partner.said.merger", "name", c.Names[string(x.Successor)])
	case x.Kind == partner.Name:
		return c.T("partner.said.name", "was", x.Was, "is", x.Is)
	case x.Is == "":
		return c.T("partner.said.itself", "was", x.Was)
	}
	return c.T("partner.said.division", "is", x.Is)
}

// at is what is wrong with a field of a form; "" for the whole of it.
func (c partnerPage) at(verb, field string) string {
	if c.Fault == nil || c.Verb != verb {
		return ""
	}
	for _, f := range c.Fault.All() {
		if f.Field == field {
			return f.Say(c.Language)
		}
	}
	return ""
}

// value is what a field of a form holds: what was typed, or what it began with.
func (c partnerPage) value(verb, field, begins string) string {
	if c.Verb == verb && c.Typed != nil {
		return c.Typed.Get(field)
	}
	return begins
}

// mergeOn is the day that a merger begins with: the first of the next year, where the agreement still runs then.
func (c partnerPage) mergeOn() string {
	if on := (c.Today.Year() + 1).First(); on <= c.A.Ends {
		return string(on)
	}
	return ""
}

func (c partnerPage) address() string { return "/agreements/" + c.A.Partner.Code + "/partner" }

// act does what a form of the page asks; one at fault comes back with what was typed.
func (w pages) act(out http.ResponseWriter, r *http.Request) error {
	ctx, verb := r.Context(), r.PathValue("verb")
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "fault.invalid", nil)
	}
	var c partnerPage
	p, err := w.Read(r, "agreements", func(tx *db.Tx, p *frame.Page) error { return c.load(r, tx, p) })
	if err != nil {
		return err
	}
	if do := c.verbs(ctx, p, r.PostForm)[verb]; do == nil {
		return fault.Missing("serve.no_page", nil)
	} else if verb == "rename" {
		err = w.DB.WriteAgency(ctx, func(tx *db.Tx) error {
			if err := tx.AlsoProgramme(ctx, p.Programme.ID); err != nil {
				return err
			}
			return do(tx)
		})
	} else {
		err = w.DB.Write(ctx, p.Programme.ID, do)
	}
	if fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindConflict) {
		return w.show(out, r, serve.Status(fault.Of(err).Kind), partnerPage{Verb: verb, Typed: r.PostForm, Fault: fault.Of(err)})
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, c.address(), "done", verb), http.StatusSeeOther)
	return nil
}

// verbs are what the forms do, by the last part of their address.
func (c partnerPage) verbs(ctx context.Context, p frame.Page, form url.Values) map[string]func(*db.Tx) error {
	by, g, on, reason := p.Actor, p.Programme.ID, period.Date(form.Get("on")), form.Get("reason")
	return map[string]func(*db.Tx) error{
		"rename": func(tx *db.Tx) error {
			return partner.Rename(ctx, tx, by, g, c.A.ID, partner.Renamed{Name: form.Get("name"), Short: form.Get("short"), On: on, Reason: reason})
		},
		"divide": func(tx *db.Tx) error {
			return partner.Divide(ctx, tx, by, g, c.A.ID, form.Get("division"), on, reason)
		},
		"merge": func(tx *db.Tx) error {
			m := settlement.Merger{From: c.A.ID, On: on, Reason: reason}
			for _, a := range c.Others {
				if a.Partner.Code == form.Get("into") {
					m.Into = a.ID
				}
			}
			_, err := settlement.Merge(ctx, tx, by, p.Programme, m)
			return err
		},
		"terminate": func(tx *db.Tx) error {
			_, err := agreement.Terminate(ctx, tx, by, g, c.A.ID, reason)
			return err
		},
		"close": func(tx *db.Tx) error {
			_, err := settlement.Close(ctx, tx, by, g, c.A.ID)
			return err
		},
	}
}
