package plan

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"math/big"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/text"
)

// fileColumns are those of a file of estimates, in their order: of category and kpi one is filled.
const fileColumns = "activity,category,kpi,value"

// Named is what is said of the activity with a code.
type Named struct {
	Code string
	Saying
	line int
}

// ReadEstimates reads estimates from a CSV file, one line for an activity's category or KPI. All that is wrong with the file alone is told at
// once, by row and column.
func ReadEstimates(name string, from io.Reader) ([]Named, error) {
	r := csv.NewReader(from)
	head, err := r.Read()
	if err != nil || !slices.Equal(head, strings.Split(fileColumns, ",")) {
		return nil, fault.Rows{{File: name, Line: 1, Want: "knowledge.file.head", Args: text.Args{"want": fileColumns}}}
	}
	var all []Named
	var faults fault.Rows
	at := map[string]int{}
	for row := 2; ; row++ {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return all, faults.Err()
		}
		if err != nil {
			return nil, append(faults, fault.Row{File: name, Line: row, Want: "knowledge.file.cells"})
		}
		i, known := at[cells[0]]
		if !known {
			i = len(all)
			at[cells[0]] = i
			all = append(all, Named{Code: cells[0], line: row, Saying: Saying{Costs: map[string]money.Amount{}, Effects: map[string]*big.Rat{}}})
		}
		if column, want := all[i].take(cells[1], cells[2], cells[3]); column != "" {
			faults = append(faults, fault.Row{File: name, Line: row, Column: column, Found: cells[slices.Index(head, column)], Want: want,
				Args: text.Args{"list": strings.Join(funding.Categories(), ", ")}})
		}
	}
}

// take adds a line's value, or says in which column it is wrong and what was expected.
func (n *Named) take(category, code, value string) (column string, want text.Key) {
	switch {
	case (category == "") == (code == ""):
		return "category", "plan.file.one"
	case category != "":
		if !slices.Contains(funding.Categories(), category) {
			return "category", "plan.file.category"
		}
		amount, err := money.Parse(value)
		if _, twice := n.Costs[category]; twice || err != nil || amount < 0 || amount > maxCost {
			return "value", "plan.file.value"
		}
		n.Costs[category] = amount
	default:
		v, ok := Number(value)
		if _, twice := n.Effects[code]; twice || !ok {
			return "value", "plan.file.value"
		}
		n.Effects[code] = v
	}
	return "", ""
}

// EstimateAll says anew what activities are planned to cost and to bring, all or none. Faults: rows of the file name, where an activity or a KPI
// is not known, or the activity is over or somebody else's.
func EstimateAll(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, name string, all []Named) error {
	known, err := kpi.Definitions(ctx, tx, g)
	if err != nil {
		return err
	}
	var faults fault.Rows
	for _, n := range all {
		e, err := n.check(known)
		if err == nil {
			err = activity.SetEstimate(ctx, tx, by, g, n.Code, e)
		}
		if err != nil && fault.Is(err, fault.KindInternal) {
			return err
		}
		if err != nil {
			faults = append(faults, n.fault(name, err))
		}
	}
	return faults.Err()
}

// Take adds what activities were planned to cost and to bring before they were kept here, held ones too, all or none: an import. Each activity
// must have no estimate yet. Faults: denied; rows of the file name.
func Take(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, name string, all []Named) error {
	if err := by.May("programme.import", access.Subject{}); err != nil {
		return err
	}
	known, err := kpi.Definitions(ctx, tx, g)
	if err != nil {
		return err
	}
	there, err := activity.CodesOf(ctx, tx, g)
	if err != nil {
		return err
	}
	var faults fault.Rows
	of := map[id.Activity]activity.Estimate{}
	for _, n := range all {
		e, err := n.check(known)
		a, found := there[n.Code]
		if err == nil && !found {
			err = fault.Missing("activity.missing", nil)
		}
		if err != nil {
			faults = append(faults, n.fault(name, err))
			continue
		}
		of[a] = e
	}
	if err := faults.Err(); err != nil {
		return err
	}
	if err := activity.AddEstimates(ctx, tx, g, of); err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: "plan.take", ObjectKind: "programme", ObjectID: string(g),
		After: map[string]any{"activities": len(of)}})
}

// fault is what is wrong with an activity's lines, at the first of them.
func (n Named) fault(name string, err error) fault.Row {
	return fault.Row{File: name, Line: n.line, Column: "activity", Found: n.Code, Want: "plan.file.because", Args: text.Args{"why": because{fault.Of(err)}}}
}

// because is a fault's sentence inside a message.
type because struct{ of *fault.Fault }

// In is the sentence in words.
func (s because) In(l text.Language) string { return s.of.Say(l) }
