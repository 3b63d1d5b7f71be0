// Package upload reads lists of costs that a partner keeps in its own books: XLSX or CSV, with columns of its own. It maps columns to ours,
// remembers the mapping by the header line, shows what each row would become before anything is saved, and adds the good rows to a draft.
// A row that was uploaded before is never added again.
package upload

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// Bounds of an upload.
const (
	MaxBytes = 10 << 20
	MaxRows  = 5_000
	maxCells = 60
)

// Table is an uploaded list: a header and rows of as many cells.
type Table struct {
	Name   string
	Header []string
	Rows   []Line
	Raw    []byte // as it came
}

// Line is one row with its number in the file, from 1 with the header.
type Line struct {
	N     int
	Cells []string
}

// Read reads a list of costs, as XLSX where it begins as a ZIP, else as CSV with comma, semicolon or tab. Invalid (file) when it is neither,
// too large, not UTF-8, or without a header.
func Read(name string, from io.Reader) (Table, error) {
	body, err := io.ReadAll(io.LimitReader(from, MaxBytes+1))
	if err != nil {
		return Table{}, fault.Invalid("file", "upload.unreadable", text.Args{"file": name})
	}
	if len(body) > MaxBytes {
		return Table{}, fault.Invalid("file", "upload.too_large", text.Args{"file": name, "most": strconv.Itoa(MaxBytes >> 20)})
	}
	var rows [][]string
	if strings.HasPrefix(string(body[:min(2, len(body))]), "PK") {
		rows, err = sheet(string(body))
	} else {
		rows, err = separated(strings.TrimPrefix(string(body), "\ufeff"))
	}
	if err != nil {
		return Table{}, fault.Invalid("file", "upload.unreadable", text.Args{"file": name})
	}
	t, err := tabled(name, rows)
	t.Raw = body
	return t, err
}

// sheet reads the first sheet of a workbook as it shows: dates by ISO 8601, numbers as they stand.
func sheet(body string) ([][]string, error) {
	f, err := excelize.OpenReader(strings.NewReader(body), excelize.Options{UnzipSizeLimit: 64 << 20, UnzipXMLSizeLimit: 32 << 20, RawCellValue: true})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetName(0))
	for _, cells := range rows {
		for n := range cells {
			cells[n] = shortest(cells[n])
		}
	}
	return rows, err
}

// shortest is the number that somebody typed, where a workbook keeps 19.99 as 19.989999999999998 (ECMA-376 part 1, 18.3.1.96).
func shortest(cell string) string {
	if _, digits, is := strings.Cut(cell, "."); !is || len(digits) < 11 {
		return cell
	}
	n, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		return cell
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

func separated(body string) ([][]string, error) {
	if !utf8.ValidString(body) {
		return nil, io.ErrUnexpectedEOF
	}
	head, _, _ := strings.Cut(body, "\n")
	r := csv.NewReader(strings.NewReader(body))
	for _, mark := range []rune{';', '\t'} {
		if strings.Count(head, string(mark)) > strings.Count(head, string(r.Comma)) {
			r.Comma = mark
		}
	}
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	return r.ReadAll()
}

func tabled(name string, rows [][]string) (Table, error) {
	t := Table{Name: name}
	for n, cells := range rows {
		filled := false
		for c := range cells {
			cells[c] = strings.TrimSpace(cells[c])
			filled = filled || cells[c] != ""
		}
		switch {
		case !filled:
		case t.Header == nil:
			t.Header = cells
		default:
			t.Rows = append(t.Rows, Line{n + 1, cells})
		}
	}
	if len(t.Header) < 2 || len(t.Rows) == 0 {
		return t, fault.Invalid("file", "upload.empty", text.Args{"file": name})
	}
	if len(t.Rows) > MaxRows || len(t.Header) > maxCells {
		return t, fault.Invalid("file", "upload.too_many", text.Args{"file": name, "most": MaxRows})
	}
	return t, nil
}

// Fingerprint is what a mapping is remembered by: the header line.
func (t Table) Fingerprint() string {
	sum := sha256.Sum256([]byte(strings.Join(t.Header, "\x1f")))
	return hex.EncodeToString(sum[:])
}
