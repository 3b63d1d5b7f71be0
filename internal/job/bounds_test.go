package job

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
)

// jobsOf lists state and tries of the jobs of the queue, and the errors kept with them.
func jobsOf(t *testing.T, d *db.DB) (states []string, words string) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		q := db.Query{Text: "select cast(state as text), cast(attempt as text), coalesce(cast(errors as text), '') from river_job order by id"}
		return tx.Each(t.Context(), q, nil, func(r *sql.Rows) error {
			var state, attempt, failed string
			err := r.Scan(&state, &attempt, &failed)
			states = append(states, state+" "+attempt)
			words += failed
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return states, words
}

func ask(t *testing.T, d *db.DB, bell string) {
	t.Helper()
	err := d.WriteAgency(t.Context(), func(tx *db.Tx) error { return Enqueue(t.Context(), tx, ring{bell}, time.Time{}) })
	if err != nil {
		t.Fatal(err)
	}
}

func TestWorkThatIsDoneMayBeAskedForAgain(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		var rung atomic.Int64
		open(t, d, func(context.Context, ring) error { rung.Add(1); return nil })
		ask(t, d, "same")
		eventually(t, "the first", func() bool { states, _ := jobsOf(t, d); return len(states) == 1 && states[0] == "completed 1" })
		ask(t, d, "same")
		eventually(t, "the second", func() bool { return rung.Load() == 2 })
	})
}

// The fifth try is the last one. The clock of a retry is moved here instead of waited for.
func TestWorkIsGivenUp(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		if err := Migrate(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		ask(t, d, "broken")
		err := d.WriteAgency(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), db.Query{Text: "update river_job set attempt = 4"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		open(t, d, func(context.Context, ring) error { return errors.New("jan@example.org is wrong") })
		eventually(t, "giving up", func() bool { states, _ := jobsOf(t, d); return len(states) == 1 && states[0] == "discarded 5" })
		if _, words := jobsOf(t, d); strings.Contains(words, "jan@") || !strings.Contains(words, "internal") {
			t.Errorf("the queue keeps %s", words)
		}
	})
}

// sink is a log that several write.
type sink struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *sink) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestTheLogHoldsNobody(t *testing.T) {
	d := dbtest.Open(t)
	if err := Migrate(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	var log sink
	var tries atomic.Int64
	c, err := Open(d, slog.New(slog.NewTextHandler(&log, nil)), New(func(context.Context, ring) error {
		if tries.Add(1) == 1 {
			panic("jan@example.org")
		}
		return fault.Invalid("email", "db.email_taken", map[string]any{"email": "jan@example.org"})
	}))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	ask(t, d, "secret")
	eventually(t, "two tries", func() bool { _, words := jobsOf(t, d); return strings.Contains(words, "email_taken") })
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := c.Stop(ctx); err != nil {
		t.Error(err)
	}
	_, words := jobsOf(t, d)
	for _, said := range []string{log.String(), words} {
		if strings.Contains(said, "jan@") || strings.Contains(said, "secret") {
			t.Errorf("somebody is named in %s", said)
		}
	}
	if !strings.Contains(words, "panic of type string") {
		t.Errorf("the panic is not told: %s", words)
	}
}

func TestArgumentsAreSmall(t *testing.T) {
	d := dbtest.Open(t)
	if err := Migrate(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	err := d.WriteAgency(t.Context(), func(tx *db.Tx) error {
		return Enqueue(t.Context(), tx, ring{strings.Repeat("x", maxBytes)}, time.Time{})
	})
	if !fault.Is(err, fault.KindInternal) {
		t.Errorf("large arguments: %v", err)
	}
}

func TestStopCutsOffWorkThatLasts(t *testing.T) {
	d := dbtest.Open(t)
	if err := Migrate(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	began, cut := make(chan struct{}), make(chan struct{})
	c, err := Open(d, slog.New(slog.DiscardHandler), New(func(ctx context.Context, _ ring) error {
		close(began)
		<-ctx.Done()
		close(cut)
		return ctx.Err()
	}))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	ask(t, d, "long")
	<-began
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	if err := c.Stop(ctx); err != nil {
		t.Error(err)
	}
	<-cut
	if states, _ := jobsOf(t, d); len(states) != 1 || strings.HasPrefix(states[0], "completed") || strings.HasPrefix(states[0], "discarded") {
		t.Errorf("work that was cut off is %v", states)
	}
}

// A role that owns nothing migrates nothing, and works.
func TestAGrantedRoleWorks(t *testing.T) {
	server := os.Getenv("ERRERA_TEST_POSTGRES")
	if server == "" {
		t.Log("only PostgreSQL has roles")
		return
	}
	ctx := context.Background()
	address := dbtest.PostgresURL(t, server)
	owner, err := db.Open(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = owner.Close() })
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	role := strings.Replace(u.Path[1:], "errera_test_", "errera_job_", 1)
	u.User = url.UserPassword(role, "secret")
	if err := Migrate(ctx, owner); err != nil {
		t.Fatal(err)
	}
	if _, err := owner.Pool().ExecContext(ctx, "create role "+role+" login password 'secret'"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = owner.Pool().ExecContext(ctx, "drop owned by "+role+"; drop role "+role) })
	if err := owner.Grant(ctx, role); err != nil {
		t.Fatal(err)
	}
	application, err := db.Open(ctx, u.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = application.Close() })
	if n, err := application.Migrate(ctx); n != 0 || err != nil {
		t.Errorf("migrating with nothing to do: %d, %v", n, err)
	}
	var rung atomic.Int64
	open(t, application, func(context.Context, ring) error { rung.Add(1); return nil })
	ask(t, application, "granted")
	eventually(t, "the work", func() bool { return rung.Load() == 1 })
}
