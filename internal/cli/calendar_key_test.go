package cli

import (
	"context"
	"net/http"
	"net/url"
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
