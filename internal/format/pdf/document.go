// Package pdf sets documents for print: values in, the bytes of a PDF out, equal for equal values. It seals a PDF with a digital signature,
// and tells of a signed one whether the signature covers it and its pages are those of another. It knows no agreement and no database.
package pdf

import "time"

// Document is what is to be set, in the order of its blocks.
type Document struct {
	Language string // BCP 47
	Title    string
	Over     string // a line above the title
	Under    string // a line below it
	Author   string
	Subject  string
	Keywords string // ASCII; stands in the file as it is, so that a program finds it
	Mark     string // at the head of every page but the first; "" none
	Foot     string // at the foot of every page, in a font of equal widths: a fingerprint
	Made     time.Time
	Blocks   []Block
}

// Block is a part of a document. The kinds of block are those of this package.
type Block interface{ set(*setter) }

// Heading opens a section; it never stands alone at the end of a page, and is found in the outline.
type Heading struct {
	Text      string
	PageBreak bool    // begins a page
	Needs     float64 // millimetres of what it stays with on one page; 0 the usual
}

// Paragraph is running text; line breaks stay.
type Paragraph struct {
	Text  string
	Quiet bool // smaller and paler: a note
}

// Facts are labels with their values, one below the other.
type Facts []Fact

// Fact is one label with its value; a fingerprint is set in a font of equal widths.
type Fact struct {
	Label, Value string
	Fingerprint  bool
}

// Clause is a numbered text. An article (Level 1) has a title; a paragraph of it (Level 2) has its number in the margin.
type Clause struct {
	Number, Title, Text string
	Level               int
	Keeps               bool // a table follows that it stays with
}

// Table has a head that is repeated on every page; its rows do not break.
type Table struct {
	Title   string // says what the table holds
	Columns []Column
	Rows    [][]string
	Total   bool // the last row is a sum
}

// Column is one column of a table. Width is its share of the page.
type Column struct {
	Head  string
	Width float64
	Right bool // numbers stand at the right
}

// Signing is a person's place among those who sign: a statement of what they did, or an empty line.
type Signing struct {
	Name, Role string
	Statement  string // "" not yet
}
