package cli

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/db"
)

// bearer makes a token for a person, with every scope; "" is nobody.
func (h *house) bearer(t testing.TB, email string) string {
	t.Helper()
	if email == "" {
		return ""
	}
	var secret string
	err := h.db.WriteAgency(context.Background(), func(tx *db.Tx) (err error) {
		_, secret, err = access.CreateToken(context.Background(), tx, access.System("operator"), email,
			access.NewToken{Name: "walk", Scopes: access.TokenScopes(), Days: 1})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// call asks the interface over HTTP.
func (h *house) call(t testing.TB, token, method, path string) (int, string) {
	t.Helper()
	body := io.Reader(nil)
	if method != http.MethodGet {
		body = strings.NewReader(`{"title":"x","type":"mission","starts_on":"2018-11-05","place":"online","organisers":[{"organisation":"beta","weight":1}]}`)
	}
	req, err := http.NewRequest(method, h.server.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Language", "en")
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", "walk")
	req.Header.Set("If-Match", "*")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	client := http.DefaultClient
	if token == "" { // an address may ask only so often: each operation comes from one of its own
		from := net.IPv4(127, 0, 1, byte(len(path)))
		client = &http.Client{Transport: &http.Transport{DialContext: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: from}}).DialContext, DisableKeepAlives: true}}
	}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

// calls fills the path of an operation with things that exist, of every partner.
func (h *house) calls(t testing.TB, e api.Endpoint) []string {
	t.Helper()
	return h.addresses(t, strings.Replace(e.Path, "{programme}", h.programme.Code, 1))
}

// TestEveryCallAsEveryRole walks the JSON interface as TestEveryRouteAsEveryRole walks the pages.
func TestEveryCallAsEveryRole(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.settleAll(t)
	for _, email := range h.everyRole(t) {
		actor := h.actor(t, email)
		for _, e := range newAPI(api.Options{}).Endpoints() {
			token := h.bearer(t, email) // of its own: a token may ask only so often
			paths := h.calls(t, e)
			if email == "" || e.Verb != "" && !actor.Holds(e.Verb) { // a refusal is the same wherever
				paths = paths[:1]
			}
			for _, path := range paths {
				status, body := h.call(t, token, e.Method, path)
				name := email + " " + e.Method + " " + path
				switch {
				case status >= 500 || status == http.StatusTooManyRequests:
					t.Errorf("%s: %d %s", name, status, body)
				case email == "" && status != http.StatusUnauthorized:
					t.Errorf("%s: a visitor got %d", name, status)
				case email != "" && e.Verb != "" && !actor.Holds(e.Verb) && status != http.StatusForbidden:
					t.Errorf("%s: %d without the verb %s", name, status, e.Verb)
				case status >= 400 && !strings.HasPrefix(body, `{"type":"urn:errera:fault:`):
					t.Errorf("%s: %d is no problem: %s", name, status, body)
				}
			}
		}
	}
}

// TestAForeignPartnersTokenSeesNothing asks, with a token of one partner, for everything of another one.
func TestAForeignPartnersTokenSeesNothing(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.settleAll(t)
	forbidden := h.secretsOf(t, "beta")
	for _, s := range forbidden { // the interface groups no digits
		forbidden = append(forbidden, strings.ReplaceAll(s, ",", ""))
	}
	seen := 0
	for _, email := range []string{"finance@alpha.example", "coordinator@alpha.example"} {
		for _, e := range newAPI(api.Options{}).Endpoints() {
			token := h.bearer(t, email)
			for _, path := range h.calls(t, e) {
				for _, query := range []string{"", "?limit=200", "?partner=beta", "?partner=beta&year=2018&limit=200"} {
					status, body := h.call(t, token, e.Method, path+query)
					if status == http.StatusOK {
						seen++
					}
					if status == http.StatusTooManyRequests {
						t.Fatalf("%s: too many requests", path)
					}
					for _, secret := range forbidden {
						if strings.Contains(body, secret) {
							t.Errorf("%s %s %s (%d) shows %q of another partner", email, e.Method, path+query, status, secret)
						}
					}
				}
			}
		}
	}
	if seen < 40 {
		t.Errorf("only %d calls were answered: the walk proves too little", seen)
	}
}
