package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/intake"
)

// TestDefinitionsAndEvidenceOnTheCommandLine defines and changes a KPI from its sheet, is told every fault by field, verifies by sample, and asks
// for alerts.
func TestDefinitionsAndEvidenceOnTheCommandLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "errera.db")
	run := func(args ...string) (int, string, string) {
		var out, said bytes.Buffer
		code := Main("test", append([]string{"--db", path}, args...), strings.NewReader(""), &out, &said)
		return code, out.String(), said.String()
	}
	if code, _, said := run("migrate"); code != exitDone {
		t.Fatal(said)
	}
	d, err := db.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := intake.ReadProgramme(os.DirFS(filepath.Join(root, "demo", "by-hand")))
	if err == nil {
		_, err = intake.Load(context.Background(), d, access.System("test"), f, nil)
	}
	d.Close()
	if err != nil {
		t.Fatal(err)
	}
	_, sheet, _ := run("kpi", "show", "companies")
	file := filepath.Join(t.TempDir(), "sheet.json")
	write := func(s string) {
		if err := os.WriteFile(file, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(strings.Replace(sheet, `"Unit"`, `"Unity"`, 1))
	if code, _, said := run("kpi", "define", file); code != exitInvalid || !strings.Contains(said, "Unity") {
		t.Errorf("an unknown name: %d %s", code, said)
	}
	write(strings.Replace(sheet, `"Formula": ""`, `"Formula": "count(joint) / 0"`, 1))
	if code, _, said := run("kpi", "change", "companies", file, "--from-year", "2018", "--reason", "why"); code != exitInvalid || !strings.Contains(said, "formula: ") ||
		!strings.Contains(said, "meaning: ") {
		t.Errorf("by zero: %d %s", code, said)
	}
	whole := sheet
	for _, l := range []string{"NL", "EN", "FR"} {
		whole = strings.ReplaceAll(whole, `"`+l+`": ""`, `"`+l+`": "words"`)
	}
	write(strings.Replace(whole, `"Code": "companies"`, `"Code": "companies-2"`, 1))
	if code, _, said := run("kpi", "define", file); code != exitDone {
		t.Errorf("define: %d %s", code, said)
	}
	if _, list, _ := run("--format", "csv", "kpi"); !strings.Contains(list, "companies-2,1,") {
		t.Errorf("the catalogue is %s", list)
	}
	_, waiting, _ := run("--format", "csv", "evidence", "waiting", "--year", "2018")
	cells := strings.Split(strings.Split(waiting, "\n")[1], ",")
	code, sample, said := run("--as", "officer@bureau.example", "--format", "json", "evidence", "sample", "--partner", cells[0], "--year", "2018", "--kind", cells[1], "--size", "1")
	if code != exitDone || !strings.Contains(sample, `"open": 1`) {
		t.Fatalf("sample: %d %s %s", code, sample, said)
	}
	drawn := strings.Split(strings.Split(sample, `"drawn": [`)[1], `"`)[1]
	if code, _, said := run("--as", "officer@bureau.example", "evidence", "reject", drawn); code != exitInvalid {
		t.Errorf("rejected without a reason: %d %s", code, said)
	}
	if code, _, said := run("--as", "officer@bureau.example", "evidence", "verify", drawn); code != exitDone {
		t.Errorf("verify: %d %s", code, said)
	}
	if code, _, said := run("alert", "look", "--on", "2018-08-15"); code != exitDone || strings.Contains(said, "No alert") {
		t.Errorf("look: %d %s", code, said)
	}
	if code, list, _ := run("--format", "csv", "alert"); code != exitDone || !strings.Contains(list, ",2018,beta,") {
		t.Errorf("alerts: %d %s", code, list)
	}
}
