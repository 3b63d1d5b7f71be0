package plan

import (
	"errors"
	"fmt"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/programme"
)

func TestChangesAreTold(t *testing.T) {
	a := func(n, title string, state activity.State) activity.Activity {
		return activity.Activity{ID: id.Activity(n), State: state, Details: activity.Details{Title: title, Starts: "2027-01-01", Ends: "2027-01-01"}}
	}
	same, was, gone, off := a("1", "Same", activity.Planned), a("2", "Was", activity.Planned), a("3", "Gone", activity.Planned), a("4", "Off", activity.Planned)
	var held []Line
	for _, x := range []activity.Activity{same, was, gone, off} {
		held = append(held, Line{x.ID, x.Title, said(&x, activity.Estimate{})})
	}
	was.Starts, off.State = "2027-02-01", activity.Cancelled
	published := same
	published.State = activity.Published
	got := Changes(held, []activity.Activity{published, was, off, a("5", "New", activity.Planned), a("6", "Never", activity.Cancelled)}, nil)
	if want := "[{dropped Gone 3} {added New 5} {dropped Off 4} {changed Was 2}]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
}

// planVague plans an activity that has a season and an estimate and no days; it is not published so.
func planVague(t *testing.T, write func(func(*db.Tx) error) error, by access.Actor, g id.Programme, alpha id.Organisation) {
	t.Helper()
	ctx := t.Context()
	if err := write(func(tx *db.Tx) error {
		vague, err := activity.Plan(ctx, tx, by, g, "vague", activity.Details{Title: "Vague", Type: activity.Seminar, Around: "2027-spring",
			Place: activity.Online}, []activity.Organiser{{Organisation: alpha, Weight: 1}})
		if vague.Starts != "2027-03-01" || vague.Ends != "2027-05-31" {
			t.Errorf("%+v", vague)
		}
		return errors.Join(err, Estimate(ctx, tx, by, g, "vague", Saying{Costs: map[string]money.Amount{"venue": 500_00}}))
	}); err != nil {
		t.Fatal(err)
	}
	if err := write(func(tx *db.Tx) error {
		_, err := activity.Move(ctx, tx, by, g, "vague", "activity.publish", "")
		return err
	}); !fault.Is(err, fault.KindConflict) {
		t.Errorf("published without days: %v", err)
	}
}

// enter makes a programme with one partner, and gives its coordinator.
func enter(t *testing.T, d *db.DB, g id.Programme, alpha id.Organisation) (by access.Actor) {
	t.Helper()
	ctx, agency := t.Context(), id.New[id.Organisation]()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(d.WriteAgency(ctx, func(tx *db.Tx) error {
		if err := programme.AddOrganisations(ctx, tx, []programme.Organisation{{ID: agency, Code: "agency", Name: "Agency", Kind: programme.KindAgency},
			{ID: alpha, Code: "alpha", Name: "Alpha", Kind: programme.KindPartner, Position: 1}}); err != nil {
			return err
		}
		if _, err := access.Add(ctx, tx, access.System("test"), access.NewPerson{Email: "c@alpha.example", Name: "C", Language: "en",
			Role: access.Coordinator, Organisation: "alpha"}); err != nil {
			return err
		}
		return programme.Begin(ctx, tx, programme.Programme{ID: g, Code: "g", Starts: "2027-01-01", Ends: "2028-12-31", Currency: "EUR", Agency: agency})
	}))
	must(d.Write(ctx, g, func(tx *db.Tx) error { // an agreement makes the partner
		return tx.Insert(ctx, "agreement", []string{"programme_id", "id", "organisation_id", "state", "version", "starts_on", "ends_on", "signed_on"},
			[][]any{{g, id.New[id.Agreement](), alpha, "active", 1, "2027-01-01", "2028-12-31", "2026-12-20"}})
	}))
	must(d.Read(ctx, func(tx *db.Tx) (err error) {
		by, err = access.LoadActorByEmail(ctx, tx, "c@alpha.example")
		return err
	}))
	return by
}

// TestLastYearIsTakenOver: what was held is planned a year of weeks later, once; on both engines.
func TestLastYearIsTakenOver(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		ctx, g := t.Context(), id.New[id.Programme]()
		alpha := id.New[id.Organisation]()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		by := enter(t, d, g, alpha)
		write := func(fn func(*db.Tx) error) error { return d.Write(ctx, g, fn) }
		for _, day := range []string{"01", "12"} {
			must(write(func(tx *db.Tx) error {
				_, err := activity.Plan(ctx, tx, by, g, "", activity.Details{Title: "T" + day, Type: activity.Seminar, Starts: "2027-01-" + "01", Ends: "2027-01-01",
					Place: activity.Online}, []activity.Organiser{{Organisation: alpha, Weight: 1}})
				return err
			}))
		}
		planVague(t, write, by, g, alpha)
		ref := Ref{"alpha", 2028}
		if err := write(func(tx *db.Tx) error { return Submit(ctx, tx, by, g, ref) }); !fault.Is(err, fault.KindConflict) || fault.Of(err).Key != "plan.empty" {
			t.Errorf("an empty plan: %v", err)
		}
		for _, want := range []int{3, 0} {
			n := 0
			must(write(func(tx *db.Tx) (err error) {
				n, err = Copy(ctx, tx, by, g, ref)
				return err
			}))
			if n != want {
				t.Errorf("%d taken over, want %d", n, want)
			}
		}
		must(write(func(tx *db.Tx) error { return Submit(ctx, tx, by, g, ref) }))
		must(write(func(tx *db.Tx) error { return Withdraw(ctx, tx, by, g, ref) }))
		must(d.Read(ctx, func(tx *db.Tx) error {
			p, steps, err := Load(ctx, tx, by.ScopeFor("plan.read"), g, "alpha", 2028)
			if err != nil {
				return err
			}
			now, err := Activities(ctx, tx, g, &p)
			if err != nil {
				return err
			}
			o, err := LoadOutlook(ctx, tx, programme.Programme{ID: g, Starts: "2027-01-01"}, &p)
			if err != nil {
				return err
			}
			if o.Cost != 500_00 || o.Unplanned != 2 {
				t.Errorf("the estimates were not taken over: %+v", o)
			}
			if p.State != Withdrawn || len(steps) != 3 || len(now) != 3 || now[2].Around != "2028-spring" || now[2].Starts != "2028-03-01" || now[0].Starts.Weekday() != 5 || now[0].Starts.Year() != 2028 {
				t.Errorf("%+v %+v %+v", p, steps, now)
			}
			return err
		}))
	})
}
