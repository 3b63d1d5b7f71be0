// Package apportion shows the invoices of joint activities: the lead enters one once, it is divided by the organisers' weights, and each takes
// its own part into its claim. Of each other's claims they see nothing.
package apportion

import (
	"context"
	"net/http"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/funding/apportion"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// pages answers the addresses of Routes.
type pages struct{ *frame.Web }

// Routes is every address of the package.
func Routes(w *frame.Web) []serve.Route {
	p := pages{w}
	return []serve.Route{
		{Method: "GET", Pattern: "/shared", Verb: "claim.read", Handle: p.list},
		{Method: "POST", Pattern: "/shared", Verb: "item.share", Handle: p.enter},
		{Method: "POST", Pattern: "/shared/{id}/take", Verb: "claim.draft", Handle: p.take},
	}
}

// page lists shared invoices, with the form that enters one for a joint activity that the reader leads.
type page struct {
	frame.Page
	All    []report.SharedInvoice
	Led    []activity.Activity // joint ones that the reader's partner leads
	Of     activity.Activity   // the chosen one; "" none
	Parts  []apportion.Part
	Fault  *fault.Fault
	Typed  map[string]string
	Looked bool // at the parts before anything is entered
}

func (w pages) list(out http.ResponseWriter, r *http.Request) error {
	return w.show(out, r, http.StatusOK, page{Typed: map[string]string{"activity": r.URL.Query().Get("activity")}})
}

func (w pages) show(out http.ResponseWriter, r *http.Request, status int, c page) error {
	p, err := w.Read(r, "shared", func(tx *db.Tx, p *frame.Page) (err error) {
		if c.All, err = report.LoadShared(r.Context(), tx, p.Programme.ID, p.Actor.ScopeFor("claim.read")); err != nil {
			return err
		}
		c.Led, err = w.led(r, tx, p)
		return err
	})
	if err != nil {
		return err
	}
	for _, a := range c.Led {
		if a.Code == c.Typed["activity"] {
			c.Of = a
		}
	}
	p.Title, p.AsOf, p.Year = p.T("menu.shared"), "", 0
	p.Path = []frame.Crumb{{Label: p.Title}}
	if done := r.URL.Query().Get("done"); done == "enter" {
		p.Notice = p.T("shared.entered")
	}
	c.Page = p
	return w.RenderStatus(out, r, status, sharedTempl(c))
}

// led are the joint activities that the reader's partner leads.
func (w pages) led(r *http.Request, tx *db.Tx, p *frame.Page) (out []activity.Activity, err error) {
	if !p.Can("item.share") {
		return nil, nil
	}
	all, _, err := w.Cache.Activities(r.Context(), tx, p)
	if err != nil {
		return nil, err
	}
	for _, a := range all.All {
		if len(a.Organisers) > 1 && p.Actor.ScopeFor("item.share").Holds(a.Lead().Organisation) {
			out = append(out, a)
		}
	}
	return out, nil
}

// enter enters an invoice, or shows what its parts would be; a form at fault comes back with what was typed.
func (w pages) enter(out http.ResponseWriter, r *http.Request) error {
	c := page{Typed: map[string]string{}, Looked: r.PostFormValue("look") != ""}
	for name := range r.PostForm {
		c.Typed[name] = r.PostForm.Get(name)
	}
	p, err := w.Read(r, "shared", func(tx *db.Tx, p *frame.Page) (err error) {
		c.Led, err = w.led(r, tx, p)
		return err
	})
	if err != nil {
		return err
	}
	of := activity.Activity{}
	for _, a := range c.Led {
		if a.Code == c.Typed["activity"] {
			of = a
		}
	}
	if of.ID == "" {
		return fault.Missing("activity.missing", nil)
	}
	i, parts, err := c.item(of)
	if err == nil && c.Looked {
		c.Parts = apportion.Divide(i.Net, i.VAT, parts)
		return w.show(out, r, http.StatusOK, c)
	}
	if err == nil {
		err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error {
			_, err := apportion.Share(r.Context(), tx, p.Actor, p.Programme.ID, i, of.Lead().Organisation, parts)
			return err
		})
	}
	if fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindConflict) {
		c.Fault = fault.Of(err)
		return w.show(out, r, serve.Status(c.Fault.Kind), c)
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/shared", "done", "enter"), http.StatusSeeOther)
	return nil
}

// item reads what was typed, with the weights of the organisers.
func (c page) item(of activity.Activity) (funding.Item, []apportion.Part, error) {
	var faults []error
	amount := func(field string) money.Amount {
		if c.Typed[field] == "" {
			return 0
		}
		a, err := money.Typed(c.Typed[field])
		faults = append(faults, fault.At(field, err))
		return a
	}
	i := funding.Item{Activity: of.ID, Category: c.Typed["category"], Description: c.Typed["description"], Supplier: c.Typed["supplier"],
		Invoice: c.Typed["invoice"], InvoicedOn: period.Date(c.Typed["invoiced"]), DeliveredOn: period.Date(c.Typed["delivered"]), Net: amount("net"),
		VAT: amount("vat")}
	if i.Description == "" {
		i.Description = of.Title
	}
	var parts []apportion.Part
	for _, o := range of.Organisers {
		weight, err := strconv.ParseInt(c.Typed[weightName(o)], 10, 64)
		if err != nil || weight < 1 {
			faults = append(faults, fault.Invalid(weightName(o), "shared.weight", text.Args{"found": c.Typed[weightName(o)]}))
		}
		parts = append(parts, apportion.Part{Organisation: o.Organisation, Weight: weight})
	}
	return i, parts, fault.Join(faults...)
}

func weightName(o activity.Organiser) string { return "weight-" + o.Code }

// take adds the reader's part of an invoice to the draft of its year, which is opened where there is none.
func (w pages) take(out http.ResponseWriter, r *http.Request) error {
	next := "/claims"
	p, err := w.Read(r, "shared", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error {
		next, err = claim(r.Context(), tx, p.Actor, p.Programme.ID, id.Shared(r.PathValue("id")))
		return err
	})
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, next), http.StatusSeeOther)
	return nil
}

func claim(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, of id.Shared) (string, error) {
	all, err := report.LoadShared(ctx, tx, g, by.ScopeFor("claim.draft"))
	if err != nil {
		return "", err
	}
	for _, s := range all {
		for _, part := range s.Parts {
			if s.ID != of || !part.Mine {
				continue
			}
			years, err := settlement.AgreementYears(ctx, tx, g, part.Code, part.Year)
			if err != nil {
				return "", err
			}
			draft, err := funding.Draft(ctx, tx, by, g, years[0].Agreement, part.Year)
			if err != nil {
				return "", err
			}
			if _, err := funding.AddItems(ctx, tx, by, g, draft, []funding.Item{{Shared: of}}); err != nil {
				return "", err
			}
			c, err := funding.LoadClaim(ctx, tx, by, g, draft)
			return address(part, c.Number), err
		}
	}
	return "", fault.Missing("funding.no_item", nil)
}

func address(p report.SharedPart, number int) string {
	return "/claims/" + p.Code + "/" + p.Year.String() + "/" + strconv.Itoa(number)
}

func (c page) typed(name string) string { return c.Typed[name] }

// weight is what was typed for an organiser, or what the activity says.
func (c page) weight(o activity.Organiser) string {
	if s := c.Typed[weightName(o)]; s != "" {
		return s
	}
	return strconv.FormatInt(o.Weight, 10)
}

func (c page) wrong(field string) string {
	if c.Fault == nil {
		return ""
	}
	for _, f := range c.Fault.All() {
		if f.Field == field || field == "" {
			return f.Say(c.Language)
		}
	}
	return ""
}

// open counts the parts of the reader that stand in no claim yet.
func (c page) open() (n int, sum money.Amount) {
	for _, s := range c.All {
		for _, p := range s.Parts {
			if p.Mine && !p.Agency && p.Claim == 0 {
				n++
				sum += p.Net + p.VAT
			}
		}
	}
	return n, sum
}

func (c page) answer() string {
	if len(c.All) == 0 {
		return c.T("shared.none")
	}
	n, sum := c.open()
	if c.Agency() {
		return c.T("shared.answer_agency", "n", n, "amount", sum)
	}
	return c.T("shared.answer", "n", n, "amount", sum)
}

func categoryKey(code string) text.Key { return text.Key("category." + code) }
