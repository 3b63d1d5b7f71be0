package agreements

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/signing"
)

// Signing is an agreed version on its way from agreed to sealed.
type Signing struct {
	Agreement   string           `json:"agreement_state" enum:"agreed,signed,active,terminated,closed,negotiating,abandoned,draft"`
	Version     int              `json:"version"`
	Hash        string           `json:"hash" doc:"SHA-256 of the content that is signed"`
	Open        bool             `json:"open" doc:"Signatures are awaited"`
	Mine        bool             `json:"mine" doc:"It is the asker who signs next"`
	Signatories []SignaturePlace `json:"signatories" nullable:"false" doc:"In the order in which they sign"`
	SealedAt    string           `json:"sealed_at"`
	SealedBy    string           `json:"sealed_by" doc:"The subject of the certificate"`
}

// SignaturePlace is who signs for a side, and when they did.
type SignaturePlace struct {
	Place       int    `json:"place"`
	Side        string `json:"side" enum:"agency,partner"`
	Name        string `json:"name"`
	Title       string `json:"title"`
	SignedAt    string `json:"signed_at" doc:"Empty as long as it is awaited"`
	Way         string `json:"way" enum:",session,token,ceremony,elsewhere" doc:"In a session of the person, by a program with the token of the person, in a ceremony with the password of the person, or elsewhere in a PDF that was handed in"`
	Certificate string `json:"certificate,omitempty" doc:"Of the signature in a PDF that was signed elsewhere"`
}

// Bytes is a file with its fingerprint.
type Bytes struct {
	Type   string `json:"type"`
	SHA256 string `json:"sha256" doc:"Of the bytes"`
	Base64 string `json:"base64" doc:"The bytes"`
}

// SignIn puts the asker's name under a content.
type SignIn struct {
	api.InProgramme
	api.Idempotent
	Partner string `path:"partner" doc:"Code of the partner"`
	Body    struct {
		Hash string `json:"hash" minLength:"64" maxLength:"64" doc:"Of the content that was read"`
	}
}

// SignedElsewhere hands in a PDF that the asker signed in another program.
type SignedElsewhere struct {
	api.InProgramme
	api.Idempotent
	Partner string `path:"partner" doc:"Code of the partner"`
	Body    struct {
		Name string `json:"name" minLength:"1" maxLength:"200"`
		PDF  []byte `json:"pdf" doc:"Base64; at most 10 MB: the printed version with a digital signature that covers all of it"`
	}
	proof file.Proof
}

func signatures(a *api.API) {
	const at, noun = "/programmes/{programme}/agreements/{partner}", "Signatures"
	api.Get(a, api.Operation{ID: "get-signing", Path: at + "/signing", Noun: noun, Summary: "Who signed, who signs next", Verb: "agreement.read"},
		func(c *api.Call, in *api.AgreementIn) (Signing, error) {
			x, err := sheet(c, in.Partner)
			return signingOut(c, x), err
		})
	api.Create(a, api.Operation{ID: "create-signature", Path: at + "/signatures", Noun: noun, Summary: "Sign, as the one whose turn it is", Verb: "signature.put"},
		func(c *api.Call, in *SignIn) (Signing, string, error) {
			return sign(c, in.Partner, func(s *agreement.Setting, x signing.Sheet) (signing.Sheet, error) {
				return signing.Put(c, c.Tx, c.By, s, x.Agreement.ID, signing.Mark{Hash: in.Body.Hash, Way: signing.ByToken})
			})
		})
	api.CreateAfter(a, api.Operation{ID: "create-signature-elsewhere", Path: at + "/signatures/pdf", Noun: noun, Verb: "signature.put", Most: 16 << 20,
		Summary: "Hand in a PDF that was signed in another program, as the one whose turn it is"},
		func(ctx context.Context, in *SignedElsewhere) (err error) {
			in.proof, err = a.Proof(ctx, signing.Field, in.Body.Name, in.Body.PDF)
			return err
		},
		func(c *api.Call, in *SignedElsewhere) (Signing, string, error) {
			return sign(c, in.Partner, func(s *agreement.Setting, x signing.Sheet) (signing.Sheet, error) {
				handed, err := signing.Examine(x, in.proof)
				if err != nil {
					return x, err
				}
				return signing.PutSigned(c, c.Tx, c.By, s, x.Agreement.ID, handed)
			})
		})
	api.Get(a, api.Operation{ID: "get-sealed-document", Path: at + "/sealed", Noun: noun, Summary: "The sealed PDF", Verb: "agreement.read"},
		func(c *api.Call, in *api.AgreementIn) (Bytes, error) {
			x, err := sheet(c, in.Partner)
			if err != nil {
				return Bytes{}, err
			}
			sealed, err := signing.Sealed(c, c.Tx, c.G.ID, x)
			return documentOut("application/pdf", sealed), err
		})
	api.Get(a, api.Operation{ID: "get-signing-evidence", Path: at + "/signing-evidence", Noun: noun, Summary: "The record of who signed what when", Verb: "agreement.read"},
		func(c *api.Call, in *api.AgreementIn) (Bytes, error) {
			x, err := sheet(c, in.Partner)
			if err != nil {
				return Bytes{}, err
			}
			record, err := signing.Record(c, c.Tx, c.G.ID, x)
			return documentOut("application/json", record), err
		})
}

// sign puts a signature on the sheet of a partner's agreement.
func sign(c *api.Call, partner string, put func(s *agreement.Setting, x signing.Sheet) (signing.Sheet, error)) (Signing, string, error) {
	x, err := sheet(c, partner)
	if err != nil {
		return Signing{}, "", err
	}
	s, err := settlement.SettingFor(c, c.Tx, c.G, x.Agreement)
	if err != nil {
		return Signing{}, "", err
	}
	x, err = put(&s, x)
	return signingOut(c, x), "/api/v1/programmes/" + c.G.Code + "/agreements/" + partner + "/signing", err
}

func sheet(c *api.Call, partner string) (signing.Sheet, error) {
	x, err := agreement.ByPartner(c, c.Tx, c.By.ScopeFor("agreement.read"), c.G.ID, partner)
	if err != nil {
		return signing.Sheet{}, err
	}
	return signing.Load(c, c.Tx, c.By, c.G.ID, x.ID)
}

func signingOut(c *api.Call, x signing.Sheet) Signing {
	out := Signing{Agreement: string(x.Agreement.State), Version: x.Version.N, Hash: x.Version.Hash, Open: x.Open(), Mine: x.Turn(c.By), Signatories: []SignaturePlace{}}
	for i, s := range x.Version.Document.Signatories {
		y := SignaturePlace{Place: i + 1, Side: string(s.Side), Name: s.Name, Title: s.Title}
		if i < len(x.Signatures) {
			z := x.Signatures[i]
			y.Name, y.SignedAt, y.Way, y.Certificate = z.Name, string(z.At), string(z.Way), z.Certificate
		}
		out.Signatories = append(out.Signatories, y)
	}
	if x.Seal != nil {
		out.SealedAt, out.SealedBy = string(x.Seal.At), x.Seal.Certificate
	}
	return out
}

func documentOut(kind string, b []byte) Bytes {
	sum := sha256.Sum256(b)
	return Bytes{kind, hex.EncodeToString(sum[:]), base64.StdEncoding.EncodeToString(b)}
}
