package kpis_test

import (
	"strings"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/web/kpis"
	"errera.eu/errera/internal/web/webtest"
)

// sheet is a whole form; pairs override it.
func sheet(pairs ...string) []string {
	form := map[string]string{"formula": `distinct(kind in ["participation", "contact"])`, "unit": "companies", "joint": "full", "direction": "up",
		"decimals": "0", "min_sample": "0", "from_year": "2018", "reason": "narrower"}
	for _, field := range []string{"name", "short", "meaning", "counting", "limits"} {
		for _, l := range []string{"nl", "en", "fr"} {
			form[field+"_"+l] = field + " " + l
		}
	}
	for i := 0; i < len(pairs); i += 2 {
		form[pairs[i]] = pairs[i+1]
	}
	var all []string
	for k, v := range form {
		all = append(all, k, v)
	}
	return all
}

func TestADefinitionIsTriedAndChanged(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		site := webtest.Open(t, d, kpis.Routes)
		officer := site.Reader("officer@bureau.example")
		const page = "/kpis/companies/edit"
		if n := officer.Page(page, 200).Find("main .btn-primary").Length(); n != 1 {
			t.Errorf("%d primary buttons", n)
		}
		for name, c := range map[string]string{
			"by zero":     `distinct(joint) / 0`,
			"mixed units": `count(kind == "contact") + distinct(kind == "contact")`,
			"in a circle": `kpi("companies")`,
			"cut off":     `distinct(kind ==`,
		} {
			doc := officer.Post(page, 422, sheet("formula", c, "do", "try")...)
			if said := webtest.Plain(doc.Find("#fault-formula")); said == "" {
				t.Errorf("%s: nothing is said at the formula", name)
			}
			if typed := doc.Find("textarea[name=formula]").Text(); typed != c {
				t.Errorf("%s: the field holds %q", name, typed)
			}
		}
		tried := officer.Post(page, 200, sheet("do", "try")...)
		if said := webtest.Plain(tried.Find("[role=status]")); !strings.Contains(said, "Nothing is saved yet") {
			t.Errorf("tried: %q", said)
		}
		if n := tried.Find("#steps").Length(); n != 1 {
			t.Error("what was tried shows no steps")
		}
		officer.Says(officer.Post(page, 422, sheet("reason", " ")...), "#fault-reason", "why")
		officer.Says(officer.Post(page, 422, sheet("from_year", "2031")...), "#fault-from_year", "year")
		officer.Says(officer.Post(page, 422, sheet("decimals", "many")...), "#fault-decimals", "many")
		officer.Says(officer.Post(page, 200, sheet("do", "save")...), "[role=status]", "saved")
		if said := webtest.Plain(officer.Page("/kpis/companies", 200).Find("[aria-labelledby=sheet]")); !strings.Contains(said, "Version 2, from 2018") || !strings.Contains(said, "narrower") {
			t.Errorf("the history reads %q", said)
		}
		site.Reader("coordinator@alpha.example").Page(page, 403)
	})
}
