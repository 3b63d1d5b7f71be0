package programme

import (
	"slices"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

func TestWordsShowNoHole(t *testing.T) {
	w := Words{NL: "huis", EN: "house"}
	if w.In(text.NL) != "huis" || w.In(text.FR) != "house" || (Words{}).In(text.EN) != "" {
		t.Errorf("%q %q", w.In(text.NL), w.In(text.FR))
	}
}

func TestRuleInForce(t *testing.T) {
	rules := Rules{{From: "2017-01-01", RateBp: 5000}, {From: "2019-07-01", RateBp: 4000}}
	for day, want := range map[period.Date]money.Bp{"2017-01-01": 5000, "2019-06-30": 5000, "2019-07-01": 4000, "2030-01-01": 4000} {
		if got, found := rules.InForce(day); !found || got.RateBp != want {
			t.Errorf("%s: %v", day, got)
		}
	}
	if _, found := rules.InForce("2016-12-31"); found {
		t.Error("a rule before the first one")
	}
}

func TestLeadingProgramme(t *testing.T) {
	past := Programme{ID: "3", Code: "past", Starts: "2012-01-01", Ends: "2016-12-31"}
	old := Programme{ID: "1", Code: "old", Starts: "2017-01-01", Ends: "2021-12-31"}
	now := Programme{ID: "2", Code: "now", Starts: "2022-01-01", Ends: "2026-12-31"}
	next := Programme{ID: "4", Code: "next", Starts: "2027-01-01", Ends: "2031-12-31"}
	far := Programme{ID: "5", Code: "far", Starts: "2032-01-01", Ends: "2036-12-31"}
	invented := func(p Programme) Programme { p.Invented = true; return p }
	for _, c := range []struct {
		open []Programme
		day  period.Date
		want string
	}{
		{[]Programme{next, now, old}, "2026-11-25", "now"},
		{[]Programme{next, now, old}, "2027-01-01", "next"},
		{[]Programme{past, old}, "2026-11-25", "old"},
		{[]Programme{far, next}, "2026-11-25", "next"},
		{[]Programme{far, past}, "2026-11-25", "past"},
		{[]Programme{invented(now), next}, "2026-11-25", "next"},
		{[]Programme{invented(next), invented(now), invented(old)}, "2026-11-25", "old"},
	} {
		if got := Leading(c.open, c.day); got.Code != c.want {
			t.Errorf("%s on %s leads, want %s", got.Code, c.day, c.want)
		}
	}
}

// Names stand as people look for them, whatever the engine sorts by.
func TestSortKeys(t *testing.T) {
	want := []string{"Agoria", "élan", "Elan 2", "Elan 10", "Zzz"}
	got := slices.Clone(want)
	slices.Reverse(got)
	s := NewSorter()
	slices.SortFunc(got, func(a, b string) int {
		if s.Key(a) < s.Key(b) {
			return -1
		}
		return 1
	})
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

func TestStore(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		agency := Organisation{ID: id.New[id.Organisation](), Code: "fit", Name: "Agency", Kind: KindAgency}
		p := Programme{ID: id.New[id.Programme](), Code: "round", Name: Words{"a", "b", "c"}, Starts: "2018-01-01", Ends: "2019-12-31",
			Currency: "EUR", Agency: agency.ID, Invented: true, SourceHash: "h"}
		must(t, d.WriteAgency(ctx, func(tx *db.Tx) error {
			if err := AddOrganisations(ctx, tx, []Organisation{agency}); err != nil {
				return err
			}
			return Begin(ctx, tx, p)
		}))
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			if _, err := Current(ctx, tx, ""); !fault.Is(err, fault.KindMissing) {
				t.Errorf("a programme that is being imported shows: %v", err)
			}
			found, there, err := Find(ctx, tx, "round")
			if err != nil || !there || found.State != Importing || !found.Invented || found.SourceHash != "h" {
				t.Errorf("%+v %v %v", found, there, err)
			}
			return nil
		}))
		rules := Rules{{From: "2018-01-01", RateBp: 5000, PerformanceBp: 2000, AdvanceBp: 3000, ObjectionDays: 30, CarryOverBp: 1000, YearOf: Delivered, AnswerDays: 21, CoolingDays: 7,
			DeclaredBp: 500, Limits: Limits{ChanceBp: 3000, StakeBp: 1500, GraceDays: 45}}}
		must(t, d.Write(ctx, p.ID, func(tx *db.Tx) error {
			if err := AddRules(ctx, tx, p.ID, rules); err != nil {
				return err
			}
			if err := AddGoals(ctx, tx, p.ID, []Goal{{ID: id.New[id.Goal](), Code: "abroad", Name: Words{"x", "y", "z"}}}); err != nil {
				return err
			}
			if err := AddEnvelopes(ctx, tx, p.ID, map[period.Year]money.Amount{2018: 100, 2019: 200}); err != nil {
				return err
			}
			return Publish(ctx, tx, p.ID)
		}))
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			got, err := Only(ctx, tx, "")
			if err != nil || got.ID != p.ID || len(got.Years()) != 2 {
				t.Errorf("%+v %v", got, err)
			}
			if rule, err := RuleOn(ctx, tx, p.ID, "2019-05-01"); err != nil || rule != rules[0] {
				t.Errorf("%+v %v", rule, err)
			}
			if _, err := RuleOn(ctx, tx, p.ID, "2017-05-01"); !fault.Is(err, fault.KindMissing) {
				t.Errorf("a rule before the first: %v", err)
			}
			goals, err := Goals(ctx, tx, p.ID)
			if err != nil || len(goals) != 1 || goals[0].Name.FR != "z" {
				t.Errorf("%v %v", goals, err)
			}
			votes, err := Envelopes(ctx, tx, p.ID)
			if err != nil || votes[2019] != 200 {
				t.Errorf("%v %v", votes, err)
			}
			_, err = Current(ctx, tx, "other")
			if !fault.Is(err, fault.KindMissing) {
				t.Errorf("an unknown code: %v", err)
			}
			return nil
		}))
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
