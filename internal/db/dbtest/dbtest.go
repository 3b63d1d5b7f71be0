// Package dbtest gives a test a database of its own, migrated and empty. It is not a mock: SQLite is a file of the test, and with
// ERRERA_TEST_POSTGRES set to a URL (of a role that may create databases) the same test runs on a new PostgreSQL database.
package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"errera.eu/errera/internal/db"
)

// Open gives a fresh migrated database, which goes away with the test.
func Open(t testing.TB) *db.DB {
	t.Helper()
	if server := os.Getenv("ERRERA_TEST_POSTGRES"); server != "" {
		return Postgres(t, server)
	}
	return SQLite(t)
}

// Address gives the address of a fresh migrated database, for tests that open it themselves or hand it to a command.
func Address(t testing.TB) string {
	t.Helper()
	if server := os.Getenv("ERRERA_TEST_POSTGRES"); server != "" {
		return PostgresURL(t, server)
	}
	file := filepath.Join(t.TempDir(), "errera.db")
	fill(t, file)
	return file
}

// Both runs a test on SQLite and, where ERRERA_TEST_POSTGRES is set, on PostgreSQL too: some compare the two.
func Both(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	if server := os.Getenv("ERRERA_TEST_POSTGRES"); server != "" {
		t.Run("postgres", func(t *testing.T) { test(t, Postgres(t, server)) })
	}
}

// SQLite gives a fresh migrated SQLite database.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	file := filepath.Join(t.TempDir(), "errera.db")
	fill(t, file)
	return open(t, file)
}

// migrated is an empty database of this program's schema, as its file is. Each test gets a copy: to take all steps takes longer than most tests.
var migrated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "errera-schema-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	ctx, file := context.Background(), filepath.Join(dir, "errera.db")
	d, err := db.Open(ctx, file)
	if err != nil {
		return nil, err
	}
	_, err = d.Migrate(ctx)
	if err := errors.Join(err, d.Close()); err != nil { // closed, all of it is in the one file
		return nil, err
	}
	return os.ReadFile(file)
})

func fill(t testing.TB, file string) {
	t.Helper()
	empty, err := migrated()
	if err == nil {
		err = os.WriteFile(file, empty, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Postgres gives a fresh migrated database of the server.
func Postgres(t testing.TB, server string) *db.DB {
	t.Helper()
	return open(t, PostgresURL(t, server))
}

// PostgresURL makes a fresh migrated database and gives its address, for tests that open it themselves.
func PostgresURL(t testing.TB, server string) string {
	t.Helper()
	return newDatabase(t, server, func(ctx context.Context, name string) error { return clone(ctx, server, name) })
}

// newDatabase makes a database that goes away with the test.
func newDatabase(t testing.TB, server string, create func(ctx context.Context, name string) error) string {
	t.Helper()
	name := "errera_test_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	if err := create(t.Context(), name); err != nil {
		t.Fatalf("make database %s: %v", name, err)
	}
	t.Cleanup(func() {
		if err := onServer(context.Background(), server, "drop database "+name+" with (force)"); err != nil {
			t.Errorf("drop database %s: %v", name, err)
		}
	})
	return at(server, name)
}

func open(t testing.TB, dsn string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close database: %v", err)
		}
	})
	return d
}

// templateLock keeps the packages that are tested side by side from making the template at once.
const templateLock = 7_205_759

// clone copies a template that holds this program's schema; the first to come makes it.
func clone(ctx context.Context, server, name string) error {
	schema, err := db.Schema(db.PostgreSQL)
	if err != nil {
		return err
	}
	template := "errera_template_" + schema
	pool, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	defer pool.Close() // gives up the lock too
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "select pg_advisory_lock($1)", templateLock); err != nil {
		return err
	}
	var made bool
	find := "select exists (select 1 from pg_database where datname = $1)"
	if err := conn.QueryRowContext(ctx, find, template).Scan(&made); err != nil {
		return err
	}
	if !made {
		if err := makeTemplate(ctx, conn, server, template); err != nil {
			return err
		}
	}
	_, err = conn.ExecContext(ctx, "create database "+name+" template "+template)
	return err
}

// makeTemplate migrates under another name first, so that a run that is stopped halfway leaves no half template.
func makeTemplate(ctx context.Context, conn *sql.Conn, server, template string) error {
	draft := template + "_draft"
	for _, q := range []string{"drop database if exists " + draft + " with (force)", "create database " + draft} {
		if _, err := conn.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	d, err := db.Open(ctx, at(server, draft))
	if err != nil {
		return err
	}
	_, err = d.Migrate(ctx)
	if e := d.Close(); err == nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("migrate the template: %w", err)
	}
	_, err = conn.ExecContext(ctx, "alter database "+draft+" rename to "+template)
	return err
}

func onServer(ctx context.Context, server, statement string) error {
	pool, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	defer pool.Close()
	_, err = pool.ExecContext(ctx, statement)
	return err
}

func at(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + name
	return u.String()
}

// DSN gives the address of a fresh database for a process of its own; SQLite's file does not exist yet.
func DSN(t testing.TB) string {
	t.Helper()
	if server := os.Getenv("ERRERA_TEST_POSTGRES"); server != "" {
		return PostgresURL(t, server)
	}
	return filepath.Join(t.TempDir(), "errera.db")
}

// Copy gives the address of a copy of a database that nobody has open: quicker than filling another one.
func Copy(t testing.TB, dsn string) string {
	t.Helper()
	server := os.Getenv("ERRERA_TEST_POSTGRES")
	if server == "" {
		into := filepath.Join(t.TempDir(), "errera.db")
		b, err := os.ReadFile(dsn) // the last process that closed it left no journal beside it
		if err == nil {
			err = os.WriteFile(into, b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		return into
	}
	from, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	return newDatabase(t, server, func(ctx context.Context, name string) error {
		return onServer(ctx, server, "create database "+name+" template "+strings.TrimPrefix(from.Path, "/"))
	})
}
