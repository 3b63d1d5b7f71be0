package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/intake/country"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// ActivityReport tells what became of each row: Read = Loaded + Already + Bad.
type ActivityReport struct {
	Programme  string         `json:"programme"`
	File       string         `json:"file"`
	SHA256     string         `json:"sha256"`
	Done       Done           `json:"done"`
	Read       int            `json:"read"`
	Loaded     int            `json:"loaded"` // in a dry run: what would be
	Already    int            `json:"already_there"`
	Bad        int            `json:"refused"`
	Outside    int            `json:"outside_programme"` // of the loaded ones, those that start outside the programme's period
	Organisers []string       `json:"new_organisers"`    // made as organisations of kind other
	Ignored    map[string]int `json:"ignored_fields"`
	Refused    fault.Rows     `json:"faults"`
}

// Say is the report for a person, without the refused rows.
func (r ActivityReport) Say(l text.Language) string {
	lines := []string{l.Say("intake.activities", text.Args{"file": r.File, "programme": r.Programme, "done": r.Done.Key()})}
	for _, c := range []Count{{"intake.count.read", r.Read}, {"intake.count.loaded", r.Loaded}, {"intake.count.already", r.Already},
		{"intake.count.refused", r.Bad}, {"intake.count.outside", r.Outside}} {
		lines = append(lines, c.say(l))
	}
	if len(r.Organisers) > 0 {
		lines = append(lines, l.Say("intake.new_organisers", text.Args{"n": len(r.Organisers), "list": strings.Join(r.Organisers, ", ")}))
	}
	return strings.Join(lines, "\n")
}

// LoadActivities writes the good rows of a file as published activities of a programme. Rows that are there already, in the programme or
// earlier in the file, are left alone, so that the same file twice changes nothing. An organiser that is not known by code or name becomes
// an organisation of kind other.
func LoadActivities(ctx context.Context, d *db.DB, by access.Actor, g programme.Programme, f *ActivityFile, dryRun bool) (ActivityReport, error) {
	r := ActivityReport{Programme: g.Code, File: f.File.Name, SHA256: f.File.SHA256, Done: Checked, Read: f.File.Rows, Bad: f.bad,
		Ignored: f.Ignored, Refused: f.Refused}
	if err := by.May("activity.import", access.Subject{Kind: "activity"}); err != nil {
		return r, err
	}
	var fresh arrivals
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		fresh, err = f.arrivals(ctx, tx, g)
		return err
	})
	if err != nil {
		return r, err
	}
	if len(fresh.activities) == 0 && !dryRun {
		r.Done = Unchanged
	}
	if len(fresh.activities) > 0 && !dryRun {
		err = d.WriteAgency(ctx, func(tx *db.Tx) error {
			if err := tx.AlsoProgramme(ctx, g.ID); err != nil {
				return err
			}
			// Between reading and writing somebody may have loaded the same file.
			if fresh, err = f.arrivals(ctx, tx, g); err != nil {
				return err
			}
			return f.write(ctx, tx, by, g, fresh)
		})
		if err != nil {
			return r, err
		}
		r.Done = Loaded
	}
	r.Loaded, r.Already, r.Outside = len(fresh.activities), len(f.rows)-len(fresh.activities), fresh.outside
	for _, o := range fresh.organisers {
		r.Organisers = append(r.Organisers, o.Code)
	}
	return r, nil
}

// arrivals is what a file has that the database has not.
type arrivals struct {
	activities []activity.Activity
	organisers []programme.Organisation
	outside    int
}

func (f *ActivityFile) arrivals(ctx context.Context, tx *db.Tx, g programme.Programme) (arrivals, error) {
	var fresh arrivals
	codes, err := activity.Codes(ctx, tx, g.ID)
	if err != nil {
		return fresh, err
	}
	there, err := programme.Organisations(ctx, tx)
	if err != nil {
		return fresh, err
	}
	known := map[string]id.Organisation{}
	for _, o := range there {
		for _, name := range []string{country.Letters(o.Name), country.Letters(o.Short), o.Code} {
			if _, taken := known[name]; !taken && name != "" {
				known[name] = o.ID
			}
		}
	}
	for _, row := range f.rows {
		if codes[row.Code] {
			continue
		}
		codes[row.Code] = true
		organiser, found := known[organiserCode(row.by)]
		if !found {
			organiser, found = known[country.Letters(row.by)]
		}
		if !found {
			organiser = id.New[id.Organisation]()
			o := programme.Organisation{ID: organiser, Code: organiserCode(row.by), Name: row.by, Short: row.by, Kind: programme.KindOther,
				Group: programme.KindOther, Position: len(there) + len(fresh.organisers)}
			known[o.Code] = o.ID
			fresh.organisers = append(fresh.organisers, o)
		}
		row.Organisers = []activity.Organiser{{Organisation: organiser, Weight: 1}}
		fresh.activities = append(fresh.activities, row.Activity)
		if !g.Span().Contains(row.Starts) {
			fresh.outside++
		}
	}
	return fresh, nil
}

// organiserCode is the code of an organiser that is known by name alone.
func organiserCode(name string) string {
	if code := slug(name); code != "" {
		return code
	}
	sum := sha256.Sum256([]byte(name))
	return "organiser-" + hex.EncodeToString(sum[:6])
}

func (f *ActivityFile) write(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, fresh arrivals) error {
	if err := programme.AddOrganisations(ctx, tx, fresh.organisers); err != nil {
		return err
	}
	if err := activity.Add(ctx, tx, g.ID, fresh.activities); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, noteUpload, g.ID, id.New[id.Import](), "activities", f.File.Name, f.File.SHA256, f.File.Rows, tx.Now)
	if err != nil {
		return err
	}
	var made []string
	for _, o := range fresh.organisers {
		made = append(made, o.Code)
	}
	slices.Sort(made)
	return audit.Append(ctx, tx, string(g.ID), by.Label(), audit.Change{Verb: "activity.import", ObjectKind: "programme",
		ObjectID: string(g.ID), After: map[string]any{"file": f.File.Name, "hash": f.File.SHA256, "loaded": len(fresh.activities),
			"organisers": made}})
}

// A file may come twice after some of its activities were added by hand: it is noted once.
var noteUpload = db.SQL("intake.upload.note",
	`insert into upload (programme_id, id, kind, file, sha256, row_count, loaded_at) values ($1, $2, $3, $4, $5, $6, $7)
	 on conflict do nothing`)
