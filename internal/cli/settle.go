package cli

import (
	"encoding/csv"
	"fmt"
	"io"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/text"
)

type settleCommand struct {
	Programme string      `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
	Partner   string      `placeholder:"CODE" help:"Code of the partner."`
	Year      period.Year `help:"The year to settle."`
	All       bool        `help:"Every agreement-year that is not final (with --partner or --year: of that partner or year)."`
	DryRun    bool        `help:"Show the statement and write nothing."`
}

func (c *settleCommand) Run(r *command.Run) error {
	if !c.All && (c.Partner == "" || c.Year == 0) {
		return fault.Invalid("partner", "cli.settle_what", nil)
	}
	return r.With(func(d *db.DB) error {
		by, g, err := r.InProgramme(d, c.Programme)
		if err != nil {
			return err
		}
		years, err := c.years(r, d, by, g)
		if err != nil {
			return err
		}
		results, err := settlement.Settle(r, d, by, g.ID, years, c.DryRun)
		if err != nil {
			return err
		}
		return printStatements(r, d, g, results, c.All)
	})
}

// years lists what to settle; with --all what is final already, or runs still, is left alone.
func (c *settleCommand) years(r *command.Run, d *db.DB, by access.Actor, g programme.Programme) (out []settlement.AgreementYear, err error) {
	err = d.Read(r, func(tx *db.Tx) error {
		all, err := settlement.AgreementYears(r, tx, g.ID, c.Partner, c.Year)
		if err != nil || !c.All {
			out = all
			return err
		}
		done, err := settlement.OfYear(r, tx, by, g.ID, c.Year)
		if err != nil {
			return err
		}
		type key struct {
			agreement id.Agreement
			year      period.Year
		}
		final := map[key]bool{}
		for _, s := range done {
			if s.State == settlement.Final {
				final[key{s.Agreement, s.Year}] = true
			}
		}
		for _, y := range all {
			if !final[key{y.Agreement, y.Year}] && (c.DryRun || !y.Runs(tx.Now.Date())) {
				out = append(out, y)
			}
		}
		return nil
	})
	return out, err
}

// printStatements writes results in the asked form: one in full, many as a table.
func printStatements(r *command.Run, d *db.DB, g programme.Programme, results []settlement.Result, all bool) error {
	var lines []report.StatementLine
	for _, res := range results {
		lines = append(lines, report.Line(res))
	}
	switch {
	case r.Format == "json" && !all:
		return fullStatement(r, d, g, results[0])
	case r.Format == "json":
		return command.WriteJSON(r.Out, lines)
	case r.Format == "csv":
		return writeLines(r.Out, lines)
	case all:
		return statementTable(r, lines)
	}
	var statement report.Statement
	err := d.Read(r, func(tx *db.Tx) (err error) {
		statement, err = report.LoadStatement(r, tx, g, results[0].Settlement)
		return err
	})
	if err != nil {
		return err
	}
	if err := statement.WriteText(r.Out, r.Language()); err != nil {
		return err
	}
	sayOutcome(r, results[0])
	return nil
}

// fullStatement writes one result with every step, for programs.
func fullStatement(r *command.Run, d *db.DB, g programme.Programme, res settlement.Result) error {
	var full report.StatementLine
	err := d.Read(r, func(tx *db.Tx) (err error) {
		full, err = report.FullLine(r, tx, g, res, r.Language())
		return err
	})
	if err != nil {
		return err
	}
	return command.WriteJSON(r.Out, full)
}

// sayOutcome tells in one sentence what settling did.
func sayOutcome(r *command.Run, res settlement.Result) {
	args := text.Args{"partner": res.Code, "year": res.Year, "version": res.Settlement.Version,
		"final": res.Settlement.Working.Reckoning.Final}
	if res.Before != nil {
		args["before"] = res.Before.Working.Reckoning.Final
	}
	r.Say(text.Key("settle."+res.Outcome), args)
}

func statementTable(r *command.Run, lines []report.StatementLine) error {
	count := map[string]int{}
	var accepted, final, balance money.Amount
	for _, l := range lines {
		count[l.Outcome]++
		accepted += money.Amount(l.Accepted)
		final += money.Amount(l.Final)
		balance += money.Amount(l.Balance)
		if _, err := fmt.Fprintf(r.Out, "%-20s %d %16s %16s %8s %16s %14s  %s\n", l.Partner, l.Year, l.Accepted, l.Half,
			money.Bp(l.ScoreBp).Show(r.Language()), l.Final, l.Balance, l.Outcome); err != nil {
			return err
		}
	}
	r.Say("settle.summary", text.Args{"n": len(lines), "accepted": accepted, "final": final, "balance": balance,
		"computed": count[settlement.Settled] + count[settlement.Restating], "unchanged": count[settlement.Unchanged]})
	return nil
}

func writeLines(w io.Writer, lines []report.StatementLine) error {
	out := csv.NewWriter(w)
	rows := [][]string{report.StatementColumns()}
	for _, l := range lines {
		rows = append(rows, l.Cells())
	}
	return out.WriteAll(rows)
}

type settlementCommand struct {
	Verb      string      `arg:"" enum:"communicate,object,uphold,dismiss,recall,finalise,discard" help:"What to do: communicate, object, uphold, dismiss, recall, finalise or discard."`
	Programme string      `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
	Partner   string      `required:"" placeholder:"CODE" help:"Code of the partner."`
	Year      period.Year `required:"" help:"The agreement-year."`
	Words     string      `help:"The reason of an objection or a recall, or the answer to an objection: object, uphold, dismiss and recall need it."`
}

func (c *settlementCommand) Run(r *command.Run) error {
	return r.With(func(d *db.DB) error {
		by, g, err := r.InProgramme(d, c.Programme)
		if err != nil {
			return err
		}
		var what []settlement.AgreementYear
		err = d.Read(r, func(tx *db.Tx) (err error) {
			what, err = settlement.AgreementYears(r, tx, g.ID, c.Partner, c.Year)
			return err
		})
		if err != nil {
			return err
		}
		var s settlement.Settlement
		err = d.Write(r, g.ID, func(tx *db.Tx) (err error) {
			s, err = settlement.Act(r, tx, by, g.ID, what[0].Agreement, c.Year, c.Verb, c.Words)
			return err
		})
		if err != nil {
			return err
		}
		r.Say("settle.now", text.Args{"partner": c.Partner, "year": c.Year, "state": r.Language().Say(stateKey(s.State), nil)})
		return nil
	})
}

func stateKey(s settlement.State) text.Key { return text.Key("state." + string(s)) }
