package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// moneyText is an amount as pages write it in English.
type moneyText int64

func (m moneyText) english() string { return money.Amount(m).Show(text.EN) }

// statement is what `errera settle --format json` says, as far as these tests look.
type statement struct {
	Partner     string `json:"partner"`
	Outcome     string `json:"outcome"`
	Version     int    `json:"version"`
	State       string `json:"state"`
	Accepted    string `json:"accepted"`
	Half        string `json:"half"`
	CostPart    string `json:"cost_part"`
	Pool        string `json:"pool"`
	Score       int64  `json:"score_bp"`
	Performance string `json:"performance"`
	Final       string `json:"final"`
	Own         string `json:"own"`
	Paid        string `json:"paid"`
	Balance     string `json:"balance"`
}

// TestSettlementsAgreeWithTheSpreadsheet settles the small programme and compares every step with the workbook that a person can follow.
func TestSettlementsAgreeWithTheSpreadsheet(t *testing.T) {
	file := filepath.Join(t.TempDir(), "hand.db")
	must(t, "--db", file, "import", "programme", byHand())
	book, err := excelize.OpenFile(filepath.Join(byHand(), "settlement.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for _, partner := range []string{"alpha", "beta", "gamma"} {
		var got statement
		decode(t, must(t, "--db", file, "--format", "json", "settle", "--partner", partner, "--year", "2018"), &got)
		for name, value := range map[string]string{
			"accepted": got.Accepted, "half": got.Half, "cost_part": got.CostPart, "pool": got.Pool,
			"score_bp": strconv.FormatInt(got.Score, 10), "performance": got.Performance, "final": got.Final, "own": got.Own,
			"paid": got.Paid, "balance": got.Balance,
		} {
			if want := named(t, book, partner+"_"+name); want != value {
				t.Errorf("%s: %s is %s, the spreadsheet says %s", partner, name, value, want)
			}
		}
	}
	must(t, "--db", file, "check")
}

// named recalculates the cell that a defined name points at.
func named(t testing.TB, book *excelize.File, name string) string {
	t.Helper()
	for _, d := range book.GetDefinedName() {
		if d.Name != name {
			continue
		}
		sheet, cell, _ := strings.Cut(strings.ReplaceAll(d.RefersTo, "$", ""), "!")
		v, err := book.CalcCellValue(strings.Trim(sheet, "'"), cell, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		n, err := strconv.ParseFloat(v, 64)
		if err != nil {
			t.Fatalf("%s: %q is no number", name, v)
		}
		if strings.HasSuffix(name, "_bp") {
			return strconv.FormatFloat(n, 'f', 0, 64)
		}
		return strconv.FormatFloat(n, 'f', 2, 64)
	}
	t.Fatalf("the spreadsheet has no cell named %s", name)
	return ""
}

// TestSettlingAgain: unchanged facts write no row, late evidence restates, final refuses.
func TestSettlingAgain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "again.db")
	must(t, "--db", file, "import", "programme", byHand())
	settle := func(args ...string) (int, statement) {
		code, out, _ := errera(t, append([]string{"--db", file, "--format", "json", "settle", "--partner", "alpha", "--year", "2018"}, args...)...)
		var s statement
		if code == 0 {
			decode(t, out, &s)
		}
		return code, s
	}
	if _, s := settle("--dry-run"); s.Outcome != "preview" {
		t.Errorf("a dry run says %q", s.Outcome)
	}
	if _, s := settle(); s.Outcome != "computed" || s.Version != 1 {
		t.Errorf("the first run says %+v", s)
	}
	before := contents(t, file)
	if _, s := settle(); s.Outcome != "unchanged" {
		t.Errorf("the second run says %q", s.Outcome)
	}
	if after := contents(t, file); after != before {
		t.Error("a second run on unchanged facts wrote to the database")
	}
	rejectOne(t, file, "alpha")
	if _, s := settle(); s.Outcome != "restated" || s.Version != 2 {
		t.Errorf("after late evidence it says %+v", s)
	}
	act := func(as, verb string) int {
		code, _, _ := errera(t, "--db", file, "--as", as, "settlement", verb, "--partner", "alpha", "--year", "2018")
		return code
	}
	if code := act("finance@alpha.example", "communicate"); code != exitMissing {
		t.Errorf("a partner communicates a settlement that it does not see yet: exit code %d", code)
	}
	if code := act("controller@bureau.example", "communicate"); code != 0 {
		t.Errorf("communicate: exit code %d", code)
	}
	if code := act("finance@alpha.example", "finalise"); code != exitDenied {
		t.Errorf("a partner finalises its own settlement: exit code %d", code)
	}
	if code := act("approver@bureau.example", "finalise"); code != 0 {
		t.Errorf("finalise: exit code %d", code)
	}
	if code, _ := settle(); code != exitConflict {
		t.Errorf("settling a final year: exit code %d", code)
	}
	must(t, "--db", file, "check")
	must(t, "--db", file, "audit", "verify")
}

// contents is every row of every table of a SQLite database as text.
func contents(t testing.TB, file string) string {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, file)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var all strings.Builder
	for _, table := range column(t, d, "select name from sqlite_schema where type = 'table' and name not like 'river%' order by name") {
		rows, err := d.Pool().QueryContext(ctx, "select * from "+table+" order by 1, 2")
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			for _, v := range values {
				fmt.Fprint(&all, *v.(*any), "|")
			}
			fmt.Fprintln(&all, table)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
	return all.String()
}

func column(t testing.TB, d *db.DB, query string) (out []string) {
	t.Helper()
	rows, err := d.Pool().QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

var selectCounted = db.SQL("cli.by_hand.counted",
	`select e.id from evidence e join evidence_credit c on c.programme_id = e.programme_id and c.evidence_id = e.id
	 join organisation o on o.id = c.organisation_id where o.code = $1 and e.state = 'verified' and e.kind = 'contact' order by e.id limit 1`)

// rejectOne lets the officer find that a contact of a partner did not happen.
func rejectOne(t testing.TB, file, partner string) {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, file)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var g programme.Programme
	var officer access.Actor
	var e id.Evidence
	err = d.Read(ctx, func(tx *db.Tx) (err error) {
		if g, err = programme.Current(ctx, tx, ""); err != nil {
			return err
		}
		if officer, err = access.LoadActorByEmail(ctx, tx, "officer@bureau.example"); err != nil {
			return err
		}
		return tx.Row(ctx, selectCounted, partner).Scan(&e)
	})
	if err != nil {
		t.Fatal(err)
	}
	err = d.Write(ctx, g.ID, func(tx *db.Tx) error {
		return evidence.Reject(ctx, tx, officer, g.ID, e, "The company says that they never met.")
	})
	if err != nil {
		t.Fatal(err)
	}
}
