// Package serve is the HTTP plumbing: routes that return errors, who is asking, in which language, security headers, static files,
// and the one place that knows which status a fault has. It knows no page and no domain beyond access.
package serve

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"time"

	"github.com/alexedwards/scs/v2"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

// Route is one address and what answers it. Verb is what the asker must be allowed to do there at all; "" is open to everybody.
type Route struct {
	Method  string
	Pattern string
	Verb    access.VerbName
	Handle  func(w http.ResponseWriter, r *http.Request) error
}

// Options are what a server is made of.
type Options struct {
	DB       *db.DB
	Sessions *scs.SessionManager
	Routes   []Route
	Static   http.Handler // below /static/
	API      http.Handler // below /api/: it knows no sessions and asks for tokens itself
	// Fault shows a fault as a page; it must not fail.
	Fault func(w http.ResponseWriter, r *http.Request, f *fault.Fault, status int)
	Log   *slog.Logger
}

type contextKey int

const (
	askerKey contextKey = iota
	pageKey
)

// Asker is who asks for a page, and how.
type Asker struct {
	Actor    access.Actor
	Language text.Language
	Theme    string // light, dark or "" for what the system says
}

// Of tells who asks. A request that no server handed on is a visitor's.
func Of(r *http.Request) Asker {
	if a, ok := r.Context().Value(askerKey).(Asker); ok {
		return a
	}
	return Asker{Actor: access.Visitor(), Language: text.Match(r.Header.Get("Accept-Language"))}
}

// Page is the address of the page that a request is about: its own, or for a form that of the page where it stands.
func Page(r *http.Request) *url.URL {
	if u, ok := r.Context().Value(pageKey).(*url.URL); ok {
		return u
	}
	return r.URL
}

// onPage notes the page where a form stands: its address without the last parts that take forms only, so that links of a form that came back
// lead to a page too.
func onPage(mux *http.ServeMux, r *http.Request) *http.Request {
	for at := path.Clean(r.URL.Path); at != "/"; at = path.Dir(at) {
		u := &url.URL{Path: at, RawQuery: r.URL.RawQuery}
		if _, pattern := mux.Handler(&http.Request{Method: http.MethodGet, Host: r.Host, URL: u}); pattern != "/" {
			return r.WithContext(context.WithValue(r.Context(), pageKey, u))
		}
	}
	return r
}

// New puts routes behind security headers, sessions, language and one error page.
func New(o Options) http.Handler {
	mux := http.NewServeMux()
	for _, route := range o.Routes {
		mux.Handle(route.Method+" "+route.Pattern, o.answer(mux, route))
	}
	if o.Static != nil {
		mux.Handle("GET /static/", o.Static)
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		o.fail(w, r, fault.Missing("serve.no_page", nil))
	})
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.fail(w, r, fault.Denied("serve.cross_origin", nil))
	}))
	var h http.Handler = guard.Handler(mux)
	h = o.preferences(h)
	h = o.Sessions.LoadAndSave(h)
	if o.API == nil {
		return o.recover(headers(h))
	}
	both := http.NewServeMux()
	both.Handle("/api/", o.API)
	both.Handle("/", h)
	return o.recover(headers(both))
}

func (o Options) answer(mux *http.ServeMux, route Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			r = onPage(mux, r)
		}
		actor := Of(r).Actor
		if route.Verb != "" && actor.ID == "" && r.Method == http.MethodGet {
			http.Redirect(w, r, "/sign-in?to="+queryEscape(r.URL.RequestURI()), http.StatusSeeOther)
			return
		}
		if route.Verb != "" && !actor.Holds(route.Verb) {
			o.fail(w, r, fault.Denied("serve.not_for_you", nil))
			return
		}
		if err := route.Handle(w, r); err != nil {
			o.fail(w, r, err)
		}
	})
}

// Status is the HTTP status of a kind of fault. Nothing else in the program knows statuses.
func Status(k fault.Kind) int {
	switch k {
	case fault.KindInvalid:
		return http.StatusUnprocessableEntity
	case fault.KindDenied:
		return http.StatusForbidden
	case fault.KindMissing:
		return http.StatusNotFound
	case fault.KindConflict:
		return http.StatusConflict
	case fault.KindUnavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

func (o Options) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) {
		return // nobody is there to read an answer
	}
	f := fault.Of(err)
	status := Status(f.Kind)
	if status >= http.StatusInternalServerError {
		o.Log.Error("request failed", "method", r.Method, "path", r.Pattern, "error", err)
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	o.Fault(w, r, f, status)
}

func (o Options) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				o.Log.Error("handler panicked", "method", r.Method, "path", r.Pattern, "panic", p)
				http.Error(w, "internal error", http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

const sessionPerson = "person"

// SignIn makes the session the person's; the token is new, so that one known before is worth nothing.
func SignIn(ctx context.Context, m *scs.SessionManager, p id.Person) error {
	if err := m.RenewToken(ctx); err != nil {
		return err
	}
	m.Put(ctx, sessionPerson, string(p))
	return nil
}

// SignOut ends the session.
func SignOut(ctx context.Context, m *scs.SessionManager) error { return m.Destroy(ctx) }

// preferences finds out who asks, in which language and theme. `?lang=` and `?theme=` set a cookie and lead back to the same address.
func (o Options) preferences(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if moved := remember(w, r); moved {
			return
		}
		asker := Asker{Actor: access.Visitor(), Language: text.Match(r.Header.Get("Accept-Language"))}
		if who := o.Sessions.GetString(r.Context(), sessionPerson); who != "" {
			err := o.DB.Read(r.Context(), func(tx *db.Tx) error {
				a, err := access.LoadActor(r.Context(), tx, id.Person(who))
				if err == nil {
					asker.Actor, asker.Language = a, a.Language
				}
				if fault.Is(err, fault.KindMissing) {
					return nil // the account is gone or disabled: a visitor again
				}
				return err
			})
			if err != nil {
				o.fail(w, r, err)
				return
			}
		}
		if c, err := r.Cookie("lang"); err == nil {
			if l, ok := text.ParseLanguage(c.Value); ok {
				asker.Language = l
			}
		}
		if c, err := r.Cookie("theme"); err == nil && (c.Value == "light" || c.Value == "dark") {
			asker.Theme = c.Value
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), askerKey, asker)))
	})
}

func remember(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodGet {
		return false
	}
	q := r.URL.Query()
	lang, theme := q.Get("lang"), q.Get("theme")
	_, known := text.ParseLanguage(lang)
	if lang == "" && theme == "" {
		return false
	}
	if known {
		http.SetCookie(w, Preference("lang", lang))
	}
	if theme == "light" || theme == "dark" || theme == "auto" {
		http.SetCookie(w, Preference("theme", theme))
	}
	q.Del("lang")
	q.Del("theme")
	to := *r.URL
	to.RawQuery = q.Encode()
	http.Redirect(w, r, to.RequestURI(), http.StatusSeeOther)
	return true
}

// Preference is a cookie by which a browser remembers what its user chose, for a year.
func Preference(name, value string) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()), HttpOnly: true,
		SameSite: http.SameSiteLaxMode}
}
