package audit

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

// kim is the person whose words are erased.
const kim = id.Person("01968c3e-7a10-7cc3-98c4-dc0c0c073901")

type trail struct {
	t     *testing.T
	d     *db.DB
	scope string
}

// newTrail has a programme whose chain is empty.
func newTrail(t *testing.T, d *db.DB) *trail {
	t.Helper()
	w := &trail{t, d, string(id.New[id.Programme]())}
	agency := id.New[id.Organisation]()
	err := d.WriteAgency(t.Context(), func(tx *db.Tx) error {
		err := tx.Insert(t.Context(), "organisation",
			strings.Fields("id code name short_name kind calendar_group position sort_key vat_recoverable_bp"),
			[][]any{{agency, string(agency), "Agency", "Agency", "agency", "", 1, "agency", 0}})
		if err != nil {
			return err
		}
		err = tx.Insert(t.Context(), "programme", strings.Fields(`id code name_nl name_en name_fr note_nl note_en note_fr strategy_nl
			strategy_en strategy_fr starts_on ends_on currency agency_id invented state source_hash`), [][]any{{w.scope, w.scope, "", "", "",
			"", "", "", "", "", "", "2017-01-01", "2021-12-31", "EUR", agency, 1, "open", ""}})
		if err != nil {
			return err
		}
		return tx.Insert(t.Context(), "programme_head", strings.Fields("programme_id seq audit_count audit_hash"), [][]any{{w.scope, 0, 0, ""}})
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func both(t *testing.T, test func(t *testing.T, w *trail)) {
	t.Helper()
	dbtest.Both(t, func(t *testing.T, d *db.DB) { test(t, newTrail(t, d)) })
}

// change is the n-th of a series; every third holds words of kim.
func change(n int) Change {
	c := Change{Verb: "claim.verify", ObjectKind: "claim", ObjectID: fmt.Sprintf("claim-%d", n),
		Before: map[string]any{"state": "in-verification"}, After: map[string]any{"state": "verified", "n": n}}
	if n%3 == 0 {
		c.Person = kim
	}
	return c
}

// record appends the changes from..to in units of work of at most four.
func (w *trail) record(from, to int) {
	w.t.Helper()
	for from <= to {
		var some []Change
		for ; from <= to && len(some) < 4; from++ {
			some = append(some, change(from))
		}
		err := w.d.Write(w.t.Context(), id.Programme(w.scope), func(tx *db.Tx) error {
			return Append(w.t.Context(), tx, w.scope, "system:test", some...)
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *trail) verify(scope string) []Finding {
	w.t.Helper()
	var out []Finding
	err := w.d.Read(w.t.Context(), func(tx *db.Tx) (err error) {
		out, err = Verify(w.t.Context(), tx, scope)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// behind runs SQL with the triggers of the audit tables out of the way. {scope} stands for the programme.
func (w *trail) behind(statements ...string) {
	w.t.Helper()
	drop := []string{"audit_no_update audit", "audit_no_delete audit", "audit_words_no_delete audit_words",
		"audit_words_erase_only audit_words"}
	for i, d := range drop {
		name, table, _ := strings.Cut(d, " ")
		drop[i] = "drop trigger if exists " + name
		if w.d.Engine() == db.PostgreSQL {
			drop[i] += " on " + table
		}
	}
	for _, q := range append(drop, statements...) {
		if _, err := w.d.Pool().ExecContext(w.t.Context(), strings.ReplaceAll(q, "{scope}", "'"+w.scope+"'")); err != nil {
			w.t.Fatalf("%s: %v", q, err)
		}
	}
}

func TestManyChangesAtOnce(t *testing.T) {
	both(t, func(t *testing.T, w *trail) {
		many := make([]Change, 5000)
		for i := range many {
			many[i] = change(i + 1)
		}
		began := time.Now()
		err := w.d.Write(t.Context(), id.Programme(w.scope), func(tx *db.Tx) error {
			return Append(t.Context(), tx, w.scope, "system:import", many...)
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("5,000 changes in %v", time.Since(began))
		w.record(5001, 5003)
		if found := w.verify(w.scope); len(found) != 0 {
			t.Errorf("found %v", found)
		}
	})
}

func TestAppendTwiceInOneUnitOfWork(t *testing.T) {
	both(t, func(t *testing.T, w *trail) {
		err := w.d.WriteAgency(t.Context(), func(tx *db.Tx) error {
			if err := tx.AlsoProgramme(t.Context(), id.Programme(w.scope)); err != nil {
				return err
			}
			for n := range 3 {
				for _, scope := range []string{"", w.scope} {
					if err := Append(t.Context(), tx, scope, "system:test", change(n)); err != nil {
						return err
					}
				}
			}
			return Append(t.Context(), tx, w.scope, "system:test")
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, scope := range []string{"", w.scope} {
			if found := w.verify(scope); len(found) != 0 {
				t.Errorf("%q: %v", scope, found)
			}
		}
		err = w.d.WriteAgency(t.Context(), func(tx *db.Tx) error {
			return Append(t.Context(), tx, w.scope, "system:test", change(1))
		})
		if !fault.Is(err, fault.KindInternal) {
			t.Errorf("in a programme that the unit of work does not write in: %v", err)
		}
	})
}

func TestNothingIsRecordedWhenTheWorkFails(t *testing.T) {
	both(t, func(t *testing.T, w *trail) {
		w.record(1, 2)
		err := w.d.Write(t.Context(), id.Programme(w.scope), func(tx *db.Tx) error {
			if err := Append(t.Context(), tx, w.scope, "system:test", change(3)); err != nil {
				return err
			}
			return fault.Conflict("db.constraint", nil)
		})
		if !fault.Is(err, fault.KindConflict) {
			t.Fatal(err)
		}
		w.record(3, 4)
		if found := w.verify(w.scope); len(found) != 0 {
			t.Errorf("found %v", found)
		}
	})
}

func TestTheDatabaseKeepsTheTrail(t *testing.T) {
	both(t, func(t *testing.T, w *trail) {
		w.record(1, 3)
		for _, q := range []string{"update audit set verb = 'x'", "delete from audit", "delete from audit_words",
			"update audit_words set after = '{}'", "update audit_words set salt = 'aa', before = '', after = ''"} {
			if _, err := w.d.Pool().ExecContext(t.Context(), q); err == nil {
				t.Errorf("%s went through", q)
			}
		}
		if found := w.verify(w.scope); len(found) != 0 {
			t.Errorf("found %v", found)
		}
	})
}

func TestList(t *testing.T) {
	both(t, func(t *testing.T, w *trail) {
		w.record(1, 10)
		err := w.d.Write(t.Context(), id.Programme(w.scope), func(tx *db.Tx) error {
			return Append(t.Context(), tx, w.scope, string(kim), Change{Verb: "payment.order", ObjectKind: "payment", ObjectID: "p",
				After: struct {
					Z int
					A string `json:"a"`
				}{1, "<é>"}})
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			filter Filter
			want   []int64
		}{
			{Filter{Limit: 3}, []int64{11, 10, 9}},
			{Filter{Limit: 3, Before: 9}, []int64{8, 7, 6}},
			{Filter{Before: 3}, []int64{2, 1}},
			{Filter{ObjectKind: "claim", ObjectID: "claim-4"}, []int64{4}},
			{Filter{ObjectKind: "payment"}, []int64{11}},
			{Filter{Actor: string(kim)}, []int64{11}},
			{Filter{Actor: "system:test", ObjectKind: "payment"}, nil},
			{Filter{Actor: "system:test", Limit: 2, Before: 6}, []int64{5, 4}},
		} {
			var got []int64
			for _, r := range w.list(c.filter) {
				got = append(got, r.N)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%+v: %v, want %v", c.filter, got, c.want)
			}
		}
		last := w.list(Filter{Limit: 2})
		if r := last[0]; r.Before != "" || r.After != `{"Z":1,"a":"<é>"}` || r.Erased || r.At.Time().IsZero() || r.Verb != "payment.order" {
			t.Errorf("last row %+v", r)
		}
		if r := last[1]; r.Before != `{"state":"in-verification"}` || r.After != `{"n":10,"state":"verified"}` {
			t.Errorf("the one before %+v", r)
		}
	})
}

func (w *trail) list(f Filter) []Row {
	w.t.Helper()
	var out []Row
	err := w.d.Read(w.t.Context(), func(tx *db.Tx) (err error) {
		out, err = List(w.t.Context(), tx, w.scope, f)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}
