package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/api/limit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/intake"
)

// world is the small programme of demo/by-hand behind the interface.
type world struct {
	t       *testing.T
	db      *db.DB
	api     *API
	handler http.Handler
}

func newWorld(t *testing.T, d *db.DB, limit limit.Limit) *world {
	t.Helper()
	folder, err := intake.ReadProgramme(os.DirFS(filepath.Join("..", "..", "demo", "by-hand")))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := intake.Load(t.Context(), d, access.System("operator"), folder, nil); err != nil {
		t.Fatal(err)
	}
	a := New(Options{DB: d, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Limit: limit})
	return &world{t: t, db: d, api: a, handler: a}
}

func generous() limit.Limit { return limit.Limit{Each: time.Microsecond, Burst: 1_000_000} }

func (w *world) token(email string, scopes ...string) string {
	w.t.Helper()
	if len(scopes) == 0 {
		scopes = access.TokenScopes()
	}
	var secret string
	err := w.db.WriteAgency(w.t.Context(), func(tx *db.Tx) (err error) {
		_, secret, err = access.CreateToken(w.t.Context(), tx, access.System("operator"), email, access.NewToken{Name: "test", Scopes: scopes, Days: 1})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return secret
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) problem(t *testing.T) (p Problem) {
	t.Helper()
	if ct := a.header.Get("Content-Type"); ct != "application/problem+json" {
		t.Fatalf("%d is no problem but %s: %s", a.status, ct, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), &p); err != nil {
		t.Fatal(err)
	}
	if p.Status != a.status || p.Title == "" || strings.Contains(p.Title, "{") || p.Type != "urn:errera:fault:"+p.Code {
		t.Errorf("problem %+v with status %d", p, a.status)
	}
	return p
}

// ask sends a request; headers are pairs of name and value.
func (w *world) ask(token, method, path, body string, headers ...string) answer {
	w.t.Helper()
	r := httptest.NewRequestWithContext(context.Background(), method, path, strings.NewReader(body))
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	out := httptest.NewRecorder()
	w.handler.ServeHTTP(out, r)
	res := out.Result()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(b)}
}

const at = "/api/v1/programmes/by-hand"

func into[T any](t *testing.T, a answer, status int) (v T) {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
	return v
}

func TestEveryListAndRead(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, generous())
		agency := w.token("controller@bureau.example")
		for path, least := range map[string]int{"/api/v1/programmes": 1, "/api/v1/organisations": 3, at + "/agreements": 3, at + "/activities": 3,
			at + "/kpis": 1, at + "/cells?as_of=2018-12-31": 3, at + "/evidence?limit=200": 5, at + "/claims": 3, at + "/costs": 3} {
			p := into[Page[map[string]any]](t, w.ask(agency, "GET", path, ""), 200)
			if len(p.Items) < least {
				t.Errorf("%s: %d rows", path, len(p.Items))
			}
			w.pages(agency, path, len(p.Items))
		}
		first := into[Page[Activity]](t, w.ask(agency, "GET", at+"/activities?limit=1", ""), 200).Items[0]
		got := into[Activity](t, w.ask(agency, "GET", at+"/activities/"+first.Code, ""), 200)
		if fmt.Sprint(got) != fmt.Sprint(first) {
			t.Errorf("list says %v, one says %v", first, got)
		}
		row := into[Page[Evidence]](t, w.ask(agency, "GET", at+"/evidence?limit=1", ""), 200).Items[0]
		if one := into[Evidence](t, w.ask(agency, "GET", at+"/evidence/"+row.ID, ""), 200); fmt.Sprint(one) != fmt.Sprint(row) {
			t.Errorf("list says %v, one says %v", row, one)
		}
		into[Agreement](t, w.ask(agency, "GET", at+"/agreements/alpha", ""), 200)
		into[Me](t, w.ask(agency, "GET", "/api/v1/me", ""), 200)
		into[Page[Settlement]](t, w.ask(agency, "GET", at+"/settlements", ""), 200)
		into[Page[Participation]](t, w.ask(agency, "GET", at+"/activities/"+first.Code+"/participations", ""), 200)
	})
}

// pages reads a list one row at a time, by the header and by next, and must find as many.
func (w *world) pages(token, path string, want int) {
	w.t.Helper()
	sign := "?"
	if strings.Contains(path, "?") {
		sign = "&"
	}
	next, n, seen := strings.Replace(path+sign+"limit=1", "limit=200&", "", 1), 0, map[string]bool{}
	for next != "" && n <= want {
		a := w.ask(token, "GET", next, "")
		p := into[Page[json.RawMessage]](w.t, a, 200)
		n += len(p.Items)
		for _, i := range p.Items {
			if seen[string(i)] {
				w.t.Errorf("%s: twice %s", next, i)
			}
			seen[string(i)] = true
		}
		link := a.header.Get("Link")
		next = ""
		if p.Next != "" {
			next = strings.TrimSuffix(strings.TrimPrefix(link, "<"), `>; rel="next"`)
		} else if link != "" {
			w.t.Errorf("%s: a link without next: %s", path, link)
		}
	}
	if n != want {
		w.t.Errorf("%s: %d rows in pages of one, %d in one", path, n, want)
	}
}

func TestPlanAndChangeAnActivity(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, generous())
		alpha := w.token("coordinator@alpha.example")
		body := `{"title":"Mission to Osaka","type":"mission","starts_on":"2018-11-05","place":"onsite","city":"Osaka","country":"JP",
			"markets":["JP"],"organisers":[{"organisation":"alpha","weight":1}]}`
		if p := w.ask(alpha, "POST", at+"/activities", body).problem(t); p.Field != "Idempotency-Key" || p.Status != 422 {
			t.Errorf("without a key: %+v", p)
		}
		first := w.ask(alpha, "POST", at+"/activities", body, "Idempotency-Key", "one")
		made := into[Activity](t, first, 201)
		again := w.ask(alpha, "POST", at+"/activities", body, "Idempotency-Key", "one")
		if again.body != first.body || again.header.Get("Location") != first.header.Get("Location") || again.status != 201 {
			t.Errorf("the same again: %v, first %v", again, first)
		}
		if p := w.ask(alpha, "POST", at+"/activities", strings.Replace(body, "Osaka", "Kyoto", 1), "Idempotency-Key", "one").problem(t); p.Code != "api.key_reused" {
			t.Errorf("another request with the key: %+v", p)
		}
		path := first.header.Get("Location")
		read := w.ask(alpha, "GET", path, "")
		tag := read.header.Get("ETag")
		if read.body != first.body || tag == "" || tag != first.header.Get("ETag") || made.State != "planned" {
			t.Errorf("read %v, made %v", read, first)
		}
		if a := w.ask(alpha, "GET", path, "", "If-None-Match", tag); a.status != 304 || a.body != "" {
			t.Errorf("unchanged: %v", a)
		}
		changed := `{"title":"Mission to Osaka and Kyoto","type":"mission","starts_on":"2018-11-05","ends_on":"2018-11-08","place":"onsite"}`
		if p := w.ask(alpha, "PUT", path, changed).problem(t); p.Status != 428 || p.Field != "If-Match" {
			t.Errorf("without If-Match: %+v", p)
		}
		now := into[Activity](t, w.ask(alpha, "PUT", path, changed, "If-Match", tag), 200)
		if now.Title != "Mission to Osaka and Kyoto" || now.Ends != "2018-11-08" || now.Code != made.Code {
			t.Errorf("changed to %+v", now)
		}
		if p := w.ask(alpha, "PUT", path, changed, "If-Match", tag).problem(t); p.Status != 412 {
			t.Errorf("the second to change: %+v", p)
		}
		tag = w.ask(alpha, "GET", path, "").header.Get("ETag")
		if a := into[Activity](t, w.ask(alpha, "POST", path+"/publish", `{}`, "If-Match", tag), 200); a.State != "published" {
			t.Errorf("published: %+v", a)
		}
		tag = w.ask(alpha, "GET", path, "").header.Get("ETag")
		if p := w.ask(alpha, "POST", path+"/publish", `{}`, "If-Match", tag).problem(t); p.Status != 409 {
			t.Errorf("published twice: %+v", p)
		}
		if p := w.ask(alpha, "POST", path+"/cancel", `{}`, "If-Match", tag).problem(t); p.Status != 422 || p.Field != "reason" {
			t.Errorf("cancelled without a reason: %+v", p)
		}
		into[Activity](t, w.ask(alpha, "POST", path+"/cancel", `{"reason":"the fair moved"}`, "If-Match", tag), 200)
		w.audited("activity.plan", "activity.change", "activity.publish", "activity.cancel")
	})
}

func (w *world) audited(verbs ...string) {
	w.t.Helper()
	for _, verb := range verbs {
		var n int
		err := w.db.Read(w.t.Context(), func(tx *db.Tx) error {
			return tx.Row(w.t.Context(), db.Query{Name: "api.test.audited", Text: "select count(*) from audit where verb = $1"}, verb).Scan(&n)
		})
		if err != nil || n != 1 {
			w.t.Errorf("%s: %d rows of audit, %v", verb, n, err)
		}
	}
}

// Two that change the same thing at once: exactly one wins. Two that make the same thing at once: it is made once.
func TestAtTheSameTime(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, generous())
		alpha := w.token("coordinator@alpha.example")
		body := `{"title":"Seminar","type":"seminar","starts_on":"2018-11-05","place":"online","organisers":[{"organisation":"alpha","weight":1}]}`
		both := func(ask func() answer) (got [2]answer) {
			var wait sync.WaitGroup
			for i := range got {
				wait.Go(func() { got[i] = ask() })
			}
			wait.Wait()
			return got
		}
		made := both(func() answer { return w.ask(alpha, "POST", at+"/activities", body, "Idempotency-Key", "same") })
		if made[0].body != made[1].body || made[0].status != 201 {
			t.Errorf("made %v", made)
		}
		path, tag := made[0].header.Get("Location"), made[0].header.Get("ETag")
		changed := both(func() answer {
			return w.ask(alpha, "PUT", path, `{"title":"Other","type":"seminar","starts_on":"2018-11-06","place":"online"}`, "If-Match", tag)
		})
		if changed[0].status+changed[1].status != 200+412 {
			t.Errorf("changed %v", changed)
		}
	})
}

func TestFaultsNameTheField(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), generous())
	alpha := w.token("coordinator@alpha.example")
	tests := []struct {
		name, method, path, body string
		status                   int
		code, field              string
	}{
		{"no such address", "GET", "/api/v2/x", "", 404, "api.no_address", ""},
		{"no such programme", "GET", "/api/v1/programmes/x", "", 404, "programme.unknown", ""},
		{"no such activity", "GET", at + "/activities/x", "", 404, "activity.missing", ""},
		{"unknown parameter", "GET", at + "/activities?colour=red", "", 422, "api.unknown_field", "colour"},
		{"limit of nothing", "GET", at + "/activities?limit=0", "", 422, "api.value", "limit"},
		{"limit in words", "GET", at + "/activities?limit=many", "", 422, "api.value", "limit"},
		{"bad page", "GET", at + "/activities?after=x", "", 422, "api.bad_after", "after"},
		{"bad page of evidence", "GET", at + "/evidence?after=x", "", 422, "api.bad_after", "after"},
		{"bad page of costs", "GET", at + "/costs?after=2018-01-01_x", "", 422, "api.bad_after", "after"},
		{"bad page of a short list", "GET", at + "/kpis?after=x", "", 422, "api.bad_after", "after"},
		{"no such type", "GET", at + "/activities?type=party", "", 422, "activity.want_choice", "type"},
		{"no such organiser", "GET", at + "/activities?organisation=x", "", 422, "api.no_organisation", "organisation"},
		{"year outside", "GET", at + "/cells?year=1999", "", 422, "api.no_year", "year"},
		{"no JSON", "POST", at + "/activities", "{", 400, "api.value", ""},
		{"field missing", "POST", at + "/activities", `{"type":"mission","starts_on":"2018-11-05","place":"onsite","organisers":[{"organisation":"alpha","weight":1}]}`,
			422, "api.required", "title"},
		{"field unknown", "POST", at + "/activities", `{"title":"x","colour":"red","type":"mission","starts_on":"2018-11-05","place":"onsite","organisers":[{"organisation":"alpha","weight":1}]}`,
			422, "api.unknown_field", "colour"},
		{"day that is none", "POST", at + "/activities", `{"title":"x","type":"mission","starts_on":"2018-02-30","place":"onsite","organisers":[{"organisation":"alpha","weight":1}]}`,
			422, "api.value", "starts_on"},
		{"ends before it starts", "POST", at + "/activities", `{"title":"x","type":"mission","starts_on":"2018-03-03","ends_on":"2018-03-01","place":"onsite","organisers":[{"organisation":"alpha","weight":1}]}`,
			422, "db.ends_before_start", "ends_on"},
		{"country that is none", "POST", at + "/activities", `{"title":"x","type":"mission","starts_on":"2018-03-03","place":"onsite","country":"XX","organisers":[{"organisation":"alpha","weight":1}]}`,
			422, "activity.want_country", "country"},
		{"organiser unknown", "POST", at + "/activities", `{"title":"x","type":"mission","starts_on":"2018-03-03","place":"onsite","organisers":[{"organisation":"nobody","weight":1}]}`,
			422, "api.no_organisation", "organisers"},
		{"for another partner", "POST", at + "/activities", `{"title":"x","type":"mission","starts_on":"2018-03-03","place":"onsite","organisers":[{"organisation":"beta","weight":1}]}`,
			403, "access.own_only", ""},
		{"two fields", "POST", at + "/activities", `{"title":"x","type":"mission","starts_on":"2018-03-03","place":"onsite","country":"XX","markets":["YY"],"organisers":[{"organisation":"alpha","weight":1}]}`,
			422, "fault.several", ""},
	}
	for _, x := range tests {
		for _, language := range []string{"nl", "en", "fr"} {
			p := w.ask(alpha, x.method, x.path, x.body, "Idempotency-Key", x.name, "Accept-Language", language).problem(t)
			if p.Status != x.status || p.Code != x.code || p.Field != x.field {
				t.Errorf("%s: %+v, want %d %s at %q", x.name, p, x.status, x.code, x.field)
			}
		}
	}
	p := w.ask(alpha, "POST", at+"/activities", tests[len(tests)-1].body, "Idempotency-Key", "x").problem(t)
	if len(p.Errors) != 2 || p.Errors[0].Field != "country" || p.Errors[1].Field != "markets" {
		t.Errorf("each of the fields: %+v", p)
	}
	if a := w.ask(alpha, "GET", at+"/activities", "", "Accept", "text/html"); a.status != 200 || a.header.Get("Content-Type") != "application/json" {
		t.Errorf("to a browser: %v", a)
	}
}

func TestTokens(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, generous())
		reads := w.token("coordinator@alpha.example", "activity:read")
		for name, c := range map[string]struct {
			token, path string
			status      int
			code        string
		}{
			"no token":           {"", at + "/activities", 401, "api.no_token"},
			"nonsense":           {"abc", at + "/activities", 401, "access.token_unknown"},
			"somebody's guess":   {reads[:len(reads)-1] + "x", at + "/activities", 401, "access.token_unknown"},
			"outside its scopes": {reads, at + "/costs", 403, "access.token_scope"},
		} {
			a := w.ask(c.token, "GET", c.path, "")
			if p := a.problem(t); p.Status != c.status || p.Code != c.code {
				t.Errorf("%s: %+v", name, p)
			}
			if c.status == 401 && a.header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s: no WWW-Authenticate", name)
			}
		}
		if a := w.ask(reads, "GET", at+"/activities", ""); a.status != 200 {
			t.Fatal(a)
		}
		body := `{"title":"x","type":"mission","starts_on":"2018-03-03","place":"onsite","organisers":[{"organisation":"alpha","weight":1}]}`
		if p := w.ask(reads, "POST", at+"/activities", body, "Idempotency-Key", "x").problem(t); p.Code != "access.token_scope" {
			t.Errorf("writing with a token that reads: %+v", p)
		}
		me := into[Me](t, w.ask(reads, "GET", "/api/v1/me", ""), 200)
		if me.Email != "coordinator@alpha.example" || strings.Join(me.Scopes, ",") != "activity:read" {
			t.Errorf("me: %+v", me)
		}
		err := d.WriteAgency(t.Context(), func(tx *db.Tx) error {
			return access.Disable(t.Context(), tx, access.System("operator"), me.Email)
		})
		if fault.Is(err, fault.KindDenied) { // it takes a person
			err = w.as("administrator@bureau.example", func(tx *db.Tx, by access.Actor) error { return access.Disable(t.Context(), tx, by, me.Email) })
		}
		if err != nil {
			t.Fatal(err)
		}
		if p := w.ask(reads, "GET", "/api/v1/me", "").problem(t); p.Status != 401 {
			t.Errorf("whose person is disabled: %+v", p)
		}
	})
}

func (w *world) as(email string, fn func(tx *db.Tx, by access.Actor) error) error {
	return w.db.WriteAgency(w.t.Context(), func(tx *db.Tx) error {
		by, err := access.LoadActorByEmail(w.t.Context(), tx, email)
		if err != nil {
			return err
		}
		return fn(tx, by)
	})
}

func TestTooManyRequests(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), limit.Limit{Each: time.Hour, Burst: 2})
	one, other := w.token("coordinator@alpha.example"), w.token("finance@alpha.example")
	for _, want := range []int{200, 200, 429} {
		a := w.ask(one, "GET", "/api/v1/me", "")
		if a.status != want {
			t.Fatalf("status %d, want %d", a.status, want)
		}
		if want == 429 && (!strings.HasPrefix(a.header.Get("Retry-After"), "3") || a.problem(t).Code != "api.too_many") {
			t.Errorf("too many: %v", a)
		}
	}
	if a := w.ask(other, "GET", "/api/v1/me", ""); a.status != 200 {
		t.Errorf("another token waits too: %v", a)
	}
	for _, want := range []int{401, 401, 429} { // guessing is limited by address
		if a := w.ask("errera_guess", "GET", "/api/v1/me", ""); a.status != want {
			t.Errorf("a guess: %d, want %d", a.status, want)
		}
	}
}
