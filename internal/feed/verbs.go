package feed

import (
	"context"
	"strings"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Add registers a feed of a partner and asks for its first reading. Faults: denied; invalid by field (partner, url, type, every, markets, sectors,
// needs); conflict (url) when the partner has it already, or has too many.
func Add(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, n NewFeed) (Feed, error) {
	if n.EveryHours == 0 {
		n.EveryHours = usualHours
	}
	if n.Type == "" {
		n.Type = activity.Other
	}
	n.URL = strings.TrimSpace(n.URL)
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
	return f, record(ctx, tx, by, g, "feed.add", f, nil, map[string]any{"url": f.URL, "partner": f.Code, "type": f.Type, "every_hours": f.EveryHours,
		"markets": f.Markets, "sectors": f.Sectors, "needs": f.Needs})
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
