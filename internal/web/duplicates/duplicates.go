// Package duplicates holds the desk where companies that may be one are merged, and merges are undone.
package duplicates

import (
	"net/http"
	"strings"

	"errera.eu/errera/internal/company"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
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
		{Method: "GET", Pattern: "/duplicates", Verb: "company.merge", Handle: p.desk},
		{Method: "POST", Pattern: "/duplicates", Verb: "company.merge", Handle: p.merge},
		{Method: "POST", Pattern: "/duplicates/undo", Verb: "company.unmerge", Handle: p.undo},
		{Method: "POST", Pattern: "/duplicates/apart", Verb: "company.apart", Handle: p.apart},
		{Method: "POST", Pattern: "/duplicates/reconsider", Verb: "company.reconsider", Handle: p.reconsider},
	}
}

// most is how many pairs the desk lists: the likeliest are decided first.
const most = 50

// deskPage is what may be one, and what was merged.
type deskPage struct {
	frame.Page
	Pairs  []company.Pair // the likeliest
	N      int            // of all
	Merges []company.Named
	Told   []company.NamedApart
	Fault  *fault.Fault
	Of     string // what a form that came back is about
	Reason string // what was typed in it
}

func (w pages) desk(out http.ResponseWriter, r *http.Request) error {
	return w.show(out, r, http.StatusOK, deskPage{})
}

func (w pages) show(out http.ResponseWriter, r *http.Request, status int, c deskPage) error {
	p, err := w.Read(r, "duplicates", func(tx *db.Tx, _ *frame.Page) (err error) {
		if c.Pairs, c.Told, err = company.Likely(r.Context(), tx); err != nil {
			return err
		}
		c.Merges, err = company.InForce(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	c.N, c.Pairs = len(c.Pairs), c.Pairs[:min(len(c.Pairs), most)]
	p.Title = p.T("duplicates.title")
	p.Path = []frame.Crumb{{Label: p.Title}}
	switch r.URL.Query().Get("done") {
	case "merge":
		p.Notice = p.T("duplicates.done_merge")
	case "undo":
		p.Notice = p.T("duplicates.done_undo")
	case "apart":
		p.Notice = p.T("duplicates.done_apart")
	case "reconsider":
		p.Notice = p.T("duplicates.done_reconsider")
	}
	p.Year, p.AsOf = 0, ""
	p.At("/duplicates")
	c.Page = p
	return w.RenderStatus(out, r, status, deskTempl(c))
}

// merge lets one company stand for the other.
func (w pages) merge(out http.ResponseWriter, r *http.Request) error {
	from, into, err := company.ParsePair(r.PostFormValue("from"), r.PostFormValue("into"))
	if err != nil {
		return err
	}
	return w.act(out, r, "merge", string(from)+string(into), func(tx *db.Tx, reason string) error {
		_, err := company.Join(r.Context(), tx, serve.Of(r).Actor, from, into, reason)
		return err
	})
}

func (w pages) undo(out http.ResponseWriter, r *http.Request) error {
	m, err := id.Parse[id.Merge](r.PostFormValue("merge"))
	if err != nil {
		return fault.Missing("company.merge_missing", nil)
	}
	return w.act(out, r, "undo", string(m), func(tx *db.Tx, reason string) error {
		return company.Part(r.Context(), tx, serve.Of(r).Actor, m, reason)
	})
}

// apart says that a pair is two companies.
func (w pages) apart(out http.ResponseWriter, r *http.Request) error {
	from, into, err := company.ParsePair(r.PostFormValue("from"), r.PostFormValue("into"))
	if err != nil {
		return err
	}
	return w.act(out, r, "apart", string(from)+string(into), func(tx *db.Tx, reason string) error {
		_, err := company.Tell(r.Context(), tx, serve.Of(r).Actor, from, into, reason)
		return err
	})
}

func (w pages) reconsider(out http.ResponseWriter, r *http.Request) error {
	x, err := id.Parse[id.Apart](r.PostFormValue("apart"))
	if err != nil {
		return fault.Missing("company.apart_missing", nil)
	}
	return w.act(out, r, "reconsider", string(x), func(tx *db.Tx, reason string) error {
		return company.Reconsider(r.Context(), tx, serve.Of(r).Actor, x, reason)
	})
}

func (w pages) act(out http.ResponseWriter, r *http.Request, done, of string, do func(tx *db.Tx, reason string) error) error {
	reason := strings.TrimSpace(r.PostFormValue("reason"))
	err := w.DB.WriteAgency(r.Context(), func(tx *db.Tx) error { return do(tx, reason) })
	if fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindConflict) {
		return w.show(out, r, serve.Status(fault.Of(err).Kind), deskPage{Fault: fault.Of(err), Of: of, Reason: reason})
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/duplicates", "done", done), http.StatusSeeOther)
	return nil
}

// faultOf is the fault of the form about something, "" none.
func (c deskPage) faultOf(of string) string {
	if c.Fault == nil || c.Of != of {
		return ""
	}
	return c.Fault.Say(c.Language)
}

func (c deskPage) typed(of string) string {
	if c.Of == of {
		return c.Reason
	}
	return ""
}

// known is how a company is told from others of its name.
func known(x company.Company) string {
	parts := []string{}
	if x.Identified() {
		parts = append(parts, x.Number.Value)
	}
	if place := strings.TrimSpace(x.Postcode + " " + x.City); place != "" {
		parts = append(parts, place)
	}
	return strings.Join(parts, ", ")
}

func (c deskPage) why(p company.Pair) string {
	all := make([]string, len(p.Why))
	for i, r := range p.Why {
		all[i] = c.T(r.Key())
	}
	return strings.Join(all, ", ")
}

// into is which of a pair stays: the one whose number is known, else the one recorded first.
func into(p company.Pair) (from, stays company.Company) {
	if p.B.Identified() && !p.A.Identified() {
		return p.A, p.B
	}
	return p.B, p.A
}
