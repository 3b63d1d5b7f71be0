// Package letter writes the letters in which the agency gives a partner its reasons: about a claim that was decided, about a settlement that
// was communicated. A letter is in the language of its partner, whoever reads it, and page and PDF are set from the same one. It decides
// nothing and sends nothing; each of its figures is one of the books.
package letter

import (
	"strings"

	"errera.eu/errera/internal/format/pdf"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Letter is what a partner is told, ready to be set.
type Letter struct {
	Language text.Language
	About    string // id of what it is about; stands at the foot of every page
	Agency   string
	Partner  string
	Heading  string
	On       period.Date // of the decision that it tells
	Draft    string      // says that it was not sent; "" where it was
	Opening  string
	Totals   []Total
	Parts    []Part
	Closing  []string
	Signed   string
}

// Total is a line of the reckoning; Note says how the amount came about.
type Total struct {
	Words, Note, Amount string
	Strong              bool
}

// Part is a table with its title.
type Part struct {
	ID, Title string
	Columns   []pdf.Column
	Rows      [][]Cell
	Sum       bool // the last row is a sum
}

// Cell is what stands in a table; the hint is on the page alone.
type Cell struct{ Text, Hint string }

func cells(texts ...string) []Cell {
	out := make([]Cell, len(texts))
	for i, s := range texts {
		out[i].Text = s
	}
	return out
}

// PDF is the letter as a PDF: the same bytes whenever it is asked for.
func (l Letter) PDF() ([]byte, error) { return pdf.Render(l.document()) }

func (l Letter) document() pdf.Document {
	d := pdf.Document{Language: string(l.Language), Title: l.Heading, Over: l.Agency, Under: l.Partner + ", " + l.Language.Date(string(l.On)),
		Author: l.Agency, Subject: l.Heading, Mark: l.Heading, Foot: l.About, Made: l.On.Time()}
	if l.Draft != "" {
		d.Mark += " · " + l.Draft
		d.Blocks = append(d.Blocks, pdf.Paragraph{Text: l.Draft})
	}
	d.Blocks = append(d.Blocks, pdf.Paragraph{Text: l.Opening}, l.reckoning())
	for _, p := range l.Parts {
		table := pdf.Table{Columns: p.Columns, Total: p.Sum}
		for _, row := range p.Rows {
			var texts []string
			for _, c := range row {
				texts = append(texts, c.Text)
			}
			table.Rows = append(table.Rows, texts)
		}
		d.Blocks = append(d.Blocks, pdf.Heading{Text: p.Title}, table)
	}
	return l.end(d)
}

// reckoning sets the totals: as facts, or as a table where they say how they came about.
func (l Letter) reckoning() pdf.Block {
	var facts pdf.Facts
	table := pdf.Table{Columns: []pdf.Column{{Head: l.say("letter.reckoning", nil), Width: 7}, {Head: l.say("letter.amount", nil), Width: 2, Right: true}}}
	noted := false
	for _, t := range l.Totals {
		noted = noted || t.Note != ""
		facts = append(facts, pdf.Fact{Label: t.Words, Value: t.Amount})
		table.Rows = append(table.Rows, []string{strings.TrimSuffix(t.Words+"\n"+t.Note, "\n"), t.Amount})
		table.Total = t.Strong
	}
	if noted {
		return table
	}
	return facts
}

func (l Letter) end(d pdf.Document) pdf.Document {
	for _, s := range l.Closing {
		d.Blocks = append(d.Blocks, pdf.Paragraph{Text: s})
	}
	d.Blocks = append(d.Blocks, pdf.Paragraph{Text: l.Signed, Quiet: true})
	return d
}

func (l Letter) say(key text.Key, args text.Args) string { return l.Language.Say(key, args) }
