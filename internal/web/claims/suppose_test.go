package claims

import (
	"strings"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/web/webtest"
)

// TestWhatIfAClaim: an item left out pays nothing, the same cost brought in instead pays the same, and nothing of it is kept.
func TestWhatIfAClaim(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes)
		r := s.Reader("finance@beta.example")
		r.Page("/claims", 200)
		draft := r.Post("/claims", 200, "partner", "beta", "year", "2018")
		at, _ := draft.Find("form[enctype]").First().Attr("action")
		at = strings.TrimSuffix(at, "/preview")
		r.Post(at+"/add", 200, "description", "Room", "category", "venue", "kind", "invoice", "supplier", "BE0403019261", "invoice", "F-1",
			"invoiced", "2018-03-02", "delivered", "2018-03-01", "net", "2000.00")
		doc := r.Page(at+"/suppose", 200)
		pays := func(query string, column int) string {
			doc := r.Page(at+"/suppose"+query, 200)
			return webtest.Plain(doc.Find("section[aria-labelledby=result] tr.er-sum td").Eq(column))
		}
		ref, _ := doc.Find("input[name=out]").First().Attr("value")
		whole := pays("", 0)
		if whole == "" || whole == "0.00" {
			t.Fatalf("the claim pays %q", whole)
		}
		if got := pays("?out="+ref, 1); got != "0.00" {
			t.Errorf("without its only item it pays %s", got)
		}
		if got := pays("?out="+ref+"&more=2000", 1); got != whole {
			t.Errorf("with the same cost again it pays %s, not %s", got, whole)
		}
		if got := pays("", 0); got != whole {
			t.Errorf("supposing changed the claim: %s", got)
		}
		r.Says(r.Page(at+"/suppose?more=much", 422), "#more-wrong", "much")
		s.Reader("finance@alpha.example").Page(at+"/suppose", 404)
	})
}
