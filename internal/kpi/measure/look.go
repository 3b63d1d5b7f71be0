package measure

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/programme"
)

// Outcome is what would become of a row.
type Outcome string

// The outcomes.
const (
	Added   Outcome = "added"
	Changed Outcome = "changed" // stated otherwise before
	Same    Outcome = "same"
	Left    Outcome = "left"  // nobody states it: it is computed, or to come
	Wrong   Outcome = "wrong" // the file is not taken while there is one
)

// Looked is a row with what would become of it.
type Looked struct {
	Row
	Outcome Outcome
	Was     *Statement // what it would replace, or says again
	Faults  fault.Rows // of this row, at their columns
}

// Look tells what Declare would do with each row of a file, and does nothing. Bad are the faults that Read found: their rows are not looked at
// further. It fails only where Declare would refuse the reader.
func Look(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, file string, rows []Row, bad fault.Rows) ([]Looked, Report, error) {
	d := declaring{tx: tx, by: by, g: g, file: file, seen: map[place]int{}}
	if err := d.read(ctx); err != nil {
		return nil, d.report, err
	}
	unread := map[int]fault.Rows{}
	for _, f := range bad {
		unread[f.Line] = append(unread[f.Line], f)
	}
	all := make([]Looked, len(rows))
	for i := range rows {
		if f := unread[rows[i].Line]; f != nil {
			all[i] = Looked{Row: rows[i], Outcome: Wrong, Faults: f}
			continue
		}
		before, known := d.report, len(d.faults)
		if err := d.take(&rows[i]); err != nil {
			return nil, d.report, err
		}
		all[i] = Looked{Row: rows[i], Outcome: d.report.since(before), Faults: d.faults[known:len(d.faults):len(d.faults)]}
		if k := d.kpis[rows[i].KPI]; k != nil && all[i].Outcome != Left {
			all[i].Was = d.last[place{k.ID, d.partners[rows[i].Partner], rows[i].Year, rows[i].Quarter}]
		}
	}
	return all, d.report, nil
}

// since tells what one more row did to a report.
func (r Report) since(before Report) Outcome {
	switch {
	case r.Added > before.Added:
		return Added
	case r.Changed > before.Changed:
		return Changed
	case r.Same > before.Same:
		return Same
	case r.Left > before.Left:
		return Left
	}
	return Wrong
}
