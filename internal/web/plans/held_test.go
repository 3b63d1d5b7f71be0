package plans_test

import (
	"io"
	"strings"
	"testing"

	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/web/plans"
	"errera.eu/errera/internal/web/webtest"
)

// TestAPlanIsHeldAgainstItsAgreement: what is estimated shows beside the year's ceiling and the targets, with what is over and what is missing.
func TestAPlanIsHeldAgainstItsAgreement(t *testing.T) {
	d := dbtest.SQLite(t)
	if err := job.Migrate(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	site := webtest.Open(t, d, plans.Routes)
	officer, alpha, beta := site.Reader("officer@bureau.example"), site.Reader("coordinator@alpha.example"), site.Reader("coordinator@beta.example")
	alpha.Says(alpha.Page("/plans/alpha/2018", 200), "[aria-labelledby=held]", "not planned yet")
	doc := alpha.Post("/plans/alpha/2018/activities", 200, "title", "Missie naar Chili", "type", "mission", "place", "onsite", "around", "2018-q4",
		"markets", "cl", "sectors", "food", "needs", "contacts")
	alpha.Says(doc, "[aria-labelledby=holds]", "Q4 2018")
	alpha.Says(doc, "[aria-labelledby=holds]", "to estimate")
	one, found := doc.Find("[aria-labelledby=holds] td.er-num a:contains('to estimate')").First().Attr("href")
	if !found {
		t.Fatal("the plan does not lead to its activity")
	}
	one, _, _ = strings.Cut(one, "?")
	doc = alpha.Post(one+"/estimate", 422, "cost.travel", "x", "cost.venue", "-1", "effect.reach", "1.5")
	alpha.Says(doc, "[role=alert]", "Give an amount")
	doc = alpha.Post(one+"/estimate", 200, "cost.travel", "900000,50", "cost.venue", "1000")
	alpha.Says(doc, "[aria-labelledby=parts] tfoot", "901,000.50")
	doc = alpha.Page("/plans/alpha/2018", 200)
	alpha.Says(doc, "[aria-labelledby=held]", "901,000.50")
	alpha.Says(doc, "[aria-labelledby=held]", "450,500.25")
	alpha.Says(doc, "[aria-labelledby=held]", "Above the ceiling")
	officer.Says(officer.Page("/plans/alpha/2018", 200), "[aria-labelledby=held]", "short")
	if officer.Page(one, 200).Find("form[action*=estimate]").Length() == 0 {
		t.Error("an officer cannot estimate")
	}
	beta.Page(one, 404)
	beta.Post(one+"/estimate", 404, "cost.travel", "1")
	said := []string{"title", "Missie naar Chili", "type", "mission", "place", "onsite", "city", "Santiago", "country", "cl", "markets", "cl"}
	alpha.Says(alpha.Post(one+"/change", 422, append(said, "around", "2019-q4")...), "[role=alert]", "2018")
	doc = alpha.Post(one+"/change", 422, append(said, "starts_on", "2018-11-05", "places", "many", "price", "-1", "audience", "cats")...)
	alpha.Says(doc, "[role=alert]", "number of places")
	if got, _ := doc.Find("[name=places]").Attr("value"); got != "many" {
		t.Errorf("the form came back with %q places", got)
	}
	alpha.Says(alpha.Post(one+"/change", 422, append(said, "starts_on", "2018-11-05", "price", "100001", "audience", "cats")...), "[role=alert]", "100,000")
	doc = alpha.Post(one+"/change", 200, append(said, "starts_on", "2018-11-05", "ends_on", "2018-11-09", "places", "25", "price", "1250,50", "audience",
		"first-exporters", "language", "en", "url", "https://alpha.example/chile")...)
	alpha.Says(doc, ".er-lede", "Nov")
	for field, want := range map[string]string{"places": "25", "price": "1250.50", "url": "https://alpha.example/chile", "starts_on": "2018-11-05"} {
		if got, _ := doc.Find("[name=" + field + "]").Attr("value"); got != want {
			t.Errorf("the form says %s %q, want %q", field, got, want)
		}
	}
	beta.Post(one+"/change", 404, said...)
	doc = alpha.Send("/plans/alpha/2018/list", 422, "plan.csv", []byte("title,type,starts,places\nNieuw,seminar,2018-02-30,\nOok,seminar,2018-02-20,veel\n"))
	alpha.Says(doc, "[aria-labelledby=list]", "Nothing was saved")
	alpha.Says(doc, "[aria-labelledby=list] li", "plan.csv, row 2")
	alpha.Says(alpha.Send("/plans/alpha/2018/list", 422, "plan.csv", []byte("x")), "[aria-labelledby=list] [role=alert]", "plan.csv")
	doc = alpha.Send("/plans/alpha/2018/list", 200, "plan.csv", []byte("title,type,starts\nNieuw,seminar,2018-02-20\n"))
	alpha.Says(doc, ".er-notice, [role=status]", "1 new, 0 changed, 0 unchanged")
	beta.Send("/plans/alpha/2018/list", 404, "plan.csv", []byte("title,type\nNieuw,seminar\n"))
	res, err := alpha.Get(alpha.URL + "/plans/alpha/2018/list?format=csv")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if list, err := io.ReadAll(res.Body); err != nil || res.StatusCode != 200 || !strings.Contains(string(list), "Nieuw,seminar,2018-02-20") ||
		!strings.Contains(string(list), "cost.venue") {
		t.Errorf("%d %v %s", res.StatusCode, err, list)
	}
	alpha.Says(alpha.Post("/plans/alpha/2018/submit", 200), ".er-kind", "submitted")
	alpha.Post(one+"/estimate", 200, "cost.travel", "5")
	alpha.Says(alpha.Page("/plans/alpha/2018", 200), "[aria-labelledby=changes]", "Missie naar Chili changed")
}
