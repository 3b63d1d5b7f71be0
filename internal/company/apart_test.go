package company

import (
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

var moveCompany = db.SQL("test.company.move", `update company set city = $2, seq = $3 where id = $1`)

// A pair that was told apart does not come back, until one of the companies changes, stands for another, or the decision is taken back.
func TestToldApart(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		officer := access.Actor{ID: id.New[id.Person](), Memberships: []access.Membership{{Role: access.Officer, Organisation: id.New[id.Organisation](), Agency: true}}}
		rows := []Company{{ID: id.New[id.Company](), Name: "Janssens nv", Postcode: "9000", City: "Gent", Country: "BE"},
			{ID: id.New[id.Company](), Name: "JANSSENS", Postcode: "9000", City: "Gent", Country: "BE"}, {ID: id.New[id.Company](), Name: "Peeters", Country: "BE"}}
		a, b := rows[0].ID, rows[1].ID
		write := func(fn func(tx *db.Tx) error) {
			t.Helper()
			if err := d.WriteAgency(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		write(func(tx *db.Tx) error {
			if err := tx.Insert(ctx, "person", []string{"id", "email", "name", "password_hash", "language", "disabled"},
				[][]any{{officer.ID, "o@x.example", "Olga", "", "en", 0}}); err != nil {
				return err
			}
			return Add(ctx, tx, rows)
		})
		holds := func(when string, pairs, told int, stale bool) {
			t.Helper()
			if err := d.Read(ctx, func(tx *db.Tx) error {
				p, x, err := Likely(ctx, tx)
				if err == nil && (len(p) != pairs || len(x) != told || told > 0 && (x[0].Stale != stale || x[0].By != "Olga" || x[0].AName != "Janssens nv")) {
					t.Errorf("%s: %d pairs, told %+v", when, len(p), x)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		tell := func() (x id.Apart) {
			t.Helper()
			// In either order it is the same pair.
			write(func(tx *db.Tx) (err error) { x, err = Tell(ctx, tx, officer, b, a, "father and son"); return err })
			return x
		}
		holds("before", 1, 0, false)
		first := tell()
		holds("told apart", 0, 1, false)
		write(func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, moveCompany, b, "Deinze", tx.Seq(""))
			return err
		})
		holds("one has moved", 1, 1, true)
		tell()
		holds("told apart again", 0, 2, false)
		var m id.Merge
		write(func(tx *db.Tx) (err error) { m, err = Join(ctx, tx, officer, b, rows[2].ID, "bought"); return err })
		holds("one stands for another", 0, 2, true)
		write(func(tx *db.Tx) error { return Part(ctx, tx, officer, m, "not bought") })
		holds("it stands for itself again", 0, 2, false)
		write(func(tx *db.Tx) error { return Reconsider(ctx, tx, officer, first, "old") })
		holds("the stale one is taken back", 0, 1, false)
		refusedAparts(t, d, officer, a, b, first)
	})
}

func refusedAparts(t *testing.T, d *db.DB, officer access.Actor, a, b id.Company, undone id.Apart) {
	t.Helper()
	ctx := t.Context()
	for want, fn := range map[string]func(tx *db.Tx) error{
		"company.merge_reason reason": func(tx *db.Tx) error { _, err := Tell(ctx, tx, officer, a, b, " "); return err },
		"company.missing":             func(tx *db.Tx) error { _, err := Tell(ctx, tx, officer, a, id.New[id.Company](), "x"); return err },
		"company.merge_self b":        func(tx *db.Tx) error { _, err := Tell(ctx, tx, officer, a, a, "x"); return err },
		"company.apart_already":       func(tx *db.Tx) error { _, err := Tell(ctx, tx, officer, a, b, "x"); return err },
		"company.apart_missing":       func(tx *db.Tx) error { return Reconsider(ctx, tx, officer, id.New[id.Apart](), "x") },
		"company.apart_undone":        func(tx *db.Tx) error { return Reconsider(ctx, tx, officer, undone, "x") },
	} {
		err := d.WriteAgency(ctx, fn)
		if err == nil {
			t.Errorf("%s: done", want)
			continue
		}
		if f := fault.Of(err); strings.TrimSpace(string(f.Key)+" "+f.Field) != want {
			t.Errorf("%s %s, not %s", f.Key, f.Field, want)
		}
	}
	partner := access.Actor{ID: officer.ID, Memberships: []access.Membership{{Role: access.Coordinator, Organisation: id.New[id.Organisation]()}}}
	for _, fn := range []func(tx *db.Tx) error{
		func(tx *db.Tx) error { _, err := Tell(ctx, tx, partner, a, b, "x"); return err },
		func(tx *db.Tx) error { return Reconsider(ctx, tx, partner, undone, "x") },
	} {
		if err := d.WriteAgency(ctx, fn); !fault.Is(err, fault.KindDenied) {
			t.Errorf("a partner: %v", err)
		}
	}
}
