// Package file keeps proofs: bytes that somebody handed in, known by their SHA-256, of a kind that their content tells and not their name,
// and never changed again. What a proof is for stands with the noun that holds its id. The bytes lie in the database (docs/adr/015), so
// that one copy of it is a whole copy.
package file

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

// MaxBytes is the size of the largest proof.
const MaxBytes = 20 << 20

// maxName is what a shown file name may have in runes.
const maxName = 120

// Scan is what a virus scanner said.
type Scan string

// The results of scanning; what is infected is never kept.
const (
	Clean      Scan = "clean"
	NotScanned Scan = "not-scanned" // no scanner is set
)

// File is a proof as kept, without its bytes.
type File struct {
	ID      id.File
	Partner id.Organisation // whose it is; "" for the agency's own
	Name    string
	Type    Type
	Size    int64
	SHA256  string // lower-case hexadecimal
	Scan    Scan
	Added   db.Time
	AddedBy id.Person // "" for the system
}

// Subject is the file as leave is checked on it.
func (f File) Subject() access.Subject { return access.Subject{Kind: "file", Partner: f.Partner} }

// Proof is an upload that was looked at and may be added. Only Check and Made make one.
type Proof struct {
	name   string
	kind   Type
	sha256 string
	scan   Scan
	bytes  []byte
}

// SHA256 is the proof's fingerprint, in lower-case hexadecimal.
func (p Proof) SHA256() string { return p.sha256 }

// Bytes is what was handed in. The caller leaves it unchanged.
func (p Proof) Bytes() []byte { return p.bytes }

// Type is what the content is.
func (p Proof) Type() Type { return p.kind }

// Check reads an upload and looks at it, outside any unit of work: invalid at the field when it is empty, larger than MaxBytes, of a kind
// that is not accepted, or infected; unavailable when the scanner does not answer.
func Check(ctx context.Context, s Scanner, field, name string, from io.Reader) (Proof, error) {
	name = shown(name)
	all, err := io.ReadAll(io.LimitReader(from, MaxBytes+1))
	if err != nil {
		return Proof{}, fault.Unavailable("file.unread", text.Args{"name": name}, err)
	}
	switch {
	case len(all) == 0:
		return Proof{}, fault.Invalid(field, "file.empty", text.Args{"name": name})
	case len(all) > MaxBytes:
		return Proof{}, fault.Invalid(field, "file.too_large", text.Args{"name": name, "most": MaxBytes >> 20})
	}
	kind, known := typeOf(all)
	if !known {
		return Proof{}, fault.Invalid(field, "file.bad_type", text.Args{"name": name})
	}
	p := Made(name, kind, all)
	if s.Address == "" {
		return p, nil
	}
	found, err := s.scan(ctx, bytes.NewReader(all))
	if err != nil {
		return Proof{}, fault.Unavailable("file.scanner", nil, err)
	}
	if found != "" {
		return Proof{}, fault.Invalid(field, "file.infected", text.Args{"name": name, "found": found})
	}
	p.scan = Clean
	return p, nil
}

// Made is a proof of what the program itself made, such as a sealed document.
func Made(name string, kind Type, content []byte) Proof {
	sum := sha256.Sum256(content)
	return Proof{name: shown(name), kind: kind, sha256: hex.EncodeToString(sum[:]), scan: NotScanned, bytes: content}
}

// shown is a name that can stand in a page, a header and a folder: without path, control characters or quotes, and not too long.
func shown(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || !unicode.IsPrint(r) || strings.ContainsRune(`"<>:|?*`, r) {
			return -1
		}
		return r
	}, name))
	if n := utf8.RuneCountInString(name); n > maxName {
		runes := []rune(name)
		ending := []rune(path.Ext(name))
		if len(ending) > 8 {
			ending = nil
		}
		name = string(runes[:maxName-len(ending)]) + string(ending)
	}
	if strings.Trim(name, "./") == "" {
		return "file"
	}
	return name
}

// Add keeps a proof of an organisation ("" for the agency), in a unit of work that writes in the programme.
func Add(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, partner id.Organisation, p Proof) (File, error) {
	if p.sha256 == "" {
		return File{}, fault.Internal(errors.New("file: a proof that nobody looked at"))
	}
	f := File{ID: id.New[id.File](), Partner: partner, Name: p.name, Type: p.kind, Size: int64(len(p.bytes)), SHA256: p.sha256, Scan: p.scan,
		Added: tx.Now, AddedBy: by.ID}
	if err := by.May("file.add", f.Subject()); err != nil {
		return File{}, err
	}
	if err := save(ctx, tx, g, f, p.bytes); err != nil {
		return File{}, err
	}
	return f, audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: "file.add", ObjectKind: "file", ObjectID: string(f.ID),
		After: map[string]any{"name": f.Name, "type": string(f.Type), "size": f.Size, "sha256": f.SHA256, "scan": string(f.Scan)}})
}

// Load is a proof that the actor may read, without its bytes; missing (file.missing) otherwise.
func Load(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, file id.File) (File, error) {
	f, err := load(ctx, tx, g, file)
	if err != nil {
		return File{}, err
	}
	if by.May("file.read", f.Subject()) != nil { // somebody else's reads as missing
		return File{}, fault.Missing("file.missing", nil)
	}
	return f, nil
}

// Kept is a file without its bytes, for the noun that holds its id and has asked leave on itself; missing (file.missing) when there is none.
func Kept(ctx context.Context, tx *db.Tx, g id.Programme, file id.File) (File, error) {
	return load(ctx, tx, g, file)
}

// Read gives the bytes of a proof that Load gave. Bytes that no longer have their fingerprint are internal.
func Read(ctx context.Context, tx *db.Tx, g id.Programme, f File) ([]byte, error) {
	all, err := read(ctx, tx, g, f)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(all)
	if hex.EncodeToString(sum[:]) != f.SHA256 {
		return nil, fault.Internal(errors.New("file: the bytes of " + string(f.ID) + " are not those that were kept"))
	}
	return all, nil
}
