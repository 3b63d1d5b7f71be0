package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// order is the list of docs/ARCHITECTURE.md: a package imports only packages that stand earlier. The demo's data and its maker
// stand beside internal/, and only the command line loads them.
var order = strings.Fields(`
	id text fault money period memo
	format
	db
	audit access ledger job
	mail file fetch
	programme company
	evidence
	agreement signing
	activity
	support outcome knowledge
	coordination feed
	funding takeover upload
	payment
	kpi
	plan
	settlement books renewal rule term
	impact
	report letter dossier check intake moves
	serve web portal api
	demo
	cli
	house
`)

// rooms are the packages that may be cut into sub-packages, with the sub-packages ("*" is any).
var rooms = map[string][]string{
	"agreement": {"redline", "partner", "draft", "template"},
	"knowledge": {"index", "filetext"}, // words as terms, words of files, without SQL
	"format":    {"*"},
	// The finder is pure; what is done about a pair needs the database.
	"coordination": {"overlap", "gap", "fragment"},
	"db":           {"dbtest"},
	"funding":      {"half", "apportion", "hearing"}, // the reckoning, pure; invoices of joint activities, before anybody claims a part of one; what both sides say
	"web":          {"*"},
	"portal":       {"*"},
	"api":          {"agreements", "body", "coordination", "feeds", "limit", "operation", "results", "rules"},
	"demo":         {"*"},
	"intake":       {"country", "discard"},
	"cli":          {"*"}, // command: what each gets; the rest by noun
	// The formula language knows no SQL and no promises; the cube is a cache over rows; the catalogue is
	// data; what may be published is a pure rule.
	"kpi": {"formula", "catalogue", "cube", "release", "quality", "alert", "measure"},
}

// A pkg is what go list tells of a package.
type pkg struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func TestImportsFollowTheList(t *testing.T) {
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	cmd.Dir = root()
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var packages []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	if len(packages) < 2 {
		t.Fatalf("go list names only %d packages", len(packages))
	}
	for _, fault := range orderFaults(packages) {
		t.Error(fault)
	}
}

// orderFaults says which package is unlisted, or imports one that does not stand earlier.
func orderFaults(packages []pkg) []string {
	var faults []string
	for _, p := range packages {
		from, err := place(p.ImportPath)
		if err != nil {
			faults = append(faults, err.Error())
			continue
		}
		imports := slices.Concat(p.Imports, p.TestImports, p.XTestImports)
		slices.Sort(imports)
		for _, path := range slices.Compact(imports) {
			if !ours(path) {
				continue
			}
			if to, err := place(path); err != nil {
				faults = append(faults, err.Error())
			} else if to > from || to == from && room(path) != room(p.ImportPath) {
				faults = append(faults, fmt.Sprintf("%s imports %s, which does not stand earlier in the list", p.ImportPath, path))
			}
		}
	}
	slices.Sort(faults)
	return slices.Compact(faults)
}

func ours(path string) bool { return path == module || strings.HasPrefix(path, module+"/") }

// room is the listed package that a path belongs to: "web" for .../internal/web/view.
func room(path string) string {
	path = strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
	path = strings.TrimPrefix(path, "internal/")
	name, _, _ := strings.Cut(path, "/")
	return name
}

// place is the rank of a package; packages of one room share it and may import each other.
func place(path string) (int, error) {
	if path == module {
		return len(order), nil
	}
	name := room(path)
	base := module + "/internal/" + name
	if name == "demo" {
		base = module + "/demo"
	}
	at := slices.Index(order, name)
	sub, inside := strings.CutPrefix(path, base+"/")
	listed := at >= 0 && (path == base || inside && (slices.Contains(rooms[name], "*") || slices.Contains(rooms[name], sub)))
	if !listed {
		return 0, fmt.Errorf("%s is not in the list of packages (docs/ARCHITECTURE.md and internal/house)", path)
	}
	return at, nil
}

// TestPagesStandOnTheFrameAlone: the packages of pages do not know each other; what two of them need lives in frame, or is the map.
func TestPagesStandOnTheFrameAlone(t *testing.T) {
	pages := module + "/internal/web/"
	shared := []string{pages + "frame", pages + "worldmap"}
	seen := 0
	for _, s := range sources(t) {
		dir := module + "/" + filepath.ToSlash(s.dir())
		if s.isTest() || !strings.HasPrefix(dir, pages) || dir == pages+"webtest" {
			continue
		}
		seen++
		for _, spec := range s.file.Imports {
			if path := strings.Trim(spec.Path.Value, `"`); path != dir && strings.HasPrefix(path, module+"/internal/web") && !slices.Contains(shared, path) {
				t.Errorf("%s imports %s; of web a page imports frame and the map alone", s.path, path)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d files of pages", seen)
	}
}

func TestOrderFaultsAreFound(t *testing.T) {
	at := func(name string) string { return module + "/internal/" + name }
	for _, c := range []struct {
		name  string
		pkg   pkg
		fault bool
	}{
		{"earlier", pkg{ImportPath: at("ledger"), Imports: []string{at("db"), "fmt", "github.com/a/b"}}, false},
		{"later", pkg{ImportPath: at("ledger"), Imports: []string{at("funding")}}, true},
		{"left on a line", pkg{ImportPath: at("ledger"), Imports: []string{at("audit")}}, false},
		{"right on a line", pkg{ImportPath: at("audit"), Imports: []string{at("ledger")}}, true},
		{"later, in a test", pkg{ImportPath: at("evidence"), XTestImports: []string{at("kpi")}}, true},
		{"its own test", pkg{ImportPath: at("evidence"), XTestImports: []string{at("evidence")}}, false},
		{"unlisted", pkg{ImportPath: at("misc")}, true},
		{"unlisted import", pkg{ImportPath: at("cli"), Imports: []string{at("misc")}}, true},
		{"outside internal", pkg{ImportPath: module + "/web"}, true},
		{"room of a format", pkg{ImportPath: at("format/pain"), Imports: []string{at("money")}}, false},
		{"undocumented room", pkg{ImportPath: at("ledger/book")}, true},
		{"db's own test helper", pkg{ImportPath: at("db"), XTestImports: []string{at("db/dbtest")}}, false},
		{"main", pkg{ImportPath: module, Imports: []string{at("cli")}}, false},
		{"nothing imports main", pkg{ImportPath: at("cli"), Imports: []string{module}}, true},
	} {
		if got := orderFaults([]pkg{c.pkg}); (len(got) > 0) != c.fault {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestMainOnlyCallsTheCommandLine(t *testing.T) {
	for _, s := range sources(t) {
		if s.dir() != "." {
			continue
		}
		for _, spec := range s.file.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			if ours(path) && path != module+"/internal/cli" {
				t.Errorf("%s imports %s; it only calls cli", s.path, path)
			}
		}
	}
}
