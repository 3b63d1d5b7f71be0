package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"errera.eu/errera/demo/generate/next"
)

// TestSameBytes remakes the programmes and compares them with the committed files.
func TestSameBytes(t *testing.T) {
	dir := t.TempDir()
	if err := run(dir, false); err != nil {
		t.Fatal(err)
	}
	for folder, most := range map[string]int{"fit-2017-2021": 6_000_000, roundFolder: 900_000, next.Folder: 60_000} {
		sameFolder(t, filepath.Join(dir, folder), filepath.Join("..", folder), most)
	}
}

func sameFolder(t *testing.T, fresh, committed string, most int) {
	t.Helper()
	made, err := os.ReadDir(fresh)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadDir(committed)
	if err != nil || len(made) != len(kept) {
		t.Fatalf("%d files made, %d kept: %v", len(made), len(kept), err)
	}
	total := 0
	for _, e := range made {
		if e.IsDir() {
			sameFolder(t, filepath.Join(fresh, e.Name()), filepath.Join(committed, e.Name()), 300_000)
			continue
		}
		a, err := os.ReadFile(filepath.Join(fresh, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(committed, e.Name()))
		if err != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs from the committed file (%d and %d bytes): %v", e.Name(), len(a), len(b), err)
		}
		total += len(a)
	}
	if total > most {
		t.Errorf("%s: %d bytes, more than %d", committed, total, most)
	}
}

func TestCounts(t *testing.T) {
	f := readFolder(t, "../fit-2017-2021")
	for table, want := range map[string][2]int{"organisations": {18, 18}, "agreements": {17, 17}, "ceilings": {85, 85}, "activities": {1425, 1575}, "companies": {2500, 2500},
		"participations": {23750, 26500}, "cost_items": {8550, 9450}, "claims": {250, 340}, "corrections": {4, 10}} {
		if n := len(f.tables[table]); n < want[0] || n > want[1] {
			t.Errorf("%s: %d rows, want %d to %d", table, n, want[0], want[1])
		}
	}
	joint, spring, august := 0, 0, 0
	for _, a := range f.tables["activities"] {
		if strings.Contains(a["organisers"], " ") {
			joint++
		}
		if s := a["starts"]; s >= "2020-03-14" && s < "2020-07-01" && a["place"] != "online" && a["state"] != "cancelled" {
			spring++
		}
		if a["starts"][5:7] == "08" {
			august++
		}
	}
	if n := len(f.tables["activities"]); joint*100 < n*16 || joint*100 > n*24 || spring > 0 || august > 0 {
		t.Errorf("%d of %d joint, %d on site in spring 2020, %d in August", joint, n, spring, august)
	}
	for _, folder := range []string{"2018", "2019"} {
		for _, size := range []struct {
			partner  string
			from, to int64
		}{{"voka", 300, 430}, {"unizo", 250, 420}, {"bicci", 55, 100}, {"euka", 42, 95}} {
			n, _ := f.kpi["companies-reached"].value(f.facts()[folder], size.partner)
			if v := n.Num().Int64(); v < size.from || v > size.to {
				t.Errorf("%s reached %d companies in %s", size.partner, v, folder)
			}
		}
	}
}

func checkNumber(n string) bool {
	if len(n) != 10 || n[0] != '0' && n[0] != '1' || strings.Trim(n, "0123456789") != "" {
		return false
	}
	var head, check int
	fmt.Sscanf(n[:8], "%d", &head)
	fmt.Sscanf(n[8:], "%d", &check)
	return check == 97-head%97
}

// TestReferences follows every reference of every file, for both programmes.
func TestReferences(t *testing.T) {
	for _, dir := range []string{"../fit-2017-2021", "../by-hand"} {
		f := readFolder(t, dir)
		people := map[string]bool{}
		for _, p := range f.tables["people"] {
			people[p["email"]] = true
		}
		known := map[string]map[string]row{"partner": f.by("agreements", "partner"), "organisation": f.by("organisations", "code"), "company": f.by("companies", "code"),
			"activity": f.by("activities", "code"), "kpi": {}, "goal": {}, "decision": {}, "returns": f.by("cost_items", "ref"), "item": f.by("cost_items", "ref")}
		for k := range f.kpi {
			known["kpi"][k] = row{}
		}
		for _, g := range f.prog.Goal {
			known["goal"][g.Code] = row{}
		}
		for _, d := range f.prog.Decision {
			known["decision"][d.Code] = row{}
			people["unknown"] = people["unknown"] || !people[d.TakenBy]
		}
		if people["unknown"] {
			t.Errorf("%s: a decision is taken by somebody unknown", dir)
		}
		for table, rows := range f.tables {
			for n, r := range rows {
				for column, value := range r {
					_, found := known[column][value]
					switch {
					case value == "" || table == "companies" && column == "code":
					case column == "organisation" && r["role"] == "company":
					case known[column] != nil && !found:
						t.Errorf("%s/%s.csv line %d: %s %q is unknown", dir, table, n+2, column, value)
					case (column == "by" || strings.HasSuffix(column, "_by")) && !people[value]:
						t.Errorf("%s/%s.csv line %d: %s %q is nobody", dir, table, n+2, column, value)
					case column == "organisers" || column == "partners":
						for code := range creditsOf(t, value) {
							if known["organisation"][code] == nil {
								t.Errorf("%s/%s.csv line %d: %s is no organisation", dir, table, n+2, code)
							}
						}
					}
				}
			}
		}
		f.by("participations", "activity", "company")
		f.by("outcomes", "code")
		f.by("companies", "name")
		checkRows(t, f)
	}
}

// checkRows holds rules inside one row: four eyes, order of dates, numbers, states.
func checkRows(t *testing.T, f *folder) {
	t.Helper()
	four := func(table string, n int, names ...string) {
		for i, a := range names {
			if a != "" && slices.Contains(names[i+1:], a) {
				t.Errorf("%s line %d: %s acts twice", table, n+2, a)
			}
		}
	}
	ordered := func(table string, n int, dates ...string) {
		dates = slices.DeleteFunc(dates, func(s string) bool { return s == "" })
		if !slices.IsSorted(dates) {
			t.Errorf("%s line %d: dates %v", table, n+2, dates)
		}
	}
	for n, c := range f.tables["companies"] {
		if c["scheme"] == "BE-CBE" && !checkNumber(c["number"]) || (c["scheme"] == "") != (c["number"] == "") {
			t.Errorf("companies line %d: number %q %q", n+2, c["scheme"], c["number"])
		}
	}
	for n, a := range f.tables["activities"] {
		four("activities", n, a["reported_by"], a["verified_by"])
		ordered("activities", n, a["starts"], a["ends"], a["reported"], a["verified"])
		if (a["state"] == "verified") != (a["verified"] != "") || (a["state"] == "cancelled") != (a["reason"] != "") || a["starts"] < "2017-10-03" || a["ends"][:4] != a["starts"][:4] {
			t.Errorf("activities line %d: %v", n+2, a)
		}
	}
	acts, claims := f.by("activities", "code"), f.by("claims", "partner", "year", "number")
	for n, p := range f.tables["participations"] {
		a := acts[p["activity"]]
		ordered("participations", n, p["recorded"], p["verified"])
		if p["state"] == "attended" && (a["state"] == "cancelled" || p["recorded"] < a["starts"]) || p["state"] != "attended" && p["verified"] != "" {
			t.Errorf("participations line %d: %v", n+2, p)
		}
	}
	for n, o := range f.tables["outcomes"] {
		ordered("outcomes", n, o["date"], o["recorded"], o["decided"])
		if (o["state"] == "reported") != (o["decided"] == "") || (o["state"] == "rejected") != (o["reason"] != "") {
			t.Errorf("outcomes line %d: %v", n+2, o)
		}
	}
	for n, c := range f.tables["claims"] {
		four("claims", n, c["entered_by"], c["verified_by"], c["approved_by"])
		before := claims[c["partner"]+"/"+c["year"]+"/"+fmt.Sprint(whole64(t, c["number"])-1)]
		ordered("claims", n, before["approved"], c["submitted"], c["verified"], c["approved"])
		if c["approved"] == "" {
			t.Errorf("claims line %d is open", n+2)
		}
	}
	checkItems(t, f, claims, four, ordered)
}

func checkItems(t *testing.T, f *folder, claims map[string]row, four func(string, int, ...string), ordered func(string, int, ...string)) {
	t.Helper()
	items, returned, invoices := f.by("cost_items", "ref"), map[string]bool{}, map[string]string{}
	for n, i := range f.tables["cost_items"] {
		c := claims[i["partner"]+"/"+i["year"]+"/"+i["claim"]]
		if c == nil || i["delivered"][:4] != i["year"] || c["entered_by"] == i["decided_by"] || (i["rate"] == "") != (i["currency"] == "") || (i["state"] == "deducted") != (i["reason_code"] != "") {
			t.Errorf("cost_items line %d: %v", n+2, i)
			continue
		}
		ordered("cost_items", n, c["submitted"], i["decided"], c["verified"])
		ordered("cost_items", n, i["invoiced"], c["submitted"])
		bill := i["supplier"] + i["invoice"]
		if back := items[i["returns"]]; i["returns"] != "" {
			returned[i["returns"]] = true
			if back["state"] != "parked" || back["claim"] >= i["claim"] || back["partner"] != i["partner"] {
				t.Errorf("cost_items line %d returns %v", n+2, back)
			}
		} else if bill != "" && invoices[bill] != "" {
			t.Errorf("cost_items line %d: invoice %s was claimed by %s", n+2, bill, invoices[bill])
		}
		invoices[bill] = i["ref"]
	}
	for _, i := range f.tables["cost_items"] {
		if i["state"] == "declared" || i["state"] == "parked" && !returned[i["ref"]] {
			t.Errorf("item %s is still %s", i["ref"], i["state"])
		}
	}
	organisations := f.by("organisations", "code")
	for n, c := range f.tables["corrections"] {
		i := items[c["item"]]
		if cost := money(t, c["cost"]); cost <= 0 || cost > f.acceptedCost(i, organisations[i["partner"]]) || c["partner"] != i["partner"] || c["year"] != i["year"] {
			t.Errorf("corrections line %d: %v", n+2, c)
		}
		ordered("corrections", n, claims[i["partner"]+"/"+i["year"]+"/"+i["claim"]]["approved"], c["date"])
	}
	for n, p := range f.tables["payments"] {
		four("payments", n, p["ordered_by"], p["approved_by"])
		ordered("payments", n, claims[p["partner"]+"/"+p["year"]+"/"+p["claim"]]["approved"], p["ordered"], p["executed"])
		if money(t, p["amount"]) <= 0 || p["executed"] == "" {
			t.Errorf("payments line %d: %v", n+2, p)
		}
	}
	for _, e := range f.prog.Envelope {
		sum := int64(0)
		for _, c := range f.tables["ceilings"] {
			if c["year"] == fmt.Sprint(e.Year) {
				sum += money(t, c["amount"])
			}
		}
		if envelope := money(t, e.Amount); sum > envelope || sum*100 < envelope*90 {
			t.Errorf("envelope %d of %d, ceilings %d", envelope, e.Year, sum)
		}
	}
	weights := map[string]int64{}
	for _, a := range f.tables["assignments"] {
		weights[a["partner"]] += whole64(t, a["weight"])
	}
	for partner, n := range weights {
		if n != 100 {
			t.Errorf("weights of %s add up to %d", partner, n)
		}
	}
}
