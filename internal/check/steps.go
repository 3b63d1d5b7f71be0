package check

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/programme"
)

var listSteps = db.SQL("check.steps",
	`select a.n, a.verb, a.object_kind, a.object_id, w.before, w.after
	 from audit a join audit_words w on w.scope = a.scope and w.n = a.n
	 where a.scope = $1 and a.object_kind in ('claim', 'payment', 'batch', 'settlement', 'decision') and w.salt <> ''
	 order by a.n`)

// holdSteps: the trail knows no step that the table of verbs does not, and each object goes on from where its last step left it. An object
// that was read from files begins where its first step finds it. Source: domain section 3.
func holdSteps(ctx context.Context, tx *db.Tx, g programme.Programme, l *Law) error {
	last := map[string]string{}
	return tx.Each(ctx, listSteps, []any{string(g.ID)}, func(r *sql.Rows) error {
		var n int64
		var verb access.VerbName
		var kind, object, before, after string
		if err := r.Scan(&n, &verb, &kind, &object, &before, &after); err != nil {
			return err
		}
		v, known := access.Find(verb)
		was, is := stateIn(before), stateIn(after)
		if !known || v.Object != kind || is == "" {
			return nil
		}
		l.Held++
		if stood, moved := last[object]; moved && was != "" && was != stood {
			l.broken("entry %d of the trail: %s of a %s that was %s, not %s", n, verb, kind, stood, was)
		}
		if was != is && !leads(v, was, is) {
			l.broken("entry %d of the trail: %s led a %s from %q to %s", n, verb, kind, was, is)
		}
		last[object] = is
		return nil
	})
}

// leads tells whether a verb takes its object from one state to another: by itself, or as two steps at once, such as a claim that is
// approved with nothing to pay and so is closed.
func leads(v access.Verb, was, is string) bool {
	from := was
	if v.Moves() {
		if !slices.Contains(v.From, was) {
			return false
		}
		if from = v.To; from == is {
			return true
		}
	}
	return slices.ContainsFunc(access.Verbs(), func(next access.Verb) bool {
		return next.Object == v.Object && next.To == is && slices.Contains(next.From, from)
	})
}

// stateIn is the state that the words of a change name, "" for none.
func stateIn(words string) string {
	var seen struct {
		State string `json:"state"`
	}
	if json.Unmarshal([]byte(words), &seen) != nil {
		return ""
	}
	return seen.State
}
