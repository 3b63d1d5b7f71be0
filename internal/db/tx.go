package db

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// Query is an SQL text with a name of its own. A test prepares each on both engines.
type Query struct{ Name, Text string }

// SQL names an SQL text: `area.noun.verb`. Both must be literals, so that tests can read them from the source.
func SQL(name, text string) Query { return Query{Name: name, Text: text} }

// Tx is one unit of work. Now is the same in all of it. After a statement that failed it does nothing more and is not committed:
// what may clash says `on conflict do nothing returning ...` and meets ErrNone instead.
type Tx struct {
	Now    Time
	raw    *sql.Tx
	conn   *sql.Conn // that the transaction runs on
	engine Engine
	heads  []*head
	doom   error // the first statement that failed
}

// Engine tells which engine the unit of work runs on.
func (tx *Tx) Engine() Engine { return tx.engine }

// Raw is the transaction itself, for enqueueing a job in it.
func (tx *Tx) Raw() *sql.Tx { return tx.raw }

// failed notes that a statement failed. PostgreSQL then refuses the rest of the transaction; so does SQLite here.
func (tx *Tx) failed(err error) error {
	err = explain(err)
	if err != nil && tx.doom == nil {
		tx.doom = err
	}
	return err
}

// Row is a query's single row; Scan says db.ErrNone when there is none.
type Row struct {
	tx  *Tx
	row *sql.Row
	err error
}

// ErrNone says that a query for one row found none.
var ErrNone = errors.New("db: no row")

// Scan copies the row's columns.
func (r Row) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	err := r.row.Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNone
	}
	return r.tx.failed(err)
}

// Row runs a query for at most one row.
func (tx *Tx) Row(ctx context.Context, q Query, args ...any) Row {
	if tx.doom != nil {
		return Row{err: tx.doom}
	}
	return Row{tx: tx, row: tx.raw.QueryRowContext(ctx, q.Text, args...)}
}

// Each runs a query and calls scan for every row. Scan only copies: PostgreSQL runs no second query while rows are read.
func (tx *Tx) Each(ctx context.Context, q Query, args []any, scan func(*sql.Rows) error) error {
	if tx.doom != nil {
		return tx.doom
	}
	rows, err := tx.raw.QueryContext(ctx, q.Text, args...)
	if err != nil {
		return tx.failed(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return tx.failed(rows.Err())
}

// Exec runs a statement and tells how many rows it touched.
func (tx *Tx) Exec(ctx context.Context, q Query, args ...any) (int64, error) {
	if tx.doom != nil {
		return 0, tx.doom
	}
	res, err := tx.raw.ExecContext(ctx, q.Text, args...)
	if err != nil {
		return 0, tx.failed(err)
	}
	n, err := res.RowsAffected()
	return n, tx.failed(err)
}

// maxParameters keeps a statement of many rows below what either engine takes (SQLite 32,766; PostgreSQL 65,535).
const maxParameters = 8_000

// Insert writes many rows of one table in few statements. Table and columns are literals of the caller; a row has a value per column.
func (tx *Tx) Insert(ctx context.Context, table string, columns []string, rows [][]any) error {
	if tx.doom != nil {
		return tx.doom
	}
	if tx.engine == PostgreSQL && len(rows) >= enoughToCopy {
		if err := tx.copyRows(ctx, table, columns, rows); err != nil {
			return tx.failed(err)
		}
		return tx.planAnew(ctx, len(rows))
	}
	per := maxParameters / len(columns)
	full := ""
	for some := range slices.Chunk(rows, per) {
		text := full
		if len(some) < per || full == "" {
			text = tx.insertText(table, columns, len(some))
		}
		if len(some) == per {
			full = text
		}
		if _, err := tx.raw.ExecContext(ctx, text, tx.bulk(slices.Concat(some...))...); err != nil {
			return tx.failed(err)
		}
	}
	return nil
}

// insertText numbers its parameters for PostgreSQL alone: SQLite takes a numbered one for a name and looks it up among all others,
// which makes a long statement quadratic.
func (tx *Tx) insertText(table string, columns []string, rows int) string {
	var b strings.Builder
	b.WriteString("insert into " + table + " (" + strings.Join(columns, ", ") + ") values ")
	for p := range rows * len(columns) {
		switch {
		case p == 0:
			b.WriteString("(")
		case p%len(columns) == 0:
			b.WriteString("),(")
		default:
			b.WriteString(",")
		}
		if tx.engine == PostgreSQL {
			b.WriteString("$" + strconv.Itoa(p+1))
		} else {
			b.WriteString("?")
		}
	}
	b.WriteString(")")
	return b.String()
}

// OrNull is NULL for the empty string: optional references are null in the database and empty in Go.
func OrNull[T ~string](s T) any {
	if s == "" {
		return nil
	}
	return string(s)
}

// Bit is how both engines keep a yes or no: 1 or 0.
func Bit(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
