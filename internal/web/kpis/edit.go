package kpis

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// editPage is the definition sheet of a KPI, to be changed for the years to come. What it would count is tried before it is saved.
type editPage struct {
	frame.Page
	KPI      *kpi.Definition
	Sheet    kpi.Sheet // as typed, or as it is
	FromYear string
	Reason   string
	Tried    *kpiPage // the trace over the evidence of the page's year; nil when it was not tried or is at fault
	Faults   []fault.Fault
}

func (w pages) edit(out http.ResponseWriter, r *http.Request) error {
	return w.showEdit(out, r, nil, "", nil)
}

// change tries a sheet or saves it; one at fault comes back with what was typed, each fault at its field.
func (w pages) change(out http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.Missing("serve.no_page", nil)
	}
	if r.PostFormValue("do") == "try" {
		return w.showEdit(out, r, r.PostForm, "try", nil)
	}
	p, err := w.Read(r, "kpis", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error {
		d, sheet, err := sheetOf(r, tx, p.Programme)
		if err != nil {
			return err
		}
		from, err := period.ParseYear(r.PostFormValue("from_year"))
		if err != nil || !programmeHas(p.Programme, from) {
			return fault.Invalid("from_year", "kpis.edit_year", nil)
		}
		if err := typedInto(&sheet, r.PostForm); err != nil {
			return err
		}
		return kpi.Change(r.Context(), tx, serve.Of(r).Actor, p.Programme.ID, d.ID, sheet, from, r.PostFormValue("reason"))
	})
	if fault.Is(err, fault.KindInvalid) {
		return w.showEdit(out, r, r.PostForm, "", err)
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/kpis/"+r.PathValue("kpi"), "done", "1"), http.StatusSeeOther)
	return nil
}

func programmeHas(g programme.Programme, y period.Year) bool {
	return y >= g.Starts.Year() && y <= g.Ends.Year()
}

func sheetOf(r *http.Request, tx *db.Tx, g programme.Programme) (*kpi.Definition, kpi.Sheet, error) {
	d, err := kpi.LoadByCode(r.Context(), tx, g.ID, r.PathValue("kpi"))
	if err != nil {
		return nil, kpi.Sheet{}, err
	}
	versions, err := kpi.Versions(r.Context(), tx, g.ID, d)
	if err != nil {
		return nil, kpi.Sheet{}, err
	}
	return d, versions[len(versions)-1].Sheet, nil
}

// typedInto puts what was typed into a sheet; what is no number is told at its field.
func typedInto(s *kpi.Sheet, typed url.Values) error {
	words := func(field string) programme.Words {
		return programme.Words{NL: strings.TrimSpace(typed.Get(field + "_nl")), EN: strings.TrimSpace(typed.Get(field + "_en")), FR: strings.TrimSpace(typed.Get(field + "_fr"))}
	}
	number := func(field string, into *int) error {
		n, err := strconv.Atoi(strings.TrimSpace(typed.Get(field)))
		if err != nil {
			return fault.Invalid(field, "suppose.number", text.Args{"found": typed.Get(field)})
		}
		*into = n
		return nil
	}
	s.Name, s.Short, s.Meaning, s.Counting, s.Limits = words("name"), words("short"), words("meaning"), words("counting"), words("limits")
	s.Formula, s.Unit = strings.TrimSpace(typed.Get("formula")), typed.Get("unit")
	s.Joint, s.Direction, s.VerifiedOnly = kpi.Joint(typed.Get("joint")), kpi.Direction(typed.Get("direction")), typed.Get("verified_only") != ""
	return fault.Join(number("decimals", &s.Decimals), number("min_sample", &s.MinSample))
}

func (w pages) showEdit(out http.ResponseWriter, r *http.Request, typed url.Values, do string, wrong error) error {
	var c editPage
	p, err := w.Read(r, "kpis", func(tx *db.Tx, p *frame.Page) (err error) {
		if c.KPI, c.Sheet, err = sheetOf(r, tx, p.Programme); err != nil || typed == nil {
			return err
		}
		if bad := typedInto(&c.Sheet, typed); bad != nil && wrong == nil {
			wrong = bad
		}
		if do != "try" || wrong != nil {
			return nil
		}
		d, trace, err := c.Sheet.Preview(r.Context(), tx, w.Cache.Evidence, p.Programme.ID, p.Year)
		if fault.Is(err, fault.KindInvalid) {
			wrong = err
			return nil
		}
		if err == nil {
			c.Tried = tried(p, d, trace)
		}
		return err
	})
	if err != nil {
		return err
	}
	status := http.StatusOK
	if wrong != nil {
		c.Faults, status = fault.Of(wrong).All(), serve.Status(fault.KindInvalid)
	}
	p.Title = p.T("kpis.edit_title", "kpi", p.Of(c.KPI.Name))
	p.Path = []frame.Crumb{{Label: p.T("kpis.title"), Href: p.Link("/kpis")}, {Label: p.Of(c.KPI.Name), Href: p.KPILink(c.KPI, "")}, {Label: p.T("kpis.edit")}}
	p.At("/kpis/" + c.KPI.Code + "/edit")
	c.Page, c.FromYear, c.Reason = p, typed.Get("from_year"), typed.Get("reason")
	if c.FromYear == "" {
		c.FromYear = p.Year.String()
	}
	return w.RenderStatus(out, r, status, editTempl(c))
}

// tried is the page of a KPI as far as its trace needs it.
func tried(p *frame.Page, d *kpi.Definition, t kpi.Trace) *kpiPage {
	return &kpiPage{Page: *p, V: &report.KPI{KPI: d, Trace: t}}
}

// refused is what was wrong with a field, nil for nothing.
func (c editPage) refused(field string) *fault.Fault {
	for i := range c.Faults {
		if c.Faults[i].Field == field {
			return &c.Faults[i]
		}
	}
	return nil
}

// worded is a text of the sheet in three languages.
type worded struct {
	Field string
	Label text.Key
	Words programme.Words
	Long  bool
}

func (c editPage) worded() []worded {
	s := &c.Sheet
	return []worded{{"name", "kpis.edit_name", s.Name, false}, {"short", "kpis.edit_short", s.Short, false}, {"meaning", "kpis.edit_meaning", s.Meaning, true},
		{"counting", "kpis.edit_counting", s.Counting, true}, {"limits", "kpis.edit_limits", s.Limits, true}}
}

func (c editPage) units() []frame.Option {
	var all []frame.Option
	for _, u := range kpi.Units() {
		d := kpi.Definition{Unit: u}
		all = append(all, frame.Option{Value: u, Label: c.T(d.UnitKey()), Chosen: u == c.Sheet.Unit})
	}
	return all
}

// shownTried is the figure of what was tried.
func (c editPage) shownTried() string {
	v := c.Tried.V.KPI.Value(c.Tried.V.Trace.Figure)
	if v == nil {
		return c.T("kpis.edit_tried_none", "year", c.Year)
	}
	return c.T("kpis.edit_tried", "value", kpi.Show(v, c.Sheet.Decimals, c.Language), "unit", c.T(c.Tried.V.KPI.UnitKey()), "year", c.Year)
}
