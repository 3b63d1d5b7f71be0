package cli

import (
	"fmt"
	"os"

	"github.com/schollz/progressbar/v3"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/cli/library"
	"errera.eu/errera/internal/cli/measure"
	"errera.eu/errera/internal/cli/plan"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/intake"
	"errera.eu/errera/internal/moves"
	"errera.eu/errera/internal/text"
)

type importCommand struct {
	Programme  importProgrammeCommand  `cmd:"" help:"A whole programme from a folder of TOML and CSV (docs/import-format.md)."`
	Activities importActivitiesCommand `cmd:"" help:"Activities from a file of JSON lines."`
	Round      importRoundCommand      `cmd:"" help:"A round under negotiation, which follows another one, from a folder (docs/import-format.md)."`
	Library    library.Import          `cmd:"" help:"Items of the library from a CSV file."`
	Questions  library.Questions       `cmd:"" help:"Questions to all partners with their answers, from a CSV file."`
	Measures   measure.Import          `cmd:"" help:"What partners state of their KPIs in numbers, from CSV, XLSX or IATI; it counts as declared."`
	Estimates  plan.Import             `cmd:"" help:"What activities are planned to cost and to bring, from a CSV file."`
	Plans      plan.ImportSteps        `cmd:"" help:"What was done with plans before they were kept here, from a CSV file."`
	Costs      importCostsCommand      `cmd:"" help:"Costs of a partner's year from XLSX or CSV, into its draft claim."`
}

type importProgrammeCommand struct {
	Dir    string `arg:"" help:"Folder of the programme."`
	DryRun bool   `help:"Check the folder and write nothing."`
}

func (c *importProgrammeCommand) Run(r *command.Run) error {
	files, err := openFolder(c.Dir)
	if err != nil {
		return err
	}
	folder, err := intake.ReadProgramme(files)
	if err != nil {
		return err
	}
	if c.DryRun {
		r.Say("cli.folder_good", text.Args{"dir": c.Dir})
		return nil
	}
	return r.With(func(d *db.DB) error {
		var by access.Actor
		if err := d.Read(r, func(tx *db.Tx) (err error) {
			by, err = r.Actor(tx)
			return err
		}); err != nil {
			return err
		}
		report, err := intake.Load(r, d, by, folder, progress(r, "cli.importing"))
		if err != nil {
			return err
		}
		if r.Format == "json" {
			return command.WriteJSON(r.Out, report)
		}
		fmt.Fprintln(r.Out, report.Say(r.Language()))
		return nil
	})
}

// progress shows a bar on a terminal and nothing elsewhere.
func progress(r *command.Run, key text.Key) func(done, total int) {
	f, isFile := r.Messages.(*os.File)
	if !isFile {
		return nil
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	bar := progressbar.NewOptions(1, progressbar.OptionSetWriter(f), progressbar.OptionSetDescription(r.Language().Say(key, nil)),
		progressbar.OptionClearOnFinish())
	return func(done, total int) {
		bar.ChangeMax(total)
		_ = bar.Set(done) // a terminal that cannot be drawn on loses nothing but the bar
	}
}

type importActivitiesCommand struct {
	File      string `arg:"" help:"File of JSON lines."`
	Organiser string `default:"organiser" placeholder:"FIELD" help:"Field that names the organiser."`
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
	DryRun    bool   `help:"Report what would be loaded and write nothing."`
}

func (c *importActivitiesCommand) Run(r *command.Run) error {
	f, err := os.Open(c.File)
	if err != nil {
		return fault.Invalid("file", "cli.no_file", text.Args{"path": c.File})
	}
	defer f.Close()
	return r.With(func(d *db.DB) error {
		by, g, err := r.InProgramme(d, c.Programme)
		if err != nil {
			return err
		}
		rows, err := intake.ReadActivities(f, c.File, c.Organiser)
		if err != nil {
			return err
		}
		report, err := intake.LoadActivities(r, d, by, g, rows, c.DryRun)
		if err != nil {
			return err
		}
		for _, refused := range report.Refused {
			fmt.Fprintln(r.Messages, refused.Say(r.Language()))
		}
		if r.Format == "json" {
			return command.WriteJSON(r.Out, report)
		}
		fmt.Fprintln(r.Out, report.Say(r.Language()))
		return nil
	})
}

type importRoundCommand struct {
	Dir    string `arg:"" help:"Folder of the round: round.toml and moves.csv."`
	DryRun bool   `help:"Check the folder and write nothing."`
}

func (c *importRoundCommand) Run(r *command.Run) error {
	files, err := openFolder(c.Dir)
	if err != nil {
		return err
	}
	read, err := moves.Read(files)
	if err != nil {
		return err
	}
	if c.DryRun {
		r.Say("cli.folder_good", text.Args{"dir": c.Dir})
		return nil
	}
	return r.With(func(d *db.DB) error {
		var by access.Actor
		if err := d.Read(r, func(tx *db.Tx) (err error) {
			by, err = r.Actor(tx)
			return err
		}); err != nil {
			return err
		}
		if err := by.May("programme.import", access.Subject{Kind: "programme"}); err != nil {
			return err
		}
		opened, err := moves.Load(r, d, read)
		if err != nil {
			return err
		}
		if r.Format == "json" {
			return command.WriteJSON(r.Out, map[string]string{"programme": opened.Code})
		}
		r.Say("cli.round_opened", text.Args{"round": opened.Name.In(r.Language())})
		return nil
	})
}
