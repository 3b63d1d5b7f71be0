package intake

import (
	"cmp"
	"slices"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// at is where something stands in the files.
type at struct {
	file string
	line int
}

// faults collects everything that is wrong, so that one reading of the files names all of it.
type faults struct{ rows fault.Rows }

func (f *faults) add(where at, column, found string, want text.Key, args text.Args) {
	f.rows = append(f.rows, fault.Row{File: where.file, Line: where.line, Column: column, Found: shorten(found), Want: want, Args: args})
}

// err is all faults by file and line, nil when there are none.
func (f *faults) err() error {
	slices.SortStableFunc(f.rows, func(a, b fault.Row) int { return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line)) })
	return f.rows.Err()
}

// shorten keeps a fault readable when a cell holds a whole text.
func shorten(s string) string {
	const most = 80
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
