package claims

import (
	"bytes"
	"io"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/web/webtest"
)

// TestALetterIsInThePartnersLanguage: whoever reads it, the letter about a decided claim is in the language of the people who made the claim,
// on the page and as a PDF; another partner has none, nor has a claim that is not decided.
func TestALetterIsInThePartnersLanguage(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes)
		agency := s.Reader("controller@bureau.example")
		for partner, says := range map[string]string{"alpha": "Uw declaratie 1 van 2018", "beta": "Votre déclaration 1 de 2018", "gamma": "Your claim 1 of 2018"} {
			agency.Says(agency.Page("/claims/"+partner+"/2018/1/letter", 200), "article h1", says)
		}
		res, err := agency.Get(agency.URL + "/claims/beta/2018/1/letter.pdf")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil || res.Header.Get("Content-Type") != "application/pdf" || !bytes.HasPrefix(body, []byte("%PDF-")) {
			t.Errorf("%s, %d bytes, %v", res.Header.Get("Content-Type"), len(body), err)
		}
		own := s.Reader("finance@alpha.example")
		own.Page("/claims/alpha/2018/1/letter", 200)
		own.Page("/claims/beta/2018/1/letter", 404)
		own.Page("/claims", 200)
		draft := own.Post("/claims", 200, "partner", "alpha", "year", "2018")
		at, _ := draft.Find("form[enctype]").First().Attr("action")
		own.Page(at[:len(at)-len("/preview")]+"/letter", 404)
	})
}
