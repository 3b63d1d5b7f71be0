package agreement

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
)

// Start makes an agreement in state draft with a partner, and lays a document in the agency's working copy, from which the first version is
// proposed. Nothing is promised or booked by it.
func Start(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, d Document) (Agreement, error) {
	a := Agreement{ID: id.New[id.Agreement](), State: Draft, Version: 1, Starts: d.Starts, Ends: d.Ends}
	a.Partner.ID, a.Partner.Name = d.Partner.Organisation, d.Partner.Name
	if err := by.May("agreement.draft", access.Subject{Kind: "agreement", Partner: a.Partner.ID}); err != nil {
		return a, err
	}
	form, err := d.Canonical()
	if err != nil {
		return a, err
	}
	if err := Add(ctx, tx, g, []Agreement{a}); err != nil {
		return a, err
	}
	err = tx.Insert(ctx, "agreement_draft", []string{"programme_id", "agreement_id", "side", "revision", "base_n", "based_on", "aside", "document",
		"saved_at", "saved_by"}, [][]any{{g, a.ID, OfAgency, 1, 0, 0, 0, form, tx.Now, by.ID}})
	if err != nil {
		return a, err
	}
	return a, audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: "agreement.draft", ObjectKind: "agreement", ObjectID: string(a.ID),
		After: map[string]any{"partner": a.Partner.ID, "state": a.State, "hash": HashOf(form)}})
}
