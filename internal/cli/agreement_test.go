package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/redline"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/signing"
)

// An imported agreement has a document of its rows as signed, and one for each amendment; the command line lists, shows and compares them.
func TestAgreementCommands(t *testing.T) {
	t.Parallel()
	dsn := dbtest.DSN(t)
	must(t, "--db", dsn, "import", "programme", filepath.Join(root, "demo", "fit-2017-2021"))
	var rows []struct {
		Partner string `json:"partner"`
		Newest  int    `json:"newest_version"`
	}
	decode(t, must(t, "--db", dsn, "--format", "json", "agreement", "list"), &rows)
	newest := map[string]int{}
	for _, r := range rows {
		newest[r.Partner] = r.Newest
	}
	if len(rows) != 17 || newest["voka"] != 2 || newest["agoria"] != 1 {
		t.Errorf("%d agreements, %v", len(rows), newest)
	}
	var shown struct {
		Hash     string             `json:"hash"`
		Document agreement.Document `json:"document"`
	}
	decode(t, must(t, "--db", dsn, "--format", "json", "agreement", "show", "--partner", "voka", "--version", "1"), &shown)
	if hash, err := shown.Document.Hash(); err != nil || hash != shown.Hash {
		t.Errorf("the document that is shown has hash %s, the version %s (%v)", hash, shown.Hash, err)
	}
	var diff struct {
		From, To struct{ Hash string }
		redline.Redline
	}
	decode(t, must(t, "--db", dsn, "--format", "json", "agreement", "redline", "--partner", "voka", "--from", "1", "--to", "2"), &diff)
	v, found := diff.Value("kpi.companies-reached.target.2019")
	if !found || v.Old != "400" || v.New != "380" || v.Change != "-20" || diff.From.Hash != shown.Hash {
		t.Errorf("%+v", diff.Values)
	}
	after, err := redline.Apply(&shown.Document, diff.Redline)
	if err != nil {
		t.Fatal(err)
	}
	if hash, _ := after.Hash(); hash != diff.To.Hash {
		t.Error("the redline does not lead to version 2")
	}
	text := must(t, "--db", dsn, "agreement", "redline", "--partner", "voka", "--from", "1", "--to", "2")
	if !strings.Contains(text, "kpi.companies-reached.target.2019: 400 -> 380 (-20)") {
		t.Error(text)
	}
	printed(t, dsn, diff.To.Hash)
	must(t, "--db", dsn, "check")
	rewritten(t, dsn)
	if code, out, _ := errera(t, "--db", dsn, "--format", "json", "check"); code != exitConflict || !strings.Contains(out, "version 1 is not what was accepted") {
		t.Errorf("a version that somebody rewrote: %d %s", code, out)
	}
	if code, _, messages := errera(t, "--db", dsn, "agreement", "show", "--partner", "voka", "--version", "9"); code != exitMissing || !strings.Contains(messages, "no version 9") {
		t.Errorf("%d %s", code, messages)
	}
}

// rewritten changes a version behind the program's back, as only who owns the database can.
func rewritten(t *testing.T, dsn string) {
	t.Helper()
	d, err := db.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	drop := "drop trigger agreement_version_stays"
	if d.Engine() == db.PostgreSQL {
		drop += " on agreement_version"
	}
	err = d.WriteAgency(t.Context(), func(tx *db.Tx) error {
		for _, s := range []string{drop, "update agreement_version set document = replace(document, 'level', 'hold') where n = 1"} {
			if _, err := tx.Exec(t.Context(), db.Query{Text: s}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// printed writes an agreement as PDF with its evidence, of which the one names the version's hash and the other computes to it.
func printed(t *testing.T, dsn, hash string) {
	t.Helper()
	dir := t.TempDir()
	pdf, evidence := filepath.Join(dir, "a.pdf"), filepath.Join(dir, "a.json")
	must(t, "--db", dsn, "agreement", "pdf", "--partner", "voka", "--out", pdf, "--evidence", evidence)
	content, err := os.ReadFile(pdf)
	if err != nil || !strings.HasPrefix(string(content), "%PDF-") || must(t, "--db", dsn, "agreement", "pdf", "--partner", "voka", "--version", "2") != string(content) {
		t.Errorf("%d bytes, %v", len(content), err)
	}
	record, err := os.ReadFile(evidence)
	if err != nil {
		t.Fatal(err)
	}
	var e signing.Evidence
	if decode(t, string(record), &e); agreement.HashOf(string(e.Document)) != hash || e.Hash != hash {
		t.Errorf("the evidence says %s, the version %s", e.Hash, hash)
	}
	if code, _, _ := errera(t, "--db", dsn, "agreement", "pdf", "--partner", "voka", "--version", "9"); code != exitMissing {
		t.Errorf("a version that is none: %d", code)
	}
	if code, _, _ := errera(t, "--db", dsn, "agreement", "pdf", "--partner", "voka", "--out", filepath.Join(dir, "none", "a.pdf")); code != exitInvalid {
		t.Errorf("a folder that is none: %d", code)
	}
}
