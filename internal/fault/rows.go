package fault

import (
	"fmt"
	"strconv"
	"strings"

	"errera.eu/errera/internal/text"
)

// Row is one fault of an uploaded or imported file.
type Row struct {
	File   string
	Line   int    // from 1, the header row included; 0 when it is not one line
	Column string // as the header names it; "" when it is not one column
	Found  string // "" when nothing stood there
	Want   text.Key
	Args   text.Args // of Want
}

// Rows are all faults of an upload, in the order in which they were found. It is an error of kind invalid; an empty list is none, so
// return it through Err.
type Rows []Row

// Err is the list as an error, nil when it is empty.
func (r Rows) Err() error {
	if len(r) == 0 {
		return nil
	}
	return r
}

// Error is for logs.
func (r Rows) Error() string {
	lines := make([]string, len(r))
	for i, row := range r {
		lines[i] = fmt.Sprintf("%s:%d %s found=%q want=%s", row.File, row.Line, row.Column, row.Found, row.Want)
	}
	return strings.Join(lines, "\n")
}

// Say tells a person where to look, what stands there, and what was expected.
func (r Row) Say(l text.Language) string {
	where := r.File
	if r.Line > 0 {
		where = l.Say("fault.row.line", text.Args{"place": where, "line": strconv.Itoa(r.Line)})
	}
	if r.Column != "" {
		where = l.Say("fault.row.column", text.Args{"place": where, "column": r.Column})
	}
	a := text.Args{"place": where, "found": r.Found, "want": l.Say(r.Want, r.Args)}
	if r.Found == "" {
		return l.Say("fault.row.empty", a)
	}
	return l.Say("fault.row.found", a)
}
