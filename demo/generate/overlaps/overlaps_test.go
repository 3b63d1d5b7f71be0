package overlaps

import (
	"path/filepath"
	"testing"

	"errera.eu/errera/internal/coordination/overlap"
	"errera.eu/errera/internal/period"
)

// TestMostOfThePastIsDecided, and something is left for who looks at the programme on its day.
func TestMostOfThePastIsDecided(t *testing.T) {
	for folder, today := range map[string]period.Date{"fit-2017-2021": "2019-09-16", "fit-2022-2026": "2026-09-15"} {
		dir := filepath.Join("..", "..", folder)
		activities, err := Read(dir, "activities.csv")
		if err != nil {
			t.Fatal(err)
		}
		rows, err := Read(dir, "overlaps.csv")
		if err != nil {
			t.Fatal(err)
		}
		decided := map[[2]string]bool{}
		for _, r := range rows {
			decided[[2]string{min(r["activity"], r["other"]), max(r["activity"], r["other"])}] = true
		}
		starts := map[string]period.Date{}
		var items []overlap.Item
		for _, a := range activities {
			if a["state"] != "cancelled" && a["state"] != "postponed" {
				items = append(items, item(a))
				starts[a["code"]] = period.Date(a["starts"])
			}
		}
		past, forgotten, waiting := 0, 0, 0
		for _, p := range overlap.NewFinder(items).All() {
			on, open := min(starts[p.A], starts[p.B]), !decided[[2]string{p.A, p.B}]
			switch {
			case !p.High():
			case on > today && on.Year() == today.Year():
				if open {
					waiting++
				}
			default:
				if past++; open {
					forgotten++
				}
			}
		}
		if past < 15 || forgotten*100 < past*8 || forgotten*100 > past*16 || waiting < 2 {
			t.Errorf("%s: %d close overlaps of the past, %d of them forgotten; %d wait", folder, past, forgotten, waiting)
		} else {
			t.Logf("%s: %d close overlaps of the past, %d of them forgotten; %d wait", folder, past, forgotten, waiting)
		}
	}
}
