package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestSpreadsheet recalculates every formula of the book and holds its named cells against figures reckoned with
// pencil and paper, and against the exact reckoning from the CSV files.
func TestSpreadsheet(t *testing.T) {
	book, err := excelize.OpenFile("../by-hand/settlement.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	names := map[string]string{}
	for _, n := range book.GetDefinedName() {
		names[n.Name] = n.RefersTo
	}
	value := func(name string) int64 {
		sheet, cell, ok := strings.Cut(strings.ReplaceAll(strings.ReplaceAll(names[name], "$", ""), "'", ""), "!")
		if !ok {
			t.Fatalf("no name %s", name)
		}
		if formula, err := book.GetCellFormula(sheet, cell); err != nil || formula == "" {
			t.Errorf("%s is no formula: %v", name, err)
		}
		text, err := book.CalcCellValue(sheet, cell, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return money(t, text) // fails on anything but whole cents
	}
	f := readFolder(t, "../by-hand")
	facts := f.facts()
	want := map[string]settled{
		"alpha": {cost: 66_666_67, half: 30_000_00, costPart: 24_000_00, pool: 6_000_00, score: 6331, final: 27_798_60, paid: 24_000_00, balance: 3_798_60},
		"beta":  {cost: 29_648_97, half: 14_824_48, costPart: 11_859_58, pool: 2_964_90, score: 6981, final: 13_929_37, paid: 11_859_58, balance: 2_069_79},
		"gamma": {cost: 20_210_53, corrected: 1_000_01, half: 9_605_26, costPart: 7_684_20, pool: 1_921_06, score: 3125, final: 8_284_53, paid: 8_084_20, balance: 200_33},
	}
	for _, partner := range handPartners() {
		s, w := f.settle(facts, partner, "2018"), want[partner]
		for claim, n := range s.expected {
			paid := int64(0)
			for _, p := range f.tables["payments"] {
				if p["partner"] == partner && p["kind"] == "claim" && p["claim"] == claim {
					paid += money(t, p["amount"])
				}
			}
			if paid != n {
				t.Errorf("%s claim %s: paid %d, due %d", partner, claim, paid, n)
			}
		}
		s.due, s.expected = nil, nil
		if fmt.Sprint(s) != fmt.Sprint(w) {
			t.Errorf("%s\n%+v, want\n%+v", partner, s, w)
		}
		for name, n := range map[string]int64{"accepted": w.cost - w.corrected, "half": w.half, "cost_part": w.costPart, "pool": w.pool, "score_bp": w.score * 100,
			"performance": w.final - w.costPart, "final": w.final, "own": w.cost - w.corrected - w.final, "paid": w.paid, "balance": w.balance} {
			if got := value(partner + "_" + name); got != n {
				t.Errorf("%s_%s is %d in the spreadsheet, want %d", partner, name, got, n)
			}
		}
	}
	everyFormula(t, book)
}

// everyFormula recalculates the whole book and compares with what is stored beside each formula.
func everyFormula(t *testing.T, book *excelize.File) {
	t.Helper()
	formulas := 0
	for _, sheet := range book.GetSheetList() {
		for y := 1; y < 140; y++ {
			for x := 1; x < 18; x++ {
				cell, err := excelize.CoordinatesToCellName(x, y)
				if err != nil {
					t.Fatal(err)
				}
				if formula, _ := book.GetCellFormula(sheet, cell); formula == "" {
					continue
				}
				formulas++
				stored, err := book.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
				if err != nil {
					t.Fatal(err)
				}
				if again, err := book.CalcCellValue(sheet, cell, excelize.Options{RawCellValue: true}); err != nil || again != stored {
					t.Errorf("%s!%s: stored %q, reckoned %q: %v", sheet, cell, stored, again, err)
				}
			}
		}
	}
	if formulas < 400 {
		t.Errorf("only %d formulas", formulas)
	}
}

// TestByHandFiles remakes the small programme and compares it with the committed rows and formulas.
func TestByHandFiles(t *testing.T) {
	dir := t.TempDir()
	if err := run(dir, true); err != nil {
		t.Fatal(err)
	}
	made, kept := readFolder(t, dir+"/by-hand"), readFolder(t, "../by-hand")
	if fmt.Sprint(made.tables) != fmt.Sprint(kept.tables) || fmt.Sprint(made.prog) != fmt.Sprint(kept.prog) || fmt.Sprint(made.kpi) != fmt.Sprint(kept.kpi) {
		t.Error("demo/by-hand differs from what the generator makes")
	}
	a, err := excelize.OpenFile(dir + "/by-hand/settlement.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	b, err := excelize.OpenFile("../by-hand/settlement.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	for _, sheet := range a.GetSheetList() {
		x, errA := a.GetRows(sheet)
		y, errB := b.GetRows(sheet)
		if errA != nil || errB != nil || fmt.Sprint(x) != fmt.Sprint(y) {
			t.Errorf("sheet %s differs: %v %v", sheet, errA, errB)
		}
	}
}
