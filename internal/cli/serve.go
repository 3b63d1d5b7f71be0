package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/api/agreements"
	"errera.eu/errera/internal/api/coordination"
	"errera.eu/errera/internal/api/feeds"
	"errera.eu/errera/internal/api/results"
	"errera.eu/errera/internal/api/rules"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/cli/words"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/feed"
	"errera.eu/errera/internal/fetch"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/knowledge"
	"errera.eu/errera/internal/kpi/alert"
	"errera.eu/errera/internal/mail"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/signing"
	"errera.eu/errera/internal/term"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web"
	"errera.eu/errera/internal/web/frame"
)

type serveCommand struct {
	Listen string      `default:"127.0.0.1:8080" env:"ERRERA_LISTEN" help:"Address to listen on."`
	Secure bool        `env:"ERRERA_SECURE" help:"Cookies only over HTTPS (behind a proxy that ends TLS)."`
	AsOf   period.Date `env:"ERRERA_AS_OF" help:"The day that pages start from; without it, today."`
	Demo   bool        `help:"Load the reference programme when the database is empty, and offer sign-in by one click per role."`
}

func (c *serveCommand) Run(r *command.Run) error {
	if c.Demo {
		return (&demoCommand{Listen: c.Listen, AsOf: c.AsOf, Dir: "demo/fit-2017-2021", Rounds: []string{"demo/fit-2022-2026", "demo/fit-2027-2031"}}).Run(r)
	}
	return r.With(func(d *db.DB) error {
		listener, err := net.Listen("tcp", c.Listen)
		if err != nil {
			return fault.Unavailable("cli.port_taken", text.Args{"address": c.Listen}, err)
		}
		return serveAt(r, d, listener, web.Options{Options: frame.Options{AsOf: c.AsOf}}, c.Secure)
	})
}

// collectAt is by how many percent of what is in use the process grows before it collects: what pages keep is long-lived, and answers are
// small. It bounds memory in proportion; a fixed limit would make a larger programme collect without end. GOGC has precedence.
const collectAt = 50

// serveAt answers pages and works off jobs until it is interrupted.
func serveAt(r *command.Run, d *db.DB, listener net.Listener, o web.Options, secure bool) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	var err error
	if o.Scanner, err = r.Scanner(); err != nil {
		return err
	}
	o.Evidence = evidence.NewMirror(evidence.MirrorRows)
	o.Site, o.Secure = r.PublicURL, secure
	handler, err := handler(r, d, o, secure)
	if err != nil {
		return err
	}
	jobs, err := startJobs(r, d, o)
	if err != nil {
		return err
	}
	if err := jobs.Start(r); err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(r.Log.Handler(), slog.LevelWarn)}
	stopped := make(chan error, 1)
	go func() {
		<-r.Done()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r), 10*time.Second)
		defer cancel()
		stopped <- errors.Join(server.Shutdown(ctx), jobs.Stop(ctx))
	}()
	fmt.Fprintf(r.Out, "http://%s/\n", listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

// handler is everything between a listener and the pages.
func handler(ctx context.Context, d *db.DB, o web.Options, secure bool) (http.Handler, error) {
	dist, err := fs.Sub(web.Files, "assets")
	if err != nil {
		return nil, err
	}
	assets, err := serve.NewAssets(dist)
	if err != nil {
		return nil, err
	}
	sessions := access.Sessions(d, secure)
	o.DB, o.Sessions, o.Hasher, o.Assets = d, sessions, access.NewHasher(), assets
	pages := web.New(o)
	programs := newAPI(api.Options{DB: d, Assets: assets, Log: slog.Default(), Proofs: o.Scanner, Evidence: pages.Cache.Evidence})
	return serve.New(serve.Options{DB: d, Sessions: sessions, Routes: append(pages.Routes(), programs.Docs()), Static: assets, API: programs,
		Fault: pages.Fault, Log: slog.Default()}), nil
}

type demoCommand struct {
	Listen string      `default:"127.0.0.1:8080" env:"ERRERA_LISTEN" help:"Address to listen on; the next free port is taken when it is in use."`
	AsOf   period.Date `default:"2019-09-16" help:"The day that pages start from."`
	Dir    string      `default:"demo/fit-2017-2021" help:"Folder of the programme to load."`
	Rounds []string    `default:"demo/fit-2022-2026,demo/fit-2027-2031" help:"Folders of the rounds after it."`
	Load   bool        `help:"Load only, do not serve."`
}

func (c *demoCommand) Run(r *command.Run) error {
	return r.With(func(d *db.DB) error {
		if err := c.load(r, d); err != nil {
			return err
		}
		if err := c.loadRounds(r, d); err != nil {
			return err
		}
		if c.Load {
			return nil
		}
		if r.SealKey == "" {
			path, err := r.DemoKey()
			if err != nil {
				return err
			}
			r.SealKey = path
		}
		listener, err := nextFree(c.Listen)
		if err != nil {
			return fault.Unavailable("cli.port_taken", text.Args{"address": c.Listen}, err)
		}
		r.Say("cli.demo_ready", text.Args{"address": "http://" + listener.Addr().String() + "/"})
		return serveAt(r, d, listener, web.Options{Options: frame.Options{AsOf: c.AsOf, Demo: true}}, false)
	})
}

// nextFree listens on an address, or on one of the twenty ports after it.
func nextFree(address string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	first, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	for n := first; ; n++ {
		l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(n)))
		if err == nil || n == first+20 || first == 0 {
			return l, err
		}
	}
}

// startJobs are the works that run behind the pages.
func startJobs(r *command.Run, d *db.DB, o web.Options) (*job.Client, error) {
	server, err := r.MailServer()
	if err != nil {
		return nil, err
	}
	key, err := r.Seal()
	if err != nil {
		return nil, err
	}
	reader, err := words.Own()
	if err != nil {
		return nil, err
	}
	watch := &alert.Watch{Evidence: o.Evidence, AsOf: o.AsOf}
	works := append(slices.Concat(mail.Works(d, server), signing.Works(d, key), knowledge.Works(d, reader.Read),
		feed.Works(d, fetch.New(r.Version, fetch.Usual(), fetch.Public))),
		job.Each(time.Hour, finaliseJob{}, func(ctx context.Context, _ finaliseJob) error { return finaliseDue(ctx, d) }),
		job.Each(time.Hour, amendJob{}, func(ctx context.Context, _ amendJob) error { return settlement.EnterForce(ctx, d) }),
		job.Each(time.Hour, remindJob{}, func(ctx context.Context, _ remindJob) error { return agreement.Remind(ctx, d) }),
		job.Each(time.Hour, alertJob{}, func(ctx context.Context, _ alertJob) error { return watch.Look(ctx, d) }),
		job.Each(24*time.Hour, termJob{}, func(ctx context.Context, _ termJob) error { return term.Remind(ctx, d) }),
		job.Each(time.Hour, sweepJob{}, func(ctx context.Context, _ sweepJob) error {
			_, err := access.NewSessionStore(d).Sweep(ctx)
			return errors.Join(err, api.Sweep(ctx, d))
		}))
	return job.Open(d, r.Log, works...)
}

// openFolder is a folder as a file system.
func openFolder(path string) (fs.FS, error) {
	if _, err := folder(path); err != nil {
		return nil, err
	}
	return os.DirFS(path), nil
}

// newAPI makes the interface with all of its resources.
func newAPI(o api.Options) *api.API {
	o.More = []func(*api.API){agreements.Resources, coordination.Resources, feeds.Resources, rules.Resources, results.Resources(o.Evidence)}
	return api.New(o)
}
