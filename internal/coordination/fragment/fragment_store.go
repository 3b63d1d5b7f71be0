package fragment

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/coordination"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// See reads what a year is reckoned from. The caller has asked leave to read the figures of everybody.
func See(ctx context.Context, tx *db.Tx, g id.Programme, year period.Year) (Seen, error) {
	s := Seen{Year: year}
	var err error
	if s.Activities, err = activity.OfYear(ctx, tx, access.All, g, year); err != nil {
		return s, err
	}
	if s.Overlaps, err = coordination.Between(ctx, tx, access.All, g, year.First(), year.Last()); err != nil {
		return s, err
	}
	s.Rows, err = evidence.Of(ctx, tx, g, evidence.Query{From: year, To: year})
	return s, err
}
