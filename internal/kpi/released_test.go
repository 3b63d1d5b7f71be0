package kpi

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/kpi/release"
	"errera.eu/errera/internal/period"
)

// A partner asks for what was released on every day of the year, takes its own off what it reads, and compares any two days: never does it learn
// of fewer than five companies of others. Its own counts are always exact.
func TestReleasedCountsCannotBeUndoneBySubtraction(t *testing.T) {
	for seed := range uint64(4) {
		d := dbtest.SQLite(t)
		w := newWorld(t, d, 2+int(seed)%3, 40)
		r := rand.New(rand.NewPCG(seed, 7))
		var rows []evidence.New
		for range 30 + r.IntN(120) {
			day := period.Of(2018, 1, 1).AddDays(r.IntN(365))
			p := r.IntN(len(w.partners))
			credits := []evidence.Credit{w.of(p)}
			if r.IntN(4) == 0 {
				credits = append(credits, w.of((p+1)%len(w.partners)))
			}
			e := w.happened(evidence.Participation, day, r.IntN(len(w.companies)), credits...)
			e.Decisions = nil
			if r.IntN(5) == 0 { // some are refused later, so that counts fall too
				e.Decisions = []evidence.Decision{{State: evidence.Rejected, On: day.AddDays(r.IntN(120)), Reason: "not there"}}
			}
			rows = append(rows, e)
		}
		w.record(t, rows...)
		attack(t, w, fmt.Sprint("seed ", seed))
	}
}

func attack(t *testing.T, w *world, name string) {
	t.Helper()
	def := AnyCompany()
	totals, pairs := map[int]bool{}, map[string]map[int]bool{}
	err := w.db.Read(t.Context(), func(tx *db.Tx) error {
		for day := period.Date("2018-01-15"); day <= "2018-12-31"; day = day.AddDays(13) {
			got, err := LoadReleased(t.Context(), tx, nil, w.programme, 2018, day, w.partners[0])
			if err != nil {
				return err
			}
			truth, err := LoadReach(t.Context(), tx, nil, w.programme, def, 2018, day, Live)
			if err != nil {
				return err
			}
			if got.Own.Unique != truth.Members[0].Unique || got.Own.Contacts != truth.Members[0].Contacts {
				t.Errorf("%s, %s: one's own are %+v, not %+v", name, day, got.Own, truth.Members[0])
			}
			if got.Unique.Known { // the attacker knows its own as of the day of the release
				own, err := LoadReach(t.Context(), tx, nil, w.programme, def, 2018, got.Unique.On, Live)
				if err != nil {
					return err
				}
				totals[got.Unique.N-own.Members[0].Unique] = true
			}
			for _, x := range got.Shared {
				if pairs[x.Code] == nil {
					pairs[x.Code] = map[int]bool{}
				}
				if x.Known {
					pairs[x.Code][x.N] = true
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	apart := func(what string, values map[int]bool) {
		for a := range values {
			if a > 0 && a < release.Least {
				t.Errorf("%s: %s tells of %d companies", name, what, a)
			}
			for b := range values {
				if a > b && a-b < release.Least {
					t.Errorf("%s: two releases of %s tell of %d companies", name, what, a-b)
				}
			}
		}
	}
	apart("the total less one's own", totals)
	for code, values := range pairs {
		apart("what is shared with "+code, values)
	}
	if len(totals) == 0 {
		t.Errorf("%s: nothing was ever released", name)
	}
}

// The next release of a count that is still small keeps the one before.
func TestTold(t *testing.T) {
	var told Told
	for _, c := range []struct {
		n, rest, want int
		known         bool
	}{
		{3, 3, 0, false}, {0, 0, 0, true}, {4, 4, 0, true}, {12, 12, 12, true}, {14, 14, 12, true}, {17, 17, 17, true}, {4, 4, 17, true},
	} {
		told.next(c.n, c.rest, "2018-03-31")
		if told.Known != c.known || told.N != c.want {
			t.Errorf("after %d: %+v, want %d %v", c.n, told, c.want, c.known)
		}
	}
}

func TestSplitByAnAxis(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), 2, 6)
	for i, market := range []string{"DE", "DE", "FR", "", "DE"} {
		e := w.happened(evidence.Participation, "2018-03-01", i%4, w.of(i%2))
		e.Market = market
		w.record(t, e)
	}
	var rows []evidence.Row
	if err := w.db.Read(t.Context(), func(tx *db.Tx) (err error) {
		rows, err = evidence.OfYear(t.Context(), tx, w.programme, 2018, "")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	def := reachDefinition()
	said := ""
	for _, p := range def.Split(rows, "", 2018, Live, ByMarket) {
		said += fmt.Sprintf("%s=%s/%d ", p.Value, p.Amount.RatString(), p.Figure.Sample)
	}
	if said != "DE=2/3 =1/1 FR=1/1 " { // the first company was met twice in Germany
		t.Errorf("by market %q", said)
	}
	if own := def.Split(rows, w.partners[1], 2018, Live, ByMarket); len(own) != 2 {
		t.Errorf("of one partner %+v", own)
	}
}
