package api

import (
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

const addressKey contextKey = askerKey + 1

// enter stands before every operation: who asks, how often, and whether a role and the token's scope allow it at all. The verb itself asks
// again on what it is done to.
func (a *API) enter(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	ctx = huma.WithValue(ctx, addressKey, ctx.URL())
	who, key, err := a.identify(r)
	ctx = huma.WithValue(ctx, askerKey, who)
	r = r.WithContext(ctx.Context())
	if wait := a.rate.Take(a.db.Now().Time(), key); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		a.refuse(w, r, fault.Unavailable(keyTooMany, nil, nil))
		return
	}
	if err == nil {
		err = allowed(who.Actor, ctx.Operation())
	}
	if err != nil {
		a.refuse(w, r, err)
		return
	}
	next(ctx)
}

// identify finds who asks by the token, and what their requests are counted under: the token, or without a good one the address.
func (a *API) identify(r *http.Request) (asker, string, error) {
	who := asker{Actor: access.Visitor(), language: text.Match(r.Header.Get("Accept-Language"))}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "bearer") || secret == "" {
		return who, host, fault.Denied(keyNoToken, nil)
	}
	var token access.Token
	err = a.db.Read(r.Context(), func(tx *db.Tx) (err error) {
		who.Actor, token, err = access.ByToken(r.Context(), tx, strings.TrimSpace(secret))
		return err
	})
	if err != nil {
		return who, host, err
	}
	if r.Header.Get("Accept-Language") == "" {
		who.language = who.Language
	}
	return who, string(token.ID), access.TokenUsed(r.Context(), a.db, token)
}

// allowed asks for a role that holds the operation's verb.
func allowed(by access.Actor, op *huma.Operation) error {
	verb, _ := op.Metadata["verb"].(access.VerbName)
	if verb == "" || by.Holds(verb) {
		return nil
	}
	return by.May(verb, access.Subject{}) // says what is missing: a scope or a role
}
