package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
)

// keepReplies is how long a create can be asked again.
const keepReplies = 7 * 24 * time.Hour

var (
	findReply = db.SQL("api.reply.find",
		`select r.request_hash, r.location, r.body from api_reply r where r.programme_id = $1 and r.person_id = $2 and r.key = $3`)
	sweepReplies = db.SQL("api.reply.sweep", `delete from api_reply where made_at < $1`)
)

// kept is what a create answered.
type kept struct{ hash, location, body string }

// once does a create for the first request with a key, and for later ones gives the same answer. The writes of a programme follow each
// other, so two at the same time are first and later too. The same key with another request is invalid.
func once(c *call, operation, key string, in any, do func() (any, string, error)) (kept, error) {
	if strings.TrimSpace(key) == "" {
		return kept{}, fault.Invalid("Idempotency-Key", "api.no_idempotency_key", nil)
	}
	asked, err := json.Marshal(in)
	if err != nil {
		return kept{}, fault.Internal(err)
	}
	sum := sha256.Sum256([]byte(operation + "\n" + string(asked)))
	hash := hex.EncodeToString(sum[:])
	var k kept
	err = c.tx.Row(c, findReply, c.g.ID, c.by.ID, key).Scan(&k.hash, &k.location, &k.body)
	switch {
	case err == nil && k.hash != hash:
		return kept{}, fault.Invalid("Idempotency-Key", "api.key_reused", nil)
	case err == nil:
		return k, nil
	case err != db.ErrNone:
		return kept{}, err
	}
	made, location, err := do()
	if err != nil {
		return kept{}, err
	}
	body, err := json.Marshal(made)
	if err != nil {
		return kept{}, fault.Internal(err)
	}
	k = kept{hash, location, string(body)}
	return k, c.tx.Insert(c, "api_reply", strings.Fields("programme_id person_id key request_hash location body made_at"),
		[][]any{{c.g.ID, c.by.ID, key, k.hash, k.location, k.body, c.tx.Now}})
}

// Sweep forgets replies that nobody asks for again. They are no facts of the house: it takes no head.
func Sweep(ctx context.Context, d *db.DB) error {
	_, err := d.Pool().ExecContext(ctx, sweepReplies.Text, string(db.TimeOf(d.Now().Time().Add(-keepReplies))))
	return err
}
