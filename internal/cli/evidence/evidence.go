// Package evidence holds the commands that verify evidence: row by row, many at a time, and by sample.
package evidence

import (
	"fmt"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Command is about evidence.
type Command struct {
	Waiting waitingCommand `cmd:"" default:"1" help:"What waits to be verified, by partner and kind."`
	Verify  verifyCommand  `cmd:"" help:"Verify rows: all or none."`
	Reject  rejectCommand  `cmd:"" help:"Reject rows with a reason: all or none."`
	Sample  sampleCommand  `cmd:"" help:"Draw a sample of what waits, by a seed that anybody can draw again with."`
	Outcome outcomeCommand `cmd:"" help:"What a sample shows, and what that says of all rows."`
	Accept  acceptCommand  `cmd:"" help:"Verify the rows that were not drawn, when the sample's error is within the tolerance."`
}

// in is the programme of a command.
type in struct {
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
}

type waitingCommand struct {
	in
	Year period.Year `required:"" help:"In which the rows count."`
}

type waiting struct {
	Partner string `json:"partner"`
	Kind    string `json:"kind"`
	Rows    int    `json:"rows"`
	Oldest  string `json:"oldest_reported_on"`
}

func (c *waitingCommand) Run(r *command.Run) error {
	rows := []waiting{}
	err := r.ReadIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		all, err := evidence.ListWaiting(r, tx, by.ScopeFor("evidence.read"), g.ID, c.Year)
		for _, w := range all {
			rows = append(rows, waiting{w.Code, string(w.Kind), w.Rows, string(w.Oldest)})
		}
		return err
	})
	if err != nil {
		return err
	}
	return command.WriteRows(r, rows, []string{"partner", "kind", "rows", "oldest_reported_on"}, func(w waiting) []string {
		return []string{w.Partner, w.Kind, strconv.Itoa(w.Rows), w.Oldest}
	})
}

// rows are those that a command is about.
type rows struct {
	in
	Row []string `arg:"" help:"Ids of the rows."`
}

func (c rows) ids() ([]id.Evidence, error) {
	all := make([]id.Evidence, len(c.Row))
	for i, v := range c.Row {
		e, err := id.Parse[id.Evidence](v)
		if err != nil {
			return nil, fault.Missing("evidence.missing", nil)
		}
		all[i] = e
	}
	return all, nil
}

type verifyCommand struct {
	rows
	Reason string `help:"What was seen."`
}

func (c *verifyCommand) Run(r *command.Run) error {
	all, err := c.ids()
	if err != nil {
		return err
	}
	err = r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		return evidence.VerifyMany(r, tx, by, g.ID, all, c.Reason)
	})
	if err == nil {
		r.Say("cli.evidence_verified", text.Args{"n": len(all)})
	}
	return err
}

type rejectCommand struct {
	rows
	Reason string `required:"" help:"Why."`
}

func (c *rejectCommand) Run(r *command.Run) error {
	all, err := c.ids()
	if err != nil {
		return err
	}
	err = r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		return evidence.RejectMany(r, tx, by, g.ID, all, c.Reason)
	})
	if err == nil {
		r.Say("cli.evidence_rejected", text.Args{"n": len(all)})
	}
	return err
}

type sampleCommand struct {
	in
	Partner string        `required:"" placeholder:"CODE" help:"Code of the partner."`
	Year    period.Year   `required:"" help:"In which the rows count."`
	Kind    evidence.Kind `required:"" help:"Kind of evidence: participation, contact, win, ..."`
	Size    int           `default:"30" help:"Rows to draw."`
	Seed    string        `help:"To draw again what was drawn before; without it, a new one."`
}

func (c *sampleCommand) Run(r *command.Run) error {
	if c.Seed == "" {
		c.Seed = string(id.New[id.Sample]())
	}
	var s id.Sample
	err := r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		o, err := programme.OrganisationByCode(r, tx, c.Partner)
		if fault.Is(err, fault.KindMissing) {
			return fault.Missing("agreement.missing", nil)
		}
		if err != nil {
			return err
		}
		s, err = evidence.DrawSample(r, tx, by, g.ID, o.ID, c.Year, c.Kind, c.Size, c.Seed)
		return err
	})
	if err != nil {
		return err
	}
	return (&outcomeCommand{in: c.in, Sample: string(s)}).Run(r)
}

type outcomeCommand struct {
	in
	Sample string `arg:"" help:"Id of the sample."`
}

// outcome is a sample for machines; shares in basis points.
type outcome struct {
	Sample     string   `json:"sample"`
	Seed       string   `json:"seed"`
	Population int      `json:"population"`
	Size       int      `json:"size"`
	Open       int      `json:"open"`
	Looked     int      `json:"looked"`
	Wrong      int      `json:"wrong"`
	ErrorBp    int64    `json:"error_bp"`
	LowBp      int64    `json:"low_bp"`
	HighBp     int64    `json:"high_bp"`
	Expected   int      `json:"expected_wrong"`
	AtMost     int      `json:"expected_wrong_at_most"`
	Closed     bool     `json:"closed"`
	Drawn      []string `json:"drawn"`
}

func outcomeOf(s *evidence.Sample) outcome {
	o := s.Outcome()
	out := outcome{string(s.ID), s.Seed, s.Population, s.Size, o.Open, o.Looked, o.Wrong, o.ErrorBp, o.LowBp, o.HighBp, o.Expected, o.ExpectedAtMost,
		s.ClosedOn != "", []string{}}
	for _, x := range s.Rows {
		if x.Drawn {
			out.Drawn = append(out.Drawn, string(x.Evidence))
		}
	}
	return out
}

func (c *outcomeCommand) Run(r *command.Run) error {
	asked, err := id.Parse[id.Sample](c.Sample)
	if err != nil {
		return fault.Missing("evidence.sample_missing", nil)
	}
	var s *evidence.Sample
	err = r.ReadIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) (err error) {
		if err := by.May("evidence.sample", access.Subject{Kind: "evidence"}); err != nil {
			return err
		}
		s, err = evidence.LoadSample(r, tx, g.ID, asked)
		return err
	})
	if err != nil {
		return err
	}
	return write(r, outcomeOf(s))
}

func write(r *command.Run, o outcome) error {
	if r.Format == "json" {
		return command.WriteJSON(r.Out, o)
	}
	_, err := fmt.Fprintf(r.Out, "sample %s\nseed %s\ndrawn %d of %d, %d open\nwrong %d of %d, %d bp (%d to %d)\nin all about %d, at most %d\n", o.Sample, o.Seed,
		o.Size, o.Population, o.Open, o.Wrong, o.Looked, o.ErrorBp, o.LowBp, o.HighBp, o.Expected, o.AtMost)
	for _, e := range o.Drawn {
		if err == nil {
			_, err = fmt.Fprintln(r.Out, e)
		}
	}
	return err
}

type acceptCommand struct {
	in
	Sample    string `arg:"" help:"Id of the sample."`
	Tolerance int64  `default:"0" help:"Most of the rows that may be wrong, in basis points."`
}

func (c *acceptCommand) Run(r *command.Run) error {
	asked, err := id.Parse[id.Sample](c.Sample)
	if err != nil {
		return fault.Missing("evidence.sample_missing", nil)
	}
	var s *evidence.Sample
	err = r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) (err error) {
		if _, err = evidence.AcceptSample(r, tx, by, g.ID, asked, c.Tolerance); err != nil {
			return err
		}
		s, err = evidence.LoadSample(r, tx, g.ID, asked)
		return err
	})
	if err != nil {
		return err
	}
	return write(r, outcomeOf(s))
}
