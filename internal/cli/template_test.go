package cli

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/api/agreements"
	"errera.eu/errera/internal/db/dbtest"
)

// TestClausesByCommand prints the clauses as a file, changes it and sets it again; a stale mark, a fault in the file and a person without
// leave change nothing.
func TestClausesByCommand(t *testing.T) {
	dsn := dbtest.DSN(t)
	must(t, "--db", dsn, "import", "programme", byHand())
	as := func(who string, args ...string) []string {
		return append([]string{"--db", dsn, "--as", who, "--lang", "en"}, append([]string{"agreement", "template"}, args...)...)
	}
	officer := "officer@bureau.example"
	file := filepath.Join(t.TempDir(), "clauses.toml")
	form := must(t, as(officer, "list", "--toml")...)
	mark := strings.Fields(form)[2]
	save := func(s string) {
		if err := os.WriteFile(file, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	refused := func(want int, says string, args []string) {
		t.Helper()
		if code, _, said := errera(t, args...); code != want || !strings.Contains(said, says) {
			t.Errorf("%v: %d, not %d: %s", args, code, want, said)
		}
	}
	save(form)
	must(t, as(officer, "set", file, "--seen", mark)...) // the same: nothing changes
	if again := must(t, as(officer, "list", "--toml")...); again != form {
		t.Errorf("printed and set, it is another:\n%s", again)
	}
	save(strings.Replace(form, "{from}", "{start}", 1))
	refused(2, "clauses.toml, row", as(officer, "set", file))
	save(strings.Replace(form, `title.fr = "Objet"`, ``, 1))
	refused(2, "title.fr", as(officer, "set", file))
	changed := strings.Replace(form, `title.en = "Purpose"`, `title.en = "What for"`, 1)
	save(changed)
	for _, who := range []string{"controller@bureau.example", "coordinator@alpha.example"} {
		refused(3, "", as(who, "set", file))
		refused(3, "", as(who, "restore"))
	}
	refused(3, "", as("coordinator@alpha.example", "list"))
	must(t, as(officer, "set", file, "--seen", mark)...)
	refused(5, "Somebody else changed", as(officer, "set", file, "--seen", mark))
	refused(2, "cannot be read", as(officer, "set", file+".none"))
	if out := must(t, append([]string{"--format", "csv"}, as("controller@bureau.example", "list")...)...); !strings.Contains(out, "1,purpose,1,Voorwerp,What for,Objet") {
		t.Errorf("%s", out)
	}
	must(t, as(officer, "restore")...)
	if out := must(t, as(officer, "list")...); !strings.Contains(out, "Purpose") {
		t.Errorf("%s", out)
	}
}

// TestClausesByAPI reads the clauses, changes one, and is refused over something newer, with an unknown field, and without leave.
func TestClausesByAPI(t *testing.T) {
	h := openHouse(t)
	officer, at := h.bearer(t, "officer@bureau.example"), "/api/v1/programmes/by-hand/clauses"
	status, tag, body := h.say(t, officer, http.MethodGet, at, "", nil)
	var all agreements.Clauses
	decode(t, body, &all)
	if status != 200 || len(all.Clauses) != len(agreement.StandardClauses()) || all.Clauses[1].Number != "1.1" {
		t.Fatalf("%d %.300s", status, body)
	}
	all.Clauses[1].Text.NL = "{bedrag}"
	if status, _, body := h.say(t, officer, http.MethodPut, at, tag, all); status != 422 || !strings.Contains(body, "clause.subject.text.nl") {
		t.Errorf("an unknown field: %d %s", status, body)
	}
	all.Clauses[1].Text.NL, all.Clauses[1].Text.FR = "Woorden van {partner}.", ""
	if status, _, body := h.say(t, officer, http.MethodPut, at, tag, all); status != 422 || !strings.Contains(body, "clause.subject.text.fr") {
		t.Errorf("a missing language: %d %s", status, body)
	}
	all.Clauses[1].Text.FR = "Mots de {partner}."
	if status, _, body := h.say(t, h.bearer(t, "controller@bureau.example"), http.MethodPut, at, tag, all); status != 403 {
		t.Errorf("without leave: %d %s", status, body)
	}
	if status, _, body := h.say(t, officer, http.MethodPut, at, tag, all); status != 200 || !strings.Contains(body, "Mots de") {
		t.Errorf("%d %s", status, body)
	}
	if status, _, body := h.say(t, officer, http.MethodPut, at, tag, all); status != 412 {
		t.Errorf("over something newer: %d %s", status, body)
	}
	if status, _, body := h.say(t, h.bearer(t, "coordinator@alpha.example"), http.MethodGet, at, "", nil); status != 403 {
		t.Errorf("a partner reads the template: %d %s", status, body)
	}
	var d agreements.ClauseDifferences
	_, _, body = h.say(t, h.bearer(t, "controller@bureau.example"), http.MethodGet, at+"/differences", "", nil)
	decode(t, body, &d)
	if d.Compared != 3 || d.Same != 0 || len(d.Clauses) != 1 || d.Clauses[0].Code != "subject" || len(d.Clauses[0].Reads) != 3 || len(d.Clauses[0].Absent) != 0 {
		t.Errorf("%s", body)
	}
}
