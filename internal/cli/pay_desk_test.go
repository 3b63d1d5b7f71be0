package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"errera.eu/errera/internal/format/camt"
	"errera.eu/errera/internal/format/camt/camttest"
)

// The command line changes bank accounts with two people, reads a statement, and decides its lines; the books leave as a spreadsheet.
func TestDeskAndAccountCommands(t *testing.T) {
	dsn := filepath.Join(t.TempDir(), "a.db")
	must(t, "--db", dsn, "import", "programme", filepath.Join(root, "demo", "by-hand"))
	payer := func(args ...string) []string {
		return append([]string{"--db", dsn, "--as", "payer@bureau.example"}, args...)
	}
	account := strings.TrimSpace(must(t, payer("pay", "account", "propose", "bureau", agencyIBAN, "--holder", "Bureau")...))
	if code, _, _ := errera(t, payer("pay", "account", "confirm", account)...); code != exitDenied {
		t.Errorf("who proposed an account confirmed it: %d", code)
	}
	must(t, "--db", dsn, "--as", "payer.2@bureau.example", "pay", "account", "confirm", account)
	var accounts []struct {
		State string `json:"state"`
		IBAN  string `json:"iban_masked"`
	}
	decode(t, must(t, payer("--format", "json", "pay", "account")...), &accounts)
	if len(accounts) != 1 || accounts[0].State != "confirmed" || strings.Contains(accounts[0].IBAN, agencyIBAN) {
		t.Errorf("%+v", accounts)
	}
	s := camt.Statement{ID: "S", Sequence: "1", CreatedAt: "2026-04-01T06:00:00", Account: agencyIBAN, Currency: "EUR", From: today(), Until: today(),
		Opening: 100_00, Closing: 97_50, Entries: []camt.Entry{{Amount: -2_50, BookedOn: today(), ValueOn: today(), Ref: "R",
			Parts: []camt.Part{{Amount: -2_50, Texts: []string{"charges"}}}}}}
	var out bytes.Buffer
	if err := camttest.Write(&out, camttest.V08, s); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "s.xml")
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, payer("pay", "import-statement", file)...)
	var lines []struct {
		Line, Amount string
		Fits         []any
	}
	decode(t, must(t, payer("--format", "json", "pay", "desk")...), &lines)
	if len(lines) != 1 || lines[0].Amount != "-2.50" || len(lines[0].Fits) != 0 {
		t.Fatalf("%+v", lines)
	}
	if code, _, _ := errera(t, payer("pay", "desk", "assign", lines[0].Line, "--partner", "alpha", "--year", "2018", "--reason", "guess")...); code != exitInvalid {
		t.Errorf("charges became a repayment: %d", code)
	}
	must(t, payer("pay", "desk", "dismiss", lines[0].Line, "--reason", "charges of the bank")...)
	if left := must(t, payer("--format", "json", "pay", "desk")...); strings.TrimSpace(left) != "[]" {
		t.Errorf("still at the desk: %s", left)
	}
	books := filepath.Join(t.TempDir(), "books.xlsx")
	must(t, "--db", dsn, "export", "xlsx", "--out", books)
	sheet, err := excelize.OpenFile(books)
	if err != nil {
		t.Fatal(err)
	}
	defer sheet.Close()
	rows, err := sheet.GetRows("Sheet1")
	if csv := strings.Count(must(t, "--db", dsn, "export", "csv"), "\n"); err != nil || len(rows) != csv || csv < 20 {
		t.Errorf("%d rows as a spreadsheet, %d as a table, %v", len(rows), csv, err)
	}
}
