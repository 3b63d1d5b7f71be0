package signing

import (
	"context"
	"database/sql"
	"errors"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

var (
	selectSignatures = db.SQL("signing.signature.list",
		`select place, hash, side, name, title, person_id, way, coalesce(file_id, ''), certificate, fingerprint, trail_n, signed_at
		 from agreement_signature where programme_id = $1 and agreement_id = $2 and n = $3 order by place`)
	insertSignature = db.SQL("signing.signature.put",
		`insert into agreement_signature (programme_id, agreement_id, n, place, hash, side, name, title, person_id, way, file_id, certificate,
		   fingerprint, trail_n, signed_at)
		 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`)
	selectSeal = db.SQL("signing.seal.load",
		`select file_id, evidence_id, certificate, sealed_at from agreement_seal where programme_id = $1 and agreement_id = $2 and n = $3`)
	insertSeal = db.SQL("signing.seal.add",
		`insert into agreement_seal (programme_id, agreement_id, n, file_id, evidence_id, certificate, sealed_at)
		 values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning n`)
	selectUnsealed = db.SQL("signing.version.unsealed",
		`select s.agreement_id, s.n from agreement_signature s
		 where s.programme_id = $1 and s.place = 1 and not exists (select 1 from agreement_seal l
		   where l.programme_id = s.programme_id and l.agreement_id = s.agreement_id and l.n = s.n)
		 order by s.agreement_id, s.n`)
	updateSigned = db.SQL("signing.agreement.signed",
		`update agreement set signed_on = $3 where programme_id = $1 and id = $2 and signed_on = ''`)
	selectDue = db.SQL("signing.agreement.due",
		`select id from agreement where programme_id = $1 and state = 'signed' and starts_on <= $2 order by id`)
	selectLink       = db.SQL("signing.trail.link", `select hash from audit where scope = $1 and n = $2`)
	selectFileHash   = db.SQL("signing.file.hash", `select sha256 from file where programme_id = $1 and id = $2`)
	selectPersonOf   = db.SQL("signing.person.by_email", `select p.id from person p where p.email = $1 and p.disabled = 0`)
	selectSignersFor = db.SQL("signing.person.signers",
		`select distinct m.person_id from membership m where m.organisation_id = $1 and m.role = 'signatory' order by m.person_id`)
)

func signatures(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, n int) ([]Signature, error) {
	var all []Signature
	err := tx.Each(ctx, selectSignatures, []any{g, a, n}, func(r *sql.Rows) error {
		var s Signature
		err := r.Scan(&s.Place, &s.Hash, &s.Side, &s.Name, &s.Title, &s.Person, &s.Way, &s.File, &s.Certificate, &s.Fingerprint, &s.Trail, &s.At)
		all = append(all, s)
		return err
	})
	return all, err
}

func put(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, n int, s Signature) error {
	_, err := tx.Exec(ctx, insertSignature, g, a, n, s.Place, s.Hash, s.Side, s.Name, s.Title, s.Person, s.Way, db.OrNull(s.File), s.Certificate,
		s.Fingerprint, s.Trail, s.At)
	return err
}

// sealOf is a version's seal, nil when it has none.
func sealOf(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, n int) (*Seal, error) {
	var s Seal
	err := tx.Row(ctx, selectSeal, g, a, n).Scan(&s.Document, &s.Evidence, &s.Certificate, &s.At)
	if errors.Is(err, db.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &s, nil
}

// addSeal tells whether it is the first one; another program may have been quicker.
func addSeal(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, n int, s Seal) (bool, error) {
	err := tx.Row(ctx, insertSeal, g, a, n, s.Document, s.Evidence, s.Certificate, s.At).Scan(&n)
	if errors.Is(err, db.ErrNone) {
		return false, nil
	}
	return err == nil, err
}

// at is a version of an agreement.
type at struct {
	agreement id.Agreement
	n         int
}

func unsealed(ctx context.Context, tx *db.Tx, g id.Programme) ([]at, error) {
	var all []at
	err := tx.Each(ctx, selectUnsealed, []any{g}, func(r *sql.Rows) error {
		var x at
		err := r.Scan(&x.agreement, &x.n)
		all = append(all, x)
		return err
	})
	return all, err
}

// due lists signed agreements that start on a day or before.
func due(ctx context.Context, tx *db.Tx, g id.Programme, on period.Date) ([]id.Agreement, error) {
	return list[id.Agreement](ctx, tx, selectDue, g, on)
}

func list[T any](ctx context.Context, tx *db.Tx, q db.Query, args ...any) ([]T, error) {
	var all []T
	err := tx.Each(ctx, q, args, func(r *sql.Rows) error {
		var x T
		err := r.Scan(&x)
		all = append(all, x)
		return err
	})
	return all, err
}
