package alert

import (
	"context"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/mail"
	"errera.eu/errera/internal/programme"
)

// maxReason is the most that a reason may hold.
const maxReason = 1000

// Take makes the actor the owner of an open alert. Faults: missing out of scope, denied, conflict by state or when somebody was quicker.
func Take(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, alert id.Alert) error {
	return act(ctx, tx, by, g, alert, "alert.take", "", func(a *Alert) error {
		a.State, a.Owner = TakenUp, by.ID
		return nil
	})
}

// Assign gives an alert to somebody who may look after it, and writes to them; they take it up themselves. Faults: as Take; invalid (owner) when they may not.
func Assign(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, alert id.Alert, owner id.Person) error {
	return act(ctx, tx, by, g, alert, "alert.assign", "", func(a *Alert) error {
		who, err := Candidates(ctx, tx, g.ID, a.Partner)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(who, func(c Candidate) bool { return c.ID == owner }) {
			return fault.Invalid("owner", "alert.owner_unknown", nil)
		}
		a.Owner = owner
		if owner == by.ID {
			return nil
		}
		return mail.Enqueue(ctx, tx, g.ID, owner, a.letter(g))
	})
}

// Silence lets an alert rest, with a reason; it comes back when it is worse. Faults: as Take; invalid (reason).
func Silence(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, alert id.Alert, reason string) error {
	return rest(ctx, tx, by, g, alert, "alert.silence", Silenced, reason)
}

// Resolve says that an alert was dealt with, and how; it comes back when it is worse. Faults: as Silence.
func Resolve(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, alert id.Alert, reason string) error {
	return rest(ctx, tx, by, g, alert, "alert.resolve", Resolved, reason)
}

func rest(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, alert id.Alert, verb access.VerbName, to State, reason string) error {
	reason = strings.TrimSpace(reason)
	switch {
	case reason == "":
		return fault.Invalid("reason", "evidence.reason_required", nil)
	case len(reason) > maxReason:
		return fault.Invalid("reason", "quality.reason_long", nil)
	}
	return act(ctx, tx, by, g, alert, verb, reason, func(a *Alert) error {
		a.State, a.BoreGrade, a.Bore = to, a.Grade, a.level()
		return nil
	})
}

// Reopen takes it back that an alert rests. Faults: as Silence.
func Reopen(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, alert id.Alert, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return fault.Invalid("reason", "evidence.reason_required", nil)
	}
	return act(ctx, tx, by, g, alert, "alert.reopen", reason, func(a *Alert) error {
		a.State = Open
		return nil
	})
}

func act(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, alert id.Alert, verb access.VerbName, reason string,
	change func(*Alert) error) error {
	a, err := Load(ctx, tx, by.ScopeFor("alert.read"), g.ID, alert)
	if err != nil {
		return err
	}
	if err := by.May(verb, a.Subject()); err != nil {
		return err
	}
	before := map[string]any{"state": a.State, "owner": a.Owner}
	if err := change(&a); err != nil {
		return err
	}
	if err := a.save(ctx, tx, g.ID, tx.Now.Date(), by.ID, reason); err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(g.ID), by.Label(), audit.Change{Verb: string(verb), ObjectKind: "alert", ObjectID: string(a.ID), Before: before,
		After: map[string]any{"state": a.State, "owner": a.Owner, "reason": reason}})
}
