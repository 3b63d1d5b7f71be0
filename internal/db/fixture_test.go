package db_test

import (
	"context"
	"database/sql"
	"os"
	"strings"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/id"
)

// programme is the one programme of testdata/one_of_each.sql.
const programme = id.Programme("00000000-0000-7000-8000-000000000301")

// both runs a test on each engine over one row in every table.
func both(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		test(t, d)
	})
}

func fill(t *testing.T, d *db.DB) {
	t.Helper()
	body, err := os.ReadFile("testdata/one_of_each.sql")
	if err != nil {
		t.Fatal(err)
	}
	err = d.WriteAgency(t.Context(), func(tx *db.Tx) error {
		for statement := range strings.SplitSeq(string(body), ";\n") {
			if strings.TrimSpace(statement) == "" {
				continue
			}
			if _, err := tx.Exec(t.Context(), db.Query{Text: statement}); err != nil {
				t.Log(statement)
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// exec runs statements in one unit of work of the agency.
func exec(ctx context.Context, d *db.DB, statements ...string) error {
	return d.WriteAgency(ctx, func(tx *db.Tx) error {
		for _, s := range statements {
			if _, err := tx.Exec(ctx, db.Query{Text: s}); err != nil {
				return err
			}
		}
		return nil
	})
}

// strings1 reads a query's one column.
func strings1(t *testing.T, d *db.DB, query string) []string {
	t.Helper()
	var all []string
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.Each(t.Context(), db.Query{Text: query}, nil, func(r *sql.Rows) error {
			var s sql.NullString
			err := r.Scan(&s)
			all = append(all, s.String)
			return err
		})
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return all
}

func columnsOf(t *testing.T, d *db.DB, table string) []string {
	t.Helper()
	var names []string
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		rows, err := tx.Raw().QueryContext(t.Context(), "select * from "+table+" limit 0")
		if err != nil {
			return err
		}
		defer rows.Close()
		names, err = rows.Columns()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// step is one statement: a text, or a copy of a table's first row with some columns set to SQL expressions.
type step struct {
	sql   string
	table string
	set   []string // column, expression, column, expression...
}

func again(table string, set ...string) step { return step{table: table, set: set} }

func (s step) text(t *testing.T, d *db.DB) string {
	t.Helper()
	if s.sql != "" {
		return s.sql
	}
	columns := columnsOf(t, d, s.table)
	values := append([]string(nil), columns...)
	for i := 0; i < len(s.set); i += 2 {
		found := false
		for j, c := range columns {
			if c == s.set[i] {
				values[j], found = s.set[i+1], true
			}
		}
		if !found {
			t.Fatalf("table %s has no column %s", s.table, s.set[i])
		}
	}
	return "insert into " + s.table + " (" + strings.Join(columns, ", ") + ") select " + strings.Join(values, ", ") +
		" from " + s.table + " order by 1, 2 limit 1"
}

func texts(t *testing.T, d *db.DB, steps []step) []string {
	t.Helper()
	var all []string
	for _, s := range steps {
		all = append(all, s.text(t, d))
	}
	return all
}
