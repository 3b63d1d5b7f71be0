package frame

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Sheet is a table as a file.
type Sheet struct {
	Name string // of the file, without its ending
	Head []string
	Rows [][]string
	Nums []bool // columns whose texts are numbers, written with a point; nil: none
}

// Send writes the sheet as csv or xlsx. A cell that a spreadsheet would take for a formula is made text.
func (s Sheet) Send(out http.ResponseWriter, format string) error {
	switch format {
	case "csv":
		return s.csv(out)
	case "xlsx":
		return s.xlsx(out)
	}
	return BadFilter("format", format)
}

func (s Sheet) header(out http.ResponseWriter, kind, ending string) {
	out.Header().Set("Content-Type", kind)
	out.Header().Set("Content-Disposition", `attachment; filename="`+s.Name+ending+`"`)
}

func (s Sheet) csv(out http.ResponseWriter) error {
	s.header(out, "text/csv; charset=utf-8", ".csv")
	w := csv.NewWriter(out)
	w.UseCRLF = true
	if err := w.Write(s.Head); err != nil {
		return err
	}
	for _, r := range s.Rows {
		for i, c := range r {
			if strings.HasPrefix(c, "=") || strings.HasPrefix(c, "+") || strings.HasPrefix(c, "@") || strings.HasPrefix(c, "\t") {
				r[i] = "'" + c
			}
		}
		if err := w.Write(r); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// xlsx writes numbers as numbers, everything else as text, under a head that stays in view.
func (s Sheet) xlsx(out http.ResponseWriter) (err error) {
	book := excelize.NewFile()
	defer func() {
		if closed := book.Close(); err == nil {
			err = closed
		}
	}()
	const sheet = "Sheet1"
	w, err := book.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := w.SetColWidth(1, max(len(s.Head), 1), 18); err != nil {
		return err
	}
	for i, r := range append([][]string{s.Head}, s.Rows...) {
		cells := make([]any, len(r))
		for j, c := range r {
			cells[j] = s.cell(i > 0 && j < len(s.Nums) && s.Nums[j], c)
			if i == 0 {
				cells[j] = excelize.Cell{StyleID: bold, Value: c}
			}
		}
		if err := w.SetRow("A"+strconv.Itoa(i+1), cells); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	s.header(out, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
	return book.Write(out)
}

// cell is a number where the column holds numbers and this is one.
func (s Sheet) cell(num bool, c string) any {
	if n, err := strconv.ParseFloat(c, 64); num && err == nil {
		return n
	}
	return c
}

// Numbers marks the columns from one up to another, without it, as numbers.
func Numbers(from, to int) []bool {
	nums := make([]bool, to)
	for i := from; i < to; i++ {
		nums[i] = true
	}
	return nums
}
