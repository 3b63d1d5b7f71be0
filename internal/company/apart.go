package company

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// Apart is a decision that two companies are two, however alike. It stands for the facts that it was taken for: once one of the companies
// changes, or stands for others, the pair is asked about again.
type Apart struct {
	ID       id.Apart
	A, B     id.Company // A recorded first
	On       period.Date
	By       string // name of who said so, "" the system
	Reason   string
	UndoneOn period.Date // "" in force
}

var (
	loadApart = db.SQL("company.apart.load", `select x.id, x.a_id, x.b_id, x.said_on, coalesce(p.name, ''), x.reason, x.undone_on
		from company_apart x left join person p on p.id = x.said_by where x.id = $1`)
	listApart = db.SQL("company.apart.list", `select x.id, x.a_id, x.b_id, x.facts, x.said_on, coalesce(p.name, ''), x.reason, a.name, b.name
		from company_apart x join company a on a.id = x.a_id join company b on b.id = x.b_id left join person p on p.id = x.said_by
		where x.undone_on = '' order by x.id desc`)
	undoApart = db.SQL("company.apart.undo", `update company_apart set undone_on = $2, undone_by = $3, undone_reason = $4
		where id = $1 and undone_on = ''`)
)

// Tell says that two companies are two, with a reason, inside a unit of work of the agency. Faults: missing; invalid when they are one company
// or no reason is given; conflict when it is said already; denied.
func Tell(ctx context.Context, tx *db.Tx, by access.Actor, a, b id.Company, reason string) (id.Apart, error) {
	if err := by.May("company.apart", access.Subject{Kind: "company"}); err != nil {
		return "", err
	}
	if strings.TrimSpace(reason) == "" {
		return "", fault.Invalid("reason", "company.merge_reason", nil)
	}
	if b < a {
		a, b = b, a
	}
	first, err := Load(ctx, tx, a)
	if err != nil {
		return "", err
	}
	second, err := Load(ctx, tx, b)
	if err != nil {
		return "", err
	}
	if first.Root == second.Root {
		return "", fault.Invalid("b", "company.merge_self", nil)
	}
	facts, err := compared(first, second)
	if err != nil {
		return "", err
	}
	x := id.New[id.Apart]()
	if err := tx.Insert(ctx, "company_apart", []string{"id", "a_id", "b_id", "facts", "said_on", "said_by", "reason", "undone_on", "undone_by",
		"undone_reason"}, [][]any{{x, a, b, facts, tx.Now.Date(), db.OrNull(by.ID), reason, "", nil, ""}}); err != nil {
		return "", err
	}
	return x, audit.Append(ctx, tx, "", by.Label(), audit.Change{Verb: "company.apart", ObjectKind: "company", ObjectID: string(a),
		After: map[string]any{"from": b, "apart": x, "reason": reason}})
}

// Reconsider takes back that two companies are two, with a reason: the pair is asked about again. Faults: missing; conflict when it is taken
// back already; invalid without a reason; denied.
func Reconsider(ctx context.Context, tx *db.Tx, by access.Actor, said id.Apart, reason string) error {
	if err := by.May("company.reconsider", access.Subject{Kind: "company"}); err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		return fault.Invalid("reason", "company.merge_reason", nil)
	}
	x, err := LoadApart(ctx, tx, said)
	if err != nil {
		return err
	}
	moved, err := tx.Exec(ctx, undoApart, said, tx.Now.Date(), db.OrNull(by.ID), reason)
	if err != nil {
		return err
	}
	if moved != 1 {
		return fault.Conflict("company.apart_undone", nil)
	}
	return audit.Append(ctx, tx, "", by.Label(), audit.Change{Verb: "company.reconsider", ObjectKind: "company", ObjectID: string(x.A),
		Before: map[string]any{"from": x.B, "apart": said}, After: map[string]any{"reason": reason}})
}

// LoadApart is one such decision, also one taken back; missing when there is none.
func LoadApart(ctx context.Context, tx *db.Tx, said id.Apart) (Apart, error) {
	var x Apart
	err := tx.Row(ctx, loadApart, said).Scan(&x.ID, &x.A, &x.B, &x.On, &x.By, &x.Reason, &x.UndoneOn)
	if errors.Is(err, db.ErrNone) {
		return x, fault.Missing("company.apart_missing", nil)
	}
	return x, err
}

// NamedApart is a decision with what its two companies are called.
type NamedApart struct {
	Apart
	AName, BName string
	Stale        bool // one of them changed since, or stands for another now: it no longer keeps the pair away
	facts        string
}

// Aparts lists what was told apart, the newest first. The caller has checked leave: names of all companies are in it.
func Aparts(ctx context.Context, tx *db.Tx) ([]NamedApart, error) {
	all, err := standing(ctx, tx)
	if err != nil {
		return nil, err
	}
	return told(ctx, tx, all)
}

// told lists the decisions that are not taken back, the newest first, held against the companies that stand for themselves now.
func told(ctx context.Context, tx *db.Tx, roots []Company) ([]NamedApart, error) {
	var all []NamedApart
	err := tx.Each(ctx, listApart, nil, func(r *sql.Rows) error {
		var n NamedApart
		err := r.Scan(&n.ID, &n.A, &n.B, &n.facts, &n.On, &n.By, &n.Reason, &n.AName, &n.BName)
		all = append(all, n)
		return err
	})
	if err != nil || len(all) == 0 {
		return all, err
	}
	by := make(map[id.Company]Company, len(roots))
	for _, c := range roots {
		by[c.ID] = c
	}
	for i := range all {
		a, stillA := by[all[i].A]
		b, stillB := by[all[i].B]
		facts, err := compared(a, b)
		if err != nil {
			return nil, err
		}
		all[i].Stale = !stillA || !stillB || facts != all[i].facts
	}
	return all, nil
}

// undecided leaves out the pairs that were told apart.
func undecided(pairs []Pair, told []NamedApart) []Pair {
	away := map[[2]id.Company]bool{}
	for _, n := range told {
		if !n.Stale {
			away[[2]id.Company{n.A, n.B}] = true
		}
	}
	var left []Pair
	for _, p := range pairs {
		if !away[[2]id.Company{p.A.ID, p.B.ID}] {
			left = append(left, p)
		}
	}
	return left
}

// compared is the hash of what a pair is compared by, see pair.
func compared(a, b Company) (string, error) {
	facts, err := json.Marshal([]string{a.Number.Scheme, a.Number.Value, a.Name, a.Postcode, a.City, a.Country, a.Sector,
		b.Number.Scheme, b.Number.Value, b.Name, b.Postcode, b.City, b.Country, b.Sector})
	hash := sha256.Sum256(facts)
	return hex.EncodeToString(hash[:]), err
}
