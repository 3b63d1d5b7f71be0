// Package claim holds the commands about claims.
package claim

import (
	"os"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/dossier"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/text"
)

// Command is `errera claim`.
type Command struct {
	Dossier dossierCommand `cmd:"" help:"Everything about a claim as one ZIP: items, proofs, questions, decisions, letter, postings, trail, each with its hash."`
}

type dossierCommand struct {
	Partner   string      `arg:"" help:"Code of the partner."`
	Year      period.Year `arg:"" help:"The year of the agreement."`
	Number    int         `arg:"" help:"Number of the claim in its year."`
	Programme string      `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
	Out       string      `placeholder:"FILE" help:"ZIP to write; without it, the name that the page gives it, in this folder; - is standard output."`
}

func (c *dossierCommand) Run(r *command.Run) error {
	var d dossier.Dossier
	err := r.ReadIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		found, err := report.FindClaim(r, tx, g.ID, by.ScopeFor("claim.read"), c.Partner, c.Year, c.Number)
		if err != nil {
			return err
		}
		d, err = dossier.OfClaim(r, tx, by, g, found, r.Language())
		return err
	})
	if err != nil {
		return err
	}
	if c.Out == "-" {
		_, err := r.Out.Write(d.Bytes)
		return err
	}
	if c.Out == "" {
		c.Out = d.Name
	}
	if err := os.WriteFile(c.Out, d.Bytes, 0o600); err != nil {
		return fault.Invalid("out", "cli.cannot_write", text.Args{"path": c.Out})
	}
	r.Say("cli.dossier_written", text.Args{"path": c.Out, "n": len(d.Bytes)})
	return nil
}
