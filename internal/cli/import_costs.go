package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/upload"
)

type importCostsCommand struct {
	File      string `arg:"" help:"XLSX or CSV with a header line."`
	Partner   string `required:"" placeholder:"CODE" help:"Whose costs they are."`
	Year      int    `required:"" placeholder:"YEAR" help:"The agreement-year."`
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
	DryRun    bool   `help:"Show what would be added and write nothing."`
}

func (c *importCostsCommand) Run(r *command.Run) error {
	f, err := os.Open(c.File)
	if err != nil {
		return fault.Invalid("file", "cli.no_file", text.Args{"path": c.File})
	}
	defer f.Close()
	table, err := upload.Read(filepath.Base(c.File), f)
	if err != nil {
		return err
	}
	return r.With(func(d *db.DB) error {
		by, g, err := r.InProgramme(d, c.Programme)
		if err != nil {
			return err
		}
		var years []settlement.AgreementYear
		err = d.Read(r, func(tx *db.Tx) (err error) {
			years, err = settlement.AgreementYears(r, tx, g.ID, c.Partner, period.Year(c.Year))
			return err
		})
		if err != nil {
			return err
		}
		if len(years) != 1 {
			return fault.Missing("settlement.no_agreement_year", nil)
		}
		p, err := upload.Rehearse(r, d, by, g.ID, years[0].Agreement, years[0].Year, table, !c.DryRun)
		if err != nil {
			return err
		}
		return c.tell(r, p)
	})
}

// costsReport is what the command says as JSON.
type costsReport struct {
	Added    int        `json:"added"`
	Known    int        `json:"known"`
	Refused  int        `json:"refused"`
	Eligible string     `json:"eligible"`
	DryRun   bool       `json:"dry_run"`
	Unmapped []string   `json:"unmapped,omitempty"`
	Rows     []costsRow `json:"rows,omitempty"`
}

type costsRow struct {
	Line  int    `json:"line"`
	Field string `json:"field,omitempty"`
	Found string `json:"found,omitempty"`
	Says  string `json:"says,omitempty"`
	Like  string `json:"like,omitempty"`
}

func (c *importCostsCommand) tell(r *command.Run, p upload.Preview) error {
	l := r.Language()
	out := costsReport{Added: p.Good, Known: p.Known, Refused: p.Bad, Eligible: p.Eligible.String(), DryRun: c.DryRun, Unmapped: p.Unmapped}
	for _, row := range p.Rows {
		for _, w := range row.Wrong {
			out.Rows = append(out.Rows, costsRow{Line: row.Line, Field: w.Field, Found: w.Found, Says: w.Say(l)})
		}
		for _, t := range row.Twins {
			like := t.Ref
			if t.Foreign {
				like = l.Say("cli.costs_elsewhere", nil)
			}
			out.Rows = append(out.Rows, costsRow{Line: row.Line, Like: like})
		}
	}
	if r.Format == "json" {
		return command.WriteJSON(r.Out, out)
	}
	if len(p.Unmapped) > 0 {
		return fault.Invalid("file", "cli.costs_unmapped", text.Args{"fields": strings.Join(p.Unmapped, ", ")})
	}
	for _, row := range out.Rows {
		if row.Like != "" {
			r.Say("cli.costs_likely", text.Args{"line": row.Line, "twin": row.Like})
			continue
		}
		r.Say("cli.costs_row", text.Args{"line": row.Line, "field": row.Field, "says": row.Says})
	}
	key := text.Key("cli.costs_added")
	if c.DryRun {
		key = "cli.costs_would"
	}
	fmt.Fprintln(r.Out, l.Say(key, text.Args{"good": p.Good, "known": p.Known, "bad": p.Bad, "eligible": p.Eligible}))
	return nil
}
