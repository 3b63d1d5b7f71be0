package intake

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"errera.eu/errera/internal/text"
)

// tomlTable is one table of a TOML file with its values flattened: name = { nl = "x" } is the column name.nl.
type tomlTable struct {
	name  string // "" is the root
	line  int
	cells []tomlCell
}

type tomlCell struct {
	column string
	kind   unstable.Kind
	value  string // lists: joined by a space
	line   int
	mixed  bool // a list of something else than strings
}

// readTOML gives the tables of a file in order, the root first; false when it is no TOML.
func readTOML(out *faults, file string, data []byte) ([]*tomlTable, bool) {
	data = withoutMark(data)
	var any map[string]any
	if err := toml.Unmarshal(data, &any); err != nil { // tests what the parser below lets pass: names given twice, wrong dates
		line := 1
		var broken *toml.DecodeError
		if errors.As(err, &broken) {
			line, _ = broken.Position()
		}
		out.add(at{file, line}, "", lineOf(data, line), "intake.want.toml", nil)
		return nil, false
	}
	root := &tomlTable{line: 1}
	w := &tomlWalk{tables: []*tomlTable{root}, open: root, byName: map[string]*tomlTable{}, lines: newLines(data)}
	w.parser.Reset(data)
	for w.parser.NextExpression() {
		w.expression(w.parser.Expression())
	}
	return w.tables, true
}

// tomlWalk goes through the expressions of a file.
type tomlWalk struct {
	parser unstable.Parser
	lines  lines
	tables []*tomlTable
	byName map[string]*tomlTable // the newest of each name
	open   *tomlTable
	prefix string
}

func (w *tomlWalk) expression(n *unstable.Node) {
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

func (w *tomlWalk) start(name string, line int) *tomlTable {
	w.open, w.prefix = &tomlTable{name: name, line: line}, ""
	w.byName[name] = w.open
	w.tables = append(w.tables, w.open)
	return w.open
}

func (w *tomlWalk) path(keys unstable.Iterator) (path []string, line int) {
	for keys.Next() {
		path = append(path, string(keys.Node().Data))
		line = w.lines.of(int(keys.Node().Raw.Offset))
	}
	return path, line
}

func (w *tomlWalk) value(into *tomlTable, column string, line int, n *unstable.Node) {
	cell := tomlCell{column: column, kind: n.Kind, value: string(n.Data), line: line}
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
		cell.value = strings.Join(words, " ")
	}
	into.cells = append(into.cells, cell)
}

// lineOf is what stands on a line, for a fault that concerns all of it.
func lineOf(data []byte, line int) string {
	for l := range strings.Lines(string(data)) {
		if line--; line == 0 {
			return strings.ToValidUTF8(strings.TrimSpace(l), "\ufffd")
		}
	}
	return ""
}

// shape says what a table of a TOML file holds, by column: "name.nl*:s" is a required string. Kinds are s(tring), i(nteger), b(ool),
// d(ate) and l(ist of strings).
type shape map[string]byte

func shapeOf(spec string) (shape, map[string]bool) {
	kinds, required := shape{}, map[string]bool{}
	for word := range strings.FieldsSeq(spec) {
		name, kind, _ := strings.Cut(word, ":")
		column, star := strings.CutSuffix(name, "*")
		kinds[column], required[column] = kind[0], star
	}
	return kinds, required
}

// record turns a table into a record; what has the wrong type or an unknown name is a fault and reads as absent.
func (t *tomlTable) record(out *faults, file, spec string) *record {
	kinds, required := shapeOf(spec)
	r := &record{out: out, at: at{file, t.line}, columns: &columns{place: map[string]int{}},
		required: required}
	for _, c := range t.cells {
		kind, known := kinds[c.column]
		want := text.Key("intake.want.key")
		if known {
			want = c.wrong(kind)
		}
		if want != "" {
			out.add(at{file, c.line}, c.column, c.value, want, nil)
			required[c.column] = false
			continue
		}
		r.columns.place[c.column] = len(r.cells)
		r.cells = append(r.cells, c.value)
		r.lines = append(r.lines, c.line)
	}
	return r
}

// wrong says what was expected where a cell is not of a kind, "" where it is.
func (c tomlCell) wrong(kind byte) text.Key {
	switch {
	case !utf8.ValidString(c.value):
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
