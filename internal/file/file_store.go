package file

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"slices"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

var (
	selectFile = db.SQL("file.file.load",
		`select f.id, coalesce(f.organisation_id, ''), f.name, f.type, f.size, f.sha256, f.scan, f.added_at, coalesce(f.added_by, '')
		 from file f where f.programme_id = $1 and f.id = $2`)
	hasParts    = db.SQL("file.part.known", `select count(*) from file_part where programme_id = $1 and sha256 = $2`)
	insertPart  = db.SQL("file.part.add", `insert into file_part (programme_id, sha256, n, data) values ($1, $2, $3, $4)`)
	selectParts = db.SQL("file.part.list", `select data from file_part where programme_id = $1 and sha256 = $2 order by n`)
)

// partBytes is what one row holds; a multiple of three, so that only the last part's base64 is padded.
const partBytes = 384 << 10

func save(ctx context.Context, tx *db.Tx, g id.Programme, f File, content []byte) error {
	err := tx.Insert(ctx, "file", []string{"programme_id", "id", "organisation_id", "name", "type", "size", "sha256", "scan", "added_at", "added_by"},
		[][]any{{g, f.ID, db.OrNull(f.Partner), f.Name, f.Type, f.Size, f.SHA256, f.Scan, f.Added, db.OrNull(f.AddedBy)}})
	if err != nil {
		return err
	}
	var known int
	if err := tx.Row(ctx, hasParts, g, f.SHA256).Scan(&known); err != nil || known > 0 {
		return err
	}
	n := 0
	for part := range slices.Chunk(content, partBytes) {
		n++
		if _, err := tx.Exec(ctx, insertPart, g, f.SHA256, n, base64.StdEncoding.EncodeToString(part)); err != nil {
			return err
		}
	}
	return nil
}

func load(ctx context.Context, tx *db.Tx, g id.Programme, file id.File) (File, error) {
	var f File
	err := tx.Row(ctx, selectFile, g, file).Scan(&f.ID, &f.Partner, &f.Name, &f.Type, &f.Size, &f.SHA256, &f.Scan, &f.Added, &f.AddedBy)
	if errors.Is(err, db.ErrNone) {
		return f, fault.Missing("file.missing", nil)
	}
	return f, err
}

func read(ctx context.Context, tx *db.Tx, g id.Programme, f File) ([]byte, error) {
	all := make([]byte, 0, f.Size)
	err := tx.Each(ctx, selectParts, []any{g, f.SHA256}, func(r *sql.Rows) error {
		var encoded sql.RawBytes
		if err := r.Scan(&encoded); err != nil {
			return err
		}
		var err error
		all, err = base64.StdEncoding.AppendDecode(all, encoded)
		return err
	})
	return all, err
}
