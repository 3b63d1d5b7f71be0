package audit

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
)

// erasure is what the record of an erasure says: which rows of which scope lost their words, as "1-3,7".
type erasure struct {
	Words map[string]string `json:"words"`
}

// eraseVerb and eraseKind mark the record of an erasure; the object is the person.
const (
	eraseVerb = "audit.erase"
	eraseKind = "person"
)

var (
	wordsOf = db.SQL("audit.words.of",
		`select scope, n from audit_words where person_id = $1 and salt <> '' order by scope, n`)
	blankWords = db.SQL("audit.words.blank",
		`update audit_words set salt = '', before = '', after = '' where person_id = $1 and salt <> ''`)
	erasures = db.SQL("audit.erasure.list",
		`select w.after, w.salt, w.before, a.digest from audit a join audit_words w on w.scope = a.scope and w.n = a.n
		 where a.scope = '' and a.object_kind = $1 and a.verb = $2 order by a.n`)
)

// Erase takes away the words and salts of every change that holds personal data of a person, in every scope, and tells how many. It
// records, in the agency's chain, which rows it blanked, so that Verify knows them from words that somebody else took away. The unit of
// work must be of the agency (db.WriteAgency). Without anything to erase it records nothing.
func Erase(ctx context.Context, tx *db.Tx, actor string, person id.Person) (int, error) {
	if person == "" {
		return 0, nil
	}
	rows := map[string]*numbers{}
	count := 0
	err := tx.Each(ctx, wordsOf, []any{person}, func(r *sql.Rows) error {
		var scope string
		var n int64
		if err := r.Scan(&scope, &n); err != nil {
			return err
		}
		if rows[scope] == nil {
			rows[scope] = &numbers{}
		}
		rows[scope].add(n)
		count++
		return nil
	})
	if err != nil || count == 0 {
		return 0, err
	}
	if _, err := tx.Exec(ctx, blankWords, person); err != nil {
		return 0, err
	}
	record := erasure{Words: map[string]string{}}
	for scope, list := range rows {
		record.Words[scope] = list.String()
	}
	return count, Append(ctx, tx, "", actor, Change{Verb: eraseVerb, ObjectKind: eraseKind, ObjectID: string(person), After: record})
}

// loadErased reads which rows of a scope were blanked by recorded erasures. A record whose words are not as recorded proves nothing.
func loadErased(ctx context.Context, tx *db.Tx, scope string) (numbers, error) {
	var out numbers
	err := tx.Each(ctx, erasures, []any{eraseKind, eraseVerb}, func(r *sql.Rows) error {
		var after, salt, before, digest string
		if err := r.Scan(&after, &salt, &before, &digest); err != nil {
			return err
		}
		var e erasure
		if digestOf(salt, before, after) != digest || json.Unmarshal([]byte(after), &e) != nil {
			return nil
		}
		list, err := parseNumbers(e.Words[scope])
		if err != nil {
			return fmt.Errorf("read an erasure: %w", err)
		}
		out = append(out, list...)
		return nil
	})
	return out, err
}

// numbers is a set of row numbers as ranges from first to last.
type numbers [][2]int64

// add takes a number above all others.
func (l *numbers) add(n int64) {
	if last := len(*l) - 1; last >= 0 && (*l)[last][1] == n-1 {
		(*l)[last][1] = n
		return
	}
	*l = append(*l, [2]int64{n, n})
}

func (l numbers) has(n int64) bool {
	for _, r := range l {
		if r[0] <= n && n <= r[1] {
			return true
		}
	}
	return false
}

// String writes the ranges as "1-3,7".
func (l numbers) String() string {
	var b strings.Builder
	for i, r := range l {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatInt(r[0], 10))
		if r[1] > r[0] {
			b.WriteString("-" + strconv.FormatInt(r[1], 10))
		}
	}
	return b.String()
}

func parseNumbers(s string) (numbers, error) {
	var out numbers
	if s == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(s, ",") {
		from, to, ranged := strings.Cut(part, "-")
		if !ranged {
			to = from
		}
		a, err := strconv.ParseInt(from, 10, 64)
		if err != nil {
			return nil, err
		}
		b, err := strconv.ParseInt(to, 10, 64)
		if err != nil {
			return nil, err
		}
		out = append(out, [2]int64{a, b})
	}
	return out, nil
}
