package pdf

import "strings"

// Cells have a little room at the sides and above.
const (
	cellSide = 1.2
	cellTop  = 1.1
)

func (t Table) set(s *setter) {
	if len(t.Columns) == 0 {
		return
	}
	if t.Title != "" {
		s.room(30)
		s.font("B", s.body(), ink())
		s.words(leftMargin, textWidth, s.body(), t.Title)
		s.SetY(s.GetY() + 1)
	}
	widths := t.widths(s)
	head := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = c.Head
	}
	z := s.note()
	begin := func() {
		s.font("B", z, quiet())
		s.SetY(s.GetY() + s.row(widths, t.Columns, head, z, true))
		s.rule(s.GetY(), leftMargin, pageWidth-rightMargin, 0.25, edge())
	}
	s.font("B", z, quiet())
	s.room(s.height(widths, head, z) + 8)
	begin()
	for i, cells := range t.Rows {
		style := ""
		if t.Total && i == len(t.Rows)-1 {
			style = "B"
		}
		s.font(style, z, ink())
		if s.GetY()+s.height(widths, cells, z) > pageHeight-footMargin {
			s.AddPage()
			begin()
			s.font(style, z, ink())
		}
		if style == "B" {
			s.rule(s.GetY(), leftMargin, pageWidth-rightMargin, 0.25, ink())
		}
		s.SetY(s.GetY() + s.row(widths, t.Columns, cells, z, false))
		if style == "" {
			s.rule(s.GetY(), leftMargin, pageWidth-rightMargin, 0.1, hair())
		}
	}
	s.SetY(s.GetY() + 4)
}

// widths shares the line by the columns' widths; a column is at least as wide as the longest word of its head, which the widest one gives.
func (t Table) widths(s *setter) []float64 {
	sum := 0.0
	for _, c := range t.Columns {
		sum += c.Width
	}
	s.font("B", s.note(), quiet())
	all, widest := make([]float64, len(t.Columns)), 0
	for i, c := range t.Columns {
		if all[i] = c.Width / sum * textWidth; all[i] > all[widest] {
			widest = i
		}
	}
	for i, c := range t.Columns {
		for word := range strings.FieldsSeq(clean(c.Head)) {
			if short := s.GetStringWidth(word) + 2*cellSide + 0.5 - all[i]; short > 0 && i != widest && all[widest]-short > textWidth/4 {
				all[i], all[widest] = all[i]+short, all[widest]-short
			}
		}
	}
	return all
}

// cell is a text cut into the lines that fit a column in the font that is set.
func (s *setter) cell(width float64, text string) []string {
	var lines []string
	for part := range strings.SplitSeq(clean(text), "\n") {
		lines = append(lines, s.SplitText(part, width-2*cellSide)...)
	}
	return lines
}

func (s *setter) height(widths []float64, cells []string, z size) float64 {
	most := 1
	for i, text := range cells {
		if i < len(widths) {
			most = max(most, len(s.cell(widths[i], text)))
		}
	}
	return float64(most)*z.line + 2*cellTop
}

// row sets one row at the current height and tells how high it is. The head stands on its line, rows hang from theirs.
func (s *setter) row(widths []float64, columns []Column, cells []string, z size, atFoot bool) float64 {
	y, height, x := s.GetY(), s.height(widths, cells, z), leftMargin
	for i, c := range columns {
		if i >= len(cells) {
			break
		}
		lines := s.cell(widths[i], cells[i])
		top := y + cellTop
		if atFoot {
			top = y + height - cellTop - float64(len(lines))*z.line
		}
		align := "L"
		if c.Right {
			align = "R"
		}
		for n, line := range lines {
			s.SetXY(x+cellSide, top+float64(n)*z.line)
			s.CellFormat(widths[i]-2*cellSide, z.line, line, "", 0, align, false, 0, "")
		}
		x += widths[i]
	}
	s.SetXY(leftMargin, y)
	return height
}
