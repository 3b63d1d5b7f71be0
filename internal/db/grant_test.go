package db_test

import (
	"context"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
)

func TestGrant(t *testing.T) {
	ctx := t.Context()
	if err := dbtest.SQLite(t).Grant(ctx, "errera"); !fault.Is(err, fault.KindInvalid) {
		t.Errorf("SQLite: %v", err)
	}
	server := os.Getenv("ERRERA_TEST_POSTGRES")
	if server == "" {
		t.Log("only PostgreSQL has roles")
		return
	}
	address := dbtest.PostgresURL(t, server)
	owner := reopen(t, address)
	fill(t, owner)
	role, other := "errera_app_"+short(), "errera_other_"+short()
	for _, r := range []string{role, other} {
		if _, err := owner.Pool().ExecContext(ctx, "create role "+r+" login password 'secret'"); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { dropRole(t, owner, r) })
	}
	for _, wrong := range []string{"nobody_" + short(), "postgres"} {
		if err := owner.Grant(ctx, wrong); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("granted %s: %v", wrong, err)
		}
	}
	for range 2 { // again does no harm
		if err := owner.Grant(ctx, role); err != nil {
			t.Fatal(err)
		}
	}
	application := reopen(t, as(t, address, role))
	if err := application.Write(ctx, programme, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, db.Query{Text: again("goal", "id", fresh, "code", wrong).text(t, owner)}); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, db.Query{Text: "delete from session"})
		return err
	}); err != nil {
		t.Errorf("the application cannot work: %v", err)
	}
	for _, forbidden := range []string{"truncate session", "truncate goal cascade", "truncate posting, entry cascade", "drop table session",
		"alter table posting disable trigger all", "alter table posting disable trigger posting_no_update", "drop trigger posting_no_update on posting",
		"alter table session add column more text", "create or replace function refuse() returns trigger language plpgsql as $$ begin return new; end $$",
		"set session_replication_role = replica", "update goose_db_version set is_applied = false", "create trigger t before insert on goal execute function refuse('x')",
		"drop index company_sort", "alter table posting owner to " + role} {
		if _, err := application.Pool().ExecContext(ctx, forbidden); err == nil {
			t.Errorf("the application may: %s", forbidden)
		} else if m := err.Error(); !strings.Contains(m, "42501") {
			t.Errorf("%s: %v", forbidden, err)
		}
	}
	refused(t, application, "db.immutable", "update posting set amount = 1")
	refused(t, application, "db.immutable", "delete from audit")

	stranger := reopen(t, as(t, address, other))
	if _, err := stranger.Pool().ExecContext(ctx, "select 1 from session"); err == nil {
		t.Error("a role without a grant reads")
	}
	// A table of a later migration is the application's to use too.
	if _, err := owner.Pool().ExecContext(ctx, "create table later (id bigint)"); err != nil {
		t.Fatal(err)
	}
	if _, err := application.Pool().ExecContext(ctx, "insert into later (id) values (1)"); err != nil {
		t.Errorf("a later table: %v", err)
	}
}

func short() string { return strings.ReplaceAll(uuid.NewString(), "-", "")[:12] }

func reopen(t *testing.T, address string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func as(t *testing.T, address, role string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(role, "secret")
	return u.String()
}

func dropRole(t *testing.T, owner *db.DB, role string) {
	t.Helper()
	for _, s := range []string{"drop owned by " + role, "drop role " + role} {
		if _, err := owner.Pool().ExecContext(context.Background(), s); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
}
