// Package api is the JSON interface that partners' own programs use: the same verbs and reads as the pages, under /api/v1, described by
// OpenAPI 3.1. A resource is one file, named after its noun. What all resources share is here: who asks (a personal token), how often, what
// a fault looks like (RFC 9457), pages by key, and how a change is kept from being lost or made twice. It holds no rule of any domain.
package api

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/api/limit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
)

// Options are what the interface needs to know of the outside.
type Options struct {
	More   []func(*API) // resources in packages of their own
	DB     *db.DB
	Assets *serve.Assets // of the page that describes the interface
	Limit  limit.Limit   // of each token, and of each address without one
	Log    *slog.Logger
	Proofs file.Scanner // looks at proofs

	Evidence *evidence.Mirror // rows kept in memory, shared with the pages; nil reads them each time
}

// API answers below /api/.
type API struct {
	db     *db.DB
	assets *serve.Assets
	log    *slog.Logger
	huma   huma.API
	mux    *http.ServeMux
	rate   *limit.Limiter
	boards *boards
	ends   []Endpoint
	proofs file.Scanner
}

// Endpoint is one operation, as the walk over every address wants to know it.
type Endpoint struct {
	Method, Path string
	Verb         access.VerbName
}

// New makes the interface.
func New(o Options) *API {
	mux := http.NewServeMux()
	a := &API{db: o.DB, assets: o.Assets, log: o.Log, mux: mux, rate: limit.New(o.Limit), boards: newBoards(o.Evidence), proofs: o.Proofs}
	config := huma.DefaultConfig("Errera", "1")
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "/api/openapi", "", ""
	config.CreateHooks = nil // bodies carry no links to schemas
	config.RejectUnknownQueryParameters = true
	config.Transformers = []huma.Transformer{a.translate}
	config.Info.Description = about
	config.Info.License = &huma.License{Name: "EUPL-1.2", Identifier: "EUPL-1.2"}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer",
		Description: "A personal token. It does what its person may do, within its scopes."}}
	config.Security = []map[string][]string{{"token": {}}}
	a.huma = humago.New(mux, config)
	a.huma.UseMiddleware(a.enter)
	a.resources()
	for _, of := range o.More {
		of(a)
	}
	a.describeFaults()
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		a.refuse(w, r, fault.Missing("api.no_address", nil))
	})
	return a
}

// resources lists the nouns; each stands in a file of its own.
func (a *API) resources() {
	a.token()
	a.programmes()
	a.organisations()
	a.agreements()
	a.activities()
	a.participations()
	a.kpis()
	a.alerts()
	a.plans()
	a.reach()
	a.evidence()
	a.claims()
	a.costs()
	a.decisions()
	a.payments()
	a.accounts()
	a.bankLines()
	a.settlements()
}

const about = `The programmes of an agency and its partners: activities, participation, evidence, KPIs, costs and settlements.

Every request carries a personal token: ` + "`Authorization: Bearer errera_…`" + `. Lists come in pages; ` + "`next`" + ` of one page is
` + "`after`" + ` of the following. A create needs an Idempotency-Key: the same key with the same request answers the same and makes nothing
twice. A change needs If-Match with the ETag that was read: who comes second is refused. Faults are problem details (RFC 9457) in the
language of Accept-Language (nl, en, fr), with the field that they are about. Amounts are decimal texts in the programme's currency; days
are ISO 8601.`

func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }

// Endpoints lists every operation.
func (a *API) Endpoints() []Endpoint { return a.ends }

// OpenAPI is the description as YAML.
func (a *API) OpenAPI() ([]byte, error) { return a.huma.OpenAPI().YAML() }

type contextKey int

const askerKey contextKey = iota

// asker is who asks, and how the answer is to be said.
type asker struct {
	access.Actor
	language text.Language
}

func askerOf(ctx context.Context) asker {
	if who, ok := ctx.Value(askerKey).(asker); ok {
		return who
	}
	return asker{Actor: access.Visitor(), language: text.EN}
}

// call is what a handler works with: one unit of work in the name of one person.
type call struct {
	context.Context
	tx *db.Tx
	by access.Actor
	g  programme.Programme // none where the path names none
}
