// Package signing is how an agreed text becomes an agreement: its signatories put their names under one content, each once and in order;
// the last of them makes it count and books its commitments; a seal keeps the document with the evidence of who signed what when. What is
// agreed, and what the live rows then say, is agreement's.
package signing

import (
	"context"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/format/pdf"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Way is how a signature was put down.
type Way string

// The ways to sign.
const (
	InSession  Way = "session"   // by the person, signed in
	ByToken    Way = "token"     // by a program, with the person's own token
	InCeremony Way = "ceremony"  // on a screen that somebody else has open, with the person's own password
	Elsewhere  Way = "elsewhere" // in a program of the person's own, as a signature in the PDF
)

// Key is the way in words.
func (w Way) Key() text.Key { return text.Key("signing.way." + string(w)) }

// Signature is one name under a version.
type Signature struct {
	Place       int // in the order of the document's signatories, from 1
	Hash        string
	Side        agreement.Side
	Name, Title string // as the document has them, or the person's own name where it has none
	Person      id.Person
	Way         Way
	File        id.File // the signed PDF that was handed in; "" unless Elsewhere
	Certificate string  // whose the signature in it is, in the words of the certificate
	Fingerprint string  // SHA-256 of the certificate
	Trail       int64   // number of the entry in the audit trail
	At          db.Time
}

// Seal is a version's sealed document with its evidence.
type Seal struct {
	Document, Evidence id.File
	Certificate        string // whose key sealed it
	At                 db.Time
}

// Sheet is a version on its way from agreed to sealed.
type Sheet struct {
	Agreement  agreement.Agreement
	Version    agreement.Version // with its document
	Signatures []Signature
	Seal       *Seal // nil not yet
}

// Next is who signs next; false when nobody is left.
func (s Sheet) Next() (agreement.Signatory, bool) {
	all := s.Version.Document.Signatories
	if len(s.Signatures) >= len(all) {
		return agreement.Signatory{}, false
	}
	return all[len(s.Signatures)], true
}

// Open tells whether signatures are still awaited.
func (s Sheet) Open() bool {
	_, more := s.Next()
	return more && s.toSign()
}

// Complete tells whether everybody signed.
func (s Sheet) Complete() bool {
	n := len(s.Version.Document.Signatories)
	return n > 0 && len(s.Signatures) >= n
}

// Done is the day on which the last signature was put; "" before that.
func (s Sheet) Done() period.Date {
	if !s.Complete() {
		return ""
	}
	return s.Signatures[len(s.Signatures)-1].At.Date()
}

// Before tells whether the agreement runs on a version that was signed before Errera kept signatures.
func (s Sheet) Before() bool {
	return s.Agreement.Signed != "" && s.Version.N <= s.Agreement.Version && len(s.Signatures) == 0
}

// toSign tells whether the version is what its agreement waits for: the agreed text, or an amendment of the running one.
func (s Sheet) toSign() bool {
	switch s.Agreement.State {
	case agreement.Agreed:
		return s.Version.Document.Amends == 0
	case agreement.Signed, agreement.Active:
		return s.Version.Document.Amends > 0 && s.Version.N > s.Agreement.Version
	}
	return false
}

// Load is the sheet of the newest version that both sides accepted, within the actor's scope; missing (signing.nothing) when there is none.
func Load(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a id.Agreement) (Sheet, error) {
	found, err := agreement.Load(ctx, tx, by.ScopeFor("agreement.read"), g, a)
	if err != nil {
		return Sheet{}, err
	}
	return sheetOf(ctx, tx, g, found)
}

func sheetOf(ctx context.Context, tx *db.Tx, g id.Programme, a agreement.Agreement) (Sheet, error) {
	all, err := agreement.Versions(ctx, tx, g, a.ID)
	if err != nil {
		return Sheet{}, err
	}
	v, found := agreement.AcceptedLast(all)
	if !found {
		return Sheet{}, fault.Missing("signing.nothing", nil)
	}
	return sheetAt(ctx, tx, g, a, v.N)
}

// At is the sheet of one version of an agreement that the caller has loaded within a scope.
func At(ctx context.Context, tx *db.Tx, g id.Programme, a agreement.Agreement, n int) (Sheet, error) {
	return sheetAt(ctx, tx, g, a, n)
}

func sheetAt(ctx context.Context, tx *db.Tx, g id.Programme, a agreement.Agreement, n int) (Sheet, error) {
	s := Sheet{Agreement: a}
	var err error
	if s.Version, err = agreement.LoadVersion(ctx, tx, g, a.ID, n); err != nil {
		return s, err
	}
	if s.Signatures, err = signatures(ctx, tx, g, a.ID, n); err != nil {
		return s, err
	}
	s.Seal, err = sealOf(ctx, tx, g, a.ID, n)
	return s, err
}

// Mark is what a signatory puts down.
type Mark struct {
	Hash   string // of the content that the person has read
	Way    Way
	Signed file.File     // Elsewhere: the PDF that was handed in, kept already
	By     pdf.Signature // Elsewhere: the signature in it
}

// Put puts the actor's name under the version that waits for it, on the content that the actor has read. Conflict when it is another
// content (agreement.hash_moved), nothing waits (signing.closed), somebody else comes first (signing.not_your_turn) or the actor signed
// already (signing.signed_already); denied to who is no signatory of it. The last signature makes it count: see conclude.
func Put(ctx context.Context, tx *db.Tx, by access.Actor, s *agreement.Setting, a id.Agreement, m Mark) (Sheet, error) {
	g := s.Programme.ID
	found, err := agreement.Load(ctx, tx, by.ScopeFor("signature.put"), g, a)
	if err != nil {
		return Sheet{}, err
	}
	sheet, err := sheetOf(ctx, tx, g, found)
	if err != nil {
		return sheet, err
	}
	who, err := sheet.mayPut(by, m.Hash)
	if err != nil {
		return sheet, err
	}
	x := Signature{Place: len(sheet.Signatures) + 1, Hash: sheet.Version.Hash, Side: who.Side, Name: who.Name, Title: who.Title, Person: by.ID,
		Way: m.Way, At: tx.Now}
	if x.Name == "" {
		x.Name = by.Name
	}
	if m.Way == Elsewhere {
		x.File, x.Certificate, x.Fingerprint = m.Signed.ID, m.By.Subject, m.By.Fingerprint
	}
	if x.Trail, _, err = tx.Chain(string(g)); err != nil {
		return sheet, err
	}
	err = audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: "signature.put", ObjectKind: "agreement", ObjectID: string(a),
		After: map[string]any{"version": sheet.Version.N, "hash": x.Hash, "place": x.Place, "side": string(x.Side), "way": string(x.Way),
			"file": string(x.File), "certificate": x.Certificate}})
	if err != nil {
		return sheet, err
	}
	if err := put(ctx, tx, g, a, sheet.Version.N, x); err != nil {
		return sheet, err
	}
	sheet.Signatures = append(sheet.Signatures, x)
	if !sheet.Complete() {
		return sheet, tellNext(ctx, tx, s, sheet)
	}
	sheet.Agreement, err = conclude(ctx, tx, by, s, sheet)
	return sheet, err
}

// mayPut finds the place at which the actor signs now.
func (s Sheet) mayPut(by access.Actor, hash string) (agreement.Signatory, error) {
	next, more := s.Next()
	switch {
	case len(s.Version.Document.Signatories) == 0:
		return next, fault.Conflict("signing.nobody_named", nil)
	case !s.toSign() || !more:
		return next, fault.Conflict("signing.closed", text.Args{"state": s.Agreement.State.Key()})
	case s.Version.Hash != hash:
		return next, fault.Conflict("agreement.hash_moved", text.Args{"n": s.Version.N, "hash": agreement.Short(s.Version.Hash),
			"read": agreement.Short(hash)})
	}
	if err := by.May("signature.put", access.Subject{Kind: "signature", Partner: s.Agreement.Partner.ID}); err != nil {
		return next, err
	}
	if slices.ContainsFunc(s.Signatures, func(x Signature) bool { return x.Person == by.ID }) {
		return next, fault.Conflict("signing.signed_already", nil)
	}
	if s.is(by, next) {
		return next, nil
	}
	for _, later := range s.Version.Document.Signatories[len(s.Signatures):] {
		if s.is(by, later) {
			return next, fault.Conflict("signing.not_your_turn", text.Args{"name": next.Name, "side": next.Side.Key()})
		}
	}
	return next, fault.Denied("signing.no_signatory", text.Args{"partner": s.Agreement.Partner.Label()})
}

// is tells whether the actor is a signatory of the document: somebody who signs for that side, under the address that the document names.
// Where it names none, anybody who signs for that side.
func (s Sheet) is(by access.Actor, x agreement.Signatory) bool {
	if x.Email != "" && !strings.EqualFold(x.Email, by.Email) {
		return false
	}
	return slices.ContainsFunc(by.Memberships, func(m access.Membership) bool {
		if m.Role != access.Signatory {
			return false
		}
		if x.Side == agreement.OfAgency {
			return m.Agency
		}
		return !m.Agency && m.Organisation == s.Agreement.Partner.ID
	})
}

// Turn tells whether it is the actor who signs now.
func (s Sheet) Turn(by access.Actor) bool {
	_, err := s.mayPut(by, s.Version.Hash)
	return err == nil
}

// Sheets lists, within the actor's scope, the newest accepted version of every agreement that is agreed, signed or active, in the order of
// the agreements.
func Sheets(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) ([]Sheet, error) {
	found, err := agreement.List(ctx, tx, by.ScopeFor("agreement.read"), g)
	if err != nil {
		return nil, err
	}
	var all []Sheet
	for _, a := range found {
		if !slices.Contains([]agreement.State{agreement.Agreed, agreement.Signed, agreement.Active}, a.State) {
			continue
		}
		s, err := sheetOf(ctx, tx, g, a)
		if fault.Is(err, fault.KindMissing) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// Waiting lists the Sheets on which signatures are awaited.
func Waiting(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) ([]Sheet, error) {
	all, err := Sheets(ctx, tx, by, g)
	return slices.DeleteFunc(all, func(s Sheet) bool { return !s.Open() }), err
}

// Amendments lists the amendments of a programme that everybody signed, whose day has come, and that are not in force yet.
func Amendments(ctx context.Context, tx *db.Tx, g id.Programme) ([]Sheet, error) {
	all, err := Sheets(ctx, tx, access.System("effective-date"), g)
	return slices.DeleteFunc(all, func(s Sheet) bool {
		return s.Version.Document.Amends == 0 || s.Version.N <= s.Agreement.Version || !s.Complete() || s.Version.Document.EffectiveOn > tx.Now.Date()
	}), err
}
