package activity

import (
	"fmt"
	"slices"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

type world struct {
	d           *db.DB
	g           id.Programme
	alpha, beta id.Organisation
	all         []Activity
	alphasScope access.Scope
}

// newWorld has twelve activities of Alpha, one a month, every third of them together with Beta; the last two are only planned.
func newWorld(t *testing.T, d *db.DB) world {
	t.Helper()
	ctx := t.Context()
	w := world{d: d, g: id.New[id.Programme]()}
	var who []programme.Organisation
	for i, code := range []string{"agency", "alpha", "beta"} {
		kind := programme.KindPartner
		if i == 0 {
			kind = programme.KindAgency
		}
		who = append(who, programme.Organisation{ID: id.New[id.Organisation](), Code: code, Name: code, Kind: kind, Position: i})
	}
	w.alpha, w.beta = who[1].ID, who[2].ID
	w.alphasScope = access.Scope(w.alpha)
	for m := range 12 {
		a := Activity{ID: id.New[id.Activity](), Code: fmt.Sprintf("a%d", m), State: Published,
			Details: Details{Title: fmt.Sprintf("Día %d in Málaga", m), Type: Seminar, Starts: period.Of(2018, 1, 10).AddMonths(m), Ends: period.Of(2018, 1, 11).AddMonths(m), Place: Onsite, City: "Gent", Country: "BE",
				Markets: []string{"ES", "PT"}, Sectors: []string{"food"}, Needs: []string{"contacts"}, Audience: Exporters, Price: 75_00},
			Organisers: []Organiser{{Organisation: w.alpha, Weight: 2}}}
		if m%3 == 0 {
			a.Organisers, a.Type = append(a.Organisers, Organiser{Organisation: w.beta, Weight: 1}), Mission
		}
		if m >= 10 {
			a.State, a.Title = Planned, "Plan"
		}
		w.all = append(w.all, a)
	}
	err := d.WriteAgency(ctx, func(tx *db.Tx) error {
		if err := programme.AddOrganisations(ctx, tx, who); err != nil {
			return err
		}
		return programme.Begin(ctx, tx, programme.Programme{ID: w.g, Code: "g", Starts: "2018-01-01", Ends: "2018-12-31", Currency: "EUR", Agency: who[0].ID})
	})
	if err == nil {
		err = d.Write(ctx, w.g, func(tx *db.Tx) error { return Add(ctx, tx, w.g, w.all) })
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w world) codes(t *testing.T, f Filter) (codes []string, next Key) {
	t.Helper()
	err := w.d.Read(t.Context(), func(tx *db.Tx) error {
		all, key, err := List(t.Context(), tx, w.g, f)
		for _, a := range all {
			codes = append(codes, a.Code)
			if len(a.Organisers) == 0 || a.Lead().Organisation != w.alpha {
				t.Errorf("%s: organisers %v", a.Code, a.Organisers)
			}
		}
		next = key
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return codes, next
}

func TestList(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		tests := []struct {
			name string
			f    Filter
			want []string
		}{
			{"everything to the agency", Filter{Scope: "*", From: "2018-10-01"}, []string{"a9", "a10", "a11"}},
			{"one's own plans", Filter{Scope: w.alphasScope, From: "2018-10-01"}, []string{"a9", "a10", "a11"}},
			{"no plans of others", Filter{Scope: access.Scope(w.beta), From: "2018-11-01"}, nil},
			{"no plans to nobody", Filter{From: "2018-10-01"}, []string{"a9"}},
			{"newest first", Filter{Scope: "*", To: "2018-03-31", Newest: true}, []string{"a2", "a1", "a0"}},
			{"an organiser", Filter{Scope: "*", Organisation: w.beta, To: "2018-06-30"}, []string{"a0", "a3"}},
			{"joint", Filter{Scope: "*", Joint: true, From: "2018-06-01"}, []string{"a6", "a9"}},
			{"type", Filter{Scope: "*", Type: Mission, To: "2018-05-01"}, []string{"a0", "a3"}},
			{"state", Filter{Scope: "*", State: Planned}, []string{"a10", "a11"}},
			{"market", Filter{Scope: "*", Market: "PT", To: "2018-02-01"}, []string{"a0"}},
			{"market, part of a code", Filter{Scope: "*", Market: "P%"}, nil},
			{"sector and need", Filter{Scope: "*", Sector: "food", Need: "contacts", To: "2018-02-01"}, []string{"a0"}},
			{"no such need", Filter{Scope: "*", Need: "strategy"}, nil},
			{"words without accents", Filter{Scope: "*", Words: "malaga DIA 5 gent"}, []string{"a5"}},
			{"place and country", Filter{Scope: "*", Place: Onsite, Country: "BE", To: "2018-01-31"}, []string{"a0"}},
		}
		for _, test := range tests {
			if got, _ := w.codes(t, test.f); !slices.Equal(got, test.want) {
				t.Errorf("%s: %v, want %v", test.name, got, test.want)
			}
		}
		for _, newest := range []bool{false, true} {
			w.pages(t, Filter{Scope: "*", Newest: newest, Limit: 5}, 12)
			w.pages(t, Filter{Scope: "*", Newest: newest, Limit: 5, Words: "malaga"}, 10)
			w.pages(t, Filter{Scope: "*", Newest: newest, Limit: 4}, 12)
		}
	})
}

// pages goes through a list by key: each activity comes once.
func (w world) pages(t *testing.T, f Filter, want int) {
	t.Helper()
	seen := map[string]bool{}
	for range 10 {
		codes, next := w.codes(t, f)
		for _, c := range codes {
			if seen[c] {
				t.Errorf("%+v: %s comes twice", f, c)
			}
			seen[c] = true
		}
		if f.After = next; next == (Key{}) {
			break
		}
	}
	if len(seen) != want {
		t.Errorf("%+v: %d activities, want %d", f, len(seen), want)
	}
}

func TestLoad(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			a, err := Load(t.Context(), tx, access.Scope(w.beta), w.g, w.all[3].ID)
			if err != nil || !a.Joint() || a.Organisers[1].Code != "beta" || !slices.Equal(a.Markets, []string{"ES", "PT"}) {
				t.Errorf("%+v %v", a, err)
			}
			if s := a.Subject(); s.Partner != w.alpha || len(s.Organisers) != 2 {
				t.Errorf("subject %+v", s)
			}
			if _, err := Load(t.Context(), tx, access.Scope(w.beta), w.g, w.all[11].ID); !fault.Is(err, fault.KindMissing) {
				t.Errorf("another organiser's plan: %v", err)
			}
			if _, err := Load(t.Context(), tx, w.alphasScope, w.g, w.all[11].ID); err != nil {
				t.Errorf("one's own plan: %v", err)
			}
			all, err := OfYear(t.Context(), tx, "*", w.g, 2018)
			if err != nil || len(all) != 12 {
				t.Errorf("%d of the year, %v", len(all), err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
