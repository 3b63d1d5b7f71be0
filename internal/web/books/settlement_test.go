package books

import (
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/web/admin"
	"errera.eu/errera/internal/web/agreements"
	"errera.eu/errera/internal/web/kpis"
	"errera.eu/errera/internal/web/webtest"
)

const alpha2018 = "/settlements/alpha/2018"

// TestSettlementFromPreviewToFinal walks a settlement through its states in the roles of those who may.
func TestSettlementFromPreviewToFinal(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes, kpis.Routes, agreements.Routes, admin.Routes)
		controller, approver := s.Reader("controller@bureau.example"), s.Reader("approver@bureau.example")
		finance, stranger := s.Reader("finance@alpha.example"), s.Reader("finance@beta.example")
		preview := controller.Page(alpha2018, 200)
		controller.Says(preview, ".er-kind", "not settled yet")
		controller.Says(preview, ".btn-primary", "Compute")
		due := webtest.Plain(preview.Find(".is-due .er-num"))
		if n := approver.Page(alpha2018, 200).Find("form[action*='/compute']").Length(); n != 0 {
			t.Error("an approver is offered to compute")
		}
		if lost := stranger.Page(alpha2018, 404); lost.Find(".er-side nav a").Length() == 0 || lost.Find("body > a[href='#main']").Length() != 1 {
			t.Error("a fault shows outside the frame that the reader knows")
		}
		stranger.Post(alpha2018+"/compute", 404)
		finance.Post(alpha2018+"/compute", 403)

		controller.Says(controller.Post(alpha2018+"/compute", 200), "[role=status]", "computed")
		computed := controller.Page(alpha2018, 200)
		if got := webtest.Plain(computed.Find(".is-due .er-num")); got != due || due == "" {
			t.Errorf("the preview said %q is due, the settlement says %q", due, got)
		}
		controller.Says(computed, ".btn-primary", "Communicate")
		finance.Says(finance.Page(alpha2018, 200), "h1", "has not been communicated to you yet")
		finance.Post(alpha2018+"/communicate", 404) // of what it does not know
		controller.Post(alpha2018+"/communicate", 200)
		controller.Post(alpha2018+"/finalise", 403)

		finance.Says(finance.Page(alpha2018, 200), ".er-acts", "Object")
		objects(finance, approver)
		approver.Says(approver.Page(alpha2018, 200), ".btn-primary", "Make final")
		approver.Post(alpha2018+"/finalise", 200)
		final := approver.Page(alpha2018, 200)
		approver.Says(final, ".er-kind", "final")
		if final.Find(".er-acts form").Length() != 0 || final.Find(".btn-primary").Length() != 1 {
			t.Error("a final settlement offers more than printing")
		}
		if bad := final.Find("aside .is-bad, aside .is-warn"); bad.Length() != 0 {
			t.Errorf("the proof fails: %s", webtest.Plain(bad))
		}
		approver.Post(alpha2018+"/finalise", 409)
		approver.Post(alpha2018+"/burn", 404)
	})
}

// objects walks an objection: it needs a reason, the answer needs words, and both show to both sides.
func objects(finance, approver webtest.Reader) {
	back := finance.Post(alpha2018+"/object", 422, "words", "  ")
	finance.Says(back, ".er-acts [role=alert]", "Say why you object")
	finance.Post(alpha2018+"/object", 200, "words", "The mission to Tokyo is missing.")
	approver.Says(approver.Page(alpha2018, 200), "section[aria-labelledby=objection-0]", "The mission to Tokyo is missing.")
	approver.Says(approver.Page(alpha2018, 200), ".er-acts", "Uphold")
	back = approver.Post(alpha2018+"/dismiss", 422, "words", strings.Repeat("x", 4001))
	approver.Says(back, ".er-acts details[open] [role=alert]", "4,001 characters")
	approver.Says(back, "#words-dismiss", "xxxx")
	approver.Post(alpha2018+"/dismiss", 200, "words", "It took place in 2019.")
	for _, r := range []webtest.Reader{finance, approver} {
		r.Says(r.Page(alpha2018, 200), "section[aria-labelledby=objection-0]", "dismissed")
		r.Says(r.Page(alpha2018, 200), "section[aria-labelledby=objection-0]", "It took place in 2019.")
	}
	finance.Post(alpha2018+"/object", 409, "words", "Once more.")
	approver.Says(approver.Page("/audit?object=settlement", 200), "tbody", "It took place in 2019.")
}

// TestUpheldObjection: the partner goes on reading what it objected to, with the answer; the agency sees what settling again would give.
func TestUpheldObjection(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes)
		controller, approver, finance := s.Reader("controller@bureau.example"), s.Reader("approver@bureau.example"), s.Reader("finance@alpha.example")
		controller.Post(alpha2018+"/compute", 200)
		controller.Post(alpha2018+"/communicate", 200)
		finance.Post(alpha2018+"/object", 200, "words", "The mission to Tokyo is missing.")
		approver.Post(alpha2018+"/uphold", 200, "words", "It counts after all.")
		finance.Says(finance.Page(alpha2018, 200), ".er-lede", "fell away")
		approver.Says(approver.Page(alpha2018, 200), ".er-kind", "not settled yet")
		approver.Says(approver.Page(alpha2018, 200), "section[aria-labelledby=objection-0]", "It counts after all.")
		controller.Post(alpha2018+"/compute", 200)
		finance.Says(finance.Page(alpha2018, 200), ".er-kind", "-01")
		controller.Says(controller.Page(alpha2018, 200), ".er-kind", "-02")
		if n := finance.Page(alpha2018, 200).Find("#between + dl + table").Length(); n != 0 {
			t.Error("a partner is shown a version that was not communicated")
		}
	})
}

// TestFiguresOfAStatementOpen follows every link of a statement and of the pages behind it.
func TestFiguresOfAStatementOpen(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes, kpis.Routes, agreements.Routes, admin.Routes)
		controller := s.Reader("controller@bureau.example")
		controller.Post(alpha2018+"/compute", 200)
		controller.Post(alpha2018+"/communicate", 200)
		for _, who := range []string{"controller@bureau.example", "finance@alpha.example"} {
			r, opened := s.Reader(who), 0
			r.Page(alpha2018, 200).Find("article a.er-fig, aside a").Each(func(_ int, a *goquery.Selection) {
				href, _ := a.Attr("href")
				r.Page(strings.SplitN(href, "#", 2)[0], 200)
				opened++
			})
			if opened < 5 {
				t.Errorf("%s: only %d figures open", who, opened)
			}
		}
	})
}

// TestStatementDrawsItsMoney: the drawing's bars carry the amounts of the reckoning.
func TestStatementDrawsItsMoney(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		r := webtest.Open(t, d, Routes, kpis.Routes, agreements.Routes, admin.Routes).Reader("controller@bureau.example")
		doc := r.Page(alpha2018, 200)
		final := webtest.Plain(doc.Find(".er-step.is-head").Eq(4).Find(".er-num").Last())
		accepted := webtest.Plain(doc.Find(".er-step.is-head").Eq(0).Find(".er-num").Last())
		for _, amount := range []string{final, accepted} {
			if title := webtest.Plain(doc.Find("svg title").First()); amount == "" || !strings.Contains(title, amount) {
				t.Errorf("the drawing says %q without %q", title, amount)
			}
		}
		if n := doc.Find(".er-no-phone svg rect").Length(); n < 5 {
			t.Errorf("%d bars drawn", n)
		}
	})
}

// TestLateFactsAreShown: evidence that falls away after a settlement was communicated shows beside what was frozen, which stands.
func TestLateFactsAreShown(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes, kpis.Routes, agreements.Routes, admin.Routes)
		r := s.Reader("controller@bureau.example")
		r.Post(alpha2018+"/compute", 200)
		before := webtest.Plain(r.Page(alpha2018, 200).Find(".is-due .er-num"))
		r.Post(alpha2018+"/communicate", 200)
		officer := s.Reader("officer@bureau.example")
		row, _ := officer.Page("/evidence?kpi="+scored(t, r)+"&partner=alpha&year=2018&state=verified", 200).
			Find("tbody a[href^='/evidence/']").First().Attr("href")
		id, _, _ := strings.Cut(strings.TrimPrefix(row, "/evidence/"), "?")
		officer.Post("/evidence/"+id+"/reject", 200, "reason", "The company was not there")
		late := r.Page(alpha2018, 200)
		r.Says(late, "#changes", "What differs now")
		r.Says(late, "aside", "differ now")
		if after := webtest.Plain(late.Find(".is-due .er-num")); after != before {
			t.Errorf("a communicated settlement changed from %s to %s", before, after)
		}
		if n := late.Find("section[aria-labelledby=changes] tbody tr").Length(); n < 2 {
			t.Errorf("%d changes shown", n)
		}
	})
}

// TestBalancePaidAfterFinal: what is paid on a final settlement fulfils it; it is no difference and leaves nothing due.
func TestBalancePaidAfterFinal(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes, kpis.Routes, agreements.Routes, admin.Routes)
		controller, approver := s.Reader("controller@bureau.example"), s.Reader("approver@bureau.example")
		controller.Post(alpha2018+"/compute", 200)
		controller.Post(alpha2018+"/communicate", 200)
		approver.Post(alpha2018+"/finalise", 200)
		pay(s, "alpha", 2018)
		doc := approver.Page(alpha2018, 200)
		approver.Says(doc, "h1", "nobody owes anything")
		approver.Says(doc, ".er-step.is-due", "Balance: nothing is due 0.00")
		if n := doc.Find("#changes").Length(); n != 0 {
			t.Error("a payment shows as a difference")
		}
		approver.Says(approver.Page("/settlements", 200), "tbody tr:first-child", "0.00 final")
	})
}

// pay orders, approves and executes all that is payable of an agreement-year.
func pay(s webtest.Site, partner string, year period.Year) {
	s.T.Helper()
	ctx := s.T.Context()
	var g programme.Programme
	var payer, second access.Actor
	var at []settlement.AgreementYear
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if g, err = programme.Current(ctx, tx, ""); err != nil {
			return err
		}
		if payer, err = access.LoadActorByEmail(ctx, tx, "payer@bureau.example"); err != nil {
			return err
		}
		if second, err = access.LoadActorByEmail(ctx, tx, "payer.2@bureau.example"); err != nil {
			return err
		}
		at, err = settlement.AgreementYears(ctx, tx, g.ID, partner, year)
		return err
	})
	if err != nil {
		s.T.Fatal(err)
	}
	err = s.DB.Write(ctx, g.ID, func(tx *db.Tx) error {
		p, err := funding.Load(ctx, tx, g.ID, at[0].Agreement, year)
		if err != nil {
			return err
		}
		n := funding.Payment{Agreement: at[0].Agreement, Year: year, Kind: funding.BalancePayment, Amount: p.Payable}
		made, err := funding.Order(ctx, tx, payer, g.ID, n)
		if err != nil {
			return err
		}
		if err := funding.ApprovePayment(ctx, tx, g.ID, made, funding.Mover{By: second}); err != nil {
			return err
		}
		return funding.Execute(ctx, tx, g.ID, made, funding.Mover{By: payer})
	})
	if err != nil {
		s.T.Fatal(err)
	}
}

// scored is the code of a KPI that counts for the score, from the link of its value.
func scored(t *testing.T, r webtest.Reader) string {
	t.Helper()
	href, _ := r.Page(alpha2018, 200).Find("section[aria-labelledby=score] a.er-fig").First().Attr("href")
	u, err := url.Parse(href)
	if err != nil || u.Query().Get("kpi") == "" {
		t.Fatalf("%q names no KPI", href)
	}
	return u.Query().Get("kpi")
}

// TestSettlementsList: who reads all sees every partner, a partner only itself.
func TestSettlementsList(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes, kpis.Routes, agreements.Routes, admin.Routes)
		for who, want := range map[string]int{"approver@bureau.example": 3, "finance@alpha.example": 1} {
			if n := s.Reader(who).Page("/settlements", 200).Find("tbody tr").Length(); n != want {
				t.Errorf("%s sees %d partners, not %d", who, n, want)
			}
		}
	})
}

// TestRecalledSettlement: once money moved, the page offers the recall in place of making final, and both sides read the reason.
func TestRecalledSettlement(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes)
		controller, approver, finance := s.Reader("controller@bureau.example"), s.Reader("approver@bureau.example"), s.Reader("finance@alpha.example")
		controller.Post(alpha2018+"/compute", 200)
		controller.Post(alpha2018+"/communicate", 200)
		if n := controller.Page(alpha2018, 200).Find("form[action*='/recall']").Length(); n != 0 {
			t.Error("a recall is offered while the money stands")
		}
		controller.Post(alpha2018+"/recall", 409, "words", "No reason at all.")
		strike(t, d)
		approver.Says(approver.Page(alpha2018, 200), "section[aria-labelledby=changes]", "after the controller recalls it")
		if n := approver.Page(alpha2018, 200).Find("form[action*='/finalise']").Length(); n != 0 {
			t.Error("what cannot become final is offered")
		}
		controller.Says(controller.Page(alpha2018, 200), ".er-acts .btn-primary", "Recall")
		back := controller.Post(alpha2018+"/recall", 422, "words", " ")
		controller.Says(back, ".er-acts details[open] [role=alert]", "Say why")
		controller.Post(alpha2018+"/recall", 200, "words", "A supplier paid back 100.00.")
		finance.Says(finance.Page(alpha2018, 200), ".er-lede", "fell away")
		finance.Says(finance.Page(alpha2018, 200), "section[aria-labelledby=recall-0]", "A supplier paid back 100.00.")
		controller.Post(alpha2018+"/compute", 200)
		controller.Post(alpha2018+"/communicate", 200)
		finance.Says(finance.Page(alpha2018, 200), ".er-kind", "-02")
		finance.Says(finance.Page(alpha2018, 200), "section[aria-labelledby=recall-0]", "Version 1 was recalled")
	})
}

// strike corrects an accepted item of alpha's year.
func strike(t *testing.T, d *db.DB) {
	t.Helper()
	var g programme.Programme
	var item id.Item
	var by access.Actor
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		if g, err = programme.Current(t.Context(), tx, ""); err != nil {
			return err
		}
		if by, err = access.LoadActorByEmail(t.Context(), tx, "controller@bureau.example"); err != nil {
			return err
		}
		return tx.Row(t.Context(), db.Query{Name: "books.test.item", Text: `select i.id from cost_item i join claim c on c.programme_id = i.programme_id and c.id = i.claim_id
			join agreement a on a.programme_id = c.programme_id and a.id = c.agreement_id join organisation o on o.id = a.organisation_id
			where i.programme_id = $1 and o.code = 'alpha' and c.year = 2018 and i.state = 'accepted' order by i.accepted desc limit 1`}, g.ID).Scan(&item)
	})
	if err == nil {
		err = d.Write(t.Context(), g.ID, func(tx *db.Tx) error {
			_, err := funding.Strike(t.Context(), tx, by, g.ID, item, 10000, "a supplier paid back")
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}
