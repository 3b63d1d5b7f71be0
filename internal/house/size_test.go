package house

import (
	"bytes"
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Sizes of docs/ARCHITECTURE.md, in lines. A package that outgrows its own is split by noun.
const (
	functionLines   = 70
	fileLines       = 500
	packageLines    = 4000 // without tests
	stylesheetLines = 250
)

func TestSizes(t *testing.T) {
	list := sources(t)
	for _, s := range list {
		for _, fault := range sizeFaults(s) {
			t.Error(fault)
		}
	}
	for dir, files := range byFolder(list) {
		sum := 0
		for _, s := range files {
			if !s.isTest() {
				sum += lines(s.content)
			}
		}
		if sum > packageLines {
			t.Errorf("%s: %d lines in a package, at most %d", dir, sum, packageLines)
		}
	}
}

func TestPageSizes(t *testing.T) {
	list, err := files()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range list {
		limit := 0
		switch {
		case strings.HasSuffix(path, ".templ"):
			limit = fileLines
		case strings.HasSuffix(path, ".css"):
			limit = stylesheetLines
		default:
			continue
		}
		content, err := os.ReadFile(filepath.Join(root(), path))
		if err != nil {
			t.Fatal(err)
		}
		if n := lines(content); n > limit {
			t.Errorf("%s: %d lines, at most %d", path, n, limit)
		}
	}
}

func sizeFaults(s source) []string {
	var faults []string
	if n := lines(s.content); n > fileLines {
		faults = append(faults, fmt.Sprintf("%s: %d lines in a file, at most %d", s.path, n, fileLines))
	}
	for _, decl := range s.file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if n := s.fset.Position(f.End()).Line - s.line(f) + 1; n > functionLines {
			faults = append(faults, fmt.Sprintf("%s:%d: %s has %d lines, at most %d", s.path, s.line(f), f.Name.Name, n, functionLines))
		}
	}
	return faults
}

func lines(content []byte) int { return bytes.Count(content, []byte("\n")) }

func TestSizeFaultsAreFound(t *testing.T) {
	body := func(n int) string { return "package x\n\nfunc f() {\n" + strings.Repeat("\t_ = 1\n", n) + "}\n" }
	for _, c := range []struct {
		lines, faults int
	}{{functionLines - 2, 0}, {functionLines - 1, 1}, {fileLines, 2}} {
		if got := sizeFaults(snippet(t, "x.go", body(c.lines))); len(got) != c.faults {
			t.Errorf("%d lines: %v", c.lines, got)
		}
	}
}
