package claims

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/web/webtest"
)

// TestACostChangesInItsDraft: a cost is opened from what the checks say of it, its form holds what it says, and a fault comes back at its field
// with what was typed; the form of a new cost stays empty.
func TestACostChangesInItsDraft(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes)
		r := s.Reader("finance@beta.example")
		draft := r.Post("/claims", 200, "partner", "beta", "year", "2018")
		at, _ := draft.Find("form[enctype]").First().Attr("action")
		at, _, _ = strings.Cut(strings.TrimSuffix(at, "/preview"), "?")
		doc := r.Post(at+"/add", 200, "description", "Stand", "category", "venue", "kind", "invoice", "supplier", "BE0403019261", "invoice", "F-1",
			"invoiced", "2018-09-25", "delivered", "2018-09-20", "activity", "a1", "net", "1.234,56")
		link, found := doc.Find("table a[href*='item=']").First().Attr("href")
		if !found {
			t.Fatal("the cost has no page")
		}
		doc = r.Page(link, 200)
		form := doc.Find("form[action*='/change']")
		action, _ := form.Attr("action")
		item, _ := form.Find("input[name=item]").Attr("value")
		values := []string{"item", item}
		form.Find("input[name], select[name]").Each(func(_ int, s *goquery.Selection) {
			name, _ := s.Attr("name")
			value, _ := s.Attr("value")
			if s.Is("select") {
				value, _ = s.Find("option[selected]").Attr("value")
			}
			if name != "item" && name != "net" {
				values = append(values, name, value)
			}
			if want := map[string]string{"net": "1234.56", "supplier": "BE0403019261", "category": "venue", "activity": "a1", "invoiced": "2018-09-25"}[name]; want != "" && value != want {
				t.Errorf("%s holds %q, not %q", name, value, want)
			}
		})
		back := r.Post(action, 422, append(values, "net", "12,3x")...)
		if got, _ := back.Find("#change-net.is-invalid").Attr("value"); got != "12,3x" {
			t.Errorf("the fault is not at its field: %q", got)
		}
		if got, _ := back.Find("#net").Attr("value"); got != "" || back.Find("#net.is-invalid").Length() != 0 {
			t.Errorf("the form of a new cost holds %q", got)
		}
		done := r.Post(action, 200, append(values, "net", "2.000,10")...)
		r.Says(done, "[role=status]", "was changed")
		r.Says(done, "table", "2,000.10")
	})
}
