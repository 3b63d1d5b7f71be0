// Package samples holds the pages where evidence is verified many rows at a time: what waits, samples drawn of it, and what each sample tells of
// all rows.
package samples

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/serve"
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
		{Method: "GET", Pattern: "/samples", Verb: "evidence.sample", Handle: p.list},
		{Method: "POST", Pattern: "/samples", Verb: "evidence.sample", Handle: p.draw},
		{Method: "GET", Pattern: "/samples/{id}", Verb: "evidence.sample", Handle: p.one},
		{Method: "POST", Pattern: "/samples/{id}/{verb}", Verb: "evidence.sample", Handle: p.act},
	}
}

// listPage is what waits in a year, and the samples drawn of it.
type listPage struct {
	frame.Page
	Waiting []evidence.Waiting
	Drawn   []evidence.SampleLine
	Fault   *fault.Fault
	Typed   url.Values
}

func (w pages) list(out http.ResponseWriter, r *http.Request) error {
	return w.showList(out, r, http.StatusOK, listPage{})
}

func (w pages) showList(out http.ResponseWriter, r *http.Request, status int, c listPage) error {
	p, err := w.Read(r, "evidence", func(tx *db.Tx, p *frame.Page) (err error) {
		scope := p.Actor.ScopeFor("evidence.sample")
		if c.Waiting, err = evidence.ListWaiting(r.Context(), tx, scope, p.Programme.ID, p.Year); err != nil {
			return err
		}
		c.Drawn, err = evidence.ListSamples(r.Context(), tx, scope, p.Programme.ID, p.Year)
		return err
	})
	if err != nil {
		return err
	}
	p.Title = p.T("samples.title")
	p.Path = []frame.Crumb{{Label: p.T("menu.evidence"), Href: p.Link("/evidence")}, {Label: p.Title}}
	p.AsOf = ""
	c.Page = p
	return w.RenderStatus(out, r, status, listTempl(c))
}

// rows counts what waits.
func (c listPage) rows() int {
	n := 0
	for _, x := range c.Waiting {
		n += x.Rows
	}
	return n
}

// size is what a sample of so many rows is offered with: all of a few, else a tenth and thirty at least.
func size(rows int) int { return min(rows, max(30, rows/10)) }

// draw draws a sample with a seed that nobody chose.
func (w pages) draw(out http.ResponseWriter, r *http.Request) error {
	p, err := w.Read(r, "evidence", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	year, err := period.ParseYear(r.PostFormValue("year"))
	if err != nil {
		return fault.Missing("serve.no_page", nil)
	}
	var s id.Sample
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error {
		n, err := strconv.Atoi(r.PostFormValue("size"))
		if err != nil {
			return fault.Invalid("size", "evidence.sample_size", nil)
		}
		all, err := evidence.ListWaiting(r.Context(), tx, access.All, p.Programme.ID, year)
		if err != nil {
			return err
		}
		code, kind := r.PostFormValue("partner"), evidence.Kind(r.PostFormValue("kind"))
		i := slices.IndexFunc(all, func(x evidence.Waiting) bool { return x.Code == code && x.Kind == kind })
		if i < 0 {
			return fault.Invalid("size", "evidence.sample_empty", nil)
		}
		s, err = evidence.DrawSample(r.Context(), tx, serve.Of(r).Actor, p.Programme.ID, all[i].Partner, year, kind, n, string(id.New[id.Sample]()))
		return err
	})
	if fault.Is(err, fault.KindInvalid) {
		return w.showList(out, r, serve.Status(fault.KindInvalid), listPage{Fault: fault.Of(err), Typed: r.PostForm})
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/samples/"+string(s), "year", year.String()), http.StatusSeeOther)
	return nil
}

// onePage is a sample with the rows that were drawn.
type onePage struct {
	frame.Page
	S      *evidence.Sample
	O      evidence.Outcome
	Rows   []evidence.Item
	Short  string
	Chosen []string // of a form that came back
	Reason string
	Fault  *fault.Fault
}

func (w pages) one(out http.ResponseWriter, r *http.Request) error {
	return w.showOne(out, r, http.StatusOK, onePage{})
}

// mostRows is how many drawn rows one page lists: a population holds no more.
const mostRows = 1000

func (w pages) showOne(out http.ResponseWriter, r *http.Request, status int, c onePage) error {
	asked, err := id.Parse[id.Sample](r.PathValue("id"))
	if err != nil {
		return fault.Missing("evidence.sample_missing", nil)
	}
	p, err := w.Read(r, "evidence", func(tx *db.Tx, p *frame.Page) (err error) {
		if c.S, err = evidence.LoadSample(r.Context(), tx, p.Programme.ID, asked); err != nil {
			return err
		}
		o, err := programme.LoadOrganisation(r.Context(), tx, c.S.Partner)
		if err != nil {
			return err
		}
		c.Short = o.Label()
		c.Rows, _, err = evidence.List(r.Context(), tx, p.Programme.ID, evidence.Filter{Scope: access.All, Sample: asked, From: c.S.Year, To: c.S.Year,
			Limit: mostRows})
		return err
	})
	if err != nil {
		return err
	}
	c.O = c.S.Outcome()
	p.Title = p.T("samples.one", "partner", c.Short, "kind", p.T(c.S.Kind.Key()))
	p.Path = []frame.Crumb{{Label: p.T("samples.title"), Href: p.Link("/samples", "year", c.S.Year.String())}, {Label: p.Title}}
	if slices.Contains([]string{"verify", "reject", "accept"}, r.URL.Query().Get("done")) {
		p.Notice = p.T("alerts.done")
	}
	p.Year, p.AsOf = 0, ""
	p.At("/samples/" + string(asked))
	c.Page = p
	return w.RenderStatus(out, r, status, oneTempl(c))
}

// act verifies or rejects the rows that were chosen, or accepts the rest by what the sample shows.
func (w pages) act(out http.ResponseWriter, r *http.Request) error {
	s, err := id.Parse[id.Sample](r.PathValue("id"))
	if err != nil {
		return fault.Missing("evidence.sample_missing", nil)
	}
	verb := r.PathValue("verb")
	p, err := w.Read(r, "evidence", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error { return do(r, tx, serve.Of(r).Actor, p.Programme.ID, s, verb) })
	if fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindConflict) {
		return w.showOne(out, r, serve.Status(fault.Of(err).Kind), onePage{Chosen: r.PostForm["row"], Reason: r.PostFormValue("reason"), Fault: fault.Of(err)})
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/samples/"+string(s), "done", verb), http.StatusSeeOther)
	return nil
}

func do(r *http.Request, tx *db.Tx, by access.Actor, g id.Programme, s id.Sample, verb string) error {
	ctx, reason := r.Context(), r.PostFormValue("reason")
	if verb == "accept" {
		tolerance, err := strconv.ParseInt(r.PostFormValue("tolerance"), 10, 64)
		if err != nil || !slices.Contains(tolerances(), tolerance) {
			return fault.Invalid("tolerance", "kpi.choice", nil)
		}
		_, err = evidence.AcceptSample(ctx, tx, by, g, s, tolerance)
		return err
	}
	if verb != "verify" && verb != "reject" {
		return fault.Missing("serve.no_page", nil)
	}
	var rows []id.Evidence
	for _, v := range r.PostForm["row"] {
		e, err := id.Parse[id.Evidence](v)
		if err != nil {
			return fault.Missing("evidence.missing", nil)
		}
		rows = append(rows, e)
	}
	if len(rows) == 0 {
		return fault.Invalid("row", "samples.nothing_chosen", nil)
	}
	if verb == "verify" {
		return evidence.VerifyMany(ctx, tx, by, g, rows, reason)
	}
	return evidence.RejectMany(ctx, tx, by, g, rows, reason)
}

// tolerances are the shares of wrong rows up to which the rest may be accepted, in basis points.
func tolerances() []int64 { return []int64{0, 200, 500, 1000} }

func (c onePage) answer() string {
	switch {
	case c.S.ClosedOn != "":
		return c.T("samples.answer_closed", "n", c.O.Wrong, "looked", c.O.Looked)
	case c.O.Open > 0:
		return c.T("samples.answer_open", "n", c.O.Open, "size", c.S.Size)
	}
	return c.T("samples.answer_done", "n", c.O.Wrong, "looked", c.O.Looked)
}

// lede tells what the sample says of all rows.
func (c onePage) lede() string {
	all := c.T("samples.lede", "partner", c.Short, "kind", c.T(c.S.Kind.Key()), "year", c.S.Year, "population", c.S.Population, "drawn", c.S.DrawnOn)
	if c.O.Looked == 0 {
		return all
	}
	return all + " " + c.T("samples.lede_error", "error", c.tenth(c.O.ErrorBp), "low", c.tenth(c.O.LowBp), "high", c.tenth(c.O.HighBp), "n", c.O.Expected,
		"most", c.O.ExpectedAtMost)
}

// tenth is basis points as per cents with one decimal.
func (c onePage) tenth(bp int64) string {
	return c.Language.Decimal(strconv.FormatFloat(float64(bp)/100, 'f', 1, 64), 1)
}

func (c onePage) chosen(e id.Evidence) bool { return slices.Contains(c.Chosen, string(e)) }

// measure is what a row adds: an amount or a quantity.
func (c onePage) measure(x evidence.Item) string {
	switch {
	case x.Amount != nil:
		return c.Money(*x.Amount)
	case x.Quantity != "":
		return c.Language.Decimal(x.Quantity, -1)
	}
	return ""
}
