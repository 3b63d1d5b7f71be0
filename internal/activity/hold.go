package activity

import (
	"context"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

var (
	saveReporter = db.SQL("activity.activity.reporter", `update activity set reported_by = $3 where programme_id = $1 and id = $2`)
	readReporter = db.SQL("activity.activity.reported_by", `select coalesce(reported_by, '') from activity where programme_id = $1 and id = $2`)
)

// Step takes an activity on by one of its verbs: those of Move, hold, report, return, verify. Faults: those of each.
func Step(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, code string, verb access.VerbName, reason string) (Activity, error) {
	switch verb {
	case "activity.hold":
		return Hold(ctx, tx, by, g, code)
	case "activity.report":
		return Report(ctx, tx, by, g, code)
	case "activity.return":
		return Return(ctx, tx, by, g, code, reason)
	case "activity.verify":
		return Verify(ctx, tx, by, g, code)
	}
	return Move(ctx, tx, by, g, code, verb, reason)
}

// Hold says that an activity took place: it leaves evidence with the shares of its organisers, and so does each company that came. Faults: as
// Move; conflict before its first day.
func Hold(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, code string) (Activity, error) {
	a, err := begin(ctx, tx, by, g, code, "activity.hold")
	if err != nil {
		return a, err
	}
	if a.Starts > tx.Now.Date() {
		return a, fault.Conflict("activity.not_yet", nil)
	}
	if err := a.step(ctx, tx, by, g, "activity.hold", ""); err != nil {
		return a, err
	}
	came, err := Participations(ctx, tx, g, a.ID, "attended", "", 0)
	if err != nil {
		return a, err
	}
	held := a.trait(evidence.Held)
	held.SourceKind, held.SourceID, held.ReportedOn, held.ReportedBy = "activity", string(a.ID), tx.Now.Date(), by.ID
	rows := []evidence.New{held}
	for _, p := range came {
		rows = append(rows, a.attendance(tx, by, p.Participation))
	}
	return a, evidence.Record(ctx, tx, g, rows)
}

// Report says that the list of who came is complete: the agency can verify it. Faults: as Move.
func Report(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, code string) (Activity, error) {
	a, err := begin(ctx, tx, by, g, code, "activity.report")
	if err != nil {
		return a, err
	}
	if _, err := tx.Exec(ctx, saveReporter, g, a.ID, db.OrNull(by.ID)); err != nil {
		return a, err
	}
	return a, a.step(ctx, tx, by, g, "activity.report", "")
}

// Return sends a report back with what is to be put right. Faults: as Move; invalid (reason).
func Return(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, code, reason string) (Activity, error) {
	a, err := begin(ctx, tx, by, g, code, "activity.return")
	if err != nil {
		return a, err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return a, fault.Invalid("reason", "activity.reason_required", nil)
	}
	return a, a.step(ctx, tx, by, g, "activity.return", reason)
}

// Verify confirms what was reported of an activity, with all of its evidence that waits. Never by who reported it, nor by who recorded one of
// the rows. Faults: as Move.
func Verify(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, code string) (Activity, error) {
	a, err := begin(ctx, tx, by, g, code, "activity.verify")
	if err != nil {
		return a, err
	}
	rows, err := evidence.ReportedOf(ctx, tx, g, a.ID)
	if err != nil {
		return a, err
	}
	if err := evidence.VerifyMany(ctx, tx, by, g, rows, ""); err != nil {
		return a, err
	}
	return a, a.step(ctx, tx, by, g, "activity.verify", "")
}

// begin loads an activity within the actor's scope and asks leave for a verb on it.
func begin(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, code string, verb access.VerbName) (Activity, error) {
	a, err := ByCode(ctx, tx, by.Scope(), g, code)
	if err != nil {
		return a, err
	}
	s := a.Subject()
	if verb == "activity.verify" {
		var who id.Person
		if err := tx.Row(ctx, readReporter, g, a.ID).Scan(&who); err != nil {
			return a, err
		}
		s.Touched = []id.Person{who}
	}
	return a, by.May(verb, s)
}

// step moves the activity as the verb says and writes it down.
func (a *Activity) step(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, verb access.VerbName, reason string) error {
	to, err := access.Transition("activity", string(a.State), verb)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, saveState, g, a.ID, a.State, to, reason)
	if err != nil {
		return err
	}
	if n != 1 {
		return fault.Conflict("activity.moved", nil)
	}
	before := map[string]any{"state": a.State}
	a.State, a.Reason = State(to), reason
	return record(ctx, tx, by, g, verb, *a, before, map[string]any{"state": a.State, "reason": reason})
}

// trait is what evidence takes from the activity that it comes from: its first day, what it was about, and its organisers with their shares.
func (a *Activity) trait(kind evidence.Kind) evidence.New {
	n := evidence.New{Kind: kind, Dated: a.Starts, Activity: a.ID, ActivityType: string(a.Type), Organisers: len(a.Organisers),
		Market: first(a.Markets), Sector: first(a.Sectors), Need: first(a.Needs)}
	for _, o := range a.Organisers {
		n.Credits = append(n.Credits, evidence.Credit{Organisation: o.Organisation, Weight: o.Weight})
	}
	return n
}

// attendance is the evidence that a company came.
func (a *Activity) attendance(tx *db.Tx, by access.Actor, p Participation) evidence.New {
	n := a.trait(evidence.Participation)
	n.Company, n.SourceKind, n.SourceID, n.ReportedOn, n.ReportedBy = p.Company, "participation", string(p.ID), tx.Now.Date(), by.ID
	return n
}

func first(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}
