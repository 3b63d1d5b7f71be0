package signing

import (
	"bytes"
	"context"
	"encoding/json"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/id"
)

// Evidence says who signed what when, on its own: anybody can compute the hash of the document in it, and find each act in the audit trail
// by its number and hash.
type Evidence struct {
	Form        int             `json:"form"` // of this record: 1
	Programme   string          `json:"programme"`
	Agreement   id.Agreement    `json:"agreement"`
	Version     int             `json:"version"`
	Agency      string          `json:"agency"`
	Partner     string          `json:"partner"`
	Hash        string          `json:"document_sha256"`
	Document    json.RawMessage `json:"document"` // in canonical form
	Acceptances []Accepted      `json:"acceptances"`
	Signatures  []Signed        `json:"signatures"`
}

// Accepted is a side's acceptance of the content.
type Accepted struct {
	Side agreement.Side `json:"side"`
	Hash string         `json:"sha256"`
	At   db.Time        `json:"at"`
	By   id.Person      `json:"by,omitempty"`
}

// Signed is one signature. TrailHash is that of the entry of the audit trail under the number Trail.
type Signed struct {
	Place       int            `json:"place"`
	Side        agreement.Side `json:"side"`
	Name        string         `json:"name"`
	Title       string         `json:"title"`
	Person      id.Person      `json:"person"`
	Way         Way            `json:"way"`
	At          db.Time        `json:"at"`
	Hash        string         `json:"sha256"`
	Certificate string         `json:"certificate,omitempty"`
	Fingerprint string         `json:"certificate_sha256,omitempty"`
	FileHash    string         `json:"signed_pdf_sha256,omitempty"`
	Trail       int64          `json:"audit_n"`
	TrailHash   string         `json:"audit_hash"`
}

// JSON is the record as it is handed out: the same bytes for the same record. The document keeps its canonical form to the byte, "&" and "<"
// included, so that its hash can be computed.
func (e Evidence) JSON() ([]byte, error) {
	var b bytes.Buffer
	to := json.NewEncoder(&b)
	to.SetEscapeHTML(false)
	if err := to.Encode(e); err != nil {
		return nil, fault.Internal(err)
	}
	return b.Bytes(), nil
}

func evidenceOf(ctx context.Context, tx *db.Tx, g id.Programme, x Sheet) (Evidence, error) {
	form, err := x.Version.Document.Canonical()
	if err != nil {
		return Evidence{}, err
	}
	d := &x.Version.Document
	e := Evidence{Form: 1, Programme: d.Programme, Agreement: x.Agreement.ID, Version: x.Version.N, Agency: d.Agency.Label(),
		Partner: d.Partner.Label(), Hash: x.Version.Hash, Document: json.RawMessage(form)}
	for _, a := range x.Version.Bound {
		e.Acceptances = append(e.Acceptances, Accepted{a.Side, a.Hash, a.At, a.By})
	}
	for _, s := range x.Signatures {
		out := Signed{Place: s.Place, Side: s.Side, Name: s.Name, Title: s.Title, Person: s.Person, Way: s.Way, At: s.At, Hash: s.Hash,
			Certificate: s.Certificate, Fingerprint: s.Fingerprint, Trail: s.Trail}
		if err := tx.Row(ctx, selectLink, string(g), s.Trail).Scan(&out.TrailHash); err != nil {
			return e, err
		}
		if s.File != "" {
			if err := tx.Row(ctx, selectFileHash, g, s.File).Scan(&out.FileHash); err != nil {
				return e, err
			}
		}
		e.Signatures = append(e.Signatures, out)
	}
	return e, nil
}

// Record is the evidence of a sheet as it is handed out: that which was sealed with it, or before the seal what it would be now.
func Record(ctx context.Context, tx *db.Tx, g id.Programme, x Sheet) ([]byte, error) {
	if x.Seal == nil {
		e, err := evidenceOf(ctx, tx, g, x)
		if err != nil {
			return nil, err
		}
		return e.JSON()
	}
	f, err := file.Load(ctx, tx, access.System("evidence"), g, x.Seal.Evidence) // leave was asked on the agreement
	if err != nil {
		return nil, err
	}
	return file.Read(ctx, tx, g, f)
}

// Sealed is the sealed document of a sheet; missing (signing.unsealed) before the seal.
func Sealed(ctx context.Context, tx *db.Tx, g id.Programme, x Sheet) ([]byte, error) {
	if x.Seal == nil {
		return nil, fault.Missing("signing.unsealed", nil)
	}
	f, err := file.Load(ctx, tx, access.System("seal"), g, x.Seal.Document) // leave was asked on the agreement
	if err != nil {
		return nil, err
	}
	return file.Read(ctx, tx, g, f)
}
