package plan

import (
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/upload"
)

// listed is a partner's plan of a year, taken from lists.
type listed struct {
	t     *testing.T
	take  func(body string) (Taken, error)
	alpha id.Organisation
	d     *db.DB
	g     id.Programme
}

func enterListed(t *testing.T, d *db.DB) listed {
	t.Helper()
	w := listed{t: t, d: d, g: id.New[id.Programme](), alpha: id.New[id.Organisation]()}
	by := enter(t, d, w.g, w.alpha)
	w.take = func(body string) (done Taken, err error) {
		t.Helper()
		table, err := upload.Read("plan.csv", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		return done, d.Write(t.Context(), w.g, func(tx *db.Tx) (err error) {
			done, err = TakeList(t.Context(), tx, by, w.g, Ref{"alpha", 2027}, table)
			return err
		})
	}
	return w
}

// wants tells by a list what it should do.
func (w listed) wants(want Taken, body string) {
	w.t.Helper()
	if done, err := w.take(body); err != nil || done != want {
		w.t.Errorf("%+v %v, want %+v of\n%s", done, err, want, body)
	}
}

// now is what the plan holds, by title, and as a list.
func (w listed) now() (of map[string]activity.Activity, e map[id.Activity]activity.Estimate, body string) {
	w.t.Helper()
	ctx := w.t.Context()
	var known []*kpi.Definition
	var all []activity.Activity
	if err := w.d.Read(ctx, func(tx *db.Tx) (err error) {
		if known, err = kpi.Definitions(ctx, tx, w.g); err != nil {
			return err
		}
		if all, err = Activities(ctx, tx, w.g, &Plan{Partner: w.alpha, Year: 2027}); err != nil {
			return err
		}
		e, err = activity.Estimates(ctx, tx, w.g, all)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	var b strings.Builder
	rows := [][]string{Columns(known)}
	of = map[string]activity.Activity{}
	for i := range all {
		rows = append(rows, Cells(known, &all[i], e[all[i].ID]))
		of[all[i].Title] = all[i]
	}
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		w.t.Fatal(err)
	}
	return of, e, b.String()
}

// TestAPlanAsAList goes to a spreadsheet and comes back: nothing changes, then what was changed; on both engines.
func TestAPlanAsAList(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := enterListed(t, d)
		w.wants(Taken{New: 2}, "title;type;starts;ends;around;place;needs;audience;places;price;cost.venue\n"+
			"Zending;zending;03/05/2027;07/05/2027;;;contacten;starters;12;1.250,50;1.000,00\n"+
			"Beurs;salon;;;2027 q3;hybride;;;;;\n")
		of, e, body := w.now()
		if a := of["Zending"]; a.Type != activity.Mission || a.Starts != "2027-05-03" || a.Ends != "2027-05-07" || a.Price != 1250_50 ||
			a.Places != 12 || a.Audience != activity.Starters || a.Needs[0] != "contacts" || e[a.ID].Costs["venue"] != 1000_00 {
			t.Errorf("%+v %+v", a, e[a.ID])
		}
		if a := of["Beurs"]; a.Type != activity.Fair || a.Around != "2027-q3" || a.Place != activity.Hybrid {
			t.Errorf("%+v", a)
		}
		w.wants(Taken{Same: 2}, body)
		w.wants(Taken{Changed: 2}, "title,starts,cost.venue,cost.travel\nZending,2027-05-03,,77\nBeurs,2027-09-01,,\n")
		of, e, _ = w.now()
		if a := of["Zending"]; len(e[a.ID].Costs) != 1 || e[a.ID].Costs["travel"] != money.Amount(77_00) || a.Price != 1250_50 {
			t.Errorf("%+v %+v", a, e[a.ID])
		}
		if a := of["Beurs"]; a.Around != "" || a.Starts != "2027-09-01" || a.Ends != "2027-09-01" {
			t.Errorf("%+v", a)
		}
	})
}

// TestAListAtFaultChangesNothing: each fault is told at its row and column, in three languages, and no good row beside it is kept.
func TestAListAtFaultChangesNothing(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := enterListed(t, d)
		w.wants(Taken{New: 1}, "title,type,starts\nEerst,seminar,2027-02-01\n")
		_, _, before := w.now()
		_, err := w.take("activity,title,type,starts,places,price,country,needs,cost.venue\n,Goed,seminar,2027-01-04,,,,,\n" +
			"nope,Iets,seminar,2027-01-04,,,,,\n,Fout,feest,2028-01-04,veel,-1,Belgium,rust,weinig\n,,seminar,2027-02-30,,,,,\n")
		var rows fault.Rows
		if !errors.As(err, &rows) {
			t.Fatal(err)
		}
		var said []string
		for _, r := range rows {
			said = append(said, r.Column)
			for _, l := range text.Languages() {
				if s := r.Say(l); strings.Contains(s, "{") || !strings.Contains(s, "plan.csv") {
					t.Error(s)
				}
			}
		}
		if got, want := strings.Join(said, " "), "activity places cost.venue title starts"; got != want {
			t.Errorf("%s, want %s\n%v", got, want, rows)
		}
		if _, _, after := w.now(); after != before {
			t.Errorf("something was kept of a list at fault:\n%s", after)
		}
		if _, err = w.take("titel,type\nA,seminar\n"); !errors.As(err, &rows) || rows[0].Line != 1 || len(rows) != 2 {
			t.Errorf("a column that is none: %v", err)
		}
	})
}
