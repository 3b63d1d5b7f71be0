package agreement

import (
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/signing"
	"errera.eu/errera/internal/text"
	"os"
	"path/filepath"
)

type signCommand struct {
	OfPartner
	File string `arg:"" placeholder:"FILE" help:"The PDF of the version with a digital signature of the person of --as, whose turn it is."`
}

func (c *signCommand) Run(r *command.Run) error {
	scanner, err := r.Scanner()
	if err != nil {
		return err
	}
	content, err := os.Open(c.File)
	if err != nil {
		return fault.Invalid("file", "cli.no_file", text.Args{"path": c.File})
	}
	defer content.Close()
	proof, err := file.Check(r, scanner, "file", filepath.Base(c.File), content)
	if err != nil {
		return err
	}
	return c.sit(r, true, func(tx *db.Tx, at *seat) error {
		x, err := signing.Load(r, tx, at.by, at.g.ID, at.a.ID)
		if err != nil {
			return err
		}
		handed, err := signing.Examine(x, proof)
		if err != nil {
			return err
		}
		if x, err = signing.PutSigned(r, tx, at.by, &at.s, at.a.ID, handed); err != nil {
			return err
		}
		last := x.Signatures[len(x.Signatures)-1]
		r.Say("cli.agreement_signed", text.Args{"n": x.Version.N, "name": last.Name, "partner": at.a.Partner.Label()})
		return nil
	})
}
