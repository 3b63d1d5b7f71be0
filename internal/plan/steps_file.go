package plan

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// stepColumns are those of a file of steps, in their order.
const stepColumns = "partner,year,step,on,by,remark"

// Past is a step that was taken before plans were kept here.
type Past struct {
	Ref
	Verb   access.VerbName
	On     period.Date
	By     string // address
	Remark string
	line   int
}

// ReadSteps reads steps of plans from a CSV file, each plan's in their order. All that is wrong with the file alone is told at once, by row and
// column.
func ReadSteps(name string, from io.Reader) ([]Past, error) {
	r := csv.NewReader(from)
	columns := strings.Split(stepColumns, ",")
	head, err := r.Read()
	if err != nil || !slices.Equal(head, columns) {
		return nil, fault.Rows{{File: name, Line: 1, Want: "knowledge.file.head", Args: text.Args{"want": stepColumns}}}
	}
	var all []Past
	var faults fault.Rows
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return all, faults.Err()
		}
		row, _ := r.FieldPos(0)
		if err != nil {
			return nil, append(faults, fault.Row{File: name, Line: row, Want: "knowledge.file.cells"})
		}
		year, badYear := period.ParseYear(cells[1])
		p := Past{Ref: Ref{cells[0], year}, Verb: access.VerbName("plan." + cells[2]), On: period.Date(cells[3]), By: cells[4], Remark: strings.TrimSpace(cells[5]),
			line: row}
		wrong := func(bad bool, column string, want text.Key) {
			if bad {
				faults = append(faults, fault.Row{File: name, Line: row, Column: column, Found: cells[slices.Index(columns, column)], Want: want,
					Args: text.Args{"max": maxRemark}})
			}
		}
		wrong(badYear != nil, "year", "plan.file.whole")
		wrong(!slices.Contains([]string{"submit", "withdraw", "return", "approve", "amend"}, cells[2]), "step", "plan.file.step")
		wrong(!p.On.Valid(), "on", "knowledge.file.on")
		wrong(p.said() != (p.Remark != "") || checkRemark(p.Remark) != nil && p.said(), "remark", "plan.file.remark")
		all = append(all, p)
	}
}

// said tells whether the step is one that comes with a remark.
func (p Past) said() bool { return p.Verb == "plan.return" || p.Verb == "plan.amend" }

// TakeSteps adds what was done with plans before they were kept here, all or none: an import. Leave, states and four eyes are those of the verbs;
// overlaps are not asked for, since nobody knew of them. A plan holds its activities as they are now. Faults: denied; rows of the file name.
func TakeSteps(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, name string, all []Past) error {
	if err := by.May("programme.import", access.Subject{}); err != nil {
		return err
	}
	t := taking{plans: map[Ref]*taken{}, people: map[string]access.Actor{}}
	var faults fault.Rows
	for _, s := range all {
		column, err := t.step(ctx, tx, g, s)
		if err != nil && fault.Is(err, fault.KindInternal) {
			return err
		}
		if err != nil {
			faults = append(faults, fault.Row{File: name, Line: s.line, Column: column, Found: s.cell(column), Want: "plan.file.that",
				Args: text.Args{"why": because{fault.Of(err)}}})
		}
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: "plan.take", ObjectKind: "programme", ObjectID: string(g),
		After: map[string]any{"plans": len(t.plans), "steps": len(all)}})
}

func (p Past) cell(column string) string {
	return map[string]string{"partner": p.Partner, "step": strings.TrimPrefix(string(p.Verb), "plan."), "on": string(p.On), "by": p.By}[column]
}

// taking is what an import of steps has met.
type taking struct {
	plans  map[Ref]*taken
	people map[string]access.Actor
}

// taken is a plan as far as its steps were taken, and what it holds.
type taken struct {
	Plan
	last  period.Date
	lines []Line
}

// step takes one, or says in which column of its row it is wrong.
func (t *taking) step(ctx context.Context, tx *db.Tx, g id.Programme, s Past) (column string, err error) {
	p, err := t.plan(ctx, tx, g, s.Ref)
	if err != nil {
		return "partner", err
	}
	who, known := t.people[s.By]
	if !known {
		if who, err = access.LoadActorByEmail(ctx, tx, s.By); err != nil {
			return "by", err
		}
		t.people[s.By] = who
	}
	if s.On < p.last || s.On > tx.Now.Date() {
		return "on", fault.Invalid("on", "plan.file.order", text.Args{"from": p.last, "to": tx.Now.Date()})
	}
	if p.State == "" && s.Verb == "plan.submit" {
		if err := p.past(ctx, tx, g, who, Past{Verb: "plan.draft", On: s.On}); err != nil {
			return "by", err
		}
	}
	return "step", p.past(ctx, tx, g, who, s)
}

// plan is the one that a row names, with what it holds.
func (t *taking) plan(ctx context.Context, tx *db.Tx, g id.Programme, ref Ref) (*taken, error) {
	if p := t.plans[ref]; p != nil {
		return p, nil
	}
	p, _, err := Load(ctx, tx, access.All, g, ref.Partner, ref.Year)
	if err != nil {
		return nil, err
	}
	if p.State != "" {
		return nil, fault.Conflict("plan.begun", nil)
	}
	now, err := Activities(ctx, tx, g, &p)
	if err != nil {
		return nil, err
	}
	of, err := activity.Estimates(ctx, tx, g, now)
	if err != nil {
		return nil, err
	}
	t.plans[ref] = &taken{Plan: p, lines: linesOf(now, of)}
	return t.plans[ref], nil
}

// past moves a plan as a verb did, on the day of the step.
func (p *taken) past(ctx context.Context, tx *db.Tx, g id.Programme, who access.Actor, s Past) error {
	var lines []Line
	if s.Verb == "plan.submit" || s.Verb == "plan.approve" {
		if lines = p.lines; len(lines) == 0 {
			return fault.Conflict("plan.empty", nil)
		}
	}
	if err := p.move(ctx, tx, who, g, Step{Verb: s.Verb, Remark: s.Remark, On: s.On}, lines); err != nil {
		return err
	}
	if p.last = s.On; s.Verb == "plan.submit" || s.Verb == "plan.amend" {
		p.Touched = []id.Person{who.ID}
	}
	return nil
}
