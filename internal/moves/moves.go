// Package moves reads a round that follows another one, and its negotiation, from files, and plays it: every line is a verb that somebody
// could have done on a page, with the leave that it takes. It states no rule of its own.
package moves

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/template"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/renewal"
	"errera.eu/errera/internal/text"
)

// The files of a round.
const (
	RoundFile = "round.toml"
	MovesFile = "moves.csv"
)

// Round is a round as its files have it.
type Round struct {
	Next     renewal.Next
	Follows  string // code of the round before
	OpenedBy string // e-mail of the officer
	Criteria []agreement.Criterion
	Clauses  template.Template // none: those of the round before
	moves    []move
}

// move is one line of moves.csv.
type move struct {
	line                int
	verb, partner, by   string
	place, value, words string
}

func header() []string { return []string{"move", "partner", "by", "place", "value", "words"} }

// verbs are the moves there are.
func verbs() []string {
	return []string{"name", "answer", "apply", "declare", "score", "assess", "invite", "decline", "draft", "change", "propose", "comment", "settle",
		"accept", "withdraw"}
}

// Read reads a folder. Invalid with every fault by file, line and column.
func Read(folder fs.FS) (Round, error) {
	var r Round
	var rows fault.Rows
	if err := r.readRound(folder, &rows); err != nil {
		return r, err
	}
	if err := r.readMoves(folder, verbs(), &rows); err != nil {
		return r, err
	}
	return r, rows.Err()
}

func (r *Round) readRound(folder fs.FS, rows *fault.Rows) error {
	data, err := fs.ReadFile(folder, RoundFile)
	if err != nil {
		return missing(err, RoundFile, rows)
	}
	type words struct{ NL, EN, FR string }
	var file struct {
		Code, Follows, Starts, Ends, Envelope string
		OpenedBy                              string `toml:"opened_by"`
		Name                                  words
		Criterion                             []struct {
			Code       string
			Weight     int64
			Name, Hint words
		}
		Clause []struct { // read below, with their lines
			Code        string
			Level       int
			Title, Text words
		}
	}
	d := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		row := fault.Row{File: RoundFile, Want: "intake.want.toml"}
		var strict *toml.StrictMissingError
		var broken *toml.DecodeError
		switch {
		case errors.As(err, &strict) && len(strict.Errors) > 0:
			row.Line, _ = strict.Errors[0].Position()
			row.Column, row.Want = strings.Join(strict.Errors[0].Key(), "."), "intake.want.key"
		case errors.As(err, &broken):
			row.Line, _ = broken.Position()
			row.Column = strings.Join(broken.Key(), ".")
		}
		*rows = append(*rows, row)
		return nil
	}
	r.Follows, r.OpenedBy = file.Follows, file.OpenedBy
	r.Next = renewal.Next{Code: file.Code, Name: programme.Words(file.Name), Starts: period.Date(file.Starts), Ends: period.Date(file.Ends)}
	var wrong fault.Rows
	r.Clauses, wrong = template.Read(RoundFile, data, template.NamesIn(programme.Programme{Starts: r.Next.Starts, Ends: r.Next.Ends}), false)
	*rows = append(*rows, wrong...)
	if file.Envelope != "" {
		amount, err := money.Parse(file.Envelope)
		if err != nil || !r.Next.Starts.Valid() || !r.Next.Ends.Valid() {
			*rows = append(*rows, fault.Row{File: RoundFile, Column: "envelope", Found: file.Envelope, Want: "intake.want.amount"})
			return nil
		}
		r.Next.Envelopes = map[period.Year]money.Amount{}
		for y := r.Next.Starts.Year(); y <= r.Next.Ends.Year(); y++ {
			r.Next.Envelopes[y] = amount
		}
	}
	for _, c := range file.Criterion {
		r.Criteria = append(r.Criteria, agreement.Criterion{Code: c.Code, Weight: c.Weight, Name: programme.Words(c.Name), Hint: programme.Words(c.Hint)})
	}
	return nil
}

// missing says that a file is not there; another error is the caller's.
func missing(err error, name string, rows *fault.Rows) error {
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	*rows = append(*rows, fault.Row{File: name, Want: "intake.want.file"})
	return nil
}

func (r *Round) readMoves(folder fs.FS, verbs []string, rows *fault.Rows) error {
	data, err := fs.ReadFile(folder, MovesFile)
	if err != nil {
		return missing(err, MovesFile, rows)
	}
	c := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	columns := header()
	c.FieldsPerRecord = len(columns)
	head, err := c.Read()
	if err != nil || !slices.Equal(head, columns) {
		*rows = append(*rows, fault.Row{File: MovesFile, Line: 1, Want: "intake.want.header", Args: text.Args{"columns": strings.Join(columns, ",")}})
		return nil
	}
	for {
		cells, err := c.Read()
		if err == io.EOF {
			return nil
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			row := fault.Row{File: MovesFile, Line: broken.Line, Want: "intake.want.quotes"}
			if errors.Is(err, csv.ErrFieldCount) {
				row.Want, row.Args = "intake.want.cells", text.Args{"n": len(columns)}
			}
			*rows = append(*rows, row)
			continue
		}
		if err != nil {
			return err
		}
		line, _ := c.FieldPos(0)
		m := move{line, cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]}
		if !slices.Contains(verbs, m.verb) {
			*rows = append(*rows, fault.Row{File: MovesFile, Line: line, Column: "move", Found: m.verb, Want: "intake.want.one_of",
				Args: text.Args{"list": strings.Join(verbs, ", ")}})
		}
		for i, cell := range []string{m.partner, m.by} {
			if cell == "" {
				*rows = append(*rows, fault.Row{File: MovesFile, Line: line, Column: columns[i+1], Want: "intake.want.required"})
			}
		}
		r.moves = append(r.moves, m)
	}
}
