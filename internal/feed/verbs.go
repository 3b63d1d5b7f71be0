package feed

import (
	"context"
	"strings"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/fetch"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Add registers a feed of a partner and asks for its first reading. Faults: denied; invalid by field (partner, url, type, every, markets, sectors,
// needs); conflict (url) when the partner has it already, or has too many.
func Add(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, n NewFeed) (Feed, error) {
	n.Settings = n.usual()
	partner, err := partnerOf(ctx, tx, n.Partner)
	if err != nil {
		return Feed{}, err
	}
	f := Feed{ID: id.New[id.Feed](), Partner: partner.ID, Code: partner.Code, Label: partner.Label(), URL: n.URL, State: Active, Type: n.Type,
		Markets: n.Markets, Sectors: n.Sectors, Needs: n.Needs, EveryHours: n.EveryHours, NextAt: tx.Now, MadeAt: tx.Now}
	if err := by.May("feed.add", access.Subject{Kind: "feed", Partner: f.Partner}); err != nil {
		return Feed{}, err
	}
	if err := n.check(); err != nil {
		return Feed{}, err
	}
	have, err := List(ctx, tx, access.Scope(partner.ID), g)
	if err != nil {
		return Feed{}, err
	}
	if len(have) >= MaxFeeds {
		return Feed{}, fault.Conflict("feed.too_many", text.Args{"max": MaxFeeds})
	}
	err = tx.Insert(ctx, "feed", strings.Fields(`programme_id id organisation_id url state type markets sectors needs every_hours next_at etag modified
		runs made_by made_at`), [][]any{{g, f.ID, f.Partner, f.URL, f.State, f.Type, strings.Join(f.Markets, " "), strings.Join(f.Sectors, " "),
		strings.Join(f.Needs, " "), f.EveryHours, f.NextAt, "", "", 0, db.OrNull(by.ID), f.MadeAt}})
	if err != nil {
		return Feed{}, err
	}
	if err := job.Enqueue(ctx, tx, runJob{g, f.ID, by.ID}, time.Time{}); err != nil {
		return Feed{}, err
	}
	after := f.Settings().said()
	after["partner"] = f.Code
	return f, record(ctx, tx, by, g, "feed.add", f, nil, after)
}

// Change says anew what a feed's address is, how often it is read and what its events are when they do not say so. What was planned by it
// stays as it is: the settings hold for what is read from then on. A new address is read at once, from its beginning; a reading of the old one
// that is under way comes to nothing more. Faults: missing, denied; invalid by field as for Add; conflict (url) when the partner has the
// address already.
func Change(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, feed id.Feed, n Settings) (Feed, error) {
	f, err := Load(ctx, tx, by.ScopeFor("feed.read"), g, feed)
	if err != nil {
		return Feed{}, err
	}
	if err := by.May("feed.change", f.Subject()); err != nil {
		return Feed{}, err
	}
	n = n.usual()
	if err := n.check(); err != nil {
		return Feed{}, err
	}
	before, after := differences(f.Settings().said(), n.said())
	if len(after) == 0 {
		return f, nil
	}
	moved := n.URL != f.URL
	switch {
	case moved:
		f.NextAt, f.known = tx.Now, fetch.Known{}
	case n.EveryHours != f.EveryHours: // as if it had held since the last reading
		f.NextAt = db.TimeOf(f.NextAt.Time().Add(time.Duration(n.EveryHours-f.EveryHours) * time.Hour))
	}
	f.URL, f.Type, f.Markets, f.Sectors, f.Needs, f.EveryHours = n.URL, n.Type, n.Markets, n.Sectors, n.Needs, n.EveryHours
	if _, err := tx.Exec(ctx, changeFeed, g, f.ID, f.URL, f.Type, strings.Join(f.Markets, " "), strings.Join(f.Sectors, " "), strings.Join(f.Needs, " "),
		f.EveryHours, f.NextAt, f.known.ETag, f.known.Modified); err != nil {
		return Feed{}, err
	}
	if moved {
		if err := job.Enqueue(ctx, tx, runJob{g, f.ID, by.ID}, time.Time{}); err != nil {
			return Feed{}, err
		}
	}
	return f, record(ctx, tx, by, g, "feed.change", f, before, after)
}

// differences are the entries that are not the same on both sides.
func differences(before, after map[string]any) (was, is map[string]any) {
	was, is = map[string]any{}, map[string]any{}
	for name, v := range after {
		if before[name] != v {
			was[name], is[name] = before[name], v
		}
	}
	return was, is
}

// partnerOf is the organisation with a code.
func partnerOf(ctx context.Context, tx *db.Tx, code string) (programme.Organisation, error) {
	o, err := programme.OrganisationByCode(ctx, tx, code)
	if code == "" || fault.Is(err, fault.KindMissing) || fault.Is(err, fault.KindInvalid) {
		return o, fault.Invalid("partner", "feed.want_partner", text.Args{"found": code})
	}
	return o, err
}

// Remove ends a feed. What it brought stays as it is. Faults: missing, denied, conflict.
func Remove(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, feed id.Feed) error {
	f, err := Load(ctx, tx, by.ScopeFor("feed.read"), g, feed)
	if err != nil {
		return err
	}
	if err := by.May("feed.remove", f.Subject()); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, moveFeed, g, feed, Removed, Active)
	if err != nil {
		return err
	}
	if n != 1 {
		return fault.Conflict("feed.moved", nil)
	}
	return record(ctx, tx, by, g, "feed.remove", f, map[string]any{"url": f.URL, "state": Active}, map[string]any{"state": Removed})
}

// AskRun asks for a reading as soon as the background work gets to it. Faults: missing, denied.
func AskRun(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, feed id.Feed) error {
	f, err := Load(ctx, tx, by.ScopeFor("feed.read"), g, feed)
	if err != nil {
		return err
	}
	if err := by.May("feed.run", f.Subject()); err != nil {
		return err
	}
	return job.Enqueue(ctx, tx, runJob{g, f.ID, by.ID}, time.Time{})
}

func record(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, verb access.VerbName, f Feed, before, after any) error {
	return audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: string(verb), ObjectKind: "feed", ObjectID: string(f.ID), Before: before, After: after})
}
