package library

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/web/webtest"
)

// item is the address of the first item that a page links to.
func item(t *testing.T, r webtest.Reader, path string) string {
	t.Helper()
	href, found := r.Page(path, http.StatusOK).Find("ol.er-list a").First().Attr("href")
	if !found {
		t.Fatalf("%s links to no item", path)
	}
	address, _, _ := strings.Cut(href, "?")
	return address
}

func TestAnItemFromDraftToUse(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		if err := job.Migrate(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		s := webtest.Open(t, d, Routes)
		alpha, beta, officer, finance := s.Reader("coordinator@alpha.example"), s.Reader("coordinator@beta.example"), s.Reader("officer@bureau.example"),
			s.Reader("finance@alpha.example")
		alpha.Says(alpha.Page("/knowledge", http.StatusOK), "h1", "The library is still empty.")
		finance.Page("/knowledge/new", http.StatusForbidden)
		finance.Post("/knowledge", http.StatusForbidden, "title", "x")
		bad := alpha.Post("/knowledge?lang=en", http.StatusUnprocessableEntity, "title", "Kept", "kind", "report", "reach", "partners", "language", "nl",
			"markets", "India, Atlantis")
		alpha.Says(bad, "[role=alert]", "“Atlantis” is no country that we know")
		if v, _ := bad.Find("input[name=title]").Attr("value"); v != "Kept" {
			t.Errorf("what was typed is lost: %q", v)
		}
		made := alpha.Post("/knowledge", http.StatusOK, "title", "Invoerrechten in India", "kind", "report", "reach", "partners", "language", "nl",
			"markets", "Inde, vietnam", "sectors", "food", "needs", "information",
			"body", "## Tarieven\n\nTussen 30 en 60 procent, zie https://example.org/tarieven.\n\n- rijst\n- thee")
		address := strings.Split(made.Url.Path, "?")[0]
		beta.Page(address, http.StatusNotFound)
		alpha.Says(alpha.Page("/knowledge", http.StatusOK), "#mine ~ ul", "Invoerrechten in India")
		attach(t, alpha, address)
		alpha.Post(address+"/publish", http.StatusOK)
		found := beta.Page("/knowledge?q=invoerechten", http.StatusOK)
		beta.Says(found, "h1", "One item is about")
		beta.Says(found, "[role=status]", "“invoerechten”")
		beta.Says(found, "ol mark", "Invoerrechten")
		page := beta.Page(item(t, beta, "/knowledge?q=Indien+Vietnam+rijst&market=VN"), http.StatusOK)
		beta.Says(page, "h3", "Tarieven")
		beta.Says(page, ".er-clause ul li", "rijst")
		beta.Says(page, ".er-clause a[rel~=nofollow]", "https://example.org/tarieven")
		res, err := beta.Get(s.URL + address + "/files/1")
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusOK || !strings.Contains(res.Header.Get("Content-Disposition"), "lijst.csv") {
			t.Errorf("the file: %d %v", res.StatusCode, res.Header)
		}
		beta.Page(address+"/edit", http.StatusForbidden)
		beta.Post(address+"/withdraw", http.StatusForbidden, "reason", "x")
		beta.Says(beta.Post(address+"/use", http.StatusOK, "purpose", "Onze zending naar Delhi."), "#uses ~ ul", "Onze zending naar Delhi.")
		beta.Says(beta.Post(address+"/use?lang=en", http.StatusConflict, "purpose", "Nog eens."), "[role=alert]", "already said")
		if alpha.Page(address, http.StatusOK).Find("#purpose").Length() > 0 {
			t.Error("one's own item asks what one used it for")
		}
		officer.Page("/knowledge", http.StatusOK)
		officer.Says(officer.Post(address+"/withdraw?lang=en", http.StatusUnprocessableEntity, "reason", ""), "[role=alert]", "Give a reason")
		alpha.Post(address+"/change", http.StatusConflict, "title", "Anders", "kind", "report", "reach", "partners", "language", "nl", "body", "x", "revision", "1")
		officer.Says(officer.Post(address+"/withdraw", http.StatusOK, "reason", "Namen van mensen."), "[role=status]", "Withdrawn")
		alpha.Says(alpha.Page(address, http.StatusOK), ".er-note", "Namen van mensen.")
		beta.Page(address, http.StatusNotFound)
		beta.Page(address+"/files/1", http.StatusNotFound)
	})
}

// attach sends a file with the form of the page.
func attach(t *testing.T, r webtest.Reader, address string) {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", "lijst.csv")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write([]byte("naam;stad\nA;Delhi\n")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	res, err := r.Client.Post(r.URL+address+"/attach", w.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("attach: %d", res.StatusCode)
	}
}

func TestAQuestionLooksFirst(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		if err := job.Migrate(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		s := webtest.Open(t, d, Routes)
		alpha, beta := s.Reader("coordinator@alpha.example"), s.Reader("coordinator@beta.example")
		made := beta.Post("/knowledge", http.StatusOK, "title", "Agenten voor voeding in Polen", "kind", "contacts", "reach", "partners", "language", "nl",
			"markets", "Polen", "body", "Drie agenten voor voeding in Polen, met hun klanten.")
		known := made.Url.Path
		beta.Post(known+"/publish", http.StatusOK)
		beta.Page("/questions", http.StatusOK)
		ask := []string{"title", "Wie kent een agent voor voeding in Polen?", "body", "Voor een lid.", "markets", "Polen"}
		looked := alpha.Post("/questions", http.StatusOK, ask...)
		alpha.Says(looked, "#known ~ ul", "Agenten voor voeding in Polen")
		alpha.Says(alpha.Page("/questions", http.StatusOK), "h1", "No question is open.")
		asked := alpha.Post("/questions", http.StatusOK, append(ask, "looked", "1")...).Url.Path
		beta.Says(beta.Post(asked+"/answer?lang=en", http.StatusUnprocessableEntity, "body", "Zie hier.", "item", "elsewhere"), "[role=alert]", "no address of an item")
		beta.Says(beta.Post(asked+"/answer", http.StatusOK, "body", "Zie hier.", "item", s.URL+known+"?lang=nl"), "#answers ~ ul a", "Agenten voor voeding in Polen")
		beta.Post(asked+"/close", http.StatusForbidden)
		alpha.Post(asked+"/close", http.StatusOK)
		beta.Post(asked+"/answer", http.StatusConflict, "body", "Te laat.")
		alpha.Says(alpha.Page("/questions", http.StatusOK), "#closed ~ ul", "one answer")
	})
}

func TestBlocksAndRuns(t *testing.T) {
	got := blocks("Een.\r\n\r\n## Kop\n- a\n- b\nTwee.\n\n- c")
	want := []block{{Lines: []string{"Een."}}, {Heading: true, Lines: []string{"Kop"}}, {List: true, Lines: []string{"a", "b"}}, {Lines: []string{"Twee."}},
		{List: true, Lines: []string{"c"}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	for line, want := range map[string][]run{
		"zie https://a.be/x?y=1, en http://b.be.": {{Text: "zie "}, {"https://a.be/x?y=1", "https://a.be/x?y=1"}, {Text: ", en "}, {"http://b.be", "http://b.be"}, {Text: "."}},
		"javascript:alert(1) https://":            {{Text: "javascript:alert(1) "}, {Text: "https://"}},
		"geen":                                    {{Text: "geen"}},
	} {
		if got := runs(line); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v", line, got)
		}
	}
}
