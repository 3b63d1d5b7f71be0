package kpis

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/kpi/quality"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/frame"
)

// qualityPage is the desk where findings in the evidence are answered.
type qualityPage struct {
	frame.Page
	Open, Answered []quality.Told
	Typed          url.Values // of a form that came back
	Faults         []fault.Fault
}

func (w pages) quality(out http.ResponseWriter, r *http.Request) error {
	return w.showQuality(out, r, http.StatusOK, qualityPage{})
}

func (w pages) showQuality(out http.ResponseWriter, r *http.Request, status int, c qualityPage) error {
	p, err := w.Read(r, "quality", func(tx *db.Tx, p *frame.Page) error {
		all, err := quality.Load(r.Context(), tx, w.Cache.Evidence, p.Actor.ScopeFor("evidence.read"), p.Programme.ID, p.Year, p.AsOf)
		for _, f := range all {
			if f.Answer == nil {
				c.Open = append(c.Open, f)
			} else {
				c.Answered = append(c.Answered, f)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	p.Title = p.T("menu.quality")
	p.Path = []frame.Crumb{{Label: p.Title}}
	if r.URL.Query().Get("done") != "" {
		p.Notice = p.T("quality.done")
	}
	c.Page = p
	return w.RenderStatus(out, r, status, qualityTempl(c))
}

// resolveFinding answers one finding; a form at fault comes back with what was typed.
func (w pages) resolveFinding(out http.ResponseWriter, r *http.Request) error {
	p, err := w.Read(r, "quality", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	year, err := period.ParseYear(r.PostFormValue("year"))
	if err != nil {
		return fault.Missing("serve.no_page", nil)
	}
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error {
		return quality.Resolve(r.Context(), tx, serve.Of(r).Actor, p.Programme.ID, year, quality.Rule(r.PostFormValue("rule")),
			r.PostFormValue("subject"), r.PostFormValue("facts"), quality.Outcome(r.PostFormValue("outcome")), r.PostFormValue("reason"))
	})
	if fault.Is(err, fault.KindInvalid) {
		return w.showQuality(out, r, serve.Status(fault.KindInvalid), qualityPage{Typed: r.PostForm, Faults: fault.Of(err).All()})
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/quality", "done", "1", "year", year.String()), http.StatusSeeOther)
	return nil
}

func (c qualityPage) answer() string { return c.T("quality.answer", "n", len(c.Open), "year", c.Year) }

// says is the finding in a sentence.
func (c qualityPage) says(f *quality.Told) string {
	n, usual := c.Number(int(f.N)), c.Number(int(f.Usual))
	if f.Money {
		n, usual = c.Euro(money.Amount(f.N)), c.Euro(money.Amount(f.Usual))
	}
	if f.Rule == quality.LastDay {
		usual = ""
	}
	return c.T(f.Rule.SaysKey(), "n", n, "usual", usual)
}

// what names the thing that the finding is about.
func (c qualityPage) what(f *quality.Told) string {
	switch {
	case f.ActivityTitle != "":
		return f.ActivityTitle
	case f.CompanyName != "":
		return f.CompanyName
	}
	return strings.Join(f.Names, ", ")
}

// rows leads to the evidence behind it.
func (c qualityPage) rows(f *quality.Told) string {
	switch {
	case f.Evidence != "":
		return c.Link("/evidence/" + string(f.Evidence))
	case f.Activity != "":
		return c.Link("/evidence", "activity", string(f.Activity), "year", c.Year.String())
	case f.Company != "":
		return c.Link("/evidence", "company", string(f.Company), "partner", f.Codes[0], "year", c.Year.String())
	}
	return c.Link("/evidence", "partner", f.Codes[0], "year", c.Year.String())
}

// typed is what stood in a field of the form of this finding, when it came back.
func (c qualityPage) typed(f *quality.Told, field string) string {
	if c.Typed.Get("rule") == string(f.Rule) && c.Typed.Get("subject") == f.Subject {
		return c.Typed.Get(field)
	}
	return ""
}

// refused is what was wrong with a field of the form of this finding; nil for nothing.
func (c qualityPage) refused(f *quality.Told, field string) *fault.Fault {
	if c.typed(f, "rule") == "" {
		return nil
	}
	for i := range c.Faults {
		if c.Faults[i].Field == field {
			return &c.Faults[i]
		}
	}
	return nil
}

func fieldID(field string, i int) string { return field + "-" + strconv.Itoa(i) }

// describedBy ties a field to the fault that stands above it.
func describedBy(told bool, by string) templ.Attributes {
	if !told {
		return nil
	}
	return templ.Attributes{"aria-describedby": by, "aria-invalid": "true"}
}
