package access

import (
	"database/sql"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
)

var (
	_ scs.Store    = (*SessionStore)(nil)
	_ scs.CtxStore = (*SessionStore)(nil)
)

func TestSessionStore(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		now := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
		s := NewSessionStore(d.WithClock(func() time.Time { return now }))
		find := func(token string) string {
			data, found, err := s.Find(token)
			if err != nil {
				t.Fatal(err)
			}
			if !found {
				return "none"
			}
			return string(data)
		}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(s.Commit("one", []byte("\x00\xff first"), now.Add(time.Hour)))
		must(s.Commit("two", []byte("second"), now.Add(2*time.Hour)))
		must(s.Commit("two", []byte("changed"), now.Add(3*time.Hour)))
		if find("one") != "\x00\xff first" || find("two") != "changed" || find("three") != "none" {
			t.Errorf("found %q, %q, %q", find("one"), find("two"), find("three"))
		}
		must(s.Delete("three")) // not there: fine
		now = now.Add(time.Hour)
		if find("one") != "none" || find("two") != "changed" {
			t.Errorf("after its hour: %q, %q", find("one"), find("two"))
		}
		if n, err := s.Sweep(t.Context()); n != 1 || err != nil {
			t.Errorf("swept %d, %v", n, err)
		}
		must(s.Delete("two"))
		if find("two") != "none" {
			t.Error("deleted and still there")
		}
		must(s.Commit("bad", []byte("x"), now.Add(time.Hour)))
		if _, err := d.Pool().ExecContext(t.Context(), "update session set data = '%%%'"); err != nil {
			t.Fatal(err)
		}
		if find("bad") != "none" {
			t.Error("a session that was tampered with is believed")
		}
	})
}

// A page that only reads writes no session row; the table holds no token; a restart signs nobody out.
func TestSessionsOverHTTP(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		manager := Sessions(d, true)
		mux := http.NewServeMux()
		mux.HandleFunc("/in", func(w http.ResponseWriter, r *http.Request) {
			if err := manager.RenewToken(r.Context()); err != nil {
				t.Error(err)
			}
			manager.Put(r.Context(), "person", "me")
		})
		mux.HandleFunc("/who", func(w http.ResponseWriter, r *http.Request) {
			w.Write([]byte(manager.GetString(r.Context(), "person")))
		})
		get := func(m *scs.SessionManager, path string, cookie *http.Cookie) *http.Response {
			r := httptest.NewRequest("GET", path, nil)
			if cookie != nil {
				r.AddCookie(cookie)
			}
			w := httptest.NewRecorder()
			m.LoadAndSave(mux).ServeHTTP(w, r)
			return w.Result()
		}
		if c := get(manager, "/who", nil).Cookies(); len(c) != 0 || len(sessions(t, d)) != 0 {
			t.Fatalf("a visitor got a session: %v", c)
		}
		in := get(manager, "/in", nil).Cookies()
		if len(in) != 1 || !in[0].HttpOnly || !in[0].Secure || in[0].SameSite != http.SameSiteLaxMode || !strings.HasPrefix(in[0].Name, "__Host-") {
			t.Fatalf("cookie %v", in)
		}
		before := sessions(t, d)
		who := get(manager, "/who", in[0])
		if b := body(t, who); b != "me" || len(who.Cookies()) != 0 {
			t.Errorf("who: %q, %v", b, who.Cookies())
		}
		after := sessions(t, d)
		if len(before) != 1 || len(after) != 1 || before[0] != after[0] {
			t.Errorf("reading wrote: %v, then %v", before, after)
		}
		if strings.Contains(before[0], in[0].Value) || !strings.Contains(before[0], tokenHash(in[0].Value)) {
			t.Error("the table holds the token itself")
		}
		manager = Sessions(d, true) // as after a restart
		if b := body(t, get(manager, "/who", in[0])); b != "me" {
			t.Errorf("after a restart: %q", b)
		}
	})
}

// Writing a session wakes no cache that hangs on the version of the agency.
func TestSessionsLeaveTheHeadAlone(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		version := func() (v db.Version) {
			if err := d.Read(t.Context(), func(tx *db.Tx) (err error) { v, err = tx.Version(t.Context(), ""); return err }); err != nil {
				t.Fatal(err)
			}
			return v
		}
		before := version()
		if err := NewSessionStore(d).Commit("x", []byte("y"), time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if version() != before {
			t.Error("a session moved the agency's head")
		}
	})
}

func sessions(t *testing.T, d *db.DB) (rows []string) {
	t.Helper()
	all := db.SQL("access.test.sessions", `select s.token_hash, s.data, s.expires_at from session s`)
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.Each(t.Context(), all, nil, func(r *sql.Rows) error {
			var hash, data, expires string
			err := r.Scan(&hash, &data, &expires)
			rows = append(rows, hash+" "+data+" "+expires)
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func BenchmarkSessionWrite(b *testing.B) {
	s := NewSessionStore(dbtest.Open(b))
	for b.Loop() {
		if err := s.Commit("token", []byte(strings.Repeat("x", 200)), time.Now().Add(time.Hour)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSessionRead(b *testing.B) {
	s := NewSessionStore(dbtest.Open(b))
	if err := s.Commit("token", []byte(strings.Repeat("x", 200)), time.Now().Add(time.Hour)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, found, err := s.Find("token"); !found || err != nil {
			b.Fatal(found, err)
		}
	}
}
