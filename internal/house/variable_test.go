package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// stamped variables are set by the linker, which can set nothing but a variable.
var stamped = []string{"main.go version"}

func TestNoMutablePackageVariables(t *testing.T) {
	list := sources(t)
	exported := assignedFromOutside(list)
	for _, files := range byFolder(list) {
		for _, fault := range variableFaults(files, exported) {
			t.Error(fault)
		}
	}
}

// variableFaults lists package variables that are not values: without a value, of a kind that holds state, or assigned anywhere.
// It reads syntax only, so a map that a function hands out and its caller changes goes unseen.
func variableFaults(files []source, outside map[string]bool) []string {
	declared := map[string]*ast.ValueSpec{}
	var faults []string
	for _, s := range files {
		if s.isTest() {
			continue
		}
		for name, decl := range packageVariables(s) {
			declared[name] = decl.spec
			if slices.Contains(stamped, s.path+" "+name) {
				continue
			}
			if why := notAValue(decl); why != "" {
				faults = append(faults, fmt.Sprintf("%s:%d: package variable %s %s", s.path, s.line(decl.spec), name, why))
			}
			if outside[s.dir()+"."+name] {
				faults = append(faults, fmt.Sprintf("%s:%d: package variable %s is assigned by another package", s.path, s.line(decl.spec), name))
			}
		}
	}
	for _, s := range files {
		for _, name := range assigned(s.file) {
			spec, ok := declared[name.Name]
			// Names that the parser resolved inside their file are that declaration or a local; others are of the package.
			if ok && (name.Obj == nil || name.Obj.Decl == spec) {
				faults = append(faults, fmt.Sprintf("%s:%d: package variable %s changes", s.path, s.line(name), name.Name))
			}
		}
	}
	slices.Sort(faults)
	return slices.Compact(faults)
}

type variable struct {
	spec  *ast.ValueSpec
	value ast.Expr // nil where it has none
	embed bool
}

func packageVariables(s source) map[string]variable {
	out := map[string]variable{}
	for _, decl := range s.file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.VAR {
			continue
		}
		for _, spec := range group.Specs {
			spec := spec.(*ast.ValueSpec)
			for i, name := range spec.Names {
				v := variable{spec: spec, embed: isEmbed(group.Doc) || isEmbed(spec.Doc)}
				if i < len(spec.Values) {
					v.value = spec.Values[i]
				} else if len(spec.Values) == 1 {
					v.value = spec.Values[0] // a call with several results
				}
				if name.Name != "_" {
					out[name.Name] = v
				}
			}
		}
	}
	return out
}

func isEmbed(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

// notAValue says why a declaration cannot be a constant in spirit, or "".
func notAValue(v variable) string {
	if v.embed {
		return ""
	}
	switch value := v.value.(type) {
	case nil:
		return "has no value, so somebody must assign it"
	case *ast.BasicLit:
		return "should be a constant"
	case *ast.UnaryExpr:
		if value.Op == token.AND {
			return "points to something that can change"
		}
	case *ast.CallExpr:
		if f, ok := value.Fun.(*ast.Ident); ok && (f.Name == "make" || f.Name == "new") {
			return "starts empty, so somebody must fill it"
		}
	case *ast.CompositeLit:
		if t, ok := value.Type.(*ast.SelectorExpr); ok {
			if p, ok := t.X.(*ast.Ident); ok && (p.Name == "sync" || p.Name == "atomic") {
				return "holds state"
			}
		}
		if _, isMap := value.Type.(*ast.MapType); isMap && len(value.Elts) == 0 {
			return "starts empty, so somebody must fill it"
		}
	}
	return ""
}

// assigned lists the names at the root of everything that a file assigns, counts up, deletes from, or takes the address of.
func assigned(file *ast.File) []*ast.Ident {
	var out []*ast.Ident
	add := func(e ast.Expr) {
		if name := rootName(e); name != nil {
			out = append(out, name)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, e := range n.Lhs {
					add(e)
				}
			}
		case *ast.IncDecStmt:
			add(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				add(n.Key)
				add(n.Value)
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				add(n.X)
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "delete" || f.Name == "clear") && len(n.Args) > 0 {
				add(n.Args[0])
			}
		}
		return true
	})
	return out
}

// rootName is x of x, x.f, x[i], (x) and *x.
func rootName(e ast.Expr) *ast.Ident {
	switch e := e.(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return rootName(e.X)
	case *ast.IndexExpr:
		return rootName(e.X)
	case *ast.ParenExpr:
		return rootName(e.X)
	case *ast.StarExpr:
		return rootName(e.X)
	}
	return nil
}

// assignedFromOutside gives "folder.Name" for every variable of ours that another package assigns.
func assignedFromOutside(list []source) map[string]bool {
	out := map[string]bool{}
	for _, s := range list {
		ast.Inspect(s.file, func(n ast.Node) bool {
			statement, ok := n.(*ast.AssignStmt)
			if !ok || statement.Tok == token.DEFINE {
				return true
			}
			for _, e := range statement.Lhs {
				if field, ok := e.(*ast.SelectorExpr); ok {
					if name, ok := field.X.(*ast.Ident); ok && ours(imported(s, name)) {
						out[strings.TrimPrefix(imported(s, name), module+"/")+"."+field.Sel.Name] = true
					}
				}
			}
			return true
		})
	}
	return out
}

func TestMutableVariablesAreFound(t *testing.T) {
	for _, c := range []struct {
		name, code string
		faults     int
	}{
		{"table", "var a = []int{1, 2}\nfunc f() int { return a[0] }", 0},
		{"error and call", "var a = errors.New(`x`)\nvar b = db.SQL(`n`, `t`)", 0},
		{"embed", "//go:embed x\nvar a embed.FS", 0},
		{"embed in a group", "var (\n//go:embed x\na embed.FS\n)", 0},
		{"proof of an interface", "var _ I = (*T)(nil)\nvar _ = 3", 0},
		{"zero", "var a int", 1},
		{"literal", "var a = 3", 1},
		{"empty map", "var a = map[string]int{}", 1},
		{"made", "var a = make(map[string]int)", 1},
		{"pointer", "var a = &T{}", 1},
		{"lock", "var a = sync.Mutex{}", 1},
		{"assigned", "var a = []int{1}\nfunc f() { a = nil }", 1},
		{"element", "var a = []int{1}\nfunc f() { a[0]++ }", 1},
		{"deleted", "var a = map[int]int{1: 2}\nfunc f() { delete(a, 1) }", 1},
		{"address", "var a = []int{1}\nfunc f() *[]int { return &a }", 1},
		{"a local of that name", "var a = []int{1}\nfunc f() { a := 1; a = 2; _ = a }", 0},
		{"a parameter of that name", "var a = []int{1}\nfunc f(a int) { a = 2 }", 0},
	} {
		got := variableFaults([]source{snippet(t, "x.go", "package x\n"+c.code)}, nil)
		if len(got) != c.faults {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	two := []source{snippet(t, "a.go", "package x\nvar A = []int{1}"), snippet(t, "b.go", "package x\nfunc f() { A = nil }")}
	if got := variableFaults(two, nil); len(got) != 1 {
		t.Errorf("in another file: %v", got)
	}
	other := snippet(t, "internal/y/y.go", "package y\nimport \""+module+"/internal/x\"\nfunc f() { x.A = nil }")
	if got := assignedFromOutside([]source{other}); !got["internal/x.A"] {
		t.Errorf("from another package: %v", got)
	}
}
