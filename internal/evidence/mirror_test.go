package evidence

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/company"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// TestMirrorTellsWhatTheDatabaseTells does random things, by another process than the mirror's, and compares after each.
func TestMirrorTellsWhatTheDatabaseTells(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w, m := newWorld(t, d), NewMirror(1000)
		r := rand.New(rand.NewPCG(7, 11)) //nolint:gosec // a fixed seed
		var made []id.Evidence
		var merged []id.Merge
		day := period.Date("2019-04-01")
		for n := range 60 {
			day = day.AddDays(r.IntN(3))
			if n < 5 || r.IntN(4) == 0 {
				p := w.participation(1 + r.IntN(25))
				p.SourceID = fmt.Sprint("s", n)
				if r.IntN(4) == 0 {
					p.Year = 2020
				}
				made = append(made, p.ID)
				w.write(t, string(day), func(tx *db.Tx) error { return Record(t.Context(), tx, w.programme, []New{p}) })
			} else {
				w.anything(t, r, day, made[r.IntN(len(made))], &merged)
			}
			w.compareMirror(t, m, day)
		}
	})
}

// anything decides on a row, gives it other shares, merges companies or undoes that; what may not be done is left.
func (w *world) anything(t *testing.T, r *rand.Rand, day period.Date, e id.Evidence, merged *[]id.Merge) {
	t.Helper()
	administrator := access.Actor{ID: w.officer.ID, Name: "a", Memberships: []access.Membership{{Organisation: w.agency, Agency: true, Role: access.Administrator},
		{Organisation: w.agency, Agency: true, Role: access.Officer}}}
	ctx := t.Context()
	write := func(do func(*db.Tx) error) error { return w.at(string(day)).Write(ctx, w.programme, do) }
	var err error
	switch r.IntN(6) {
	case 0:
		err = write(func(tx *db.Tx) error { return Verify(ctx, tx, w.officer, w.programme, e, "seen") })
	case 1:
		err = write(func(tx *db.Tx) error { return Reject(ctx, tx, w.other, w.programme, e, "no") })
	case 2:
		err = write(func(tx *db.Tx) error { return Reopen(ctx, tx, w.other, w.programme, e, "yes") })
	case 3:
		credits := []Credit{{w.partners[r.IntN(3)], 1 + r.Int64N(4)}}
		err = write(func(tx *db.Tx) error { return Reshare(ctx, tx, w.officer, w.programme, e, credits, "agreed") })
	case 4:
		err = w.at(string(day)).WriteAgency(ctx, func(tx *db.Tx) error {
			one, err := company.Join(ctx, tx, administrator, w.companies[r.IntN(3)], w.companies[r.IntN(3)], "one")
			if err == nil {
				*merged = append(*merged, one)
			}
			return err
		})
	case 5:
		if len(*merged) > 0 {
			undo := (*merged)[r.IntN(len(*merged))]
			err = w.at(string(day)).WriteAgency(ctx, func(tx *db.Tx) error { return company.Part(ctx, tx, administrator, undo, "two") })
		}
	}
	if err != nil && !fault.Is(err, fault.KindConflict) && !fault.Is(err, fault.KindInvalid) {
		t.Fatal(err)
	}
}

func (w *world) compareMirror(t *testing.T, m *Mirror, day period.Date) {
	t.Helper()
	w.read(t, func(tx *db.Tx) error {
		for _, q := range []Query{{From: 2019, To: 2019}, {From: 2019, To: 2020}, {From: 2019, To: 2019, AsOf: day.AddDays(-9)},
			{From: 2018, To: 2021, Organisation: w.partners[1]}, {From: 2019, To: 2021, Kinds: []Kind{Participation}, AsOf: day},
			{From: 2019, To: 2020, Organisation: w.agency, AsOf: day.AddDays(-4)}, {From: 2019, To: 2019, Kinds: []Kind{Win}}} {
			want, err1 := Of(t.Context(), tx, w.programme, q)
			shared, err2 := m.Of(t.Context(), tx, w.programme, q)
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			got := make([]Row, 0, len(shared))
			for _, r := range shared {
				r.life = nil
				got = append(got, r)
			}
			if len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
				t.Fatalf("%+v: mirrored\n%+v, read\n%+v", q, got, want)
			}
		}
		w.compareLists(t, tx, m, day)
		return nil
	})
}

// compareLists pages through what filters choose, from memory and from the database.
func (w *world) compareLists(t *testing.T, tx *db.Tx, m *Mirror, day period.Date) {
	t.Helper()
	for n, f := range []Filter{{Scope: access.All}, {Scope: ""}, {Scope: access.Scope(w.partners[0] + " " + w.partners[2])},
		{Scope: access.All, State: Counting, From: 2019, To: 2019}, {Scope: access.All, State: Rejected, AsOf: day.AddDays(-6)},
		{Scope: access.All, State: Counting, AsOf: day.AddDays(-2), Organisation: w.partners[1]}, {Scope: access.All, Company: w.companies[1]},
		{Scope: access.All, JointOnly: true, WithCompany: true}, {Scope: access.All, Measure: "quantity"}, {Scope: access.All, Measure: "amount"},
		{Scope: access.All, Kinds: []Kind{Participation, Win}, ActivityTypes: []string{"seminar"}}, {Scope: access.All, Market: "DE"}} {
		f.Limit = 3
		want, err := Bundles(t.Context(), tx, w.programme, f)
		got, err1 := m.Bundles(t.Context(), tx, w.programme, f)
		if err != nil || err1 != nil || len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
			t.Fatalf("filter %d: mirrored %v\n%+v, read %v\n%+v", n, err1, got, err, want)
		}
		for {
			want, next, err1 := List(t.Context(), tx, w.programme, f)
			total, err2 := f.Count(t.Context(), tx, w.programme)
			got, then, of, err3 := m.List(t.Context(), tx, w.programme, f)
			counted, err4 := m.Count(t.Context(), tx, w.programme, f)
			if err1 != nil || err2 != nil || err3 != nil || err4 != nil {
				t.Fatal(err1, err2, err3, err4)
			}
			if of != total || counted != total || then != next || len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
				t.Fatalf("filter %d: mirrored %d (%d)\n%+v, read %d\n%+v", n, of, counted, got, total, want)
			}
			if f.After = next; next == "" {
				break
			}
		}
	}
}

func TestMirrorLearnsNothingFromAWriteThatFails(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w, m, of := newWorld(t, d), NewMirror(2), Query{From: 2019, To: 2019}
		w.compareMirror(t, m, "2019-04-01")
		err := w.at("2019-04-01").Write(t.Context(), w.programme, func(tx *db.Tx) error {
			if err := Record(t.Context(), tx, w.programme, []New{w.participation(1)}); err != nil {
				return err
			}
			rows, err := m.Of(t.Context(), tx, w.programme, of)
			if err != nil || len(rows) != 1 {
				t.Errorf("its own writer reads %d rows, %v", len(rows), err)
			}
			return fault.Invalid("x", "evidence.date", nil)
		})
		if err == nil {
			t.Fatal("written")
		}
		w.compareMirror(t, m, "2019-04-01")
		large := NewMirror(2) // more rows than it may keep: the database is read
		w.write(t, "2019-04-02", func(tx *db.Tx) error {
			return Record(t.Context(), tx, w.programme, []New{w.participation(1), w.participation(2), w.participation(3)})
		})
		w.compareMirror(t, large, "2019-04-02")
	})
}
