// Package rules holds the commands about what a programme says of money: its shares, how claims are looked at, which costs count.
package rules

import (
	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/rule"
	"errera.eu/errera/internal/text"
)

// Command is `errera rule`.
type Command struct {
	List    list    `cmd:"" default:"1" help:"What holds on a day."`
	History history `cmd:"" help:"What was changed, by whom, when and why; the newest first."`
	Change  change  `cmd:"" help:"Change a rule from a day on, with a reason."`
}

type list struct {
	Programme string      `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
	On        period.Date `placeholder:"DATE" help:"On that day; without it, today."`
}

// field is one thing that a rule says.
type field struct {
	Part     string `json:"part"`
	Category string `json:"category,omitempty"`
	Field    string `json:"field"`
	Value    string `json:"value"`
}

func (c *list) Run(r *command.Run) error {
	rows := []field{}
	err := r.ReadIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		b, err := rule.On(r, tx, by, g.ID, rule.DayIn(g, c.On, tx.Now.Date()))
		for _, f := range b.Fields() {
			rows = append(rows, field{string(f.Part), f.Category, f.Name, f.Value})
		}
		return err
	})
	if err != nil {
		return err
	}
	return command.WriteRows(r, rows, []string{"part", "category", "field", "value"}, func(x field) []string {
		return []string{x.Part, x.Category, x.Field, x.Value}
	})
}

type history struct {
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
}

// made is a change that somebody made.
type made struct {
	From     string `json:"from"`
	Part     string `json:"part"`
	Category string `json:"category,omitempty"`
	On       string `json:"made_on"`
	By       string `json:"made_by"`
	Reason   string `json:"reason"`
}

func (c *history) Run(r *command.Run) error {
	rows := []made{}
	err := r.ReadIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		b, err := rule.On(r, tx, by, g.ID, rule.DayIn(g, "", tx.Now.Date()))
		for _, m := range b.Changes {
			rows = append(rows, made{string(m.From), string(m.Part), m.Category, string(m.On), m.By, m.Reason})
		}
		return err
	})
	if err != nil {
		return err
	}
	return command.WriteRows(r, rows, []string{"from", "part", "category", "made_on", "made_by", "reason"}, func(x made) []string {
		return []string{x.From, x.Part, x.Category, x.On, x.By, x.Reason}
	})
}

type change struct {
	Part      string            `arg:"" enum:"programme,claim,category" help:"Which rules: programme (shares and terms of the agency), claim (how claims are looked at), category (of cost)."`
	Category  string            `placeholder:"CODE" help:"Which category of cost, for part category."`
	From      period.Date       `required:"" placeholder:"DATE" help:"From that day on: today or later."`
	Reason    string            `required:"" help:"Why."`
	Set       map[string]string `required:"" placeholder:"FIELD=VALUE;…" help:"Fields as errera rule list names them; what is left out stays."`
	Programme string            `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
}

func (c *change) Run(r *command.Run) error {
	err := r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		return rule.SetFields(r, tx, by, g, rule.Part(c.Part), c.Category, c.From, c.Set, c.Reason)
	})
	if err == nil {
		r.Say("rules.done", text.Args{})
	}
	return err
}
