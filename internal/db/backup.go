package db

import (
	"context"
	"os"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// Backup writes a whole and consistent copy of a SQLite database to a new file while others read and write. It refuses an existing
// file (conflict) and PostgreSQL (invalid): its own pg_dump does that better.
func (d *DB) Backup(ctx context.Context, path string) error {
	if d.engine != SQLite {
		return fault.Invalid("", "db.backup_postgres", nil)
	}
	if _, err := os.Lstat(path); err == nil {
		return fault.Conflict("db.backup_exists", text.Args{"path": path})
	}
	draft := path + ".part" // a backup that was cut off never bears the name of a whole one
	if err := os.Remove(draft); err != nil && !os.IsNotExist(err) {
		return fault.Internal(err)
	}
	// A reader suffices and leaves the one writer free; query_only forbids even a write to another file, so it is lifted for this one.
	conn, err := connect(ctx, d.reader)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "pragma query_only(0)"); err != nil {
		return fault.Internal(err)
	}
	_, err = conn.ExecContext(ctx, "vacuum into $1", draft)
	if _, e := conn.ExecContext(context.WithoutCancel(ctx), "pragma query_only(1)"); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(draft, path)
	}
	if err != nil {
		_ = os.Remove(draft)
		return fault.Internal(err)
	}
	return nil
}

// Whole reads every page and index of a SQLite database and tells whether they fit together: a conflict where they do not. On PostgreSQL the
// server's checksums do that.
func (d *DB) Whole(ctx context.Context) error {
	if d.engine != SQLite {
		return nil
	}
	var says string
	if err := d.reader.QueryRowContext(ctx, "pragma integrity_check(1)").Scan(&says); err != nil {
		return fault.Conflict("db.damaged", text.Args{"why": err.Error()})
	}
	if says != "ok" {
		return fault.Conflict("db.damaged", text.Args{"why": says})
	}
	return nil
}
