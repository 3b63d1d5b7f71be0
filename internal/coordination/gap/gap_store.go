package gap

import (
	"context"
	"database/sql"
	"slices"

	"golang.org/x/text/language"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/knowledge"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

var (
	selectPriorities = db.SQL("gap.priority.list", `select market, sector, need from priority where programme_id = $1 order by market, sector, need`)
	dropPriority     = db.SQL("gap.priority.drop", `delete from priority where programme_id = $1 and market = $2 and sector = $3 and need = $4`)
	selectWaiting    = db.SQL("gap.waiting.list",
		`select p.activity_id, count(*) from activity a cross join participation p
		 where p.programme_id = a.programme_id and p.activity_id = a.id and a.programme_id = $1 and a.starts_on >= $2 and a.starts_on <= $3
		   and p.state = 'waitlisted' group by p.activity_id`)
)

// Priorities lists those of a programme.
func Priorities(ctx context.Context, tx *db.Tx, g id.Programme) ([]Priority, error) {
	var all []Priority
	return all, tx.Each(ctx, selectPriorities, []any{g}, func(r *sql.Rows) error {
		var p Priority
		err := r.Scan(&p.Market, &p.Sector, &p.Need)
		all = append(all, p)
		return err
	})
}

// Waiting counts the companies on the waiting lists of a year's activities.
func Waiting(ctx context.Context, tx *db.Tx, g id.Programme, year period.Year) (map[id.Activity]int, error) {
	all := map[id.Activity]int{}
	return all, tx.Each(ctx, selectWaiting, []any{g, year.First(), year.Last()}, func(r *sql.Rows) error {
		var a id.Activity
		var n int
		err := r.Scan(&a, &n)
		all[a] = n
		return err
	})
}

// See reads what the cells of a year are reckoned from; all are the activities that the reader may see, of any year.
func See(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, year period.Year, all []activity.Activity) (Seen, error) {
	var s Seen
	for _, a := range all {
		if a.Starts.Year() == year {
			s.Activities = append(s.Activities, a)
		}
	}
	var err error
	if s.Priorities, err = Priorities(ctx, tx, g); err != nil {
		return s, err
	}
	if s.Waiting, err = Waiting(ctx, tx, g, year); err != nil {
		return s, err
	}
	if s.Misses, err = knowledge.Misses(ctx, tx, g, period.Span{From: year.First(), To: year.Last()}); err != nil {
		return s, err
	}
	const most = 1000
	s.Questions, err = knowledge.Questions(ctx, tx, by, g, "", most)
	s.Questions = slices.DeleteFunc(s.Questions, func(q knowledge.Question) bool { return q.Asked.Date().Year() != year })
	return s, err
}

// Set makes a cell a priority of the strategy; one that is stays. Faults: denied, invalid (market, sector, need).
func Set(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, p Priority) error {
	if err := by.May("priority.set", access.Subject{Kind: "priority"}); err != nil {
		return err
	}
	if err := p.check(); err != nil {
		return err
	}
	all, err := Priorities(ctx, tx, g)
	if err != nil || slices.Contains(all, p) {
		return err
	}
	if err := insert(ctx, tx, by, g, []Priority{p}); err != nil {
		return err
	}
	return record(ctx, tx, by, g, "priority.set", nil, p)
}

// Take puts the priorities of a programme's folder into it, all or none: an import. Faults: denied, invalid (market, sector, need).
func Take(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, all []Priority) error {
	if err := by.May("programme.import", access.Subject{}); err != nil {
		return err
	}
	for _, p := range all {
		if err := p.check(); err != nil {
			return err
		}
	}
	if err := insert(ctx, tx, by, g, all); err != nil {
		return err
	}
	return record(ctx, tx, by, g, "priority.take", nil, map[string]any{"priorities": len(all)})
}

func insert(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, all []Priority) error {
	rows := make([][]any, len(all))
	for i, p := range all {
		rows[i] = []any{g, p.Market, p.Sector, p.Need, tx.Now.Date(), db.OrNull(by.ID)}
	}
	return tx.Insert(ctx, "priority", []string{"programme_id", "market", "sector", "need", "set_on", "set_by"}, rows)
}

// Drop takes a priority away. Faults: denied, missing when it is none.
func Drop(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, p Priority) error {
	if err := by.May("priority.drop", access.Subject{Kind: "priority"}); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, dropPriority, g, p.Market, p.Sector, p.Need)
	if err == nil && n == 0 {
		err = fault.Missing("gap.missing", nil)
	}
	if err != nil {
		return err
	}
	return record(ctx, tx, by, g, "priority.drop", p, nil)
}

func record(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, verb string, before, after any) error {
	return audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: verb, ObjectKind: "programme", ObjectID: string(g), Before: before, After: after})
}

// check tells everything that is wrong, each at its field.
func (p Priority) check() error {
	var faults []error
	if r, err := language.ParseRegion(p.Market); err != nil || len(p.Market) != 2 || !r.IsCountry() || r.String() != p.Market {
		faults = append(faults, fault.Invalid("market", "activity.want_country", text.Args{"found": p.Market}))
	}
	if !activity.IsCode(p.Sector) {
		faults = append(faults, fault.Invalid("sector", "activity.want_code", text.Args{"found": p.Sector}))
	}
	if p.Need != "" && !slices.Contains(activity.Needs(), p.Need) {
		faults = append(faults, fault.Invalid("need", "gap.want_need", nil))
	}
	return fault.Join(faults...)
}
