package company

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// Merge is a decision that a company is another one. No row moves: each keeps the company that it was recorded with, and the root says which
// one that stands for. Roots follow from the merges that are not undone, so undoing one is exact, whatever came after it.
type Merge struct {
	ID         id.Merge
	From, Into id.Company // as they stood when merged: both roots
	On         period.Date
	Reason     string
	UndoneOn   period.Date // "" in force
}

var (
	readRoot    = db.SQL("company.root.load", `select root_id from company_root where company_id = $1`)
	readCluster = db.SQL("company.root.cluster", `select company_id, root_id from company_root where root_id in ($1, $2) order by company_id`)
	readEdges   = db.SQL("company.merge.cluster", `select m.from_id, m.into_id from company_root r
		join company_merge m on m.from_id = r.company_id
		where r.root_id in ($1, $2) and m.undone_on = ''`)
	loadMerge = db.SQL("company.merge.load", `select id, from_id, into_id, merged_on, reason, undone_on from company_merge where id = $1`)
	listMerge = db.SQL("company.merge.list", `select m.id, m.from_id, m.into_id, m.merged_on, m.reason, m.undone_on from company_merge m
		where m.from_id in (select company_id from company_root where root_id = (select root_id from company_root where company_id = $1))
			or m.into_id in (select company_id from company_root where root_id = (select root_id from company_root where company_id = $1))
		order by m.id`)
	undoMerge = db.SQL("company.merge.undo", `update company_merge set undone_on = $2, undone_by = $3, undone_reason = $4
		where id = $1 and undone_on = ''`)
	// Programmes with evidence of companies that stand for what one of two companies stands for.
	readProgrammes = db.SQL("company.root.programmes", `select distinct e.programme_id from company_root s
		join company_root r on r.root_id = s.root_id join evidence e on e.company_id = r.company_id
		where s.company_id in ($1, $2) order by e.programme_id`)
	saveRoot = db.SQL("company.root.save", `update company_root set root_id = $2, seq = $3 where company_id = $1`)
)

// ParsePair reads the ids of two companies. Fault: missing when one of them is none.
func ParsePair(one, other string) (a, b id.Company, err error) {
	a, err1 := id.Parse[id.Company](one)
	b, err2 := id.Parse[id.Company](other)
	if err1 != nil || err2 != nil {
		return "", "", fault.Missing("company.missing", nil)
	}
	return a, b, nil
}

// Join merges what a company stands for into what another stands for, inside a unit of work of the agency. Faults: missing; invalid when they
// are one company already or no reason is given; denied.
func Join(ctx context.Context, tx *db.Tx, by access.Actor, from, into id.Company, reason string) (id.Merge, error) {
	if err := by.May("company.merge", access.Subject{Kind: "company"}); err != nil {
		return "", err
	}
	if strings.TrimSpace(reason) == "" {
		return "", fault.Invalid("reason", "company.merge_reason", nil)
	}
	var f, i id.Company
	for of, root := range map[id.Company]*id.Company{from: &f, into: &i} {
		if err := tx.Row(ctx, readRoot, of).Scan(root); errors.Is(err, db.ErrNone) {
			return "", fault.Missing("company.missing", nil)
		} else if err != nil {
			return "", err
		}
	}
	if f == i || from == into {
		return "", fault.Invalid("into", "company.merge_self", nil)
	}
	m := id.New[id.Merge]()
	if err := tx.Insert(ctx, "company_merge", []string{"id", "from_id", "into_id", "merged_on", "merged_by", "reason", "undone_on", "undone_by",
		"undone_reason"}, [][]any{{m, f, i, tx.Now.Date(), db.OrNull(by.ID), reason, "", nil, ""}}); err != nil {
		return "", err
	}
	if err := settleRoots(ctx, tx, f, i); err != nil {
		return "", err
	}
	if err := touch(ctx, tx, f, i); err != nil {
		return "", err
	}
	return m, audit.Append(ctx, tx, "", by.Label(), audit.Change{Verb: "company.merge", ObjectKind: "company", ObjectID: string(f),
		After: map[string]any{"into": i, "merge": m, "reason": reason}})
}

// Part undoes a merge, with a reason: every company stands again for what it would stand for if that merge had never been. Faults: missing;
// conflict when it is undone already; denied.
func Part(ctx context.Context, tx *db.Tx, by access.Actor, merge id.Merge, reason string) error {
	if err := by.May("company.unmerge", access.Subject{Kind: "company"}); err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		return fault.Invalid("reason", "company.merge_reason", nil)
	}
	m, err := LoadMerge(ctx, tx, merge)
	if err != nil {
		return err
	}
	var root id.Company
	if err := tx.Row(ctx, readRoot, m.From).Scan(&root); err != nil {
		return err
	}
	moved, err := tx.Exec(ctx, undoMerge, merge, tx.Now.Date(), db.OrNull(by.ID), reason)
	if err != nil {
		return err
	}
	if moved != 1 {
		return fault.Conflict("company.merge_undone", nil)
	}
	if err := settleRoots(ctx, tx, root, root); err != nil {
		return err
	}
	if err := touch(ctx, tx, m.From, m.Into); err != nil {
		return err
	}
	return audit.Append(ctx, tx, "", by.Label(), audit.Change{Verb: "company.unmerge", ObjectKind: "company", ObjectID: string(m.From),
		Before: map[string]any{"into": m.Into, "merge": merge}, After: map[string]any{"reason": reason}})
}

// LoadMerge is one merge, also an undone one; missing when there is none.
func LoadMerge(ctx context.Context, tx *db.Tx, merge id.Merge) (Merge, error) {
	var m Merge
	err := tx.Row(ctx, loadMerge, merge).Scan(&m.ID, &m.From, &m.Into, &m.On, &m.Reason, &m.UndoneOn)
	if errors.Is(err, db.ErrNone) {
		return m, fault.Missing("company.merge_missing", nil)
	}
	return m, err
}

// Merges lists the merges that a company is in, undone ones among them, in their order.
func Merges(ctx context.Context, tx *db.Tx, of id.Company) ([]Merge, error) {
	var all []Merge
	err := tx.Each(ctx, listMerge, []any{of}, func(r *sql.Rows) error {
		var m Merge
		err := r.Scan(&m.ID, &m.From, &m.Into, &m.On, &m.Reason, &m.UndoneOn)
		all = append(all, m)
		return err
	})
	return all, err
}

// touch moves the programmes that know the companies on: what is kept of their figures is read anew.
func touch(ctx context.Context, tx *db.Tx, a, b id.Company) error {
	var all []id.Programme
	err := tx.Each(ctx, readProgrammes, []any{a, b}, func(r *sql.Rows) error {
		var g id.Programme
		err := r.Scan(&g)
		all = append(all, g)
		return err
	})
	for _, g := range all {
		if err == nil && tx.Seq(string(g)) == 0 {
			err = tx.AlsoProgramme(ctx, g)
		}
	}
	return err
}

// settleRoots works out anew what the companies of one or two clusters stand for.
func settleRoots(ctx context.Context, tx *db.Tx, a, b id.Company) error {
	type pair struct{ company, root id.Company }
	var cluster []pair
	err := tx.Each(ctx, readCluster, []any{a, b}, func(r *sql.Rows) error {
		var p pair
		err := r.Scan(&p.company, &p.root)
		cluster = append(cluster, p)
		return err
	})
	if err != nil {
		return err
	}
	edges := map[id.Company]id.Company{}
	err = tx.Each(ctx, readEdges, []any{a, b}, func(r *sql.Rows) error {
		var from, into id.Company
		err := r.Scan(&from, &into)
		edges[from] = into
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range cluster {
		if root := follow(edges, p.company); root != p.root {
			if _, err := tx.Exec(ctx, saveRoot, p.company, root, tx.Seq("")); err != nil {
				return err
			}
		}
	}
	return nil
}

// follow walks the merges in force to the end. Only a root is ever merged, into another root, so no company has two and none leads in a ring.
func follow(edges map[id.Company]id.Company, c id.Company) id.Company {
	for {
		into, merged := edges[c]
		if !merged {
			return c
		}
		c = into
	}
}
