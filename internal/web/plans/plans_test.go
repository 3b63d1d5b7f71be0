package plans_test

import (
	"strings"
	"testing"

	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/web/overlaps"
	"errera.eu/errera/internal/web/plans"
	"errera.eu/errera/internal/web/webtest"
)

// TestTwoPartnersPlanTheSameMission: each writes it into its plan, neither plan is approved until they joined, and what changes afterwards is
// told and approved again.
func TestTwoPartnersPlanTheSameMission(t *testing.T) {
	d := dbtest.SQLite(t)
	if err := job.Migrate(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	site := webtest.Open(t, d, plans.Routes, overlaps.Routes)
	officer, alpha, beta := site.Reader("officer@bureau.example"), site.Reader("coordinator@alpha.example"), site.Reader("coordinator@beta.example")
	officer.Says(officer.Page("/plans", 200), "h1", "None of the 3 plans of 2018 is approved")
	alpha.Says(alpha.Page("/plans?year=2018", 200), "h1", "Your plan of 2018")
	alpha.Page("/plans/beta/2018", 404)
	alpha.Page("/plans/alpha/x", 404)
	alpha.Page("/plans/nobody/2018", 404)
	doc := alpha.Post("/plans/alpha/2018/activities", 422, "title", "", "type", "mission", "place", "onsite", "starts_on", "2019-11-05", "needs", "contacts")
	alpha.Says(doc, "[role=alert]", "2018")
	for by, mission := range map[string][3]string{"alpha": {"Handelszending naar India", "food drinks", "submitted"},
		"beta": {"Trade mission to India", "food", "introduit"}} { // Beta reads French
		reader := alpha
		if by == "beta" {
			reader = beta
		}
		doc := reader.Post("/plans/"+by+"/2018/activities", 200, "title", mission[0], "type", "mission", "place", "onsite", "starts_on", "2018-11-05",
			"ends_on", "2018-11-09", "city", "Mumbai", "country", "in", "markets", "in", "sectors", mission[1], "needs", "contacts")
		reader.Says(doc, "[aria-labelledby=holds]", mission[0])
		reader.Says(reader.Post("/plans/"+by+"/2018/submit", 200), ".er-kind", mission[2])
	}
	beta.Post("/plans/alpha/2018/withdraw", 404)
	alpha.Post("/plans/alpha/2018/approve", 403)
	officer.Says(officer.Page("/plans/alpha/2018", 200), "[aria-labelledby=way]", "the same market (India)")
	officer.Says(officer.Post("/plans/alpha/2018/approve", 409), "main", "overlap, and nobody decided about it")
	officer.Says(officer.Post("/plans/beta/2018/return", 422, "remark", ""), "[role=alert]", "Give a remark")
	officer.Says(officer.Post("/plans/beta/2018/return", 200, "remark", "one mission is enough"), ".er-kind", "returned")
	one, found := beta.Page("/plans/beta/2018", 200).Find("[aria-labelledby=way] a").First().Attr("href")
	if !found {
		t.Fatal("the plan does not lead to its overlap")
	}
	one, _, _ = strings.Cut(one, "?")
	codes := strings.Split(strings.TrimPrefix(one, "/overlaps/"), "/")
	beta.Post(one+"/propose", 200, "keep", codes[0], "share.alpha", "1", "share.beta", "1")
	alpha.Says(alpha.Post(one+"/agree", 200), "h1", "became one")
	officer.Says(officer.Post("/plans/alpha/2018/approve", 200), ".er-kind", "approved")
	officer.Says(officer.Page("/plans", 200), "h1", "1 of the 3 plans of 2018 is approved")
	alpha.Post("/plans/alpha/2018/copy", 409)
	doc = alpha.Post("/plans/alpha/2018/activities", 200, "title", "A late idea", "type", "seminar", "place", "online", "starts_on", "2018-12-03", "needs", "information")
	alpha.Says(doc, "[aria-labelledby=changes]", "A late idea added")
	alpha.Says(alpha.Post("/plans/alpha/2018/amend", 200, "remark", "one seminar more"), ".er-kind", "amended")
	officer.Says(officer.Post("/plans/alpha/2018/approve", 200), ".er-kind", "approved")
	if officer.Page("/plans/alpha/2018", 200).Find("[aria-labelledby=changes]").Length() > 0 {
		t.Error("what was approved still counts as changed")
	}
	officer.Page("/plans?format=csv", 200)
}
