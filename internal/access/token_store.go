package access

import (
	"context"
	"database/sql"
	"strings"

	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

var (
	tokenByID = db.SQL("access.token.by_id",
		`select t.id, t.person_id, t.name, t.scopes, t.made_at, t.expires_on, t.revoked_at, t.last_used_on, t.secret_hash
		 from api_token t where t.id = $1`)
	tokensOf = db.SQL("access.token.of_person",
		`select t.id, t.person_id, t.name, t.scopes, t.made_at, t.expires_on, t.revoked_at, t.last_used_on, t.secret_hash
		 from api_token t where t.person_id = $1 order by t.made_at, t.id`)
	revokeToken = db.SQL("access.token.revoke", `update api_token set revoked_at = $2 where id = $1 and revoked_at = ''`)
	useToken    = db.SQL("access.token.use", `update api_token set last_used_on = $2 where id = $1 and last_used_on < $2`)
)

// CreateToken makes a token for a person and gives its secret, which is told this once. People make tokens for themselves; for anybody else
// only the operator does, who holds the database anyway. It belongs in a unit of work of the agency.
func CreateToken(ctx context.Context, tx *db.Tx, by Actor, email string, n NewToken) (Token, string, error) {
	n.Name = strings.TrimSpace(n.Name)
	person, err := LoadActorByEmail(ctx, tx, email)
	if err != nil {
		return Token{}, "", err
	}
	switch {
	case by.token != nil || (!by.IsSystem() && by.ID != person.ID):
		return Token{}, "", fault.Denied("access.token_own", nil)
	case by.IsSystem():
		if err := by.May("token.create", Subject{Kind: "token"}); err != nil {
			return Token{}, "", err
		}
	}
	if err := n.check(); err != nil {
		return Token{}, "", err
	}
	t := Token{ID: id.New[id.Token](), Person: person.ID, Name: n.Name, Scopes: n.Scopes, MadeAt: tx.Now,
		Expires: tx.Now.Date().AddDays(n.Days)}
	secret := newSecret(tokenMark, t.ID)
	err = tx.Insert(ctx, "api_token", strings.Fields("id person_id name secret_hash scopes made_at expires_on revoked_at last_used_on"),
		[][]any{{t.ID, t.Person, t.Name, tokenHash(secret), strings.Join(t.Scopes, " "), t.MadeAt, t.Expires, "", ""}})
	if err != nil {
		return Token{}, "", err
	}
	after := map[string]any{"name": t.Name, "scopes": t.Scopes, "expires": t.Expires}
	return t, secret, audit.Append(ctx, tx, "", by.Label(), tokenChange("token.create", t, nil, after))
}

// RevokeToken ends a token at once: one's own, or anybody's by an administrator. Conflict when it was revoked before.
func RevokeToken(ctx context.Context, tx *db.Tx, by Actor, token id.Token) error {
	t, _, err := scanToken(tx.Row(ctx, tokenByID, token))
	if err == db.ErrNone {
		return fault.Missing("access.token_missing", nil)
	}
	if err != nil {
		return err
	}
	if by.ID == "" || by.ID != t.Person || by.token != nil {
		if err := by.May("token.revoke", Subject{Kind: "token"}); err != nil {
			return err
		}
	}
	n, err := tx.Exec(ctx, revokeToken, token, tx.Now)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflict("access.token_revoked", nil)
	}
	return audit.Append(ctx, tx, "", by.Label(), tokenChange("token.revoke", t, map[string]any{"revoked": false}, map[string]any{"revoked": true}))
}

// Tokens lists a person's tokens, the oldest first: one's own, or anybody's for who may read users.
func Tokens(ctx context.Context, tx *db.Tx, by Actor, email string) ([]Token, error) {
	person, err := LoadActorByEmail(ctx, tx, email)
	if err != nil {
		return nil, err
	}
	if by.ID == "" || by.ID != person.ID {
		if err := by.May("user.read", Subject{Kind: "user"}); err != nil {
			return nil, err
		}
	}
	var all []Token
	err = tx.Each(ctx, tokensOf, []any{person.ID}, func(r *sql.Rows) error {
		t, _, err := scanToken(r)
		all = append(all, t)
		return err
	})
	return all, err
}

// ByToken is the person that a secret stands for, with no more leave than its scopes. Denied when it is no token, or one that has expired or
// was revoked, or whose person is gone: which of them is not told.
func ByToken(ctx context.Context, tx *db.Tx, secret string) (Actor, Token, error) {
	denied := fault.Denied("access.token_unknown", nil)
	token, ok := secretID[id.Token](tokenMark, secret)
	if !ok {
		return Visitor(), Token{}, denied
	}
	t, hash, err := scanToken(tx.Row(ctx, tokenByID, token))
	if err == db.ErrNone || (err == nil && (!same(hash, tokenHash(secret)) || t.Revoked || t.Expires < tx.Now.Date())) {
		return Visitor(), Token{}, denied
	}
	if err != nil {
		return Visitor(), Token{}, err
	}
	a, err := LoadActor(ctx, tx, t.Person)
	if fault.Is(err, fault.KindMissing) {
		return Visitor(), Token{}, denied
	}
	if err != nil {
		return Visitor(), Token{}, err
	}
	return a.Within(t.Scopes), t, nil
}

// TokenUsed notes the day on which a token was used last. Like a session it is no fact of the house: it takes no head.
func TokenUsed(ctx context.Context, d *db.DB, t Token) error {
	today := d.Now().Date()
	if t.LastUsed >= today {
		return nil
	}
	_, err := d.Pool().ExecContext(ctx, useToken.Text, string(t.ID), string(today))
	return err
}

func scanToken(r interface{ Scan(into ...any) error }) (Token, string, error) {
	var t Token
	var scopes, revoked, hash string
	err := r.Scan(&t.ID, &t.Person, &t.Name, &scopes, &t.MadeAt, &t.Expires, &revoked, &t.LastUsed, &hash)
	t.Scopes, t.Revoked = strings.Fields(scopes), revoked != ""
	return t, hash, err
}

func tokenChange(verb VerbName, t Token, before, after any) audit.Change {
	return audit.Change{Verb: string(verb), ObjectKind: "token", ObjectID: string(t.ID), Before: before, After: after, Person: t.Person}
}
