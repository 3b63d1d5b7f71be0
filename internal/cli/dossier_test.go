package cli

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// send posts a form with a file and gives where the answer leads, with its status and body.
func (h *house) send(t *testing.T, client *http.Client, path string, fields map[string]string, name, content string) (int, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range fields {
		if err := w.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	res, err := client.Post(h.server.URL+path, w.FormDataContentType(), &b)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// between is what stands between two marks in a page.
func between(t *testing.T, body, from, to string) string {
	t.Helper()
	_, rest, found := strings.Cut(body, from)
	got, _, ends := strings.Cut(rest, to)
	if !found || !ends {
		t.Fatalf("%q is not in the page", from)
	}
	return got
}

// TestUploadProofAndDossier uploads a list, sees it before it is kept, attaches a proof, and takes the whole claim along as a ZIP whose
// manifest holds.
func TestUploadProofAndDossier(t *testing.T) {
	h := openHouse(t)
	client := h.as(t, "finance@alpha.example")
	res, err := client.PostForm(h.server.URL+"/claims", url.Values{"partner": {"alpha"}, "year": {"2018"}})
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	claim := res.Header.Get("Location")
	if claim == "" {
		claim = res.Request.URL.Path
	}
	list := "Description;Category;Supplier;Invoice;Invoice date;Delivery date;Net;VAT\nHall;venue;BE0123456749;U-1;10/05/2018;09/05/2018;1.200,50;252,11\n" +
		"Bus;travel;BE0123456749;U-2;10/05/2018;in May;100;21\n"
	status, page := h.send(t, client, claim+"/preview", nil, "costs.csv", list)
	if status != http.StatusOK || !strings.Contains(page, "in May") {
		t.Fatalf("preview: %d", status)
	}
	if _, before := h.ask(t, client, "GET", claim); strings.Contains(before, "Hall") {
		t.Error("a preview saved a cost")
	}
	if status, _ := h.send(t, client, claim+"/keep", nil, "costs.csv", list); status >= 400 {
		t.Fatalf("keep: %d", status)
	}
	_, page = h.ask(t, client, "GET", claim)
	ref := between(t, page, claim+"?item=", `"`)
	_, page = h.ask(t, client, "GET", claim+"?item="+ref)
	if !strings.Contains(page, "Hall") || strings.Contains(page, "Bus") {
		t.Error("the good row, and no other, should be kept")
	}
	item := between(t, page, `name="item" value="`, `"`)
	if status, body := h.send(t, client, claim+"/attach", map[string]string{"item": item}, "invoice.pdf", "%PDF-1.4\n%%EOF\n"); status >= 400 {
		t.Fatalf("attach: %d %.300s", status, body)
	}
	names := h.dossier(t, h.as(t, "finance@alpha.example"), claim)
	if !strings.Contains(names, "proofs/") || strings.Contains(names, "trail.csv") {
		t.Errorf("a partner's dossier of its draft holds %s", names)
	}
	res, err = client.PostForm(h.server.URL+claim+"/submit", nil)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	names = h.dossier(t, h.as(t, "controller@bureau.example"), claim)
	for _, want := range []string{"claim.json", "items.csv", "letter.txt", "decisions.json", "postings.csv", "trail.csv", "proofs/", "manifest.sha256"} {
		if !strings.Contains(names, want) {
			t.Errorf("the dossier lacks %s: %s", want, names)
		}
	}
}

// TestTheDossierIsOne: page, interface and command give the same bytes to the same person; another partner gets none, nor does anybody of a
// claim that is not there.
func TestTheDossierIsOne(t *testing.T) {
	h := openHouse(t)
	controller := h.as(t, "controller@bureau.example")
	_, page := h.ask(t, controller, "GET", "/claims/alpha/2018/1/dossier")
	if names := h.dossier(t, controller, "/claims/alpha/2018/1"); !strings.Contains(names, "letter.pdf") {
		t.Errorf("an approved claim without its letter: %s", names)
	}
	at := "/api/v1/programmes/" + h.programme.Code + "/claims/alpha/2018/1/dossier"
	status, called := h.call(t, h.bearer(t, "controller@bureau.example"), "GET", at)
	if status != http.StatusOK || called != page {
		t.Errorf("the interface gave %d and %d bytes, the page %d", status, len(called), len(page))
	}
	if status, body := h.call(t, h.bearer(t, "finance@beta.example"), "GET", at); status != http.StatusNotFound || strings.HasPrefix(body, "PK") {
		t.Errorf("another partner got %d", status)
	}

	file := filepath.Join(t.TempDir(), "errera.db")
	must(t, "--db", file, "import", "programme", byHand())
	packed := filepath.Join(t.TempDir(), "claim.zip")
	must(t, "--db", file, "--as", "controller@bureau.example", "claim", "dossier", "alpha", "2018", "1", "--out", packed)
	kept, err := os.ReadFile(packed)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := namesIn(t, string(kept)), namesIn(t, page); !slices.Equal(got, want) {
		t.Errorf("the command packed %v, the page %v", got, want)
	}
	if out := must(t, "--db", file, "claim", "dossier", "alpha", "2018", "1", "--out", "-"); !strings.HasPrefix(out, "PK") {
		t.Errorf("standard output holds %.20q", out)
	}
	for _, args := range [][]string{{"alpha", "2018", "9"}, {"beta", "2018", "1", "--as", "finance@alpha.example"}} {
		if got, _, messages := errera(t, append([]string{"--db", file, "claim", "dossier", "--out", packed}, args...)...); got != 4 {
			t.Errorf("%v: exit code %d, %s", args, got, messages)
		}
	}
}

// namesIn lists the files of a ZIP without the ids in their names, which each load of a programme makes anew.
func namesIn(t *testing.T, body string) (names []string) {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		names = append(names, filepath.Base(f.Name))
	}
	return names
}

// dossier fetches the ZIP, holds its manifest against what is in it, and gives the names.
func (h *house) dossier(t *testing.T, client *http.Client, claim string) string {
	t.Helper()
	_, body := h.ask(t, client, "GET", claim+"/dossier")
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatalf("%v: %.200s", err, body)
	}
	var names []string
	sums := map[string]string{}
	manifest := ""
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(content)
		sums[f.Name] = hex.EncodeToString(sum[:])
		names = append(names, f.Name)
		if f.Name == "manifest.sha256" {
			manifest = string(content)
		}
	}
	lines := strings.Split(strings.TrimSpace(manifest), "\n")
	if len(lines) != len(names)-1 {
		t.Errorf("the manifest has %d lines for %d files", len(lines), len(names)-1)
	}
	for _, line := range lines {
		sum, name, _ := strings.Cut(line, "  ")
		if sums[name] != sum {
			t.Errorf("%s: the manifest says %s, it is %s", name, sum, sums[name])
		}
	}
	return strings.Join(names, " ")
}
