package agreement

import (
	"database/sql"
	"strings"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
)

// An agreed version makes the live rows; an amendment changes them and keeps the history of targets.
func TestApply(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		ctx, w := t.Context(), newWorld(t, d)
		g, a := w.setting.Programme.ID, w.agreement.ID
		first := w.document()
		rows := func() string {
			var all []string
			must(t, d.Read(ctx, func(tx *db.Tx) error {
				return tx.Each(ctx, db.Query{Text: `select s.weight || ' ' || s.baseline || ' ' || t.year || ' ' || t.set_on || ' ' || t.value || ' ' || t.reason
					from assignment s join target t on t.assignment_id = s.id order by t.year, t.set_on`}, nil, func(r *sql.Rows) error {
					var s string
					err := r.Scan(&s)
					all = append(all, strings.TrimSpace(s))
					return err
				})
			}))
			return strings.Join(all, "\n")
		}
		must(t, d.Write(ctx, g, func(tx *db.Tx) error {
			v, err := AddAgreed(ctx, tx, g, a, 1, first, "2026-12-01")
			if err != nil {
				return err
			}
			return Apply(ctx, tx, &w.setting, a, v, "2026-12-01")
		}))
		if got, want := rows(), "100 90 2027 2026-12-01 100\n100 90 2028 2026-12-01 120\n100 90 2029 2026-12-01 140"; got != want {
			t.Errorf("%s\nwant\n%s", got, want)
		}
		second := w.document()
		second.Amends, second.EffectiveOn, second.ReasonAmends = 1, "2028-01-01", "merger"
		second.KPIs[0].Targets[2].Value, second.Ceilings[2].Amount, second.KPIs[0].Weight = "150", 95_000_00, 90
		must(t, d.Write(ctx, g, func(tx *db.Tx) error {
			v, err := AddAgreed(ctx, tx, g, a, 2, second, "2027-12-01")
			if err != nil {
				return err
			}
			return Apply(ctx, tx, &w.setting, a, v, "2027-12-01")
		}))
		if got, want := rows(), "90 90 2027 2026-12-01 100\n90 90 2028 2026-12-01 120\n90 90 2029 2026-12-01 140\n90 90 2029 2028-01-01 150 merger"; got != want {
			t.Errorf("%s\nwant\n%s", got, want)
		}
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			live, err := Load(ctx, tx, "*", g, a)
			if c, _ := live.Ceiling(2029); err != nil || c.Amount != 95_000_00 || live.Version != 2 {
				t.Errorf("%+v %v", live, err)
			}
			v, err := LoadVersion(ctx, tx, g, a, 1)
			if hash, _ := first.Hash(); err != nil || v.State != Accepted || v.Hash != hash || !v.AcceptedBy(OfAgency) || !v.AcceptedBy(OfPartner) {
				t.Errorf("%+v %v", v, err)
			}
			return nil
		}))
		refusesToLeaveOut(t, d, w)
	})
}

func refusesToLeaveOut(t *testing.T, d *db.DB, w world) {
	t.Helper()
	ctx, g, a := t.Context(), w.setting.Programme.ID, w.agreement.ID
	for field, change := range map[string]func(*Document){
		"objective.reach":         func(d *Document) { d.Objectives, d.KPIs = nil, nil },
		"kpi.reached":             func(d *Document) { d.KPIs = nil },
		"kpi.reached.target.2028": func(d *Document) { d.KPIs[0].Targets = d.KPIs[0].Targets[:1] },
		"ceiling.2029":            func(d *Document) { d.Ceilings = d.Ceilings[:2] },
		"objective.reach.goal":    func(d *Document) { d.Objectives[0].Goal = "other" },
		"kpi.other":               func(d *Document) { d.KPIs = append(d.KPIs, Promise{KPI: "other", Objective: "reach"}) },
		"kpi.reached.objective":   func(d *Document) { d.KPIs[0].Objective = "other" },
	} {
		bad := w.document()
		bad.Amends, bad.EffectiveOn, bad.ReasonAmends = 2, "2028-06-01", "why"
		change(&bad)
		err := d.Write(ctx, g, func(tx *db.Tx) error {
			return Apply(ctx, tx, &w.setting, a, Version{N: 3, Document: bad}, "2028-05-01")
		})
		if f := fault.Of(err); err == nil || f.Kind != fault.KindInvalid || !strings.HasPrefix(f.Field, field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}
