package report

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

// TrailRow is one recorded change with names, and what it changed field by field.
type TrailRow struct {
	audit.Row
	ActorName string // "" for the system and for who is no longer known
	Subject   Subject
	Fields    []FieldChange
}

// FieldChange is one field before and after; "" is none.
type FieldChange struct{ Name, Before, After string }

// Trail is a page of a scope's changes, newest first.
type Trail struct {
	Rows     []TrailRow
	Next     int64 // number to go on from, 0: no more
	Length   int64 // changes recorded in the scope
	Verified bool  // the whole chain was read again
	Findings []audit.Finding
}

const trailPage = 50

var (
	findNames = db.SQL("report.trail.people", `select p.id, p.name from person p where $1 like '%' || p.id || '%'`)
	lastTrail = db.SQL("report.trail.last", `select coalesce(max(a.n), 0) from audit a where a.scope = $1`)
)

// LoadTrail reads a page (or as many rows as the filter's limit) of the trail of a scope (a programme's id, "" the agency's); with verify the whole chain is checked again.
func LoadTrail(ctx context.Context, tx *db.Tx, scope string, f audit.Filter, verify bool) (*Trail, error) {
	limit := cmp.Or(f.Limit, trailPage)
	f.Limit = limit + 1
	rows, err := audit.List(ctx, tx, scope, f)
	if err != nil {
		return nil, err
	}
	t := &Trail{Verified: verify}
	if err := tx.Row(ctx, lastTrail, scope).Scan(&t.Length); err != nil {
		return nil, err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		t.Next = rows[limit-1].N
	}
	if verify {
		if t.Findings, err = audit.Verify(ctx, tx, scope); err != nil {
			return nil, err
		}
	}
	return t, t.fill(ctx, tx, scope, rows)
}

func (t *Trail) fill(ctx context.Context, tx *db.Tx, scope string, rows []audit.Row) error {
	var ids []string
	for _, r := range rows {
		ids = append(ids, r.Actor, r.ObjectID)
	}
	names, err := actorNames(ctx, tx, ids)
	if err != nil {
		return err
	}
	subjects := map[string]Subject{}
	if scope != "" {
		if subjects, err = loadSubjects(ctx, tx, id.Programme(scope), ids); err != nil {
			return err
		}
	}
	for _, r := range rows {
		row := TrailRow{Row: r, ActorName: names[r.Actor], Subject: Subject{Kind: r.ObjectKind, ID: r.ObjectID}}
		if s, known := subjects[r.ObjectID]; known {
			row.Subject = s
		} else if r.ObjectKind == "item" && scope != "" {
			if row.Subject, err = loadItem(ctx, tx, id.Programme(scope), r.ObjectID); err != nil && err != db.ErrNone {
				return err
			}
		} else if r.ObjectKind == "person" {
			row.Subject.Ref = names[r.ObjectID]
		}
		if row.Fields, err = fieldChanges(r.Before, r.After); err != nil {
			return err
		}
		t.Rows = append(t.Rows, row)
	}
	return nil
}

func actorNames(ctx context.Context, tx *db.Tx, ids []string) (map[string]string, error) {
	out := map[string]string{}
	err := tx.Each(ctx, findNames, []any{strings.Join(ids, " ")}, func(r *sql.Rows) error {
		var who, name string
		err := r.Scan(&who, &name)
		out[who] = name
		return err
	})
	return out, err
}

// fieldChanges compares the two canonical texts of a change; fields that stayed as they were are left out.
func fieldChanges(before, after string) ([]FieldChange, error) {
	was, err := flat(before)
	if err != nil {
		return nil, err
	}
	is, err := flat(after)
	if err != nil {
		return nil, err
	}
	names := slices.Collect(maps.Keys(was))
	for n := range is {
		if _, both := was[n]; !both {
			names = append(names, n)
		}
	}
	slices.SortFunc(names, func(a, b string) int { // the state is what readers look for
		if (a == "state") != (b == "state") {
			return map[bool]int{true: -1, false: 1}[a == "state"]
		}
		return strings.Compare(a, b)
	})
	var out []FieldChange
	for _, n := range names {
		if was[n] != is[n] {
			out = append(out, FieldChange{n, was[n], is[n]})
		}
	}
	return out, nil
}

// flat makes one level of names and texts of a JSON text; names inside names are joined by a dot.
func flat(text string) (map[string]string, error) {
	out := map[string]string{}
	if text == "" {
		return out, nil
	}
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fault.Internal(fmt.Errorf("report: words of the trail: %w", err))
	}
	spread(out, "", v)
	return out, nil
}

func spread(out map[string]string, name string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			if name != "" {
				k = name + "." + k
			}
			spread(out, k, inner)
		}
	case []any:
		var parts []string
		for _, inner := range v {
			parts = append(parts, fmt.Sprint(inner))
		}
		out[name] = strings.Join(parts, ", ")
	case nil:
	default:
		out[name] = fmt.Sprint(v)
	}
}
