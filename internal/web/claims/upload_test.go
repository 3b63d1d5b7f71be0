package claims

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/web/webtest"
)

// send posts a form with a file; the fields are names and values.
func send(t *testing.T, r webtest.Reader, want int, path, file string, pairs ...string) *goquery.Document {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if file != "" {
		part, err := w.CreateFormFile("file", "costs.csv")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(file)); err != nil {
			t.Fatal(err)
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := w.WriteField(pairs[i], pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	res, err := r.Client.Post(r.URL+path+"?lang=en", w.FormDataContentType(), &b)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	doc, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != want {
		t.Fatalf("%s: %d %s", path, res.StatusCode, webtest.Plain(doc.Find("h1")))
	}
	return doc
}

// TestColumnsAreChosenAndRemembered: a list whose titles say nothing is mapped on the page, shown with its faults before anything is saved,
// and the next list with the same titles needs no choice.
func TestColumnsAreChosenAndRemembered(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes)
		r := s.Reader("finance@alpha.example")
		r.Page("/claims", 200) // takes the language along
		draft := r.Post("/claims", 200, "partner", "alpha", "year", "2018")
		at, _ := draft.Find("form[enctype]").First().Attr("action")
		at = strings.TrimSuffix(at, "/preview")
		list := "K1,K2,K3,K4,K5,K6,K7\nRoom for the kick-off,venue,2018-03-01,120.50,BE0403019261,F-1,2018-03-02\n" +
			"Train,travel,2018-02-31,40,BE0403019261,F-2,2018-03-02\n"
		doc := send(t, r, 200, at+"/preview", list)
		r.Says(doc, "h1", "First say what the columns")
		body, _ := doc.Find("input[name=body]").Attr("value")
		form := []string{"body", body, "name", "costs.csv", "column-0", "description", "column-1", "category", "column-2", "delivered", "column-3", "net",
			"column-4", "supplier", "column-5", "invoice", "column-6", "invoiced"}
		doc = send(t, r, 200, at+"/preview", "", form...)
		r.Says(doc, "h1", "1 of 2 rows can be added, € 120.50; 1 cannot")
		r.Says(doc, "section[aria-labelledby=preview]", "K3: “2018-02-31” is no date")
		if n := r.Page(at, 200).Find("section[aria-labelledby=items] tbody tr").Length(); n != 0 {
			t.Errorf("%d items before anything was kept", n)
		}
		doc = send(t, r, 200, at+"/keep", "", form...)
		if n := doc.Find("section[aria-labelledby=items] tbody tr").Length(); n != 1 {
			t.Errorf("%d items were kept", n)
		}
		doc = send(t, r, 200, at+"/preview", list+"Train,travel,2018-02-28,40,BE0403019261,F-3,2018-03-02\n")
		r.Says(doc, "h1", "1 of 3 rows can be added, € 40.00; 1 cannot")
		r.Says(doc, ".er-lede", "One row was there already")
		twice := append([]string(nil), form...)
		twice[len(twice)-1] = "delivered"
		r.Says(send(t, r, http.StatusUnprocessableEntity, at+"/preview", "", twice...), "[role=alert]", "Two columns would hold “day of delivery”")
	})
}
