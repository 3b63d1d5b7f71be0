// Package payments holds the pages of payers: what is due and the batches that carry it, one batch up to the bank and back, the bank's
// statements with the desk of lines that nothing matches, bank accounts, and the forecast of cash.
package payments

import (
	"net/http"
	"net/url"
	"slices"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// pages answers the addresses of Routes.
type pages struct{ *frame.Web }

// Routes is every address of the package.
func Routes(w *frame.Web) []serve.Route {
	p := pages{w}
	return []serve.Route{
		{Method: "GET", Pattern: "/payments", Verb: "batch.read", Handle: p.due},
		{Method: "POST", Pattern: "/payments", Verb: "batch.prepare", Handle: p.prepare},
		{Method: "GET", Pattern: "/payments/batches/{number}", Verb: "batch.read", Handle: p.batch},
		{Method: "POST", Pattern: "/payments/batches/{number}/{verb}", Verb: "batch.read", Handle: p.actOnBatch},
		{Method: "GET", Pattern: "/payments/bank", Verb: "line.read", Handle: p.bank},
		{Method: "POST", Pattern: "/payments/bank/preview", Verb: "line.import", Handle: p.preview},
		{Method: "POST", Pattern: "/payments/bank/import", Verb: "line.import", Handle: p.keep},
		{Method: "POST", Pattern: "/payments/bank/decide", Verb: "line.assign", Handle: p.decide},
		{Method: "GET", Pattern: "/payments/forecast", Verb: "batch.read", Handle: p.forecast},
		{Method: "GET", Pattern: "/accounts", Verb: "account.read", Handle: p.accounts},
		{Method: "POST", Pattern: "/accounts", Verb: "account.propose", Handle: p.propose},
		{Method: "POST", Pattern: "/accounts/{verb}", Verb: "account.read", Handle: p.decideAccount},
	}
}

// former is what a page with forms shows of one that was refused: the faults and what was typed.
type former struct {
	Fault *fault.Fault
	Typed url.Values
}

// refused keeps what was typed of a form that the rules refuse; false for any other outcome.
func refused(r *http.Request, err error) (former, int, bool) {
	if !fault.Is(err, fault.KindInvalid) && !fault.Is(err, fault.KindConflict) {
		return former{}, 0, false
	}
	f := former{fault.Of(err), r.PostForm}
	return f, serve.Status(f.Fault.Kind), true
}

// faulty tells whether a field is at fault.
func (f former) faulty(field string) bool {
	return f.Fault != nil && slices.ContainsFunc(f.Fault.All(), func(one fault.Fault) bool { return one.Field == field })
}

// wrong is the fault at a field, "" for none.
func (f former) wrong(l text.Language, field string) string {
	if f.Fault == nil {
		return ""
	}
	for _, one := range f.Fault.All() {
		if one.Field == field {
			return one.Say(l)
		}
	}
	return ""
}

func (f former) typed(name string) string { return f.Typed.Get(name) }

// write runs one verb of a page and goes back to it; the page says what was done.
func (w pages) write(r *http.Request, here string, fn func(tx *db.Tx, p frame.Page) error) error {
	p, err := w.Read(r, here, func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	return w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error { return fn(tx, p) })
}

// notice is what the page says of what was just done.
func notice(p *frame.Page) {
	if done := text.Key("payments.done_" + p.URL.Query().Get("done")); p.Language.Has(done) {
		p.Notice = p.T(done)
	}
}

func back(out http.ResponseWriter, r *http.Request, path, done string) error {
	http.Redirect(out, r, frame.To(r, path, "done", done), http.StatusSeeOther)
	return nil
}
