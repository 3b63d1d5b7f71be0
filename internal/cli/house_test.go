package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/intake"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/web"
	"errera.eu/errera/internal/web/frame"
)

// root is the repository's folder as seen from this package.
const root = "../.."

func byHand() string { return filepath.Join(root, "demo", "by-hand") }

// errera runs one command as a person at a terminal would and returns its exit code, results and messages.
func errera(t testing.TB, args ...string) (code int, out, messages string) {
	t.Helper()
	var o, e bytes.Buffer
	code = Main("test", args, strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

// must is errera for commands that have to succeed.
func must(t testing.TB, args ...string) string {
	t.Helper()
	code, out, messages := errera(t, args...)
	if code != 0 {
		t.Fatalf("errera %s: exit code %d\n%s", strings.Join(args, " "), code, messages)
	}
	return out
}

func decode(t testing.TB, s string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(s), into); err != nil {
		t.Fatalf("%v in %s", err, s)
	}
}

// house is a served database with the small programme in it.
type house struct {
	db        *db.DB
	programme programme.Programme
	server    *httptest.Server
	people    map[string]access.DemoPerson // by e-mail
	chromium  context.Context              // once a tab was opened, with the axe that looks at its pages
	axe       string
}

// open serves the small programme, with its one year settled and communicated.
func openHouse(t testing.TB) *house {
	t.Helper()
	d := dbtest.Open(t)
	loadFolder(t, d, byHand())
	return serveHouse(t, d)
}

// openHouseAt serves the small programme too, and gives the address of its database, for commands beside it.
func openHouseAt(t testing.TB) (h *house, dsn string) {
	t.Helper()
	dsn = dbtest.DSN(t)
	must(t, "--db", dsn, "import", "programme", byHand())
	d, err := db.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return serveHouse(t, d), dsn
}

// serveHouse serves a database that holds one programme.
func serveHouse(t testing.TB, d *db.DB) *house {
	t.Helper()
	ctx := context.Background()
	h := &house{db: d, people: map[string]access.DemoPerson{}}
	err := h.db.Read(ctx, func(tx *db.Tx) (err error) {
		h.programme, err = programme.Current(ctx, tx, "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	handler, err := handler(ctx, h.db, web.Options{Options: frame.Options{Demo: true, AsOf: h.programme.Ends}}, false)
	if err != nil {
		t.Fatal(err)
	}
	h.server = httptest.NewServer(handler)
	t.Cleanup(h.server.Close)
	return h
}

func loadFolder(t testing.TB, d *db.DB, dir string) {
	t.Helper()
	ctx := context.Background()
	folder, err := intake.ReadProgramme(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := intake.Load(ctx, d, access.System("operator"), folder, nil); err != nil {
		t.Fatal(err)
	}
}

// as signs a person of the database in and returns their browser; "" is a visitor.
func (h *house) as(t testing.TB, email string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if email == "" {
		return client
	}
	const password = "only for this test run"
	ctx := context.Background()
	if err := access.SetPassword(ctx, h.db, access.NewHasher(), email, password); err != nil {
		t.Fatal(err)
	}
	res, err := client.PostForm(h.server.URL+"/sign-in", url.Values{"email": {email}, "password": {password}})
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s cannot sign in: %s", email, res.Status)
	}
	return client
}
