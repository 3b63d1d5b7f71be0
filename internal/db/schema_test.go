package db_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
)

// agencyWide are the tables that do not lead with the programme. Adding one is a decision: it cannot be spread over servers.
var agencyWide = []string{"agency_head", "api_token", "audit", "audit_words", "calendar_key", "company", "company_apart", "company_merge", "company_root", "invoice", "membership", "organisation", "person",
	"programme", "session"}

// sqliteShape and postgresShape give one line for each table, column, key, index and foreign key. Each is one query.
const sqliteShape = `
select 'table ' || name from sqlite_schema where type = 'table'
union all
select 'column ' || t.name || '.' || c.name || ' ' || lower(c.type) || case c."notnull" when 1 then ' not null' else '' end
  from sqlite_schema t, pragma_table_info(t.name) c where t.type = 'table'
union all
select 'primary key ' || t.name || ' (' || (select group_concat(name, ', ' order by pk) from pragma_table_info(t.name) where pk > 0) || ')'
  from sqlite_schema t where t.type = 'table' and exists (select 1 from pragma_table_info(t.name) where pk > 0)
union all
select 'unique ' || t.name || ' (' || (select group_concat(name, ', ' order by seqno) from pragma_index_info(i.name)) || ')'
  from sqlite_schema t, pragma_index_list(t.name) i where t.type = 'table' and i.origin = 'u'
union all
select 'index ' || i.name || ' ' || t.name || ' (' || (select group_concat(name, ', ' order by seqno) from pragma_index_info(i.name)) || ')'
  from sqlite_schema t, pragma_index_list(t.name) i where t.type = 'table' and i.origin = 'c'
union all
select 'reference ' || t.name || ' (' || group_concat(f."from", ', ' order by f.seq) || ') to ' || f."table" || ' ('
    || group_concat(f."to", ', ' order by f.seq) || ') ' || f.on_delete || ' ' || f.on_update
  from sqlite_schema t, pragma_foreign_key_list(t.name) f where t.type = 'table' group by t.name, f.id, f."table", f.on_delete, f.on_update`

const postgresShape = `
with t as (select c.oid, c.relname::text as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'),
k as (
  select x.*, t.name, (select string_agg(a.attname, ', ' order by u.n) from unnest(x.conkey) with ordinality u(attnum, n)
      join pg_attribute a on a.attrelid = x.conrelid and a.attnum = u.attnum) as columns,
    (select string_agg(a.attname, ', ' order by u.n) from unnest(x.confkey) with ordinality u(attnum, n)
      join pg_attribute a on a.attrelid = x.confrelid and a.attnum = u.attnum) as far
  from pg_constraint x join t on t.oid = x.conrelid)
select 'table ' || name from t
union all
select 'column ' || t.name || '.' || a.attname || ' ' || case y.typname when 'int2' then 'smallint' when 'int4' then 'integer'
    when 'int8' then 'bigint' else y.typname end || case when a.attnotnull then ' not null' else '' end
  from t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped join pg_type y on y.oid = a.atttypid
union all
select 'primary key ' || name || ' (' || columns || ')' from k where contype = 'p'
union all
select 'unique ' || name || ' (' || columns || ')' from k where contype = 'u'
union all
select 'index ' || c.relname || ' ' || t.name || ' (' || (select string_agg(a.attname, ', ' order by a.attnum) from pg_attribute a
    where a.attrelid = c.oid) || ')'
  from t join pg_index i on i.indrelid = t.oid join pg_class c on c.oid = i.indexrelid
  where not exists (select 1 from pg_constraint x where x.conindid = i.indexrelid)
union all
select 'reference ' || k.name || ' (' || columns || ') to ' || f.relname || ' (' || far || ') ' ||
    case confdeltype when 'a' then 'NO ACTION' else confdeltype::text end || ' ' || case confupdtype when 'a' then 'NO ACTION' else confupdtype::text end
  from k join pg_class f on f.oid = k.confrelid where contype = 'f'`

func shape(t *testing.T, d *db.DB) []string {
	t.Helper()
	query := sqliteShape
	if d.Engine() == db.PostgreSQL {
		query = postgresShape
	}
	lines := strings1(t, d, query)
	lines = slices.DeleteFunc(lines, func(l string) bool {
		return strings.Contains(l, "goose_db_version") || strings.Contains(l, " sqlite_")
	})
	slices.Sort(lines)
	return lines
}

func tablesOf(t *testing.T, d *db.DB) []string {
	t.Helper()
	var names []string
	for _, l := range shape(t, d) {
		if name, is := strings.CutPrefix(l, "table "); is {
			names = append(names, name)
		}
	}
	return names
}

func TestBothEnginesHaveOneSchema(t *testing.T) {
	shapes := map[db.Engine][]string{}
	dbtest.Both(t, func(t *testing.T, d *db.DB) { shapes[d.Engine()] = shape(t, d) })
	sqlite := shapes[db.SQLite]
	if len(sqlite) < 400 {
		t.Fatalf("only %d lines in the shape of SQLite", len(sqlite))
	}
	for _, kind := range []string{"table ", "column ", "primary key ", "unique ", "index ", "reference "} {
		if !slices.ContainsFunc(sqlite, func(l string) bool { return strings.HasPrefix(l, kind) }) {
			t.Errorf("no line starts with %q", kind)
		}
	}
	postgres, had := shapes[db.PostgreSQL]
	if !had {
		return // the texts of the tables are compared below in any case
	}
	for _, l := range sqlite {
		if !slices.Contains(postgres, l) {
			t.Errorf("only on SQLite: %s", l)
		}
	}
	for _, l := range postgres {
		if !slices.Contains(sqlite, l) {
			t.Errorf("only on PostgreSQL: %s", l)
		}
	}
}

func TestTableTextsDifferOnlyByTheDomain(t *testing.T) {
	read := func(engine db.Engine) []byte {
		body, err := os.ReadFile(fmt.Sprintf("migrations/%s/00001_tables.sql", engine))
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	const domain = "-- Text that sorts by bytes on both engines.\ncreate domain ctext as text collate \"C\";\n\n"
	if !bytes.Equal(read(db.SQLite), bytes.Replace(read(db.PostgreSQL), []byte(domain), nil, 1)) {
		t.Error("the two files of tables differ")
	}
}

func TestKeysLeadWithTheProgramme(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		var wide []string
		lines := shape(t, d)
		for _, table := range tablesOf(t, d) {
			leads := slices.ContainsFunc(lines, func(l string) bool {
				return strings.HasPrefix(l, "primary key "+table+" (programme_id")
			})
			if !leads {
				wide = append(wide, table)
			}
		}
		if !slices.Equal(wide, agencyWide) {
			t.Errorf("tables that do not lead with the programme: %v, want %v", wide, agencyWide)
		}
		for _, l := range lines {
			rest, is := strings.CutPrefix(l, "unique ")
			table, columns, _ := strings.Cut(rest, " (")
			if is && !slices.Contains(agencyWide, table) && !strings.HasPrefix(columns, "programme_id") {
				t.Errorf("%s: a programme's unique key leads with the programme", l)
			}
		}
	})
}

func TestEveryReferenceHasAnIndex(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		lines := shape(t, d)
		for _, l := range lines {
			rest, is := strings.CutPrefix(l, "reference ")
			if !is {
				continue
			}
			table, rest, _ := strings.Cut(rest, " (")
			columns, _, _ := strings.Cut(rest, ")")
			led := slices.ContainsFunc(lines, func(k string) bool {
				_, more, found := strings.Cut(k, " "+table+" ("+columns)
				return found && !strings.HasPrefix(k, "reference") && strings.ContainsAny(more[:1], ",)")
			})
			if !led {
				t.Errorf("no index leads with %s (%s)", table, columns)
			}
		}
	})
}

func TestBothEnginesHaveTheSameTriggers(t *testing.T) {
	names := map[db.Engine][]string{}
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		query := "select name from sqlite_schema where type = 'trigger' order by name"
		if d.Engine() == db.PostgreSQL {
			query = "select tgname::text from pg_trigger where not tgisinternal order by tgname"
		}
		names[d.Engine()] = strings1(t, d, query)
	})
	postgres, had := names[db.PostgreSQL]
	if !had {
		return
	}
	for _, n := range names[db.SQLite] {
		if !slices.Contains(postgres, n) {
			t.Errorf("only on SQLite: trigger %s", n)
		}
		if table, is := strings.CutSuffix(n, "_no_delete"); is && !slices.Contains(postgres, table+"_no_truncate") {
			t.Errorf("PostgreSQL may truncate %s", table)
		}
	}
	for _, n := range postgres {
		if !strings.HasSuffix(n, "_no_truncate") && !slices.Contains(names[db.SQLite], n) {
			t.Errorf("only on PostgreSQL: trigger %s", n)
		}
	}
}
