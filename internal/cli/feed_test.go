package cli

import (
	"encoding/json"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// TestFeedsFromTheCommandLine: a coordinator registers a feed of its own partner; a reading of an address on this machine is refused, told and kept.
func TestFeedsFromTheCommandLine(t *testing.T) {
	db := "--db=" + filepath.Join(t.TempDir(), "errera.db")
	must(t, db, "import", "programme", byHand())
	inside := httptest.NewServer(nil)
	t.Cleanup(inside.Close)
	as := "--as=coordinator@alpha.example"
	if code, _, messages := errera(t, db, as, "feed", "add", "beta", inside.URL, "--programme=by-hand"); code != exitDenied {
		t.Error(code, messages)
	}
	code, _, messages := errera(t, db, as, "feed", "add", "alpha", "ftp://x", "--market=XX", "--every=0", "--type=party", "--programme=by-hand")
	for _, want := range []string{"url: “ftp://x” is no web address", "markets: ", "type: "} {
		if code != exitInvalid || !strings.Contains(messages, want) {
			t.Errorf("%d %s, want %s", code, messages, want)
		}
	}
	var rows []struct {
		ID, Partner, Outcome, Fault string
		Every                       int `json:"every_hours"`
	}
	read := func(out string) {
		t.Helper()
		rows = nil
		if err := json.Unmarshal([]byte(out), &rows); err != nil || len(rows) != 1 {
			t.Fatalf("%v: %s", err, out)
		}
	}
	read(must(t, db, as, "--format=json", "feed", "add", "alpha", inside.URL+"/a.ics", "--market=DE", "--every=6", "--programme=by-hand"))
	if rows[0].Partner != "alpha" || rows[0].Every != 6 {
		t.Errorf("%+v", rows)
	}
	feed := rows[0].ID
	code, _, messages = errera(t, db, as, "--lang=fr", "feed", "run", feed, "--programme=by-hand")
	if code != exitDone || !strings.Contains(messages, "n’est pas sur l’internet public") {
		t.Error(code, messages)
	}
	read(must(t, db, "--format=json", "feed", "list", "--programme=by-hand"))
	if rows[0].Outcome != "failed" || !strings.Contains(rows[0].Fault, "is not on the public internet") {
		t.Errorf("%+v", rows)
	}
	read(must(t, db, as, "--format=json", "feed", "change", feed, "--market=-", "--every=12", "--programme=by-hand"))
	if rows[0].Every != 12 {
		t.Errorf("%+v", rows)
	}
	code, _, messages = errera(t, db, as, "feed", "change", feed, "--url=ftp://x", "--every=0", "--programme=by-hand")
	for _, want := range []string{"url: “ftp://x” is no web address", "every: "} {
		if code != exitInvalid || !strings.Contains(messages, want) {
			t.Errorf("%d %s, want %s", code, messages, want)
		}
	}
	if code, _, _ := errera(t, db, "--as=coordinator@beta.example", "feed", "change", feed, "--every=1", "--programme=by-hand"); code != exitMissing {
		t.Error(code)
	}
	if code, _, _ := errera(t, db, "--as=coordinator@beta.example", "feed", "remove", feed, "--programme=by-hand"); code != exitMissing {
		t.Error(code)
	}
	must(t, db, as, "feed", "remove", feed, "--programme=by-hand")
	if code, _, _ := errera(t, db, "feed", "run", feed, "--programme=by-hand"); code != exitMissing {
		t.Error(code)
	}
}
