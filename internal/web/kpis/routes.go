// Package kpis holds the table of promises, the page of a KPI and the evidence behind every figure.
package kpis

import (
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
		{Method: "GET", Pattern: "/kpis", Verb: "kpi.read", Handle: p.kpis},
		{Method: "GET", Pattern: "/kpis/{kpi}", Verb: "kpi.read", Handle: p.kpi},
		{Method: "GET", Pattern: "/kpis/{kpi}/edit", Verb: "kpi.change", Handle: p.edit},
		{Method: "POST", Pattern: "/kpis/{kpi}/edit", Verb: "kpi.change", Handle: p.change},
		{Method: "GET", Pattern: "/reach", Verb: "kpi.read", Handle: p.reach},
		{Method: "GET", Pattern: "/suppose", Verb: "settlement.read", Handle: p.suppose},
		{Method: "GET", Pattern: "/quality", Verb: "evidence.read", Handle: p.quality},
		{Method: "POST", Pattern: "/quality", Verb: "finding.resolve", Handle: p.resolveFinding},
		{Method: "GET", Pattern: "/evidence", Verb: "evidence.read", Handle: p.evidence},
		{Method: "GET", Pattern: "/evidence/{id}", Verb: "evidence.read", Handle: p.evidenceRow},
		{Method: "POST", Pattern: "/evidence/{id}/{verb}", Verb: "evidence.read", Handle: p.decideEvidence},
	}
}
