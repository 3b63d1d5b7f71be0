// Package claims holds the pages of claims: the inbox, a partner's draft with its checks and what it would pay, the verification of an item
// beside its proof, the dossier
// that an auditor takes along; decisions about money, and the calendar of terms.
package claims

import (
	"errera.eu/errera/internal/memo"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/frame"
)

// pages answers the addresses of Routes.
type pages struct {
	*frame.Web
	read  *memo.Memo[readKey, loaded]
	lists *memo.Memo[listKey, itemList]
}

// Routes is every address of the package.
func Routes(w *frame.Web) []serve.Route {
	p := pages{w, memo.New[readKey, loaded](64), memo.New[listKey, itemList](64)}
	return []serve.Route{
		{Method: "GET", Pattern: "/claims", Verb: "claim.read", Handle: p.inbox},
		{Method: "POST", Pattern: "/claims", Verb: "claim.draft", Handle: p.draft},
		{Method: "GET", Pattern: "/claims/{partner}/{year}/{number}", Verb: "claim.read", Handle: p.claim},
		{Method: "POST", Pattern: "/claims/{partner}/{year}/{number}/{verb}", Verb: "claim.read", Handle: p.act},
		{Method: "GET", Pattern: "/claims/{partner}/{year}/{number}/proofs/{id}", Verb: "claim.read", Handle: p.proof},
		{Method: "GET", Pattern: "/claims/{partner}/{year}/{number}/suppose", Verb: "claim.read", Handle: p.suppose},
		{Method: "GET", Pattern: "/claims/{partner}/{year}/{number}/letter", Verb: "claim.read", Handle: p.letterPage},
		{Method: "GET", Pattern: "/claims/{partner}/{year}/{number}/letter.pdf", Verb: "claim.read", Handle: p.letterPDF},
		{Method: "GET", Pattern: "/claims/{partner}/{year}/{number}/dossier", Verb: "claim.read", Handle: p.dossier},
		{Method: "GET", Pattern: "/decisions", Verb: "decision.read", Handle: p.decisions},
		{Method: "POST", Pattern: "/decisions/{verb}", Verb: "decision.read", Handle: p.decide},
		{Method: "GET", Pattern: "/terms", Verb: "claim.read", Handle: p.terms},
	}
}
