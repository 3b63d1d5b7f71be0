package job

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
)

type ring struct {
	Bell string `json:"bell"`
}

func (ring) Kind() string { return "test.ring" }

func open(t *testing.T, d *db.DB, do func(context.Context, ring) error) {
	t.Helper()
	if err := Migrate(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	c, err := Open(d, slog.New(slog.DiscardHandler), New(do))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := c.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if is() {
			return
		}
	}
	t.Fatalf("%s did not happen", what)
}

func TestAJobExistsExactlyIfTheWriteCommits(t *testing.T) {
	d := dbtest.Open(t)
	var rung atomic.Int64
	var wrong atomic.Bool
	open(t, d, func(_ context.Context, r ring) error {
		rung.Add(1)
		wrong.Store(wrong.Load() || r.Bell != "kept")
		return nil
	})
	broken := errors.New("changed my mind")
	if err := d.WriteAgency(t.Context(), func(tx *db.Tx) error {
		if err := Enqueue(t.Context(), tx, ring{"lost"}, time.Time{}); err != nil {
			return err
		}
		return broken
	}); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	for range 2 { // equal arguments ask once
		if err := d.WriteAgency(t.Context(), func(tx *db.Tx) error { return Enqueue(t.Context(), tx, ring{"kept"}, time.Time{}) }); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "the work", func() bool { return rung.Load() > 0 })
	if rung.Load() != 1 || wrong.Load() {
		t.Errorf("rung %d times, for the wrong bell: %v", rung.Load(), wrong.Load())
	}
}

func TestScheduledWorkWaits(t *testing.T) {
	d := dbtest.Open(t)
	var rung atomic.Int64
	open(t, d, func(context.Context, ring) error { rung.Add(1); return nil })
	err := d.WriteAgency(t.Context(), func(tx *db.Tx) error {
		if err := Enqueue(t.Context(), tx, ring{"tomorrow"}, time.Now().Add(24*time.Hour)); err != nil {
			return err
		}
		return Enqueue(t.Context(), tx, ring{"now"}, time.Time{})
	})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the work", func() bool { return rung.Load() == 1 })
}

func TestFailedWorkIsTriedAgain(t *testing.T) {
	d := dbtest.Open(t)
	var tries atomic.Int64
	open(t, d, func(context.Context, ring) error {
		if tries.Add(1) == 1 {
			return errors.New("not this time")
		}
		return nil
	})
	if err := d.WriteAgency(t.Context(), func(tx *db.Tx) error { return Enqueue(t.Context(), tx, ring{"again"}, time.Time{}) }); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the second try", func() bool { return tries.Load() == 2 })
}

func TestALongWriteOnlyDelaysTheWork(t *testing.T) {
	d := dbtest.Open(t)
	var rung atomic.Int64
	open(t, d, func(context.Context, ring) error { rung.Add(1); return nil })
	err := d.WriteAgency(t.Context(), func(tx *db.Tx) error {
		if err := Enqueue(t.Context(), tx, ring{"patient"}, time.Time{}); err != nil {
			return err
		}
		time.Sleep(2 * time.Second) // polls come and go meanwhile
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the work", func() bool { return rung.Load() == 1 })
}
