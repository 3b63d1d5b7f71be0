package db_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

func count(t *testing.T, tx *db.Tx, table string) int {
	t.Helper()
	var n int
	if err := tx.Row(t.Context(), db.Query{Text: "select count(*) from " + table}).Scan(&n); err != nil {
		t.Error(err)
	}
	return n
}

func TestWritesOfOneProgrammeAreSerial(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		const writers, each = 6, 5
		seen := make([]map[int64]bool, writers)
		var all sync.WaitGroup
		for w := range writers {
			seen[w] = map[int64]bool{}
			all.Go(func() {
				for range each {
					err := d.Write(ctx, programme, func(tx *db.Tx) error {
						// Read, then write what was read: without the head two writers would clash on the key.
						var n int
						err := tx.Row(ctx, db.Query{Text: "select max(n) + 1 from audit where scope = $1"}, programme).Scan(&n)
						if err != nil {
							return err
						}
						seen[w][tx.Seq(string(programme))] = true
						return tx.Insert(ctx, "audit", columnsOfAudit, [][]any{{programme, n, tx.Now, "", "", "", "", "", ""}})
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		union := map[int64]bool{}
		for _, s := range seen {
			for seq := range s {
				union[seq] = true
			}
		}
		if len(union) != writers*each {
			t.Errorf("%d writes had %d numbers", writers*each, len(union))
		}
	})
}

var columnsOfAudit = []string{"scope", "n", "at", "actor", "verb", "object_kind", "object_id", "digest", "hash"}

// On PostgreSQL a long write of one programme holds up nobody in another.
func TestProgrammesDoNotWaitForEachOther(t *testing.T) {
	server := os.Getenv("ERRERA_TEST_POSTGRES")
	if server == "" {
		t.Log("SQLite has one writer: there is nothing to see without PostgreSQL")
		return
	}
	d := dbtest.Postgres(t, server)
	fill(t, d)
	ctx := t.Context()
	const other = id.Programme("00000000-0000-7000-8000-000000000302")
	if err := exec(ctx, d, texts(t, d, []step{again("programme", "id", "'"+string(other)+"'", "code", wrong),
		again("programme_head", "programme_id", "'"+string(other)+"'")})...); err != nil {
		t.Fatal(err)
	}
	err := d.Write(ctx, programme, func(*db.Tx) error {
		soon, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		return d.Write(soon, other, func(*db.Tx) error { return nil })
	})
	if err != nil {
		t.Error(err)
	}
}

func TestReadIsASnapshotAndReadsOnly(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		err := d.Read(ctx, func(tx *db.Tx) error {
			before := count(t, tx, "goal")
			if err := exec(ctx, d, again("goal", "id", fresh, "code", wrong).text(t, d)); err != nil {
				t.Error(err)
			}
			if after := count(t, tx, "goal"); after != before {
				t.Errorf("a read saw %d goals, then %d", before, after)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		err = d.Read(ctx, func(tx *db.Tx) error {
			if n := count(t, tx, "goal"); n != 2 {
				t.Errorf("%d goals after the write", n)
			}
			_, err := tx.Exec(ctx, db.Query{Text: "delete from goal"})
			return err
		})
		if err == nil {
			t.Error("a read wrote")
		}
	})
}

func TestAllOrNothing(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		goal := db.Query{Text: again("goal", "id", fresh, "code", wrong).text(t, d)}
		stop := errors.New("stop")
		if err := d.Write(ctx, programme, func(tx *db.Tx) error {
			if _, err := tx.Exec(ctx, goal); err != nil {
				return err
			}
			return stop
		}); !errors.Is(err, stop) {
			t.Errorf("error of the function: %v", err)
		}
		func() {
			defer func() {
				if p := recover(); p != "panic" {
					t.Errorf("the panic became %v", p)
				}
			}()
			_ = d.Write(ctx, programme, func(tx *db.Tx) error {
				if _, err := tx.Exec(ctx, goal); err != nil {
					t.Error(err)
				}
				panic("panic")
			})
		}()
		// A statement that failed dooms the rest, even where its error is dropped.
		if err := d.Write(ctx, programme, func(tx *db.Tx) error {
			if _, err := tx.Exec(ctx, goal); err != nil {
				return err
			}
			_, _ = tx.Exec(ctx, goal)
			var n int
			if err := tx.Row(ctx, db.Query{Text: "select 1"}).Scan(&n); err == nil {
				t.Error("a doomed transaction went on")
			}
			return nil
		}); err == nil || fault.Of(err).Kind != fault.KindConflict {
			t.Errorf("dropped error: %v", err)
		}
		// A reference that is checked at the end: the commit is refused and the connection can be used again.
		if err := exec(ctx, d, again("posting", "entry_id", fresh).text(t, d)); err == nil || fault.Of(err).Key != "db.reference" {
			t.Errorf("posting without entry: %v", err)
		}
		if err := d.Write(ctx, programme, func(tx *db.Tx) error {
			if n := count(t, tx, "goal"); n != 1 {
				t.Errorf("%d goals are left", n)
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
}

func TestWhatClashesMeetsNoRow(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		err := d.Write(ctx, programme, func(tx *db.Tx) error {
			var year int
			q := db.Query{Text: "insert into envelope (programme_id, year, amount) values ($1, $2, 5) on conflict do nothing returning year"}
			if err := tx.Row(ctx, q, programme, 2018).Scan(&year); !errors.Is(err, db.ErrNone) {
				t.Errorf("a clash: %v", err)
			}
			return tx.Row(ctx, q, programme, 2019).Scan(&year)
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// A unit of work in another would wait for itself; with a deadline it ends, and without one patience does.
func TestNestedWriteEnds(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		soon, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		err := d.Write(t.Context(), programme, func(*db.Tx) error {
			return d.Write(soon, programme, func(*db.Tx) error { return nil })
		})
		if err == nil {
			t.Error("a nested write was done")
		}
		if err := d.Write(t.Context(), programme, func(*db.Tx) error { return nil }); err != nil {
			t.Error(err)
		}
	})
}

func TestHeads(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		if err := d.Write(ctx, id.Programme("00000000-0000-7000-8000-00000000dead"), func(*db.Tx) error { return nil }); !fault.Is(err, fault.KindMissing) {
			t.Errorf("unknown programme: %v", err)
		}
		version := func() (v db.Version) {
			if err := d.Read(ctx, func(tx *db.Tx) (err error) { v, err = tx.Version(ctx, programme); return err }); err != nil {
				t.Error(err)
			}
			return v
		}
		before := version()
		err := d.WriteAgency(ctx, func(tx *db.Tx) error {
			if _, _, err := tx.Chain(string(programme)); err == nil {
				t.Error("a link in a scope that is not written")
			}
			if err := tx.AlsoProgramme(ctx, programme); err != nil {
				return err
			}
			if err := tx.AlsoProgramme(ctx, programme); err == nil {
				t.Error("a programme joined twice")
			}
			n, hash, err := tx.Chain(string(programme))
			if n != 1 || hash != "" || err != nil {
				t.Errorf("first link: %d %q %v", n, hash, err)
			}
			tx.Link(string(programme), n, "first")
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if after := version(); after.Agency != before.Agency+1 || after.Programme != before.Programme+1 {
			t.Errorf("version %v, then %v", before, after)
		}
		err = d.Write(ctx, programme, func(tx *db.Tx) error {
			if n, hash, err := tx.Chain(string(programme)); n != 2 || hash != "first" || err != nil {
				t.Errorf("second link: %d %q %v", n, hash, err)
			}
			if err := tx.AlsoProgramme(ctx, programme); err == nil {
				t.Error("a programme joined a programme")
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestBulkInsert(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		const rows = 20_001 // several full statements and a shorter one
		var all [][]any
		for n := range rows {
			all = append(all, []any{programme, n + 2, db.TimeOf(time.Unix(int64(n), 0)), "", "", "", id.Person(""), fmt.Sprint(n), ""})
		}
		err := d.Write(ctx, programme, func(tx *db.Tx) error {
			if err := tx.Insert(ctx, "audit", columnsOfAudit, nil); err != nil {
				return err
			}
			return tx.Insert(ctx, "audit", columnsOfAudit, all)
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Read(ctx, func(tx *db.Tx) error {
			if n := count(t, tx, "audit"); n != rows+1 {
				t.Errorf("%d rows", n)
			}
			return tx.Each(ctx, db.Query{Text: "select n, digest from audit where n > 1 order by n"}, nil, func(r *sql.Rows) error {
				var n int
				var digest string
				if err := r.Scan(&n, &digest); err != nil || digest != fmt.Sprint(n-2) {
					return fmt.Errorf("row %d holds %s: %v", n, digest, err)
				}
				return nil
			})
		})
		if err != nil {
			t.Error(err)
		}
		err = d.Write(ctx, programme, func(tx *db.Tx) error { return tx.Insert(ctx, "audit", columnsOfAudit, all[:1]) })
		if !fault.Is(err, fault.KindConflict) {
			t.Errorf("a row inserted again: %v", err)
		}
	})
}

func TestTimeHasOneWidth(t *testing.T) {
	form := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$`)
	zone := time.FixedZone("east", 3*3600)
	for _, at := range []time.Time{time.Unix(0, 0), time.Date(2018, 6, 30, 23, 30, 0, 1999, zone), time.Date(2018, 1, 1, 0, 0, 0, 999_999_999, time.UTC)} {
		v := db.TimeOf(at)
		if !form.MatchString(string(v)) || !v.Time().Equal(at.Truncate(time.Microsecond)) {
			t.Errorf("%v became %s", at, v)
		}
	}
	for at, want := range map[string]string{"2018-06-30T21:59:59.999999Z": "2018-06-30", "2018-06-30T22:00:00.000000Z": "2018-07-01",
		"2018-12-31T22:59:59.000000Z": "2018-12-31", "2018-12-31T23:00:00.000000Z": "2019-01-01", "": ""} {
		if got := db.Time(at).Date(); string(got) != want {
			t.Errorf("%s is %s in Brussels, want %s", at, got, want)
		}
	}
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		now := time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC)
		d = d.WithClock(func() time.Time { now = now.Add(time.Second); return now })
		var first db.Time
		for i := range 2 {
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				if tx.Now <= first || tx.Now != db.TimeOf(now) {
					t.Errorf("unit %d is at %s after %s", i, tx.Now, first)
				}
				first = tx.Now
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		}
	})
}

func TestMigrateAgainDoesNothing(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		if n, err := d.Migrate(t.Context()); n != 0 || err != nil {
			t.Errorf("%d steps, %v", n, err)
		}
	})
}

func TestBackup(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		path := filepath.Join(t.TempDir(), "copy.db")
		if d.Engine() == db.PostgreSQL {
			if err := d.Backup(t.Context(), path); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("PostgreSQL: %v", err)
			}
			return
		}
		// A backup waits for no writer.
		if err := d.Write(t.Context(), programme, func(*db.Tx) error { return d.Backup(t.Context(), path) }); err != nil {
			t.Fatal(err)
		}
		if err := d.Backup(t.Context(), path); !fault.Is(err, fault.KindConflict) {
			t.Errorf("over an existing file: %v", err)
		}
		whole, err := db.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer whole.Close()
		if got, want := strings1(t, whole, "select code from programme"), "programme"; strings.Join(got, " ") != want {
			t.Errorf("the copy holds %v", got)
		}
		for range 20 { // every reader is read-only again
			if err := d.Read(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), db.Query{Text: "delete from session"})
				return err
			}); err == nil {
				t.Fatal("a reader wrote after the backup")
			}
		}
	})
}
