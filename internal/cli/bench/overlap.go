package bench

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/coordination/overlap"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// What the overlap job measures: a large calendar made by a seed, and how many changes one after the other.
const (
	crowdSize      = 100_000
	overlapChanges = 300
	overlapTopics  = 17
)

// overlapBench finds overlaps in real events that others wrote down, and asks the same of two peers: every pair compared by its words, and
// rapidfuzz. Neither knows a series in two cities from one event.
type overlapBench struct {
	*command.Run
	out    figures
	dir    string
	python string
	events []overlap.Item
	groups [][]string // of one name and start, under more than one topic
}

func benchOverlap(r *command.Run, c *Command, dir, self string) (figures, error) {
	b := &overlapBench{Run: r, out: figures{}, dir: dir, python: c.Python}
	if err := b.read(c.Events); errors.Is(err, os.ErrNotExist) {
		b.out["events_skipped"] = "no file " + c.Events
	} else if err != nil {
		return nil, err
	} else if err := b.real(); err != nil {
		return nil, err
	}
	return b.out, b.crowd(self)
}

// read reads the events; the largest topics stand in for partners.
func (b *overlapBench) read(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	size, by := map[string]int{}, map[string][]string{}
	var all []overlap.Item
	for s := bufio.NewScanner(f); s.Scan(); {
		var e struct{ Topic, Name, URL, Start, End, City, Country string }
		if err := json.Unmarshal(s.Bytes(), &e); err != nil {
			return fault.Invalid("", "cli.no_file", text.Args{"path": path})
		}
		size[e.Topic]++
		all = append(all, overlap.Item{ID: strconv.Itoa(len(all)), Organisers: []string{e.Topic}, Title: e.Name, Starts: period.Date(e.Start),
			Ends: period.Date(e.End), City: e.City, Country: e.Country, URL: e.URL})
	}
	b.out["events"], b.events = len(all), all
	largest := make([]string, 0, len(size))
	for topic := range size {
		largest = append(largest, topic)
	}
	slices.SortFunc(largest, func(x, y string) int { return size[y] - size[x] })
	topics := map[string]map[string]bool{}
	for _, it := range all {
		if topic := it.Organisers[0]; slices.Contains(largest[:min(overlapTopics, len(largest))], topic) {
			k := strings.ToLower(strings.TrimSpace(it.Title)) + string(it.Starts)
			if topics[k] == nil {
				topics[k] = map[string]bool{}
			}
			by[k], topics[k][topic] = append(by[k], it.ID), true
		}
	}
	for k, g := range by {
		if len(topics[k]) > 1 {
			b.groups = append(b.groups, g)
		}
	}
	return nil
}

// real measures the finder over all events from scratch, then one change after the other, then the peers.
func (b *overlapBench) real() error {
	start := time.Now()
	f := overlap.NewFinder(b.events)
	pairs := f.All()
	b.out["all_s"] = rounded(time.Since(start).Seconds())
	var same [][2]string
	for _, p := range pairs {
		if p.Kind == overlap.Same {
			same = append(same, [2]string{p.A, p.B})
		}
	}
	b.out["pairs"] = len(pairs)
	b.judge("", same)
	var took []time.Duration
	for i := range overlapChanges {
		it := b.events[i*len(b.events)/overlapChanges]
		it.Starts, it.Ends = it.Starts.AddDays(1), it.Ends.AddDays(1)
		start := time.Now()
		f.Put(it)
		f.Of(it.ID)
		took = append(took, time.Since(start))
	}
	b.out["one_changed_median_ms"], b.out["one_changed_p95_ms"] = percentile(took, 50), percentile(took, 95)
	start = time.Now()
	naive := b.naive()
	b.out["naive_all_pairs_s"] = rounded(time.Since(start).Seconds())
	b.judge("naive_", naive)
	return b.rapidfuzz()
}

// judge counts the groups that pairs join, and the pairs between two cities.
func (b *overlapBench) judge(peer string, same [][2]string) {
	pairs := make([]overlap.Pair, len(same))
	cities := 0
	at := func(id string) overlap.Item {
		n, err := strconv.Atoi(id)
		if err != nil {
			return overlap.Item{}
		}
		return b.events[n]
	}
	for i, p := range same {
		pairs[i] = overlap.Pair{A: p[0], B: p[1], Kind: overlap.Same}
		if x, y := at(p[0]), at(p[1]); x.City != "" && y.City != "" && x.City != y.City {
			cities++
		}
	}
	group := map[string]string{}
	for _, g := range overlap.Groups(pairs) {
		for _, id := range g {
			group[id] = g[0]
		}
	}
	found := 0
	for _, g := range b.groups {
		if !slices.ContainsFunc(g, func(id string) bool { return group[id] == "" || group[id] != group[g[0]] }) {
			found++
		}
	}
	b.out[peer+"same_pairs"], b.out["groups"], b.out[peer+"groups_found"] = len(same), len(b.groups), found
	b.out[peer+"pairs_of_two_cities"] = cities
}

// naive compares every pair by the share of words in common, within ten days: what one writes in an afternoon.
func (b *overlapBench) naive() [][2]string {
	words := make([]map[string]bool, len(b.events))
	for i, e := range b.events {
		words[i] = map[string]bool{}
		for w := range strings.FieldsSeq(strings.ToLower(e.Title)) {
			words[i][w] = true
		}
	}
	day := make([]int64, len(b.events))
	for i, e := range b.events {
		day[i] = e.Starts.Time().Unix() / (24 * 60 * 60)
	}
	var same [][2]string
	for i, x := range b.events {
		for j := i + 1; j < len(b.events); j++ {
			if y := b.events[j]; x.Organisers[0] != y.Organisers[0] && max(day[i]-day[j], day[j]-day[i]) <= 10 {
				both := 0
				for w := range words[i] {
					if words[j][w] {
						both++
					}
				}
				if 10*both >= 8*(len(words[i])+len(words[j])-both) {
					same = append(same, [2]string{x.ID, y.ID})
				}
			}
		}
	}
	return same
}

// rapidScript reads id, topic, day and title, and writes the pairs that rapidfuzz finds likeliest to be one, within ten days.
const rapidScript = `import sys, time
from rapidfuzz import fuzz, process, utils
rows = [l.rstrip("\n").split("\t") for l in open(sys.argv[1], encoding="utf-8")]
start = time.time()
names = [utils.default_process(r[3]) for r in rows]
days = [int(r[2]) for r in rows]
out = []
for i in range(0, len(rows), 500):
    scores = process.cdist(names[i:i+500], names, scorer=fuzz.token_set_ratio, score_cutoff=90, dtype="uint8")
    for a, b in zip(*scores.nonzero()):
        a += i
        if a < b and rows[a][1] != rows[b][1] and abs(days[a] - days[b]) <= 10:
            out.append((rows[a][0], rows[b][0]))
print(time.time() - start)
for p in out:
    print(p[0], p[1])
`

// rapidfuzz asks the Python library for alike names.
func (b *overlapBench) rapidfuzz() error {
	if err := exec.CommandContext(b, b.python, "-c", "import rapidfuzz, numpy").Run(); err != nil {
		b.out["rapidfuzz_skipped"] = b.python + " has no rapidfuzz with numpy"
		return nil
	}
	var table strings.Builder
	for _, e := range b.events {
		title := strings.NewReplacer("\t", " ", "\n", " ").Replace(e.Title)
		fmt.Fprintf(&table, "%s\t%s\t%d\t%s\n", e.ID, e.Organisers[0], e.Starts.Time().Unix()/(24*60*60), title)
	}
	path := filepath.Join(b.dir, "events.tsv")
	if err := os.WriteFile(path, []byte(table.String()), 0o600); err != nil {
		return err
	}
	out, err := exec.CommandContext(b, b.python, "-c", rapidScript, path).Output()
	if err != nil {
		return err
	}
	lines := strings.Fields(string(out))
	seconds, err := strconv.ParseFloat(lines[0], 64)
	if err != nil {
		return err
	}
	var same [][2]string
	for i := 1; i+1 < len(lines); i += 2 {
		same = append(same, [2]string{lines[i], lines[i+1]})
	}
	b.out["rapidfuzz_all_pairs_s"] = rounded(seconds)
	b.judge("rapidfuzz_", same)
	return nil
}

// crowd runs this very program over a large calendar and holds the pairs against what was listed twice.
func (b *overlapBench) crowd(self string) error {
	items, twice := overlap.Crowd(crowdSize, 1)
	var lines bytes.Buffer
	to := json.NewEncoder(&lines)
	for _, it := range items {
		err := to.Encode(map[string]any{"id": it.ID, "organiser": it.Organisers[0], "title": it.Title, "type": it.Type, "markets": it.Markets,
			"sectors": it.Sectors, "needs": it.Needs, "start": it.Starts, "end": it.Ends, "city": it.City})
		if err != nil {
			return err
		}
	}
	path := filepath.Join(b.dir, "crowd.jsonl")
	if err := os.WriteFile(path, lines.Bytes(), 0o600); err != nil {
		return err
	}
	cmd := exec.CommandContext(b, self, "--format", "json", "overlap", "find", "--in", path)
	start := time.Now()
	out, err := cmd.Output()
	if err != nil {
		return fault.Unavailable("cli.bench_failed", text.Args{"command": "overlap find"}, err)
	}
	b.out["crowd_events"], b.out["crowd_s"] = len(items), rounded(time.Since(start).Seconds())
	b.out["crowd_cpu_s"] = rounded((cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds())
	b.out["crowd_memory_mb"] = rounded(peakMemoryMB(cmd.ProcessState))
	var pairs []struct{ A, B, Kind string }
	if err := json.Unmarshal(out, &pairs); err != nil {
		return err
	}
	told := map[[2]string]bool{}
	for _, p := range pairs {
		if p.Kind == string(overlap.Same) {
			told[[2]string{p.A, p.B}] = true
		}
	}
	found := 0
	for _, p := range twice {
		if told[p] {
			found++
		}
	}
	b.out["crowd_pairs"], b.out["crowd_listed_twice"], b.out["crowd_found"] = len(pairs), len(twice), found
	b.out["crowd_same_pairs"] = len(told)
	return nil
}
