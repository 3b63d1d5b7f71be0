// Package library brings items of the library, and questions to all partners with their answers, in from files.
package library

import (
	"bytes"
	"errors"
	"io/fs"
	"os"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/knowledge"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// File and QuestionsFile are where a programme's folder keeps its library: beside the files that make the programme, which stands without it.
const (
	File          = "library/items.csv"
	QuestionsFile = "library/questions.csv"
)

// Import is `errera import library`.
type Import struct {
	File      string `arg:"" help:"CSV file (docs/import-format.md)."`
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
}

// Run puts all items of the file into the library, or none.
func (c *Import) Run(r *command.Run) error { return c.run(r, take, "knowledge.taken") }

// taker puts all that a file says into a programme, or none of it, and tells how much that is.
type taker func(r *command.Run, d *db.DB, by access.Actor, g programme.Programme, name string, body []byte) (int, error)

func (c *Import) run(r *command.Run, with taker, done text.Key) error {
	return r.With(func(d *db.DB) error {
		by, g, err := r.InProgramme(d, c.Programme)
		if err != nil {
			return err
		}
		body, err := os.ReadFile(c.File)
		if err != nil {
			return fault.Missing("cli.no_file", text.Args{"path": c.File})
		}
		n, err := with(r, d, by, g, c.File, body)
		if err == nil {
			r.Say(done, text.Args{"n": n})
		}
		return err
	})
}

// Questions is `errera import questions`.
type Questions struct{ Import }

// Run puts all questions of the file into the programme, or none.
func (c *Questions) Run(r *command.Run) error { return c.run(r, takeQuestions, "question.taken") }

// Take puts the library of a programme's folder, if it has one, into the programme: its items, then the questions, whose answers may name them.
func Take(r *command.Run, d *db.DB, folder fs.FS, g programme.Programme) error {
	for _, f := range []struct {
		name string
		take taker
	}{{File, take}, {QuestionsFile, takeQuestions}} {
		body, err := fs.ReadFile(folder, f.name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if _, err := f.take(r, d, access.System("operator"), g, f.name, body); err != nil {
			return err
		}
	}
	return nil
}

func takeQuestions(r *command.Run, d *db.DB, by access.Actor, g programme.Programme, name string, body []byte) (int, error) {
	var all []knowledge.Asked
	err := d.Read(r, func(tx *db.Tx) (err error) {
		all, err = knowledge.ReadQuestions(r, tx, g.ID, name, bytes.NewReader(body))
		return err
	})
	if err != nil {
		return 0, err
	}
	return len(all), d.Write(r, g.ID, func(tx *db.Tx) error { return knowledge.TakeQuestions(r, tx, by, g.ID, all) })
}

func take(r *command.Run, d *db.DB, by access.Actor, g programme.Programme, name string, body []byte) (int, error) {
	codes := map[string]id.Organisation{}
	err := d.Read(r, func(tx *db.Tx) error {
		all, err := programme.Organisations(r, tx)
		for _, o := range all {
			codes[o.Code] = o.ID
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	items, err := knowledge.ReadItems(name, bytes.NewReader(body), codes)
	if err != nil {
		return 0, err
	}
	return len(items), d.Write(r, g.ID, func(tx *db.Tx) error { return knowledge.Take(r, tx, by, g.ID, items) })
}
