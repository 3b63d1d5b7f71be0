package knowledge

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Use is that an organisation used another one's item in a year.
type Use struct {
	Organisation id.Organisation
	Label        string
	Year         period.Year
	Purpose      string
	On           period.Date
}

var (
	selectUses = db.SQL("knowledge.use.list",
		`select u.organisation_id, o.short_name, o.name, u.year, u.purpose, u.used_on from knowledge_use u join organisation o on o.id = u.organisation_id
		 where u.programme_id = $1 and u.item_id = $2 order by u.used_on desc, o.sort_key`)
	insertUse = db.SQL("knowledge.use.add",
		`insert into knowledge_use (programme_id, item_id, organisation_id, year, purpose, used_by, used_on) values ($1, $2, $3, $4, $5, $6, $7)
		 on conflict do nothing`)
	holdsFile = db.SQL("knowledge.file.holds",
		`select count(*) from knowledge_version where programme_id = $1 and item_id = $2 and ' ' || files || ' ' like '% ' || $3 || ' %'`)
)

// Users lists the organisations of somebody in whose name another's item may be used.
func Users(by access.Actor, i Item) []id.Organisation {
	var out []id.Organisation
	for _, m := range by.Memberships {
		if m.Organisation != "" && m.Organisation != i.Organisation && m.Role != access.Auditor && m.Role != access.Assessor && !slices.Contains(out, m.Organisation) {
			out = append(out, m.Organisation)
		}
	}
	if slices.ContainsFunc(by.Memberships, func(m access.Membership) bool { return m.Organisation == i.Organisation }) {
		return nil // nobody's own item is used by themselves
	}
	return out
}

// Say records what another organisation's item was used for. An organisation's use of an item counts once a year; to say it again is a
// conflict (knowledge.used_before).
func Say(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, item id.Knowledge, purpose string) error {
	i, err := Load(ctx, tx, by, g, item)
	if err != nil {
		return err
	}
	if err := by.May("knowledge.use", i.Subject()); err != nil {
		return err
	}
	users := Users(by, i)
	if len(users) == 0 {
		return fault.Denied("knowledge.own_use", nil)
	}
	if err := checkNote("purpose", purpose, true); err != nil {
		return err
	}
	u := Use{Organisation: users[0], Year: tx.Now.Date().Year(), Purpose: strings.TrimSpace(purpose), On: tx.Now.Date()}
	n, err := tx.Exec(ctx, insertUse, g, i.ID, u.Organisation, int(u.Year), u.Purpose, db.OrNull(by.ID), u.On)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflict("knowledge.used_before", text.Args{"year": u.Year.String()})
	}
	if err := recordOnce(ctx, tx, by, g, i, "knowledge-use", string(i.ID)+" "+string(u.Organisation)+" "+u.Year.String(), "used"); err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: "knowledge.use", ObjectKind: "knowledge", ObjectID: string(i.ID),
		After: map[string]any{"organisation": u.Organisation, "year": u.Year, "purpose": u.Purpose}})
}

// Uses lists who used an item, the last first. The caller has loaded the item.
func Uses(ctx context.Context, tx *db.Tx, g id.Programme, i Item) ([]Use, error) {
	var all []Use
	err := tx.Each(ctx, selectUses, []any{g, i.ID}, func(r *sql.Rows) error {
		var u Use
		var short, name string
		err := r.Scan(&u.Organisation, &short, &name, &u.Year, &u.Purpose, &u.On)
		if u.Label = short; short == "" {
			u.Label = name
		}
		all = append(all, u)
		return err
	})
	return all, err
}

// ReadFile gives a file of an item that reaches the reader, also one that only a version before had.
func ReadFile(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, item id.Knowledge, f id.File) (file.File, []byte, error) {
	i, err := Load(ctx, tx, by, g, item)
	if err != nil {
		return file.File{}, nil, err
	}
	if !slices.ContainsFunc(i.Files, func(x file.File) bool { return x.ID == f }) {
		var held int
		if err := tx.Row(ctx, holdsFile, g, i.ID, f).Scan(&held); err != nil {
			return file.File{}, nil, err
		}
		if held == 0 {
			return file.File{}, nil, fault.Missing("file.missing", nil)
		}
	}
	kept, err := file.Kept(ctx, tx, g, f)
	if err != nil {
		return file.File{}, nil, err
	}
	all, err := file.Read(ctx, tx, g, kept)
	return kept, all, err
}
