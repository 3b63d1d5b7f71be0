package cockpit

import (
	"bytes"
	"math/big"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/kpi/alert"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
	"errera.eu/errera/internal/web/webtest"
)

func valued(d *kpi.Definition, bp int64, course kpi.Course) *kpi.Cell {
	return &kpi.Cell{KPI: d, Status: kpi.Valued, Value: big.NewRat(1, 1), Target: big.NewRat(2, 1), Attainment: big.NewRat(bp, 1), AttainmentBp: bp, Course: course}
}

func cockpitSample(l text.Language) cockpitPage {
	d := &kpi.Definition{Code: "contacts", Short: programme.Words{NL: "Contacten", EN: "Contacts", FR: "Contacts"}, Cockpit: true, MinSample: 10}
	e := &kpi.Definition{Code: "entries", Short: programme.Words{NL: "Markten", EN: "Entries", FR: "Marchés"}, Cockpit: true}
	good, bad := int64(7000), int64(3900)
	b := &kpi.Board{Year: 2019, AsOf: "2019-09-16", ElapsedBp: 7095, KPIs: []*kpi.Definition{d, e}, AllBp: &good, Partners: []kpi.PartnerRow{
		{Organisation: "alder", Code: "alder", Short: "Alder", Cells: []*kpi.Cell{valued(d, 7000, kpi.OnCourse), nil}, AllBp: &good, Course: kpi.OnCourse},
		{Organisation: "birch", Code: "birch", Short: "Birch", AllBp: &bad, Course: kpi.AtRisk,
			Cells: []*kpi.Cell{{KPI: d, Status: kpi.SmallSample}, valued(e, 3900, kpi.AtRisk)}},
	}}
	p := frame.Page{Asker: serve.Asker{Language: l}, Year: 2019, AsOf: "2019-09-16", Today: "2026-11-24", URL: &url.URL{Path: "/"},
		Programme: programme.Programme{Starts: "2017-01-01", Ends: "2021-12-31"}, Assets: &serve.Assets{}}
	c := &report.Cockpit{Board: b, Due: 2, Kept: 1, AtRisk: 1, Stake: 65_980_00, StakePartners: 1, StakeShown: true, MoneyShown: true,
		Flow: report.Flow{Envelope: 100_00, Committed: 90_00, Claimed: 60_00, Accepted: 50_00, Paid: 40_00},
		Waits: []report.Wait{{Kind: report.ClaimWaits, Code: "birch", Partner: "Birch", Claim: 1, Year: 2019, N: 46, Owner: access.Controller,
			By: "2019-08-31", Overdue: true}}}
	behind := alert.Alert{Matter: alert.Matter{Rule: alert.Behind, Year: 2019, Grade: alert.Grave, N: 3900, Against: 7095, Due: "2019-09-30"}, State: alert.Open,
		PartnerCode: "birch", Short: "Birch"}
	return cockpitPage{Page: p, Cockpit: c, Shown: []int{0, 1}, KPI: kpiAlerts{First: []alert.Alert{behind}, Wait: 4}}
}

func renderCockpit(t *testing.T, c cockpitPage) *goquery.Document {
	t.Helper()
	var b bytes.Buffer
	if err := cockpitTempl(c).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), " style=") {
		t.Error("a style attribute: the policy forbids it")
	}
	doc, err := goquery.NewDocumentFromReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestCockpitAnswersFirst(t *testing.T) {
	doc := renderCockpit(t, cockpitSample(text.EN))
	if got := webtest.Plain(doc.Find("h1")); got != "1 of 2 partners is keeping its promises. One is at risk." {
		t.Errorf("answer: %q", got)
	}
	if got := webtest.Plain(doc.Find(".er-lede")); !strings.Contains(got, "70 % of 2019 has passed") || !strings.Contains(got, "€ 65,980 is at stake at 1 partner") {
		t.Errorf("lede: %q", got)
	}
	rows := doc.Find("table.er-score tbody tr th").Map(func(_ int, s *goquery.Selection) string { return webtest.Plain(s) })
	if !slices.Equal(rows, []string{"Birch", "Alder"}) {
		t.Errorf("rows %v, want the furthest behind first", rows)
	}
	if got := webtest.Plain(doc.Find("table.er-score tbody tr").First()); !strings.Contains(got, "n < 10") || !strings.Contains(got, "at risk") {
		t.Errorf("Birch reads %q", got)
	}
	legend := webtest.Plain(doc.Find(".er-key.er-no-phone"))
	if !strings.Contains(legend, "n < 10") || !strings.Contains(legend, "blank") || strings.Contains(legend, "waived") {
		t.Errorf("the legend names what does not occur, or misses what does: %q", legend)
	}
	alerts := webtest.Plain(doc.Find("[aria-labelledby=alerts]"))
	for _, want := range []string{"See all 4 alerts", "Birch, : 39 % reached with 70 % of the year gone", "Nobody", "Waits for a step", "Birch, claim 1 of 2019: waiting for 46 days"} {
		if !strings.Contains(alerts, want) {
			t.Errorf("no %q in %q", want, alerts)
		}
	}
	if n := doc.Find(".btn-primary").Length(); n > 1 {
		t.Errorf("%d primary buttons", n)
	}
}

func TestCockpitHasASentenceForEverybodyOnCourse(t *testing.T) {
	for l, want := range map[text.Language]string{text.NL: "Alle 17 partners komen hun beloften na.",
		text.EN: "All 17 partners are keeping their promises.", text.FR: "Les 17 partenaires tiennent tous leurs engagements."} {
		c := cockpitSample(l)
		c.Due, c.Kept, c.AtRisk, c.Stake = 17, 17, 0, 0
		doc := renderCockpit(t, c)
		if got := webtest.Plain(doc.Find("h1")); got != want {
			t.Errorf("%s: %q", l, got)
		}
		if strings.Contains(webtest.Plain(doc.Find(".er-lede")), "€") {
			t.Errorf("%s: nothing is at stake, and the lede speaks of money", l)
		}
	}
}

func TestCockpitOfOnePartner(t *testing.T) {
	c := cockpitSample(text.EN)
	c.Own, c.Promises, c.PromisesK = true, 5, 3
	c.Board.Partners = c.Board.Partners[:1]
	doc := renderCockpit(t, c)
	if got := webtest.Plain(doc.Find("h1")); got != "You keep 3 of your 5 promises." {
		t.Errorf("answer: %q", got)
	}
	if strings.Contains(webtest.Plain(doc.Find("main .er-cols > div").First()), "Birch") {
		t.Error("another partner's promises show")
	}
}

func TestMoneyBarsStandOnTheEnvelope(t *testing.T) {
	c := cockpitSample(text.EN)
	if w := c.moneyBars()[1].Width; w != "86.4" { // 60 % of 144
		t.Errorf("claimed is %s wide, want 86.4", w)
	}
	if got := c.moneyNote(); got != "Claims run 10 points behind the calendar." {
		t.Errorf("note: %q", got)
	}
	c.AsOf = period.Date("2020-02-01")
	if !c.over() {
		t.Error("the year is not over in the next one")
	}
}
