// Package web holds the pages of agency, partners, auditors and companies. A page asks one read model or calls one verb and renders;
// it decides nothing and holds no SQL of its own. The pages live in sub-packages by noun, on frame; here they are put together.
package web

import (
	"embed"

	"github.com/alexedwards/scs/v2"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/admin"
	"errera.eu/errera/internal/web/agreements"
	"errera.eu/errera/internal/web/alerts"
	"errera.eu/errera/internal/web/apportion"
	"errera.eu/errera/internal/web/books"
	"errera.eu/errera/internal/web/calendar"
	"errera.eu/errera/internal/web/claims"
	"errera.eu/errera/internal/web/clauses"
	"errera.eu/errera/internal/web/cockpit"
	"errera.eu/errera/internal/web/duplicates"
	"errera.eu/errera/internal/web/feeds"
	"errera.eu/errera/internal/web/flow"
	"errera.eu/errera/internal/web/fragmentation"
	"errera.eu/errera/internal/web/frame"
	"errera.eu/errera/internal/web/gaps"
	"errera.eu/errera/internal/web/kpis"
	"errera.eu/errera/internal/web/library"
	"errera.eu/errera/internal/web/measures"
	"errera.eu/errera/internal/web/negotiation"
	"errera.eu/errera/internal/web/overlaps"
	"errera.eu/errera/internal/web/participants"
	"errera.eu/errera/internal/web/partner"
	"errera.eu/errera/internal/web/payments"
	"errera.eu/errera/internal/web/plans"
	"errera.eu/errera/internal/web/renewal"
	"errera.eu/errera/internal/web/rules"
	"errera.eu/errera/internal/web/samples"
	"errera.eu/errera/internal/web/signatures"
)

// Files are the style sheet and script of our own and, once fetched, the front-end packages.
//
//go:embed all:assets
var Files embed.FS

// Options are what the pages need to know of the outside.
type Options struct {
	frame.Options
	Sessions *scs.SessionManager
	Hasher   *access.Hasher
}

// Web answers the pages.
type Web struct {
	*frame.Web
	sessions *scs.SessionManager
	hasher   *access.Hasher
}

// New makes the pages.
func New(o Options) *Web { return &Web{frame.New(o.Options), o.Sessions, o.Hasher} }

// Routes is every address of the pages, with the verb that its reader must hold.
func (w *Web) Routes() []serve.Route {
	routes := []serve.Route{
		{Method: "GET", Pattern: "/sign-in", Handle: w.signInPage},
		{Method: "POST", Pattern: "/sign-in", Handle: w.signIn},
		{Method: "POST", Pattern: "/demo/sign-in", Handle: w.demoSignIn},
		{Method: "POST", Pattern: "/sign-out", Handle: w.signOut},
	}
	for _, of := range []func(*frame.Web) []serve.Route{
		admin.Routes,
		agreements.Routes,
		apportion.Routes,
		alerts.Routes,
		books.Routes,
		calendar.Routes,
		claims.Routes,
		clauses.Routes,
		cockpit.Routes,
		duplicates.Routes,
		feeds.Routes,
		flow.Routes,
		fragmentation.Routes,
		gaps.Routes,
		kpis.Routes,
		library.Routes,
		measures.Routes,
		negotiation.Routes,
		overlaps.Routes,
		participants.Routes,
		partner.Routes,
		payments.Routes,
		plans.Routes,
		renewal.Routes,
		rules.Routes,
		samples.Routes,
	} {
		routes = append(routes, of(w.Web)...)
	}
	return append(routes, signatures.Routes(w.Web, w.hasher)...)
}
