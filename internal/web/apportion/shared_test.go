package apportion

import (
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/web/webtest"
)

// TestAnInvoiceIsSharedOnce: the lead enters it, sees the parts first, each organiser takes its own into its claim, once, and sees nothing of
// the other's claim.
func TestAnInvoiceIsSharedOnce(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes)
		lead, other := s.Reader("finance@alpha.example"), s.Reader("finance@beta.example")
		lead.Page("/shared", 200)
		other.Page("/shared", 200)
		lead.Says(lead.Page("/shared?activity=a1", 200), "#enter", "Invoice of")
		form := []string{"activity", "a1", "category", "venue", "description", "Hall", "supplier", "BE0403019261", "invoice", "H-77",
			"invoiced", "2018-06-02", "delivered", "2018-06-01", "net", "100.01", "vat", "21.00", "weight-alpha", "2", "weight-beta", "1"}
		lead.Says(lead.Post("/shared", 200, append(form, "look", "1")...), "section[aria-labelledby=enter] tbody", "66.6714.0080.67")
		if n := lead.Page("/shared", 200).Find("tfoot").Length(); n != 0 {
			t.Errorf("looking entered %d invoices", n)
		}
		bad := append(append([]string(nil), form...), "weight-beta", "half")
		lead.Says(lead.Post("/shared", 422, bad...), "[role=alert]", "“half” is no weight")
		lead.Post("/shared", 200, form...)
		doc := other.Page("/shared", 200)
		other.Says(doc, "h1", "One part of a shared invoice stands in no claim yet: € 40.34")
		other.Says(doc, "tfoot", "100.0121.00121.01")
		take, _ := doc.Find("form[action$='/take']").First().Attr("action")
		res, err := other.PostForm(other.URL+take, nil) // leads to the claim, which this site does not serve
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		doc = other.Page("/shared", 200)
		other.Says(doc, "h1", "All your parts of shared invoices stand in a claim")
		other.Says(doc, "tbody", "another organiser’s")
		if doc.Find("form[action$='/take']").Length() != 0 {
			t.Error("a part can be taken twice")
		}
		doc = lead.Page("/shared", 200)
		lead.Says(doc, "h1", "One part of a shared invoice stands in no claim yet: € 80.67")
		if doc.Find("tbody a").Length() != 0 {
			t.Errorf("the lead sees the other's claim: %s", webtest.Plain(doc.Find("tbody")))
		}
		other.Post("/shared", 404, form...)
		s.Reader("finance@gamma.example").Says(s.Reader("finance@gamma.example").Page("/shared", 200), "h1", "No invoice of a joint activity")
		agency := s.Reader("controller@bureau.example")
		agency.Says(agency.Page("/shared", 200), "h1", "One part of a shared invoice waits for a claim: € 80.67")
		agency.Post("/shared", 403, form...)
	})
}
