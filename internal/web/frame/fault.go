package frame

import (
	"log/slog"
	"net/http"
	"net/url"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
)

// Fault shows a fault as a page of its own, for everything that has no form to go back to.
func (w *Web) Fault(out http.ResponseWriter, r *http.Request, f *fault.Fault, status int) {
	p := w.faultPage(r)
	what := p.Language.Say(f.Key, f.Args)
	then := p.T(thenKey(f.Kind))
	p.Title = what
	if err := w.RenderStatus(out, r, status, faultTempl(p, what, then)); err != nil {
		slog.Error("fault page failed", "error", err)
		http.Error(out, what, status)
	}
}

// faultPage is the frame that the reader knows, or a bare page for who is not signed in and where no programme can be read.
func (w *Web) faultPage(r *http.Request) Page {
	at := *serve.Page(r) // what was sent cannot be asked for: other languages lead to where it was written
	asked := r.Clone(r.Context())
	asked.URL = &at
	p := w.BarePage(asked, "")
	if p.Actor.ID == "" {
		return p
	}
	q := url.Values{}
	if code := r.URL.Query().Get("programme"); code != "" {
		q.Set("programme", code)
	}
	only := at
	only.RawQuery = q.Encode() // the year or day may be what is wrong
	asked.URL = &only
	framed, err := w.Read(asked, "", func(*db.Tx, *Page) error { return nil })
	if err != nil {
		return p
	}
	framed.URL, framed.Year, framed.AsOf = &at, 0, ""
	framed.Path = []Crumb{{Label: framed.T("fault.path")}}
	return framed
}

// thenKey is what to do about a kind of fault.
func thenKey(k fault.Kind) text.Key {
	switch k {
	case fault.KindInvalid:
		return "fault.then_invalid"
	case fault.KindDenied:
		return "fault.then_denied"
	case fault.KindMissing:
		return "fault.then_missing"
	case fault.KindConflict:
		return "fault.then_conflict"
	case fault.KindUnavailable:
		return "fault.then_unavailable"
	default:
		return "fault.then_internal"
	}
}
