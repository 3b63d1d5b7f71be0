package api

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"mime"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"errera.eu/errera/internal/api/operation"
	"errera.eu/errera/internal/dossier"
)

// download registers the read of a file of a kind: its bytes as they are, under the name that it is saved by.
func download[I interface{ programme() string }](a *API, e endpoint, kind string, fn func(c *call, in *I) (name string, body []byte, err error)) {
	shape := operation.Shape{Headers: []string{"Content-Type", "Content-Disposition", "ETag"}}
	register(a, e, http.MethodGet, shape, func(ctx context.Context, in *I) (*operation.Answer, error) {
		var name string
		var body []byte
		err := a.read(ctx, in, func(c *call) (err error) {
			name, body, err = fn(c, in)
			return err
		})
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(body)
		return &operation.Answer{Body: body, Headers: [][2]string{
			{"Content-Type", kind},
			{"Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name})},
			{"ETag", `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`},
		}}, nil
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
