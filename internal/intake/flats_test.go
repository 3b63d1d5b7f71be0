package intake

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/check"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/programme"
)

const flatOther = "[[category]]\ncategory = \"other\"\nflat_bp = 700\nflat_of = [\"travel\", \"external\"]\n"

// replaced is a folder with one text of one file in the place of another.
func replaced(t *testing.T, whole fstest.MapFS, file, from, to string) fstest.MapFS {
	t.Helper()
	return breakage{file, from, to, nil}.broken(t, whole)
}

var (
	flatItems = db.SQL("intake.test.flats", `select i.ref, i.state || ' ' || cast(i.eligible as text) || ' ' || cast(i.accepted as text) || ' ' || i.delivered_on || ' ' || i.decided_on
		from cost_item i where i.kind = 'flat' order by i.ref`)
	flatStruck = db.SQL("intake.test.struck", `select i.ref, cast(k.cost as text) || ' ' || k.dated from correction k
		join cost_item i on i.programme_id = k.programme_id and i.id = k.item_id order by i.ref, k.cost`)
	itemOf  = db.SQL("intake.test.item", `select i.id from cost_item i where i.ref = $1`)
	claimOf = db.SQL("intake.test.claim", `select i.claim_id from cost_item i where i.ref = $1`)
)

// pairs reads a query of two columns.
func pairs(t *testing.T, d *db.DB, q db.Query) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.Each(t.Context(), q, nil, func(r *sql.Rows) error {
			var a, b string
			err := r.Scan(&a, &b)
			out[a] = b
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// lawful wants every law of the books.
func lawful(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		found, err := check.Run(t.Context(), tx, "")
		for _, l := range found.Laws {
			for _, f := range l.Findings {
				t.Errorf("%s: %s", l.Name, f)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestFlatRatesOfAFolder: a claim of a folder gets the flat rates that handing it in would have given it, less what was parked or lapsed of
// their base, and a correction of the base strikes them too; the laws hold, and later corrections follow as if the claim had been made here.
func TestFlatRatesOfAFolder(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		files := replaced(t, withRules(t, flatOther), "corrections.csv", "gamma,2018,h14", "gamma,2018,h12")
		load(t, d, files)
		want := map[string]string{
			"alpha-2018-2-other-5000": "accepted 93333 93333 2018-11-12 2019-01-30",
			"beta-2018-1-other-5000":  "deducted 23940 0 2018-06-20 2018-08-10", // parked, and returned in the next claim
			"beta-2018-2-other-5000":  "accepted 32926 32926 2018-09-11 2019-02-06",
			"gamma-2018-1-other-5000": "accepted 50820 50820 2018-03-21 2018-08-16",
			"gamma-2018-2-other-5000": "deducted 6678 0 2018-12-05 2019-02-07", // lapsed
		}
		if got := pairs(t, d, flatItems); !maps.Equal(got, want) {
			t.Errorf("flat rates: %v", got)
		}
		if got := pairs(t, d, flatStruck); got["h12"] != "100001 2019-04-02" || got["gamma-2018-1-other-5000"] != "7000 2019-04-02" || len(got) != 2 {
			t.Errorf("struck: %v", got)
		}
		lawful(t, d)
		inProgramme(t, d, func(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) error {
			var item id.Item
			if err := tx.Row(ctx, itemOf, "h10").Scan(&item); err != nil {
				return err
			}
			_, err := funding.Strike(ctx, tx, by, g, item, 100_00, "counted twice")
			return err
		})
		if got := pairs(t, d, flatStruck); !strings.HasPrefix(got["beta-2018-2-other-5000"], "700 ") {
			t.Errorf("struck here: %v", got)
		}
		lawful(t, d)
	})
}

// TestFlatRatesOfAnOpenClaimOfAFolder: they are declared with their claim and follow what is decided about it here.
func TestFlatRatesOfAnOpenClaimOfAFolder(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		files := withRules(t, flatOther)
		for _, x := range [][3]string{
			{"claims.csv", "2019-01-28,finance@gamma.example,2019-02-13,controller@bureau.example,2019-02-19,approver@bureau.example", "2019-01-28,finance@gamma.example,,,,"},
			{"cost_items.csv", "7500.50,450.03,,accepted,,,,2019-02-07,controller@bureau.example,", "7500.50,450.03,,declared,,,,,,"},
			{"cost_items.csv", "900.00,54.00,,lapsed,,,Contract asked for,2019-02-07,controller@bureau.example,", "900.00,54.00,,declared,,,,,,"},
			{"payments.csv", "gamma,2018,claim,2,2684.20,2019-02-20,payer@bureau.example,payer.2@bureau.example,2019-02-25\n", ""},
			{"corrections.csv", "gamma,2018,h14,1000.01,Supplier sent a credit note,2019-04-02,controller@bureau.example\n", ""},
		} {
			files = replaced(t, files, x[0], x[1], x[2])
		}
		load(t, d, files)
		if got := pairs(t, d, flatItems)["gamma-2018-2-other-5000"]; got != "declared 6678 0 2018-12-05 " {
			t.Errorf("handed in: %q", got)
		}
		inProgramme(t, d, func(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) error {
			var item id.Item
			var claim id.Claim
			if err := tx.Row(ctx, itemOf, "h15").Scan(&item); err != nil {
				return err
			}
			if err := tx.Row(ctx, claimOf, "h15").Scan(&claim); err != nil {
				return err
			}
			if err := funding.Open(ctx, tx, by, g, claim); err != nil {
				return err
			}
			return funding.Decide(ctx, tx, by, g, item, "item.deduct", 54_00, "vat", "recovered")
		})
		if got := pairs(t, d, flatItems)["gamma-2018-2-other-5000"]; !strings.HasPrefix(got, "deducted 6678 6300 2018-12-05") {
			t.Errorf("decided: %q", got)
		}
		lawful(t, d)
	})
}

// inProgramme does something as the controller.
func inProgramme(t *testing.T, d *db.DB, do func(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) error) {
	t.Helper()
	ctx := t.Context()
	var by access.Actor
	var g programme.Programme
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		if by, err = access.LoadActorByEmail(ctx, tx, "controller@bureau.example"); err != nil {
			return err
		}
		g, err = programme.Current(ctx, tx, "")
		return err
	})
	if err == nil {
		err = d.Write(ctx, g.ID, func(tx *db.Tx) error { return do(ctx, tx, by, g.ID) })
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestAFlatRateKeepsItsReference: no row may be called as a flat rate is.
func TestAFlatRateKeepsItsReference(t *testing.T) {
	files := withRules(t, flatOther)
	files = replaced(t, files, "cost_items.csv", "h13,gamma", "gamma-2018-1-other-5000,gamma")
	if told := faultsOf(t, files); !slices.Equal(told, []string{`cost_items.csv:14 ref "gamma-2018-1-other-5000" not_flat_ref`}) {
		t.Errorf("%s", strings.Join(told, "\n"))
	}
}
