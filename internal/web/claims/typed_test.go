package claims

import (
	"strings"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/web/webtest"
)

// TestATypedCostOfAnActivity: a partner chooses among what it organises in the year, nothing else is taken, and the cost leads to the activity.
// Amounts are taken as people write them.
func TestATypedCostOfAnActivity(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes)
		r := s.Reader("finance@beta.example")
		draft := r.Post("/claims", 200, "partner", "beta", "year", "2018")
		offered := map[string]bool{}
		for _, o := range draft.Find("select[name=activity] option").EachIter() {
			code, _ := o.Attr("value")
			offered[code] = true
		}
		if !offered["a1"] || !offered["a3"] || !offered[""] || offered["a2"] {
			t.Errorf("offered: %v", offered)
		}
		at, _ := draft.Find("form[enctype]").First().Attr("action")
		at = strings.TrimSuffix(at, "/preview")
		cost := func(want int, activity, net string) {
			t.Helper()
			doc := r.Post(at+"/add", want, "description", "Stand "+activity, "category", "venue", "kind", "invoice", "supplier", "BE0403019261", "invoice",
				"F-"+activity, "invoiced", "2018-09-25", "delivered", "2018-09-20", "activity", activity, "net", net)
			if want == 422 {
				if doc.Find("form[action*=add] .is-invalid").Length() == 0 {
					t.Errorf("%s %s: no field is at fault", activity, net)
				}
				if got, _ := doc.Find("select[name=activity] option[selected]").Attr("value"); offered[activity] && got != activity {
					t.Errorf("the form came back with the activity %q, not %q", got, activity)
				}
			}
		}
		cost(422, "a2", "10")
		cost(422, "nope", "10")
		cost(422, "a3", "1.000")
		cost(200, "a3", "1.000,50")
		doc := r.Post(at+"/add", 200, "description", "Again", "category", "venue", "kind", "invoice", "supplier", "0403.019.261", "invoice", "G-1",
			"invoiced", "2018-09-26", "delivered", "2018-09-20", "net", "1.000,50")
		r.Says(doc, "section[aria-labelledby=checks]", "same supplier and amount") // however the number is written
		link, _ := doc.Find(".er-table a, table a").First().Attr("href")
		doc = r.Page(link, 200)
		r.Says(doc, ".er-dl", "Stand in Chicago")
		r.Says(doc, ".er-dl", "1,000.50")
	})
}
