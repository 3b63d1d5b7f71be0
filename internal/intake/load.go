package intake

import (
	"context"
	"fmt"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/intake/discard"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// unit is one unit of work of an import: short enough to let other writers in between.
type unit struct {
	rows int
	run  func(context.Context, *db.Tx) error
}

// Load writes a folder that was read without fault. The programme stays invisible until the last unit of work opens it; one that an
// earlier import left half done is thrown away first. The same folder again changes nothing (Unchanged); a programme of the same code with
// other content is a conflict (intake.exists). Progress, which may be nil, hears of rows done and in all.
func Load(ctx context.Context, d *db.DB, by access.Actor, f *Folder, progress func(done, total int)) (Report, error) {
	report := Report{Programme: f.programme.Code, Hash: f.Hash, Files: f.Files, Counts: f.counts()}
	if err := by.May("programme.import", access.Subject{Kind: "programme"}); err != nil {
		return report, err
	}
	there, same, err := f.find(ctx, d)
	if err != nil {
		return report, err
	}
	if same {
		report.Done = Unchanged
		return report, nil
	}
	if there != "" {
		if err := discard.Programme(ctx, d, there); err != nil {
			return report, err
		}
	}
	if err := d.WriteAgency(ctx, func(tx *db.Tx) error { return f.begin(ctx, tx, by) }); err != nil {
		return report, err
	}
	units := f.units(by, &report)
	total, done := 0, 0
	for _, u := range units {
		total += u.rows
	}
	for _, u := range units {
		if err := d.Write(ctx, f.programme.ID, func(tx *db.Tx) error { return u.run(ctx, tx) }); err != nil {
			return report, err
		}
		if done += u.rows; progress != nil {
			progress(done, total)
		}
	}
	report.Done = Loaded
	return report, d.Weigh(context.WithoutCancel(ctx)) // all is in: a reader who leaves now changes nothing
}

// find looks for a programme of the same code: one to throw away, or the very same.
func (f *Folder) find(ctx context.Context, d *db.DB) (unfinished id.Programme, same bool, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		p, found, err := programme.Find(ctx, tx, f.programme.Code)
		switch {
		case err != nil || !found:
			return err
		case p.State == programme.Importing:
			unfinished = p.ID
			return nil
		case p.SourceHash != f.Hash:
			return fault.Conflict("intake.exists", text.Args{"code": p.Code})
		}
		same = true
		return nil
	})
	return unfinished, same, err
}

// units lists what is written after the programme itself, in order.
func (f *Folder) units(by access.Actor, report *Report) []unit {
	units := []unit{{len(f.kpis) + len(f.objectives) + len(f.assignments), f.addPromises}}
	units = append(units, f.addActivities()...)
	units = append(units, unit{len(f.overlaps), func(ctx context.Context, tx *db.Tx) error { return f.addOverlaps(ctx, tx, by) }})
	units = append(units, f.addEvidence()...)
	units = append(units, f.addMoney(report)...)
	return append(units, unit{1, func(ctx context.Context, tx *db.Tx) error { return f.finish(ctx, tx, by) }})
}

// finish notes the files, tells the audit trail and opens the programme.
func (f *Folder) finish(ctx context.Context, tx *db.Tx, by access.Actor) error {
	var rows [][]any
	hashes := map[string]string{}
	for _, file := range f.Files {
		hashes[file.Name] = file.SHA256
		rows = append(rows, []any{f.programme.ID, id.New[id.Import](), "programme", file.Name, file.SHA256, file.Rows, tx.Now})
	}
	if err := addUploads(ctx, tx, rows); err != nil {
		return err
	}
	if err := programme.Publish(ctx, tx, f.programme.ID); err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(f.programme.ID), by.Label(), audit.Change{Verb: "programme.import", ObjectKind: "programme",
		ObjectID: string(f.programme.ID), Before: map[string]any{"state": programme.Importing},
		After: map[string]any{"state": programme.Open, "code": f.programme.Code, "hash": f.Hash, "files": hashes}})
}

func addUploads(ctx context.Context, tx *db.Tx, rows [][]any) error {
	return tx.Insert(ctx, "upload", []string{"programme_id", "id", "kind", "file", "sha256", "row_count", "loaded_at"}, rows)
}

func (f *Folder) counts() []Count {
	items := 0
	for _, of := range f.years {
		for _, c := range of.claims {
			items += len(c.items)
		}
	}
	return []Count{{"intake.count.organisations", len(f.organisations)}, {"intake.count.people", len(f.people)},
		{"intake.count.companies", len(f.companies)}, {"intake.count.agreements", len(f.agreements)}, {"intake.count.kpis", len(f.kpis)},
		{"intake.count.activities", len(f.activities)}, {"intake.count.participations", len(f.participations)},
		{"intake.count.outcomes", len(f.outcomes)}, {"intake.count.overlaps", len(f.overlaps)},
		{"intake.count.items", items}, {"intake.count.evidence", f.evidenceCount()}}
}

func (c Count) say(l text.Language) string {
	return fmt.Sprintf("%10s %s", l.Number(int64(c.N)), l.Say(c.What, nil))
}

// Say is the report for a person, one thing to a line.
func (r Report) Say(l text.Language) string {
	lines := []string{r.Programme + ": " + l.Say(r.Done.Key(), nil)}
	for _, c := range r.Counts {
		lines = append(lines, c.say(l))
	}
	return strings.Join(lines, "\n")
}
