package agreement

import (
	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/partner"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/text"
)

type renameCommand struct {
	OfPartner
	Name   string `required:"" help:"The new name."`
	Short  string `help:"The new short name; none without it."`
	On     string `required:"" placeholder:"DATE" help:"From when the partner bears it."`
	Reason string `required:"" help:"Why."`
}

func (c *renameCommand) Run(r *command.Run) error {
	return r.About(c.Programme, func(d *db.DB, by access.Actor, g programme.Programme) error {
		err := d.WriteAgency(r, func(tx *db.Tx) error {
			if err := tx.AlsoProgramme(r, g.ID); err != nil {
				return err
			}
			a, err := agreement.ByPartner(r, tx, by.ScopeFor("agreement.read"), g.ID, c.Partner)
			if err != nil {
				return err
			}
			return partner.Rename(r, tx, by, g.ID, a.ID, partner.Renamed{Name: c.Name, Short: c.Short, On: period.Date(c.On), Reason: c.Reason})
		})
		if err == nil {
			r.Say("partner.done.rename", nil)
		}
		return err
	})
}

type divideCommand struct {
	OfPartner
	Division string `arg:"" help:"Name of the division; \"\" is the partner itself."`
	On       string `required:"" placeholder:"DATE" help:"From when it acts through it."`
	Reason   string `required:"" help:"Why."`
}

func (c *divideCommand) Run(r *command.Run) error {
	return end(r, c.Programme, c.Partner, func(tx *db.Tx, by access.Actor, g id.Programme, a id.Agreement) error {
		return partner.Divide(r, tx, by, g, a, c.Division, period.Date(c.On), c.Reason)
	}, "partner.done.divide", text.Args{})
}

type mergeCommand struct {
	OfPartner
	Into   string `required:"" placeholder:"CODE" help:"Code of the partner whose agreement goes on."`
	On     string `required:"" placeholder:"DATE" help:"The years that begin on it or later go over."`
	Reason string `required:"" help:"Why."`
}

func (c *mergeCommand) Run(r *command.Run) error {
	err := r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error { return c.merge(r, tx, by, g) })
	if err == nil {
		r.Say("partner.done.merge", nil)
	}
	return err
}

func (c *mergeCommand) merge(r *command.Run, tx *db.Tx, by access.Actor, g programme.Programme) error {
	from, err := agreement.ByPartner(r, tx, by.ScopeFor("agreement.read"), g.ID, c.Partner)
	if err != nil {
		return err
	}
	into, err := agreement.ByPartner(r, tx, by.ScopeFor("agreement.read"), g.ID, c.Into)
	if err != nil {
		return err
	}
	_, err = settlement.Merge(r, tx, by, g, settlement.Merger{From: from.ID, Into: into.ID, On: period.Date(c.On), Reason: c.Reason})
	return err
}
