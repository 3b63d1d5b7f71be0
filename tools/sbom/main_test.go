package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

const lockFile = `{"lockfileVersion": 3, "packages": {
	"": {"dependencies": {"@tabler/core": "1.6.1", "htmx.org": "2.0.11"}, "devDependencies": {"axe-core": "4.14.1"}},
	"node_modules/@popperjs/core": {"version": "2.11.8", "license": "MIT"},
	"node_modules/@tabler/core": {"version": "1.6.1", "license": "MIT"},
	"node_modules/axe-core": {"version": "4.14.1", "dev": true},
	"node_modules/htmx.org": {"version": "2.0.11", "license": "0BSD"}}}`

func TestNPMComponentsLeavesOutWhatIsNotServed(t *testing.T) {
	list, err := npmComponents([]byte(lockFile))
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0].PURL != "pkg:npm/%40tabler/core@1.6.1" || list[1].PURL != "pkg:npm/htmx.org@2.0.11" {
		t.Errorf("components: %+v", list)
	}
	if _, err := npmComponents([]byte(`{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}}}`)); err == nil {
		t.Error("a package that is not locked is listed")
	}
	if _, err := npmComponents([]byte(`{"lockfileVersion": 1}`)); err == nil {
		t.Error("a lock file of another version is read as if it were known")
	}
}

// The running test is a Go binary like any other.
func TestRunIsReproducibleAndWhole(t *testing.T) {
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	lock := filepath.Join(t.TempDir(), "package-lock.json")
	if err := os.WriteFile(lock, []byte(lockFile), 0o600); err != nil {
		t.Fatal(err)
	}
	var one, two bytes.Buffer
	if err := run(&one, "v1.2.3", lock, binary); err != nil {
		t.Fatal(err)
	}
	if err := run(&two, "v1.2.3", lock, binary); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("two runs differ")
	}
	var doc bom
	if err := json.Unmarshal(one.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Metadata.Component.Version != "v1.2.3" || doc.Metadata.Component.Name != "errera.eu/errera/tools" {
		t.Errorf("program: %+v", doc.Metadata.Component)
	}
	if len(doc.Components) < 3 || doc.Components[0].Name != "std" {
		t.Errorf("components: %+v", doc.Components)
	}
}
