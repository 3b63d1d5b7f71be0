package books

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/web/webtest"
)

// TestCostsOfAPartner: a partner's finance person sees the own costs only, whatever the address asks for.
func TestCostsOfAPartner(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes)
		agency, alpha := s.Reader("controller@bureau.example"), s.Reader("finance@alpha.example")
		items := func(doc *goquery.Document) int { return doc.Find("section[aria-labelledby=items] tbody tr").Length() }
		all, own := items(agency.Page("/costs?span=all", 200)), items(alpha.Page("/costs?span=all", 200))
		ofAlpha := items(agency.Page("/costs?partner=alpha&year=2018", 200))
		if own == 0 || own != ofAlpha || own >= all {
			t.Errorf("alpha sees %d rows, the agency %d of alpha and %d in all", own, ofAlpha, all)
		}
		alpha.Page("/costs?partner=beta", 422)
		agency.Page("/costs?state=spent", 422)
		agency.Page("/costs?claim=two", 422)
		alpha.Says(alpha.Page("/costs?year=2018", 200), "#payments", "Payments")
	})
}

// TestCostsAddUp: accepted cost of the list, less corrections, is that of the settlement's statement.
func TestCostsAddUp(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		r := webtest.Open(t, d, Routes).Reader("controller@bureau.example")
		for _, partner := range []string{"alpha", "beta", "gamma"} {
			statement := r.Page("/settlements/"+partner+"/2018", 200)
			accepted := webtest.Plain(statement.Find(".er-step.is-head").Eq(0).Find(".er-num").Last())
			if answer := webtest.Plain(r.Page("/costs?partner="+partner+"&year=2018", 200).Find("h1")); accepted == "" || !strings.Contains(answer, accepted) {
				t.Errorf("%s: the statement counts %s, the costs say %q", partner, accepted, answer)
			}
		}
	})
}

// TestBooksPage: the trial balance of every filter balances, and only those who read the books see it.
func TestBooksPage(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes)
		r := s.Reader("payer@bureau.example")
		for _, path := range []string{"/ledger", "/ledger?partner=beta", "/ledger?partner=beta&year=2018", "/ledger?as_of=2018-08-31"} {
			doc := r.Page(path, 200)
			r.Says(doc, "h1", "The books balance")
			sums := doc.Find("section[aria-labelledby=trial] tfoot .er-num")
			if a, b := webtest.Plain(sums.Eq(0)), webtest.Plain(sums.Eq(1)); a == "" || a != b {
				t.Errorf("%s: %q against %q", path, a, b)
			}
			if doc.Find("section[aria-labelledby=entries] tbody").Length() == 0 {
				t.Errorf("%s: no entries", path)
			}
		}
		r.Says(r.Page("/ledger?account=Assets:Bank", 200), "h1", "Bank")
		r.Page("/ledger?account=Assets:Gold", 422)
		r.Page("/ledger?partner=nobody", 422)
		s.Reader("finance@alpha.example").Page("/ledger", 403)
	})
}
