package db

import (
	"context"
	"database/sql"
	"errors"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

// A head is the row that makes the writes of one programme (or of the agency, scope "") serial and numbers what they record.
type head struct {
	scope string
	seq   int64
	count int64
	hash  string
	moved bool
}

var (
	takeAgencyHead = SQL("db.head.agency.take",
		`update agency_head set seq = seq + 1 where id = 1 returning seq, audit_count, audit_hash`)
	takeProgrammeHead = SQL("db.head.programme.take",
		`update programme_head set seq = seq + 1 where programme_id = $1 returning seq, audit_count, audit_hash`)
	saveAgencyHead = SQL("db.head.agency.save",
		`update agency_head set audit_count = $1, audit_hash = $2 where id = 1`)
	saveProgrammeHead = SQL("db.head.programme.save",
		`update programme_head set audit_count = $1, audit_hash = $2 where programme_id = $3`)
	readHeads = SQL("db.head.read",
		`select (select seq from agency_head where id = 1), coalesce((select seq from programme_head where programme_id = $1), 0)`)
)

func (tx *Tx) takeHead(ctx context.Context, h *head) error {
	q, args := takeAgencyHead, []any(nil)
	if h.scope != "" {
		q, args = takeProgrammeHead, []any{h.scope}
	}
	err := tx.raw.QueryRowContext(ctx, q.Text, args...).Scan(&h.seq, &h.count, &h.hash)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.Missing("db.programme_missing", nil)
	}
	if err != nil {
		return explain(err)
	}
	tx.heads = append(tx.heads, h)
	return nil
}

func (tx *Tx) saveHeads(ctx context.Context) error {
	for _, h := range tx.heads {
		if !h.moved {
			continue
		}
		q, args := saveAgencyHead, []any{h.count, h.hash}
		if h.scope != "" {
			q, args = saveProgrammeHead, append(args, h.scope)
		}
		if _, err := tx.raw.ExecContext(ctx, q.Text, args...); err != nil {
			return explain(err)
		}
	}
	return nil
}

// AlsoProgramme lets a unit of work of the agency write in a programme too: the agency head always comes first, so two of them
// cannot wait for each other, whatever programmes they take.
func (tx *Tx) AlsoProgramme(ctx context.Context, programme id.Programme) error {
	if len(tx.heads) == 0 || tx.heads[0].scope != "" || tx.head(string(programme)) != nil {
		return fault.Internal(errors.New("db: a programme joins only a unit of work of the agency, once"))
	}
	return tx.takeHead(ctx, &head{scope: string(programme)})
}

// Seq numbers the writes of a scope ("" is the agency), zero where this unit of work does not write in it.
func (tx *Tx) Seq(scope string) int64 {
	if h := tx.head(scope); h != nil {
		return h.seq
	}
	return 0
}

// Chain hands out the next link of a scope's audit chain: its number and the hash before it. Link sets the hash of that link.
func (tx *Tx) Chain(scope string) (n int64, before string, err error) {
	h := tx.head(scope)
	if h == nil {
		return 0, "", fault.Internal(errors.New("db: an audit row outside a unit of work that writes in scope " + scope))
	}
	return h.count + 1, h.hash, nil
}

// Link records the hash of the link that Chain handed out.
func (tx *Tx) Link(scope string, n int64, hash string) {
	h := tx.head(scope)
	h.count, h.hash, h.moved = n, hash, true
}

func (tx *Tx) head(scope string) *head {
	for _, h := range tx.heads {
		if h.scope == scope {
			return h
		}
	}
	return nil
}

// Writes tells whether the unit of work may write. What it sees may still come to nothing, so no cache learns from it.
func (tx *Tx) Writes() bool { return len(tx.heads) > 0 }

// Version tells what a reader sees: it changes with every write of the agency or of the programme, so it can key a cache.
type Version struct{ Agency, Programme int64 }

// Version reads the version of a programme as this unit of work sees it.
func (tx *Tx) Version(ctx context.Context, programme id.Programme) (Version, error) {
	var v Version
	err := tx.Row(ctx, readHeads, programme).Scan(&v.Agency, &v.Programme)
	return v, err
}
