package api_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/api/agreements"
	"errera.eu/errera/internal/api/coordination"
	"errera.eu/errera/internal/api/feeds"
	"errera.eu/errera/internal/api/results"
	"errera.eu/errera/internal/api/rules"
)

var update = flag.Bool("update", false, "write docs/openapi.yaml anew")

// The description is kept in the repository, so that a change of it is seen in review.
func TestDescriptionIsTheOneInTheRepository(t *testing.T) {
	a := api.New(api.Options{More: []func(*api.API){agreements.Resources, coordination.Resources, feeds.Resources, rules.Resources, results.Resources(nil)}})
	got, err := a.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("..", "..", "docs", "openapi.yaml")
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("docs/openapi.yaml is not what the program serves; run go test ./internal/api -update and read the difference")
	}
	if strings.Contains(string(got), "ErrorModel") || strings.Contains(string(got), "$schema") {
		t.Error("the description speaks of the library's own errors or links")
	}
	for _, e := range a.Endpoints() {
		if _, known := access.Find(e.Verb); !known && e.Path != "/api/v1/me" {
			t.Errorf("%s %s: no verb %q in the table", e.Method, e.Path, e.Verb)
		}
	}
}
