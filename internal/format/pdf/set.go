package pdf

import (
	"bytes"
	"fmt"
	"html"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
)

// The page, in millimetres: A4 with margins that leave a line of some 75 characters.
const (
	pageWidth   = 210.0
	pageHeight  = 297.0
	leftMargin  = 26.0
	rightMargin = 24.0
	topMargin   = 24.0
	footMargin  = 27.0
	textWidth   = pageWidth - leftMargin - rightMargin
	hang        = 12.0 // of a clause's number
)

// size is a type size in points with its line height in millimetres.
type size struct{ points, line float64 }

// Sizes of type. They follow the look of the pages, in the measures of paper.
func (s *setter) title() size { return size{21, 9.2} }
func (s *setter) head() size  { return size{13, 6.4} }
func (s *setter) body() size  { return size{9.6, 5.0} }
func (s *setter) note() size  { return size{8, 4.1} }

// colour is a part of the look's ink.
type colour [3]int

func ink() colour   { return colour{21, 32, 45} }
func quiet() colour { return colour{70, 82, 99} }
func edge() colour  { return colour{127, 138, 152} }
func hair() colour  { return colour{221, 225, 230} }

// setter is a document being set.
type setter struct {
	*fpdf.Fpdf
	doc   Document
	total int // pages of the whole; 0 while they are counted
}

// Render sets the document. Equal documents give equal bytes.
func Render(d Document) ([]byte, error) {
	counted, _, err := render(d, 0)
	if err != nil {
		return nil, err
	}
	_, out, err := render(d, counted)
	return out, err
}

func render(d Document, total int) (pages int, out []byte, err error) {
	s := &setter{Fpdf: fpdf.New("P", "mm", "A4", ""), doc: d, total: total}
	s.SetCatalogSort(true)
	made := d.Made.UTC().Truncate(time.Second)
	s.SetCreationDate(made)
	s.SetModificationDate(made)
	s.SetProducer("Errera", true)
	s.SetCreator("Errera", true)
	s.SetTitle(clean(d.Title), true)
	s.SetAuthor(clean(d.Author), true)
	s.SetSubject(clean(d.Subject), true)
	s.SetKeywords(d.Keywords, false)
	s.SetLang(d.Language)
	s.SetXmpMetadata(xmp(d, made))
	s.fonts()
	s.SetMargins(leftMargin, topMargin, rightMargin)
	s.SetCellMargin(0)
	s.SetAutoPageBreak(true, footMargin)
	s.SetHeaderFunc(s.pageHead)
	s.SetFooterFunc(s.pageFoot)
	s.AddPage()
	s.opening()
	for _, b := range d.Blocks {
		b.set(s)
	}
	var b bytes.Buffer
	if err := s.Output(&b); err != nil {
		return 0, nil, fmt.Errorf("pdf: %w", err)
	}
	return s.PageCount(), b.Bytes(), nil
}

// fonts gives the document fonts of its own: the library writes into those it gets (the widths of a glyph).
func (s *setter) fonts() {
	s.AddUTF8FontFromBytes("text", "", bytes.Clone(goregular.TTF))
	s.AddUTF8FontFromBytes("text", "B", bytes.Clone(gobold.TTF))
	s.AddUTF8FontFromBytes("mono", "", bytes.Clone(gomono.TTF))
}

// xmp is the document's description for programs that file it (ISO 16684-1).
func xmp(d Document, made time.Time) []byte {
	e := html.EscapeString
	return []byte(`<?xpacket begin="` + "\ufeff" + `" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + e(clean(d.Title)) + `</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">` + e(clean(d.Subject)) + `</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>` + e(clean(d.Author)) + `</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>` + e(d.Language) + `</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>` + made.Format(time.RFC3339) + `</xmp:CreateDate>
<pdf:Keywords>` + e(d.Keywords) + `</pdf:Keywords>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`)
}

// clean leaves what the fonts and the format can hold: narrow spaces become plain ones that do not break, and nothing controls.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u202f' || r == '\u2009' || r == '\u2007':
			return '\u00a0'
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case r < ' ' || r == '\u200b' || r == '\ufeff' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069':
			return -1
		case r > '\uffff':
			return '\ufffd'
		}
		return r
	}, s)
}

func (s *setter) font(style string, z size, c colour) {
	s.SetFont("text", style, z.points)
	s.SetTextColor(c[0], c[1], c[2])
}

func (s *setter) rule(y, from, to, width float64, c colour) {
	s.SetDrawColor(c[0], c[1], c[2])
	s.SetLineWidth(width)
	s.Line(from, y, to, y)
}

// room begins a page when less than a height is left on this one.
func (s *setter) room(height float64) {
	if s.GetY()+height > pageHeight-footMargin {
		s.AddPage()
	}
}

// words sets running text in a width from a place on.
func (s *setter) words(x, width float64, z size, text string) {
	for line := range strings.SplitSeq(clean(text), "\n") {
		if line == "" {
			s.SetY(s.GetY() + z.line/2)
			continue
		}
		for _, part := range s.SplitText(line, width) {
			s.room(z.line)
			s.SetX(x)
			s.CellFormat(width, z.line, part, "", 1, "L", false, 0, "")
		}
	}
}

func (s *setter) pageHead() {
	if s.PageNo() == 1 || s.doc.Mark == "" {
		return
	}
	s.font("", s.note(), quiet())
	s.SetXY(leftMargin, 13)
	s.CellFormat(textWidth, 4, clean(s.doc.Mark), "", 0, "L", false, 0, "")
	s.SetXY(leftMargin, topMargin)
}

func (s *setter) pageFoot() {
	y := pageHeight - 18
	s.rule(y, leftMargin, pageWidth-rightMargin, 0.1, edge())
	s.SetFont("mono", "", 6.2)
	c := quiet()
	s.SetTextColor(c[0], c[1], c[2])
	s.SetXY(leftMargin, y+1.6)
	s.CellFormat(textWidth-20, 4, clean(s.doc.Foot), "", 0, "L", false, 0, "")
	s.font("", s.note(), quiet())
	s.SetXY(pageWidth-rightMargin-20, y+1.6)
	s.CellFormat(20, 4, fmt.Sprintf("%d / %d", s.PageNo(), s.total), "", 0, "R", false, 0, "")
}

// opening is the head of the first page.
func (s *setter) opening() {
	s.font("", s.body(), quiet())
	s.words(leftMargin, textWidth, s.body(), s.doc.Over)
	s.SetY(s.GetY() + 2)
	s.font("B", s.title(), ink())
	s.words(leftMargin, textWidth, s.title(), s.doc.Title)
	s.SetY(s.GetY() + 1.5)
	s.font("", size{11, 5.6}, quiet())
	s.words(leftMargin, textWidth, size{11, 5.6}, s.doc.Under)
	s.SetY(s.GetY() + 5)
}

func (h Heading) set(s *setter) {
	if h.PageBreak && s.GetY() > topMargin+1 {
		s.AddPage()
	}
	s.room(max(32, min(h.Needs, pageHeight-topMargin-footMargin)))
	if s.GetY() > topMargin+1 {
		s.SetY(s.GetY() + 6)
	}
	s.rule(s.GetY(), leftMargin, pageWidth-rightMargin, 0.25, ink())
	s.SetY(s.GetY() + 2.2)
	s.Bookmark(clean(h.Text), 0, -1)
	s.font("B", s.head(), ink())
	s.words(leftMargin, textWidth, s.head(), h.Text)
	s.SetY(s.GetY() + 2)
}

func (p Paragraph) set(s *setter) {
	z, c := s.body(), ink()
	if p.Quiet {
		z, c = s.note(), quiet()
	}
	s.font("", z, c)
	s.words(leftMargin, textWidth, z, p.Text)
	s.SetY(s.GetY() + 2)
}

// labels is the width of the facts' labels: that of the longest, within half a line.
func (s *setter) labels(f Facts) float64 {
	s.font("", s.body(), quiet())
	width := 44.0
	for _, fact := range f {
		width = max(width, min(s.GetStringWidth(clean(fact.Label))+5, textWidth/2))
	}
	return width
}

// lines is how many lines the facts take, with labels of a width.
func (s *setter) lines(f Facts, label float64) float64 {
	s.font("", s.body(), ink())
	n := 0
	for _, fact := range f {
		n += max(1, len(s.SplitText(clean(fact.Value), textWidth-label)))
	}
	return float64(n)
}

func (f Facts) set(s *setter) {
	label := s.labels(f)
	if whole := s.lines(f, label)*s.body().line + float64(len(f))*0.8; whole < 60 {
		s.room(whole) // a short list stays on one page
	}
	for _, fact := range f {
		value := func() {
			s.font("", s.body(), ink())
			if fact.Fingerprint {
				s.SetFont("mono", "", 8)
			}
		}
		value()
		s.room(float64(len(s.SplitText(clean(fact.Value), textWidth-label))) * s.body().line)
		y := s.GetY()
		s.font("", s.body(), quiet())
		s.SetX(leftMargin)
		s.CellFormat(label, s.body().line, clean(fact.Label), "", 0, "L", false, 0, "")
		s.SetXY(leftMargin+label, y)
		value()
		s.words(leftMargin+label, textWidth-label, s.body(), fact.Value)
		s.SetY(s.GetY() + 0.8)
	}
	s.SetY(s.GetY() + 2)
}

func (c Clause) set(s *setter) {
	if c.Level <= 1 {
		need := 5.0 // lines: the title, and the beginning of what follows
		if c.Keeps {
			need = 8
		}
		s.room(need * s.body().line)
		s.SetY(s.GetY() + 2.5)
		s.font("B", size{10.6, 5.4}, ink())
		s.SetX(leftMargin)
		s.CellFormat(hang, 5.4, c.Number, "", 0, "L", false, 0, "")
		s.words(leftMargin+hang, textWidth-hang, size{10.6, 5.4}, c.Title)
		s.SetY(s.GetY() + 0.8)
		if c.Text == "" {
			return
		}
	} else {
		s.room(3 * s.body().line) // the title never stands with one line of its text
		s.font("", s.body(), quiet())
		s.SetX(leftMargin)
		s.CellFormat(hang, s.body().line, c.Number, "", 0, "L", false, 0, "")
		if c.Title != "" {
			s.font("B", s.body(), ink())
			s.words(leftMargin+hang, textWidth-hang, s.body(), c.Title)
		}
	}
	s.font("", s.body(), ink())
	s.words(leftMargin+hang, textWidth-hang, s.body(), c.Text)
	s.SetY(s.GetY() + 1.8)
}

func (x Signing) set(s *setter) {
	s.room(26)
	y := s.GetY() + 2
	s.font("B", s.body(), ink())
	s.SetXY(leftMargin, y)
	s.CellFormat(textWidth/2-4, s.body().line, clean(x.Name), "", 2, "L", false, 0, "")
	s.font("", s.note(), quiet())
	s.SetX(leftMargin)
	s.words(leftMargin, textWidth/2-4, s.note(), x.Role)
	under := s.GetY()
	s.SetXY(leftMargin+textWidth/2, y)
	s.font("", s.note(), ink())
	if x.Statement != "" {
		s.words(leftMargin+textWidth/2, textWidth/2, s.note(), x.Statement)
	} else {
		s.SetY(y + 12)
		s.rule(y+12, leftMargin+textWidth/2, pageWidth-rightMargin, 0.2, edge())
	}
	s.SetY(max(s.GetY(), under) + 2)
	s.rule(s.GetY(), leftMargin, pageWidth-rightMargin, 0.1, hair())
}
