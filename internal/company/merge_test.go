package company

import (
	"math/rand/v2"
	"slices"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

// After any sequence of merges and undone merges each company stands for what the merges still in force say; when all are undone, for itself.
func TestMergesAreUndoneExactly(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		ctx, r := t.Context(), rand.New(rand.NewPCG(3, 4))
		agency := id.New[id.Organisation]()
		officer := access.Actor{ID: id.New[id.Person](), Memberships: []access.Membership{{Role: access.Officer, Organisation: agency, Agency: true}}}
		var all []id.Company
		var rows []Company
		for range 9 {
			rows = append(rows, Company{ID: id.New[id.Company](), Name: "C", Country: "BE"})
			all = append(all, rows[len(rows)-1].ID)
		}
		if err := d.WriteAgency(ctx, func(tx *db.Tx) error {
			err := tx.Insert(ctx, "person", []string{"id", "email", "name", "password_hash", "language", "disabled"},
				[][]any{{officer.ID, "o@x.example", "O", "", "en", 0}})
			if err != nil {
				return err
			}
			return Add(ctx, tx, rows)
		}); err != nil {
			t.Fatal(err)
		}
		type edge struct {
			merge      id.Merge
			from, into id.Company
		}
		var live []edge
		root := func(c id.Company) id.Company {
			for i := 0; i < len(live); i++ {
				if live[i].from == c {
					c, i = live[i].into, -1
				}
			}
			return c
		}
		check := func() { t.Helper(); standsFor(t, d, all, root) }
		for range 60 {
			if len(live) > 0 && r.IntN(5) < 2 {
				i := r.IntN(len(live))
				if err := d.WriteAgency(ctx, func(tx *db.Tx) error { return Part(ctx, tx, officer, live[i].merge, "two after all") }); err != nil {
					t.Fatal(err)
				}
				live = slices.Delete(live, i, i+1)
				check()
				continue
			}
			a, b := all[r.IntN(len(all))], all[r.IntN(len(all))]
			var m id.Merge
			err := d.WriteAgency(ctx, func(tx *db.Tx) (err error) { m, err = Join(ctx, tx, officer, a, b, "one company"); return err })
			if same := root(a) == root(b); same != (err != nil) || same && fault.Of(err).Key != "company.merge_self" {
				t.Fatalf("merging: %v, one already %v", err, same)
			}
			if err == nil {
				live = append(live, edge{m, root(a), root(b)})
			}
			check()
		}
		for _, e := range live {
			if err := d.WriteAgency(ctx, func(tx *db.Tx) error { return Part(ctx, tx, officer, e.merge, "all back") }); err != nil {
				t.Fatal(err)
			}
		}
		live = nil
		check()
		refusedMerges(t, d, officer, all)
	})
}

// standsFor holds what each company stands for against a model.
func standsFor(t *testing.T, d *db.DB, all []id.Company, root func(id.Company) id.Company) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *db.Tx) error {
		for _, c := range all {
			got, err := Load(t.Context(), tx, c)
			if err != nil || got.Root != root(c) {
				t.Fatalf("%s stands for %s, want %s (%v)", c, got.Root, root(c), err)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func refusedMerges(t *testing.T, d *db.DB, officer access.Actor, all []id.Company) {
	t.Helper()
	ctx := t.Context()
	var m id.Merge
	try := func(fn func(tx *db.Tx) error) *fault.Fault {
		if err := d.WriteAgency(ctx, fn); err != nil {
			return fault.Of(err)
		}
		return &fault.Fault{}
	}
	if f := try(func(tx *db.Tx) (err error) { m, err = Join(ctx, tx, officer, all[0], all[1], "x"); return err }); f.Key != "" {
		t.Fatal(f)
	}
	for want, fn := range map[string]func(tx *db.Tx) error{
		"company.merge_reason":  func(tx *db.Tx) error { _, err := Join(ctx, tx, officer, all[0], all[2], " "); return err },
		"company.missing":       func(tx *db.Tx) error { _, err := Join(ctx, tx, officer, all[0], id.New[id.Company](), "x"); return err },
		"company.merge_missing": func(tx *db.Tx) error { return Part(ctx, tx, officer, id.New[id.Merge](), "x") },
		"company.merge_undone": func(tx *db.Tx) error {
			if err := Part(ctx, tx, officer, m, "x"); err != nil {
				return err
			}
			return Part(ctx, tx, officer, m, "x")
		},
	} {
		if f := try(fn); string(f.Key) != want {
			t.Errorf("%v, want %s", f, want)
		}
	}
	if f := try(func(tx *db.Tx) error { _, err := Join(ctx, tx, access.Actor{}, all[0], all[2], "x"); return err }); f.Kind != fault.KindDenied {
		t.Errorf("by nobody: %v", f)
	}
	if err := d.Read(ctx, func(tx *db.Tx) error {
		list, err := Merges(ctx, tx, all[0])
		if err != nil || len(list) == 0 || list[len(list)-1].UndoneOn != "" {
			t.Errorf("merges %+v %v", list, err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
