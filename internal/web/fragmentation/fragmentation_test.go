package fragmentation_test

import (
	"strings"
	"testing"

	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/web/fragmentation"
	"errera.eu/errera/internal/web/webtest"
)

// TestFragmentationOpensToItsRows: the agency sees the trend and what each figure is made of; partners, who may not know of each other's companies,
// do not.
func TestFragmentationOpensToItsRows(t *testing.T) {
	d := dbtest.SQLite(t)
	if err := job.Migrate(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	site := webtest.Open(t, d, fragmentation.Routes)
	officer, alpha := site.Reader("officer@bureau.example"), site.Reader("coordinator@alpha.example")
	doc := officer.Page("/fragmentation?year=2018", 200)
	officer.Says(doc, "h1", "of 2018")
	officer.Says(doc, "table", "2018")
	if n := doc.Find("td[data-label='Overlaps decided']").Length(); n != 0 { // an empty cell has no label
		t.Errorf("%d cells say how many of no close overlaps were decided", n)
	}
	met, opens := doc.Find("a[href*='all=1']").First(), ""
	opens, _ = met.Attr("href")
	officer.Says(officer.Page(strings.TrimSuffix(strings.Split(opens, "&lang")[0], "&"), 200), "h1", met.Text()+" companies were met in 2018")
	officer.Page("/fragmentation?format=csv", 200)
	officer.Page("/fragmentation/companies?year=2018", 200)
	officer.Page("/fragmentation/companies?year=2018&unhanded=1&format=csv", 200)
	officer.Says(officer.Page("/fragmentation/markets?year=2018", 200), "table", "Germany")
	alpha.Page("/fragmentation?year=2018", 403)
	alpha.Page("/fragmentation/companies?year=2018", 403)
}
