package cli

import (
	"fmt"

	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

type auditCommand struct {
	Verify auditVerifyCommand `cmd:"" help:"Recompute every link of every chain."`
}

type auditVerifyCommand struct{}

func (c *auditVerifyCommand) Run(r *command.Run) error {
	return r.With(func(d *db.DB) error {
		if err := verifyTrail(r, d); err != nil {
			return err
		}
		r.Say("cli.audit_whole", nil)
		return nil
	})
}

// verifyTrail lists what is wrong with the chains, of the agency and of every programme; conflict when anything is.
func verifyTrail(r *command.Run, d *db.DB) error {
	broken := 0
	err := d.Read(r, func(tx *db.Tx) error {
		all, err := programme.List(r, tx)
		if err != nil {
			return err
		}
		scopes := []string{""}
		for _, g := range all {
			scopes = append(scopes, string(g.ID))
		}
		for _, scope := range scopes {
			findings, err := audit.Verify(r, tx, scope)
			if err != nil {
				return err
			}
			broken += len(findings)
			for _, f := range findings {
				fmt.Fprintln(r.Out, f)
			}
		}
		return nil
	})
	if err == nil && broken > 0 {
		err = fault.Conflict("cli.audit_broken", text.Args{"n": broken})
	}
	return err
}
