// Package tomltable reads TOML of strangers as tables of flat values that keep their lines, so that a fault can name the line that it
// stands on. What a table should hold is its reader's to know.
package tomltable

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"errera.eu/errera/internal/text"
)

// Table is one table of a TOML file with its values flattened: name = { nl = "x" } is the column name.nl.
type Table struct {
	Name  string // "" is the root
	Line  int
	Cells []Cell
}

// Cell is a value of a table.
type Cell struct {
	Column string
	Value  string // lists: joined by a space
	Line   int
	kind   unstable.Kind
	mixed  bool // a list of something else than strings
}

// Read gives the tables of a file in order, the root first. When it is no TOML there are none, and broken is the line where it ends being
// one; else broken is 0.
func Read(data []byte) (all []*Table, broken int) {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // the mark that some editors put first
	var any map[string]any
	if err := toml.Unmarshal(data, &any); err != nil { // tests what the parser below lets pass: names given twice, wrong dates
		var at *toml.DecodeError
		if errors.As(err, &at) {
			line, _ := at.Position()
			return nil, line
		}
		return nil, 1
	}
	root := &Table{Line: 1}
	w := &walk{tables: []*Table{root}, open: root, byName: map[string]*Table{}, lines: newLines(data)}
	w.parser.Reset(data)
	for w.parser.NextExpression() {
		w.expression(w.parser.Expression())
	}
	return w.tables, 0
}

// walk goes through the expressions of a file.
type walk struct {
	parser unstable.Parser
	lines  lines
	tables []*Table
	byName map[string]*Table // the newest of each name
	open   *Table
	prefix string
}

func (w *walk) expression(n *unstable.Node) {
	switch n.Kind {
	case unstable.ArrayTable:
		path, line := w.path(n.Key())
		w.start(strings.Join(path, "."), line)
	case unstable.Table:
		path, line := w.path(n.Key())
		if w.open, w.prefix = w.byName[path[0]], ""; w.open == nil {
			w.start(path[0], line)
		}
		if len(path) > 1 {
			w.prefix = strings.Join(path[1:], ".") + "."
		}
	case unstable.KeyValue:
		path, line := w.path(n.Key())
		w.value(w.open, w.prefix+strings.Join(path, "."), line, n.Value())
	}
}

func (w *walk) start(name string, line int) *Table {
	w.open, w.prefix = &Table{Name: name, Line: line}, ""
	w.byName[name] = w.open
	w.tables = append(w.tables, w.open)
	return w.open
}

func (w *walk) path(keys unstable.Iterator) (path []string, line int) {
	for keys.Next() {
		path = append(path, string(keys.Node().Data))
		line = w.lines.of(int(keys.Node().Raw.Offset))
	}
	return path, line
}

func (w *walk) value(into *Table, column string, line int, n *unstable.Node) {
	cell := Cell{Column: column, kind: n.Kind, Value: string(n.Data), Line: line}
	switch n.Kind {
	case unstable.InlineTable:
		for it := n.Children(); it.Next(); {
			path, at := w.path(it.Node().Key())
			w.value(into, column+"."+strings.Join(path, "."), at, it.Node().Value())
		}
		return
	case unstable.Array:
		var words []string
		for it := n.Children(); it.Next(); {
			if it.Node().Kind != unstable.String {
				cell.mixed = true
			}
			words = append(words, string(it.Node().Data))
		}
		cell.Value = strings.Join(words, " ")
	}
	into.Cells = append(into.Cells, cell)
}

// LineOf is what stands on a line, for a fault that concerns all of it.
func LineOf(data []byte, line int) string {
	for l := range strings.Lines(string(data)) {
		if line--; line == 0 {
			return strings.ToValidUTF8(strings.TrimSpace(l), "\ufffd")
		}
	}
	return ""
}

// Wrong says what was expected where a cell is not of a kind, "" where it is: s(tring), i(nteger), b(ool), d(ate) or l(ist of strings).
func (c Cell) Wrong(kind byte) text.Key {
	switch {
	case !utf8.ValidString(c.Value):
		return "intake.want.utf8"
	case kind == 's' && c.kind != unstable.String:
		return "intake.want.string"
	case kind == 'i' && c.kind != unstable.Integer:
		return "intake.want.whole_number"
	case kind == 'b' && c.kind != unstable.Bool:
		return "intake.want.bool"
	case kind == 'd' && c.kind != unstable.String && c.kind != unstable.LocalDate:
		return "intake.want.date"
	case kind == 'l' && (c.kind != unstable.Array || c.mixed):
		return "intake.want.strings"
	}
	return ""
}

// lines finds the line of an offset.
type lines []int // where each line begins

func newLines(data []byte) lines {
	starts := lines{0}
	for i, b := range data {
		if b == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

func (l lines) of(offset int) int {
	low, high := 0, len(l)
	for high-low > 1 {
		if mid := (low + high) / 2; l[mid] <= offset {
			low = mid
		} else {
			high = mid
		}
	}
	return low + 1
}
