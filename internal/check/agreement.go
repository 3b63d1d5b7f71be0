package check

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/programme"
)

// holdVersions: every version of an agreement is what its hash says, and an accepted one binds both sides to that hash.
func holdVersions(ctx context.Context, tx *db.Tx, g programme.Programme, l *Law) error {
	all, err := agreement.List(ctx, tx, access.All, g.ID)
	if err != nil {
		return err
	}
	for _, a := range all {
		versions, err := agreement.Versions(ctx, tx, g.ID, a.ID)
		if err != nil {
			return err
		}
		for _, v := range versions {
			l.Held++
			if _, err := agreement.LoadVersion(ctx, tx, g.ID, a.ID, v.N); ctx.Err() != nil {
				return ctx.Err()
			} else if err != nil {
				l.broken("%s: version %d is not what was accepted: %v", a.Partner.Code, v.N, err)
			}
			if v.State == agreement.Accepted && !(v.AcceptedBy(agreement.OfAgency) && v.AcceptedBy(agreement.OfPartner)) {
				l.broken("%s: version %d does not bind both sides", a.Partner.Code, v.N)
			}
		}
	}
	return nil
}
