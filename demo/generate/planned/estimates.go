// Package planned writes what the demo's plans hold and how they came about: whom activities are for and at what price, what they are planned to
// cost and to bring, and the steps of each plan. All is invented, from a programme's folder that was written before, the same at each run; each
// partner plans a little under or over what it promised.
package planned

import (
	"cmp"
	"encoding/csv"
	"errors"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/demo/generate/overlaps"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// Save adds to a programme's folder what its plans hold, what was decided about their overlaps, and how far they came, as of a day.
func Save(dir string, today period.Date) error {
	if err := errors.Join(offers(dir), estimates(dir)); err != nil {
		return err
	}
	open, err := overlaps.Save(dir, today)
	return errors.Join(err, saveSteps(dir, today, open))
}

// estimates writes plans/estimates.csv.
func estimates(dir string) error {
	activities, err := overlaps.Read(dir, "activities.csv")
	if err != nil {
		return err
	}
	ceilings, err := overlaps.Read(dir, "ceilings.csv")
	if err != nil {
		return err
	}
	targets, err := overlaps.Read(dir, "targets.csv")
	if err != nil {
		return err
	}
	rows := [][]string{{"activity", "category", "kpi", "value"}}
	for _, y := range yearsOf(ceilings, activities) {
		rows = append(rows, y.costs()...)
		rows = append(rows, y.effects(targets)...)
	}
	slices.SortStableFunc(rows[1:], func(a, b []string) int { return cmp.Compare(a[0], b[0]) })
	return write(dir, filepath.Join("plans", "estimates.csv"), rows)
}

// write writes a file of the folder.
func write(dir, name string, rows [][]string) error {
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(csv.NewWriter(f).WriteAll(rows), f.Close())
}

// planned is a partner's year: its ceiling in cents and the activities that it leads.
type planned struct {
	partner, year string
	ceiling       money.Amount
	activities    []map[string]string
}

func yearsOf(ceilings, activities []map[string]string) []planned {
	var all []planned
	for _, c := range ceilings {
		amount, err := money.Parse(c["amount"])
		if err != nil {
			continue
		}
		y := planned{partner: c["partner"], year: c["year"], ceiling: amount}
		for _, a := range activities {
			if lead, _, _ := strings.Cut(a["organisers"], " "); lead == y.partner && strings.HasPrefix(a["starts"], y.year) && a["state"] != "cancelled" {
				y.activities = append(y.activities, a)
			}
		}
		if len(y.activities) > 0 {
			all = append(all, y)
		}
	}
	return all
}

// part is a category's weight in what an activity of a type costs.
type part struct {
	category string
	weight   int64
}

// partsOf are the parts of an activity's cost: who travels pays for it, who stays pays a hall.
func partsOf(kind string) []part {
	switch kind {
	case "mission", "visit":
		return []part{{"staff", 24}, {"travel", 36}, {"external", 14}, {"venue", 6}}
	case "fair":
		return []part{{"staff", 18}, {"travel", 14}, {"venue", 30}, {"communication", 8}}
	case "coaching", "course":
		return []part{{"staff", 14}, {"external", 16}}
	case "retention":
		return []part{{"staff", 12}, {"external", 4}}
	}
	return []part{{"staff", 12}, {"venue", 7}, {"communication", 4}}
}

// costs divides twice the ceiling, some hundredths more or less, over the activities and their categories, in whole euros.
func (y planned) costs() (rows [][]string) {
	budget := y.ceiling * 2 * money.Amount(88+pick(y.partner+y.year, 17)) / 100
	var weights []int64
	for _, a := range y.activities {
		for _, p := range partsOf(a["type"]) {
			weights = append(weights, p.weight*(90+pick(a["code"]+p.category, 21)))
		}
	}
	amounts := money.Allocate(budget/100, weights)
	for _, a := range y.activities {
		for _, p := range partsOf(a["type"]) {
			if amount := amounts[0] * 100; amount > 0 {
				rows = append(rows, []string{a["code"], p.category, "", amount.String()})
			}
			amounts = amounts[1:]
		}
	}
	return rows
}

// effects divides each target of the year, some hundredths more or less, over the activities that bring something for it.
func (y planned) effects(targets []map[string]string) (rows [][]string) {
	seen := map[string]bool{}
	for _, t := range slices.Backward(targets) { // an amended target stands after the one that it replaces
		code := t["kpi"]
		if t["partner"] != y.partner || t["year"] != y.year || seen[code] {
			continue
		}
		seen[code] = true
		target, err := strconv.ParseInt(t["value"], 10, 64)
		if err != nil {
			continue
		}
		goal := target * (85 + pick(y.partner+y.year+code, 26)) / 100
		var weights []int64
		for _, a := range y.activities {
			weights = append(weights, brings(code, a))
		}
		if !slices.ContainsFunc(weights, func(w int64) bool { return w > 0 }) {
			continue
		}
		for n, amount := range money.Allocate(money.Amount(goal), weights) {
			if amount > 0 {
				rows = append(rows, []string{y.activities[n]["code"], "", code, strconv.FormatInt(int64(amount), 10)})
			}
		}
	}
	return rows
}

// brings is how much of a KPI an activity brings beside others; 0 is nothing.
func brings(code string, a map[string]string) int64 {
	kind := a["type"]
	switch code {
	case "companies-reached":
		return 20 + pick(a["code"]+code, 20)
	case "contacts-made":
		if kind == "mission" || kind == "fair" || kind == "matchmaking" || kind == "seminar" {
			return 10 + pick(a["code"]+code, 20)
		}
	case "strategies-made":
		if kind == "coaching" || kind == "course" || kind == "seminar" {
			return 1
		}
	case "market-entries":
		if kind == "mission" || kind == "fair" || kind == "matchmaking" {
			return 1
		}
	case "retention-talks":
		if kind == "retention" {
			return 1
		}
	}
	return 0
}

// pick is a number below n that is the same for the same word.
func pick(word string, n uint32) int64 {
	h := fnv.New32a()
	h.Write([]byte(word))
	return int64(h.Sum32() % n)
}
