package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// sheet writes one partner's settlement from top to bottom. The first failure is kept and ends the writing.
type sheet struct {
	book  *excelize.File
	name  string
	row   int
	style map[string]int
	err   error
}

// handBook lays the settlement of the small programme out as a controller would: inputs typed in, every result a formula.
func handBook(tables map[string]*table) (*excelize.File, error) {
	book := excelize.NewFile()
	styles := map[string]int{}
	kinds := map[string]*excelize.Style{
		"title": {Font: &excelize.Font{Bold: true, Size: 14}}, "head": {Font: &excelize.Font{Bold: true}, Border: []excelize.Border{{Type: "bottom", Color: "15202D", Style: 1}}},
		"input": {Font: &excelize.Font{Color: "1D4A96"}}, "money": {NumFmt: 4},
		"result": {NumFmt: 4, Font: &excelize.Font{Bold: true}}}
	for _, name := range sortedKeys(kinds) { // in order, so that the book comes out the same each time
		id, err := book.NewStyle(kinds[name])
		if err != nil {
			return nil, err
		}
		styles[name] = id
	}
	full := true
	if err := book.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: &full}); err != nil {
		return nil, err
	}
	about := &sheet{book: book, name: "Read me", style: styles}
	if about.err = book.SetSheetName("Sheet1", about.name); about.err == nil {
		about.about()
	}
	if about.err != nil {
		return nil, about.err
	}
	for _, p := range handPartners() {
		if _, err := book.NewSheet(p); err != nil {
			return nil, err
		}
		s := &sheet{book: book, name: p, style: styles}
		s.partner(tables)
		if s.err != nil {
			return nil, fmt.Errorf("sheet %s: %w", p, s.err)
		}
	}
	return book, keepResults(book)
}

// keepResults stores each formula's result beside it, for readers that do not reckon.
func keepResults(book *excelize.File) error {
	for _, name := range book.GetSheetList() {
		rows, err := book.GetRows(name)
		if err != nil {
			return err
		}
		for y := range len(rows) + 60 {
			for x := range 18 {
				cell, err := excelize.CoordinatesToCellName(x+1, y+1)
				if err != nil {
					return err
				}
				formula, err := book.GetCellFormula(name, cell)
				if err != nil || formula == "" {
					continue
				}
				value, err := book.CalcCellValue(name, cell, excelize.Options{RawCellValue: true})
				if err != nil {
					return fmt.Errorf("%s!%s %s: %w", name, cell, formula, err)
				}
				if n, err := strconv.ParseFloat(value, 64); err == nil {
					err = book.SetCellValue(name, cell, n)
					if err != nil {
						return err
					}
				}
				if err := book.SetCellFormula(name, cell, formula); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (s *sheet) at(column string) string { return fmt.Sprintf("%s%d", column, s.row) }

func (s *sheet) put(column, style string, value any) {
	if s.err != nil {
		return
	}
	cell := s.at(column)
	if text, ok := value.(string); ok && strings.HasPrefix(text, "=") {
		s.err = s.book.SetCellFormula(s.name, cell, text[1:])
	} else {
		s.err = s.book.SetCellValue(s.name, cell, value)
	}
	if style != "" && s.err == nil {
		s.err = s.book.SetCellStyle(s.name, cell, cell, s.style[style])
	}
}

// typedRow puts inputs into columns of the current row.
func (s *sheet) typedRow(cells map[string]string) {
	for _, column := range sortedKeys(cells) {
		s.typed(column, cells[column])
	}
}

// typed puts an input; what reads as a number becomes one.
func (s *sheet) typed(column, value string) {
	if n, err := strconv.ParseFloat(value, 64); err == nil {
		s.put(column, "input", n)
	} else if value != "" {
		s.put(column, "input", value)
	}
}

func (s *sheet) heads(title string, heads string) {
	s.row += 2
	s.put("A", "title", title)
	s.row++
	for i, h := range strings.Split(heads, "|") {
		s.put(string(rune('A'+i)), "head", h)
	}
}

// result is one line of the reckoning: words, formula, and a name by which others find it.
func (s *sheet) result(words, name, formula string) string {
	s.row++
	s.put("A", "", words)
	s.put("D", "result", "="+formula)
	cell := fmt.Sprintf("$D$%d", s.row)
	if name != "" && s.err == nil {
		s.err = s.book.SetDefinedName(&excelize.DefinedName{Name: s.name + "_" + name, RefersTo: "'" + s.name + "'!" + cell})
	}
	return cell
}

// floorCent cuts an amount to whole cents, downwards. The inner rounding only takes away the noise of binary fractions.
func floorCent(x string) string { return "FLOOR(ROUND((" + x + ")*100,4),1)/100" }

func (s *sheet) about() {
	for _, line := range []string{"Settlement of 2018, worked out by hand", "Everything in this programme is invented.",
		"Blue cells are typed in; they are the rows of the CSV files beside this book. All other figures are formulas.",
		"One sheet per partner, from top to bottom: rules, costs, claims and payments, evidence, KPIs, settlement.",
		"Amounts are in euro. Basis points: 10000 is the whole. FLOOR is towards minus infinity; ROUND is half away from zero.",
		"The inner ROUND(..., 4) or ROUND(..., 6) only removes the noise of binary fractions before a FLOOR.",
		"Named cells: alpha_accepted, alpha_half, alpha_cost_part, alpha_pool, alpha_score_bp, alpha_performance, alpha_final, alpha_own, alpha_paid, alpha_balance; the same for beta and gamma."} {
		s.row++
		s.put("A", "", line)
	}
	if s.err == nil {
		s.err = s.book.SetColWidth(s.name, "A", "A", 120)
	}
}

func (s *sheet) partner(tables map[string]*table) {
	s.put2Title()
	rules := s.rules(tables)
	costs := s.costs(tables)
	paid := s.claims(tables, rules, costs)
	evidence := s.evidence(tables)
	score := s.kpis(tables, evidence)
	s.settle(tables, rules, costs, paid, score)
	if s.err == nil {
		s.err = s.book.SetColWidth(s.name, "A", "Q", 14)
	}
}

func (s *sheet) put2Title() {
	s.row = 1
	s.put("A", "title", "Agreement-year 2018 of "+s.name)
}
