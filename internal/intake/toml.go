package intake

import (
	"strings"

	"errera.eu/errera/internal/format/tomltable"
	"errera.eu/errera/internal/text"
)

// readTOML gives the tables of a file in order, the root first; false when it is no TOML.
func readTOML(out *faults, file string, data []byte) ([]*tomltable.Table, bool) {
	tables, broken := tomltable.Read(data)
	if broken > 0 {
		out.add(at{file, broken}, "", tomltable.LineOf(data, broken), "intake.want.toml", nil)
	}
	return tables, broken == 0
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

// recordOf turns a table into a record; what has the wrong type or an unknown name is a fault and reads as absent.
func recordOf(t *tomltable.Table, out *faults, file, spec string) *record {
	kinds, required := shapeOf(spec)
	r := &record{out: out, at: at{file, t.Line}, columns: &columns{place: map[string]int{}},
		required: required}
	for _, c := range t.Cells {
		kind, known := kinds[c.Column]
		want := text.Key("intake.want.key")
		if known {
			want = c.Wrong(kind)
		}
		if want != "" {
			out.add(at{file, c.Line}, c.Column, c.Value, want, nil)
			required[c.Column] = false
			continue
		}
		r.columns.place[c.Column] = len(r.cells)
		r.cells = append(r.cells, c.Value)
		r.lines = append(r.lines, c.Line)
	}
	return r
}
