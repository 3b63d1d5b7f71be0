package house

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const module = "errera.eu/errera"

// A source is one parsed Go file of the repository.
type source struct {
	path      string // from the root, with slashes
	content   []byte
	fset      *token.FileSet
	file      *ast.File
	generated bool
}

func (s source) dir() string { return pathDir(s.path) }

func (s source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

func (s source) line(n ast.Node) int { return s.fset.Position(n.Pos()).Line }

func pathDir(path string) string {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i]
	}
	return "."
}

// root is the folder of the repository; tests run in the folder of their package.
func root() string { return filepath.Join("..", "..") }

// files lists the repository's files from its root, without what git ignores.
var files = sync.OnceValues(func() ([]string, error) {
	ignored := []string{".git", "bin", "dist", "var", "node_modules", "internal/web/assets/dist"}
	var list []string
	err := filepath.WalkDir(root(), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root(), path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		switch {
		case entry.IsDir() && slices.Contains(ignored, rel):
			return filepath.SkipDir
		case entry.Type().IsRegular() && rel != ".git": // a file in a working tree of its own
			list = append(list, rel)
		}
		return nil
	})
	return list, err
})

var parsed = sync.OnceValues(func() ([]source, error) {
	list, err := files()
	if err != nil {
		return nil, err
	}
	var out []source
	for _, path := range list {
		if !strings.HasSuffix(path, ".go") || strings.Contains(path, "testdata/") {
			continue
		}
		content, err := os.ReadFile(filepath.Join(root(), path))
		if err != nil {
			return nil, err
		}
		s, err := parse(path, content)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
})

func parse(path string, content []byte) (source, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, content, parser.ParseComments)
	if err != nil {
		return source{}, err
	}
	return source{path: path, content: content, fset: fset, file: file, generated: ast.IsGenerated(file)}, nil
}

// sources gives every Go file that a person wrote.
func sources(t *testing.T) []source {
	t.Helper()
	all, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	written := slices.DeleteFunc(slices.Clone(all), func(s source) bool { return s.generated })
	if len(written) < 10 {
		t.Fatalf("found only %d Go files: the walk has lost its way", len(written))
	}
	return written
}

// snippet parses a piece of code for the tests of the checks themselves.
func snippet(t *testing.T, path, code string) source {
	t.Helper()
	s, err := parse(path, []byte(code))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// byFolder groups files by their package's folder.
func byFolder(list []source) map[string][]source {
	out := map[string][]source{}
	for _, s := range list {
		out[s.dir()] = append(out[s.dir()], s)
	}
	return out
}

// isBinary tells text from the rest the way git does.
func isBinary(content []byte) bool {
	return bytes.IndexByte(content[:min(len(content), 8000)], 0) >= 0
}
