package house

import (
	"encoding/json"
	"os/exec"
	"testing"
)

// allowed lists the modules that the program or its tests may require directly, each with its reason. A new one needs a line here,
// and an ADR where it excludes another choice.
var allowed = map[string]string{
	"codeberg.org/go-pdf/fpdf":                                 "sealed agreements and reports as PDF",
	"github.com/PuerkitoBio/goquery":                           "tests ask pages by CSS selector",
	"github.com/a-h/templ":                                     "pages as typed Go",
	"github.com/alecthomas/kong":                               "the command line",
	"github.com/alexedwards/scs/v2":                            "sessions",
	"github.com/bojanz/currency":                               "how each language writes an amount (CLDR)",
	"github.com/blevesearch/snowballstem":                      "stems of Dutch, English and French words in the search",
	"github.com/chromedp/cdproto":                              "tests drive a real Chromium",
	"github.com/chromedp/chromedp":                             "tests drive a real Chromium",
	"github.com/coreos/go-oidc/v3":                             "sign-in through an organisation's own identity provider",
	"github.com/danielgtaylor/huma/v2":                         "JSON API with its OpenAPI description",
	"github.com/digitorus/pdf":                                 "seals on agreements, and checks of those signed elsewhere",
	"github.com/digitorus/pkcs7":                               "signatures inside PDFs",
	"github.com/digitorus/pdfsign":                             "seals on agreements",
	"github.com/emersion/go-ical":                              "reading partners' calendars",
	"github.com/emersion/go-sasl":                              "tests' mail server asks for a password",
	"github.com/emersion/go-smtp":                              "tests receive real mail",
	"github.com/expr-lang/expr":                                "KPI formulas without loops",
	"github.com/go-webauthn/webauthn":                          "passkeys",
	"github.com/google/uuid":                                   "UUIDv7 identifiers",
	"github.com/govalues/decimal":                              "exact rates",
	"github.com/hbollon/go-edlib":                              "likeness of names in company matching",
	"github.com/jackc/pgx/v5":                                  "PostgreSQL driver",
	"github.com/pelletier/go-toml/v2":                          "programme folders, catalogues and configuration are TOML",
	"github.com/pressly/goose/v3":                              "migrations of the schema",
	"github.com/prometheus/client_golang":                      "metrics for operators",
	"github.com/riverqueue/river":                              "background work inside the caller's transaction",
	"github.com/riverqueue/river/riverdriver":                  "river's common driver interface",
	"github.com/riverqueue/river/riverdriver/riverdatabasesql": "river on PostgreSQL",
	"github.com/riverqueue/river/riverdriver/riversqlite":      "river on SQLite",
	"github.com/riverqueue/river/rivertype":                    "river's job states",
	"github.com/santhosh-tekuri/jsonschema/v6":                 "tests hold JSON against published schemas",
	"github.com/ledongthuc/pdf":                                "words of PDF files for the search of the library",
	"github.com/schollz/progressbar/v3":                        "progress of long commands",
	"github.com/teambition/rrule-go":                           "recurring events of partners' calendars",
	"github.com/temoto/robotstxt":                              "what partners' websites allow programs to read",
	"github.com/wneessen/go-mail":                              "outgoing mail",
	"github.com/xuri/excelize/v2":                              "spreadsheets in and out",
	"github.com/zitadel/oidc/v3":                               "tests sign in at a real identity provider",
	"go.opentelemetry.io/otel":                                 "traces for operators",
	"golang.org/x/crypto":                                      "argon2id for passwords",
	"golang.org/x/image":                                       "the Go fonts, with all of Latin, inside the binary: PDFs need no font of the machine",
	"golang.org/x/net":                                         "HTML and its encodings: events inside partners' pages",
	"golang.org/x/sync":                                        "bounded groups of goroutines",
	"golang.org/x/term":                                        "is the output a terminal, passwords typed unseen",
	"golang.org/x/text":                                        "plural rules, collation, names of countries and languages",
	"gonum.org/v1/gonum":                                       "linear algebra of impact studies",
	"modernc.org/sqlite":                                       "SQLite without C",
	"software.sslmate.com/src/go-pkcs12":                       "the key of the seal comes as a PKCS#12 file",
	"pgregory.net/rapid":                                       "property tests that shrink",
}

type requirement struct {
	Path, Version string
	Indirect      bool
}

func TestDirectModulesAreAllowed(t *testing.T) {
	cmd := exec.Command("go", "mod", "edit", "-json")
	cmd.Dir = root()
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Require []requirement
		Replace []json.RawMessage
	}
	if err := json.Unmarshal(out, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Require) == 0 {
		t.Fatal("go.mod requires nothing")
	}
	if len(file.Replace) > 0 {
		t.Errorf("go.mod replaces %d modules: a fresh clone must build from what is published", len(file.Replace))
	}
	for _, path := range unlisted(file.Require) {
		t.Errorf("%s is required directly, but internal/house lists no reason for it", path)
	}
}

func unlisted(list []requirement) []string {
	var out []string
	for _, r := range list {
		if !r.Indirect && allowed[r.Path] == "" {
			out = append(out, r.Path)
		}
	}
	return out
}

func TestUnlistedModulesAreFound(t *testing.T) {
	got := unlisted([]requirement{
		{Path: "modernc.org/sqlite"}, {Path: "example.org/orm"}, {Path: "example.org/below", Indirect: true},
	})
	if len(got) != 1 || got[0] != "example.org/orm" {
		t.Errorf("unlisted: %v", got)
	}
}
