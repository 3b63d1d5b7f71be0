package cli

import (
	"io/fs"
	"path/filepath"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/cli/library"
	"errera.eu/errera/internal/cli/plan"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/intake"
	"errera.eu/errera/internal/moves"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/text"
)

// load makes the demo once: the reference programme, with its years settled by the verbs that people would use. 2017 is final, 2018 is
// communicated, later years wait to be settled.
func (c *demoCommand) load(r *command.Run, d *db.DB) error {
	exists := false
	err := d.Read(r, func(tx *db.Tx) error {
		_, err := programme.Current(r, tx, "")
		exists = err == nil
		if fault.Is(err, fault.KindMissing) {
			return nil
		}
		return err
	})
	if err != nil || exists {
		return err
	}
	files, err := openFolder(c.Dir)
	if err != nil {
		return err
	}
	r.Say("cli.demo_loading", text.Args{"dir": c.Dir})
	read, err := intake.ReadProgramme(files)
	if err != nil {
		return err
	}
	if _, err := intake.Load(r, d, access.System("operator"), read, progress(r, "cli.importing")); err != nil {
		return err
	}
	if _, g, err := r.InProgramme(d, read.Code()); err != nil {
		return err
	} else if err := library.Take(r, d, files, g); err != nil {
		return err
	} else if err := plan.Take(r, d, files, g); err != nil {
		return err
	}
	r.Say("cli.demo_settling", nil)
	return demoSettlements(r, d)
}

// loadRounds loads the rounds after the reference programme, each once; its folder has the code as its name.
func (c *demoCommand) loadRounds(r *command.Run, d *db.DB) error {
	for _, dir := range c.Rounds {
		there := false
		err := d.Read(r, func(tx *db.Tx) error {
			found, known, err := programme.Find(r, tx, filepath.Base(dir))
			there = known && found.State == programme.Open
			return err
		})
		if err != nil {
			return err
		}
		if there {
			continue
		}
		r.Say("cli.demo_loading", text.Args{"dir": dir})
		if err := loadRound(r, d, dir); err != nil {
			return err
		}
	}
	return nil
}

// loadRound loads a folder: one that follows another round, under negotiation, or a programme whole.
func loadRound(r *command.Run, d *db.DB, dir string) error {
	files, err := openFolder(dir)
	if err != nil {
		return err
	}
	if _, err := fs.Stat(files, moves.RoundFile); err == nil {
		read, err := moves.Read(files)
		if err != nil {
			return err
		}
		_, err = moves.Load(r, d, read)
		return err
	}
	read, err := intake.ReadProgramme(files)
	if err != nil {
		return err
	}
	if _, err := intake.Load(r, d, access.System("operator"), read, progress(r, "cli.importing")); err != nil {
		return err
	}
	if _, g, err := r.InProgramme(d, read.Code()); err != nil {
		return err
	} else if err := plan.Take(r, d, files, g); err != nil {
		return err
	}
	claims, err := fs.Sub(files, "claims")
	if err != nil {
		return err
	}
	if _, err := fs.Stat(claims, moves.MovesFile); err != nil {
		return nil // nobody has taken its claims up
	}
	return playClaims(r, d, claims, filepath.Base(dir))
}

// playClaims takes the claims of a running round up, as far as its moves go, so that there is something to verify, to approve and to pay.
func playClaims(r *command.Run, d *db.DB, files fs.FS, code string) error {
	read, err := moves.ReadClaims(files)
	if err != nil {
		return err
	}
	var g programme.Programme
	err = d.Read(r, func(tx *db.Tx) error {
		g, err = programme.Current(r, tx, code)
		return err
	})
	if err != nil {
		return err
	}
	return moves.LoadClaims(r, d, g, read)
}

// demoSettlements settles 2017 and 2018 in the names of the demo's own people.
func demoSettlements(r *command.Run, d *db.DB) error {
	var g programme.Programme
	var controller, approver access.Actor
	years := map[period.Year][]settlement.AgreementYear{}
	err := d.Read(r, func(tx *db.Tx) (err error) {
		if g, err = programme.Current(r, tx, ""); err != nil {
			return err
		}
		if controller, err = access.LoadActorByEmail(r, tx, "controller@fit.example"); err != nil {
			return err
		}
		if approver, err = access.LoadActorByEmail(r, tx, "approver@fit.example"); err != nil {
			return err
		}
		for _, year := range []period.Year{2017, 2018} {
			if years[year], err = settlement.AgreementYears(r, tx, g.ID, "", year); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, year := range []period.Year{2017, 2018} {
		if _, err := settlement.Settle(r, d, controller, g.ID, years[year], false); err != nil {
			return err
		}
	}
	return d.Write(r, g.ID, func(tx *db.Tx) error {
		for year, all := range years {
			for _, y := range all {
				if _, err := settlement.Communicate(r, tx, controller, g.ID, y.Agreement, year); err != nil {
					return err
				}
				if year > 2017 {
					continue
				}
				if _, err := settlement.Finalise(r, tx, approver, g.ID, y.Agreement, year); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
