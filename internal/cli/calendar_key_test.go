package cli

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path/filepath"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
)

// TestACalendarKeyIsNoToken: what opens the calendar opens neither a page nor the interface, whichever way it is shown.
func TestACalendarKeyIsNoToken(t *testing.T) {
	h := openHouse(t)
	var secret string
	by := h.actor(t, "coordinator@alpha.example")
	err := h.db.WriteAgency(context.Background(), func(tx *db.Tx) (err error) {
		_, secret, err = access.MakeCalendarKey(context.Background(), tx, by)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	stranger := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	show := "?key=" + url.QueryEscape(secret)
	if status, _ := h.ask(t, stranger, http.MethodGet, "/calendar.ics"+show); status != http.StatusOK {
		t.Fatal(status)
	}
	activities := "/api/v1/programmes/" + h.programme.Code + "/activities"
	for _, path := range []string{"/api/v1/me", activities} {
		if status, _ := h.ask(t, stranger, http.MethodGet, path+show); status != http.StatusUnauthorized && status != http.StatusForbidden {
			t.Errorf("%s with the key in its address: %d", path, status)
		}
		if status, _ := h.call(t, secret, http.MethodGet, path); status != http.StatusUnauthorized && status != http.StatusForbidden {
			t.Errorf("%s with the key as a token: %d", path, status)
		}
	}
	for _, path := range []string{"/", "/calendar", "/activities", "/claims", "/feeds"} {
		if status, _ := h.ask(t, stranger, http.MethodGet, path+show); status != http.StatusSeeOther {
			t.Errorf("%s: %d", path, status)
		}
	}
	if status, _ := h.ask(t, stranger, http.MethodGet, "/calendar.ics?key="+url.QueryEscape(h.bearer(t, "coordinator@alpha.example"))); status != http.StatusNotFound {
		t.Errorf("a token in a calendar address: %d", status)
	}
}

// TestTheOperatorEndsACalendarAddress: of anybody who has one; nobody else's is ended by a person who is no administrator.
func TestTheOperatorEndsACalendarAddress(t *testing.T) {
	path := filepath.Join(t.TempDir(), "errera.db")
	at := "--db=" + path
	must(t, at, "import", "programme", byHand())
	const who = "coordinator@alpha.example"
	end := func(as ...string) int {
		code, _, _ := errera(t, append(append([]string{at}, as...), "user", "token", "revoke-calendar", who)...)
		return code
	}
	if code := end(); code != exitMissing {
		t.Errorf("none there: %d", code)
	}
	d, err := db.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	err = d.WriteAgency(context.Background(), func(tx *db.Tx) error {
		by, err := access.LoadActorByEmail(context.Background(), tx, who)
		if err == nil {
			_, _, err = access.MakeCalendarKey(context.Background(), tx, by)
		}
		return err
	})
	if err := errors.Join(err, d.Close()); err != nil {
		t.Fatal(err)
	}
	if code := end("--as=officer@bureau.example"); code != exitDenied {
		t.Errorf("an officer: %d", code)
	}
	if code := end(); code != exitDone {
		t.Errorf("the operator: %d", code)
	}
}
