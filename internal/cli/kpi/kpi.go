// Package kpi holds the commands about the definitions of KPIs.
package kpi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Command is about KPIs.
type Command struct {
	List   listCommand   `cmd:"" default:"1" help:"The catalogue of a programme."`
	Show   showCommand   `cmd:"" help:"The definition sheet of a KPI as JSON, as define and change take it."`
	Define defineCommand `cmd:"" help:"Add a KPI to the catalogue from its sheet."`
	Change changeCommand `cmd:"" help:"Give a KPI a new version, from a year on and with a reason."`
}

// in is the programme of a command.
type in struct {
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
}

type listCommand struct{ in }

type row struct {
	Code    string `json:"code"`
	Version int    `json:"version"`
	Name    string `json:"name"`
	Unit    string `json:"unit"`
	Formula string `json:"formula,omitempty"`
}

func (c *listCommand) Run(r *command.Run) error {
	rows := []row{}
	err := r.ReadIn(c.Programme, func(tx *db.Tx, _ access.Actor, g programme.Programme) error {
		all, err := kpi.Definitions(r, tx, g.ID)
		for _, d := range all {
			rows = append(rows, row{d.Code, d.Version, d.Name.In(r.Language()), d.Unit, d.Formula})
		}
		return err
	})
	if err != nil {
		return err
	}
	return command.WriteRows(r, rows, []string{"code", "version", "name", "unit", "formula"}, func(x row) []string {
		return []string{x.Code, strconv.Itoa(x.Version), x.Name, x.Unit, x.Formula}
	})
}

type showCommand struct {
	in
	Code string `arg:"" help:"Code of the KPI."`
}

func (c *showCommand) Run(r *command.Run) error {
	var sheet kpi.Sheet
	err := r.ReadIn(c.Programme, func(tx *db.Tx, _ access.Actor, g programme.Programme) error {
		d, err := kpi.LoadByCode(r, tx, g.ID, c.Code)
		if err != nil {
			return err
		}
		versions, err := kpi.Versions(r, tx, g.ID, d)
		if err == nil {
			sheet = versions[len(versions)-1].Sheet
		}
		return err
	})
	if err != nil {
		return err
	}
	return command.WriteJSON(r.Out, sheet)
}

// read reads a sheet; a name that no sheet has is told, not passed over.
func read(path string) (kpi.Sheet, error) {
	var s kpi.Sheet
	b, err := os.ReadFile(path)
	if err != nil {
		return s, fault.Invalid("file", "cli.no_file", text.Args{"path": path})
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return s, &fault.Fault{Kind: fault.KindInvalid, Field: "file", Key: "cli.sheet_form", Args: text.Args{"path": path, "why": err.Error()}}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return s, fault.Invalid("file", "cli.sheet_form", text.Args{"path": path, "why": "more follows"})
	}
	return s, nil
}

type defineCommand struct {
	in
	File string `arg:"" help:"JSON file with the sheet."`
}

func (c *defineCommand) Run(r *command.Run) error {
	s, err := read(c.File)
	if err != nil {
		return err
	}
	err = r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		_, err := kpi.Define(r, tx, by, g.ID, s)
		return err
	})
	if err == nil {
		r.Say("cli.kpi_defined", text.Args{"code": s.Code})
	}
	return err
}

type changeCommand struct {
	in
	Code     string      `arg:"" help:"Code of the KPI."`
	File     string      `arg:"" help:"JSON file with the sheet."`
	FromYear period.Year `required:"" help:"First year for which the new version holds."`
	Reason   string      `required:"" help:"Why."`
}

func (c *changeCommand) Run(r *command.Run) error {
	s, err := read(c.File)
	if err != nil {
		return err
	}
	err = r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		d, err := kpi.LoadByCode(r, tx, g.ID, c.Code)
		if err != nil {
			return err
		}
		return kpi.Change(r, tx, by, g.ID, d.ID, s, c.FromYear, c.Reason)
	})
	if err == nil {
		r.Say("cli.kpi_changed", text.Args{"code": c.Code, "year": c.FromYear})
	}
	return err
}
