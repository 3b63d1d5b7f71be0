package access

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"errera.eu/errera/internal/db"
)

var (
	findSession = db.SQL("access.session.find",
		`select s.data from session s where s.token_hash = $1 and s.expires_at > $2`)
	keepSession = db.SQL("access.session.keep",
		`insert into session (token_hash, data, expires_at) values ($1, $2, $3)
		 on conflict (token_hash) do update set data = excluded.data, expires_at = excluded.expires_at`)
	dropSession   = db.SQL("access.session.drop", `delete from session where token_hash = $1`)
	sweepSessions = db.SQL("access.session.sweep", `delete from session where expires_at <= $1`)
)

// SessionLifetime is how long a session lasts, however it is used: a row is written at sign-in and at sign-out, never by reading pages.
const SessionLifetime = 12 * time.Hour

// SessionStore keeps sessions in the database, so that a restart signs nobody out. A token is kept only as its SHA-256: who reads the table
// cannot act as anybody. A session is no fact of the house, so writing one takes no head: it wakes no cache and waits for no verb on
// PostgreSQL; on SQLite it takes the one writer for a single statement.
type SessionStore struct {
	db *db.DB
}

// Sessions makes the session manager over the database; secure is for a site that is reached by HTTPS.
func Sessions(d *db.DB, secure bool) *scs.SessionManager {
	m := scs.New()
	m.Store = NewSessionStore(d)
	m.Lifetime = SessionLifetime
	m.Cookie = scs.SessionCookie{Name: "session", Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode, Persist: true}
	if secure {
		m.Cookie.Name = "__Host-session" // a neighbour on a subdomain cannot set it
	}
	return m
}

// NewSessionStore is the store over the database.
func NewSessionStore(d *db.DB) *SessionStore { return &SessionStore{db: d} }

// FindCtx is the data of a token that has not expired.
func (s *SessionStore) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	var kept string
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.Row(ctx, findSession, tokenHash(token), string(tx.Now)).Scan(&kept)
	})
	if err == db.ErrNone {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	data, err = base64.StdEncoding.DecodeString(kept)
	return data, err == nil, nil // what does not decode was tampered with: no session
}

// CommitCtx keeps the data of a token until expiry.
func (s *SessionStore) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, err := s.db.Pool().ExecContext(ctx, keepSession.Text, tokenHash(token), base64.StdEncoding.EncodeToString(data),
		string(db.TimeOf(expiry)))
	return err
}

// DeleteCtx forgets a token; one that is not there is fine.
func (s *SessionStore) DeleteCtx(ctx context.Context, token string) error {
	_, err := s.db.Pool().ExecContext(ctx, dropSession.Text, tokenHash(token))
	return err
}

// Sweep deletes what has expired and tells how many sessions that were.
func (s *SessionStore) Sweep(ctx context.Context) (int, error) {
	res, err := s.db.Pool().ExecContext(ctx, sweepSessions.Text, string(s.db.Now()))
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// Find is FindCtx for callers without a context.
func (s *SessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx for callers without a context.
func (s *SessionStore) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx for callers without a context.
func (s *SessionStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
