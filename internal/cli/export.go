package cli

import (
	"os"

	"errera.eu/errera/internal/cli/calendar"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/cli/measure"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/text"
)

type exportCommand struct {
	Ledger    exportBooks     `cmd:"" help:"The books as a journal for ledger."`
	Hledger   exportBooks     `cmd:"" help:"The books as a journal for hledger."`
	Beancount exportBeancount `cmd:"" help:"The books for beancount."`
	CSV       exportCSV       `cmd:"" name:"csv" help:"The books as a table, a row for each posting."`
	ICS       calendar.Export `cmd:"" name:"ics" help:"The published activities as iCalendar."`
	Measures  measure.Export  `cmd:"" help:"KPIs by partner and period as a table or as IATI results: promised, computed, declared."`
	XLSX      exportXLSX      `cmd:"" name:"xlsx" help:"The books as a spreadsheet, a row for each posting."`
}

type (
	exportBeancount struct{ exportBooks }
	exportCSV       struct{ exportBooks }
	exportXLSX      struct{ exportBooks }
)

func (c *exportBeancount) Run(r *command.Run) error { return c.write(r, report.FormBeancount) }
func (c *exportCSV) Run(r *command.Run) error       { return c.write(r, report.FormCSV) }
func (c *exportXLSX) Run(r *command.Run) error      { return c.write(r, report.FormXLSX) }
func (c *exportBooks) Run(r *command.Run) error     { return c.write(r, report.FormJournal) }

// exportBooks writes one journal that both programs read; each is offered under its own name.
type exportBooks struct {
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
	Out       string `placeholder:"FILE" help:"File to write; without it, standard output."`
}

func (c *exportBooks) write(r *command.Run, form string) (err error) {
	return r.With(func(d *db.DB) (err error) {
		_, g, err := r.InProgramme(d, c.Programme)
		if err != nil {
			return err
		}
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
		return d.Read(r, func(tx *db.Tx) error { return report.WriteBooks(r, tx, g, form, out) })
	})
}
