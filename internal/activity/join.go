package activity

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

var (
	dropOrganisers  = db.SQL("activity.organiser.drop", `delete from activity_organiser where programme_id = $1 and activity_id = $2`)
	countOrganisers = db.SQL("activity.organiser.count", `update activity set organisers = $3 where programme_id = $1 and id = $2`)
	// who signed up for both keeps one place
	moveRegistrations = db.SQL("activity.participation.join",
		`update participation set activity_id = $3
		 where programme_id = $1 and activity_id = $2 and company_id not in (select p.company_id from participation p
		   where p.programme_id = $1 and p.activity_id = $3)`)
)

// Join makes one activity of two: organisers run the kept one for their agreed parts of cost and credit, who signed up for the other is on its
// list, and the other is cancelled for the reason given. Whoever calls it has asked leave for the agreement of both sides; conflict when one of
// the two is no longer planned or published.
func Join(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, keep, drop Activity, organisers []Organiser, reason string) error {
	if err := checkOrganisers(organisers); err != nil {
		return err
	}
	if !keep.Coming() || !drop.Coming() {
		return fault.Conflict("overlap.over", nil)
	}
	verb := access.VerbName("activity.absorb")
	if drop.State == Published {
		verb = "activity.cancel"
	}
	to, err := access.Transition("activity", string(drop.State), verb)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, dropOrganisers, programme, keep.ID); err != nil {
		return err
	}
	rows := make([][]any, len(organisers))
	for n, o := range organisers {
		rows[n] = []any{programme, keep.ID, o.Organisation, n, o.Weight}
	}
	if err := tx.Insert(ctx, "activity_organiser", []string{"programme_id", "activity_id", "organisation_id", "position", "weight"}, rows); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, countOrganisers, programme, keep.ID, len(organisers)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, moveRegistrations, programme, drop.ID, keep.ID); err != nil {
		return err
	}
	if err := merge(ctx, tx, programme, keep, drop); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, saveState, programme, drop.ID, drop.State, to, reason)
	if err != nil {
		return err
	}
	if n != 1 {
		return fault.Conflict("activity.moved", nil)
	}
	before := keep.said()
	keep.Organisers = organisers
	if err := record(ctx, tx, by, programme, "overlap.join", keep, before, keep.said()); err != nil {
		return err
	}
	return record(ctx, tx, by, programme, verb, drop, map[string]any{"state": drop.State}, map[string]any{"state": to, "reason": reason,
		"into": keep.ID})
}

// Coming tells whether the activity is still to take place, on days that are set.
func (a Activity) Coming() bool { return a.State == Planned || a.State == Published }
