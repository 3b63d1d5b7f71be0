// Package audit records every change of state in a chain of hashes, one chain per programme and one for the agency (scope ""), so that a
// row changed, taken out or put in afterwards shows. The words of a change (before and after) lie beside the chain, which holds only
// their salted digest: erasing a person removes words and salt and leaves the chain whole. It proves that the record is as it was written;
// it does not say who may do what. Whoever may rewrite the whole database may also rewrite a whole chain: keep the last hash elsewhere.
package audit

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

// Change is what one verb did to one object.
type Change struct {
	Verb       string // object.verb, as in the verb table
	ObjectKind string
	ObjectID   string
	Before     any       // nil: there was nothing, or nothing worth keeping; else what encoding/json takes
	After      any       // likewise
	Person     id.Person // whose personal data Before and After hold, or ""
}

// A link is what the hash of a row covers.
type link struct {
	scope      string
	n          int64
	at         string
	actor      string
	verb       string
	objectKind string
	objectID   string
	digest     string
}

// hash chains a row to the one before it: SHA-256 in lower-case hex over the hash before ("" for the first), scope, number, moment, actor,
// verb, object kind, object id and digest, each written as its length in bytes, a colon, the text and a comma.
func (l link) hash(before string) string {
	return sum(before, l.scope, strconv.FormatInt(l.n, 10), l.at, l.actor, l.verb, l.objectKind, l.objectID, l.digest)
}

// digestOf covers the words of a row: its salt, before and after, in the form of hash.
func digestOf(salt, before, after string) string { return sum(salt, before, after) }

func sum(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write(strconv.AppendInt(nil, int64(len(p)), 10))
		h.Write([]byte{':'})
		h.Write([]byte(p))
		h.Write([]byte{','})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// saltBytes is enough to keep a digest of few possible words from being guessed.
const saltBytes = 16

// Append records changes in a scope (a programme's id, or "" for the agency) in the order given, many in few statements. Actor is a
// person's id or system:NAME. The unit of work must write in the scope.
func Append(ctx context.Context, tx *db.Tx, scope, actor string, changes ...Change) error {
	if len(changes) == 0 {
		return nil
	}
	n, before, err := tx.Chain(scope)
	if err != nil {
		return err
	}
	salts := make([]byte, saltBytes*len(changes))
	if _, err := rand.Read(salts); err != nil {
		return fault.Internal(err)
	}
	links, words := make([][]any, len(changes)), make([][]any, len(changes))
	for i, c := range changes {
		was, err := canonical(c.Before)
		if err != nil {
			return fault.Internal(fmt.Errorf("audit %s: before: %w", c.Verb, err))
		}
		is, err := canonical(c.After)
		if err != nil {
			return fault.Internal(fmt.Errorf("audit %s: after: %w", c.Verb, err))
		}
		salt := hex.EncodeToString(salts[i*saltBytes : (i+1)*saltBytes])
		l := link{scope, n + int64(i), string(tx.Now), actor, c.Verb, c.ObjectKind, c.ObjectID, digestOf(salt, was, is)}
		before = l.hash(before)
		links[i] = []any{l.scope, l.n, l.at, l.actor, l.verb, l.objectKind, l.objectID, l.digest, before}
		words[i] = []any{l.scope, l.n, salt, was, is, c.Person}
	}
	err = tx.Insert(ctx, "audit", strings.Fields("scope n at actor verb object_kind object_id digest hash"), links)
	if err != nil {
		return err
	}
	if err := tx.Insert(ctx, "audit_words", strings.Fields("scope n salt before after person_id"), words); err != nil {
		return err
	}
	tx.Link(scope, n+int64(len(changes))-1, before)
	return nil
}

// canonical is v as JSON on one line with sorted keys and numbers as written, so that the same value always has the same text; "" for nil.
func canonical(v any) (string, error) {
	if v == nil {
		return "", nil
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return "", err
	}
	if tree == nil { // a nil pointer, map or slice
		return "", nil
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(tree); err != nil {
		return "", err
	}
	return strings.TrimSuffix(out.String(), "\n"), nil
}
