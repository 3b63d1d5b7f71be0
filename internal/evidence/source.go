package evidence

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
)

var (
	bySource = db.SQL("evidence.source.row",
		`select id, state from evidence where programme_id = $1 and source_kind = $2 and source_id = $3`)
	reportedOf = db.SQL("evidence.activity.reported",
		`select id from evidence where programme_id = $1 and activity_id = $2 and state = 'reported'`)
)

// BySource is the row that a record left, with its state; "" when it left none.
func BySource(ctx context.Context, tx *db.Tx, programme id.Programme, kind, source string) (found id.Evidence, state State, err error) {
	err = tx.Row(ctx, bySource, programme, kind, source).Scan(&found, &state)
	if errors.Is(err, db.ErrNone) {
		err = nil
	}
	return found, state, err
}

// Restore says in the name of its source that a row it had replaced holds after all: it is reported again, and verified anew. Leave and audit
// are the caller's, as for Record.
func Restore(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, evidence id.Evidence, reason string) error {
	s, err := load(ctx, tx, access.All, programme, evidence)
	if err != nil || s.state != Rejected {
		return err
	}
	return s.move(ctx, tx, by, programme, evidence, Reported, reason)
}

// ReportedOf lists the rows of an activity that wait to be verified.
func ReportedOf(ctx context.Context, tx *db.Tx, programme id.Programme, activity id.Activity) ([]id.Evidence, error) {
	var all []id.Evidence
	err := tx.Each(ctx, reportedOf, []any{programme, activity}, func(r *sql.Rows) error {
		var e id.Evidence
		err := r.Scan(&e)
		all = append(all, e)
		return err
	})
	slices.Sort(all) // in the query it would send SQLite through the whole programme
	return all, err
}
