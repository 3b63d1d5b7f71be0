package company

import (
	"fmt"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/company"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

type apartCommand struct {
	A      string `arg:"" help:"Id of a company."`
	B      string `arg:"" help:"Id of the other company."`
	Reason string `required:"" help:"Why."`
}

func (c *apartCommand) Run(r *command.Run) error {
	a, b, err := company.ParsePair(c.A, c.B)
	if err != nil {
		return err
	}
	var x id.Apart
	err = write(r, func(tx *db.Tx, by access.Actor) (err error) {
		x, err = company.Tell(r, tx, by, a, b, c.Reason)
		return err
	})
	if err != nil {
		return err
	}
	r.Say("cli.company_told", text.Args{"apart": x})
	_, err = fmt.Fprintln(r.Out, x)
	return err
}

type reconsiderCommand struct {
	Apart  string `arg:"" help:"Id of the decision."`
	Reason string `required:"" help:"Why."`
}

func (c *reconsiderCommand) Run(r *command.Run) error {
	x, err := id.Parse[id.Apart](c.Apart)
	if err != nil {
		return fault.Missing("company.apart_missing", nil)
	}
	err = write(r, func(tx *db.Tx, by access.Actor) error { return company.Reconsider(r, tx, by, x, c.Reason) })
	if err == nil {
		r.Say("cli.company_reconsidered", nil)
	}
	return err
}

type apartsCommand struct{}

type told struct {
	ID     string `json:"id"`
	A      string `json:"a"`
	B      string `json:"b"`
	On     string `json:"said_on"`
	By     string `json:"said_by"`
	Reason string `json:"reason"`
	Stale  bool   `json:"stale"`
}

func (c *apartsCommand) Run(r *command.Run) error {
	rows := []told{}
	err := read(r, func(tx *db.Tx) error {
		all, err := company.Aparts(r, tx)
		for _, x := range all {
			rows = append(rows, told{string(x.ID), x.AName, x.BName, string(x.On), x.By, x.Reason, x.Stale})
		}
		return err
	})
	if err != nil {
		return err
	}
	return command.WriteRows(r, rows, []string{"id", "a", "b", "said_on", "said_by", "reason", "stale"}, func(x told) []string {
		return []string{x.ID, x.A, x.B, x.On, x.By, x.Reason, strconv.FormatBool(x.Stale)}
	})
}
