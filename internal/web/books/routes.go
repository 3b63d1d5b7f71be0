// Package books holds the pages of money: settlements and their statements, costs with claims and payments, the ledger.
package books

import (
	"errera.eu/errera/internal/memo"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/web/frame"
)

// pages answers the addresses of Routes.
type pages struct {
	*frame.Web
	live *memo.Memo[liveKey, settlement.Result]
}

// Routes is every address of the package.
func Routes(w *frame.Web) []serve.Route {
	p := pages{w, memo.New[liveKey, settlement.Result](128)}
	return []serve.Route{
		{Method: "GET", Pattern: "/settlements", Verb: "settlement.read", Handle: p.settlements},
		{Method: "GET", Pattern: "/settlements/{partner}/{year}", Verb: "settlement.read", Handle: p.settlement},
		{Method: "GET", Pattern: "/settlements/{partner}/{year}/letter", Verb: "settlement.read", Handle: p.letter},
		{Method: "GET", Pattern: "/settlements/{partner}/{year}/letter.pdf", Verb: "settlement.read", Handle: p.letterPDF},
		{Method: "POST", Pattern: "/settlements/{partner}/{year}/{verb}", Verb: "settlement.read", Handle: p.actOnSettlement},
		{Method: "GET", Pattern: "/costs", Verb: "claim.read", Handle: p.costs},
		{Method: "GET", Pattern: "/ledger", Verb: "ledger.read", Handle: p.ledger},
		{Method: "GET", Pattern: "/ledger/close", Verb: "ledger.read", Handle: p.close},
		{Method: "POST", Pattern: "/ledger/close", Verb: "books.close", Handle: p.closeYear},
	}
}
