package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"errera.eu/errera/internal/db/dbtest"
)

// takenOverFolder is the small programme with Alpha's year taken over after its first claim was paid: what happened before stands in
// opening balances only.
func takenOverFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(byHand())); err != nil {
		t.Fatal(err)
	}
	edit := func(name string, keep func(line string) (string, bool)) {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for line := range strings.Lines(string(b)) {
			if kept, ok := keep(line); ok {
				lines = append(lines, kept)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Join(lines, "")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	edit("claims.csv", func(l string) (string, bool) {
		return strings.Replace(l, "alpha,2018,2,", "alpha,2018,1,", 1), !strings.HasPrefix(l, "alpha,2018,1,")
	})
	edit("cost_items.csv", func(l string) (string, bool) {
		return strings.Replace(l, ",alpha,2018,2,", ",alpha,2018,1,", 1), !strings.Contains(l, ",alpha,2018,1,")
	})
	edit("payments.csv", func(l string) (string, bool) {
		return strings.Replace(l, "alpha,2018,claim,2,", "alpha,2018,claim,1,", 1),
			!strings.HasPrefix(l, "alpha,2018,advance,") && !strings.HasPrefix(l, "alpha,2018,claim,1,")
	})
	// claim 1: 20,000.01 + 15,333.33 = 35,333.34 accepted; H = 17,666.67; C = floor(14,133.336) = 14,133.33; 9,000.00 of it from the advance
	opening := "partner,year,account,amount\nalpha,2018,Memo:Cost,35333.34\nalpha,2018,Memo:Own,-21200.01\nalpha,2018,Memo:Contribution,-14133.33\n" +
		"alpha,2018,Expenses:Contribution,14133.33\nalpha,2018,Assets:Bank,-14133.33\nalpha,2018,Budget:Consumed,14133.33\nalpha,2018,Budget:Committed,-14133.33\n"
	if err := os.WriteFile(filepath.Join(dir, "opening.csv"), []byte(opening), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestAYearTakenOverSettlesTheSame settles Alpha's year once from its whole history and once taken over half-way.
func TestAYearTakenOverSettlesTheSame(t *testing.T) {
	type settled struct {
		statement
		Steps []struct{ Key, Words, Amount string }
	}
	var found []settled
	for _, dir := range []string{byHand(), takenOverFolder(t)} {
		dsn := dbtest.DSN(t)
		must(t, "--db", dsn, "migrate")
		must(t, "--db", dsn, "import", "programme", dir)
		var one settled
		decode(t, must(t, "--db", dsn, "--format", "json", "settle", "--partner", "alpha", "--year", "2018"), &one)
		found = append(found, one)
		must(t, "--db", dsn, "check")
		for _, verb := range []string{"communicate", "finalise"} {
			person := map[string]string{"communicate": "controller@bureau.example", "finalise": "approver@bureau.example"}[verb]
			must(t, "--db", dsn, "--as", person, "settlement", verb, "--partner", "alpha", "--year", "2018")
		}
		must(t, "--db", dsn, "check")
	}
	whole, taken := found[0], found[1]
	steps := taken.Steps
	if whole.statement != taken.statement {
		t.Errorf("taken over: %+v\nfrom its whole history: %+v", taken, whole)
	}
	for key, amount := range map[string]string{"opening": "35333.34", "opening_paid": "14133.33"} {
		if !slices.ContainsFunc(steps, func(s struct{ Key, Words, Amount string }) bool { return s.Key == key && s.Amount == amount }) {
			t.Errorf("no step %s of %s in %v", key, amount, steps)
		}
	}
}
