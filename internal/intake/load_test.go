package intake

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi/catalogue"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

func byHand(t testing.TB) fstest.MapFS { return copyOf(t, "../../demo/by-hand") }

// copyOf is a folder in memory, to be broken at will.
func copyOf(t testing.TB, dir string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := fs.ReadFile(os.DirFS(dir), e.Name())
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = &fstest.MapFile{Data: data}
	}
	return files
}

func read(t testing.TB, files fs.FS) *Folder {
	t.Helper()
	f, err := ReadProgramme(files)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func load(t testing.TB, d *db.DB, files fs.FS) Report {
	t.Helper()
	r, err := Load(t.Context(), d, access.System("test"), read(t, files), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// rowCounts counts the rows of every table that an import writes.
func rowCounts(t testing.TB, d *db.DB) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for _, table := range []string{"organisation", "person", "membership", "company", "company_root", "programme", "programme_rule", "goal",
		"envelope", "decision", "kpi", "agreement", "agreement_ceiling", "objective", "assignment", "target", "waiver", "activity",
		"activity_organiser", "participation", "outcome", "evidence", "evidence_credit", "evidence_decision", "claim", "cost_item", "payment",
		"correction", "entry", "posting", "overlap", "overlap_step", "upload", "audit"} {
		var n int
		if err := d.Pool().QueryRowContext(t.Context(), "select count(*) from "+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		counts[table] = n
	}
	return counts
}

func TestLoadByHand(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		files := byHand(t)
		report := load(t, d, files)
		if report.Done != Loaded || report.Entries == 0 {
			t.Fatalf("report %+v", report)
		}
		f := read(t, files)
		want := map[string]int{"organisation": 4, "agreement": 3, "activity": len(f.activities), "participation": len(f.participations),
			"outcome": len(f.outcomes), "programme": 1, "company": len(f.companies), "evidence": f.evidenceCount(), "upload": len(f.Files)}
		got := rowCounts(t, d)
		for table, n := range want {
			if got[table] != n {
				t.Errorf("%s: %d rows, want %d", table, got[table], n)
			}
		}
		if got["evidence"] == 0 || got["evidence"] != got["evidence_credit"]-jointCredits(t, d) {
			t.Errorf("evidence %d, credits %d", got["evidence"], got["evidence_credit"])
		}
		whole(t, d)

		again := load(t, d, files)
		if again.Done != Unchanged || !maps.Equal(rowCounts(t, d), got) {
			t.Errorf("the same folder again: %s, rows %v, want %v", again.Done, rowCounts(t, d), got)
		}
		files["targets.csv"] = &fstest.MapFile{Data: append(files["targets.csv"].Data, '\n')}
		_, err := Load(t.Context(), d, access.System("test"), read(t, files), nil)
		if !fault.Is(err, fault.KindConflict) || fault.Of(err).Key != "intake.exists" {
			t.Errorf("other content under the same code: %v", err)
		}
		if !maps.Equal(rowCounts(t, d), got) {
			t.Error("a refused folder changed rows")
		}
	})
}

func jointCredits(t *testing.T, d *db.DB) int {
	t.Helper()
	var n int
	err := d.Pool().QueryRowContext(t.Context(), `select count(*) - count(distinct evidence_id) from evidence_credit`).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// whole holds the laws of ledger and audit over everything there is.
func whole(t testing.TB, d *db.DB) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		open, err := programme.List(t.Context(), tx)
		if err != nil {
			return err
		}
		for _, scope := range append([]programme.Programme{{}}, open...) {
			found, err := audit.Verify(t.Context(), tx, string(scope.ID))
			if err != nil || len(found) > 0 {
				t.Errorf("audit of %q: %v %v", scope.Code, found, err)
			}
			if scope.ID == "" {
				continue
			}
			broken, err := ledger.Check(t.Context(), tx, scope.ID)
			if err != nil || len(broken) > 0 {
				t.Errorf("ledger of %q: %v %v", scope.Code, broken, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// An import that dies between two units of work leaves nothing that shows, and the next one starts anew.
func TestLoadAfterBreakingOff(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		f := read(t, byHand(t))
		report := Report{}
		for kill := range len(f.units(access.System("test"), &report)) {
			ctx, cancel := context.WithCancel(t.Context())
			step := 0
			_, err := Load(ctx, d, access.System("test"), read(t, overlapping(t, justifiedRow)), func(int, int) {
				if step++; step == kill+1 {
					cancel()
				}
			})
			cancel()
			if kill+1 == len(f.units(access.System("test"), &report)) {
				if err != nil {
					t.Fatal(err)
				}
				break
			}
			if err == nil {
				t.Fatalf("killed after unit %d, and yet no error", kill)
			}
			noneShows(t, d)
		}
		once := rowCounts(t, d)
		whole(t, d)
		fresh := dbtest.SQLite(t)
		load(t, fresh, overlapping(t, justifiedRow))
		want := rowCounts(t, fresh)
		once["audit"], want["audit"] = 0, 0 // the agency's chain remembers each beginning
		if !maps.Equal(once, want) {
			t.Errorf("after breaking off: %v, want %v", once, want)
		}
	})
}

func noneShows(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		open, err := programme.List(t.Context(), tx)
		if err != nil {
			return err
		}
		left, err := programme.Unfinished(t.Context(), tx)
		if len(open) != 0 || len(left) != 1 {
			t.Errorf("%d programmes show, %d unfinished; want 0 and 1", len(open), len(left))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestLoadNeedsLeave(t *testing.T) {
	d := dbtest.Open(t)
	_, err := Load(t.Context(), d, access.Visitor(), read(t, byHand(t)), nil)
	if !fault.Is(err, fault.KindDenied) {
		t.Errorf("a visitor: %v", err)
	}
	if n := rowCounts(t, d)["programme"]; n != 0 {
		t.Errorf("%d programmes", n)
	}
}

// Other writers get in while a large programme is imported.
func TestLoadReference(t *testing.T) {
	if testing.Short() {
		t.Skip("the reference programme takes seconds")
	}
	d := dbtest.Open(t)
	f := read(t, os.DirFS("../../demo/fit-2017-2021"))
	stop, saved := make(chan struct{}), make(chan int)
	go func() {
		forms := 0
		for {
			select {
			case <-stop:
				saved <- forms
				return
			case <-time.After(20 * time.Millisecond):
			}
			if err := d.WriteAgency(context.Background(), func(*db.Tx) error { return nil }); err != nil {
				t.Errorf("a form during an import: %v", err)
			}
			forms++
		}
	}()
	units, start := 0, time.Now()
	report, err := Load(t.Context(), d, access.System("test"), f, func(done, total int) {
		if units++; done > total {
			t.Errorf("%d of %d done", done, total)
		}
	})
	close(stop)
	forms := <-saved
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d units in %v, %d ledger entries, %d forms saved meanwhile", units, time.Since(start), report.Entries, forms)
	if forms < 3 {
		t.Errorf("only %d forms were saved while %d units were written", forms, units)
	}
	whole(t, d)
	shippedKPIs(t, d)
}

// shippedKPIs holds that each KPI that comes with Errera has a value above nothing in some year of the reference programme.
func shippedKPIs(t *testing.T, d *db.DB) {
	t.Helper()
	sheets, err := catalogue.Sheets()
	if err != nil {
		t.Fatal(err)
	}
	m := evidence.NewMirror(100_000)
	if err := d.Read(t.Context(), func(tx *db.Tx) error {
		var g id.Programme
		if err := tx.Row(t.Context(), db.SQL("intake.test.programme", `select id from programme`)).Scan(&g); err != nil {
			return err
		}
		for _, s := range sheets {
			told := false
			for year := period.Year(2018); year <= 2021 && !told; year++ {
				def, trace, err := s.Preview(t.Context(), tx, m, g, year)
				if err != nil {
					return fmt.Errorf("%s: %w", s.Code, err)
				}
				v := def.Value(trace.Figure)
				told = v != nil && v.Sign() > 0
			}
			if !told {
				t.Errorf("%s has no value in any year of the reference programme", s.Code)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// Balances of a round already running are booked on the first day, and must add up.
func TestOpeningBalances(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		files := byHand(t)
		files["opening.csv"] = &fstest.MapFile{Data: []byte("partner,year,account,amount\n" +
			"alpha,2018,Assets:Recoverable,100.10\nalpha,2018,Equity:Opening,-100.00\nbeta,2018,Assets:Cash,0\n")}
		want := []string{`opening.csv:3 amount "-100.00" sum_zero`, `opening.csv:4 account "Assets:Cash" opening_account`}
		if told := faultsOf(t, files); !slices.Equal(told, want) {
			t.Errorf("%v", told)
		}
		files["opening.csv"] = &fstest.MapFile{Data: []byte("partner,year,account,amount\n" +
			"beta,2018,Memo:Cost,20.00\nbeta,2018,Memo:Own,-12.00\nbeta,2018,Memo:Contribution,-8.00\n")}
		want = []string{`opening.csv:4 amount "-8.00" opening_holds`}
		if told := faultsOf(t, files); !slices.Equal(told, want) {
			t.Errorf("%v", told)
		}
		files["opening.csv"] = &fstest.MapFile{Data: []byte("partner,year,account,amount\n" +
			"beta,2018,Assets:Advances,-5.00\nbeta,2018,Assets:Bank,5.00\nbeta,2018,Liabilities:Accrued,0\n")}
		want = []string{`opening.csv:2 amount "-5.00" opening_debit`, `opening.csv:3 amount "5.00" opening_credit`,
			`opening.csv:4 account "Liabilities:Accrued" opening_account`}
		if told := faultsOf(t, files); !slices.Equal(told, want) {
			t.Errorf("%v", told)
		}
		// 20.00 entitles to floor(10.00 x 0.8) = 8.00
		files["opening.csv"] = &fstest.MapFile{Data: []byte("partner,year,account,amount\n" +
			"beta,2018,Memo:Cost,20.00\nbeta,2018,Memo:Own,-11.00\nbeta,2018,Memo:Contribution,-9.00\nbeta,2018,Expenses:Contribution,9.00\n" +
			"beta,2018,Budget:Consumed,9.00\nbeta,2018,Budget:Committed,-9.00\nbeta,2018,Assets:Bank,-9.00\n")}
		want = []string{`opening.csv:8 amount "9.00" funding.opening_due`}
		if told := faultsOf(t, files); !slices.Equal(told, want) {
			t.Errorf("%v", told)
		}
		files["opening.csv"] = &fstest.MapFile{Data: []byte("partner,year,account,amount\n" +
			"beta,2018,Memo:Cost,20.00\nbeta,2018,Memo:Own,-12.00\nbeta,2018,Memo:Contribution,-8.00\n")}
		files["opening.csv"].Data = append(files["opening.csv"].Data, "beta,2018,Expenses:Contribution,8.00\nbeta,2018,Budget:Consumed,8.00\n"+
			"beta,2018,Budget:Committed,-8.00\nbeta,2018,Assets:Bank,-8.00\n"...)
		load(t, d, files)
		var n, sum int
		row := d.Pool().QueryRowContext(t.Context(), `select count(*), sum(p.amount) from posting p
			join entry e on e.programme_id = p.programme_id and e.id = p.entry_id where e.event = 'opening' and p.account like 'Memo:%'`)
		if err := row.Scan(&n, &sum); err != nil || n != 3 || sum != 0 {
			t.Errorf("%d postings, %d in all, %v", n, sum, err)
		}
		whole(t, d)
	})
}

// What happened leaves evidence with the credit, the day and the people that the files name.
func TestEvidenceOfAnImport(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		load(t, d, byHand(t))
		got := map[string]int{}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			rows, err := evidence.OfYear(t.Context(), tx, current(t, d).ID, 2018, "")
			for _, r := range rows {
				got[string(r.Kind)+" "+string(r.State)]++
				if r.Activity != "" && r.Kind == evidence.Held && (r.Organisers == 2) != (len(r.Credits) == 2) {
					t.Errorf("held by %d, credit to %d", r.Organisers, len(r.Credits))
				}
			}
			return err
		})
		want := map[string]int{"held verified": 5, "participation verified": 15, "participation reported": 1}
		for what, n := range want {
			if err != nil || got[what] != n {
				t.Errorf("%s: %d, want %d (%v)", what, got[what], n, err)
			}
		}
		var by, on string
		row := d.Pool().QueryRowContext(t.Context(), `select p.email, x.decided_on from evidence_decision x join person p on p.id = x.decided_by
			join evidence e on e.programme_id = x.programme_id and e.id = x.evidence_id join activity a on a.programme_id = e.programme_id and a.id = e.activity_id
			where a.code = 'a2' and e.kind = 'held' and x.state = 'verified'`)
		if err := row.Scan(&by, &on); err != nil || by != "officer@bureau.example" || on != "2018-06-11" {
			t.Errorf("verified by %s on %s, %v", by, on, err)
		}
	})
}
