package cli

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/settlement"
)

// TestPagesOfTenThousandCosts asks for the pages of costs and of a claim with 10,000 items, with totals over all and with a filter: again, and after
// something changed in the programme.
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
	var number int
	h.read(t, func(tx *db.Tx) error {
		return tx.Row(ctx, db.Query{Name: "cli.pages.number", Text: "select number from claim where id = $1"}, claim).Scan(&number)
	})
	client := h.as(t, "finance@alpha.example")
	for _, path := range []string{"/costs?year=2018", "/costs?year=2018&state=declared", fmt.Sprintf("/claims/alpha/2018/%d", number),
		fmt.Sprintf("/claims/alpha/2018/%d?state=declared", number), "/claims"} {
		for _, after := range []string{"again", "after a change"} {
			var took []time.Duration
			for range 21 {
				if after == "after a change" { // what was kept of the page is old now
					if err := h.db.Write(ctx, h.programme.ID, func(*db.Tx) error { return nil }); err != nil {
						t.Fatal(err)
					}
				}
				began := time.Now()
				if status, body := h.ask(t, client, "GET", path); status != 200 || len(body) < 1000 {
					t.Fatalf("%s: %d", path, status)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			t.Logf("%s %s: median %v, p95 %v", path, after, took[10], took[19])
			if took[10] > time.Second {
				t.Errorf("%s: median %v", path, took[10])
			}
		}
	}
}
