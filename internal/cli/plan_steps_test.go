package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestStepsOfPlansFromAFile: what was done with plans elsewhere comes whole or not at all, by who may and in an order that can be; then the plans
// go on from there.
func TestStepsOfPlansFromAFile(t *testing.T) {
	dir := t.TempDir()
	db := "--db=" + filepath.Join(dir, "errera.db")
	must(t, db, "import", "programme", byHand())
	file := filepath.Join(dir, "steps.csv")
	load := func(lines ...string) (int, string) {
		t.Helper()
		if err := os.WriteFile(file, []byte("partner,year,step,on,by,remark\n"+strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		code, _, messages := errera(t, db, "--as=administrator@bureau.example", "import", "plans", file, "--programme=by-hand")
		return code, messages
	}
	const submit, approve = "alpha,2018,submit,2017-12-01,coordinator@alpha.example,", "alpha,2018,approve,2017-12-15,officer@bureau.example,"
	for _, bad := range []struct{ row, want string }{
		{"alpha,x,submit,2017-12-01,coordinator@alpha.example,", "row 2, column year"},
		{"alpha,2018,finish,2017-12-01,coordinator@alpha.example,", "row 2, column step"},
		{"alpha,2018,submit,2017-12-41,coordinator@alpha.example,", "row 2, column on"},
		{"alpha,2018,submit,2017-12-01,coordinator@alpha.example,why", "row 2, column remark"},
		{"nobody,2018,submit,2017-12-01,coordinator@alpha.example,", "row 2, column partner"},
		{"alpha,2018,submit,2017-12-01,nobody@alpha.example,", "row 2, column by"},
		{"alpha,2018,submit,2017-12-01,officer@bureau.example,", "row 2, column by"},    // a verb of the partner
		{"alpha,2018,submit,2017-12-01,coordinator@beta.example,", "row 2, column by"},  // another partner
		{"alpha,2018,approve,2017-12-15,officer@bureau.example,", "row 2, column step"}, // nothing was handed in
		{"alpha,2018,submit,2117-12-01,coordinator@alpha.example,", "row 2, column on"}, // in the future
		{submit + "\nalpha,2018,approve,2017-11-30,officer@bureau.example,", "row 3, column on"},
		{submit + "\nalpha,2018,return,2017-12-10,officer@bureau.example,", "row 3, column remark"},
		{submit + "\nalpha,2018,approve,2017-12-10,coordinator@alpha.example,", "row 3, column step"},
		{submit + "\n" + approve + "\nalpha,2018,withdraw,2017-12-20,coordinator@alpha.example,", "row 4, column step"},
	} {
		if code, messages := load(bad.row); code == 0 || !strings.Contains(messages, bad.want) {
			t.Errorf("%s: %d %s, want %s", bad.row, code, messages, bad.want)
		}
	}
	list := func() string {
		t.Helper()
		return must(t, db, "--format=csv", "plan", "list", "--year=2018", "--programme=by-hand")
	}
	if out := list(); !strings.Contains(out, "alpha,,") {
		t.Errorf("half of a file was kept: %s", out)
	}
	if code, messages := load(submit, "alpha,2018,return,2017-12-05,officer@bureau.example,Say for whom.", "alpha,2018,submit,2017-12-08,coordinator@alpha.example,",
		approve); code != 0 {
		t.Fatal(code, messages)
	}
	if out := list(); !strings.Contains(out, "alpha,approved,") {
		t.Error(out)
	}
	if code, messages := load(submit); code == 0 || !strings.Contains(messages, "has steps already") {
		t.Error(code, messages)
	}
}
