package cli

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// smaller is the reference programme with some of its partners, for tests that load it often: what only concerns the others is left out.
func smaller(t testing.TB, partners ...string) string {
	t.Helper()
	dir, from := t.TempDir(), filepath.Join(root, "demo", "fit-2017-2021")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	others := map[string]bool{} // partners that are left out
	for _, row := range rowsOf(t, filepath.Join(from, "agreements.csv"))[1:] {
		if !slices.Contains(partners, row[0]) {
			others[row[0]] = true
		}
	}
	without := func(list string) bool { // "agoria:2 voka:1"
		return !slices.ContainsFunc(strings.Fields(list), func(s string) bool { code, _, _ := strings.Cut(s, ":"); return others[code] })
	}
	activities := map[string]bool{"": true}
	for _, name := range []string{"activities", "agreements", "assignments", "ceilings", "claims", "corrections", "cost_items", "objectives", "outcomes",
		"overlaps", "participations", "payments", "targets", "waivers"} {
		file := filepath.Join(dir, name+".csv")
		all := rowsOf(t, file)
		at := map[string]int{}
		for i, column := range all[0] {
			at[column] = i
		}
		kept := all[:1:1]
		for _, row := range all[1:] {
			cell := func(column string) string {
				if i, there := at[column]; there {
					return row[i]
				}
				return ""
			}
			good := !others[cell("partner")] && without(cell("organisers")) && without(cell("partners"))
			switch name {
			case "activities":
				activities[cell("code")] = good
			case "cost_items":
				if !activities[cell("activity")] {
					row[at["activity"]] = ""
				}
			default:
				good = good && activities[cell("activity")] && activities[cell("other")]
			}
			if good {
				kept = append(kept, row)
			}
		}
		writeCSVRows(t, file, kept)
	}
	return dir
}

func rowsOf(t testing.TB, file string) [][]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func writeCSVRows(t testing.TB, file string, rows [][]string) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := csv.NewWriter(f).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
}
