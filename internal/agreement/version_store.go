package agreement

import (
	"context"
	"database/sql"
	"fmt"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

var (
	selectVersions = db.SQL("agreement.version.list",
		`select n, side, hash, note, made_at, coalesce(made_by, ''), answer_by, state, state_at, coalesce(state_by, '')
		 from agreement_version where programme_id = $1 and agreement_id = $2 order by n`)
	selectDocument = db.SQL("agreement.version.document",
		`select document, hash from agreement_version where programme_id = $1 and agreement_id = $2 and n = $3`)
	selectAcceptances = db.SQL("agreement.acceptance.list",
		`select n, side, hash, accepted_at, coalesce(accepted_by, '') from agreement_acceptance
		 where programme_id = $1 and agreement_id = $2 order by n, accepted_at, side`)
	moveVersion = db.SQL("agreement.version.move",
		`update agreement_version set state = $4, state_at = $5, state_by = $6
		 where programme_id = $1 and agreement_id = $2 and n = $3 and state = 'proposed'`)
)

// Versions lists the versions of an agreement, oldest first, without their documents. The caller has loaded the agreement within a scope.
func Versions(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement) ([]Version, error) {
	var all []Version
	place := map[int]int{}
	err := tx.Each(ctx, selectVersions, []any{g, a}, func(r *sql.Rows) error {
		var v Version
		err := r.Scan(&v.N, &v.Side, &v.Hash, &v.Note, &v.MadeAt, &v.MadeBy, &v.AnswerBy, &v.State, &v.StateAt, &v.StateBy)
		place[v.N] = len(all)
		all = append(all, v)
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, tx.Each(ctx, selectAcceptances, []any{g, a}, func(r *sql.Rows) error {
		var n int
		var x Acceptance
		if err := r.Scan(&n, &x.Side, &x.Hash, &x.At, &x.By); err != nil {
			return err
		}
		all[place[n]].Bound = append(all[place[n]].Bound, x)
		return nil
	})
}

// LoadVersion is one version with its document; missing (agreement.version_missing) when there is none of that number.
func LoadVersion(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, n int) (Version, error) {
	all, err := Versions(ctx, tx, g, a)
	if err != nil {
		return Version{}, err
	}
	for _, v := range all {
		if v.N == n {
			v.Document, err = loadDocument(ctx, tx, g, a, v)
			return v, err
		}
	}
	return Version{}, fault.Missing("agreement.version_missing", text.Args{"n": n})
}

// loadDocument reads what a version holds, and refuses a text whose hash is another: somebody rewrote the database.
func loadDocument(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, v Version) (Document, error) {
	var form, hash string
	if err := tx.Row(ctx, selectDocument, g, a, v.N).Scan(&form, &hash); err != nil {
		return Document{}, err
	}
	if HashOf(form) != hash {
		return Document{}, fault.Internal(fmt.Errorf("agreement %s: version %d is not what was accepted", a, v.N))
	}
	return ParseDocument(form)
}

// addVersion writes a proposed version, to which its own side is bound, and gives it with its hash.
func addVersion(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, v Version) (Version, error) {
	form, err := v.Document.Canonical()
	if err != nil {
		return v, err
	}
	v.Hash, v.State, v.StateAt, v.StateBy = HashOf(form), Proposed, v.MadeAt, v.MadeBy
	err = tx.Insert(ctx, "agreement_version", []string{"programme_id", "agreement_id", "n", "side", "document", "hash", "note", "amends",
		"made_at", "made_by", "answer_by", "state", "state_at", "state_by"},
		[][]any{{g, a, v.N, v.Side, form, v.Hash, v.Note, v.Document.Amends, v.MadeAt, db.OrNull(v.MadeBy), v.AnswerBy, v.State,
			v.StateAt, db.OrNull(v.StateBy)}})
	if err != nil {
		return v, err
	}
	return bind(ctx, tx, g, a, v, Acceptance{v.Side, v.Hash, v.MadeAt, v.MadeBy})
}

// bind writes that a side accepted the content of a version.
func bind(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, v Version, x Acceptance) (Version, error) {
	v.Bound = append(v.Bound, x)
	return v, tx.Insert(ctx, "agreement_acceptance", []string{"programme_id", "agreement_id", "n", "side", "hash", "accepted_at",
		"accepted_by"}, [][]any{{g, a, v.N, x.Side, x.Hash, x.At, db.OrNull(x.By)}})
}

// settle moves a proposed version to another state; conflict (agreement.version_moved) when it is no longer proposed.
func settle(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, v Version, to VersionState, at db.Time, by id.Person) (Version, error) {
	n, err := tx.Exec(ctx, moveVersion, g, a, v.N, to, at, db.OrNull(by))
	if err == nil && n == 0 {
		err = fault.Conflict("agreement.version_moved", text.Args{"n": v.N})
	}
	v.State, v.StateAt, v.StateBy = to, at, by
	return v, err
}

// AddAgreed writes a version that both sides accepted before the agreement came into Errera.
func AddAgreed(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, n int, d Document, on period.Date) (Version, error) {
	at := db.TimeOf(on.Time())
	v, err := addVersion(ctx, tx, g, a, Version{N: n, Side: OfAgency, Document: d, MadeAt: at, AnswerBy: on})
	if err != nil {
		return v, err
	}
	if v, err = bind(ctx, tx, g, a, v, Acceptance{OfPartner, v.Hash, at, ""}); err != nil {
		return v, err
	}
	return settle(ctx, tx, g, a, v, Accepted, at, "")
}
