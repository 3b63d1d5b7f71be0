// Package renewal holds the pages of choosing partners for a round, and of opening the next one: candidates, their assessment, what an
// agreement would carry over.
package renewal

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
		{Method: "GET", Pattern: "/candidates", Verb: "candidate.read", Handle: p.candidates},
		{Method: "POST", Pattern: "/candidates", Verb: "candidate.name", Handle: p.name},
		{Method: "POST", Pattern: "/candidates/running", Verb: "candidate.name", Handle: p.nameRunning},
		{Method: "GET", Pattern: "/candidates/{partner}", Verb: "candidate.read", Handle: p.candidate},
		{Method: "POST", Pattern: "/candidates/{partner}/{verb}", Verb: "candidate.read", Handle: p.act},
		{Method: "GET", Pattern: "/criteria", Verb: "candidate.criteria", Handle: p.criteria},
		{Method: "POST", Pattern: "/criteria", Verb: "candidate.criteria", Handle: p.setCriteria},
		{Method: "GET", Pattern: "/renewal", Verb: "programme.renew", Handle: p.renewal},
		{Method: "POST", Pattern: "/renewal", Verb: "programme.renew", Handle: p.open},
		{Method: "GET", Pattern: "/renewal/{partner}", Verb: "programme.renew", Handle: p.carried},
	}
}
