package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPlansFromTheCommandLine: estimates come from a file whole or not at all, and the plan is held against the agreement with them.
func TestPlansFromTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	db := "--db=" + filepath.Join(dir, "errera.db")
	must(t, db, "import", "programme", byHand())
	file := filepath.Join(dir, "estimates.csv")
	write := func(lines ...string) {
		t.Helper()
		if err := os.WriteFile(file, []byte("activity,category,kpi,value\n"+strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a-1,beer,,5", "a-1,travel,,x", "a-1,,companies,3", "a-1,travel,companies,3", "a-1,,companies,4")
	code, _, messages := errera(t, db, "--as=officer@bureau.example", "import", "estimates", file, "--programme=by-hand")
	for _, want := range []string{"row 2, column category", "row 3, column value", "row 5, column category", "row 6, column value"} {
		if code != exitInvalid || !strings.Contains(messages, want) {
			t.Errorf("%d %s, want %s", code, messages, want)
		}
	}
	write("a2,travel,,1000.00", "a2,,no-such,3", "nothing,travel,,5")
	code, _, messages = errera(t, db, "--as=officer@bureau.example", "import", "estimates", file, "--programme=by-hand")
	if code != exitInvalid || !strings.Contains(messages, "no-such") || !strings.Contains(messages, "There is no such activity") {
		t.Error(code, messages)
	}
	write("a2,travel,,1000.00")
	code, _, messages = errera(t, db, "--as=officer@bureau.example", "import", "estimates", file, "--programme=by-hand")
	if code != exitInvalid || !strings.Contains(messages, "can no longer be changed") {
		t.Error(code, messages) // it is verified
	}
	must(t, db, "plan", "list", "--year=2018", "--programme=by-hand")
	out := must(t, db, "--format=csv", "plan", "show", "--partner=alpha", "--year=2018", "--programme=by-hand")
	if !strings.Contains(out, "half,,0.00,") || !strings.Contains(out, "kpi,contacts,") {
		t.Error(out)
	}
	if code, _, _ := errera(t, db, "plan", "show", "--partner=nobody", "--year=2018", "--programme=by-hand"); code != exitMissing {
		t.Error(code)
	}
}
