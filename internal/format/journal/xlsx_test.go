package journal

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"
)

// A spreadsheet reads back what was written: one row a posting, dates and titles as text, amounts that add up to nothing.
func TestXLSXReadsBack(t *testing.T) {
	var b bytes.Buffer
	x := NewXLSX(&b, "EUR")
	x.Write(Transaction{Number: 1, Date: "2018-01-02", Title: "=signed", Tags: [][2]string{{"key", "signed:1"}},
		Postings: []Posting{{"Budget:Committed:alpha:2018", 12_345_678_901_23}, {"Budget:Envelope:2018", -12_345_678_901_23}}})
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("Sheet1", excelize.Options{RawCellValue: true})
	if err != nil || len(rows) != 3 || rows[0][5] != "amount" {
		t.Fatalf("%v %v", rows, err)
	}
	if r := rows[1]; r[0] != "1" || r[1] != "2018-01-02" || r[2] != "=signed" || r[3] != "signed:1" || r[5] != "12345678901.23" || rows[2][5] != "-12345678901.23" {
		t.Errorf("%v", rows[1:])
	}
	if formula, err := book.GetCellFormula("Sheet1", "C2"); err != nil || formula != "" {
		t.Errorf("a title became the formula %q, %v", formula, err)
	}
}
