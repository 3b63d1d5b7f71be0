package evidence

import (
	"context"
	"database/sql"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// Proof is a file behind a row, known by its content: whoever holds the file can tell that it is the one that was seen.
type Proof struct {
	SHA256 string // of the bytes, in small hexadecimal
	Name   string
	On     period.Date
	By     id.Person
}

var (
	readProofs = db.SQL("evidence.file.list", `select sha256, name, added_on, coalesce(added_by, '') from evidence_file
		where programme_id = $1 and evidence_id = $2 order by added_on, sha256`)
	hasProof = db.SQL("evidence.file.known", `select count(*) from evidence_file where programme_id = $1 and evidence_id = $2 and sha256 = $3`)
)

// Prove binds a file to a row by the hash of its bytes. It can be added until the row is verified, and never taken away. Faults: missing,
// denied, conflict by state; invalid when it is no hash or the file is bound already.
func Prove(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, evidence id.Evidence, sha256, name string) error {
	s, err := load(ctx, tx, by.Scope(), programme, evidence)
	if err != nil {
		return err
	}
	if err := by.May("evidence.prove", s.access()); err != nil {
		return err
	}
	if s.state != Reported {
		return fault.Conflict("evidence.prove_late", nil)
	}
	if len(sha256) != 64 || strings.Trim(sha256, "0123456789abcdef") != "" {
		return fault.Invalid("file", "evidence.hash", nil)
	}
	var known int
	if err := tx.Row(ctx, hasProof, programme, evidence, sha256).Scan(&known); err != nil {
		return err
	}
	if known > 0 {
		return fault.Invalid("file", "evidence.file_twice", nil)
	}
	if err := tx.Insert(ctx, "evidence_file", []string{"programme_id", "evidence_id", "sha256", "name", "added_on", "added_by"},
		[][]any{{programme, evidence, sha256, name, tx.Now.Date(), db.OrNull(by.ID)}}); err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(programme), by.Label(), audit.Change{Verb: "evidence.prove", ObjectKind: "evidence",
		ObjectID: string(evidence), After: map[string]any{"sha256": sha256, "name": name}})
}

// Proofs lists the files behind a row. The caller has loaded the row within the reader's scope.
func Proofs(ctx context.Context, tx *db.Tx, programme id.Programme, evidence id.Evidence) ([]Proof, error) {
	var all []Proof
	err := tx.Each(ctx, readProofs, []any{programme, evidence}, func(r *sql.Rows) error {
		var p Proof
		err := r.Scan(&p.SHA256, &p.Name, &p.On, &p.By)
		all = append(all, p)
		return err
	})
	return all, err
}
