// Package plan holds the commands about partners' plans of a year: listed, held against ceilings and targets, estimates read from a file.
package plan

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/plan"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/upload"
)

// Where a programme's folder keeps the estimates of its activities and the steps of its plans: beside the files that make the programme, which
// stands without them.
const (
	File      = "plans/estimates.csv"
	StepsFile = "plans/steps.csv"
)

// Command is `errera plan`.
type Command struct {
	List list `cmd:"" default:"1" help:"The plans of a year, with what they cost and what they leave open."`
	Show show `cmd:"" help:"A plan held against its ceiling and its targets."`
	Take take `cmd:"" help:"Activities of a plan from a list, all or none: planned anew or changed (docs/import-format.md)."`
}

// in is the programme and the year of a command.
type in struct {
	Programme string      `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
	Year      period.Year `required:"" help:"Year of the plans."`
}

type list struct{ in }

// line is a plan in the list.
type line struct {
	Partner    string `json:"partner"`
	State      string `json:"state"`
	Activities int    `json:"activities"`
	Cost       string `json:"cost"`
	Half       string `json:"half"`
	Ceiling    string `json:"ceiling"`
	Over       string `json:"over"`
	Short      int    `json:"kpis_short"`
}

func (c *list) Run(r *command.Run) error {
	rows := []line{}
	err := r.ReadIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		all, err := plan.OfYear(r, tx, by.ScopeFor("plan.read"), g.ID, c.Year)
		for i := range all {
			o, err := plan.LoadOutlook(r, tx, g, &all[i])
			if err != nil {
				return err
			}
			rows = append(rows, line{all[i].Code, string(all[i].State), len(o.Entries), o.Cost.String(), o.Half.String(), o.Ceiling.String(), o.Over.String(),
				o.Short})
		}
		return err
	})
	if err != nil {
		return err
	}
	return command.WriteRows(r, rows, []string{"partner", "state", "activities", "cost", "half", "ceiling", "over", "kpis_short"}, func(x line) []string {
		return []string{x.Partner, x.State, strconv.Itoa(x.Activities), x.Cost, x.Half, x.Ceiling, x.Over, strconv.Itoa(x.Short)}
	})
}

type show struct {
	in
	Partner string `required:"" placeholder:"CODE" help:"Code of the partner."`
}

type take struct {
	in
	File    string `arg:"" help:"XLSX or CSV, in the columns that the page of the plan gives."`
	Partner string `required:"" placeholder:"CODE" help:"Code of the partner."`
}

func (c *take) Run(r *command.Run) error {
	f, err := os.Open(c.File)
	if err != nil {
		return fault.Missing("cli.no_file", text.Args{"path": c.File})
	}
	defer f.Close()
	t, err := upload.Read(c.File, f)
	if err != nil {
		return err
	}
	var done plan.Taken
	err = r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) (err error) {
		done, err = plan.TakeList(r, tx, by, g.ID, plan.Ref{Partner: c.Partner, Year: c.Year}, t)
		return err
	})
	if err == nil {
		r.Say("plans.done.list", text.Args{"new": done.New, "changed": done.Changed, "same": done.Same})
	}
	return err
}

// figure is one of a plan, beside what was promised: kind is cost (by category), half, ceiling, or kpi.
type figure struct {
	Kind    string `json:"kind"`
	Of      string `json:"of"`
	Planned string `json:"planned"`
	Promise string `json:"promised"`
	Gap     string `json:"gap"`
}

func (c *show) Run(r *command.Run) error {
	var rows []figure
	err := r.ReadIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		p, _, err := plan.Load(r, tx, by.ScopeFor("plan.read"), g.ID, c.Partner, c.Year)
		if err != nil {
			return err
		}
		o, err := plan.LoadOutlook(r, tx, g, &p)
		rows = figures(o)
		return err
	})
	if err != nil {
		return err
	}
	return command.WriteRows(r, rows, []string{"kind", "of", "planned", "promised", "gap"}, func(x figure) []string {
		return []string{x.Kind, x.Of, x.Planned, x.Promise, x.Gap}
	})
}

// figures lays a plan out in rows; the gap of the half is what stands above the ceiling.
func figures(o plan.Outlook) []figure {
	rows := []figure{}
	for _, x := range o.Categories {
		rows = append(rows, figure{Kind: "cost", Of: x.Category, Planned: x.Amount.String()})
	}
	rows = append(rows, figure{Kind: "cost", Planned: o.Cost.String()})
	half := figure{Kind: "half", Planned: o.Half.String()}
	if o.HasCeiling {
		half.Promise, half.Gap = o.Ceiling.String(), o.Over.String()
	}
	rows = append(rows, half)
	for _, x := range o.Promises {
		rows = append(rows, figure{"kpi", x.KPI.Code, kpi.Decimal(x.Planned), kpi.Decimal(x.Target), kpi.Decimal(x.Gap)})
	}
	return rows
}

// Import is `errera import estimates`.
type Import struct {
	File      string `arg:"" help:"CSV file (docs/import-format.md)."`
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
}

// Run says anew what the activities of the file are planned to cost and to bring, or changes nothing.
func (c *Import) Run(r *command.Run) error {
	return load(r, c.File, c.Programme, "plan.taken", plan.ReadEstimates, plan.EstimateAll)
}

// ImportSteps is `errera import plans`.
type ImportSteps struct{ Import }

// Run takes over what was done with plans before, or changes nothing.
func (c *ImportSteps) Run(r *command.Run) error {
	return load(r, c.File, c.Programme, "plan.steps_taken", plan.ReadSteps, plan.TakeSteps)
}

// How a file is read whole, and written whole into a programme.
type (
	reads[T any]  func(name string, from io.Reader) ([]T, error)
	writes[T any] func(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, name string, all []T) error
)

func load[T any](r *command.Run, file, code string, done text.Key, read reads[T], write writes[T]) error {
	body, err := os.ReadFile(file)
	if err != nil {
		return fault.Missing("cli.no_file", text.Args{"path": file})
	}
	all, err := read(file, bytes.NewReader(body))
	if err != nil {
		return err
	}
	err = r.WriteIn(code, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		return write(r, tx, by, g.ID, file, all)
	})
	if err == nil {
		r.Say(done, text.Args{"n": len(all)})
	}
	return err
}

// Take puts the estimates of a programme's folder, its priorities and the steps of its plans, if it has any, into the programme.
func Take(r *command.Run, d *db.DB, folder fs.FS, g programme.Programme) error {
	if err := takePriorities(r, d, folder, g); err != nil {
		return err
	}
	if err := fromFolder(r, d, folder, g, File, plan.ReadEstimates, plan.Take); err != nil {
		return err
	}
	return fromFolder(r, d, folder, g, StepsFile, plan.ReadSteps, plan.TakeSteps)
}

func fromFolder[T any](r *command.Run, d *db.DB, folder fs.FS, g programme.Programme, name string, read reads[T], write writes[T]) error {
	body, err := fs.ReadFile(folder, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	all, err := read(name, bytes.NewReader(body))
	if err != nil {
		return err
	}
	return d.Write(r, g.ID, func(tx *db.Tx) error { return write(r, tx, access.System("operator"), g.ID, name, all) })
}
