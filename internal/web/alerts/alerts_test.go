package alerts_test

import (
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/kpi/alert"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/web/alerts"
	"errera.eu/errera/internal/web/webtest"
)

func TestTheDeskOfAlerts(t *testing.T) {
	d := dbtest.SQLite(t)
	if err := job.Migrate(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	site := webtest.Open(t, d, alerts.Routes)
	officer := site.Reader("officer@bureau.example")
	officer.Says(officer.Page("/alerts", 200), "h1", "Nothing in 2018")
	if err := d.Read(t.Context(), func(tx *db.Tx) error {
		g, err := programme.Current(t.Context(), tx, "")
		if err != nil {
			return err
		}
		_, err = alert.Look(t.Context(), d, nil, access.System("test"), g, "2018-08-15")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	doc := officer.Page("/alerts?partner=beta", 200)
	one, found := doc.Find("main tbody a[href^='/alerts/']").First().Attr("href")
	if !found {
		t.Fatalf("no alert of Beta: %s", webtest.Plain(doc.Find("main")))
	}
	officer.Says(doc, "main tbody", "Officer")
	officer.Page("/alerts?partner=beta&format=csv", 200)
	officer.Page("/alerts?state=no", 422)
	officer.Says(officer.Post(one+"/silence", 422, "reason", " "), "[role=alert]", "Give a reason")
	officer.Says(officer.Post(one+"/assign", 422, "owner", "x"), "[role=alert]", "Choose somebody")
	officer.Says(officer.Post(one+"/take", 200), ".er-kind", "taken up")
	doc = officer.Post(one+"/silence", 200, "reason", "a fair in autumn makes up for it")
	officer.Says(doc, ".er-kind", "silenced")
	officer.Says(doc, "[aria-labelledby=steps]", "a fair in autumn makes up for it")
	officer.Says(officer.Post(one+"/reopen", 200, "reason", "it does not"), ".er-kind", "open")
	site.Reader("coordinator@alpha.example").Page(one, 404)
	if own := webtest.Plain(site.Reader("coordinator@beta.example").Page("/alerts", 200).Find("main tbody")); !strings.Contains(own, "Beta") || strings.Contains(own, "Alpha") {
		t.Errorf("a partner reads %q", own)
	}
	site.Reader("finance@beta.example").Page("/alerts", 403)
}
