package knowledge

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/id"
)

// columns are those of an item and its organisation; seen is what a reader may see of them: $1 programme, $2 reach, $3 own organisations.
const (
	columns = `i.id, i.number, i.organisation_id, o.code, o.short_name, o.name, o.kind, i.kind, i.state, i.reach, i.language, i.title, i.body,
		   i.markets, i.sectors, i.needs, i.version, i.reason, coalesce(i.made_by, ''), i.published_on, i.changed_at, i.revision
		 from knowledge_item i join organisation o on o.id = i.organisation_id`
	seen = `i.programme_id = $1 and ((i.state = 'published' and i.reach <= $2) or $2 = 3 or $3 like '%' || i.organisation_id || '%')`
)

var (
	selectItem = db.SQL("knowledge.item.load", `select `+columns+` where `+seen+` and i.id = $4`)
	nextNumber = db.SQL("knowledge.item.next", `select coalesce(max(number), 0) from knowledge_item where programme_id = $1`)
	saveItem   = db.SQL("knowledge.item.change",
		`update knowledge_item set kind = $3, reach = $4, language = $5, title = $6, body = $7, markets = $8, sectors = $9, needs = $10,
		   changed_at = $11, revision = revision + 1 where programme_id = $1 and id = $2 and revision = $12`)
	saveState = db.SQL("knowledge.item.move",
		`update knowledge_item set state = $4, version = $5, reason = $6, published_on = $7, changed_at = $8,
		   revision = revision + 1
		 where programme_id = $1 and id = $2 and state = $3`)
	deleteFiles    = db.SQL("knowledge.file.drop_all", `delete from knowledge_file where programme_id = $1 and item_id = $2`)
	deleteFile     = db.SQL("knowledge.file.drop", `delete from knowledge_file where programme_id = $1 and item_id = $2 and file_id = $3`)
	deleteItem     = db.SQL("knowledge.item.discard", `delete from knowledge_item where programme_id = $1 and id = $2 and state = 'draft'`)
	selectFiles    = db.SQL("knowledge.file.list", `select file_id from knowledge_file where programme_id = $1 and item_id = $2 order by position`)
	selectVersions = db.SQL("knowledge.version.list",
		`select v.version, v.reach, v.language, v.title, v.body, v.markets, v.sectors, v.needs, v.files, v.note, coalesce(p.name, ''), v.published_at
		 from knowledge_version v left join person p on p.id = v.published_by
		 where v.programme_id = $1 and v.item_id = $2 order by v.version desc`)
	selectDrafts = db.SQL("knowledge.item.unpublished", `select `+columns+` where `+seen+` and i.state <> 'published' and i.organisation_id = $4
		 order by i.changed_at desc, i.number desc`)
)

func scan(r interface{ Scan(into ...any) error }, i *Item) error {
	var short, name, kind, markets, sectors, needs string
	err := r.Scan(&i.ID, &i.Number, &i.Organisation, &i.Code, &short, &name, &kind, &i.Kind, &i.State, &i.Reach, &i.Language, &i.Title, &i.Body,
		&markets, &sectors, &needs, &i.Version, &i.Reason, &i.MadeBy, &i.Published, &i.Changed, &i.Revision)
	i.Label = short
	if short == "" {
		i.Label = name
	}
	i.ByAgency = kind == "agency"
	i.Markets, i.Sectors, i.Needs = strings.Fields(markets), strings.Fields(sectors), strings.Fields(needs)
	return err
}

func load(ctx context.Context, tx *db.Tx, r reader, g id.Programme, item id.Knowledge) (Item, error) {
	var i Item
	if r.none {
		return i, fault.Missing("knowledge.missing", nil)
	}
	err := scan(tx.Row(ctx, selectItem, g, int(r.reach), r.own, item), &i)
	if errors.Is(err, db.ErrNone) {
		return i, fault.Missing("knowledge.missing", nil)
	}
	if err != nil {
		return i, err
	}
	files, err := fileIDs(ctx, tx, g, item)
	if err != nil {
		return i, err
	}
	for _, f := range files {
		kept, err := file.Kept(ctx, tx, g, f)
		if err != nil {
			return i, err
		}
		i.Files = append(i.Files, kept)
	}
	return i, nil
}

func fileIDs(ctx context.Context, tx *db.Tx, g id.Programme, item id.Knowledge) ([]id.File, error) {
	var files []id.File
	err := tx.Each(ctx, selectFiles, []any{g, item}, func(r *sql.Rows) error {
		var f id.File
		err := r.Scan(&f)
		files = append(files, f)
		return err
	})
	return files, err
}

func (c Content) said() []any {
	return []any{c.Kind, int(c.Reach), c.Language, strings.TrimSpace(c.Title), c.Body, strings.Join(c.Markets, " "), strings.Join(c.Sectors, " "),
		strings.Join(c.Needs, " ")}
}

func insert(ctx context.Context, tx *db.Tx, g id.Programme, all []Item) error {
	rows := make([][]any, len(all))
	for n, i := range all {
		rows[n] = append([]any{g, i.ID, i.Number, i.Organisation, i.State, i.Version, i.Reason, db.OrNull(i.MadeBy), tx.Now, i.Published, i.Changed, 1},
			i.Content.said()...)
	}
	return tx.Insert(ctx, "knowledge_item", []string{"programme_id", "id", "number", "organisation_id", "state", "version", "reason", "made_by",
		"made_at", "published_on", "changed_at", "revision", "kind", "reach", "language", "title", "body", "markets", "sectors", "needs"}, rows)
}

func insertVersions(ctx context.Context, tx *db.Tx, g id.Programme, all []Item, note string, by id.Person) error {
	rows := make([][]any, len(all))
	for n, i := range all {
		files := make([]string, len(i.Files))
		for k, f := range i.Files {
			files[k] = string(f.ID)
		}
		rows[n] = append([]any{g, i.ID, i.Version, strings.Join(files, " "), note, db.OrNull(by), tx.Now}, i.Content.said()[1:]...)
	}
	return tx.Insert(ctx, "knowledge_version", []string{"programme_id", "item_id", "version", "files", "note", "published_by", "published_at", "reach",
		"language", "title", "body", "markets", "sectors", "needs"}, rows)
}

// Versions lists what was published of an item, the newest first. The caller has loaded the item.
func Versions(ctx context.Context, tx *db.Tx, g id.Programme, i Item) ([]Version, error) {
	var all []Version
	err := tx.Each(ctx, selectVersions, []any{g, i.ID}, func(r *sql.Rows) error {
		v := Version{Content: Content{Kind: i.Kind}}
		var markets, sectors, needs, files string
		err := r.Scan(&v.Version, &v.Reach, &v.Language, &v.Title, &v.Body, &markets, &sectors, &needs, &files, &v.Note, &v.By, &v.On)
		v.Markets, v.Sectors, v.Needs = strings.Fields(markets), strings.Fields(sectors), strings.Fields(needs)
		for _, f := range strings.Fields(files) {
			v.Files = append(v.Files, id.File(f))
		}
		all = append(all, v)
		return err
	})
	return all, err
}
