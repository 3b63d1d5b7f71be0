package knowledge

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// Take puts items that were published elsewhere into the library, all or none: an import. Each has its ID, organisation and content, and the
// day on which it was published ("" today); they get their numbers in order. What was shared before leaves no evidence here: it was counted
// where it was shared.
func Take(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, all []Item) error {
	if err := by.May("programme.import", access.Subject{}); err != nil {
		return err
	}
	var last int
	if err := tx.Row(ctx, nextNumber, g).Scan(&last); err != nil {
		return err
	}
	for n := range all {
		i := &all[n]
		if err := i.check(); err != nil {
			return err
		}
		if i.Published == "" {
			i.Published = tx.Now.Date()
		}
		i.Number, i.State, i.Version, i.Revision, i.Changed = last+n+1, Published, 1, 1, tx.Now
	}
	if err := insert(ctx, tx, g, all); err != nil {
		return err
	}
	if err := insertVersions(ctx, tx, g, all, "", by.ID); err != nil {
		return err
	}
	if err := reindex(ctx, tx, g, all); err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: "knowledge.take", ObjectKind: "programme", ObjectID: string(g),
		After: map[string]any{"items": len(all), "until": latest(all)}})
}

// latest is the day of the newest of items.
func latest(all []Item) (day period.Date) {
	for _, i := range all {
		day = max(day, i.Published)
	}
	return day
}
