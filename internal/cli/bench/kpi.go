package bench

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/kpi/cube"
	"errera.eu/errera/internal/text"
)

// The size of the measurement: a million participations of 50,000 companies at 17 partners in 60 markets over 20 quarters.
const (
	kpiRows      = 1_000_000
	kpiCompanies = 50_000
	kpiPartners  = 17
	kpiMarkets   = 60
	bigSlice     = 50_000
)

// kpiBench measures reach over the same rows: the cube, and the same questions as plain SQL to SQLite, PostgreSQL and DuckDB.
type kpiBench struct {
	*command.Run
	out    figures
	dir    string
	python string
	data   *kpiData
	slices []cube.Slice // of all sizes
	big    []cube.Slice // of 50,000 participations or more
	counts []cube.Count // of the big ones, by the cube
}

func benchKPI(r *command.Run, c *Command, dir string) (figures, error) {
	b := &kpiBench{Run: r, python: c.Python, out: figures{"participations": c.Rows}, dir: dir, data: newKPIData(c.Rows)}
	lite, err := b.open(filepath.Join(dir, "kpi.db"), "sqlite")
	if err != nil {
		return nil, err
	}
	defer lite.Close()
	if err := b.cube(lite, ""); err != nil {
		return nil, err
	}
	if err := b.peer(lite, "sqlite", 3); err != nil {
		return nil, err
	}
	if err := b.duckDB(); err != nil {
		return nil, err
	}
	if c.Postgres == "" {
		b.out["postgres_skipped"] = "no PostgreSQL address given"
		return b.out, nil
	}
	dsn, drop, err := scratch(r, c.Postgres)
	if err != nil {
		return nil, err
	}
	defer drop()
	pg, err := b.open(dsn, "postgres")
	if err != nil {
		return nil, err
	}
	defer pg.Close()
	if err := b.peer(pg, "postgres", 5); err != nil {
		return nil, err
	}
	return b.out, b.cube(pg, "postgres_")
}

func (b *kpiBench) open(dsn, name string) (*db.DB, error) {
	d, err := db.Open(b.Run, dsn)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	if _, err := d.Migrate(b.Run); err != nil {
		return nil, err
	}
	if err := b.data.fill(b.Run, d); err != nil {
		return nil, err
	}
	b.out[name+"_fill_s"] = rounded(time.Since(start).Seconds())
	if d.Engine() == db.PostgreSQL {
		_, err = d.Pool().ExecContext(b.Run, "analyze")
	}
	return d, err
}

// cube measures the cold roll-up, slices and corrections on one engine, and counts what is wrong.
func (b *kpiBench) cube(d *db.DB, prefix string) error {
	runtime.GC()
	cache := cube.NewCache()
	reach := []evidence.Kind{evidence.Participation}
	read := func(fn func(c *cube.Cube) error) error {
		return d.Read(b.Run, func(tx *db.Tx) error { return cache.With(b.Run, tx, b.data.programme, fn) })
	}
	start := time.Now()
	if err := read(func(c *cube.Cube) error { b.out[prefix+"cells"] = c.Roll(reach, cube.Counting); return nil }); err != nil {
		return err
	}
	b.out[prefix+"cold_s"] = rounded(time.Since(start).Seconds())
	if prefix == "" {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.out["memory_mb"] = rounded(float64(m.HeapInuse+m.StackInuse)/(1<<20) - b.data.memoryMB())
		if err := read(b.choose); err != nil {
			return err
		}
	}
	if err := read(func(c *cube.Cube) error {
		wrong, cells := b.data.wrong(c, reach)
		b.out[prefix+"wrong_cells"], b.out[prefix+"cells_checked"] = wrong, cells
		return nil
	}); err != nil {
		return err
	}
	var times []time.Duration
	for _, s := range b.slices {
		start := time.Now()
		if err := read(func(c *cube.Cube) error { c.Count(s); return nil }); err != nil {
			return err
		}
		times = append(times, time.Since(start))
	}
	b.out[prefix+"slice_p50_ms"], b.out[prefix+"slice_p95_ms"] = percentile(times, 50), percentile(times, 95)
	return b.corrections(d, prefix, read, reach)
}

// corrections times a rejection from its beginning, with its commit, until a reader has the new cell, and holds that cell against the rows.
func (b *kpiBench) corrections(d *db.DB, prefix string, read func(func(*cube.Cube) error) error, reach []evidence.Kind) error {
	var times []time.Duration
	wrong := 0
	for i, row := range b.data.correct {
		start := time.Now()
		err := d.Write(b.Run, b.data.programme, func(tx *db.Tx) error {
			return evidence.Reject(b.Run, tx, b.data.officer, b.data.programme, b.data.id(row), "counted twice")
		})
		if err != nil {
			return err
		}
		var got cube.Count
		if err := read(func(c *cube.Cube) error { got = c.At(reach, cube.Counting, cube.Cell{}); return nil }); err != nil {
			return err
		}
		times = append(times, time.Since(start))
		if got.Contacts != len(b.data.facts)-i-1 {
			wrong++
		}
	}
	b.out[prefix+"incremental_ms"], b.out[prefix+"incremental_p95_ms"] = percentile(times, 50), percentile(times, 95)
	b.out[prefix+"incremental_wrong"] = wrong
	return nil
}

// choose draws slices of every shape by a fixed seed, and those of 50,000 rows or more from them.
func (b *kpiBench) choose(c *cube.Cube) error {
	r := rand.New(rand.NewPCG(11, 12))
	for range 600 {
		b.slices = append(b.slices, b.data.slice(r))
	}
	limit := min(bigSlice, len(b.data.facts)/20)
	for _, s := range append([]cube.Slice{{}}, b.slices...) {
		s.Kinds = []evidence.Kind{evidence.Participation}
		if n := c.Count(s); n.Contacts >= limit && len(b.big) < 24 {
			b.big, b.counts = append(b.big, s), append(b.counts, n)
		}
	}
	if len(b.big) < 5 {
		return fault.Internal(errors.New("bench: too few large slices"))
	}
	return nil
}

// peer asks an engine the large slices as plain SQL and sets its times beside the cube's, slice by slice.
func (b *kpiBench) peer(d *db.DB, name string, times int) error {
	fresh := cube.NewCache()
	var ratios []float64
	var all []time.Duration
	wrong := 0
	for _, s := range b.big {
		query, args := b.data.sql(s)
		var best, own time.Duration
		var got, want cube.Count
		err := d.Read(b.Run, func(tx *db.Tx) error {
			for n := range times {
				start := time.Now()
				if err := tx.Row(b.Run, query, args...).Scan(&got.Contacts, &got.Companies); err != nil {
					return err
				}
				if took := time.Since(start); n == 0 || took < best {
					best = took
				}
			}
			for n := range times {
				if err := fresh.With(b.Run, tx, b.data.programme, func(c *cube.Cube) error {
					start := time.Now()
					want = c.Count(s)
					if took := time.Since(start); n == 0 || took < own {
						own = took
					}
					return nil
				}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if got != want {
			wrong++
		}
		all = append(all, best)
		ratios = append(ratios, float64(best)/float64(own))
	}
	b.peerFigures(name, all, ratios, wrong)
	return nil
}

func (b *kpiBench) peerFigures(name string, all []time.Duration, ratios []float64, wrong int) {
	slices.Sort(ratios)
	b.out[name+"_large_slices"], b.out[name+"_wrong_slices"] = len(ratios), wrong
	b.out[name+"_slice_p50_ms"], b.out[name+"_slice_p95_ms"] = percentile(all, 50), percentile(all, 95)
	b.out["speedup_vs_"+name], b.out["speedup_vs_"+name+"_least"] = rounded(ratios[len(ratios)/2]), rounded(ratios[0])
}

// duckDB asks the same of DuckDB, over a file of the same rows, in one process of python3. It is skipped by name when it is not installed.
func (b *kpiBench) duckDB() error {
	python := b.python
	if err := exec.CommandContext(b.Run, python, "-c", "import duckdb").Run(); err != nil {
		b.out["duckdb_skipped"] = "the python module duckdb is not installed"
		return nil
	}
	rows, questions := filepath.Join(b.dir, "rows.csv"), filepath.Join(b.dir, "questions.json")
	if err := b.data.csv(rows); err != nil {
		return err
	}
	var where []string
	for _, s := range b.big {
		where = append(where, b.data.duckWhere(s))
	}
	content, err := json.Marshal(where)
	if err != nil {
		return err
	}
	if err := os.WriteFile(questions, content, 0o600); err != nil {
		return err
	}
	const script = `import duckdb, json, sys, time
c = duckdb.connect()
c.execute("create table row as select * from read_csv(?, header = true, all_varchar = false)", [sys.argv[1]])
out = []
for w in json.load(open(sys.argv[2])):
    best = None
    for _ in range(5):
        t = time.perf_counter()
        r = c.execute("select count(*), count(distinct company) from row where " + w).fetchone()
        t = time.perf_counter() - t
        best = t if best is None or t < best else best
    out.append([best * 1000, r[0], r[1]])
json.dump(out, sys.stdout)
`
	cmd := exec.CommandContext(b.Run, python, "-c", script, rows, questions)
	cmd.Stderr = os.Stderr
	answer, err := cmd.Output()
	if err != nil {
		return fault.Unavailable("cli.bench_failed", text.Args{"command": "duckdb"}, err)
	}
	var found [][3]float64
	if err := json.Unmarshal(answer, &found); err != nil || len(found) != len(b.big) {
		return fault.Internal(fmt.Errorf("bench: duckdb answered %d of %d: %w", len(found), len(b.big), err))
	}
	wrong := 0
	var times []time.Duration
	for i, f := range found {
		times = append(times, time.Duration(f[0]*float64(time.Millisecond)))
		// The cube has seen corrections since its counts were kept, DuckDB has not: it is held against the counts from before them.
		if int(f[1]) != b.counts[i].Contacts || int(f[2]) != b.counts[i].Companies {
			wrong++
		}
	}
	b.out["duckdb_wrong_slices"] = wrong
	b.out["duckdb_slice_p50_ms"], b.out["duckdb_slice_p95_ms"] = percentile(times, 50), percentile(times, 95)
	return nil
}

// percentile is a percentile of times, in milliseconds.
func percentile(times []time.Duration, percent int) float64 {
	sorted := slices.Sorted(slices.Values(times))
	return rounded(float64(sorted[min(len(sorted)*percent/100, len(sorted)-1)].Microseconds()) / 1000)
}
