package coordination

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/coordination/overlap"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Taken is what was decided elsewhere about two activities that overlap. Of two that were moved apart, the pair is what they were before.
type Taken struct {
	overlap.Pair
	A, B   *activity.Activity
	State  State // one of Takes
	Reason string
	On     period.Date
	By     id.Person
}

// Takes lists the states that are taken from elsewhere. Two that were joined are one activity there already, and an open one is no decision.
func Takes() []State { return []State{Justified, Dismissed, Moved} }

// verb is the one by which an overlap comes into a state of Takes.
func (s State) verb() access.VerbName {
	switch s {
	case Justified:
		return "overlap.justify"
	case Moved:
		return "overlap.move"
	}
	return "overlap.dismiss"
}

// Settle finds what the two are to each other, in the columns of an import: two that were moved apart are compared on the days that A had before,
// from a day on, too. Faults: invalid (other, decided, moved_from).
func (t *Taken) Settle(from period.Date) error {
	t.Pair = Compare(t.A, t.B)
	if t.State == Moved {
		if first := min(from, t.A.Starts, t.B.Starts); t.On > first {
			return fault.Invalid("decided", "overlap.want_before", text.Args{"date": string(first)})
		}
		if t.High() {
			return fault.Invalid("moved_from", "overlap.want_apart", text.Args{"activity": t.A.Code})
		}
		was := *t.A
		was.Starts, was.Ends = from, from.AddDays(t.A.Starts.DaysTo(t.A.Ends))
		t.Pair = Compare(&was, t.B)
	}
	if t.Kind == "" {
		return fault.Invalid("other", "overlap.want_pair", text.Args{"activity": t.A.Code})
	}
	return nil
}

// Take writes down what was decided elsewhere, once for each pair, as if it had been done on its day: an import. The caller has settled them.
func Take(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, all []Taken) error {
	if err := by.May("programme.import", access.Subject{Kind: "programme"}); err != nil {
		return err
	}
	if len(all) == 0 {
		return nil
	}
	var overlaps, steps [][]any
	var changes []audit.Change
	for _, t := range all {
		a, b := t.A, t.B
		if a.ID > b.ID {
			a, b = b, a
		}
		o := id.New[id.Overlap]()
		overlaps = append(overlaps, []any{g, o, a.ID, b.ID, t.Kind, t.Bp, t.State, facts(a, b), 1})
		steps = append(steps, []any{g, o, 1, t.State.verb(), t.State, t.Reason, t.On, db.OrNull(t.By)})
		changes = append(changes, audit.Change{Verb: string(t.State.verb()), ObjectKind: "overlap", ObjectID: string(o), Before: map[string]any{"state": Open},
			After: map[string]any{"state": t.State, "a": a.ID, "b": b.ID, "reason": t.Reason, "on": t.On, "by": t.By}})
	}
	if err := tx.Insert(ctx, "overlap", overlapColumns(), overlaps); err != nil {
		return err
	}
	if err := tx.Insert(ctx, "overlap_step", stepColumns(), steps); err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(g), by.Label(), changes...)
}

func overlapColumns() []string {
	return []string{"programme_id", "id", "a_id", "b_id", "kind", "score_bp", "state", "facts", "steps"}
}

func stepColumns() []string {
	return []string{"programme_id", "overlap_id", "n", "verb", "state", "reason", "done_on", "done_by"}
}
