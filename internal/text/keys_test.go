package text

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

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9-]*(\.[A-Za-z0-9_-]+)+$`)

// dynamicPrefixes are made into keys from data, so that no literal in the code names each of them. A prefix that the code itself joins,
// as in text.Key("kpi.state." + s), is found without standing here.
func dynamicPrefixes() []string {
	return []string{
		"state.",    // states of domain objects, as stored
		"unit.",     // units of KPIs, from the programme's files
		"month.",    // by number
		"role.",     // roles of people, as stored
		"kind.",     // kinds of evidence, payments, decisions, organisations, as stored
		"type.",     // types of activities, as stored
		"category.", // of cost items, as stored
		"reason.",   // reason codes of deductions, as stored
		"need.",     // needs of companies, as stored
	}
}

// found is what the sources say about keys.
type found struct {
	keys     map[string]string // literal in a place where a key is meant: where it stands
	literals map[string]bool   // every literal of the code
	prefixes map[string]bool   // joined with something at run time
}

func TestEveryKeyInTheCodeExists(t *testing.T) {
	f := scan(t, moduleRoot(t))
	for _, key := range slices.Sorted(maps.Keys(f.keys)) {
		if missing := slices.DeleteFunc(Languages(), func(l Language) bool { return l.Has(Key(key)) }); len(missing) > 0 {
			t.Errorf("%s: no message %q in %v", f.keys[key], key, missing)
		}
	}
	if len(f.keys) < 10 {
		t.Errorf("only %d keys found: the sources were not read", len(f.keys))
	}
}

func TestEveryKeyOfTheCatalogueIsUsed(t *testing.T) {
	entries, err := read(files)
	if err != nil {
		t.Fatal(err)
	}
	f := scan(t, moduleRoot(t))
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		if !f.uses(string(key)) {
			t.Errorf("%s: nothing uses %s", entries[key].file, key)
		}
	}
}

func (f found) uses(key string) bool {
	if f.literals[key] {
		return true
	}
	for p := range f.prefixes {
		if strings.HasPrefix(key, p) {
			return true
		}
	}
	return slices.ContainsFunc(dynamicPrefixes(), func(p string) bool { return strings.HasPrefix(key, p) })
}

func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	t.Fatal("no go.mod above this test")
	return ""
}

func scan(t *testing.T, root string) found {
	t.Helper()
	f := found{keys: map[string]string{}, literals: map[string]bool{}, prefixes: map[string]bool{}}
	skipped := []string{"node_modules", "testdata", "vendor", "dist", "bin", "var", "tools", "docs", "demo"}
	set, k := token.NewFileSet(), takers{}
	var parsed []*ast.File
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if path != root && (strings.HasPrefix(name, ".") || slices.Contains(skipped, name)) {
				return filepath.SkipDir
			}
			return nil
		}
		switch {
		case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go"):
			file, err := parser.ParseFile(set, path, nil, 0)
			if err != nil {
				return err
			}
			parsed = append(parsed, file)
			k.learn(file)
		case strings.HasSuffix(name, ".templ"):
			src, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			f.scanTempl(path, string(src))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range parsed {
		f.scanGo(set, file, k)
	}
	return f
}

// takers says which argument of which function or method is a key, by name: those of package fault, and whatever in the module is declared
// with a parameter of type text.Key. Functions are known by package and name, methods by name alone.
type takers map[string]int

func (k takers) learn(file *ast.File) {
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		at := 0
		for _, param := range f.Type.Params.List {
			if isKey(param.Type) {
				if f.Recv != nil {
					k["."+f.Name.Name] = at
				} else {
					k[file.Name.Name+"."+f.Name.Name] = at
				}
				break
			}
			at += max(1, len(param.Names))
		}
	}
}

func isKey(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		pkg, ok := e.X.(*ast.Ident)
		return ok && pkg.Name == "text" && e.Sel.Name == "Key"
	case *ast.Ident:
		return e.Name == "Key" // inside package text
	}
	return false
}

// argument is the argument of a call that is a key, or nil.
func (k takers) argument(pkg string, call *ast.CallExpr) ast.Expr {
	if isKey(call.Fun) && len(call.Args) == 1 {
		return call.Args[0]
	}
	at, ok := 0, false
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		at, ok = k[pkg+"."+fun.Name]
	case *ast.SelectorExpr:
		if x, isIdent := fun.X.(*ast.Ident); isIdent {
			at, ok = k[x.Name+"."+fun.Sel.Name]
		}
		if !ok {
			at, ok = k["."+fun.Sel.Name]
		}
	}
	if !ok || at >= len(call.Args) {
		return nil
	}
	return call.Args[at]
}

func (f found) scanGo(set *token.FileSet, file *ast.File, k takers) {
	pkg := file.Name.Name
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if s, ok := literal(n); ok {
				f.literals[s] = true
			}
		case *ast.CallExpr:
			f.note(set, k.argument(pkg, n))
		case *ast.KeyValueExpr: // fault.Fault{Key: "…"}, fault.Row{Want: "…"}
			id, ok := n.Key.(*ast.Ident)
			lit, plain := n.Value.(*ast.BasicLit) // every key has a dot; a plain word in a field of that name is something else
			if ok && (id.Name == "Key" || id.Name == "Want") && (!plain || strings.Contains(lit.Value, ".")) {
				f.note(set, n.Value)
			}
		case *ast.ValueSpec: // const x text.Key = "…"
			if n.Type != nil && isKey(n.Type) {
				f.noteAll(set, n.Values)
			}
		case *ast.CompositeLit: // map[State]text.Key{…: "…"}, []text.Key{"…"}
			f.noteElements(set, n)
		case *ast.FuncDecl: // func key() text.Key { return "…" }
			if r := n.Type.Results; r != nil && n.Body != nil && len(r.List) == 1 && isKey(r.List[0].Type) {
				f.noteReturns(set, n.Body)
			}
		}
		return true
	})
}

func (f found) noteAll(set *token.FileSet, list []ast.Expr) {
	for _, e := range list {
		f.note(set, e)
	}
}

func (f found) noteElements(set *token.FileSet, lit *ast.CompositeLit) {
	switch typ := lit.Type.(type) {
	case *ast.ArrayType:
		if isKey(typ.Elt) {
			f.noteAll(set, lit.Elts)
		}
	case *ast.MapType:
		for _, e := range lit.Elts {
			if pair, ok := e.(*ast.KeyValueExpr); ok && isKey(typ.Value) {
				f.note(set, pair.Value)
			}
		}
	}
}

func (f found) noteReturns(set *token.FileSet, body *ast.BlockStmt) {
	ast.Inspect(body, func(n ast.Node) bool {
		if r, ok := n.(*ast.ReturnStmt); ok {
			f.noteAll(set, r.Results)
		}
		_, inner := n.(*ast.FuncLit)
		return !inner
	})
}

// note takes down a key, or the beginning of one that is completed at run time.
func (f found) note(set *token.FileSet, e ast.Expr) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if s, ok := literal(e); ok && s != "" {
			f.keys[s] = set.Position(e.Pos()).String()
		}
	case *ast.BinaryExpr:
		left := e.X
		for {
			inner, ok := left.(*ast.BinaryExpr)
			if !ok {
				break
			}
			left = inner.X
		}
		if lit, ok := left.(*ast.BasicLit); ok {
			if s, ok := literal(lit); ok && strings.Contains(s, ".") {
				f.prefixes[s] = true
			}
		}
	}
}

func literal(e *ast.BasicLit) (string, bool) {
	if e.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(e.Value)
	return s, err == nil
}

var (
	templKey     = regexp.MustCompile(`(?:text\.Key\(|\.(?:Say|T|Parts|Has)\(|fault\.(?:Denied|Missing|Conflict|Unavailable)\(|fault\.Invalid\("[^"]*",\s*)"([^"]+)"(\s*\+)?`)
	templLiteral = regexp.MustCompile(`"([^"\s]+)"`)
)

func (f found) scanTempl(where, src string) {
	for i, line := range strings.Split(src, "\n") {
		for _, m := range templKey.FindAllStringSubmatch(line, -1) {
			if m[2] != "" {
				f.prefixes[m[1]] = true
			} else {
				f.keys[m[1]] = where + ":" + strconv.Itoa(i+1)
			}
		}
		for _, m := range templLiteral.FindAllStringSubmatch(line, -1) {
			f.literals[m[1]] = true
		}
	}
}

func TestScanFindsKeys(t *testing.T) {
	f := found{keys: map[string]string{}, literals: map[string]bool{}, prefixes: map[string]bool{}}
	const src = `package x
import "a.import"
const k text.Key = "a.const"
var r = fault.Row{File: "no.file", Want: "a.want"}
var f = &fault.Fault{Key: "a.key"}
var m = map[string]text.Key{"no.mapkey": "a.map"}
var s = []text.Key{"a.slice"}
func (l Language) Say(k text.Key, a Args) string
func once(table, name string, key text.Key) { other("no.other", "no.other") }
func ret(x int) text.Key { if x > 0 { return "a.return" }; return "r.prefix." + text.Key(s) }
func g() {
	l.Say("a.say", nil); by.Language.Say("a.deep", nil); fault.Invalid("no.field", "a.invalid", nil); once("no.table", "no.name", "a.once")
	l.Say(text.Key("a.prefix." + s), nil); _ = text.Key("a.conv"); fmt.Println("no.key"); os.Open("no.file")
	l.Say("b.prefix." + text.Key(s) + ".end", nil)
}`
	set, k := token.NewFileSet(), takers{"fault.Invalid": 1}
	file, err := parser.ParseFile(set, "x.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	k.learn(file)
	f.scanGo(set, file, k)
	f.scanTempl("x.templ", "{ p.Say(\"t.say\", nil) }\n<a href=\"no.href\">{ l.Say(\"t.prefix.\" + x, nil) }</a>{ p.T(\"t.t\") }{ other(\"t.other\") }")
	for _, want := range []string{"a.const", "a.want", "a.key", "a.map", "a.slice", "a.return", "a.say", "a.deep", "a.invalid", "a.once", "a.conv", "t.say", "t.t"} {
		if f.keys[want] == "" {
			t.Errorf("%s not found", want)
		}
		delete(f.keys, want)
	}
	if len(f.keys) > 0 {
		t.Errorf("found too much: %v", f.keys)
	}
	for _, key := range []string{"a.prefix.x", "b.prefix.x", "r.prefix.x", "t.prefix.x", "t.other", "no.key", "state.x"} {
		if !f.uses(key) {
			t.Errorf("%s should count as used", key)
		}
	}
	for _, key := range []string{"a.import", "a.prefi", "x.y"} {
		if f.uses(key) {
			t.Errorf("%s should not count as used", key)
		}
	}
}
