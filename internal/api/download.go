package api

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"mime"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"errera.eu/errera/internal/dossier"
)

// fileReply is an answer that is a file.
type fileReply struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	ETag        string `header:"ETag"`
	Body        []byte
}

// download registers the read of a file of a kind: its bytes as they are, under the name that it is saved by.
func download[I interface{ programme() string }](a *API, e endpoint, kind string, fn func(c *call, in *I) (name string, body []byte, err error)) {
	register(a, e, http.MethodGet, func(ctx context.Context, in *I) (*fileReply, error) {
		out := fileReply{Type: kind}
		err := a.read(ctx, in, func(c *call) error {
			name, body, err := fn(c, in)
			out.Disposition, out.Body = mime.FormatMediaType("attachment", map[string]string{"filename": name}), body
			return err
		})
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(out.Body)
		out.ETag = `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
		return &out, nil
	})
	answer := a.huma.OpenAPI().Paths["/api/v1"+e.path].Get.Responses[strconv.Itoa(http.StatusOK)]
	answer.Content = map[string]*huma.MediaType{kind: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
}

// DossierIn asks for the dossier of a claim.
type DossierIn struct {
	InProgramme
	ClaimPath
}

// claimDossier registers the ZIP that an auditor takes along.
func (a *API) claimDossier() {
	download(a, endpoint{id: "get-claim-dossier", path: claimAt + "/dossier", noun: "Claims", verb: "claim.read",
		summary: "Everything about a claim as one ZIP: items, proofs, questions, decisions, letter, postings, trail, each with its hash"}, "application/zip",
		func(c *call, in *DossierIn) (string, []byte, error) {
			claim, err := in.find(c)
			if err != nil {
				return "", nil, err
			}
			d, err := dossier.OfClaim(c, c.tx, c.by, c.g, claim, askerOf(c).language)
			return d.Name, d.Bytes, err
		})
}
