package db_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
)

// big are the tables that may pass 10,000 rows.
var big = []string{"activity", "activity_organiser", "audit", "audit_words", "cell_evidence", "company", "company_root", "cost_item", "entry",
	"evidence", "evidence_credit", "evidence_decision", "file", "file_part", "invoice", "item_proof", "item_sample", "knowledge_entry", "knowledge_form", "knowledge_item",
	"knowledge_posting", "knowledge_word", "mail", "outcome", "participation", "posting"}

// wholeTable lists, with a reason, the queries that may read the whole of a big table (or of an index of it).
var wholeTable = map[string]string{
	"cube.row.all":             "a cold cube reads a whole programme once: in the order of storage that takes half the time of the way along an index",
	"company.root.list":        "who may be one is found among all companies, on a desk of the agency",
	"cube.company.all":         "the same: every company and what it stands for, once",
	"company.company.numbered": "an import matches thousands of rows with the register: one read instead of one for each row",
	"mail.mail.unsettled":      "four times an hour, over all programmes, and the letters of three months are few",
	"company.company.loose":    "an import that is begun again looks once for companies without a number that nothing refers to",
}

func TestNoQueryReadsAWholeBigTable(t *testing.T) {
	all := queries(t)
	for name := range wholeTable {
		if !slices.ContainsFunc(all, func(q query) bool { return q.name == name }) {
			t.Errorf("the list of whole tables names %s, which is no query", name)
		}
	}
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		for _, q := range all {
			scans, err := scansOf(t.Context(), d, q.text)
			if err != nil {
				t.Errorf("%s: %s: %v", q.where, q.name, err)
				continue
			}
			if wholeTable[q.name] == "" && len(scans) > 0 {
				t.Errorf("%s: %s reads the whole of %s", q.where, q.name, strings.Join(scans, ", "))
			}
		}
	})
}

// The test above is worth as much as its eye for a scan.
func TestScansAreSeen(t *testing.T) {
	cases := []struct {
		text string
		want []string
	}{
		{"select count(*) from evidence", []string{"evidence"}},
		{"select e.id from evidence as e where e.programme_id || '' = $1", []string{"evidence"}},
		{"select id from evidence where programme_id = $1 and id = $2", nil},
		{"select c.id from company c order by c.sort_key, c.id limit 50", []string{"company"}},
		{"select c.id from company c where (c.sort_key, c.id) > ($1, $2) order by c.sort_key, c.id limit 50", nil},
		{"select p.id from participation p join company_root r on r.company_id = p.company_id where p.programme_id = $1 and p.activity_id = $2", nil},
		{"select p.id from participation p join company_root r on r.root_id || '' = p.company_id where p.programme_id = $1 and p.activity_id = $2",
			[]string{"company_root"}},
		{"with x as (select id from audit_words join person on person.id = person_id) select count(*) from x, goal",
			[]string{"audit_words"}},
		{"update cost_item set reason = $1 where reason = $2", []string{"cost_item"}},
		{"delete from posting where line = $1", []string{"posting"}},
		{"insert into goal (programme_id, id, code, position, name_nl, name_en, name_fr) values ($1, $2, $3, $4, $5, $6, $7)", nil},
		{"select id from goal", nil},
		{"select id from evidence where (programme_id = $1 and id = $2) or company_id = $3", nil},
	}
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		for _, c := range cases {
			got, err := scansOf(t.Context(), d, c.text)
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%s\nreads the whole of %v, want %v (%v)", c.text, got, c.want, err)
			}
		}
		if _, err := scansOf(t.Context(), d, "select nothing from evidence"); err == nil {
			t.Error("a column that does not exist was prepared")
		}
	})
}

// scansOf prepares a text and lists the big tables that its plan reads whole. PostgreSQL plans for a generic parameter, and with every
// other way of joining made dear: on an empty database only an index that is missing then leaves a scan.
func scansOf(ctx context.Context, d *db.DB, text string) ([]string, error) {
	conn, err := d.Pool().Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	prepared, err := conn.PrepareContext(ctx, text) // as the application does
	if err != nil {
		return nil, err
	}
	if err := prepared.Close(); err != nil {
		return nil, err
	}
	scans := sqliteScans
	if d.Engine() == db.PostgreSQL {
		scans = postgresScans
	}
	found, err := scans(ctx, conn, text)
	slices.Sort(found)
	found = slices.DeleteFunc(slices.Compact(found), func(table string) bool { return !slices.Contains(big, table) })
	if len(found) == 0 {
		return nil, err
	}
	return found, err
}

var numbered = regexp.MustCompile(`\$(\d+)`)

func parameters(text string) int {
	most := 0
	for _, m := range numbered.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[1])
		most = max(most, n)
	}
	return most
}

var (
	sqliteScan = regexp.MustCompile(`^SCAN (\w+)`)
	// An index that SQLite makes for one query alone is made by reading the whole table.
	sqliteAutomatic = regexp.MustCompile(`^SEARCH (\w+) USING AUTOMATIC`)
	named1          = regexp.MustCompile(`(?i)\b(?:from|join|update|into|,)\s+(\w+)(?:\s+as)?\s+(\w+)\b`)
)

func sqliteScans(ctx context.Context, conn *sql.Conn, text string) ([]string, error) {
	rows, err := conn.QueryContext(ctx, "explain query plan "+text, make([]any, parameters(text))...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	aliases := map[string][]string{}
	for _, m := range named1.FindAllStringSubmatch(text, -1) {
		aliases[m[2]] = append(aliases[m[2]], m[1])
	}
	var found []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			return nil, err
		}
		for _, pattern := range []*regexp.Regexp{sqliteScan, sqliteAutomatic} {
			if m := pattern.FindStringSubmatch(detail); m != nil {
				found = append(append(found, m[1]), aliases[m[1]]...)
			}
		}
	}
	return found, rows.Err()
}

// node is what matters of a node of PostgreSQL's plan.
type node struct {
	Type     string `json:"Node Type"`
	Relation string `json:"Relation Name"`
	Index    string `json:"Index Cond"`
	Plans    []node
}

func (n node) scans() []string {
	var found []string
	whole := n.Type == "Seq Scan" || ((n.Type == "Index Scan" || n.Type == "Index Only Scan") && n.Index == "")
	if whole {
		found = append(found, n.Relation)
	}
	if n.Type == "Bitmap Heap Scan" && n.unbounded() {
		found = append(found, n.Relation)
	}
	for _, below := range n.Plans {
		found = append(found, below.scans()...)
	}
	return found
}

// unbounded says whether a bitmap is made of a whole index.
func (n node) unbounded() bool {
	return (n.Type == "Bitmap Index Scan" && n.Index == "") || slices.ContainsFunc(n.Plans, node.unbounded)
}

func postgresScans(ctx context.Context, conn *sql.Conn, text string) (found []string, err error) {
	for _, s := range []string{"set plan_cache_mode = force_generic_plan", "set enable_seqscan = off", "set enable_hashjoin = off",
		"set enable_mergejoin = off", "prepare planned as " + text} {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			return nil, err
		}
	}
	defer func() {
		if _, e := conn.ExecContext(ctx, "deallocate planned"); err == nil {
			err = e
		}
	}()
	execute := "execute planned"
	if n := parameters(text); n > 0 {
		execute += "(" + strings.TrimSuffix(strings.Repeat("null, ", n), ", ") + ")"
	}
	var plan string
	if err := conn.QueryRowContext(ctx, "explain (format json) "+execute).Scan(&plan); err != nil {
		return nil, err
	}
	var tops []struct{ Plan node }
	if err := json.Unmarshal([]byte(plan), &tops); err != nil || len(tops) != 1 {
		return nil, fmt.Errorf("plan %s: %w", plan, err)
	}
	return tops[0].Plan.scans(), nil
}
