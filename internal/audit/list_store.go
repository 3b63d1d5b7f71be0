package audit

import (
	"context"
	"database/sql"
	"math"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
)

// Filter narrows a list of changes; each empty field narrows nothing. ObjectID asks for ObjectKind; an object or an actor, not both.
type Filter struct {
	ObjectKind string
	ObjectID   string
	Actor      string
	Before     int64 // rows numbered below it; 0: from the newest
	Limit      int   // 0: 50
}

// Row is one recorded change. Before and After are canonical JSON, "" for none or erased.
type Row struct {
	N             int64
	At            db.Time
	Actor         string
	Verb          string
	ObjectKind    string
	ObjectID      string
	Before, After string
	Erased        bool
	Hash          string
}

var (
	listScope = db.SQL("audit.row.list",
		`select a.n, a.at, a.actor, a.verb, a.object_kind, a.object_id, a.hash, coalesce(w.before, ''), coalesce(w.after, ''),
		   case when coalesce(w.salt, '') = '' then 1 else 0 end
		 from audit a left join audit_words w on w.scope = a.scope and w.n = a.n
		 where a.scope = $1 and a.n < $2 order by a.n desc limit $3`)
	listKind = db.SQL("audit.row.kind",
		`select a.n, a.at, a.actor, a.verb, a.object_kind, a.object_id, a.hash, coalesce(w.before, ''), coalesce(w.after, ''),
		   case when coalesce(w.salt, '') = '' then 1 else 0 end
		 from audit a left join audit_words w on w.scope = a.scope and w.n = a.n
		 where a.scope = $1 and a.n < $2 and a.object_kind = $4 order by a.n desc limit $3`)
	listObject = db.SQL("audit.row.object",
		`select a.n, a.at, a.actor, a.verb, a.object_kind, a.object_id, a.hash, coalesce(w.before, ''), coalesce(w.after, ''),
		   case when coalesce(w.salt, '') = '' then 1 else 0 end
		 from audit a left join audit_words w on w.scope = a.scope and w.n = a.n
		 where a.scope = $1 and a.n < $2 and a.object_kind = $4 and a.object_id = $5 order by a.n desc limit $3`)
	listActor = db.SQL("audit.row.actor",
		`select a.n, a.at, a.actor, a.verb, a.object_kind, a.object_id, a.hash, coalesce(w.before, ''), coalesce(w.after, ''),
		   case when coalesce(w.salt, '') = '' then 1 else 0 end
		 from audit a left join audit_words w on w.scope = a.scope and w.n = a.n
		 where a.scope = $1 and a.n < $2 and a.actor = $4 and (cast($5 as text) = '' or a.object_kind = $5) order by a.n desc limit $3`)
)

// List reads changes of a scope, newest first.
func List(ctx context.Context, tx *db.Tx, scope string, f Filter) ([]Row, error) {
	if f.Before <= 0 {
		f.Before = math.MaxInt64
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	q, args := listScope, []any{scope, f.Before, f.Limit}
	switch {
	case f.ObjectID != "" && f.Actor != "":
		return nil, fault.Invalid("actor", "audit.object_or_actor", nil)
	case f.ObjectID != "":
		q, args = listObject, append(args, f.ObjectKind, f.ObjectID)
	case f.Actor != "":
		q, args = listActor, append(args, f.Actor, f.ObjectKind)
	case f.ObjectKind != "":
		q, args = listKind, append(args, f.ObjectKind)
	}
	var out []Row
	err := tx.Each(ctx, q, args, func(r *sql.Rows) error {
		var row Row
		var erased int
		err := r.Scan(&row.N, &row.At, &row.Actor, &row.Verb, &row.ObjectKind, &row.ObjectID, &row.Hash, &row.Before, &row.After, &erased)
		row.Erased = erased == 1
		out = append(out, row)
		return err
	})
	return out, err
}
