package kpis

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// evidencePage is the rows behind a figure, or whatever the address chooses.
type evidencePage struct {
	frame.Page
	KPI      *kpi.Definition // nil: any
	Partner  *programme.Organisation
	Filter   evidence.Filter
	AllYears bool
	Total    int
	List     frame.Listing
	KPIs     []frame.Option
	Partners []frame.Option
}

func (w pages) evidence(out http.ResponseWriter, r *http.Request) error {
	var c evidencePage
	var items []evidence.Item
	var next evidence.Key
	p, err := w.Read(r, "evidence", func(tx *db.Tx, p *frame.Page) (err error) {
		if c, err = chooseEvidence(r, tx, p); err != nil {
			return err
		}
		if frame.AllAsked(r) {
			items, err = allItems(r, tx, p.Programme.ID, c.Filter)
			c.Total = len(items)
			return err
		}
		c.Filter.After = evidence.Key(r.URL.Query().Get("after"))
		items, next, c.Total, err = w.Cache.Evidence.List(r.Context(), tx, p.Programme.ID, c.Filter)
		return err
	})
	if err != nil {
		return err
	}
	p.Title = p.T("menu.evidence")
	p.Path = []frame.Crumb{{Label: p.Title}}
	if c.KPI != nil {
		p.Path = []frame.Crumb{{Label: p.T("kpis.title"), Href: p.Link("/kpis")}, {Label: p.Of(c.KPI.Name), Href: p.KPILink(c.KPI, r.URL.Query().Get("partner"))}, {Label: p.Title}}
	}
	t, err := frame.NewTable(p, "-date", evidenceColumns(p)...)
	if err != nil {
		return err
	}
	t.Sort(items)
	if frame.FileAsked(r) {
		return t.File(out, "evidence", items)
	}
	if frame.AllAsked(r) {
		var last string
		items, last = t.Cut(items, func(x evidence.Item) string { return string(x.ID) })
		next = evidence.Key(last)
	}
	c.Page = p
	c.List = t.Listing(p.T("evidence.rows"), items, string(next))
	return w.Render(out, r, evidenceTempl(c))
}

// chooseEvidence reads the choice from the address. A figure's rows are those of its KPI, partner and year that are not rejected; basis=paying
// leaves those that a settlement counts.
func chooseEvidence(r *http.Request, tx *db.Tx, p *frame.Page) (evidencePage, error) {
	q := r.URL.Query()
	c := evidencePage{AllYears: q.Get("span") == "all"}
	definitions, err := kpi.Definitions(r.Context(), tx, p.Programme.ID)
	if err != nil {
		return c, err
	}
	for _, d := range definitions {
		c.KPIs = append(c.KPIs, frame.Option{Value: d.Code, Label: p.Of(d.Name), Chosen: d.Code == q.Get("kpi")})
		if d.Code == q.Get("kpi") {
			c.KPI = d
			c.Filter = d.Filter(p.Year, "")
			c.Filter.State = evidence.Counting
		}
	}
	if q.Get("kpi") != "" && c.KPI == nil {
		return c, fault.Missing("kpi.missing", nil)
	}
	c.Filter.Scope, c.Filter.AsOf = p.Actor.ScopeFor("evidence.read"), p.AsOf
	c.Filter.From, c.Filter.To = p.Year, p.Year
	if c.AllYears {
		c.Filter.From, c.Filter.To = 0, 0
	}
	if err := c.choosePartner(r, tx, p); err != nil {
		return c, err
	}
	return c, c.chooseRows(q)
}

func (c *evidencePage) choosePartner(r *http.Request, tx *db.Tx, p *frame.Page) error {
	all, err := programme.Organisations(r.Context(), tx)
	if err != nil {
		return err
	}
	code := r.URL.Query().Get("partner")
	for _, o := range all {
		if !c.Filter.Scope.Holds(o.ID) {
			continue
		}
		c.Partners = append(c.Partners, frame.Option{Value: o.Code, Label: o.Label(), Chosen: o.Code == code})
		if o.Code == code {
			c.Partner, c.Filter.Organisation = &o, o.ID
		}
	}
	if code != "" && c.Partner == nil {
		return fault.Missing("agreement.missing", nil)
	}
	return nil
}

func (c *evidencePage) chooseRows(q url.Values) error {
	if v := q.Get("state"); v != "" {
		c.Filter.State = evidence.State(v)
		if v != string(evidence.Counting) && !slices.Contains(evidence.States(), c.Filter.State) {
			return frame.BadFilter("state", v)
		}
	}
	if v := q.Get("kind"); v != "" {
		if !slices.Contains(evidence.Kinds(), evidence.Kind(v)) {
			return frame.BadFilter("kind", v)
		}
		c.Filter.Kinds, c.Filter.KPI = []evidence.Kind{evidence.Kind(v)}, ""
	}
	c.Filter.Market, c.Filter.Sector = q.Get("market"), q.Get("sector")
	if v := q.Get("activity_type"); v != "" {
		c.Filter.ActivityTypes = []string{v}
	}
	if q.Get("basis") == "paying" && c.KPI != nil {
		c.Filter.Kinds = slices.DeleteFunc(slices.Clone(c.Filter.Kinds), func(k evidence.Kind) bool { return k == evidence.Declared })
		if c.KPI.VerifiedOnly {
			c.Filter.State = evidence.Verified
		}
	}
	var err error
	if v := q.Get("activity"); v != "" {
		if c.Filter.Activity, err = id.Parse[id.Activity](v); err != nil {
			return frame.BadFilter("activity", v)
		}
	}
	if v := q.Get("company"); v != "" {
		if c.Filter.Company, err = id.Parse[id.Company](v); err != nil {
			return frame.BadFilter("company", v)
		}
	}
	return nil
}

// allItems reads every page, for a file.
func allItems(r *http.Request, tx *db.Tx, g id.Programme, f evidence.Filter) ([]evidence.Item, error) {
	var all []evidence.Item
	f.Limit = 1000
	for {
		items, next, err := evidence.List(r.Context(), tx, g, f)
		all = append(all, items...)
		if err != nil || next == "" {
			return all, err
		}
		f.After = next
	}
}

func (c evidencePage) answer() string {
	switch {
	case c.KPI != nil && c.Partner != nil:
		return c.T("evidence.answer_figure", "n", c.Total, "kpi", c.Of(c.KPI.Name), "partner", c.Partner.Label(), "year", c.Year)
	case c.KPI != nil:
		return c.T("evidence.answer_kpi", "n", c.Total, "kpi", c.Of(c.KPI.Name), "year", c.Year)
	case c.AllYears:
		return c.T("evidence.answer_all", "n", c.Total)
	}
	return c.T("evidence.answer", "n", c.Total, "year", c.Year)
}

func (c evidencePage) kindOptions() []frame.Option {
	var out []frame.Option
	for _, k := range evidence.Kinds() {
		if c.KPI == nil || slices.Contains(c.KPI.Kinds, k) {
			out = append(out, frame.Option{Value: string(k), Label: c.T(k.Key()), Chosen: c.URL.Query().Get("kind") == string(k)})
		}
	}
	return out
}

func (c evidencePage) stateOptions() []frame.Option {
	counting := frame.Option{Value: string(evidence.Counting), Label: c.T("evidence.counting"), Chosen: c.Filter.State == evidence.Counting}
	return append([]frame.Option{counting}, frame.Choices(c.Page, evidence.States(), c.Filter.State)...)
}

// creditsShort names who holds credit.
func creditsShort(all []evidence.CreditName) string {
	names := make([]string, len(all))
	for i, x := range all {
		names[i] = x.Short
	}
	return strings.Join(names, ", ")
}

// measure is what a row adds: an amount or a quantity.
func measure(p frame.Page, r evidence.Row) string {
	switch {
	case r.Amount != nil:
		return p.Money(*r.Amount)
	case r.Quantity != "":
		return p.Language.Decimal(r.Quantity, -1)
	}
	return ""
}

// evidenceColumns are what the list shows of a row, and what a file of it holds.
func evidenceColumns(p frame.Page) []frame.Column[evidence.Item] {
	type item = evidence.Item
	amount := func(x item) string {
		if x.Amount == nil {
			return ""
		}
		return x.Amount.String()
	}
	return []frame.Column[item]{
		{Key: "id", Head: p.T("evidence.id"), Extra: true, Text: func(x item) string { return string(x.ID) }},
		{Key: "date", Head: p.T("evidence.date_head"), Quiet: true, Text: func(x item) string { return string(x.Dated) },
			Show: func(x item) string { return p.Language.ShortDateYear(string(x.Dated)) }, Order: frame.By(func(x item) string { return string(x.Dated) })},
		{Key: "kind", Head: p.T("evidence.kind_head"), Name: true, Text: func(x item) string { return p.T(x.Kind.Key()) },
			Cell: func(x item) templ.Component { return evidenceName(p, x) }, Order: frame.ByText(func(x item) string { return p.T(x.Kind.Key()) })},
		{Key: "activity", Head: p.T("evidence.activity"), Extra: true, Text: func(x item) string { return x.ActivityTitle },
			Order: frame.ByText(func(x item) string { return x.ActivityTitle })},
		{Key: "company", Head: p.T("evidence.company"), Text: func(x item) string { return x.CompanyName },
			Cell: func(x item) templ.Component { return evidenceCompany(p, x) }, Order: frame.ByText(func(x item) string { return x.CompanyName })},
		{Key: "number", Head: p.T("evidence.number"), Extra: true, Text: func(x item) string { return x.CompanyNumber }},
		{Key: "credit", Head: p.T("evidence.credit"), Text: func(x item) string { return creditsShort(x.Partners) },
			Order: frame.ByText(func(x item) string { return creditsShort(x.Partners) })},
		{Key: "market", Head: p.T("calendar.market"), Extra: true, Text: func(x item) string { return x.Market }},
		{Key: "amount", Head: p.T("evidence.amount"), Num: true, Extra: true, Text: amount, Show: func(x item) string { return p.Money(*x.Amount) }},
		{Key: "quantity", Head: p.T("evidence.quantity_head"), Num: true, Extra: true, Text: func(x item) string { return x.Quantity },
			Show: func(x item) string { return p.Language.Decimal(x.Quantity, -1) }},
		{Key: "measure", Head: p.T("evidence.measure"), Num: true, Text: func(x item) string { return cmp.Or(amount(x), x.Quantity) },
			Show: func(x item) string { return measure(p, x.Row) }},
		{Key: "state", Head: p.T("activities.state"), Text: func(x item) string { return p.T(x.State.Key()) },
			Cell: func(x item) templ.Component { return frame.State(p, string(x.State)) }, Order: frame.ByText(func(x item) string { return string(x.State) })},
		{Key: "since", Head: p.T("evidence.since"), Quiet: true, Extra: true, Text: func(x item) string { return string(x.StateOn) },
			Show: func(x item) string { return p.Language.ShortDateYear(string(x.StateOn)) }, Order: frame.By(func(x item) string { return string(x.StateOn) })},
	}
}

// evidenceRowPage is one row with what can be done about it.
type evidenceRowPage struct {
	frame.Page
	V      *report.EvidenceView
	Verb   string // of a form that came back
	Reason string // what was typed
	Fault  *fault.Fault
}

func (w pages) evidenceRow(out http.ResponseWriter, r *http.Request) error {
	return w.showEvidence(out, r, http.StatusOK, evidenceRowPage{})
}

func (w pages) showEvidence(out http.ResponseWriter, r *http.Request, status int, c evidenceRowPage) error {
	e, err := id.Parse[id.Evidence](r.PathValue("id"))
	if err != nil {
		return fault.Missing("evidence.missing", nil)
	}
	p, err := w.Read(r, "evidence", func(tx *db.Tx, p *frame.Page) (err error) {
		c.V, err = report.LoadEvidence(r.Context(), tx, p.Actor, p.Programme, e)
		return err
	})
	if err != nil {
		return err
	}
	p.Title = p.T("evidence.one", "kind", p.T(c.V.Kind.Key()))
	p.Path = []frame.Crumb{{Label: p.T("menu.evidence"), Href: p.Link("/evidence", "year", c.V.Year.String())}, {Label: p.Title}}
	switch r.URL.Query().Get("done") {
	case "verify":
		p.Notice = p.T("evidence.done_verify")
	case "reject":
		p.Notice = p.T("evidence.done_reject")
	case "reopen":
		p.Notice = p.T("evidence.done_reopen")
	}
	p.Year, p.AsOf = 0, ""
	p.At("/evidence/" + string(e))
	c.Page = p
	return w.RenderStatus(out, r, status, evidenceRowTempl(c))
}

// decideEvidence does one verb on a row; a form at fault comes back with what was typed.
func (w pages) decideEvidence(out http.ResponseWriter, r *http.Request) error {
	e, err := id.Parse[id.Evidence](r.PathValue("id"))
	if err != nil {
		return fault.Missing("evidence.missing", nil)
	}
	verbs := map[string]func(tx *db.Tx, g id.Programme, reason string) error{
		"verify": func(tx *db.Tx, g id.Programme, reason string) error {
			return evidence.Verify(r.Context(), tx, serve.Of(r).Actor, g, e, reason)
		},
		"reject": func(tx *db.Tx, g id.Programme, reason string) error {
			return evidence.Reject(r.Context(), tx, serve.Of(r).Actor, g, e, reason)
		},
		"reopen": func(tx *db.Tx, g id.Programme, reason string) error {
			return evidence.Reopen(r.Context(), tx, serve.Of(r).Actor, g, e, reason)
		},
	}
	do := verbs[r.PathValue("verb")]
	if do == nil {
		return fault.Missing("serve.no_page", nil)
	}
	p, err := w.Read(r, "evidence", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(r.PostFormValue("reason"))
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error { return do(tx, p.Programme.ID, reason) })
	if fault.Is(err, fault.KindInvalid) {
		return w.showEvidence(out, r, serve.Status(fault.KindInvalid), evidenceRowPage{Verb: r.PathValue("verb"), Reason: reason, Fault: fault.Of(err)})
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/evidence/"+string(e), "done", r.PathValue("verb")), http.StatusSeeOther)
	return nil
}

// evidenceAct is a decision that the reader may take now.
type evidenceAct struct {
	Verb   string
	Label  text.Key
	Reason bool // must be given
}

func (c evidenceRowPage) acts() []evidenceAct {
	var out []evidenceAct
	for _, a := range []evidenceAct{{"verify", "evidence.act_verify", false}, {"reject", "evidence.act_reject", true}, {"reopen", "evidence.act_reopen", true}} {
		if c.Actor.Can(access.VerbName("evidence."+a.Verb), c.V.Subject()) {
			out = append(out, a)
		}
	}
	return out
}

func (c evidenceRowPage) typed(verb string) string {
	if c.Verb == verb {
		return c.Reason
	}
	return ""
}

func (c evidenceRowPage) answer() string {
	what := c.V.Title
	if c.V.CompanyName != "" && what != "" {
		return c.T("evidence.row_both", "company", c.V.CompanyName, "activity", what)
	}
	if what == "" {
		what = c.V.CompanyName
	}
	if what == "" {
		what = c.T(c.V.Kind.Key())
	}
	return what
}

// source names the record that the row came from.
func (c evidenceRowPage) source() string {
	switch c.V.SourceKind {
	case "activity":
		return c.T("evidence.source_activity", "code", c.V.ActivityCode)
	case "participation":
		return c.T("evidence.source_participation", "code", c.V.ActivityCode)
	}
	if c.V.SourceKind == "measure" {
		return c.T("evidence.source_measure")
	}
	return c.T("evidence.source_outcome", "code", c.V.SourceCode)
}

func (c evidenceRowPage) share(weight int64) string {
	return c.T("evidence.share", "weight", strconv.FormatInt(weight, 10), "weights", strconv.FormatInt(c.V.Weights, 10))
}
