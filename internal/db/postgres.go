package db

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib" // the driver; named here and nowhere else
)

// PostgreSQL's error codes, appendix A of its manual.
const (
	stateNotNull    = "23502"
	stateForeignKey = "23503"
	stateUnique     = "23505"
	stateCheck      = "23514"
	stateLock       = "55P03"
	stateDeadlock   = "40P01"
)

func openPostgres(ctx context.Context, dsn string) (*DB, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	// A write waits for another one of the same programme, but not for ever: the longest may hold on for two seconds.
	if config.RuntimeParams["lock_timeout"] == "" {
		config.RuntimeParams["lock_timeout"] = fmt.Sprint(patience.Milliseconds())
	}
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(4 * max(2, runtime.NumCPU()))
	pool.SetMaxIdleConns(2 * max(2, runtime.NumCPU()))
	if err := pool.PingContext(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	return &DB{engine: PostgreSQL, writer: pool, reader: pool, clock: time.Now}, nil
}

func brokenOnPostgres(err error) (kind breach, name string) {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return noBreach, ""
	}
	switch e.Code {
	case stateForeignKey:
		return ofReference, ""
	case stateNotNull:
		return ofNull, ""
	case stateUnique, stateCheck:
		return ofRule, e.ConstraintName
	case stateLock, stateDeadlock:
		return ofPatience, ""
	}
	return noBreach, ""
}

// bulk keeps a long statement of many rows out of the cache of prepared statements, on both ends of the connection.
func (tx *Tx) bulk(args []any) []any {
	if tx.engine != PostgreSQL {
		return args
	}
	return append([]any{pgx.QueryExecModeDescribeExec}, args...)
}

const (
	enoughToCopy = 50  // rows from which COPY is quicker than a statement that is read, planned and bound
	manyRows     = 500 // when tables have grown enough for PostgreSQL to plan anew
)

// copyRows writes rows by COPY: keys, checks and triggers hold as for any insert.
func (tx *Tx) copyRows(ctx context.Context, table string, columns []string, rows [][]any) error {
	return tx.conn.Raw(func(driver any) error {
		_, err := driver.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromRows(rows))
		return err
	})
}

// planAnew forgets plans of key checks that were made while the tables were small; kept, they would scan them for each further row.
func (tx *Tx) planAnew(ctx context.Context, rows int) error {
	if rows < manyRows {
		return nil
	}
	_, err := tx.raw.ExecContext(ctx, "discard plans")
	return tx.failed(err)
}

// Weigh lets the planner know how large tables are after many rows were written. PostgreSQL would find out by itself a minute later;
// SQLite needs no figures for its plans.
func (d *DB) Weigh(ctx context.Context) error {
	if d.engine != PostgreSQL {
		return nil
	}
	if _, err := d.writer.ExecContext(ctx, "analyze"); err != nil {
		return unavailable(err)
	}
	return nil
}
