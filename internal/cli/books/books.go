// Package books holds the commands about closing the years of the books.
package books

import (
	"fmt"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/books"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Command is `errera books`.
type Command struct {
	Close closeCommand `cmd:"" help:"Close a year: accrue what is not settled, reverse that the day after, and book nothing more on its days."`
	List  listCommand  `cmd:"" help:"The years that are closed."`
}

type closeCommand struct {
	Programme string      `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
	Year      period.Year `required:"" help:"The year to close: the one after the last that is closed."`
	DryRun    bool        `help:"Show what would be accrued and write nothing."`
}

// line is an agreement-year of the close.
type line struct {
	Partner  string       `json:"partner"`
	Year     period.Year  `json:"year"`
	Final    bool         `json:"final"`
	Half     money.Amount `json:"half"`
	ScoreBp  money.Bp     `json:"score_bp"`
	Expected money.Amount `json:"expected"`
	Booked   money.Amount `json:"booked"`
	Accrued  money.Amount `json:"accrued"`
}

func (c *closeCommand) Run(r *command.Run) error {
	return r.About(c.Programme, func(d *db.DB, by access.Actor, g programme.Programme) error {
		do := books.Close
		if c.DryRun {
			do = books.Foresee
		}
		done, err := do(r, d, by, g, c.Year)
		if err != nil {
			return err
		}
		out := struct {
			Year    period.Year  `json:"year"`
			Until   period.Date  `json:"until"`
			Accrued money.Amount `json:"accrued"`
			Lines   []line       `json:"lines"`
		}{done.Year, done.Until, done.Accrued, []line{}}
		for _, l := range done.Lines {
			out.Lines = append(out.Lines, line{l.Code, l.AgreementYear.Year, l.Final, l.Half, l.Score, l.Expected, l.Booked, l.Accrued})
		}
		if r.Format == "json" {
			return command.WriteJSON(r.Out, out)
		}
		for _, l := range out.Lines {
			fmt.Fprintf(r.Out, "%-20s %d %16s %16s %16s\n", l.Partner, l.Year, l.Expected, l.Booked, l.Accrued)
		}
		if !c.DryRun {
			r.Say("books.closed_year", text.Args{"year": done.Year, "amount": done.Accrued})
		}
		return nil
	})
}

type listCommand struct {
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
}

func (c *listCommand) Run(r *command.Run) error {
	return r.ReadIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		all, err := books.List(r, tx, by, g.ID)
		for _, y := range all {
			fmt.Fprintf(r.Out, "%d %16s %s %s\n", y.Year, y.Accrued, y.On, y.Name)
		}
		return err
	})
}
