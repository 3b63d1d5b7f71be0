package audit

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/text"
)

// Kind is what is wrong with a chain.
type Kind string

// What Verify finds.
const (
	Changed      Kind = "changed"       // row N is not what was recorded (or the one before it was replaced)
	Missing      Kind = "missing"       // rows N to Other are gone
	Reordered    Kind = "reordered"     // row N was recorded as row Other
	Truncated    Kind = "truncated"     // rows N to Other, the last ones, are gone
	Extra        Kind = "extra"         // row N was put in after the last one recorded
	Head         Kind = "head"          // the last hash is not the recorded one: the rows up to N were rewritten together
	WordsChanged Kind = "words-changed" // the words of row N are not those recorded
	WordsMissing Kind = "words-missing" // the words of row N are gone and no erasure is recorded
	TooMany      Kind = "too-many"      // so much is wrong that reading stopped at row N
)

// Finding is one fault of a chain.
type Finding struct {
	Scope    string
	Kind     Kind
	N, Other int64
}

// Say is the finding for a person.
func (f Finding) Say(l text.Language) string {
	return l.Say(text.Key("audit.finding."+string(f.Kind)), text.Args{"row": f.N, "other": f.Other})
}

var (
	verifyRows = db.SQL("audit.row.verify",
		`select a.n, a.at, a.actor, a.verb, a.object_kind, a.object_id, a.digest, a.hash,
		   coalesce(w.salt, ''), coalesce(w.before, ''), coalesce(w.after, '')
		 from audit a left join audit_words w on w.scope = a.scope and w.n = a.n
		 where a.scope = $1 order by a.n`)
	agencyEnd    = db.SQL("audit.end.agency", `select audit_count, audit_hash from agency_head where id = 1`)
	programmeEnd = db.SQL("audit.end.programme", `select audit_count, audit_hash from programme_head where programme_id = $1`)
	auditScopes  = db.SQL("audit.scope.list", `select programme_id from programme_head order by programme_id`)
)

// Scopes lists every scope that has a chain: "" for the agency, then each programme.
func Scopes(ctx context.Context, tx *db.Tx) ([]string, error) {
	out := []string{""}
	err := tx.Each(ctx, auditScopes, nil, func(r *sql.Rows) error {
		var scope string
		err := r.Scan(&scope)
		out = append(out, scope)
		return err
	})
	return out, err
}

// maxSuspects bounds the search for the place a row comes from, and what a report lists.
const maxSuspects = 50

// Verify reads a scope's chain from its first row to its head and lists what is wrong with it, in the order of the rows; none is good.
// It holds a few rows at a time. A row after a gap cannot be proved against what went before it. Give it a reading unit of work.
func Verify(ctx context.Context, tx *db.Tx, scope string) ([]Finding, error) {
	erased, err := loadErased(ctx, tx, scope)
	if err != nil {
		return nil, err
	}
	v := verifier{scope: scope, erased: erased}
	q, args := agencyEnd, []any(nil)
	if scope != "" {
		q, args = programmeEnd, []any{scope}
	}
	if err := tx.Row(ctx, q, args...).Scan(&v.count, &v.head); err != nil {
		return nil, err
	}
	err = tx.Each(ctx, verifyRows, []any{scope}, func(r *sql.Rows) error {
		l := link{scope: scope}
		var w words
		var hash string
		err := r.Scan(&l.n, &l.at, &l.actor, &l.verb, &l.objectKind, &l.objectID, &l.digest, &hash, &w.salt, &w.before, &w.after)
		if err == nil && !v.full() {
			v.row(l, hash, w)
		}
		return err
	})
	return v.end(), err
}

type words struct{ salt, before, after string }

// suspect is a row whose hash does not follow from the stored hash before it.
type suspect struct {
	link
	stored, before string
}

type verifier struct {
	scope    string
	erased   numbers
	count    int64 // rows that the head says there are
	head     string
	last     int64
	hash     string
	suspects []suspect
	findings []Finding
	words    []Finding
}

func (v *verifier) full() bool { return len(v.suspects)+len(v.findings)+len(v.words) >= maxSuspects }

func (v *verifier) find(k Kind, n, other int64) {
	v.findings = append(v.findings, Finding{v.scope, k, n, other})
}

func (v *verifier) row(l link, hash string, w words) {
	gap := l.n != v.last+1
	switch {
	case l.n > v.count:
		v.find(Extra, l.n, 0)
	case gap:
		v.find(Missing, v.last+1, l.n-1)
	case l.hash(v.hash) != hash:
		v.suspects = append(v.suspects, suspect{l, hash, v.hash})
	}
	switch {
	case w == words{} && v.erased.has(l.n):
	case w == words{}:
		v.words = append(v.words, Finding{v.scope, WordsMissing, l.n, 0})
	case digestOf(w.salt, w.before, w.after) != l.digest:
		v.words = append(v.words, Finding{v.scope, WordsChanged, l.n, 0})
	}
	v.last, v.hash = l.n, hash
}

// end compares with the head, tells apart what the suspects are, and puts all findings in order.
func (v *verifier) end() []Finding {
	switch {
	case v.full():
		v.find(TooMany, v.last, 0)
	case v.last < v.count:
		v.find(Truncated, v.last+1, v.count)
	case v.last == v.count && v.hash != v.head && !v.elsewhere(v.head):
		v.find(Head, v.last, 0)
	}
	spoilt := map[int64]bool{}
	for _, s := range v.suspects {
		switch was := v.origin(s); was {
		case s.n: // sound: only the row before it stands elsewhere
		case 0:
			v.find(Changed, s.n, 0)
			spoilt[s.n] = true
		default:
			v.find(Reordered, s.n, was)
			spoilt[s.n] = true
		}
	}
	for _, f := range v.words { // a row that is not as recorded says nothing about its words
		if !spoilt[f.N] {
			v.findings = append(v.findings, f)
		}
	}
	slices.SortStableFunc(v.findings, func(a, b Finding) int { return cmp.Compare(a.N, b.N) })
	return v.findings
}

// elsewhere tells whether a suspect carries a hash, so that it has moved rather than gone.
func (v *verifier) elsewhere(hash string) bool {
	return slices.ContainsFunc(v.suspects, func(s suspect) bool { return s.stored == hash })
}

// origin looks for the number under which a suspect follows from one of the hashes about; 0 when there is none.
func (v *verifier) origin(s suspect) int64 {
	for _, place := range v.suspects {
		l := s.link
		l.n = place.n
		for _, other := range v.suspects {
			if l.hash(other.stored) == s.stored || l.hash(other.before) == s.stored {
				return place.n
			}
		}
	}
	return 0
}
