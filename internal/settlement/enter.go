package settlement

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/signing"
)

// EnterForce puts the amendments of all programmes in force that everybody signed and whose day has come. One that something binds by now
// (a claim approved since, an envelope spent) stays out of force, and its page says why when somebody tries; the others go on.
func EnterForce(ctx context.Context, d *db.DB) error {
	var all []programme.Programme
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = programme.List(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range all {
		var due []signing.Sheet
		err := d.Read(ctx, func(tx *db.Tx) (err error) {
			due, err = signing.Amendments(ctx, tx, p.ID)
			return err
		})
		if err != nil {
			return err
		}
		for _, x := range due {
			err := d.Write(ctx, p.ID, func(tx *db.Tx) error { return enter(ctx, tx, p, x) })
			if err != nil && !fault.Is(err, fault.KindInvalid) && !fault.Is(err, fault.KindConflict) {
				return err
			}
		}
	}
	return nil
}

func enter(ctx context.Context, tx *db.Tx, p programme.Programme, x signing.Sheet) error {
	s, err := SettingFor(ctx, tx, p, x.Agreement)
	if err != nil {
		return err
	}
	return Amend(ctx, tx, access.System("effective-date"), &s, x.Agreement.ID, x.Version.N)
}

// SettingFor is what documents of a programme refer to, with the bounds of the given agreements where they are running.
func SettingFor(ctx context.Context, tx *db.Tx, p programme.Programme, agreements ...agreement.Agreement) (agreement.Setting, error) {
	indicators, err := kpi.Indicators(ctx, tx, p.ID)
	if err != nil {
		return agreement.Setting{}, err
	}
	s, err := agreement.LoadSetting(ctx, tx, p, indicators)
	if err != nil {
		return s, err
	}
	s.Bounds = map[id.Agreement]agreement.Bounds{}
	for _, a := range agreements {
		if a.State != agreement.Signed && a.State != agreement.Active {
			continue
		}
		if s.Bounds[a.ID], err = Bounds(ctx, tx, p.ID, a); err != nil {
			return s, err
		}
	}
	return s, nil
}
