// Package job runs work behind the pages, in the same database: a job exists exactly if the change that asked for it was committed. It
// knows no domain: kinds of work are declared where they belong and handed over at start.
package job

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
)

// Bounds of every job: how often it is tried, and how long one try may take.
const (
	maxTries = 5
	maxTime  = 2 * time.Minute
	maxBytes = 8 << 10 // of encoded arguments: a job names things, it does not hold them
	atOnce   = 2
	pollEach = 5 * time.Second
	lastCall = 5 * time.Second // for work that was told to end
)

// unfinished are the states in which a job stands in the way of an equal one. Work that is done, or given up, may be asked for again.
func unfinished() []rivertype.JobState {
	return []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
		rivertype.JobStateRetryable, rivertype.JobStateScheduled}
}

// Work is one kind of work: its arguments' Kind names it, Do does it. It must be idempotent: a try that was cut off is repeated.
// With Each it also runs by itself, at start and then at that interval.
type Work struct {
	add      func(*river.Workers)
	periodic *river.PeriodicJob
}

// New declares a kind of work.
func New[T river.JobArgs](do func(ctx context.Context, args T) error) Work {
	return Work{add: func(w *river.Workers) {
		river.AddWorker(w, river.WorkFunc(func(ctx context.Context, j *river.Job[T]) (err error) {
			defer func() {
				if p := recover(); p != nil {
					err = &failure{text: fmt.Sprintf("panic of type %T\n%s", p, debug.Stack())}
				}
			}()
			return hush(do(ctx, j.Args))
		}))
	}}
}

// Each declares a kind of work that also runs at start and then at an interval.
func Each[T river.JobArgs](interval time.Duration, args T, do func(ctx context.Context, args T) error) Work {
	w := New(do)
	w.periodic = river.NewPeriodicJob(river.PeriodicInterval(interval),
		func() (river.JobArgs, *river.InsertOpts) {
			return args, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: interval / 2}}
		}, &river.PeriodicJobOpts{RunOnStart: true})
	return w
}

// Client works off jobs until it is stopped.
type Client struct{ river *river.Client[*sql.Tx] }

// Open makes a client that knows the given kinds of work.
func Open(d *db.DB, log *slog.Logger, works ...Work) (*Client, error) {
	workers := river.NewWorkers()
	config := &river.Config{Workers: workers, Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: atOnce}},
		ReindexerIndexNames: []string{}, // only the owner of the tables could, and the queue is small
		PollOnly:            true, FetchPollInterval: pollEach, FetchCooldown: time.Second, JobTimeout: maxTime, MaxAttempts: maxTries, Logger: log}
	for _, w := range works {
		w.add(workers)
		if w.periodic != nil {
			config.PeriodicJobs = append(config.PeriodicJobs, w.periodic)
		}
	}
	c, err := river.NewClient(driver(d.Engine(), d.Pool()), config)
	if err != nil {
		return nil, err
	}
	return &Client{c}, nil
}

// Start begins working; it returns at once. The work outlives ctx until Stop.
func (c *Client) Start(ctx context.Context) error { return c.river.Start(context.WithoutCancel(ctx)) }

// Stop takes no new job, waits for running ones until ctx ends, then cuts them off. Work that was cut off is done again later.
func (c *Client) Stop(ctx context.Context) error {
	if err := c.river.Stop(ctx); err == nil {
		return nil
	}
	cut, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastCall)
	defer cancel()
	return c.river.StopAndCancel(cut)
}

// Enqueue asks for work within a unit of work: not before the given moment (the zero time: at once). Equal work that waits or runs stands
// in for it, so what it does must follow from what it finds when it begins.
func Enqueue(ctx context.Context, tx *db.Tx, args river.JobArgs, at time.Time) error {
	encoded, err := json.Marshal(args)
	if err != nil {
		return fault.Internal(err)
	}
	if len(encoded) > maxBytes {
		return fault.Internal(fmt.Errorf("job: arguments of %s take %d bytes", args.Kind(), len(encoded)))
	}
	c, err := river.NewClient(driver(tx.Engine(), nil), &river.Config{MaxAttempts: maxTries})
	if err != nil {
		return fault.Internal(err)
	}
	_, err = c.InsertTx(ctx, tx.Raw(), args, &river.InsertOpts{ScheduledAt: at,
		UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished()}})
	return fault.Internal(err)
}

// Migrate brings the queue's own tables up to date.
func Migrate(ctx context.Context, d *db.DB) error {
	m, err := rivermigrate.New(driver(d.Engine(), d.Pool()), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

func driver(engine db.Engine, pool *sql.DB) riverdriver.Driver[*sql.Tx] {
	if engine == db.PostgreSQL {
		return riverdatabasesql.New(pool)
	}
	return riversqlite.New(pool)
}
