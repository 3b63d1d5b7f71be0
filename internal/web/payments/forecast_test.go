package payments

import (
	"testing"

	"github.com/PuerkitoBio/goquery"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/web/webtest"
)

// TestAForecastOpensToItsRows: the rows behind a figure of the forecast come to that figure.
func TestAForecastOpensToItsRows(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes)
		r := s.Reader("payer@bureau.example")
		doc := r.Page("/payments/forecast", 200)
		seen := 0
		doc.Find("section[aria-labelledby=quarters] td a").Each(func(_ int, a *goquery.Selection) {
			to, _ := a.Attr("href")
			opened := r.Page(to[:len(to)-len("#rows")], 200)
			r.Says(opened, "#rows", webtest.Plain(a))
			if opened.Find("section[aria-labelledby=rows] tbody tr").Length() == 0 {
				t.Errorf("%s: no rows", to)
			}
			seen++
		})
		if seen < 3 {
			t.Errorf("only %d figures open", seen)
		}
		r.Page("/payments/forecast?kind=hope", 422)
		s.Reader("finance@alpha.example").Page("/payments/forecast", 403)
	})
}
