package cli

import (
	"database/sql"
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
)

// reached is every figure of reach of the programme's year, as JSON.
func (o office) reached() string {
	o.t.Helper()
	var b []byte
	o.read(o.t, func(tx *db.Tx) error {
		r, err := kpi.LoadReach(o.t.Context(), tx, nil, o.programme.ID, kpi.AnyCompany(), 2018, "", kpi.Live)
		if err == nil {
			b, err = json.Marshal(r)
		}
		return err
	})
	return string(b)
}

var twoShared = db.SQL("test.company.shared", `select e.company_id from evidence e where e.programme_id = $1 and e.company_id is not null
	group by e.company_id order by count(*) desc, e.company_id limit 2`)

// TestAMergeIsUndoneExactly merges over the interface and on the page, and finds the reach of before after each is undone; the pages show it at once.
func TestAMergeIsUndoneExactly(t *testing.T) {
	onBoth(t, func(t *testing.T, o office) {
		var two []id.Company
		o.read(t, func(tx *db.Tx) error {
			return tx.Each(t.Context(), twoShared, []any{o.programme.ID}, func(r *sql.Rows) error {
				var c id.Company
				err := r.Scan(&c)
				two = append(two, c)
				return err
			})
		})
		before := o.reached()
		officer := o.bearer(t, "officer@bureau.example")
		desk := o.as(t, "officer@bureau.example")
		_, page := o.ask(t, desk, http.MethodGet, "/reach?year=2018")
		const at = "/api/v1/programmes/by-hand/companies/merges"
		said := map[string]any{"from": two[1], "into": two[0], "reason": "one company"}
		status, _, body := o.say(t, o.bearer(t, "coordinator@alpha.example"), http.MethodPost, at, "", said)
		if status != http.StatusForbidden {
			t.Errorf("a partner merges: %d %s", status, body)
		}
		var m struct {
			ID string `json:"id"`
		}
		status, tag, body := o.say(t, officer, http.MethodPost, at, "", said)
		decode(t, body, &m)
		if status != http.StatusCreated || o.reached() == before {
			t.Fatalf("merged: %d %s", status, body)
		}
		if _, then := o.ask(t, desk, http.MethodGet, "/reach?year=2018"); then == page {
			t.Error("the page shows the figures of before the merge")
		}
		status, _, body = o.say(t, officer, http.MethodPost, at+"/"+m.ID+"/undo", tag, map[string]any{"reason": "two after all"})
		if status != http.StatusOK || !strings.Contains(body, `"undone":true`) || o.reached() != before {
			t.Errorf("undone: %d %s", status, body)
		}
		if _, then := o.ask(t, desk, http.MethodGet, "/reach?year=2018"); then != page {
			t.Error("the page does not show the figures of before")
		}
		o.atTheDesk(desk, two, before)
		o.toldApart(officer, desk, two)
	})
}

// toldApart tells a pair apart over the interface, and takes that back at the desk.
func (o office) toldApart(officer string, desk *http.Client, two []id.Company) {
	t := o.t
	t.Helper()
	const at = "/api/v1/programmes/by-hand/companies/aparts"
	said := map[string]any{"a": two[0], "b": two[1], "reason": "two families"}
	if status, _, body := o.say(t, o.bearer(t, "coordinator@alpha.example"), http.MethodPost, at, "", said); status != http.StatusForbidden {
		t.Errorf("a partner tells apart: %d %s", status, body)
	}
	status, _, body := o.say(t, officer, http.MethodPost, at, "", said)
	var x struct{ ID string }
	decode(t, body, &x)
	if status != http.StatusCreated || x.ID == "" {
		t.Fatalf("told apart: %d %s", status, body)
	}
	again := map[string]any{"a": two[1], "b": two[0], "reason": "two families again"}
	if status, _, body := o.say(t, officer, http.MethodPost, at, "", again); status != http.StatusConflict {
		t.Errorf("told apart twice: %d %s", status, body)
	}
	if _, list := o.call(t, officer, http.MethodGet, at); !strings.Contains(list, x.ID) || !strings.Contains(list, "two families") {
		t.Errorf("the list: %s", list)
	}
	if _, page := o.ask(t, desk, http.MethodGet, "/duplicates"); !strings.Contains(page, "two families") {
		t.Error("the desk does not show it")
	}
	for _, form := range []url.Values{{"apart": {x.ID}}, {"apart": {x.ID}, "reason": {"seen again"}}} {
		res, err := desk.PostForm(o.server.URL+"/duplicates/reconsider", form)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if done := res.StatusCode == http.StatusSeeOther; done != (form.Get("reason") != "") {
			t.Errorf("%v: %d", form, res.StatusCode)
		}
	}
	if _, list := o.call(t, officer, http.MethodGet, at); strings.Contains(list, x.ID) {
		t.Errorf("it is still told apart: %s", list)
	}
}

// atTheDesk does the same with the forms of the page.
func (o office) atTheDesk(desk *http.Client, two []id.Company, before string) {
	t := o.t
	t.Helper()
	send := func(path string, form url.Values) int {
		t.Helper()
		res, err := desk.PostForm(o.server.URL+path, form)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	form := url.Values{"from": {string(two[1])}, "into": {string(two[0])}}
	if s := send("/duplicates", form); s != http.StatusUnprocessableEntity && s != http.StatusBadRequest {
		t.Errorf("without a reason: %d", s)
	}
	form.Set("reason", "one of two registers")
	if s := send("/duplicates", form); s != http.StatusSeeOther || o.reached() == before {
		t.Fatalf("merged at the desk: %d", s)
	}
	_, page := o.ask(t, desk, http.MethodGet, "/duplicates")
	_, rest, found := strings.Cut(page, `name="merge" value="`)
	if !found || !strings.Contains(page, "one of two registers") {
		t.Fatal("the desk does not show the merge")
	}
	if s := send("/duplicates/undo", url.Values{"merge": {rest[:36]}, "reason": {"no"}}); s != http.StatusSeeOther || o.reached() != before {
		t.Errorf("undone at the desk: %d", s)
	}
}

// TestTheCommandsOfCompanies finds, merges and parts at the command line.
func TestTheCommandsOfCompanies(t *testing.T) {
	base := []string{"--db", filepath.Join(t.TempDir(), "c.db"), "--format", "csv"}
	run := func(args ...string) (int, string, string) { return errera(t, append(slices.Clone(base), args...)...) }
	must(t, append(slices.Clone(base), "import", "programme", byHand())...)
	if code, out, said := run("company", "likely"); code != exitDone || out != "a,b,name_a,name_b,score,why\n" {
		t.Errorf("likely: %d %s %s", code, out, said)
	}
	if code, out, said := run("company", "aparts"); code != exitDone || out != "id,a,b,said_on,said_by,reason,stale\n" {
		t.Errorf("aparts: %d %s %s", code, out, said)
	}
	if code, _, _ := run("company", "apart", "x", "y", "--reason", "z"); code != exitMissing {
		t.Errorf("nonsense told apart: %d", code)
	}
	if code, _, _ := run("company", "merge", "x", "y", "--reason", "z"); code != exitMissing {
		t.Errorf("nonsense: %d", code)
	}
	if code, _, _ := run("--as", "coordinator@alpha.example", "company", "likely"); code != exitDenied {
		t.Errorf("a partner reads the names of all companies: %d", code)
	}
}

// TestEvidenceIsDecidedOverTheInterface verifies, rejects and reopens a row, and verifies the rest by sample; nobody verifies their own.
func TestEvidenceIsDecidedOverTheInterface(t *testing.T) {
	o := office{openHouse(t), t}
	const at = "/api/v1/programmes/by-hand"
	officer, partner := o.bearer(t, "officer@bureau.example"), o.bearer(t, "coordinator@gamma.example")
	var page struct {
		Items []struct {
			ID, State string
		} `json:"items"`
	}
	_, list := o.call(t, partner, http.MethodGet, at+"/evidence?state=reported&limit=1")
	decode(t, list, &page)
	if len(page.Items) != 1 {
		t.Fatalf("nothing waits: %s", list)
	}
	row := at + "/evidence/" + page.Items[0].ID
	if status, _, body := o.say(t, partner, http.MethodPost, row+"/verify", "*", map[string]any{}); status != http.StatusForbidden {
		t.Errorf("a partner verifies: %d %s", status, body)
	}
	for _, s := range []struct {
		verb, reason, state string
		status              int
	}{{"reject", "", "", http.StatusUnprocessableEntity}, {"reject", "no meeting", "rejected", http.StatusOK}, {"verify", "", "", http.StatusConflict},
		{"reopen", "there was one", "reported", http.StatusOK}, {"verify", "seen", "verified", http.StatusOK}} {
		status, _, body := o.say(t, officer, http.MethodPost, row+"/"+s.verb, "*", map[string]any{"reason": s.reason})
		if status != s.status || s.state != "" && !strings.Contains(body, `"state":"`+s.state+`"`) {
			t.Errorf("%s: %d %s", s.verb, status, body)
		}
	}
	status, _, body := o.say(t, officer, http.MethodPost, at+"/samples", "", map[string]any{"partner": "beta", "year": 2018, "kind": "win", "size": 1})
	if status != http.StatusCreated || !strings.Contains(body, `"open":1`) {
		t.Errorf("a sample: %d %s", status, body)
	}
	if status, _, body := o.say(t, partner, http.MethodPost, at+"/samples", "", map[string]any{"partner": "gamma", "year": 2018, "kind": "win", "size": 1}); status != http.StatusForbidden {
		t.Errorf("a partner draws: %d %s", status, body)
	}
}
