// Package db is the door to the one SQL database: units of work over SQLite or PostgreSQL, migrations, times and dates of fixed
// width, and the map from a violated constraint to a fault at a field. It knows no domain: SQL lives with the nouns.
package db

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"strings"
	"time"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

// Engine names the database behind a DB.
type Engine string

// The two engines. One SQL text serves both; only triggers and drivers differ.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgres"
)

//go:embed all:migrations
var migrations embed.FS

// patience is how long a unit of work waits for its turn. It also ends a unit of work nested in another, which would wait for itself.
const patience = 15 * time.Second

// DB is a database opened for use by many goroutines.
type DB struct {
	engine Engine
	writer *sql.DB // SQLite: exactly one connection
	reader *sql.DB // PostgreSQL: the same pool as writer
	clock  func() time.Time
}

// Open opens a SQLite file (made when absent) or a PostgreSQL URL (postgres://...). It does not migrate.
func Open(ctx context.Context, dsn string) (*DB, error) {
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		return openPostgres(ctx, dsn)
	}
	return openSQLite(ctx, dsn)
}

// WithClock returns the same database with another clock, for tests of terms and for replaying.
func (d *DB) WithClock(now func() time.Time) *DB {
	c := *d
	c.clock = now
	return &c
}

// Engine tells which engine is behind d.
func (d *DB) Engine() Engine { return d.engine }

// Pool is the writing pool, for libraries that bring their own SQL (job queue, migrations). Domain code uses Read and Write.
func (d *DB) Pool() *sql.DB { return d.writer }

// Now is the current moment as a unit of work would see it.
func (d *DB) Now() Time { return timeOf(d.clock()) }

// Close closes all connections.
func (d *DB) Close() error {
	err := d.writer.Close()
	if d.reader != d.writer {
		if e := d.reader.Close(); err == nil {
			err = e
		}
	}
	return err
}

// Read runs fn on a consistent snapshot. Writing in it fails.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if d.engine == PostgreSQL {
		opts.Isolation = sql.LevelRepeatableRead
	}
	return d.run(ctx, d.reader, opts, nil, fn)
}

// Write runs fn as the only writer of the programme: all of fn takes effect or nothing. Only SQL belongs in fn.
func (d *DB) Write(ctx context.Context, programme id.Programme, fn func(*Tx) error) error {
	return d.run(ctx, d.writer, nil, &head{scope: string(programme)}, fn)
}

// WriteAgency is Write for what belongs to the agency as a whole: people, organisations, companies, new programmes.
func (d *DB) WriteAgency(ctx context.Context, fn func(*Tx) error) error {
	return d.run(ctx, d.writer, nil, &head{}, fn)
}

// connect takes a connection of the pool, waiting for one no longer than patience.
func connect(ctx context.Context, pool *sql.DB) (*sql.Conn, error) {
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := pool.Conn(waiting)
	if err == nil {
		return conn, nil
	}
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil, fault.Unavailable("db.busy", nil, err)
	}
	return nil, unavailable(err)
}

func unavailable(err error) error {
	if known := explain(err); known != err {
		return known
	}
	return fault.Unavailable("db.unavailable", nil, err)
}

func (d *DB) run(ctx context.Context, pool *sql.DB, opts *sql.TxOptions, h *head, fn func(*Tx) error) (err error) {
	conn, err := connect(ctx, pool)
	if err != nil {
		return err
	}
	defer conn.Close()
	raw, err := conn.BeginTx(ctx, opts)
	if err != nil {
		return unavailable(err)
	}
	done := false
	defer func() {
		if !done { // also when fn panics: the panic goes on, the transaction does not
			_ = raw.Rollback()
		}
	}()
	tx := &Tx{Now: timeOf(d.clock()), raw: raw, conn: conn, engine: d.engine}
	if h != nil {
		if err := tx.takeHead(ctx, h); err != nil {
			return err
		}
	}
	if err := fn(tx); err != nil {
		return err
	}
	if tx.doom != nil {
		return tx.doom
	}
	if err := tx.saveHeads(ctx); err != nil {
		return err
	}
	done = true
	if err := raw.Commit(); err != nil {
		return explain(fmt.Errorf("commit: %w", err))
	}
	return nil
}
