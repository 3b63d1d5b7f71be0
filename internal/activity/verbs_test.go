package activity

import (
	"slices"
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

func (w world) coordinator(o id.Organisation) access.Actor {
	return access.Actor{ID: id.New[id.Person](), Memberships: []access.Membership{{Organisation: o, Role: access.Coordinator}}}
}

func (w world) write(t *testing.T, fn func(tx *db.Tx) error) error {
	t.Helper()
	return w.d.Write(t.Context(), w.g, fn)
}

func seminar() Details {
	return Details{Title: " Seminar ", Type: Seminar, Starts: "2018-05-01", Place: Onsite, City: "Gent", Country: "BE", Markets: []string{"JP"},
		Sectors: []string{"food"}, Needs: []string{"contacts"}}
}

func TestPlanChangeMove(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		alpha, beta := w.coordinator(w.alpha), w.coordinator(w.beta)
		var made Activity
		err := w.write(t, func(tx *db.Tx) (err error) {
			made, err = Plan(t.Context(), tx, alpha, w.g, "", seminar(), []Organiser{{Organisation: w.alpha, Weight: 1}})
			return err
		})
		if err != nil || made.State != Planned || made.Title != "Seminar" || made.Ends != "2018-05-01" || !strings.HasPrefix(made.Code, "a-") {
			t.Fatalf("planned %+v, %v", made, err)
		}
		change := func(by access.Actor, d Details) error {
			return w.write(t, func(tx *db.Tx) error { _, err := Change(t.Context(), tx, by, w.g, made.Code, d); return err })
		}
		move := func(by access.Actor, verb access.VerbName, reason string) error {
			return w.write(t, func(tx *db.Tx) error { _, err := Move(t.Context(), tx, by, w.g, made.Code, verb, reason); return err })
		}
		for _, step := range []struct {
			name string
			do   func() error
			want fault.Kind // 0: done
		}{
			{"another partner sees no plan", func() error { return change(beta, seminar()) }, fault.KindMissing},
			{"its own", func() error { d := seminar(); d.Title = "Other"; return change(alpha, d) }, 0},
			{"cancelled before it is published", func() error { return move(alpha, "activity.cancel", "why") }, fault.KindConflict},
			{"published", func() error { return move(alpha, "activity.publish", "") }, 0},
			{"another partner changes nothing", func() error { return change(beta, seminar()) }, fault.KindDenied},
			{"postponed without a reason", func() error { return move(alpha, "activity.postpone", " ") }, fault.KindInvalid},
			{"postponed", func() error { return move(alpha, "activity.postpone", "strike") }, 0},
			{"planned again", func() error { return move(alpha, "activity.replan", "") }, 0},
			{"published again", func() error { return move(alpha, "activity.publish", "") }, 0},
			{"held by this door", func() error { return move(alpha, "activity.hold", "") }, fault.KindMissing},
			{"cancelled", func() error { return move(alpha, "activity.cancel", "too few") }, 0},
			{"changed when it is over", func() error { return change(alpha, seminar()) }, fault.KindConflict},
		} {
			err := step.do()
			if (step.want == 0 && err != nil) || (step.want != 0 && !fault.Is(err, step.want)) {
				t.Errorf("%s: %v", step.name, err)
			}
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			a, err := ByCode(t.Context(), tx, access.All, w.g, made.Code)
			if a.State != Cancelled || a.Reason != "too few" || a.Title != "Other" || !slices.Equal(a.Markets, []string{"JP"}) {
				t.Errorf("now %+v", a)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestPlanIsRefused(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	alpha := w.coordinator(w.alpha)
	own := []Organiser{{Organisation: w.alpha, Weight: 1}}
	with := func(change func(d *Details)) Details { d := seminar(); change(&d); return d }
	for _, c := range []struct {
		name, code, field string
		d                 Details
		by                []Organiser
	}{
		{"no title", "", "title", with(func(d *Details) { d.Title = "  " }), own},
		{"two lines", "", "title", with(func(d *Details) { d.Title = "a\nb" }), own},
		{"type", "", "type", with(func(d *Details) { d.Type = "party" }), own},
		{"place", "", "place", with(func(d *Details) { d.Place = "" }), own},
		{"day", "", "starts_on", with(func(d *Details) { d.Starts = "2018-02-30" }), own},
		{"ends first", "", "ends_on", with(func(d *Details) { d.Ends = "2018-04-30" }), own},
		{"country", "", "country", with(func(d *Details) { d.Country = "be" }), own},
		{"market", "", "markets", with(func(d *Details) { d.Markets = []string{"JP", "EU"} }), own},
		{"sector", "", "sectors", with(func(d *Details) { d.Sectors = []string{"Food and drink"} }), own},
		{"need", "", "needs", with(func(d *Details) { d.Needs = []string{"money"} }), own},
		{"address", "", "url", with(func(d *Details) { d.URL = "javascript:alert(1)" }), own},
		{"language", "", "language", with(func(d *Details) { d.Language = "not a language" }), own},
		{"places", "", "places", with(func(d *Details) { d.Places = -1 }), own},
		{"code", "Not A Code", "code", seminar(), own},
		{"weight", "", "organisers", seminar(), []Organiser{{Organisation: w.alpha}}},
		{"twice", "", "organisers", seminar(), append(own, own...)},
	} {
		err := w.write(t, func(tx *db.Tx) error {
			_, err := Plan(t.Context(), tx, alpha, w.g, c.code, c.d, c.by)
			return err
		})
		if f := fault.Of(err); err == nil || f.Kind != fault.KindInvalid || f.Field != c.field {
			t.Errorf("%s: %v, want invalid at %s", c.name, err, c.field)
		}
	}
	err := w.write(t, func(tx *db.Tx) error { _, err := Plan(t.Context(), tx, alpha, w.g, "a1", seminar(), own); return err })
	if f := fault.Of(err); err == nil || f.Kind != fault.KindConflict || f.Field != "code" {
		t.Errorf("code taken: %v", err)
	}
	for name, by := range map[string][]Organiser{"nobody's": nil, "another partner's": {{Organisation: w.beta, Weight: 1}, {Organisation: w.alpha, Weight: 1}}} {
		err := w.write(t, func(tx *db.Tx) error { _, err := Plan(t.Context(), tx, alpha, w.g, "", seminar(), by); return err })
		if !fault.Is(err, fault.KindDenied) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParticipations(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var companies []id.Company
		var all []Participation
		for i := range 5 {
			companies = append(companies, id.New[id.Company]())
			all = append(all, Participation{ID: id.New[id.Participation](), Activity: w.all[0].ID, Company: companies[i],
				State: ParticipationStates()[3+i%2], RecordedOn: "2018-01-11"})
		}
		err := d.WriteAgency(t.Context(), func(tx *db.Tx) error {
			for i, c := range companies {
				if err := tx.Insert(t.Context(), "company", strings.Fields(`id scheme name sort_key postcode city country sector size_class size_source
					size_year nace parent_country`), [][]any{{c, "", "Company " + string(rune('A'+i)), "", "", "", "", "", "", "", 0, "", ""}}); err != nil {
					return err
				}
			}
			return tx.Insert(t.Context(), "company_root", []string{"company_id", "root_id"}, [][]any{{companies[0], companies[1]}})
		})
		if err == nil {
			err = w.write(t, func(tx *db.Tx) error { return AddParticipations(t.Context(), tx, w.g, all) })
		}
		if err != nil {
			t.Fatal(err)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			page, err := Participations(t.Context(), tx, w.g, w.all[0].ID, "", "", 3)
			if len(page) != 3 || page[0].CompanyName != "Company B" || page[0].Company != companies[1] {
				t.Errorf("first page, with the company that a merged one stands for now: %+v", page)
			}
			rest, err2 := Participations(t.Context(), tx, w.g, w.all[0].ID, "", page[2].ID, 3)
			missed, err3 := Participations(t.Context(), tx, w.g, w.all[0].ID, "no-show", "", 9)
			if len(rest) != 2 || len(missed) != 2 {
				t.Errorf("rest %v, missed %v", rest, missed)
			}
			for _, e := range []error{err, err2, err3} {
				if e != nil {
					return e
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
