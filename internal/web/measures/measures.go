// Package measures holds the page where partners state KPIs in numbers: a file is shown row by row first, and kept only when all of it is right.
package measures

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/kpi/measure"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/upload"
	"errera.eu/errera/internal/web/frame"
)

// pages answers the addresses of Routes.
type pages struct {
	*frame.Web
}

// Routes is every address of the package.
func Routes(w *frame.Web) []serve.Route {
	p := pages{w}
	return []serve.Route{
		{Method: "GET", Pattern: "/measures", Verb: "measure.declare", Handle: p.list},
		{Method: "POST", Pattern: "/measures/preview", Verb: "measure.declare", Handle: p.preview},
		{Method: "POST", Pattern: "/measures/keep", Verb: "measure.declare", Handle: p.keep},
	}
}

// listPage is what is stated of a year, and where more is brought in.
type listPage struct {
	frame.Page
	named
	Rows  []measure.Row // declared ones
	Fault *fault.Fault
}

// named is what codes are called.
type named struct {
	KPIs     map[string]*kpi.Definition
	Partners map[string]string
}

func (n named) kpi(p frame.Page, code string) string {
	if d := n.KPIs[code]; d != nil {
		return p.Of(d.Short)
	}
	return code
}

func (n named) partner(code string) string { return cmp.Or(n.Partners[code], code) }

func (w pages) list(out http.ResponseWriter, r *http.Request) error {
	return w.show(out, r, http.StatusOK, nil)
}

func (w pages) show(out http.ResponseWriter, r *http.Request, status int, f *fault.Fault) error {
	c := listPage{Fault: f}
	var t *measure.Table
	var reported string
	p, err := w.Read(r, "measures", func(tx *db.Tx, p *frame.Page) (err error) {
		if c.named, _, err = names(r, tx, p.Programme); err != nil {
			return err
		}
		t, err = measure.Load(r.Context(), tx, w.Cache.Evidence, p.Actor.ScopeFor("kpi.read"), p.Programme, p.Year)
		reported = string(tx.Now)
		return err
	})
	if err != nil {
		return err
	}
	if form := r.URL.Query().Get("format"); form != "" && r.Method == http.MethodGet {
		return sheet(out, t, form, "measures-"+p.Year.String(), reported)
	}
	c.Rows = slices.DeleteFunc(slices.Clone(t.Rows), func(x measure.Row) bool { return x.Basis != measure.Declared })
	p.Title = p.T("menu.measures")
	p.Path = []frame.Crumb{{Label: p.Title}}
	p.AsOf = "" // what is stated is as it stands now
	if r.URL.Query().Get("done") != "" {
		p.Notice = p.T("measures.done")
	}
	p.At("/measures")
	c.Page = p
	return w.RenderStatus(out, r, status, listTempl(c))
}

// sheet sends the table, to be completed and sent back.
func sheet(out http.ResponseWriter, t *measure.Table, form, name, reported string) error {
	var b bytes.Buffer
	var err error
	kind := ""
	switch form {
	case "csv":
		kind, err = "text/csv; charset=utf-8", t.WriteCSV(&b)
	case "xlsx":
		kind, err = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", t.WriteXLSX(&b)
	case "xml":
		kind, err = "application/xml", t.WriteIATI(&b, t.Agency.Code, "", reported)
	default:
		return frame.BadFilter("format", form)
	}
	if err != nil {
		return err
	}
	out.Header().Set("Content-Type", kind)
	out.Header().Set("Content-Disposition", `attachment; filename="`+name+"."+form+`"`)
	_, _ = out.Write(b.Bytes()) // the reader may be gone; there is nobody to tell
	return nil
}

// names reads what KPIs and partners are called, and the codes of all organisations.
func names(r *http.Request, tx *db.Tx, g programme.Programme) (named, []string, error) {
	n := named{KPIs: map[string]*kpi.Definition{}, Partners: map[string]string{}}
	all, err := kpi.Definitions(r.Context(), tx, g.ID)
	if err != nil {
		return n, nil, err
	}
	for _, d := range all {
		n.KPIs[d.Code] = d
	}
	organisations, err := programme.Organisations(r.Context(), tx)
	var codes []string
	for _, o := range organisations {
		n.Partners[o.Code] = o.Label()
		codes = append(codes, o.Code)
	}
	return n, codes, err
}

// sent is a file as a form sends it: chosen, or as the page that showed it carries it.
type sent struct {
	name string
	body []byte
}

func read(r *http.Request) (sent, error) {
	if kept := r.PostFormValue("body"); kept != "" {
		body, err := base64.StdEncoding.DecodeString(kept)
		if err != nil {
			return sent{}, fault.Invalid("file", "upload.unreadable", text.Args{"file": r.PostFormValue("name")})
		}
		return sent{r.PostFormValue("name"), body}, nil
	}
	part, head, err := r.FormFile("file")
	if err != nil {
		return sent{}, fault.Invalid("file", "measures.file_needed", nil)
	}
	defer part.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(io.LimitReader(part, upload.MaxBytes+1)) // Read refuses what is longer
	return sent{head.Filename, b.Bytes()}, err
}

// previewPage is a file with what would become of each row.
type previewPage struct {
	frame.Page
	named
	File   sent
	Rows   []measure.Looked
	Report measure.Report
	Bad    int        // rows with a fault
	Whole  fault.Rows // faults of the file as a whole: no row could be read
}

func (w pages) preview(out http.ResponseWriter, r *http.Request) error {
	f, err := read(r)
	if err == nil {
		return w.look(out, r, f, http.StatusOK)
	}
	if fault.Is(err, fault.KindInvalid) {
		return w.show(out, r, http.StatusUnprocessableEntity, fault.Of(err))
	}
	return err
}

// look shows a file; one that cannot be read at all leads back to the form.
func (w pages) look(out http.ResponseWriter, r *http.Request, f sent, status int) error {
	c := previewPage{File: f}
	var unreadable *fault.Fault
	p, err := w.Read(r, "measures", func(tx *db.Tx, p *frame.Page) error {
		var codes []string
		var err error
		if c.named, codes, err = names(r, tx, p.Programme); err != nil {
			return err
		}
		rows, err := measure.Read(f.name, bytes.NewReader(f.body), codes)
		var bad fault.Rows
		if err != nil && !errors.As(err, &bad) {
			if fault.Is(err, fault.KindInvalid) {
				unreadable = fault.Of(err)
				return nil
			}
			return err
		}
		if len(rows) == 0 {
			c.Whole = bad
		}
		c.Rows, c.Report, err = measure.Look(r.Context(), tx, p.Actor, p.Programme, f.name, rows, bad)
		return err
	})
	if err != nil {
		return err
	}
	if unreadable != nil {
		return w.show(out, r, http.StatusUnprocessableEntity, unreadable)
	}
	for _, x := range c.Rows {
		if x.Outcome == measure.Wrong {
			c.Bad++
		}
	}
	p.Title, p.AsOf, p.Year = p.T("claims.preview", "file", f.name), "", 0
	p.Path = []frame.Crumb{{Label: p.T("menu.measures"), Href: p.Link("/measures")}, {Label: f.name}}
	p.At("/measures")
	c.Page = p
	return w.RenderStatus(out, r, status, previewTempl(c))
}

// keep states all of the file, or nothing: what changed in between is shown again.
func (w pages) keep(out http.ResponseWriter, r *http.Request) error {
	f, err := read(r)
	if err != nil {
		return err
	}
	var codes []string
	p, err := w.Read(r, "measures", func(tx *db.Tx, p *frame.Page) (err error) {
		_, codes, err = names(r, tx, p.Programme)
		return err
	})
	if err != nil {
		return err
	}
	rows, err := measure.Read(f.name, bytes.NewReader(f.body), codes)
	if err == nil {
		err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error {
			_, err := measure.Declare(r.Context(), tx, p.Actor, p.Programme, f.name, rows)
			return err
		})
	}
	var bad fault.Rows
	switch {
	case errors.As(err, &bad):
		return w.look(out, r, f, http.StatusUnprocessableEntity)
	case fault.Is(err, fault.KindInvalid), fault.Is(err, fault.KindConflict):
		return w.show(out, r, serve.Status(fault.Of(err).Kind), fault.Of(err))
	case err != nil:
		return err
	}
	http.Redirect(out, r, frame.To(r, "/measures", "done", "keep"), http.StatusSeeOther)
	return nil
}

func (c listPage) answer() string { return c.T("measures.answer", "n", len(c.Rows), "year", c.Year) }

func (c previewPage) answer() string {
	switch {
	case len(c.Rows) == 0:
		return c.T("measures.unread", "file", c.File.name)
	case c.Bad > 0:
		return c.T("measures.some_wrong", "n", c.Bad, "rows", len(c.Rows), "file", c.File.name)
	case c.news() == 0:
		return c.T("measures.nothing_new", "file", c.File.name)
	}
	return c.T("measures.all_right", "n", c.news(), "file", c.File.name)
}

// news is how many rows would change what is stated.
func (c previewPage) news() int { return c.Report.Added + c.Report.Changed }

func (c previewPage) keepable() bool { return c.Bad == 0 && c.news() > 0 }

func (c previewPage) lede() string {
	if c.Bad > 0 || len(c.Rows) == 0 {
		return c.T("measures.lede_wrong")
	}
	return c.T("measures.lede_right", "added", c.Report.Added, "changed", c.Report.Changed, "same", c.Report.Same, "left", c.Report.Left)
}

func (c previewPage) body() string { return base64.StdEncoding.EncodeToString(c.File.body) }

// shown are the rows with something to mend first, at most 500.
func (c previewPage) shown() []measure.Looked {
	all := slices.Clone(c.Rows)
	slices.SortStableFunc(all, func(a, b measure.Looked) int {
		wrong := func(x measure.Looked) int {
			if x.Outcome == measure.Wrong {
				return 0
			}
			return 1
		}
		return wrong(a) - wrong(b)
	})
	return all[:min(len(all), 500)]
}

// span is the year or quarter of a row, as far as it could be read.
func span(p frame.Page, x measure.Row) string {
	switch {
	case x.Year == 0:
		return ""
	case x.Quarter == 0:
		return x.Year.String()
	}
	return p.T("kpis.stated_quarter", "n", x.Quarter, "year", x.Year)
}

// said is the number of a row, or the word in its place: nothing reported is not 0.
func said(p frame.Page, status kpi.Status, value, num, den string) string {
	if status == kpi.NotReported {
		return p.T(kpi.NotReported.ShortKey())
	}
	show := func(s string) string {
		if s == "" || strings.Trim(s, "-0123456789.") != "" {
			return s // as typed: it is no number
		}
		return p.Language.Decimal(s, -1)
	}
	if num != "" || den != "" {
		return p.T("kpis.stated_parts", "value", show(value), "num", show(num), "den", show(den))
	}
	return show(value)
}

// outcomeMark is the shape beside an outcome.
func outcomeMark(o measure.Outcome) string {
	switch o {
	case measure.Added, measure.Changed:
		return "accepted"
	case measure.Wrong:
		return "overdue"
	}
	return "planned"
}

// want is what a fault expected, and what it found.
func want(p frame.Page, f fault.Row) string {
	args := text.Args{"place": f.Column, "found": f.Found, "want": p.Language.Say(f.Want, f.Args)}
	if f.Found == "" {
		return p.Language.Say("fault.row.empty", args)
	}
	return p.Language.Say("fault.row.found", args)
}
