package kpis

import (
	"bytes"
	"math/big"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
	"errera.eu/errera/internal/web/webtest"
)

func officerPage() frame.Page {
	who := access.Actor{ID: "p1", Name: "Officer", Memberships: []access.Membership{{Organisation: "agency", Agency: true, Role: access.Officer}}}
	return frame.Page{Asker: serve.Asker{Actor: who, Language: text.EN}, URL: &url.URL{Path: "/evidence"}, Year: 2019, AsOf: "2019-09-16",
		Programme: programme.Programme{Starts: "2017-01-01", Ends: "2021-12-31"}, Assets: &serve.Assets{}}
}

func TestEvidenceFormComesBackWithWhatWasTyped(t *testing.T) {
	v := &report.EvidenceView{ID: "e1", Kind: evidence.Contact, State: evidence.Reported, ReportedBy: "p2", Weights: 1}
	c := evidenceRowPage{Page: officerPage(), V: v, Verb: "reject", Reason: "was not there",
		Fault: fault.Of(fault.Invalid("reason", "evidence.reason_required", nil))}
	var b bytes.Buffer
	if err := evidenceRowTempl(c).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	if n := doc.Find("main .btn-primary").Length(); n != 1 {
		t.Errorf("%d primary buttons", n)
	}
	field := doc.Find("#reason-reject")
	if typed, _ := field.Attr("value"); typed != "was not there" {
		t.Errorf("the field holds %q", typed)
	}
	by, _ := field.Attr("aria-describedby")
	if said := webtest.Plain(doc.Find("#" + by)); said != "Give a reason." {
		t.Errorf("the fault at the field says %q", said)
	}
	v.ReportedBy = "p1"
	if acts := c.acts(); len(acts) != 1 || acts[0].Verb != "reject" {
		t.Errorf("who reported the row is offered %+v", acts)
	}
}

func TestTrendDrawsOneStepAYearAndNoFuture(t *testing.T) {
	d := &kpi.Definition{Code: "c", Aggregate: kpi.Distinct, Unit: "companies"}
	value := func(y period.Year, n int64) []kpi.Point {
		return []kpi.Point{{On: y.First().AddDays(180), Value: big.NewRat(n/2, 1)}, {On: y.First().AddDays(250), Value: big.NewRat(n, 1)}}
	}
	c := kpiPage{Page: officerPage(), V: &report.KPI{KPI: d, Trend: []kpi.TrendYear{
		{Year: 2018, Target: big.NewRat(100, 1), TargetSigned: big.NewRat(120, 1), Points: value(2018, 90)},
		{Year: 2019, Target: big.NewRat(110, 1), Points: value(2019, 60)},
		{Year: 2020, Target: big.NewRat(130, 1)},
	}}}
	ch := c.chart()
	if len(ch.Years) != 3 || ch.Years[2].Path != "" || ch.Years[2].TargetPath == "" {
		t.Errorf("years %+v", ch.Years)
	}
	if got := ch.Title; got != "2018: 90, target 100; 2019: 60, target 110; 2020: –, target 130" {
		t.Errorf("title %q", got)
	}
	if strings.Count(ch.Years[1].Path, "L") != 2 {
		t.Errorf("path %q", ch.Years[1].Path)
	}
	c.Signed = true
	if y := c.chart().Years; y[0].Target != "120" || y[1].TargetPath != "" {
		t.Errorf("as signed: %+v", y)
	}
	for v, want := range map[float64]float64{0: 3, 2.5: 3, 100: 120, 2660: 3000, 0.7: 0.9} {
		if got := niceMax(v); got != want {
			t.Errorf("scale for %v ends at %v, want %v", v, got, want)
		}
	}
}
