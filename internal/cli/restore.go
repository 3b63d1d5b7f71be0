package cli

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"

	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// restoreCommand puts a backup in the place of the database, once it is known to be whole. It never overwrites one.
type restoreCommand struct {
	File string `arg:"" help:"The backup."`
}

func (c *restoreCommand) Run(r *command.Run) error {
	target := r.Globals.DB
	if strings.Contains(target, "://") {
		return fault.Invalid("db", "db.backup_postgres", nil)
	}
	if _, err := os.Lstat(target); err == nil {
		return fault.Conflict("db.backup_exists", text.Args{"path": target})
	}
	draft := target + ".part" // a database that was cut off or is broken never bears the name of a whole one
	err := copyBackup(c.File, draft)
	if err == nil {
		err = verifyBackup(r, draft)
	}
	if err == nil {
		err = os.Rename(draft, target)
	}
	if err != nil {
		for _, part := range []string{draft, draft + "-wal", draft + "-shm"} {
			if e := os.Remove(part); e != nil && !errors.Is(e, os.ErrNotExist) {
				err = errors.Join(err, e)
			}
		}
		return err
	}
	r.Say("cli.restored", text.Args{"file": c.File, "db": target})
	return nil
}

func copyBackup(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return fault.Invalid("file", "cli.no_file", text.Args{"path": from})
	}
	defer in.Close()
	magic := []byte("SQLite format 3\x00")
	head := make([]byte, len(magic))
	if _, err := io.ReadFull(in, head); err != nil || !bytes.Equal(head, magic) {
		return fault.Invalid("file", "cli.no_backup", text.Args{"path": from})
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fault.Invalid("db", "cli.cannot_write", text.Args{"path": to})
	}
	_, err = io.Copy(out, io.MultiReader(bytes.NewReader(head), in))
	return errors.Join(err, out.Sync(), out.Close())
}

// verifyBackup reads the whole file, brings its schema to this version, and holds every law and every chain of the trail against it.
func verifyBackup(r *command.Run, path string) (err error) {
	d, err := db.Open(r, path)
	if err != nil {
		return fault.Conflict("db.damaged", text.Args{"why": err.Error()})
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.Whole(r); err != nil {
		return err
	}
	if err := command.Migrate(r, d); err != nil {
		return err
	}
	found, err := runCheck(r, d, "")
	if err != nil {
		return err
	}
	if err := found.Err(); err != nil {
		return err
	}
	return verifyTrail(r, d)
}
