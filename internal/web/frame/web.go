// Package frame is what all pages share: the page around a page, what a page knows of its reader, states and small drawings, faults,
// files, and the cache of what is slow to reckon. It imports no page.
package frame

import (
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
)

// Options are what pages need to know of the outside.
type Options struct {
	DB     *db.DB
	Assets *serve.Assets
	AsOf   period.Date // the day pages start from; "" is today
	Demo   bool        // offers sign-in by one click per role
	Site   string      // address of the site as others reach it, without a path; "": as the request came
	Secure bool        // others reach it by HTTPS, whatever the request came by

	Scanner  file.Scanner     // looks at uploads; the zero value at none
	Evidence *evidence.Mirror // shared with what else reads it in this process; nil for one of the pages' own
}

// Web is what a page's handlers stand on.
type Web struct {
	Options
	Cache *Cache
}

// New is the frame of all pages.
func New(o Options) *Web {
	if o.Evidence == nil {
		o.Evidence = evidence.NewMirror(evidence.MirrorRows)
	}
	return &Web{o, NewCache(o.Evidence)}
}

// Render writes a page that was built completely: an error on the way shows as an error, never as half a page.
func (w *Web) Render(out http.ResponseWriter, r *http.Request, c templ.Component) error {
	return w.RenderStatus(out, r, http.StatusOK, c)
}

// RenderStatus is Render with another status than 200.
func (w *Web) RenderStatus(out http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	b := templ.GetBuffer()
	defer templ.ReleaseBuffer(b)
	if err := c.Render(r.Context(), b); err != nil {
		return err
	}
	out.Header().Set("Content-Type", "text/html; charset=utf-8")
	out.WriteHeader(status)
	_, _ = out.Write(b.Bytes()) // the reader may be gone; there is nobody to tell
	return nil
}

// Rendered is a part of a page as text, to be kept.
func Rendered(r *http.Request, c templ.Component) (string, error) {
	b := templ.GetBuffer()
	defer templ.ReleaseBuffer(b)
	err := c.Render(r.Context(), b)
	return b.String(), err
}

// Read opens the programme that the request is about and runs fn on one snapshot.
func (w *Web) Read(r *http.Request, here string, fn func(tx *db.Tx, p *Page) error) (Page, error) {
	var p Page
	err := w.DB.Read(r.Context(), func(tx *db.Tx) error {
		open, err := programme.List(r.Context(), tx)
		if err != nil {
			return err
		}
		g, err := programme.Choose(open, r.URL.Query().Get("programme"), tx.Now.Date())
		if err != nil {
			return err
		}
		if p, err = w.PageOf(r, here, g); err != nil {
			return err
		}
		p.Rounds = open
		if p.Lead, err = programme.LoadOrganisation(r.Context(), tx, g.Agency); err != nil {
			return err
		}
		if lead := programme.Leading(open, tx.Now.Date()); lead.ID != g.ID {
			p.Round = g.Code
		}
		return fn(tx, &p)
	})
	return p, err
}

// To is the address of a page after a form was sent: in the round that the form was about.
func To(r *http.Request, path string, pairs ...string) string {
	q := url.Values{}
	if code := r.URL.Query().Get("programme"); code != "" {
		q.Set("programme", code)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	u := url.URL{Path: path, RawQuery: q.Encode()}
	return u.RequestURI()
}

// BadFilter is the fault of an address that chooses by what does not exist.
func BadFilter(field, found string) error {
	return fault.Invalid(field, "web.bad_filter", text.Args{"found": found})
}

// Outside is an address of this site as other programs are to ask for it.
func (w *Web) Outside(r *http.Request, path string) string {
	if w.Site != "" {
		return strings.TrimSuffix(w.Site, "/") + path
	}
	if r.TLS != nil || w.Secure {
		return "https://" + r.Host + path
	}
	return "http://" + r.Host + path
}

// ClientAddress is where a request comes from, without its port.
func ClientAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
