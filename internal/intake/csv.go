package intake

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"errera.eu/errera/internal/text"
)

// sheet says which columns a CSV file has; those with a star must be there and filled.
type sheet struct{ file, columns string }

func (s sheet) required() map[string]bool {
	required := map[string]bool{}
	for c := range strings.FieldsSeq(s.columns) {
		if name, star := strings.CutSuffix(c, "*"); star {
			required[name] = true
		}
	}
	return required
}

func (s sheet) names() []string { return strings.Fields(strings.ReplaceAll(s.columns, "*", "")) }

// readCSV calls row for every row of a file and tells how many there were; false when its header is of no use.
func readCSV(out *faults, s sheet, data []byte, row func(*record)) (rows int, usable bool) {
	r := csv.NewReader(bytes.NewReader(withoutMark(data)))
	r.FieldsPerRecord = -1
	required := s.required()
	columns, usable := header(out, s, r)
	if !usable {
		return 0, false
	}
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return rows, true
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			out.add(at{s.file, broken.Line}, "", "", "intake.want.quotes", nil)
			rows++
			continue
		}
		if err != nil {
			out.add(at{s.file, 0}, "", err.Error(), "intake.want.readable", nil)
			return rows, true
		}
		line, _ := r.FieldPos(0)
		if empty(cells) {
			continue
		}
		rows++
		rec := &record{out: out, at: at{s.file, line}, columns: columns, cells: cells, required: required}
		if len(cells) != len(columns.names) {
			rec.out.add(rec.at, "", text.EN.Number(int64(len(cells))), "intake.want.cells", text.Args{"n": len(columns.names)})
			if len(cells) < len(columns.names) {
				rec.cells = append(cells, make([]string, len(columns.names)-len(cells))...)
			}
			rec.broken = true
		}
		if end, _ := r.FieldPos(len(cells) - 1); end != line {
			rec.lines = make([]int, len(cells))
			for i := range cells {
				rec.lines[i], _ = r.FieldPos(i)
			}
		}
		row(rec)
	}
}

// columns is a header: which name stands where.
type columns struct {
	names []string
	place map[string]int
}

func header(out *faults, s sheet, r *csv.Reader) (*columns, bool) {
	names, err := r.Read()
	if err != nil {
		out.add(at{s.file, 1}, "", "", "intake.want.header", text.Args{"columns": strings.Join(s.names(), ",")})
		return nil, false
	}
	known := map[string]bool{}
	for _, n := range s.names() {
		known[n] = true
	}
	head, usable := &columns{place: map[string]int{}}, true
	for i, n := range names {
		n = strings.TrimSpace(n)
		head.names = append(head.names, n)
		_, twice := head.place[n]
		switch {
		case !known[n]:
			out.add(at{s.file, 1}, n, n, "intake.want.column", text.Args{"columns": strings.Join(s.names(), ", ")})
		case twice:
			out.add(at{s.file, 1}, n, n, "intake.want.column_once", nil)
		default:
			head.place[n] = i
		}
	}
	for _, n := range s.names() {
		if _, there := head.place[n]; !there && s.required()[n] {
			out.add(at{s.file, 1}, n, "", "intake.want.column_here", nil)
			usable = false
		}
	}
	return head, usable
}

func empty(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// withoutMark drops the byte order mark that some spreadsheets put first.
func withoutMark(data []byte) []byte { return bytes.TrimPrefix(data, []byte("\ufeff")) }
