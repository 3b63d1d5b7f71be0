// Package alert holds the commands about alerts: what should worry somebody, and who looks after it.
package alert

import (
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi/alert"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Command is about alerts.
type Command struct {
	List    listCommand    `cmd:"" default:"1" help:"The alerts that wait, or all of them."`
	Look    lookCommand    `cmd:"" help:"Look for what should worry somebody, now; the server does so each hour."`
	Take    takeCommand    `cmd:"" help:"Look after an alert oneself."`
	Assign  assignCommand  `cmd:"" help:"Give an alert to somebody."`
	Silence silenceCommand `cmd:"" help:"Let an alert rest, with a reason; it comes back when it is worse."`
	Resolve resolveCommand `cmd:"" help:"Say that an alert was dealt with, and how."`
	Reopen  reopenCommand  `cmd:"" help:"Open an alert again that rests."`
}

type listCommand struct {
	Programme string      `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
	Year      period.Year `help:"Only of this year."`
	Partner   string      `placeholder:"CODE" help:"Only about this partner."`
	All       bool        `help:"Those that rest or were resolved too."`
}

// row is an alert for machines. N and against are by rule, as the package of alerts tells.
type row struct {
	ID      string `json:"id"`
	Rule    string `json:"rule"`
	Year    int    `json:"year"`
	Partner string `json:"partner"`
	KPI     string `json:"kpi,omitempty"`
	Grave   bool   `json:"grave"`
	N       int64  `json:"n"`
	Against int64  `json:"against"`
	State   string `json:"state"`
	Owner   string `json:"owner,omitempty"`
	Due     string `json:"due_on"`
}

func (c *listCommand) Run(r *command.Run) error {
	rows := []row{}
	err := r.ReadIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		f := alert.Filter{Scope: by.ScopeFor("alert.read"), Year: c.Year, State: alert.Waiting, Code: c.Partner}
		if c.All {
			f.State = ""
		}
		all, err := alert.List(r, tx, g.ID, f)
		for _, a := range all {
			rows = append(rows, row{string(a.ID), string(a.Rule), int(a.Year), a.PartnerCode, a.KPICode, a.Grade == alert.Grave, a.N, a.Against,
				string(a.State), a.OwnerName, string(a.Due)})
		}
		return err
	})
	if err != nil {
		return err
	}
	head := []string{"id", "rule", "year", "partner", "kpi", "grave", "n", "against", "state", "owner", "due_on"}
	return command.WriteRows(r, rows, head, func(x row) []string {
		return []string{x.ID, x.Rule, strconv.Itoa(x.Year), x.Partner, x.KPI, strconv.FormatBool(x.Grave), strconv.FormatInt(x.N, 10),
			strconv.FormatInt(x.Against, 10), x.State, x.Owner, x.Due}
	})
}

type lookCommand struct {
	Programme string      `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
	On        period.Date `placeholder:"DATE" help:"As it was known on that day; without it, today."`
}

func (c *lookCommand) Run(r *command.Run) error {
	return r.About(c.Programme, func(d *db.DB, by access.Actor, g programme.Programme) error {
		day := d.Now().Date()
		switch {
		case c.On > day:
			return fault.Invalid("on", "api.not_yet", text.Args{"found": string(c.On)})
		case c.On != "":
			day = c.On
		}
		n, err := alert.Look(r, d, evidence.NewMirror(evidence.MirrorRows), by, g, day)
		if err != nil {
			return err
		}
		r.Say("cli.alerts_moved", text.Args{"n": n})
		return nil
	})
}

// one names an alert.
type one struct {
	Alert     id.Alert `arg:"" help:"Id of the alert."`
	Programme string   `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
}

// do runs a verb on it and says that it did.
func (c one) do(r *command.Run, verb func(tx *db.Tx, by access.Actor, g programme.Programme) error) error {
	if _, err := id.Parse[id.Alert](string(c.Alert)); err != nil {
		return fault.Missing("alert.missing", nil)
	}
	err := r.WriteIn(c.Programme, verb)
	if err == nil {
		r.Say("alerts.done", nil)
	}
	return err
}

type takeCommand struct{ one }

func (c *takeCommand) Run(r *command.Run) error {
	return c.do(r, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		return alert.Take(r, tx, by, g, c.Alert)
	})
}

type assignCommand struct {
	one
	To string `required:"" placeholder:"EMAIL" help:"Who is to look after it."`
}

func (c *assignCommand) Run(r *command.Run) error {
	return c.do(r, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		to, err := access.LoadActorByEmail(r, tx, c.To)
		if err != nil {
			return err
		}
		return alert.Assign(r, tx, by, g, c.Alert, to.ID)
	})
}

// reasoned names an alert and says why.
type reasoned struct {
	one
	Reason string `required:"" help:"Why."`
}

type silenceCommand struct{ reasoned }

func (c *silenceCommand) Run(r *command.Run) error {
	return c.do(r, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		return alert.Silence(r, tx, by, g, c.Alert, c.Reason)
	})
}

type resolveCommand struct{ reasoned }

func (c *resolveCommand) Run(r *command.Run) error {
	return c.do(r, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		return alert.Resolve(r, tx, by, g, c.Alert, c.Reason)
	})
}

type reopenCommand struct{ reasoned }

func (c *reopenCommand) Run(r *command.Run) error {
	return c.do(r, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		return alert.Reopen(r, tx, by, g, c.Alert, c.Reason)
	})
}
