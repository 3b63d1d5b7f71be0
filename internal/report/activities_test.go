package report

import (
	"slices"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/programme"
)

func codes(all []activity.Activity) []string {
	var out []string
	for _, a := range all {
		out = append(out, a.Code)
	}
	return out
}

func TestPlannedActivitiesShowToTheirOrganisers(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := plant(t, d)
		all := []activity.Activity{
			event("one", "2019-03-01", "2019-03-02", activity.Held, w.alder),
			event("plan-a", "2019-02-01", "2019-02-01", activity.Planned, w.alder),
			event("plan-b", "2019-04-01", "2019-04-01", activity.Planned, w.birch),
			event("old", "2018-04-01", "2018-04-01", activity.Held, w.birch, w.alder),
		}
		must(t, d.Write(t.Context(), w.g.ID, func(tx *db.Tx) error { return activity.Add(t.Context(), tx, w.g.ID, all) }))
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			published, err := LoadPublished(t.Context(), tx, w.g)
			if err != nil {
				return err
			}
			if got := codes(published.All); !slices.Equal(got, []string{"old", "one"}) {
				t.Errorf("everybody sees %v", got)
			}
			for scope, want := range map[access.Scope][]string{
				access.Scope(w.alder.ID): {"old", "plan-a", "one"}, access.All: {"old", "plan-a", "one", "plan-b"},
			} {
				seen, err := WithPlanned(t.Context(), tx, w.g, scope, published)
				if err != nil {
					return err
				}
				if got := codes(seen.All); !slices.Equal(got, want) {
					t.Errorf("scope %s sees %v, want %v", scope, got, want)
				}
				if _, found := seen.ByCode("plan-b"); found != (scope == access.All) {
					t.Errorf("scope %s finds plan-b: %v", scope, found)
				}
			}
			if got := codes(published.Choose(Choice{Words: "CAFE one"})); !slices.Equal(got, []string{"one"}) {
				t.Errorf("words without case and accents find %v", got)
			}
			if got := codes(published.Choose(Choice{Joint: true, Organisation: "alder", Sector: "food"})); !slices.Equal(got, []string{"old"}) {
				t.Errorf("joint ones of Alder are %v", got)
			}
			if got := published.Choose(Choice{Market: "CN"}); got != nil {
				t.Errorf("nothing goes to China, found %v", codes(got))
			}
			return nil
		}))
	})
}

func TestCalendarRowsPutTheAgencyFirstAndCapOthers(t *testing.T) {
	agency, alder := organisation("agency", programme.KindAgency, 5), organisation("alder", programme.KindPartner, 2)
	x, y, idle := organisation("x", programme.KindOther, 6), organisation("y", programme.KindOther, 7), organisation("idle", programme.KindPartner, 3)
	a := &Activities{Organisations: []programme.Organisation{alder, idle, agency, x, y},
		All: []activity.Activity{
			event("1", "2019-01-05", "2019-01-05", activity.Held, alder, agency),
			event("2", "2019-02-05", "2019-02-05", activity.Held, x),
			event("3", "2019-02-06", "2019-02-06", activity.Held, y),
			event("4", "2019-02-07", "2019-02-07", activity.Held, y),
			event("5", "2020-01-01", "2020-01-01", activity.Held, idle),
		}}
	a.Partners = map[id.Organisation]bool{agency.ID: true, alder.ID: true, idle.ID: true}
	a.index()
	c := a.Calendar(2019, Choice{}, 3)
	var rows []string
	for _, r := range c.Rows {
		rows = append(rows, r.Code)
	}
	if !slices.Equal(rows, []string{"agency", "alder", "y"}) || c.Hidden != 1 || c.Joint != 1 {
		t.Errorf("rows %v, %d hidden, %d joint; want agency, alder, y, 1, 1", rows, c.Hidden, c.Joint)
	}
	if !c.Rows[2].Opens || c.Rows[2].Activities != 2 {
		t.Errorf("the row of y is %+v", c.Rows[2])
	}
	if at := c.RowsOf(c.Places(), a.All[0]); !slices.Equal(at, []int{0, 1}) {
		t.Errorf("the joint activity stands on rows %v", at)
	}
}
