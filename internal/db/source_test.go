package db_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "../.." // the root of the module, seen from this package

// source is one Go file of the module that is not a test, with the string constants of its package.
type source struct {
	path      string
	file      *ast.File
	constants map[string]ast.Expr
}

func sources(t *testing.T) ([]source, *token.FileSet) {
	t.Helper()
	set := token.NewFileSet()
	var all []source
	constants := map[string]map[string]ast.Expr{}
	err := filepath.WalkDir(module, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() && path != module && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "tools" || name == "testdata") {
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir := filepath.Dir(path)
		if constants[dir] == nil {
			constants[dir] = map[string]ast.Expr{}
		}
		maps.Copy(constants[dir], constantsOf(file))
		all = append(all, source{path: strings.TrimPrefix(path, module+"/"), file: file, constants: constants[dir]})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all, set
}

func constantsOf(file *ast.File) map[string]ast.Expr {
	all := map[string]ast.Expr{}
	for _, d := range file.Decls {
		g, is := d.(*ast.GenDecl)
		if !is || g.Tok != token.CONST {
			continue
		}
		for _, s := range g.Specs {
			v := s.(*ast.ValueSpec)
			for i := range v.Values {
				all[v.Names[i].Name] = v.Values[i]
			}
		}
	}
	return all
}

// literal is the value of a string literal, of a constant of the same package, or of a sum of them.
func (s source) literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		v, err := strconv.Unquote(e.Value)
		return v, err == nil
	case *ast.ParenExpr:
		return s.literal(e.X)
	case *ast.Ident:
		c, known := s.constants[e.Name]
		if !known {
			return "", false
		}
		return s.literal(c)
	case *ast.BinaryExpr:
		x, okX := s.literal(e.X)
		y, okY := s.literal(e.Y)
		return x + y, okX && okY && e.Op == token.ADD
	}
	return "", false
}

// isSQL says whether a call is db.SQL(name, text), or SQL(name, text) inside package db.
func (s source) isSQL(c *ast.CallExpr) bool {
	switch f := c.Fun.(type) {
	case *ast.SelectorExpr:
		x, is := f.X.(*ast.Ident)
		return is && x.Name == "db" && f.Sel.Name == "SQL"
	case *ast.Ident:
		return f.Name == "SQL" && s.file.Name.Name == "db"
	}
	return false
}

type query struct{ name, text, where string }

// queries are all SQL texts of the module.
func queries(t *testing.T) []query {
	t.Helper()
	var all []query
	files, set := sources(t)
	for _, s := range files {
		ast.Inspect(s.file, func(n ast.Node) bool {
			c, is := n.(*ast.CallExpr)
			if !is || !s.isSQL(c) {
				return true
			}
			where := set.Position(c.Pos()).String()
			if len(c.Args) != 2 {
				t.Errorf("%s: db.SQL takes a name and a text", where)
				return true
			}
			name, okName := s.literal(c.Args[0])
			text, okText := s.literal(c.Args[1])
			if !okName || !okText {
				t.Errorf("%s: the name and the text of a query are literals", where)
				return true
			}
			all = append(all, query{name: name, text: text, where: where})
			return true
		})
	}
	return all
}

func TestQueriesHaveNamesOfTheirOwn(t *testing.T) {
	form := regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_-]+)+$`)
	seen := map[string]string{}
	all := queries(t)
	if len(all) < 5 {
		t.Fatalf("only %d queries found", len(all))
	}
	for _, q := range all {
		if !form.MatchString(q.name) {
			t.Errorf("%s: %q is no name of the form area.noun.verb", q.where, q.name)
		}
		if other, twice := seen[q.name]; twice {
			t.Errorf("%s: %s is also at %s", q.where, q.name, other)
		}
		seen[q.name] = q.where
	}
}

// What SQLite would let through, or what differs between the engines.
func TestQueriesUseWhatBothEnginesShare(t *testing.T) {
	banned := map[string]*regexp.Regexp{
		"replaces rows that are recorded": regexp.MustCompile(`(?i)\b(or|insert)\s+replace\b|^\s*replace\s+into`),
		"is of one engine alone": regexp.MustCompile(
			`(?i)\b(greatest|least|extract|json_each|generate_series|group_concat|ilike|ifnull|now|strftime|random)\s*\(|\bfor\s+update\b|\bilike\b`),
		"has a parameter without a number": regexp.MustCompile(`\?`),
		"drops recorded rows":              regexp.MustCompile(`(?i)\btruncate\b`),
	}
	for _, q := range queries(t) {
		for why, pattern := range banned {
			if found := pattern.FindString(q.text); found != "" {
				t.Errorf("%s: %s: %q %s", q.where, q.name, found, why)
			}
		}
	}
}

// units are the methods that begin a unit of work.
var units = []string{"Read", "Write", "WriteAgency"}

// A unit of work that begins another one would wait for itself, so none is written inside another.
func TestUnitsOfWorkAreNotNested(t *testing.T) {
	files, set := sources(t)
	found := 0
	for _, s := range files {
		ast.Inspect(s.file, func(n ast.Node) bool {
			body := unitBody(n)
			if body == nil {
				return true
			}
			found++
			ast.Inspect(body, func(inner ast.Node) bool {
				if unitBody(inner) != nil {
					t.Errorf("%s: a unit of work inside another", set.Position(inner.Pos()))
				}
				return true
			})
			return true
		})
	}
	t.Logf("%d units of work", found)
}

// unitBody is the body of the function that a call hands to Read, Write or WriteAgency, nil for any other node.
func unitBody(n ast.Node) *ast.BlockStmt {
	c, is := n.(*ast.CallExpr)
	if !is || len(c.Args) == 0 {
		return nil
	}
	method, is := c.Fun.(*ast.SelectorExpr)
	fn, isFn := c.Args[len(c.Args)-1].(*ast.FuncLit)
	if !is || !isFn || !slices.Contains(units, method.Sel.Name) || len(fn.Type.Params.List) != 1 {
		return nil
	}
	pointer, is := fn.Type.Params.List[0].Type.(*ast.StarExpr)
	if !is {
		return nil
	}
	switch x := pointer.X.(type) {
	case *ast.SelectorExpr:
		is = x.Sel.Name == "Tx"
	case *ast.Ident:
		is = x.Name == "Tx"
	}
	if !is {
		return nil
	}
	return fn.Body
}

// The drivers are named in one file each; everyone else goes through db.
func TestDriversAreNamedOnce(t *testing.T) {
	files, _ := sources(t)
	for _, s := range files {
		for _, i := range s.file.Imports {
			path, _ := strconv.Unquote(i.Path.Value)
			engine := strings.HasPrefix(path, "modernc.org/sqlite") || strings.HasPrefix(path, "github.com/jackc/pgx")
			if engine && !strings.HasPrefix(s.path, "internal/db/") {
				t.Errorf("%s imports %s", s.path, path)
			}
		}
	}
	if _, err := os.Stat(module + "/go.mod"); err != nil {
		t.Error(err)
	}
}
