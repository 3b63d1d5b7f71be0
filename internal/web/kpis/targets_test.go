package kpis_test

import (
	"testing"

	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/web/kpis"
	"errera.eu/errera/internal/web/webtest"
)

// The page of a KPI tells how targets changed: when, from what to what and why, as it was known on the day; a partner reads its own alone.
func TestHowTargetsChanged(t *testing.T) {
	site := webtest.Open(t, dbtest.SQLite(t), kpis.Routes)
	officer := site.Reader("officer@bureau.example")
	doc := officer.Page("/kpis/companies?year=2018", 200)
	for _, want := range []string{"1 time since signing", "15 June 2018", "Alpha", "One member organisation left the federation"} {
		officer.Says(doc, "[aria-labelledby=targets]", want)
	}
	if is := webtest.Plain(doc.Find("[aria-labelledby=targets] tbody td.er-num").Last()); is != "7" {
		t.Errorf("the target became %q, not 7", is)
	}
	if was := webtest.Plain(doc.Find("[aria-labelledby=targets] tbody td.er-num").First()); was == "7" || was == "" {
		t.Errorf("the target was %q", was)
	}
	if n := officer.Page("/kpis/companies?year=2018&as_of=2018-06-14", 200).Find("[aria-labelledby=targets]").Length(); n != 0 {
		t.Error("a change shows before it was made")
	}
	officer.Says(officer.Page("/kpis/joint?year=2018", 200), "[aria-labelledby=targets] tbody", "waived")
	if n := site.Reader("coordinator@beta.example").Page("/kpis/companies?year=2018", 200).Find("[aria-labelledby=targets]").Length(); n != 0 {
		t.Error("a partner reads how another's target changed")
	}
	own := site.Reader("coordinator@alpha.example")
	own.Says(own.Page("/kpis/companies?year=2018", 200), "[aria-labelledby=targets]", "Alpha")
}
