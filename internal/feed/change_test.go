package feed

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/period"
)

// settle changes the settings of the world's feed as the partner's coordinator.
func (w *world) settle(t *testing.T, by access.Actor, how func(*Settings)) error {
	t.Helper()
	return w.d.Write(t.Context(), w.g, func(tx *db.Tx) error {
		f, err := Load(t.Context(), tx, access.All, w.g, w.feed.ID)
		if err != nil {
			return err
		}
		s := f.Settings()
		how(&s)
		_, err = Change(t.Context(), tx, by, w.g, w.feed.ID, s)
		return err
	})
}

func (w *world) now(t *testing.T) (f Feed) {
	t.Helper()
	if err := w.d.Read(t.Context(), func(tx *db.Tx) (err error) {
		f, err = Load(t.Context(), tx, access.All, w.g, w.feed.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return f
}

// TestSettingsHoldForWhatIsReadNext: other defaults leave what was planned as it is; new events have them; how often counts from the last reading.
func TestSettingsHoldForWhatIsReadNext(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d).registered(t)
		w.site.says(vevent("a", "Export evening", "20270401"))
		w.run(t)
		next := w.now(t).NextAt.Time()
		err := w.settle(t, w.coordinator(w.alpha), func(s *Settings) {
			s.Type, s.Markets, s.Sectors, s.Needs, s.EveryHours = activity.Course, []string{"DE", "FR"}, nil, []string{"strategy"}, 6
		})
		if err != nil {
			t.Fatal(err)
		}
		if f := w.now(t); f.NextAt.Time() != next.Add(-18*time.Hour) || f.URL != w.feed.URL || f.Runs != 1 {
			t.Errorf("%+v", f)
		}
		w.site.says(vevent("a", "Export evening", "20270401"), vevent("b", "Export morning", "20270402"))
		if _, lines := w.run(t); lines != "added Export morning []" {
			t.Error(lines)
		}
		all := w.activities(t)
		if all[0].Type != activity.Seminar || !slices.Equal(all[0].Markets, []string{"IN"}) || !slices.Equal(all[0].Sectors, []string{"food"}) {
			t.Errorf("what was planned before: %+v", all[0])
		}
		if all[1].Type != activity.Course || !slices.Equal(all[1].Markets, []string{"DE", "FR"}) || len(all[1].Sectors) != 0 || !slices.Equal(all[1].Needs, []string{"strategy"}) {
			t.Errorf("what was read after: %+v", all[1])
		}
		audited := w.count(t, "audit")
		if err := w.settle(t, w.coordinator(w.alpha), func(s *Settings) { s.URL = " " + s.URL + " " }); err != nil || w.count(t, "audit") != audited {
			t.Errorf("the same again: %v, %d rows more in the trail", err, w.count(t, "audit")-audited)
		}
	})
}

// TestAnotherAddress: it is read from its beginning; what it lists under other keys is what the old one listed, and comes no second time.
func TestAnotherAddress(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d).registered(t)
		w.site.tag = `"1"`
		w.site.says(vevent("a", "Export evening", "20270401", "LOCATION:Gent"), vevent("b", "Gone", "20270501"))
		w.run(t)
		if err := w.settle(t, w.coordinator(w.alpha), func(s *Settings) { s.URL = w.site.URL + "/agenda?v=2" }); err != nil {
			t.Fatal(err)
		}
		if f := w.now(t); f.known.ETag != "" || f.NextAt > w.d.Now() {
			t.Errorf("%+v", f)
		}
		w.site.says(vevent("https://new.example/1", "Export Evening", "20270401", "LOCATION:Brugge"))
		r, lines := w.run(t)
		if want := "changed Export Evening [title Export evening>Export Evening, city Gent>Brugge]\ngone Gone [] the activity stays until somebody cancels it"; r.Outcome != Read || lines != want {
			t.Errorf("%s\nwant\n%s", lines, want)
		}
		if _, lines = w.run(t); lines != "" || len(w.activities(t)) != 2 {
			t.Errorf("%s, %d activities", lines, len(w.activities(t)))
		}
		w.site.says(vevent("https://new.example/1", "Export Evening", "20270401", "LOCATION:Brugge"), vevent("c", "gone", "20270501"))
		w.site.tag = ""
		if _, lines = w.run(t); lines != "changed gone [title Gone>gone]\nback gone []" || len(w.activities(t)) != 2 {
			t.Errorf("%s, %d activities", lines, len(w.activities(t)))
		}
	})
}

// TestAnAddressChangedUnderAReading: the reading of the old address comes to nothing more, and leaves no mark on the new one.
func TestAnAddressChangedUnderAReading(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t)).registered(t)
	w.site.says(vevent("a", "Export evening", "20270401"))
	old := w.feed
	found, answer, err := w.reader.read(t.Context(), old, period.Span{From: "2027-01-01", To: "2027-12-31"})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.settle(t, w.coordinator(w.alpha), func(s *Settings) { s.URL, s.EveryHours = w.site.URL+"/agenda?v=2", 6 }); err != nil {
		t.Fatal(err)
	}
	run := Run{N: 1, Outcome: Read, Counts: map[Kind]int{}}
	if err := w.reader.take(t.Context(), w.g, old, found, &run); !fault.Is(err, fault.KindConflict) || len(w.activities(t)) != 0 {
		t.Errorf("taken over: %v, %d activities", err, len(w.activities(t)))
	}
	err = w.d.Write(t.Context(), w.g, func(tx *db.Tx) error { return run.save(t.Context(), tx, w.g, old, "", answer.Known) })
	if f := w.now(t); !fault.Is(err, fault.KindConflict) || f.Runs != 0 || f.NextAt > w.d.Now() {
		t.Errorf("kept: %v %+v", err, f)
	}
	if _, lines := w.run(t); lines != "added Export evening []" || w.now(t).NextAt != db.TimeOf(w.d.Now().Time().Add(6*time.Hour)) {
		t.Errorf("%s %+v", lines, w.now(t))
	}
}

// TestWhoMayChangeAFeed: who could register it, and nothing that could not be registered.
func TestWhoMayChangeAFeed(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t)).registered(t)
	if err := w.settle(t, w.coordinator(w.beta), func(s *Settings) { s.EveryHours = 6 }); !fault.Is(err, fault.KindMissing) {
		t.Errorf("a neighbour: %v", err)
	}
	member := access.Actor{ID: "p", Memberships: []access.Membership{{Organisation: w.alpha, Role: access.Member}}}
	if err := w.settle(t, member, func(s *Settings) { s.EveryHours = 6 }); !fault.Is(err, fault.KindDenied) {
		t.Errorf("a member: %v", err)
	}
	err := w.settle(t, w.coordinator(w.alpha), func(s *Settings) {
		s.URL, s.Type, s.Markets, s.EveryHours = "file:///etc/passwd", "party", []string{"XX"}, 721
	})
	var fields []string
	var f *fault.Fault
	if errors.As(err, &f) {
		for _, x := range f.All() {
			fields = append(fields, x.Field)
		}
	}
	if strings.Join(fields, " ") != "url type every markets" {
		t.Errorf("%v: %v", fields, err)
	}
	other := *w
	other.registeredAt(t, "https://alpha.example/b.ics")
	if err := w.settle(t, w.coordinator(w.alpha), func(s *Settings) { s.URL = "https://alpha.example/b.ics" }); !fault.Is(err, fault.KindConflict) || fault.Of(err).Field != "url" {
		t.Errorf("an address that the partner has already: %v", err)
	}
	if w.now(t).URL != w.feed.URL {
		t.Error("something was changed")
	}
}
