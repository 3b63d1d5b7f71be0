package upload

import (
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

func TestTablesAreReadAsPartnersKeepThem(t *testing.T) {
	workbook := excelize.NewFile()
	for n, row := range [][]any{{"Omschrijving", "Soort", "Netto"}, {"Zaal", "venue", 19.99}, {}, {"Trein", "travel", 1234.5}} {
		if err := workbook.SetSheetRow("Sheet1", "A"+string(rune('1'+n)), &row); err != nil {
			t.Fatal(err)
		}
	}
	book, err := workbook.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string]string{
		"comma.csv": "Omschrijving,Soort,Netto\nZaal,venue,19.99\n\nTrein,travel,1234.5\n", "marked.csv": "\ufeffOmschrijving;Soort;Netto\r\nZaal;venue;19.99\r\n;;\r\nTrein;travel;1234.5\r\n",
		"tab.csv": "Omschrijving\tSoort\tNetto\nZaal\tvenue\t19.99\n\n\nTrein\ttravel\t1234.5\n", "book.xlsx": book.String(),
	} {
		table, err := Read(name, strings.NewReader(body))
		if err != nil || len(table.Rows) != 2 || table.Header[2] != "Netto" || table.Rows[0].Cells[2] != "19.99" || table.Rows[1].Cells[2] != "1234.5" {
			t.Errorf("%s: %+v, %v", name, table, err)
		}
	}
	for name, body := range map[string]string{"latin.csv": "caf\xe9,x\n1,2\n", "empty.csv": "a,b\n", "fake.xlsx": "PK not a workbook"} {
		if _, err := Read(name, strings.NewReader(body)); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCellsAreReadAsPeopleWriteThem(t *testing.T) {
	for s, want := range map[string]money.Amount{"1234.56": 123456, "1.234,56": 123456, "1 234,56": 123456, "1,234.56": 123456, "€ 12": 1200, "-5,5": -550,
		"\u22125.50": -550, "1,234": 0, "twelve": 0, "1.005": 0, "1.000": 0, "2,500": 0, "1.000.000": 100000000, "1000.00": 100000} {
		r := reader{line: Line{1, []string{s}}, mapping: Mapping{"net": 0}}
		if got := r.amount("net"); got != want || (want == 0) != (len(r.wrong) == 1) {
			t.Errorf("%q: %s %v", s, got, r.wrong)
		}
	}
	for s, want := range map[string]period.Date{"2018-05-31": "2018-05-31", "31/5/2018": "2018-05-31", "31.05.2018": "2018-05-31", "43251": "2018-05-31",
		"31/13/2018": "", "soon": ""} {
		r := reader{line: Line{1, []string{s}}, mapping: Mapping{"delivered": 0}}
		if got := r.date("delivered"); got != want || (want == "") != (len(r.wrong) == 1) {
			t.Errorf("%q: %s %v", s, got, r.wrong)
		}
	}
}

func TestColumnsAreGuessedInThreeLanguages(t *testing.T) {
	for _, header := range [][]string{{"Omschrijving", "Kostensoort", "Leverdatum", "Netto", "BTW"}, {"Libellé", "Catégorie", "Date de livraison", "Montant net", "TVA"},
		{"Description", "Category", "Delivery date", "Net", "VAT"}} {
		m := Guess(header)
		for n, field := range []string{"description", "category", "", "net", "vat"} {
			if at, mapped := m[field]; field != "" && (!mapped || at != n) {
				t.Errorf("%v: %s is %d", header, field, at)
			}
		}
		if got := parseMapping(m.text(), len(header)); got.text() != m.text() {
			t.Errorf("remembered %q, was %q", got.text(), m.text())
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("a,b\n1,2\n")
	f.Add("a;b\n\"1\n2\";3\n")
	f.Add("PK\x03\x04")
	f.Fuzz(func(t *testing.T, body string) {
		table, err := Read("file", strings.NewReader(body))
		if err == nil && (len(table.Header) < 2 || len(table.Rows) == 0) {
			t.Errorf("%q: %+v", body, table)
		}
	})
}
