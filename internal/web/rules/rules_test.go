package rules

import (
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/web/webtest"
)

// TestARuleChangesFromADayOn: an administrator changes a category from a day on, with a reason; the page shows before and after, to partners
// too; nobody else changes one, not for days that passed, nor twice over, nor in a settled year. What is declared afterwards is under the new
// rule.
func TestARuleChangesFromADayOn(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		d = d.WithClock(func() time.Time { return period.Date("2018-06-01").Time() })
		s := webtest.Open(t, d, Routes)
		administrator := person(t, s, "admin@bureau.example", access.Administrator)
		travel := func(from, reason string) []string {
			return []string{"from", from, "reason", reason, "category", "travel", "kinds", "invoice", "cap", "150.00"}
		}
		administrator.Post("/rules/category", 422, travel("2018-05-31", "too late")...)
		administrator.Post("/rules/category", 422, travel("2018-07-01", " ")...)
		back := administrator.Post("/rules/category", 422, travel("2019-01-01", "a cap")...)
		administrator.Says(back, "[role=alert]", "Choose a day of the programme")
		if got, _ := back.Find("#category-cap").Attr("value"); got != "150.00" {
			t.Errorf("what was typed is lost: %q", got)
		}
		done := administrator.Post("/rules/category", 200, travel("2018-07-01", "Tickets grew dear.")...)
		administrator.Says(done, "[role=status]", "is changed")
		administrator.Post("/rules/category", 422, travel("2018-07-01", "again")...)
		s.Reader("controller@bureau.example").Post("/rules/category", 403, travel("2018-08-01", "mine")...)

		finance := s.Reader("finance@alpha.example")
		before, after := finance.Page("/rules?on=2018-06-30", 200), finance.Page("/rules?on=2018-07-01", 200)
		row := func(doc interface{ Text() string }) string { return strings.Join(strings.Fields(doc.Text()), " ") }
		if said := row(before.Find("#categories").Parent().Find("tr:contains(Travel)")); !strings.Contains(said, "everything") {
			t.Errorf("before: %q", said)
		}
		if said := row(after.Find("#categories").Parent().Find("tr:contains(Travel)")); !strings.Contains(said, "150.00") {
			t.Errorf("after: %q", said)
		}
		finance.Says(after, "#changes + ul", "Tickets grew dear.")
		if before.Find("form[method=post][action*='/rules/']").Length() != 0 {
			t.Error("a partner is offered to change rules")
		}
		holds(t, d, "2018-06-30", 0)
		holds(t, d, "2018-07-01", 150_00)
	})
}

// TestNoRuleOfASettledYearChanges: once a year was communicated its rules stand.
func TestNoRuleOfASettledYearChanges(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		d = d.WithClock(func() time.Time { return period.Date("2018-12-31").Time() })
		s := webtest.Open(t, d, Routes)
		administrator := person(t, s, "admin@bureau.example", access.Administrator)
		communicate(t, d.WithClock(func() time.Time { return period.Date("2019-01-02").Time() })) // a year is settled once it is over
		back := administrator.Post("/rules/claim", 422, "from", "2018-12-31", "reason", "more", "sample_bp", "20", "sample_seed", "1",
			"claim_days", "90", "reply_days", "14", "parked_days", "180")
		administrator.Says(back, "[role=alert]", "2018 was settled")
	})
}

// person adds somebody to the agency and signs them in.
func person(t *testing.T, s webtest.Site, email string, role access.Role) webtest.Reader {
	t.Helper()
	err := s.DB.WriteAgency(t.Context(), func(tx *db.Tx) error {
		_, err := access.Add(t.Context(), tx, access.System("test"), access.NewPerson{Email: email, Name: "Ada", Language: "en", Role: role, Organisation: "bureau"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.Reader(email)
}

// holds wants a cap of travel on a day.
func holds(t *testing.T, d *db.DB, on period.Date, want money.Amount) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		g, err := programme.Current(t.Context(), tx, "")
		if err != nil {
			return err
		}
		rules, err := funding.LoadRules(t.Context(), tx, g.ID, on)
		if got := rules.Categories["travel"].Cap; got != want {
			t.Errorf("on %s the cap is %s, not %s", on, got, want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// communicate settles alpha's year.
func communicate(t *testing.T, d *db.DB) {
	t.Helper()
	ctx := t.Context()
	var g programme.Programme
	var by access.Actor
	var years []settlement.AgreementYear
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		if g, err = programme.Current(ctx, tx, ""); err != nil {
			return err
		}
		if by, err = access.LoadActorByEmail(ctx, tx, "controller@bureau.example"); err != nil {
			return err
		}
		years, err = settlement.AgreementYears(ctx, tx, g.ID, "alpha", 2018)
		return err
	})
	if err == nil {
		_, err = settlement.Settle(ctx, d, by, g.ID, years, false)
	}
	if err == nil {
		err = d.Write(ctx, g.ID, func(tx *db.Tx) error {
			_, err := settlement.Communicate(ctx, tx, by, g.ID, years[0].Agreement, years[0].Year)
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestWhatCountsOfResultsIsARule: the cap on declared evidence and the limits of alerts are changed with the other rules, and stay when those change.
func TestWhatCountsOfResultsIsARule(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		d = d.WithClock(func() time.Time { return period.Date("2018-03-01").Time() })
		s := webtest.Open(t, d, Routes)
		administrator := person(t, s, "admin@bureau.example", access.Administrator)
		form := func(from string, but ...string) []string {
			doc := administrator.Page("/rules?on=2018-03-01", 200)
			fields := []string{"from", from, "reason", "because", "year_of", "delivered"}
			for _, name := range []string{"rate_bp", "performance_bp", "advance_bp", "carry_over_bp", "objection_days", "answer_days", "cooling_days", "declared_bp",
				"alert_chance_bp", "alert_stake_bp", "report_grace_days", "plan_days"} {
				now, there := doc.Find("#programme-" + name).Attr("value")
				if !there {
					t.Fatalf("no field %s", name)
				}
				for i := 0; i < len(but); i += 2 {
					if but[i] == name {
						now = but[i+1]
					}
				}
				fields = append(fields, name, now)
			}
			return fields
		}
		administrator.Post("/rules/programme", 422, form("2018-04-01", "declared_bp", "5")...) // only with a year
		administrator.Post("/rules/programme", 422, form("2018-04-01", "alert_chance_bp", "0")...)
		administrator.Post("/rules/programme", 200, form("2018-04-01", "report_grace_days", "45", "alert_stake_bp", "12.5")...)
		after := administrator.Page("/rules?on=2018-04-01", 200)
		administrator.Says(after, "#results + table", "45 days")
		administrator.Says(after, "#results + table", "12.5")
		administrator.Says(administrator.Page("/rules?on=2018-03-31", 200), "#results + table", "30 days")
	})
}
