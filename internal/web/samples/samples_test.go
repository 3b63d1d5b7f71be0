package samples_test

import (
	"testing"

	"github.com/PuerkitoBio/goquery"

	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/web/kpis"
	"errera.eu/errera/internal/web/samples"
	"errera.eu/errera/internal/web/webtest"
)

func TestASampleFromDrawToRest(t *testing.T) {
	site := webtest.Open(t, dbtest.SQLite(t), samples.Routes, kpis.Routes)
	officer := site.Reader("officer@bureau.example")
	site.Reader("coordinator@alpha.example").Page("/samples", 403)
	doc := officer.Page("/samples", 200)
	form := doc.Find("form[action^='/samples']").First()
	field := func(name string) string {
		v, _ := form.Find("input[name=" + name + "]").Attr("value")
		return v
	}
	if form.Length() == 0 {
		t.Fatalf("nothing waits: %s", webtest.Plain(doc.Find("main")))
	}
	officer.Says(officer.Post("/samples", 422, "partner", field("partner"), "kind", field("kind"), "year", "2018", "size", "0"), "[role=alert]", "at least one")
	doc = officer.Post("/samples", 200, "partner", field("partner"), "kind", field("kind"), "year", "2018", "size", "1")
	row, found := doc.Find("input[name=row]").First().Attr("value")
	path, _ := doc.Find("main form").First().Attr("action")
	if !found {
		t.Fatalf("nothing was drawn: %s", webtest.Plain(doc.Find("main")))
	}
	one := path[:len(path)-len("/verify")]
	officer.Says(officer.Post(one+"/verify", 422), "[role=alert]", "Choose one row")
	officer.Says(officer.Post(one+"/reject", 422, "row", row), "[role=alert]", "Give a reason")
	officer.Says(officer.Post(one+"/accept", 409, "tolerance", "0"), "[role=alert]", "not been looked at")
	doc = officer.Post(one+"/reject", 200, "row", row, "reason", "the company was not there")
	officer.Says(doc, "h1", "1 of the 1 rows")
	if doc.Find("form[action$='/accept']").Length() == 0 {
		t.Fatal("the rest cannot be accepted")
	}
	if population := webtest.Plain(doc.Find(".er-lede")); population == "" {
		t.Error("nothing is said of all rows")
	}
	officer.Says(officer.Post(one+"/accept", 409, "tolerance", "0"), "[role=alert]", "too many")
	officer.Says(officer.Page("/samples", 200), "[aria-labelledby=drawn]", "in verification")
	officer.Page("/evidence/"+row, 200).Find("[aria-labelledby=history]").Each(func(_ int, s *goquery.Selection) {
		if webtest.Plain(s) == "" {
			t.Error("the row keeps no reason")
		}
	})
	officer.Page("/samples/nothing", 404)
}
