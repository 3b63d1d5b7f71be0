package audit

import (
	"slices"
	"strings"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/text"
)

// tampering is what somebody does behind the triggers' back to a chain of twelve rows, and what Verify must say of it.
type tampering struct {
	name string
	sql  []string
	want []Finding
}

func tamperings() []tampering {
	gone := func(where string) []string {
		return []string{"delete from audit_words where scope = {scope} and " + where, "delete from audit where scope = {scope} and " + where}
	}
	swap := func(a, b string) []string {
		set := "update audit set n = %to where scope = {scope} and n = %from"
		step := func(from, to string) string { return strings.NewReplacer("%from", from, "%to", to).Replace(set) }
		return []string{"delete from audit_words where scope = {scope} and n in (" + a + ", " + b + ")",
			step(a, "1000"), step(b, a), step("1000", b)}
	}
	return []tampering{
		{"nothing", nil, nil},
		{"verb", []string{"update audit set verb = 'claim.approve' where scope = {scope} and n = 5"}, []Finding{{Kind: Changed, N: 5}}},
		{"actor", []string{"update audit set actor = 'system:x' where scope = {scope} and n = 1"}, []Finding{{Kind: Changed, N: 1}}},
		{"moment", []string{"update audit set at = '2018-01-01T00:00:00.000000Z' where scope = {scope} and n = 12"},
			[]Finding{{Kind: Changed, N: 12}}},
		{"object", []string{"update audit set object_id = 'claim-6' where scope = {scope} and n = 5"}, []Finding{{Kind: Changed, N: 5}}},
		{"digest", []string{"update audit set digest = 'x' where scope = {scope} and n = 5"}, []Finding{{Kind: Changed, N: 5}}},
		{"words", []string{"update audit_words set after = '{}' where scope = {scope} and n = 7"}, []Finding{{Kind: WordsChanged, N: 7}}},
		{"salt", []string{"update audit_words set salt = 'x' where scope = {scope} and n = 7"}, []Finding{{Kind: WordsChanged, N: 7}}},
		{"before and after swapped", []string{"update audit_words set before = after, after = before where scope = {scope} and n = 7"},
			[]Finding{{Kind: WordsChanged, N: 7}}},
		{"words gone", []string{"delete from audit_words where scope = {scope} and n = 7"}, []Finding{{Kind: WordsMissing, N: 7}}},
		{"words blanked without a record", []string{"update audit_words set salt = '', before = '', after = '' where scope = {scope} and n = 7"},
			[]Finding{{Kind: WordsMissing, N: 7}}},
		{"first", gone("n = 1"), []Finding{{Kind: Missing, N: 1, Other: 1}}},
		{"middle", gone("n = 5"), []Finding{{Kind: Missing, N: 5, Other: 5}}},
		{"several", gone("n in (3, 4, 5, 9)"), []Finding{{Kind: Missing, N: 3, Other: 5}, {Kind: Missing, N: 9, Other: 9}}},
		{"last", gone("n > 10"), []Finding{{Kind: Truncated, N: 11, Other: 12}}},
		{"all", gone("n > 0"), []Finding{{Kind: Truncated, N: 1, Other: 12}}},
		{"neighbours swapped", swap("5", "6"), []Finding{{Kind: Reordered, N: 5, Other: 6}, {Kind: Reordered, N: 6, Other: 5}}},
		{"far apart swapped", swap("3", "9"), []Finding{{Kind: Reordered, N: 3, Other: 9}, {Kind: Reordered, N: 9, Other: 3}}},
		{"the last two swapped", swap("11", "12"), []Finding{{Kind: Reordered, N: 11, Other: 12}, {Kind: Reordered, N: 12, Other: 11}}},
		{"put in", []string{`insert into audit (scope, n, at, actor, verb, object_kind, object_id, digest, hash)
			select scope, 13, at, actor, verb, object_kind, object_id, digest, hash from audit where scope = {scope} and n = 12`,
			`insert into audit_words (scope, n, salt, before, after, person_id)
			select scope, 13, salt, before, after, person_id from audit_words where scope = {scope} and n = 12`},
			[]Finding{{Kind: Extra, N: 13}}},
		{"head", []string{"update programme_head set audit_hash = 'x' where programme_id = {scope}"}, []Finding{{Kind: Head, N: 12}}},
		{"two things", append(gone("n = 3"), "update audit set verb = 'x' where scope = {scope} and n = 9"),
			[]Finding{{Kind: Missing, N: 3, Other: 3}, {Kind: Changed, N: 9}}},
	}
}

func TestVerifyFindsExactlyWhatIsWrong(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		for _, c := range tamperings() { // each in a programme of its own
			t.Run(c.name, func(t *testing.T) {
				w := newTrail(t, d)
				w.record(1, 12)
				w.behind(c.sql...)
				for i := range c.want {
					c.want[i].Scope = w.scope
				}
				found := w.verify(w.scope)
				if !slices.Equal(found, c.want) {
					t.Errorf("found %v, want %v", found, c.want)
				}
				for _, f := range found {
					if said := f.Say(text.NL); !text.NL.Has(text.Key("audit.finding."+string(f.Kind))) || strings.Contains(said, "{") {
						t.Errorf("%v says %q", f, said)
					}
				}
			})
		}
	})
}

// One who rewrites a row and its hash breaks the link of the next; who rewrites all that follows is found at the head.
func TestARewrittenChainIsFound(t *testing.T) {
	for from, want := range map[int64]Finding{11: {Kind: Head, N: 12}, 4: {Kind: Head, N: 12}} {
		both(t, func(t *testing.T, w *trail) {
			w.record(1, 12)
			w.behind("update audit set verb = 'claim.forged' where scope = {scope} and n >= 4")
			w.rehash(from)
			found := w.verify(w.scope)
			want.Scope = w.scope
			if from == 4 && (len(found) != 1 || found[0] != want) {
				t.Errorf("all rewritten: %v, want %v", found, want)
			}
			if from == 11 && (len(found) < 7 || found[0] != Finding{w.scope, Changed, 4, 0} || found[len(found)-1] != want) {
				t.Errorf("the last two rewritten: %v", found)
			}
		})
	}
	both(t, func(t *testing.T, w *trail) {
		w.record(1, 12)
		w.behind("update audit set hash = 'x' where scope = {scope} and n = 12")
		if found := w.verify(w.scope); !slices.ContainsFunc(found, func(f Finding) bool { return f.N == 12 }) {
			t.Errorf("hash of the last row: %v", found)
		}
	})
}

// rehash makes every row from the given one follow from the one before it.
func (w *trail) rehash(from int64) {
	w.t.Helper()
	before := ""
	rows, err := w.d.Pool().QueryContext(w.t.Context(),
		"select n, at, actor, verb, object_kind, object_id, digest, hash from audit where scope = $1 order by n", w.scope)
	if err != nil {
		w.t.Fatal(err)
	}
	type row struct {
		n    int64
		hash string
	}
	var all []row
	for rows.Next() {
		l := link{scope: w.scope}
		var hash string
		if err := rows.Scan(&l.n, &l.at, &l.actor, &l.verb, &l.objectKind, &l.objectID, &l.digest, &hash); err != nil {
			w.t.Fatal(err)
		}
		if l.n >= from {
			hash = l.hash(before)
			all = append(all, row{l.n, hash})
		}
		before = hash
	}
	if err := rows.Close(); err != nil {
		w.t.Fatal(err)
	}
	for _, r := range all {
		if _, err := w.d.Pool().ExecContext(w.t.Context(), "update audit set hash = $1 where scope = $2 and n = $3", r.hash, w.scope, r.n); err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestTooMuchIsWrong(t *testing.T) {
	both(t, func(t *testing.T, w *trail) {
		w.record(1, 80)
		w.behind("update audit set verb = 'x' where scope = {scope} and n > 20")
		found := w.verify(w.scope)
		if len(found) != maxSuspects+1 || found[0].N != 21 || !slices.ContainsFunc(found, func(f Finding) bool { return f.Kind == TooMany }) {
			t.Errorf("%d findings: %v", len(found), found)
		}
	})
}

func TestErase(t *testing.T) {
	both(t, func(t *testing.T, w *trail) {
		w.record(1, 12)
		err := w.d.WriteAgency(t.Context(), func(tx *db.Tx) error {
			own := change(1)
			own.Person = kim
			return Append(t.Context(), tx, "", string(kim), own, change(2))
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []int{5, 0} { // rows 3, 6, 9, 12 of the programme and 1 of the agency; then nothing is left
			var n int
			err := w.d.WriteAgency(t.Context(), func(tx *db.Tx) (err error) {
				n, err = Erase(t.Context(), tx, "system:test", kim)
				return err
			})
			if n != want || err != nil {
				t.Fatalf("erased %d, %v; want %d", n, err, want)
			}
		}
		for _, scope := range []string{"", w.scope} {
			if found := w.verify(scope); len(found) != 0 {
				t.Errorf("%q after the erasure: %v", scope, found)
			}
		}
		if r := w.list(Filter{ObjectKind: "claim", ObjectID: "claim-6"})[0]; !r.Erased || r.Before != "" || r.After != "" {
			t.Errorf("row 6 still says %+v", r)
		}
		var left int
		err = w.d.Pool().QueryRowContext(t.Context(),
			"select count(*) from audit_words where person_id = $1 and (salt <> '' or before <> '' or after <> '')", kim).Scan(&left)
		if left != 0 || err != nil {
			t.Errorf("%d rows keep words, %v", left, err)
		}
		err = w.d.Read(t.Context(), func(tx *db.Tx) error {
			rows, err := List(t.Context(), tx, "", Filter{ObjectKind: "person", ObjectID: string(kim)})
			if len(rows) != 1 || !strings.Contains(rows[0].After, `"`+w.scope+`":"3,6,9,12"`) || rows[0].Verb != "audit.erase" {
				t.Errorf("the erasure is recorded as %+v", rows)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		w.behind("update audit_words set salt = '', before = '', after = '' where scope = {scope} and n = 7")
		if found, want := w.verify(w.scope), []Finding{{w.scope, WordsMissing, 7, 0}}; !slices.Equal(found, want) {
			t.Errorf("blanked behind an erasure: %v, want %v", found, want)
		}
	})
}

// A forged record of an erasure excuses nothing.
func TestAForgedErasureExcusesNothing(t *testing.T) {
	both(t, func(t *testing.T, w *trail) {
		w.record(1, 6)
		err := w.d.WriteAgency(t.Context(), func(tx *db.Tx) error {
			_, err := Erase(t.Context(), tx, "system:test", kim)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		w.behind("update audit_words set after = replace(after, '3,6', '3,5-6') where scope = ''",
			"update audit_words set salt = '', before = '', after = '' where scope = {scope} and n = 5")
		if found := w.verify(w.scope); !slices.Contains(found, Finding{w.scope, WordsMissing, 5, 0}) {
			t.Errorf("found %v", found)
		}
		if found, want := w.verify(""), []Finding{{"", WordsChanged, 1, 0}}; !slices.Equal(found, want) {
			t.Errorf("agency: %v, want %v", found, want)
		}
	})
}
