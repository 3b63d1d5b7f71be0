// Package overlaps writes what was decided about the overlaps of the demo's activities: found as Errera finds them, in a programme's folder that
// was written before. Most close ones were decided before their year began; a few were forgotten; of those still to come most wait for somebody.
package overlaps

import (
	"cmp"
	"encoding/csv"
	"errors"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"errera.eu/errera/internal/coordination/overlap"
	"errera.eu/errera/internal/period"
)

// Of how many close overlaps one was forgotten, of how many still to come one is decided already, and of how many loose ones one was left alone.
const (
	forgotten = 8
	early     = 4
	leftAlone = 4
)

// Save writes overlaps.csv into the folder of a programme, as things stood on a day. It tells whose activities are in a close one of
// what is still to come, about which nobody decided.
func Save(dir string, today period.Date) (open map[string]bool, err error) {
	activities, err := Read(dir, "activities.csv")
	if err != nil {
		return nil, err
	}
	people, err := Read(dir, "people.csv")
	if err != nil {
		return nil, err
	}
	d := desk{today: today, by: map[string]overlap.Item{}, language: map[string]string{}}
	var items []overlap.Item
	coming := map[string]bool{}
	for _, a := range activities {
		if a["state"] != "cancelled" && a["state"] != "postponed" {
			it := item(a)
			d.by[it.ID] = it
			coming[it.ID] = a["state"] == "planned" || a["state"] == "published"
			items = append(items, it)
			d.first = cmp.Or(d.first, it.Starts.Year())
			d.first = min(d.first, it.Starts.Year())
		}
	}
	for _, p := range people {
		if d.language[p["email"]] = p["language"]; p["role"] == "officer" {
			d.officers = append(d.officers, p["email"])
		}
	}
	pairs := overlap.NewFinder(items).All()
	slices.SortFunc(pairs, func(p, q overlap.Pair) int {
		return cmp.Or(cmp.Compare(d.starts(p), d.starts(q)), cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B))
	})
	open = map[string]bool{}
	rows := [][]string{{"activity", "other", "state", "moved_from", "decided", "decided_by", "reason"}}
	for _, p := range pairs {
		if row := d.decide(p); row != nil {
			rows = append(rows, row)
		} else if a, b := d.by[p.A], d.by[p.B]; p.High() && (coming[p.A] || coming[p.B]) {
			for _, o := range slices.Concat(a.Organisers, b.Organisers) {
				open[o] = true
			}
		}
	}
	f, err := os.Create(filepath.Join(dir, "overlaps.csv"))
	if err != nil {
		return nil, err
	}
	return open, errors.Join(csv.NewWriter(f).WriteAll(rows), f.Close())
}

func item(a map[string]string) overlap.Item {
	it := overlap.Item{ID: a["code"], Title: a["title"], Type: a["type"], Markets: strings.Fields(a["markets"]), Sectors: strings.Fields(a["sectors"]),
		Needs: strings.Fields(a["needs"]), Starts: period.Date(a["starts"]), Ends: period.Date(a["ends"]), Online: a["place"] == "online", City: a["city"],
		Country: a["country"], URL: a["url"], Language: a["language"], Audience: a["audience"]}
	for _, o := range strings.Fields(a["organisers"]) {
		code, _, _ := strings.Cut(o, ":")
		it.Organisers = append(it.Organisers, code)
	}
	return it
}

// desk decides about the overlaps of a programme, in the order in which they begin.
type desk struct {
	today    period.Date
	first    period.Year
	by       map[string]overlap.Item
	officers []string
	language map[string]string // of people by their address

	past, coming, moved, said int
}

// starts is the first day of the two.
func (d *desk) starts(p overlap.Pair) period.Date { return min(d.by[p.A].Starts, d.by[p.B].Starts) }

// decide is the row of a pair, nil when nobody decided.
func (d *desk) decide(p overlap.Pair) []string {
	n := draw(p.A, p.B)
	starts := d.starts(p)
	if starts > d.today && starts.Year() == d.today.Year() {
		if !p.High() {
			return nil
		}
		if d.coming++; d.coming%early != 0 {
			return nil
		}
	} else if p.High() {
		if d.past++; d.past%forgotten == forgotten/2 {
			return nil
		}
	} else if n%leftAlone == 0 || p.Kind == overlap.Similar && n%2 == 0 {
		return nil
	} else if row := d.move(p); row != nil {
		return row
	}
	state, one, other := "justified", p.A, p.B
	if n%3 == 1 {
		one, other = other, one
	}
	by := d.coordinator(one, n)
	if !p.High() && n%3 > 0 || n%5 == 0 {
		state, by = "dismissed", d.officers[n%len(d.officers)]
	}
	return []string{one, other, state, "", string(d.day(p, n)), by, d.why(state, by)}
}

// move lets some that lie near each other have lain nearer: one activity was moved off the days after the other's. It is nil for most.
func (d *desk) move(p overlap.Pair) []string {
	a, b := d.by[p.A], d.by[p.B]
	if a.Starts < b.Starts {
		a, b = b, a
	}
	was := a
	was.Starts = b.Starts.AddDays(1)
	was.Ends = was.Starts.AddDays(a.Starts.DaysTo(a.Ends))
	if weekday := was.Starts.Weekday(); weekday == 0 || weekday == 6 || b.Starts.DaysTo(a.Starts) < 7 || !overlap.Compare(was, b).High() {
		return nil
	}
	if d.moved++; d.moved%3 != 0 {
		return nil
	}
	n := draw(a.ID, b.ID)
	by := d.coordinator(a.ID, n)
	return []string{a.ID, b.ID, "moved", string(was.Starts), string(d.day(p, n)), by, d.why("moved", by)}
}

// day is when a pair was decided: before the plan of its year was approved; in the first year, and for one in nine, three weeks before it began.
func (d *desk) day(p overlap.Pair, n int) period.Date {
	starts := d.starts(p)
	if starts.Year() == d.first || n%9 == 0 {
		return workday(starts.AddDays(-21))
	}
	return workday(starts.Year().First().AddDays(-56 + n%41))
}

// workday is the day, or the Friday before it.
func workday(d period.Date) period.Date {
	for d.Weekday() == 0 || d.Weekday() == 6 {
		d = d.AddDays(-1)
	}
	return d
}

// coordinator speaks for the lead of an activity; for the agency an officer does.
func (d *desk) coordinator(code string, n int) string {
	by := "coordinator@" + d.by[code].Organisers[0] + ".example"
	if d.language[by] == "" {
		return d.officers[n%len(d.officers)]
	}
	return by
}

// why is a reason in the language of who decided, the next of its list.
func (d *desk) why(state, by string) string {
	list := reasons(state)[d.language[by]]
	d.said++
	return list[d.said%len(list)]
}

// draw is a number that belongs to two codes.
func draw(a, b string) int {
	h := fnv.New32a()
	h.Write([]byte(min(a, b) + " " + max(a, b)))
	return int(h.Sum32() >> 4)
}

// Read gives the rows of a file of a folder by column.
func Read(dir, name string) ([]map[string]string, error) {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	rows := make([]map[string]string, len(all)-1)
	for i, cells := range all[1:] {
		rows[i] = map[string]string{}
		for n, column := range all[0] {
			rows[i][column] = cells[n]
		}
	}
	return rows, nil
}
