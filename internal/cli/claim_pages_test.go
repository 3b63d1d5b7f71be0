package cli

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/settlement"
)

// TestPagesOfTenThousandCosts asks for the pages of costs and of a claim with 10,000 items, with totals over all and with a filter over all: again,
// and after something changed in the programme, so that all of it is added up anew from the rows. 50 ms are promised for the 95th of 100; the
// test fails at a second, to leave room for busy machines and the race detector, and logs what it took.
func TestPagesOfTenThousandCosts(t *testing.T) {
	h := openHouse(t)
	ctx := context.Background()
	by := h.actor(t, "finance@alpha.example")
	var claim id.Claim
	var years []settlement.AgreementYear
	h.read(t, func(tx *db.Tx) (err error) {
		years, err = settlement.AgreementYears(ctx, tx, h.programme.ID, "alpha", 2018)
		return err
	})
	err := h.db.Write(ctx, h.programme.ID, func(tx *db.Tx) (err error) {
		claim, err = knownCosts(ctx, tx, by, h.programme.ID, years[0].Agreement, 10_000)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.db.Weigh(ctx); err != nil { // as imports do
		t.Fatal(err)
	}
	var number int
	h.read(t, func(tx *db.Tx) error {
		return tx.Row(ctx, db.Query{Name: "cli.pages.number", Text: "select number from claim where id = $1"}, claim).Scan(&number)
	})
	page := fmt.Sprintf("/claims/alpha/2018/%d", number)
	partner := h.as(t, "finance@alpha.example")
	h.timed(t, partner, map[string]string{"/costs?year=2018": "", "/costs?year=2018&state=declared": "", "/claims": "", page: "All 10,000 items",
		page + "?state=declared": "10,000 items of 10,000", page + "?category=venue": "10,000 items of 10,000", page + "?words=room": "10,000 items of 10,000",
		page + "?words=old-77": "111 items of 10,000", page + "?words=old-777&state=declared&category=venue": "11 items of 10,000"})
	moves := []struct{ who, sql string }{{"", "update claim set state = 'submitted', submitted_on = '2018-12-30' where id = $1"},
		{"", "update claim set state = 'in-verification' where id = $1"}}
	for _, m := range moves {
		err := h.db.Write(ctx, h.programme.ID, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, db.Query{Name: "cli.pages.move", Text: m.sql}, claim)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	controller := h.as(t, "controller@bureau.example")
	h.timed(t, controller, map[string]string{page: "10,000 items to look at", page + "?words=old-77": "111 items of 10,000", "/claims": "10,000"})
}

// timed asks for pages, each with some words that it must hold, and logs how long they take.
func (h *house) timed(t *testing.T, client *http.Client, pages map[string]string) {
	t.Helper()
	times := 30
	if raceDetector { // what it takes then tells nothing
		times = 4
	}
	for _, after := range []string{"unchanged", "after each change"} {
		var all []time.Duration
		for path, words := range pages {
			var took []time.Duration
			for range times {
				if after != "unchanged" { // what was kept of the page is old now
					if err := h.db.Write(context.Background(), h.programme.ID, func(*db.Tx) error { return nil }); err != nil {
						t.Fatal(err)
					}
				}
				began := time.Now()
				status, body := h.ask(t, client, "GET", path)
				took = append(took, time.Since(began))
				if status != 200 || !strings.Contains(body, words) {
					t.Fatalf("%s: %d, without %q", path, status, words)
				}
			}
			slices.Sort(took)
			t.Logf("%s %s: median %v, p95 %v", path, after, took[times/2], took[times*95/100])
			if took[times/2] > time.Second {
				t.Errorf("%s %s: median %v", path, after, took[times/2])
			}
			if strings.HasPrefix(path, "/claims") {
				all = append(all, took...)
			}
		}
		slices.Sort(all)
		t.Logf("pages of claims %s: median %v, p95 %v", after, all[len(all)/2], all[len(all)*95/100])
	}
}
