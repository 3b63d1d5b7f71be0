// Package measure holds the commands that bring measures of KPIs in and out.
package measure

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/kpi/measure"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Import is `errera import measures`.
type Import struct {
	File      string `arg:"" help:"CSV, XLSX or IATI 2.03 (docs/import-format.md)."`
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
	DryRun    bool   `help:"Check the file and write nothing."`
}

// Run states all measures of the file, or none.
func (c *Import) Run(r *command.Run) error {
	f, err := os.Open(c.File)
	if err != nil {
		return fault.Invalid("file", "cli.no_file", text.Args{"path": c.File})
	}
	defer f.Close()
	var done measure.Report
	err = r.About(c.Programme, func(d *db.DB, by access.Actor, g programme.Programme) error {
		var codes []string
		if err := d.Read(r, func(tx *db.Tx) error {
			all, err := programme.Organisations(r, tx)
			for _, o := range all {
				codes = append(codes, o.Code)
			}
			return err
		}); err != nil {
			return err
		}
		rows, err := measure.Read(filepath.Base(c.File), f, codes)
		if err != nil {
			return err
		}
		unit := func(tx *db.Tx) (err error) {
			done, err = measure.Declare(r, tx, by, g, filepath.Base(c.File), rows)
			if err == nil && c.DryRun {
				err = errDry
			}
			return err
		}
		if err := d.Write(r, g.ID, unit); err != errDry {
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	if r.Format == "json" {
		return command.WriteJSON(r.Out, done)
	}
	key := text.Key("cli.measures_done")
	if c.DryRun {
		key = "cli.measures_would"
	}
	_, err = fmt.Fprintln(r.Out, r.Language().Say(key, text.Args{"added": done.Added, "changed": done.Changed, "same": done.Same, "left": done.Left}))
	return err
}

// errDry undoes what a rehearsal wrote.
var errDry = fmt.Errorf("measure: nothing is kept of a rehearsal")

// Export is `errera export measures`.
type Export struct {
	Programme string        `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
	Year      []period.Year `help:"Only these years."`
	Form      string        `enum:"csv,xlsx,iati" default:"csv" help:"csv, xlsx or iati."`
	Reporter  string        `placeholder:"REF" help:"Identifier of the agency in IATI, such as BE-BCE_KBO-0869691156; without it, the agency's code."`
	Out       string        `placeholder:"FILE" help:"File to write; without it, standard output."`
}

// Run writes what was promised, computed and stated.
func (c *Export) Run(r *command.Run) (err error) {
	out := r.Out
	if c.Out != "" {
		f, err := os.Create(c.Out)
		if err != nil {
			return fault.Invalid("out", "cli.cannot_write", text.Args{"path": c.Out})
		}
		defer func() {
			if e := f.Close(); err == nil {
				err = e
			}
		}()
		out = f
	}
	return r.ReadIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		t, err := measure.Load(r, tx, nil, by.ScopeFor("kpi.read"), g, c.Year...)
		if err != nil {
			return err
		}
		return c.write(r, tx, t, out)
	})
}

func (c *Export) write(r *command.Run, tx *db.Tx, t *measure.Table, out io.Writer) error {
	switch c.Form {
	case "xlsx":
		return t.WriteXLSX(out)
	case "iati":
		reporter := c.Reporter
		if reporter == "" {
			reporter = t.Agency.Code
		}
		return t.WriteIATI(out, reporter, r.PublicURL, string(tx.Now))
	}
	return t.WriteCSV(out)
}
