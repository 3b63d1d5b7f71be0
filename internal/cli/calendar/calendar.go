// Package calendar writes the activities of a programme for calendars.
package calendar

import (
	"bytes"
	"os"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/ical"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/text"
)

// Export is `errera export ics`.
type Export struct {
	Programme string      `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
	Organiser string      `placeholder:"CODE" help:"Only what this organisation runs."`
	Market    string      `placeholder:"CC" help:"Only this country."`
	Sector    string      `placeholder:"CODE" help:"Only this sector."`
	Type      string      `placeholder:"TYPE" help:"Only this type of activity."`
	From      period.Date `help:"Only what begins on this day or later."`
	To        period.Date `help:"Only what begins on this day or earlier."`
	Out       string      `placeholder:"FILE" help:"File to write; without it, standard output."`
}

// Run writes what is published and fits.
func (c *Export) Run(r *command.Run) error {
	return r.With(func(d *db.DB) error {
		_, g, err := r.InProgramme(d, c.Programme)
		if err != nil {
			return err
		}
		out := ical.Calendar{Name: g.Name.In(r.Language())}
		err = d.Read(r, func(tx *db.Tx) error {
			all, err := report.LoadPublished(r, tx, g)
			if err != nil {
				return err
			}
			out.Made = tx.Now.Time()
			for _, a := range all.Choose(report.Choice{Organisation: c.Organiser, Market: c.Market, Sector: c.Sector, Type: activity.Type(c.Type), From: c.From, To: c.To}) {
				out.Events = append(out.Events, a.Event(r.Language()))
			}
			return nil
		})
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := ical.Write(&b, out); err != nil {
			return err
		}
		if c.Out == "" {
			_, err = r.Out.Write(b.Bytes())
			return err
		}
		if err := os.WriteFile(c.Out, b.Bytes(), 0o644); err != nil {
			return fault.Invalid("out", "cli.cannot_write", text.Args{"path": c.Out})
		}
		return nil
	})
}
