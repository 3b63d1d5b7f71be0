package db

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// grantable says whether a role exists and would be held by grants: neither a superuser nor an owner is.
const grantable = `
select not r.rolsuper and not exists (
  select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = current_schema() and c.relkind in ('r', 'p') and pg_has_role(r.rolname, c.relowner, 'member'))
from pg_roles r where r.rolname = $1`

// Grant lets a PostgreSQL role run the application on tables that it does not own: it reads and writes rows, and may neither
// truncate, alter nor drop a table nor switch off a trigger. The owner migrates and grants; the program then serves as the role. Tables
// that a later migration of the same owner makes are granted too. Invalid for a role that owns the tables or is a superuser, for a
// role that does not exist, and on SQLite.
func (d *DB) Grant(ctx context.Context, role string) error {
	if d.engine != PostgreSQL {
		return fault.Invalid("role", "db.grant_sqlite", nil)
	}
	conn, err := connect(ctx, d.writer)
	if err != nil {
		return err
	}
	defer conn.Close()
	raw, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return unavailable(err)
	}
	defer raw.Rollback() // after a commit this does nothing
	var may bool
	var schema string
	if err := raw.QueryRowContext(ctx, "select current_schema()").Scan(&schema); err != nil {
		return fault.Internal(err)
	}
	err = raw.QueryRowContext(ctx, grantable, role).Scan(&may)
	if errors.Is(err, sql.ErrNoRows) || (err == nil && !may) {
		return fault.Invalid("role", "db.grant_role", text.Args{"role": role})
	}
	if err != nil {
		return fault.Internal(err)
	}
	to, in := pgx.Identifier{role}.Sanitize(), pgx.Identifier{schema}.Sanitize()
	for _, statement := range []string{
		"grant usage on schema " + in + " to " + to,
		"grant select, insert, update, delete on all tables in schema " + in + " to " + to,
		"revoke insert, update, delete on goose_db_version from " + to, // which migrations ran is the owner's to say
		"grant usage, select on all sequences in schema " + in + " to " + to,
		"alter default privileges in schema " + in + " grant select, insert, update, delete on tables to " + to,
		"alter default privileges in schema " + in + " grant usage, select on sequences to " + to,
	} {
		if _, err := raw.ExecContext(ctx, statement); err != nil {
			return fault.Internal(err)
		}
	}
	return fault.Internal(raw.Commit())
}
