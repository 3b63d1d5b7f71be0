package access

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Token is a personal token as it is kept: a program shows its secret in place of a sign-in and may do what its person may, within the
// scopes. The secret itself is kept nowhere.
type Token struct {
	ID       id.Token    `json:"id"`
	Person   id.Person   `json:"person"`
	Name     string      `json:"name"`
	Scopes   []string    `json:"scopes"`
	MadeAt   db.Time     `json:"made_at"`
	Expires  period.Date `json:"expires_on"` // its last day
	Revoked  bool        `json:"revoked"`
	LastUsed period.Date `json:"last_used_on"` // "" never
}

// NewToken is a token to be made. Days is how long it lives, at most MaxTokenDays.
type NewToken struct {
	Name   string
	Scopes []string
	Days   int
}

// MaxTokenDays is the longest life of a token.
const MaxTokenDays = 366

// tokenMark begins every secret, so that people and scanners of leaked secrets know one when they see it.
const tokenMark = "errera_"

// TokenScope is the scope that a token needs for the verb: the object, then read or write. "" for a verb that no token lends: people and
// tokens are managed in person.
func (v Verb) TokenScope() string {
	switch {
	case v.Object == "user" || v.Object == "token":
		return ""
	case v.Reads:
		return v.Object + ":read"
	}
	return v.Object + ":write"
}

// TokenScopes lists every scope that a token can have, in the order of the verb table.
func TokenScopes() []string {
	var all []string
	for _, v := range Verbs() {
		if s := v.TokenScope(); s != "" && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// Within is the same person with no more leave than the scopes of a token give.
func (a Actor) Within(scopes []string) Actor {
	a.token = append([]string{}, scopes...)
	return a
}

// lends tells whether the verb lies within the scopes of the actor's token; always when the actor came in person.
func (a Actor) lends(v *Verb) bool {
	return a.token == nil || slices.Contains(a.token, v.TokenScope())
}

// check tells what is wrong with the token to be made.
func (n NewToken) check() error {
	var faults []error
	if n.Name == "" || len(n.Name) > 100 || strings.ContainsFunc(n.Name, func(r rune) bool { return r < ' ' }) {
		faults = append(faults, fault.Invalid("name", "access.token_name", nil))
	}
	known := TokenScopes()
	if len(n.Scopes) == 0 {
		faults = append(faults, fault.Invalid("scope", "access.token_no_scope", text.Args{"scopes": strings.Join(known, ", ")}))
	}
	for _, s := range n.Scopes {
		if !slices.Contains(known, s) {
			faults = append(faults, fault.Invalid("scope", "access.token_unknown_scope",
				text.Args{"found": s, "scopes": strings.Join(known, ", ")}))
		}
	}
	if n.Days < 1 || n.Days > MaxTokenDays {
		faults = append(faults, fault.Invalid("days", "access.token_days", text.Args{"max": MaxTokenDays}))
	}
	return fault.Join(faults...)
}

// newSecret makes a secret: its mark, the id that it is kept under and 256 random bits. The hash of it is what is kept; a secret of that size
// needs no slow hash.
func newSecret[ID ~string](mark string, kept ID) string {
	random := make([]byte, 32)
	_, _ = rand.Read(random) // crypto/rand never fails
	return mark + strings.ReplaceAll(string(kept), "-", "") + "_" + base64.RawURLEncoding.EncodeToString(random)
}

// secretID is the id in a secret with the mark; false for what is none.
func secretID[ID ~string](mark, secret string) (ID, bool) {
	rest, marked := strings.CutPrefix(secret, mark)
	bare, random, parted := strings.Cut(rest, "_")
	raw, err := hex.DecodeString(bare)
	if !marked || !parted || random == "" || err != nil || len(raw) != 16 {
		return "", false
	}
	kept, err := id.Parse[ID](bare[:8] + "-" + bare[8:12] + "-" + bare[12:16] + "-" + bare[16:20] + "-" + bare[20:])
	return kept, err == nil
}

// same compares hashes without telling by its time how much of them agrees.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// TokenScopes are the scopes of the token that the actor came with; none when it came in person.
func (a Actor) TokenScopes() []string { return a.token }
