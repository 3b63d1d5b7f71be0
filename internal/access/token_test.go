package access

import (
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

func TestTokenScopes(t *testing.T) {
	all := TokenScopes()
	for _, s := range []string{"activity:read", "activity:write", "claim:read", "evidence:write"} {
		if !strings.Contains(" "+strings.Join(all, " ")+" ", " "+s+" ") {
			t.Errorf("no scope %s", s)
		}
	}
	for _, s := range all {
		if strings.HasPrefix(s, "user:") || strings.HasPrefix(s, "token:") {
			t.Errorf("%s: people and tokens are managed in person", s)
		}
	}
}

// A token never gives more than its person has, nor more than its scopes.
func TestWithin(t *testing.T) {
	person := Actor{ID: "p", Memberships: []Membership{{Organisation: "o", Role: Finance}}}
	subject := Subject{Partner: "o"}
	for _, v := range Verbs() {
		in := person.Holds(v.Name)
		none, one := person.Within(nil), person.Within([]string{v.TokenScope()})
		if none.Holds(v.Name) || none.ScopeFor(v.Name) != "" || none.Can(v.Name, subject) {
			t.Errorf("%s with a token without scopes", v.Name)
		}
		if lent := in && v.TokenScope() != ""; one.Holds(v.Name) != lent {
			t.Errorf("%s with its scope: %v, in person %v", v.Name, one.Holds(v.Name), in)
		}
	}
	err := person.Within([]string{"claim:read"}).May("claim.submit", Subject{Kind: "claim", State: "draft", Partner: "o"})
	if f := fault.Of(err); f.Kind != fault.KindDenied || f.Key != "access.token_scope" {
		t.Error(err)
	}
}

// keys is a house with an officer and an administrator, on a day that moves.
type keys struct {
	*house
	now       time.Time
	me, admin Actor
}

func newKeys(t *testing.T, d *db.DB) *keys {
	t.Helper()
	k := &keys{now: time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)}
	k.house = newHouse(t, d.WithClock(func() time.Time { return k.now }))
	for email, role := range map[string]Role{"me@example.org": Officer, "admin@example.org": Administrator} {
		k.agency(func(tx *db.Tx) error {
			_, err := Add(t.Context(), tx, System("operator"), NewPerson{Email: email, Name: "N", Role: role, Organisation: "fit"})
			return err
		})
	}
	k.read(func(tx *db.Tx) (err error) {
		if k.me, err = LoadActorByEmail(t.Context(), tx, "me@example.org"); err == nil {
			k.admin, err = LoadActorByEmail(t.Context(), tx, "admin@example.org")
		}
		return err
	})
	return k
}

func (k *keys) read(fn func(tx *db.Tx) error) {
	k.t.Helper()
	if err := k.db.Read(k.t.Context(), fn); err != nil {
		k.t.Error(err)
	}
}

func (k *keys) create(by Actor, n NewToken) (made Token, secret string, err error) {
	err = k.db.WriteAgency(k.t.Context(), func(tx *db.Tx) (err error) {
		made, secret, err = CreateToken(k.t.Context(), tx, by, "me@example.org", n)
		return err
	})
	return made, secret, err
}

func (k *keys) revoke(by Actor, token id.Token) error {
	return k.db.WriteAgency(k.t.Context(), func(tx *db.Tx) error { return RevokeToken(k.t.Context(), tx, by, token) })
}

func (k *keys) by(secret string) (a Actor, err error) {
	err = k.db.Read(k.t.Context(), func(tx *db.Tx) (err error) { a, _, err = ByToken(k.t.Context(), tx, secret); return err })
	return a, err
}

func good() NewToken { return NewToken{Name: "crm", Scopes: []string{"activity:read"}, Days: 2} }

func TestWhoMakesTokens(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		k := newKeys(t, d)
		for name, c := range map[string]struct {
			by   Actor
			n    NewToken
			kind fault.Kind
		}{
			"for somebody else":  {k.admin, good(), fault.KindDenied},
			"by a token":         {k.me.Within([]string{"activity:read"}), good(), fault.KindDenied},
			"by a visitor":       {Visitor(), good(), fault.KindDenied},
			"without a name":     {k.me, NewToken{Scopes: good().Scopes, Days: 1}, fault.KindInvalid},
			"without a scope":    {k.me, NewToken{Name: "x", Days: 1}, fault.KindInvalid},
			"with a wrong scope": {k.me, NewToken{Name: "x", Scopes: []string{"user:write"}, Days: 1}, fault.KindInvalid},
			"for ever":           {k.me, NewToken{Name: "x", Scopes: good().Scopes, Days: 367}, fault.KindInvalid},
		} {
			if _, _, err := k.create(c.by, c.n); !fault.Is(err, c.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		for name, by := range map[string]Actor{"oneself": k.me, "the operator": System("operator")} {
			if _, secret, err := k.create(by, good()); err != nil || !strings.HasPrefix(secret, "errera_") {
				t.Errorf("%s: %q, %v", name, secret, err)
			}
		}
	})
}

func TestWhatATokenOpens(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		k := newKeys(t, d)
		made, secret, err := k.create(k.me, good())
		if err != nil {
			t.Fatal(err)
		}
		if a, err := k.by(secret); err != nil || a.ID != k.me.ID || !a.Holds("activity.read") || a.Holds("activity.plan") {
			t.Errorf("by the token: %+v, %v", a, err)
		}
		var kept string
		k.read(func(tx *db.Tx) error {
			return tx.Row(t.Context(), db.Query{Name: "access.test.token", Text: "select secret_hash || name || scopes from api_token"}).Scan(&kept)
		})
		if strings.Contains(kept, secret[len(secret)-20:]) {
			t.Errorf("the secret is kept: %s", kept)
		}
		for _, wrong := range []string{"", "errera_", secret + "x", secret[:len(secret)-1], strings.Replace(secret, "errera_", "errera_0", 1),
			strings.ToUpper(secret)} {
			if _, err := k.by(wrong); !fault.Is(err, fault.KindDenied) {
				t.Errorf("%q: %v", wrong, err)
			}
		}
		k.now = k.now.AddDate(0, 0, 2)
		if _, err := k.by(secret); err != nil {
			t.Errorf("on its last day: %v", err)
		}
		if err := TokenUsed(t.Context(), k.db, made); err != nil {
			t.Error(err)
		}
		k.read(func(tx *db.Tx) error {
			all, err := Tokens(t.Context(), tx, k.me, "me@example.org")
			if len(all) != 1 || all[0].Revoked || all[0].LastUsed != "2026-01-07" {
				t.Errorf("tokens: %+v", all)
			}
			return err
		})
		k.now = k.now.AddDate(0, 0, 1)
		if _, err := k.by(secret); !fault.Is(err, fault.KindDenied) {
			t.Errorf("after its last day: %v", err)
		}
	})
}

func TestRevokingATokenEndsIt(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		k := newKeys(t, d)
		made, secret, err := k.create(k.me, good())
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			by    Actor
			token id.Token
			kind  fault.Kind
		}{
			"a stranger": {Actor{ID: "stranger"}, made.ID, fault.KindDenied},
			"a token":    {k.me.Within(TokenScopes()), made.ID, fault.KindDenied},
			"of nothing": {k.me, id.New[id.Token](), fault.KindMissing},
		} {
			if err := k.revoke(c.by, c.token); !fault.Is(err, c.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := k.revoke(k.admin, made.ID); err != nil {
			t.Error(err)
		}
		if err := k.revoke(k.me, made.ID); !fault.Is(err, fault.KindConflict) {
			t.Errorf("revoked twice: %v", err)
		}
		if _, err := k.by(secret); !fault.Is(err, fault.KindDenied) {
			t.Errorf("after it was revoked: %v", err)
		}
		k.read(func(tx *db.Tx) error {
			if _, err := Tokens(t.Context(), tx, Actor{ID: "stranger"}, "me@example.org"); !fault.Is(err, fault.KindDenied) {
				t.Errorf("listed by a stranger: %v", err)
			}
			return nil
		})
	})
}
