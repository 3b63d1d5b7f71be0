package books

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/web/webtest"
)

// TestTheLetterOfASettlement: a draft for the agency alone until it is communicated, then the partner's, in its language whoever reads it; page
// and PDF hold every figure of the statement.
func TestTheLetterOfASettlement(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes)
		controller := s.Reader("controller@bureau.example")
		controller.Page(alpha2018+"/letter", 404) // nothing was computed
		headings := map[string]string{"alpha": "Uw afrekening van 2018", "beta": "Votre décompte de 2018", "gamma": "Your settlement of 2018"}
		for partner, says := range headings {
			at := "/settlements/" + partner + "/2018"
			controller.Post(at+"/compute", 200)
			controller.Says(controller.Page(at+"/letter", 200), "article h1", says)
		}
		controller.Says(controller.Page(alpha2018+"/letter", 200), "article .er-kind", "Ontwerp: niet verzonden")
		finance, stranger := s.Reader("finance@alpha.example"), s.Reader("finance@beta.example")
		finance.Page(alpha2018+"/letter", 404)
		controller.Post(alpha2018+"/communicate", 200)
		stranger.Page(alpha2018+"/letter", 404)
		page := finance.Page(alpha2018+"/letter", 200)
		if text := webtest.Plain(page.Find("article")); strings.Contains(text, "Ontwerp") || !strings.Contains(text, "bezwaar") {
			t.Errorf("communicated, it says %s", text)
		}
		statement := statementIn(t, finance, "nl")
		paper := pdfText(t, finance, alpha2018+"/letter.pdf")
		figures := statement.Find(".er-step .er-num, .er-score .er-num")
		seen := 0
		figures.Each(func(_ int, f *goquery.Selection) {
			words := webtest.Plain(f)
			if !strings.ContainsAny(words, "0123456789") || len(words) < 4 {
				return
			}
			seen++
			for where, text := range map[string]string{"page": webtest.Plain(page.Find("article")), "PDF": paper} {
				if !strings.Contains(text, words) {
					t.Errorf("the %s lacks %q", where, words)
				}
			}
		})
		if seen < 12 {
			t.Errorf("only %d figures were looked for", seen)
		}
	})
}

// statementIn is alpha's statement in a language.
func statementIn(t *testing.T, r webtest.Reader, lang string) *goquery.Document {
	t.Helper()
	res, err := r.Get(r.URL + alpha2018 + "?lang=" + lang)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// pdfText is what another program reads in a PDF, with single spaces.
func pdfText(t *testing.T, r webtest.Reader, path string) string {
	t.Helper()
	res, err := r.Get(r.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.Header.Get("Content-Type") != "application/pdf" {
		t.Fatalf("%s: %v", res.Header.Get("Content-Type"), err)
	}
	if _, err := exec.LookPath("pdftotext"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("pdftotext is missing")
		}
		t.Skip("pdftotext is missing (poppler-utils): the PDF was not read by another program")
	}
	file := filepath.Join(t.TempDir(), "letter.pdf")
	if err := os.WriteFile(file, body, 0o600); err != nil {
		t.Fatal(err)
	}
	if keep := os.Getenv("ERRERA_SCREENSHOTS"); keep != "" {
		if err := os.WriteFile(filepath.Join(keep, "settlement-letter.pdf"), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}
