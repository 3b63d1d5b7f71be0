package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"testing"
)

// queryName is how a statement is called: the package, then what it does, in parts with points.
var queryName = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$`)

func TestQueriesHaveNamesOfTheirOwn(t *testing.T) {
	faults, n := queryFaults(sources(t))
	for _, fault := range faults {
		t.Error(fault)
	}
	if n == 0 {
		t.Error("found no query: db.SQL is spelt otherwise now")
	}
}

// queryFaults reads every db.SQL("name", `text`): names are literals, unique in the repository, and the call stands at package
// level, so that a test can prepare each text. It gives the number of queries too.
func queryFaults(list []source) (faults []string, n int) {
	seen := map[string]string{}
	for _, s := range list {
		if s.isTest() {
			continue
		}
		for _, decl := range s.file.Decls {
			_, inFunction := decl.(*ast.FuncDecl)
			ast.Inspect(decl, func(node ast.Node) bool {
				call, ok := node.(*ast.CallExpr)
				if !ok || !isQuery(s, call) {
					return true
				}
				n++
				at := fmt.Sprintf("%s:%d", s.path, s.line(call))
				name, ok := literal(call)
				switch {
				case inFunction:
					faults = append(faults, at+": a query inside a function is registered only when it runs")
				case !ok:
					faults = append(faults, at+": the name of a query is a literal")
				case !queryName.MatchString(name):
					faults = append(faults, fmt.Sprintf("%s: %q is not like package.noun.verb", at, name))
				case seen[name] != "":
					faults = append(faults, fmt.Sprintf("%s: query %q stands at %s too", at, name, seen[name]))
				}
				seen[name] = at
				return true
			})
		}
	}
	slices.Sort(faults)
	return faults, n
}

// isQuery knows db.SQL(...), and SQL(...) inside package db.
func isQuery(s source, call *ast.CallExpr) bool {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name, ok := f.X.(*ast.Ident)
		return ok && f.Sel.Name == "SQL" && imported(s, name) == module+"/internal/db"
	case *ast.Ident:
		return f.Name == "SQL" && s.dir() == "internal/db"
	}
	return false
}

func literal(call *ast.CallExpr) (string, bool) {
	if len(call.Args) == 0 {
		return "", false
	}
	lit, ok := call.Args[0].(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	name, err := strconv.Unquote(lit.Value)
	return name, err == nil
}

func TestQueryFaultsAreFound(t *testing.T) {
	head := "package x\nimport \"" + module + "/internal/db\"\n"
	for _, c := range []struct {
		name, code string
		faults, n  int
	}{
		{"two names", "var a, b = db.SQL(`x.a.load`, `t`), db.SQL(`x.b.load`, `t`)", 0, 2},
		{"one name twice", "var a, b = db.SQL(`x.a.load`, `t`), db.SQL(`x.a.load`, `t`)", 1, 2},
		{"a name put together", "var a = db.SQL(`x.a`+`b`, `t`)", 1, 1},
		{"a name without its package", "var a = db.SQL(`load`, `t`)", 1, 1},
		{"in a function", "func f() { db.SQL(`x.a.load`, `t`) }", 1, 1},
		{"another SQL", "var a = SQL(`load`)", 0, 0},
	} {
		faults, n := queryFaults([]source{snippet(t, "internal/x/x.go", head+c.code)})
		if len(faults) != c.faults || n != c.n {
			t.Errorf("%s: %d queries, %v", c.name, n, faults)
		}
	}
}
