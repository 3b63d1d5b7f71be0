package cli

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/renewal"
	"errera.eu/errera/internal/web"
)

// openNext opens a round after the one that the house has loaded.
func (h *house) openNext(t *testing.T) (next programme.Programme) {
	t.Helper()
	ctx := context.Background()
	err := h.db.WriteAgency(ctx, func(tx *db.Tx) (err error) {
		next, err = renewal.Open(ctx, tx, access.System("operator"), h.programme, renewal.Next{Code: "next-round",
			Name:   programme.Words{NL: "Volgende ronde", EN: "Next round", FR: "Cycle suivant"},
			Starts: h.programme.Ends.AddDays(1), Ends: h.programme.Ends.AddDays(700)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return next
}

// TestPagesKeepTheirRound walks every page of a round that does not lead and looks for an address that would leave it.
func TestPagesKeepTheirRound(t *testing.T) {
	h := openHouse(t)
	next := h.openNext(t)
	client := h.as(t, "administrator@bureau.example")
	seen := 0
	for _, route := range web.New(web.Options{}).Routes() {
		if route.Method != http.MethodGet || route.Verb == "" {
			continue
		}
		for _, path := range h.addresses(t, route.Pattern) {
			status, body := h.ask(t, client, route.Method, path+"?programme="+next.Code)
			if status >= 500 {
				t.Errorf("%s: %d", path, status)
			}
			if status != http.StatusOK || !strings.Contains(body, "<main") {
				continue
			}
			seen++
			doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			doc.Find("a[href], form[action]").Each(func(_ int, s *goquery.Selection) {
				to := s.AttrOr("href", s.AttrOr("action", ""))
				u, err := url.Parse(to)
				hidden := s.Find("input[name=programme]").Length() > 0
				if err != nil || !strings.HasPrefix(to, "/") || u.Path == "/sign-out" || hidden {
					return
				}
				if u.Query().Get("programme") == "" {
					t.Errorf("%s: %s leaves the round", path, to)
				}
			})
		}
	}
	if seen < 8 {
		t.Errorf("only %d pages were read", seen)
	}
}
