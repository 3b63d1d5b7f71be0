package cli

import (
	"fmt"

	"errera.eu/errera/internal/check"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/text"
)

type migrateCommand struct {
	Grant string `placeholder:"ROLE" help:"PostgreSQL: let this role, which owns nothing, use the tables."`
}

func (c *migrateCommand) Run(r *command.Run) error {
	return r.With(func(d *db.DB) error {
		if c.Grant != "" {
			if err := d.Grant(r, c.Grant); err != nil {
				return err
			}
		}
		r.Say("cli.migrated", text.Args{"engine": string(d.Engine())})
		return nil
	})
}

type backupCommand struct {
	File string `arg:"" help:"The copy to make; it must not exist."`
}

func (c *backupCommand) Run(r *command.Run) error {
	return r.With(func(d *db.DB) error {
		if err := d.Backup(r, c.File); err != nil {
			return err
		}
		r.Say("cli.backed_up", text.Args{"file": c.File})
		return nil
	})
}

type checkCommand struct {
	Programme string `placeholder:"CODE" help:"Only this programme; without it, every one."`
}

func (c *checkCommand) Run(r *command.Run) error {
	return r.With(func(d *db.DB) error {
		found, err := runCheck(r, d, c.Programme)
		if err != nil {
			return err
		}
		if r.Format == "json" {
			err = command.WriteJSON(r.Out, found)
		} else {
			for _, law := range found.Laws {
				mark := "holds"
				if law.Broken > 0 {
					mark = "BROKEN"
				}
				fmt.Fprintf(r.Out, "%-8s %-7d %s\n", mark, law.Held, r.Language().Say(law.Key(), nil))
				for _, f := range law.Findings {
					fmt.Fprintf(r.Out, "         %s\n", f)
				}
			}
		}
		if err != nil {
			return err
		}
		return found.Err()
	})
}

func runCheck(r *command.Run, d *db.DB, code string) (found check.Result, err error) {
	err = d.Read(r, func(tx *db.Tx) error {
		found, err = check.Run(r, tx, code)
		return err
	})
	return found, err
}
