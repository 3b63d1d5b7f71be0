package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// clocks are the packages that may read the clock; all others get the time of their unit of work.
var clocks = []string{"internal/db", "internal/db/dbtest", "internal/format/pdf/pdftest", "internal/serve", "internal/cli"}

// vague names say nothing about what a package holds.
var vague = []string{"util", "utils", "common", "helper", "helpers", "model", "models", "misc", "shared", "base"}

var (
	// SQLite deletes a row unseen by its triggers' authors when it replaces one. "create or replace" is something else.
	replacing = regexp.MustCompile(`(?i)\b(insert|update)\s+or\s+replace\b|\breplace\s+into\b|\bon\s+conflict\s+replace\b`)
	// Built from parts, so that this file does not name what it looks for.
	unfinished  = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME)\b`)
	machinePath = regexp.MustCompile(`(^|[^A-Za-z0-9_.\-/:])/(work|farm|root|home|Users)/`)
)

func TestGoSources(t *testing.T) {
	for _, s := range sources(t) {
		for _, fault := range banFaults(s) {
			t.Error(fault)
		}
	}
}

// banFaults lists what a Go file holds that none may hold.
func banFaults(s source) []string {
	var faults []string
	say := func(n ast.Node, format string, args ...any) {
		faults = append(faults, fmt.Sprintf("%s:%d: ", s.path, s.line(n))+fmt.Sprintf(format, args...))
	}
	if name := strings.TrimSuffix(s.file.Name.Name, "_test"); slices.Contains(vague, name) || slices.Contains(vague, filepath.Base(s.dir())) {
		say(s.file.Name, "a package called %q says nothing about what it holds", name)
	}
	mayReadClock := s.isTest() || clock(s.dir()) || strings.HasPrefix(s.path, "tools/")
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "init" {
				say(n, "init() runs before anybody asked for it")
			}
		case *ast.SelectorExpr:
			if !mayReadClock && readsClock(s, n) {
				say(n, "time.%s outside db, serve and cli: use the time of the unit of work", n.Sel.Name)
			}
		case *ast.BasicLit:
			if n.Kind == token.STRING && !s.isTest() && replacing.MatchString(n.Value) {
				say(n, "replacing a row by SQL goes round the triggers")
			}
		}
		return true
	})
	return faults
}

// clock tells whether a folder may read the clock: those listed, and the commands.
func clock(dir string) bool {
	return slices.Contains(clocks, dir) || strings.HasPrefix(dir, "internal/cli/")
}

func readsClock(s source, n *ast.SelectorExpr) bool {
	name, ok := n.X.(*ast.Ident)
	return ok && imported(s, name) == "time" && slices.Contains([]string{"Now", "Since", "Until"}, n.Sel.Name)
}

// imported is the path that a name stands for in a file, or "".
func imported(s source, name *ast.Ident) string {
	if name.Obj != nil { // a local of the same name
		return ""
	}
	for _, spec := range s.file.Imports {
		path := strings.Trim(spec.Path.Value, `"`)
		alias := path[strings.LastIndexByte(path, '/')+1:]
		if spec.Name != nil {
			alias = spec.Name.Name
		}
		if alias == name.Name {
			return path
		}
	}
	return ""
}

func TestTextSources(t *testing.T) {
	list, err := files()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range list {
		content, err := os.ReadFile(filepath.Join(root(), path))
		if err != nil {
			t.Fatal(err)
		}
		if isBinary(content) {
			continue
		}
		for _, fault := range textFaults(path, string(content)) {
			t.Error(fault)
		}
	}
}

// textFaults lists what no file of the repository may hold, whatever its language.
func textFaults(path, content string) []string {
	var faults []string
	rules := map[string]*regexp.Regexp{
		"unfinished work is an issue, not a mark": unfinished,
		"a path of one machine":                   machinePath,
	}
	if strings.HasSuffix(path, ".sql") {
		rules["replacing a row by SQL goes round the triggers"] = replacing
	}
	for why, rule := range rules {
		for _, at := range rule.FindAllStringIndex(content, -1) {
			line := 1 + strings.Count(content[:at[0]], "\n")
			faults = append(faults, fmt.Sprintf("%s:%d: %s: %q", path, line, why, content[at[0]:at[1]]))
		}
	}
	return faults
}

func TestBansAreFound(t *testing.T) {
	for _, c := range []struct {
		name, path, code string
		faults           int
	}{
		{"clean", "internal/kpi/a.go", "package kpi\nimport \"time\"\nfunc f(t time.Time) time.Time { return t }", 0},
		{"init", "internal/kpi/a.go", "package kpi\nfunc init() {}", 1},
		{"method init", "internal/kpi/a.go", "package kpi\ntype T int\nfunc (T) init() {}", 0},
		{"clock", "internal/kpi/a.go", "package kpi\nimport \"time\"\nvar _ = time.Now", 1},
		{"clock by another name", "internal/kpi/a.go", "package kpi\nimport clock \"time\"\nfunc f() { clock.Since(clock.Time{}) }", 1},
		{"clock in a test", "internal/kpi/a_test.go", "package kpi\nimport \"time\"\nvar _ = time.Now", 0},
		{"clock of serve", "internal/serve/a.go", "package serve\nimport \"time\"\nvar _ = time.Now", 0},
		{"a local called time", "internal/kpi/a.go", "package kpi\nfunc f(time struct{ Now int }) int { return time.Now }", 0},
		{"vague", "internal/util/a.go", "package util", 1},
		{"replacing", "internal/kpi/a.go", "package kpi\nconst q = `insert OR\n replace into t values (1)`", 1},
		{"a function is replaced", "internal/kpi/a.go", "package kpi\nconst q = `create or replace function f()`", 0},
	} {
		if got := banFaults(snippet(t, c.path, c.code)); len(got) != c.faults {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	for text, faults := range map[string]int{
		"-- TO" + "DO later": 1, "a fix" + "me": 0, "see /ho" + "me/kim/x": 1, "https://example.org/ho" + "me/kim": 0,
		"REPLACE INTO t values (1)": 1, "replace(into, 'a', 'b')": 0,
	} {
		if got := textFaults("x.sql", text); len(got) != faults {
			t.Errorf("%q: %v", text, got)
		}
	}
}
