package intake

import (
	"os"
	"testing"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/check"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/programme"
)

// TestRunningRound loads the round of 2022-2026 beside another programme and holds every law against both.
func TestRunningRound(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		load(t, d, byHand(t))
		load(t, d, os.DirFS("../../demo/fit-2022-2026"))
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			found, err := check.Run(t.Context(), tx, "")
			if err != nil {
				return err
			}
			for _, l := range found.Laws {
				for _, f := range l.Findings {
					t.Errorf("%s: %s", l.Name, f)
				}
			}
			g, err := programme.Current(t.Context(), tx, "fit-2022-2026")
			if err != nil {
				return err
			}
			all, err := agreement.List(t.Context(), tx, "*", g.ID)
			if len(all) != 21 {
				t.Errorf("%d agreements", len(all))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
