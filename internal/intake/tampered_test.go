package intake

import (
	"testing"

	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/check"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/programme"
)

// TestWhatBreaksALawIsNamed: an invoice that is claimed above its amount, and a step in the trail that no verb makes.
func TestWhatBreaksALawIsNamed(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		load(t, d, byHand(t))
		broken := func() map[string]int {
			out := map[string]int{}
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				found, err := check.Run(t.Context(), tx, "")
				for _, l := range found.Laws {
					if l.Broken > 0 {
						out[l.Name] = l.Broken
					}
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		if found := broken(); len(found) != 0 {
			t.Fatalf("before: %v", found)
		}
		short := "insert into invoice (key, currency, total) select i.invoice_key, min(i.currency), cast(sum(i.net + i.vat) as bigint) - 1" +
			" from cost_item i where i.invoice_key is not null group by i.invoice_key"
		if _, err := d.Pool().ExecContext(t.Context(), short); err != nil {
			t.Fatal(err)
		}
		type seen struct {
			State string `json:"state"`
		}
		var g programme.Programme
		err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
			g, err = programme.Current(t.Context(), tx, "")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Write(t.Context(), g.ID, func(tx *db.Tx) error {
			return audit.Append(t.Context(), tx, string(g.ID), "system:test",
				audit.Change{Verb: "claim.approve", ObjectKind: "claim", ObjectID: "one", Before: seen{"draft"}, After: seen{"approved"}},
				audit.Change{Verb: "claim.order", ObjectKind: "claim", ObjectID: "one", Before: seen{"approved"}, After: seen{"ordered"}},
				audit.Change{Verb: "claim.refuse", ObjectKind: "claim", ObjectID: "one", Before: seen{"paid"}, After: seen{"approved"}})
		})
		if err != nil {
			t.Fatal(err)
		}
		if found := broken(); found["invoices"] == 0 || found["steps"] != 2 || len(found) != 2 {
			t.Errorf("found %v", found)
		}
	})
}
