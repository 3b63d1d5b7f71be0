package kpis_test

import (
	"io"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/web/kpis"
	"errera.eu/errera/internal/web/webtest"
)

// The agency reads every count; a partner its own, and of others nothing from which fewer than five companies follow: not on the table of KPIs,
// not on the page of one, not on the page of reach, in no file.
func TestWhatAPartnerReadsOfOthers(t *testing.T) {
	site := webtest.Open(t, dbtest.SQLite(t), kpis.Routes)
	officer, alpha := site.Reader("officer@bureau.example"), site.Reader("coordinator@alpha.example")
	officer.Says(officer.Page("/reach", 200), "[aria-labelledby=whole] tfoot", "10")
	if n := officer.Page("/reach", 200).Find("[aria-labelledby=overlap] tbody tr").Length(); n != 3 {
		t.Errorf("the matrix has %d rows", n)
	}
	where := officer.Page("/reach", 200).Find("[aria-labelledby=where]")
	if links, rows := where.Find("svg.er-map a").Length(), where.Find("tbody tr").Length(); links == 0 || links != rows {
		t.Errorf("the map has %d markets, its table %d", links, rows)
	}
	officer.Says(officer.Page("/kpis/companies", 200), "[aria-labelledby=split] svg.er-map > title", "by market")
	if n := officer.Page("/kpis/companies?by=sector", 200).Find(".er-map").Length(); n != 0 {
		t.Error("sectors stand on a map")
	}
	officer.Says(officer.Page("/reach?market=DE&quarter=2", 200), "h1", "reached in 2018")
	officer.Page("/reach?quarter=7", 422)
	if n := officer.Page("/kpis", 200).Find("tfoot").Length(); n != 1 {
		t.Error("the agency reads no totals")
	}
	if n := alpha.Page("/kpis", 200).Find("tfoot").Length(); n != 0 {
		t.Error("a partner reads the programme's totals")
	}
	for _, address := range []string{"/kpis/companies", "/kpis/companies?partner="} {
		doc := alpha.Page(address, 200)
		alpha.Says(doc, ".er-kind", "Alpha")
		if n := doc.Find("[aria-labelledby=overlap]").Length(); n != 0 {
			t.Errorf("%s: a partner reads a matrix", address)
		}
	}
	alpha.Page("/kpis/companies?partner=beta", 404)
	doc := alpha.Page("/reach", 200)
	doc.Find("[aria-labelledby=overlap] tbody td.er-num").Each(func(_ int, s *goquery.Selection) {
		if said := webtest.Plain(s); len(said) == 1 && said != "0" && said < "5" {
			t.Errorf("of a few shared companies a partner reads %q", said)
		}
	})
	res, err := alpha.Get(site.URL + "/reach?format=csv&lang=en")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	file, err := io.ReadAll(res.Body)
	if err != nil || !strings.Contains(string(file), "<5") {
		t.Errorf("the file hides nothing: %s %v", file, err)
	}
	for _, line := range strings.Split(string(file), "\n") {
		for _, few := range []string{",1,", ",2,", ",3,"} {
			if strings.Contains(line, few) && !strings.HasPrefix(line, "Alpha") {
				t.Errorf("the file tells of a few: %s", line)
			}
		}
	}
}
