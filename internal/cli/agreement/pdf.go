package agreement

import (
	"os"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/signing"
	"errera.eu/errera/internal/text"
)

// PDF writes the sealed PDF of a version, or its print where it has no seal.
type PDF struct {
	OfPartner
	Version  int    `help:"Number of the version; without it, the newest that both sides accepted."`
	Out      string `placeholder:"FILE" help:"PDF to write; without it, standard output."`
	Evidence string `placeholder:"FILE" help:"Where to write who accepted and signed what when, as JSON."`
}

func (c *PDF) Run(r *command.Run) error {
	return r.With(func(d *db.DB) error {
		x, sealed, evidence, err := c.Load(r, d)
		if err != nil {
			return err
		}
		if sealed == nil { // to be read, or signed in another program
			if sealed, err = signing.Print(x.Version); err != nil {
				return fault.Internal(err)
			}
		}
		if c.Evidence != "" {
			if err := os.WriteFile(c.Evidence, evidence, 0o644); err != nil {
				return fault.Invalid("evidence", "cli.cannot_write", text.Args{"path": c.Evidence})
			}
		}
		if c.Out == "" {
			_, err := r.Out.Write(sealed)
			return err
		}
		if err := os.WriteFile(c.Out, sealed, 0o644); err != nil {
			return fault.Invalid("out", "cli.cannot_write", text.Args{"path": c.Out})
		}
		return nil
	})
}

// Load reads what there is of a version: its seal, where it has one, and its evidence.
func (c *PDF) Load(r *command.Run, d *db.DB) (x signing.Sheet, sealed, evidence []byte, err error) {
	by, g, err := r.InProgramme(d, c.Programme)
	if err != nil {
		return x, nil, nil, err
	}
	err = d.Read(r, func(tx *db.Tx) error {
		a, err := agreement.ByPartner(r, tx, by.ScopeFor("agreement.read"), g.ID, c.Partner)
		if err != nil {
			return err
		}
		if c.Version == 0 {
			x, err = signing.Load(r, tx, by, g.ID, a.ID)
		} else {
			x, err = signing.At(r, tx, g.ID, a, c.Version)
		}
		if err != nil {
			return err
		}
		if x.Seal != nil {
			if sealed, err = signing.Sealed(r, tx, g.ID, x); err != nil {
				return err
			}
		}
		evidence, err = signing.Record(r, tx, g.ID, x)
		return err
	})
	return x, sealed, evidence, err
}
