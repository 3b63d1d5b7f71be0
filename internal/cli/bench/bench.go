// Package bench measures speed, memory and size from outside, with peers in the same run.
package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// Command measures this very binary from outside, as people and machines meet it: new processes, a real database, real HTTP.
type Command struct {
	Job      string `arg:"" optional:"" enum:"all,programme,pages,ledger,redline,kpi,overlap,search" default:"all" help:"programme, pages, ledger, redline, kpi, overlap, search or all (of the first two)."`
	Dir      string `default:"demo/fit-2017-2021" help:"Folder of the programme to measure with."`
	Postgres string `env:"ERRERA_TEST_POSTGRES" help:"PostgreSQL URL that may create databases; without it, that peer is skipped."`
	Python   string `default:"python3" help:"A python that may have the modules duckdb, for the kpi job, and rapidfuzz, for overlap."`
	Events   string `default:"../shared/data/events/tech-conferences.jsonl" help:"Real events for the overlap job."`
	Rows     int    `default:"1000000" help:"How many participations the kpi job counts."`
	Seconds  int    `default:"5" help:"How long each page is asked for."`
	Rate     int    `default:"50" help:"Requests a second for each page."`
}

// figures are flat, with the unit as the last word of each name.
type figures map[string]any

func (c *Command) Run(r *command.Run) error {
	dir, err := os.MkdirTemp("", "errera-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if c.Job == "redline" {
		out, err := benchRedline(r, dir)
		if err != nil {
			return err
		}
		return command.WriteJSON(r.Out, out)
	}
	if c.Job == "kpi" {
		out, err := benchKPI(r, c, dir)
		if err != nil {
			return err
		}
		return command.WriteJSON(r.Out, out)
	}
	if c.Job == "search" {
		out, err := benchSearch(r, c, dir)
		if err != nil {
			return err
		}
		return command.WriteJSON(r.Out, out)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if c.Job == "overlap" {
		out, err := benchOverlap(r, c, dir, self)
		if err != nil {
			return err
		}
		return command.WriteJSON(r.Out, out)
	}
	b := &bench{run: r, command: c, self: self, dir: dir, out: figures{}}
	if info, err := os.Stat(self); err == nil {
		b.out["binary_mb"] = rounded(float64(info.Size()) / (1 << 20))
	}
	if c.Job == "ledger" {
		if err := b.ledger(); err != nil {
			return err
		}
		return command.WriteJSON(r.Out, b.out)
	}
	if c.Job != "pages" {
		if err := b.programme(); err != nil {
			return err
		}
	}
	if c.Job != "programme" {
		if err := b.pages(); err != nil {
			return err
		}
	}
	return command.WriteJSON(r.Out, b.out)
}

type bench struct {
	run     *command.Run
	command *Command
	self    string
	dir     string
	out     figures
}

// programme times an import and the settling of every agreement-year, each in a process of its own, on both engines.
func (b *bench) programme() error {
	if err := b.engine("sqlite", filepath.Join(b.dir, "programme.db")); err != nil {
		return err
	}
	if b.command.Postgres == "" {
		b.out["postgres_skipped"] = "no PostgreSQL address given"
		return nil
	}
	dsn, drop, err := scratch(b.run, b.command.Postgres)
	if err != nil {
		return err
	}
	defer drop()
	if err := b.engine("postgres", dsn); err != nil {
		return err
	}
	for _, step := range []string{"import", "settle_all", "dry_run"} {
		pg, _ := b.out["postgres_"+step+"_s"].(float64)
		lite, _ := b.out["sqlite_"+step+"_s"].(float64)
		if lite > 0 {
			b.out[step+"_postgres_to_sqlite_ratio"] = rounded(pg / lite)
		}
	}
	return nil
}

func (b *bench) engine(name, dsn string) error {
	for _, step := range []struct {
		key  string
		args []string
	}{
		{"migrate", []string{"migrate"}},
		{"import", []string{"import", "programme", b.command.Dir}},
		{"dry_run", []string{"settle", "--partner", "voka", "--year", "2018", "--dry-run"}},
		{"settle_all", []string{"settle", "--all"}},
		{"settle_all_unchanged", []string{"settle", "--all"}},
		{"check", []string{"check"}},
	} {
		seconds, memory, err := b.time(dsn, step.args...)
		if err != nil {
			return err
		}
		b.out[name+"_"+step.key+"_s"] = seconds
		b.out[name+"_"+step.key+"_memory_mb"] = memory
	}
	return nil
}

// time runs this program once and tells how long it took and the most memory that it held.
func (b *bench) time(dsn string, args ...string) (seconds, memoryMB float64, err error) {
	cmd := exec.CommandContext(b.run, b.self, append([]string{"--db", dsn}, args...)...)
	var words strings.Builder
	cmd.Stderr = &words
	start := time.Now()
	err = cmd.Run()
	seconds = rounded(time.Since(start).Seconds())
	if err != nil {
		return 0, 0, fault.Unavailable("cli.bench_failed", text.Args{"command": strings.Join(args, " ")}, fmt.Errorf("%w: %s", err, words.String()))
	}
	return seconds, rounded(peakMemoryMB(cmd.ProcessState)), nil
}

// rounded keeps three decimals: these are measurements, never money.
func rounded(v float64) float64 { return float64(int64(v*1000+0.5)) / 1000 }
