package journal

import (
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// XLSX writes transactions as a sheet with a row for each posting, debit above zero, under a head that stays in view. Amounts are numbers with
// two decimals; a spreadsheet keeps fifteen digits of them.
type XLSX struct {
	out       io.Writer
	book      *excelize.File
	rows      *excelize.StreamWriter
	commodity string
	row       int
	bold      int
	money     int
	err       error
}

// NewXLSX starts a sheet with its head.
func NewXLSX(w io.Writer, commodity string) *XLSX {
	x := &XLSX{out: w, book: excelize.NewFile(), commodity: commodity}
	x.bold = x.style(&excelize.Style{Font: &excelize.Font{Bold: true}})
	x.money = x.style(&excelize.Style{NumFmt: 4}) // #,##0.00
	if x.rows, x.err = x.book.NewStreamWriter("Sheet1"); x.err != nil {
		return x
	}
	if x.err = x.rows.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); x.err != nil {
		return x
	}
	x.err = x.rows.SetColWidth(1, 7, 20)
	var head []any
	for _, name := range csvHead() {
		head = append(head, excelize.Cell{StyleID: x.bold, Value: name})
	}
	x.add(head)
	return x
}

func (x *XLSX) style(s *excelize.Style) int {
	n, err := x.book.NewStyle(s)
	if err != nil && x.err == nil {
		x.err = err
	}
	return n
}

// Write adds a transaction.
func (x *XLSX) Write(t Transaction) {
	key := keyOf(t)
	for _, p := range t.Postings {
		amount, err := strconv.ParseFloat(decimal(p.Cents), 64) // the nearest number shows the same cents
		if err != nil && x.err == nil {
			x.err = err
		}
		x.add([]any{t.Number, t.Date, t.Title, key, p.Account, excelize.Cell{StyleID: x.money, Value: amount}, x.commodity})
	}
}

func (x *XLSX) add(cells []any) {
	x.row++
	if x.err == nil {
		x.err = x.rows.SetRow("A"+strconv.Itoa(x.row), cells)
	}
}

// Close writes the sheet and tells whether all could be written.
func (x *XLSX) Close() error {
	if x.err == nil {
		x.err = x.rows.Flush()
	}
	if x.err == nil {
		x.err = x.book.Write(x.out)
	}
	if err := x.book.Close(); x.err == nil {
		x.err = err
	}
	return x.err
}
