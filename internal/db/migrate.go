package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Migrate brings the schema to this program's version and tells how many steps that took.
func (d *DB) Migrate(ctx context.Context) (int, error) {
	files, err := fs.Sub(migrations, "migrations/"+string(d.engine))
	if err != nil || d.current(ctx, files) {
		return 0, err
	}
	dialect, options := goose.DialectSQLite3, []goose.ProviderOption{
		goose.WithAllowOutofOrder(true), // steps are numbered by topic, and a topic may grow one after a later topic has its own
	}
	if d.engine == PostgreSQL {
		dialect = goose.DialectPostgres
		alone, err := lock.NewPostgresSessionLocker() // two programs that start at once
		if err != nil {
			return 0, err
		}
		options = append(options, goose.WithSessionLocker(alone))
	}
	provider, err := goose.NewProvider(dialect, d.writer, files, options...)
	if err != nil {
		return 0, err
	}
	done, err := provider.Up(ctx)
	return len(done), err
}

// current tells whether every step was taken already. It is asked at each start: to read all steps for that would take longer than all else.
func (d *DB) current(ctx context.Context, files fs.FS) bool {
	steps, err := fs.Glob(files, "*.sql")
	if err != nil {
		return false
	}
	taken := map[int64]bool{}
	rows, err := d.writer.QueryContext(ctx, "select version_id from "+goose.DefaultTablename+" where is_applied order by id")
	if err != nil { // there is no such table in a new database
		return false
	}
	defer rows.Close()
	for rows.Next() {
		var v int64
		if rows.Scan(&v) != nil {
			return false
		}
		taken[v] = true
	}
	for _, name := range steps {
		if v, err := goose.NumericComponent(name); err != nil || !taken[v] {
			return false
		}
	}
	return rows.Err() == nil
}

// Schema is a fingerprint of the migrations that this program carries for the engine: the same text is the same schema.
func Schema(engine Engine) (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(migrations, "migrations/"+string(engine), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := fs.ReadFile(migrations, path)
		sum.Write([]byte(path))
		sum.Write(body)
		return err
	})
	return hex.EncodeToString(sum.Sum(nil))[:16], err
}
