// Package signatures holds the pages on which agreements are signed: the page of one, and the ceremony of many.
package signatures

import (
	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/frame"
)

// pages answers the addresses of Routes.
type pages struct {
	*frame.Web
	hasher *access.Hasher
}

// Routes is every address of the package. The hasher checks the password of who signs on a screen that somebody else has open.
func Routes(w *frame.Web, hasher *access.Hasher) []serve.Route {
	p := pages{w, hasher}
	return []serve.Route{
		{Method: "GET", Pattern: "/agreements/{partner}/sign", Verb: "agreement.read", Handle: p.signing},
		{Method: "POST", Pattern: "/agreements/{partner}/sign", Verb: "signature.put", Handle: p.sign},
		{Method: "POST", Pattern: "/agreements/{partner}/sign/upload", Verb: "signature.put", Handle: p.upload},
		{Method: "GET", Pattern: "/agreements/{partner}/agreement.pdf", Verb: "agreement.read", Handle: p.document},
		{Method: "GET", Pattern: "/agreements/{partner}/evidence.json", Verb: "agreement.read", Handle: p.evidence},
		{Method: "GET", Pattern: "/ceremony", Verb: "ceremony.hold", Handle: p.ceremony},
		{Method: "POST", Pattern: "/ceremony/{partner}", Verb: "ceremony.hold", Handle: p.ceremonySign},
	}
}
