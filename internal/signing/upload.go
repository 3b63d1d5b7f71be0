package signing

import (
	"context"
	"errors"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/format/pdf"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

// Field is the form field of a signed PDF.
const Field = "pdf"

// Handed is a PDF that was signed elsewhere and found good for a sheet.
type Handed struct {
	hash  string
	proof file.Proof
	by    pdf.Signature
}

// Examine looks at a PDF that somebody says they signed, outside any unit of work: it is a PDF, its last signature covers all of it, every
// signature fits, and its pages are exactly those of the version. What is wrong is invalid at Field. That an authority vouches for the
// signer is not asked: the evidence says whose certificate it is, and a person who is signed in handed it in.
func Examine(x Sheet, p file.Proof) (Handed, error) {
	if p.Type() != file.PDF {
		return Handed{}, fault.Invalid(Field, "signing.upload.no_pdf", nil)
	}
	ours, err := Print(x.Version)
	if err != nil {
		return Handed{}, fault.Internal(err)
	}
	all, err := pdf.Verify(p.Bytes(), ours)
	if err != nil {
		return Handed{}, refusal(err, x)
	}
	return Handed{x.Version.Hash, p, all[len(all)-1]}, nil
}

func refusal(err error, x Sheet) error {
	for _, c := range []struct {
		is  error
		key text.Key
	}{
		{pdf.ErrUnsigned, "signing.upload.unsigned"},
		{pdf.ErrNotWhole, "signing.upload.not_whole"},
		{pdf.ErrAltered, "signing.upload.altered"},
		{pdf.ErrOther, "signing.upload.other"},
	} {
		if errors.Is(err, c.is) {
			return fault.Invalid(Field, c.key, text.Args{"n": x.Version.N, "hash": agreement.Short(x.Version.Hash)})
		}
	}
	return fault.Invalid(Field, "signing.upload.no_pdf", nil)
}

// PutSigned keeps a PDF that Examine found good and puts it down as the actor's signature. A signature that stands on the sheet already is
// invalid at Field: the file was handed in by somebody before.
func PutSigned(ctx context.Context, tx *db.Tx, by access.Actor, s *agreement.Setting, a id.Agreement, h Handed) (Sheet, error) {
	found, err := agreement.Load(ctx, tx, by.ScopeFor("signature.put"), s.Programme.ID, a)
	if err != nil {
		return Sheet{}, err
	}
	x, err := sheetOf(ctx, tx, s.Programme.ID, found)
	if err != nil {
		return x, err
	}
	if _, err := x.mayPut(by, h.hash); err != nil { // before anything is kept
		return x, err
	}
	for _, y := range x.Signatures {
		if y.Fingerprint == h.by.Fingerprint {
			return x, fault.Invalid(Field, "signing.upload.used", text.Args{"name": y.Name})
		}
	}
	kept, err := file.Add(ctx, tx, by, s.Programme.ID, found.Partner.ID, h.proof)
	if err != nil {
		return x, err
	}
	return Put(ctx, tx, by, s, a, Mark{Hash: h.hash, Way: Elsewhere, Signed: kept, By: h.by})
}
