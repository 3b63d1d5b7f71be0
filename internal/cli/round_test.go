package cli

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/api/agreements"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/job"
)

// TestARoundByCommand opens a round from the command line, chooses a partner, drafts, negotiates and agrees its agreement, and ends with a
// partner's new name: every verb of the issue that a page has.
func TestARoundByCommand(t *testing.T) {
	file := dbtest.DSN(t)
	must(t, "--db", file, "import", "programme", byHand())
	for _, who := range []string{"one", "two"} {
		must(t, "--db", file, "user", "add", who+"@bureau.example", "--name", who, "--role", "assessor", "--organisation", "bureau")
	}
	as := func(who string, args ...string) []string { return append([]string{"--db", file, "--as", who}, args...) }
	in := func(args ...string) []string { return append(args, "--programme", "round-2019") }
	officer, alpha := "officer@bureau.example", "coordinator@alpha.example"
	refused := func(want int, args []string) {
		t.Helper()
		if code, _, said := errera(t, args...); code != want {
			t.Errorf("%v: %d, want %d: %s", args, code, want, said)
		}
	}
	open := []string{"round", "open", "round-2019", "--programme", "by-hand", "--name-nl", "R", "--name-en", "R", "--name-fr", "R", "--starts", "2019-01-01", "--ends", "2020-12-31"}
	refused(2, as(officer, append(open, "--envelope", "2025=1")...))
	refused(3, as(alpha, open...))
	must(t, as(officer, append(open, "--envelope", "2019=100000;2020=100000")...)...)
	must(t, "--db", file, "check") // nothing is signed in the new round
	refused(2, as(officer, in("round", "criteria", "--set", "reach:much:Reach")...))
	must(t, as(officer, in("round", "criteria", "--set", "reach:3:Bereik|Reach|Portée", "--set", "team:1:Team")...)...)
	must(t, as(officer, in("round", "name", "--running", "--motive", "as before")...)...)
	refused(2, as(alpha, in("round", "apply", "--partner", "alpha", "--motive", "more", "--answer", "reach=forty")...))
	must(t, as(alpha, in("round", "apply", "--partner", "alpha", "--motive", "more", "--answer", "reach=forty;team=two")...)...)
	for _, who := range []string{"one@bureau.example", "two@bureau.example"} {
		sheet := in("round", "score", "--partner", "alpha", "--points", "reach=4;team=2", "--words", "reach=good;team=thin")
		refused(5, as(who, sheet...))
		must(t, as(who, in("round", "declare", "--partner", "alpha")...)...)
		must(t, as(who, sheet...)...)
	}
	must(t, as(officer, in("round", "assess", "--partner", "alpha")...)...)
	must(t, as("approver@bureau.example", in("round", "invite", "--partner", "alpha", "--reason", "strong")...)...)
	must(t, as(officer, in("round", "draft", "--partner", "alpha")...)...)
	if out := must(t, as(officer, in("--format", "csv", "round", "list")...)...); !strings.Contains(out, "alpha,Alpha Federation,drafted,2,7000,0,strong") {
		t.Errorf("%s", out)
	}
	if out := must(t, as(officer, in("--format", "csv", "round", "targets", "--partner", "alpha")...)...); !strings.Contains(out, ",2020,target,") || !strings.Contains(out, ",2018,attained,") {
		t.Errorf("%s", out)
	}
	theTableByCommand(t, as, in)
}

// theTableByCommand negotiates alpha's draft.
func theTableByCommand(t *testing.T, as func(string, ...string) []string, in func(...string) []string) {
	t.Helper()
	officer, alpha := "officer@bureau.example", "coordinator@alpha.example"
	at := func(verb string, args ...string) []string {
		return in(append([]string{"agreement", verb, "--partner", "alpha"}, args...)...)
	}
	document := filepath.Join(t.TempDir(), "d.json")
	form := must(t, as(officer, at("draft")...)...)
	if err := os.WriteFile(document, []byte(strings.Replace(form, `"mandate": ""`, `"mandate": "Board"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, as(officer, at("draft", document)...)...)
	must(t, as(officer, at("propose", "--note", "first")...)...)
	if out := must(t, as(officer, append(at("check"), "--format", "csv")...)...); !strings.Contains(out, "signatories") {
		t.Errorf("%s", out)
	}
	if code, _, _ := errera(t, as(alpha, at("propose", document, "--after", "0")...)...); code != 5 {
		t.Errorf("an answer to what was not read: %d", code)
	}
	if code, _, _ := errera(t, as(alpha, at("accept", "--hash", strings.Repeat("0", 64))...)...); code != 5 {
		t.Errorf("a stale acceptance: %d", code)
	}
	var talk []struct{ ID, Words string }
	decode(t, must(t, as(alpha, append(at("comment", "Too high."), "--at", "ceiling.2019", "--format", "json")...)...), &talk)
	if len(talk) != 1 {
		t.Fatalf("%+v", talk)
	}
	if out := must(t, as(officer, append(at("comment"), "--settle", talk[0].ID, "--format", "csv")...)...); !strings.Contains(out, ",true") {
		t.Errorf("%s", out)
	}
	must(t, as(alpha, at("comment", "--reopen", talk[0].ID)...)...)
	if out := must(t, as(officer, in("--format", "csv", "agreement", "coverage")...)...); !strings.Contains(out, "alpha,") {
		t.Errorf("%s", out)
	}
	must(t, as(officer, at("withdraw", "--version", "1")...)...)
	must(t, as(officer, at("propose")...)...)
	var shown struct {
		Hash string `json:"hash"`
	}
	decode(t, must(t, as(alpha, append(at("show"), "--format", "json")...)...), &shown)
	must(t, as(alpha, at("accept", "--hash", shown.Hash)...)...)
	must(t, as(alpha, at("reopen", "--reason", "a typing error")...)...)
	must(t, as(officer, at("abandon", "--reason", "no budget")...)...)
	rename := []string{"agreement", "rename", "--programme", "by-hand", "--partner", "gamma", "--name", "Gamma Two", "--on", "2018-05-01", "--reason", "voted"}
	must(t, as(officer, rename...)...)
	must(t, as(officer, "agreement", "divide", "--programme", "by-hand", "--partner", "gamma", "Ghent", "--on", "2018-05-01", "--reason", "office")...)
	must(t, as("approver@bureau.example", "agreement", "merge", "--programme", "by-hand", "--partner", "gamma", "--into", "beta", "--on", "2018-07-01", "--reason", "merged")...)
	if out := must(t, as(officer, "--format", "csv", "agreement", "list", "--programme", "by-hand")...); !strings.Contains(out, "gamma,Gamma Two,terminated") {
		t.Errorf("%s", out)
	}
}

// TestACandidateByAPI chooses a partner over the interface: what was read before a change is refused when it is no longer so, and a create
// asked twice is one.
func TestACandidateByAPI(t *testing.T) {
	h := openHouse(t)
	if err := job.Migrate(t.Context(), h.db); err != nil {
		t.Fatal(err)
	}
	h.seats(t, access.Assessor, "one@bureau.example", "two@bureau.example")
	officer, alpha := h.bearer(t, "officer@bureau.example"), h.bearer(t, "coordinator@alpha.example")
	const rounds, at = "/api/v1/programmes/", "/api/v1/programmes/round-2019"
	name := map[string]any{"nl": "R", "en": "R", "fr": "R"}
	ask := func(token, method, path string, want int, body any) (answer string) {
		t.Helper()
		tag := ""
		if method != http.MethodGet {
			_, tag, _ = h.say(t, token, http.MethodGet, strings.TrimSuffix(path, "/"+path[strings.LastIndex(path, "/")+1:]), "", nil)
		}
		if method == http.MethodPut {
			_, tag, _ = h.say(t, token, http.MethodGet, path, "", nil)
		}
		status, _, answer := h.say(t, token, method, path, tag, body)
		if status != want {
			t.Errorf("%s %s: %d, want %d: %s", method, path, status, want, answer)
		}
		return answer
	}
	round := map[string]any{"code": "round-2019", "name": name, "starts_on": "2019-01-01", "ends_on": "2020-12-31", "envelopes": map[string]string{"2019": "100000.00", "2020": "100000.00"}}
	ask(officer, http.MethodPost, rounds+"by-hand/next", 201, round)
	ask(officer, http.MethodPost, rounds+"by-hand/next", 201, round) // asked again, answered again, opened once
	ask(officer, http.MethodPost, at+"/candidates/running", 201, map[string]any{"motive": "as before"})
	criteria := map[string]any{"criteria": []any{map[string]any{"code": "reach", "weight": 1, "name": name, "hint": name}}}
	if status, _, body := h.say(t, officer, http.MethodPut, at+"/criteria", `"stale"`, criteria); status != http.StatusPreconditionFailed && status != http.StatusConflict {
		t.Errorf("over something newer: %d %s", status, body)
	}
	ask(officer, http.MethodPut, at+"/criteria", 200, criteria)
	ask(alpha, http.MethodPost, at+"/candidates/alpha/application", 422, map[string]any{"motive": "more", "answers": map[string]string{}})
	ask(alpha, http.MethodPost, at+"/candidates/alpha/application", 201, map[string]any{"motive": "more", "answers": map[string]string{"reach": "forty"}})
	sheet := map[string]any{"scores": map[string]any{"reach": map[string]any{"points": 4, "words": "good"}}}
	for _, who := range []string{"one@bureau.example", "two@bureau.example"} {
		by := h.bearer(t, who)
		ask(by, http.MethodPost, at+"/candidates/alpha/score", 409, sheet)
		ask(by, http.MethodPost, at+"/candidates/alpha/declare", 200, map[string]any{"conflict": false})
		ask(by, http.MethodPost, at+"/candidates/alpha/score", 200, sheet)
	}
	ask(officer, http.MethodPost, at+"/candidates/alpha/assess", 200, nil)
	ask(h.bearer(t, "approver@bureau.example"), http.MethodPost, at+"/candidates/alpha/invite", 200, map[string]any{"reason": "strong"})
	ask(officer, http.MethodPost, at+"/candidates/alpha/draft", 200, nil)
	if body := ask(officer, http.MethodGet, at+"/candidates/alpha/carried", 200, nil); !strings.Contains(body, `"from":"by-hand"`) || !strings.Contains(body, `"basis":"years"`) {
		t.Errorf("%.400s", body)
	}
	h.theTableByAPI(t, ask, at, officer, alpha)
}

// theTableByAPI writes in the working copy, talks, and reads what stands in the way, over the interface.
func (h *house) theTableByAPI(t *testing.T, ask func(token, method, path string, want int, body any) string, at, officer, alpha string) {
	t.Helper()
	var copy agreements.WorkingCopy
	decode(t, ask(officer, http.MethodGet, at+"/agreements/alpha/draft", 200, nil), &copy)
	copy.Document.Mandate = "Board"
	decode(t, ask(officer, http.MethodPut, at+"/agreements/alpha/draft", 200, map[string]any{"document": copy.Document}), &copy)
	if copy.Revision != 2 || copy.Document.Mandate != "Board" {
		t.Errorf("%d %q", copy.Revision, copy.Document.Mandate)
	}
	ask(officer, http.MethodPost, at+"/agreements/alpha/versions", 201, map[string]any{"document": copy.Document, "after": 0})
	var said agreements.Comment
	decode(t, ask(alpha, http.MethodPost, at+"/agreements/alpha/comments", 201, map[string]any{"place": "ceiling.2019", "words": "Too high."}), &said)
	for _, verb := range []string{"settle", "reopen"} {
		status, _, body := h.say(t, officer, http.MethodPost, at+"/agreements/alpha/comments/"+said.ID+"/"+verb, "*", nil)
		if decode(t, body, &said); status != 200 || said.Settled != (verb == "settle") {
			t.Errorf("%s: %d %s", verb, status, body)
		}
	}
	if body := ask(officer, http.MethodGet, at+"/agreements/alpha/versions/1/findings", 200, nil); !strings.Contains(body, `"place":"signatories"`) {
		t.Errorf("%s", body)
	}
	if body := ask(alpha, http.MethodGet, at+"/coverage", 200, nil); !strings.Contains(body, `"alpha":`) || strings.Contains(body, `"beta":`) {
		t.Errorf("%s", body)
	}
	ask(officer, http.MethodPost, at+"/agreements/alpha/abandon", 200, map[string]any{"reason": "no budget"})
	const gamma = "/api/v1/programmes/by-hand/agreements/gamma"
	change := map[string]any{"on": "2018-05-01", "reason": "voted"}
	ask(officer, http.MethodPost, gamma+"/rename", 422, map[string]any{"name": "", "on": "2018-05-01", "reason": ""})
	ask(officer, http.MethodPost, gamma+"/rename", 200, map[string]any{"name": "Gamma Two", "on": "2018-05-01", "reason": "voted"})
	change["division"] = "Ghent"
	ask(officer, http.MethodPost, gamma+"/divide", 200, change)
	approver := h.bearer(t, "approver@bureau.example")
	ask(approver, http.MethodPost, gamma+"/merge", 200, map[string]any{"into": "beta", "on": "2018-07-01", "reason": "merged"})
	ask(officer, http.MethodPost, gamma+"/close", 409, nil)
	if body := ask(officer, http.MethodGet, gamma+"/left", 200, nil); !strings.Contains(body, `"year":2018`) || !strings.Contains(body, `"settlement":""`) {
		t.Errorf("%s", body)
	}
	if body := ask(officer, http.MethodGet, gamma+"/changes", 200, nil); strings.Count(body, `"kind"`) != 3 || !strings.Contains(body, `"is":"Gamma Two"`) {
		t.Errorf("%s", body)
	}
	if k := h.sheet(t, h.programme, "beta"); k.Agreement.State != agreement.Active {
		t.Errorf("%s", k.Agreement.State)
	}
}
