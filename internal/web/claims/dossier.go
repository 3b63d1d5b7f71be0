package claims

import (
	"net/http"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/dossier"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/frame"
)

// dossier gives everything about a claim as one ZIP.
func (w pages) dossier(out http.ResponseWriter, r *http.Request) error {
	var d dossier.Dossier
	_, err := w.Read(r, "claims", func(tx *db.Tx, p *frame.Page) error {
		claim, err := locate(r.Context(), tx, *p, r)
		if err != nil {
			return err
		}
		d, err = dossier.OfClaim(r.Context(), tx, p.Actor, p.Programme, claim, p.Language)
		return err
	})
	if err != nil {
		return err
	}
	return serve.Send(out, serve.Download{Name: d.Name, Type: "application/zip", Bytes: d.Bytes})
}
