package kpis

import (
	"encoding/csv"
	"errors"
	"math/big"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/web/frame"
)

// Not reported and 0 are two different cells, in files too.
func TestNotReportedIsNoZero(t *testing.T) {
	for _, c := range []struct {
		status kpi.Status
		value  *big.Rat
		want   string
	}{
		{kpi.NotReported, new(big.Rat), ""}, {kpi.Valued, new(big.Rat), "0"}, {kpi.SmallSample, nil, ""}, {kpi.Waived, big.NewRat(3, 2), "1.5"},
	} {
		if got := told(&kpi.Cell{Status: c.status, Value: c.value}); got != c.want {
			t.Errorf("%s: %q, want %q", c.status, got, c.want)
		}
	}
}

// Golden case 4 in files: the CSV and the XLSX of the table read back what was written.
func TestGolden04FilesTellZeroFromMissing(t *testing.T) {
	d := &kpi.Definition{Code: "reach"}
	b := &kpi.Board{Year: 2018, KPIs: []*kpi.Definition{d}}
	for _, c := range []kpi.Cell{{Status: kpi.Valued, Value: new(big.Rat)}, {Status: kpi.NotReported, Value: new(big.Rat)}} {
		c.KPI, c.Year = d, 2018
		b.Partners = append(b.Partners, kpi.PartnerRow{Code: string(c.Status), Name: string(c.Status), Cells: []*kpi.Cell{&c}})
	}
	page := kpisPage{Page: officerPage(), Board: b}
	sheet := frame.Sheet{Name: "kpis", Head: page.head(), Rows: page.rows(), Nums: frame.Numbers(4, 13)}
	csvFile, xlsxFile := httptest.NewRecorder(), httptest.NewRecorder()
	if err := errors.Join(sheet.Send(csvFile, "csv"), sheet.Send(xlsxFile, "xlsx")); err != nil {
		t.Fatal(err)
	}
	text := strings.TrimPrefix(csvFile.Body.String(), "\ufeff")
	reader := csv.NewReader(strings.NewReader(text))
	if strings.Count(text, ";") > strings.Count(text, ",") {
		reader.Comma = ';'
	}
	lines, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(xlsxFile.Body)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	cells, err := book.GetRows(book.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct{ name, value string }{{"value", "0"}, {"not-reported", ""}} {
		inXLSX := slices.ContainsFunc(cells, func(r []string) bool {
			return r[0] == want.name && (len(r) <= 4 && want.value == "" || len(r) > 4 && r[4] == want.value)
		})
		inCSV := slices.ContainsFunc(lines, func(r []string) bool { return r[0] == want.name && r[4] == want.value })
		if !inXLSX || !inCSV {
			t.Errorf("%s: in XLSX %v, in CSV %v\n%s\n%v", want.name, inXLSX, inCSV, text, cells)
		}
	}
}
