package measure

import (
	"bytes"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/upload"
)

// The columns of a table, in the order in which it is written. A file may leave out those that tell nothing to a reader.
var columns = [...]string{"partner", "kpi", "year", "quarter", "basis", "status", "value", "numerator", "denominator", "unit", "baseline", "target"}

// needed are the columns without which no row can be read.
var needed = [...]string{"partner", "kpi", "year", "value"}

func (r *Row) cells() []string {
	quarter := ""
	if r.Quarter > 0 {
		quarter = strconv.Itoa(r.Quarter)
	}
	return []string{r.Partner, r.KPI, r.Year.String(), quarter, string(r.Basis), string(r.Status), r.Value, r.Num, r.Den, r.Unit, r.Baseline, r.Target}
}

// WriteCSV writes the table. A cell is empty where there is no number; the status tells why.
func (t *Table) WriteCSV(out io.Writer) error {
	w := csv.NewWriter(out)
	w.UseCRLF = true
	rows := [][]string{columns[:]}
	for i := range t.Rows {
		rows = append(rows, t.Rows[i].cells())
	}
	return w.WriteAll(rows)
}

// WriteXLSX writes the table as a workbook with numbers as numbers.
func (t *Table) WriteXLSX(out io.Writer) (err error) {
	book := excelize.NewFile()
	defer func() {
		if closed := book.Close(); err == nil {
			err = closed
		}
	}()
	w, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	head := make([]any, len(columns))
	for i, c := range columns {
		head[i] = c
	}
	if err := w.SetRow("A1", head); err != nil {
		return err
	}
	for i := range t.Rows {
		cells := make([]any, len(columns))
		for j, c := range t.Rows[i].cells() {
			cells[j] = cell(c)
		}
		if err := w.SetRow("A"+strconv.Itoa(i+2), cells); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return book.Write(out)
}

// cell is a number where a workbook keeps it exactly, nothing where nothing stands, else text.
func cell(s string) any {
	if s == "" {
		return nil
	}
	if _, _, is := exact(s); is && len(s) <= 15 {
		if n, err := strconv.ParseFloat(s, 64); err == nil && strconv.FormatFloat(n, 'f', -1, 64) == s {
			return n
		}
	}
	return s
}

// Read reads rows from a file: IATI where it begins as XML, else XLSX or CSV. Partners are the codes that an IATI identifier may end in.
func Read(name string, in io.Reader, partners []string) ([]Row, error) {
	body, err := io.ReadAll(io.LimitReader(in, upload.MaxBytes+1))
	if err != nil || len(body) > upload.MaxBytes {
		return nil, fault.Invalid("file", "upload.too_large", text.Args{"file": name, "most": strconv.Itoa(upload.MaxBytes >> 20)})
	}
	if start := bytes.TrimLeft(body, "\ufeff \t\r\n"); bytes.HasPrefix(start, []byte("<")) {
		return readIATI(name, start, partners)
	}
	t, err := upload.Read(name, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return readTable(t)
}

func readTable(t upload.Table) ([]Row, error) {
	var faults fault.Rows
	at := map[string]int{}
	for i, h := range t.Header {
		h = strings.ToLower(strings.TrimSpace(h))
		if !slices.Contains(columns[:], h) {
			faults = append(faults, fault.Row{File: t.Name, Line: 1, Column: h, Want: "measure.column", Args: text.Args{"list": strings.Join(columns[:], ", ")}})
		}
		at[h] = i
	}
	for _, c := range needed {
		if _, there := at[c]; !there {
			faults = append(faults, fault.Row{File: t.Name, Line: 1, Column: c, Want: "measure.column_missing"})
		}
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	rows := make([]Row, len(t.Rows))
	for i, line := range t.Rows {
		rows[i] = readLine(t.Name, line, at, &faults)
	}
	return rows, faults.Err()
}

func readLine(file string, line upload.Line, at map[string]int, faults *fault.Rows) Row {
	get := func(column string) string {
		if i, there := at[column]; there && i < len(line.Cells) {
			return line.Cells[i]
		}
		return ""
	}
	number := func(column string) int {
		s := get(column)
		if s == "" && column == "quarter" {
			return 0
		}
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > 9999 {
			*faults = append(*faults, fault.Row{File: file, Line: line.N, Column: column, Found: s, Want: "measure.number"})
		}
		return n
	}
	r := Row{Line: line.N, Partner: get("partner"), KPI: get("kpi"), Year: period.Year(number("year")), Quarter: number("quarter"),
		Basis: Basis(get("basis")), Status: kpi.Status(get("status")), Value: get("value"), Num: get("numerator"), Den: get("denominator"),
		Baseline: get("baseline"), Target: get("target")}
	return r
}
