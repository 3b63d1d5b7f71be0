package flow

import (
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/web/frame"
	"errera.eu/errera/internal/web/webtest"
)

// TestAFlowLosesNoCent: in every agreement-year each amount is the sum of what it splits into, and the drawing shows all of it.
func TestAFlowLosesNoCent(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		p := webtest.ByHand(t, d)
		p.URL = &url.URL{Path: "/flow"}
		var sum settlement.Flow
		var years []settlement.AgreementYear
		if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
			years, err = settlement.AgreementYears(t.Context(), tx, p.Programme.ID, "", 0)
			for _, at := range years {
				var f settlement.Flow
				if f, err = settlement.LoadFlow(t.Context(), tx, access.System("test"), p.Programme.ID, at); err != nil {
					return err
				}
				adds(t, at.Code+" "+at.Year.String(), p, f)
				sum = sum.Plus(f)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if sum.Accepted == 0 || sum.Deducted == 0 || sum.Parked == 0 || sum.Struck == 0 || sum.Netted == 0 || sum.Above == 0 {
			t.Fatalf("the small programme shows too little: %+v", sum)
		}
		adds(t, "all of them", p, sum)
	})
}

func adds(t *testing.T, name string, p frame.Page, f settlement.Flow) {
	t.Helper()
	var sources money.Amount
	for _, s := range f.Sources {
		sources += s.Declared
	}
	for _, c := range []struct {
		of         string
		whole, sum money.Amount
	}{
		{"ceiling", f.Ceiling, f.Signed + f.Carried + f.Overrun},
		{"ceiling, reserved", f.Ceiling, f.Committed + f.Consumed + f.Released},
		{"sources", f.Declared, sources},
		{"declared", f.Declared, f.Waiting + f.Accepted + f.Struck + f.Deducted + f.Parked + f.Less},
		{"accepted", f.Accepted, f.Half + f.Above + f.Shared},
		{"half", f.Half, f.CostPart + f.Pool},
		{"pool", f.Pool, f.Earned + f.NotEarned + f.Undecided},
		{"contribution", f.CostPart + f.Earned, f.Netted + f.Paid + f.Due - f.OwedBack},
		{"own part", f.Accepted, f.CostPart + f.Earned + f.Undecided + f.Own()},
	} {
		if c.whole != c.sum {
			t.Errorf("%s: %s is %s, its parts are %s", name, c.of, c.whole, c.sum)
		}
	}
	s := page{Page: p, F: f}.draw()
	if f.Declared > 0 && s == nil {
		t.Errorf("%s: no drawing", name)
		return
	}
	in, out := map[*node]money.Amount{}, map[*node]money.Amount{}
	for _, r := range s.Ribbons {
		in[r.To] += r.Amount
		out[r.From] += r.Amount
	}
	for _, n := range s.Nodes {
		if got := in[n]; n.column > 0 && n.What != "unused" && got != n.Amount {
			t.Errorf("%s: %s is %s, ribbons bring %s", name, n.What, n.Amount, got)
		}
		if got := out[n]; (n.column == 0 || n.What == "accepted" || n.What == "half") && got != n.Amount {
			t.Errorf("%s: %s is %s, ribbons carry %s on", name, n.What, n.Amount, got)
		}
	}
}

// TestWhoSeesWhichFlow: a partner its own years, without the score before its settlement was communicated; the agency all of them.
func TestWhoSeesWhichFlow(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes)
		agency, alpha := s.Reader("controller@bureau.example"), s.Reader("finance@alpha.example")
		doc := agency.Page("/flow?year=2018", 200)
		if n := doc.Find("section[aria-labelledby=partners] tbody tr").Length(); n < 2 {
			t.Errorf("the agency sees %d partners", n)
		}
		if to, _ := doc.Find("svg[aria-labelledby=flow-title] a").First().Attr("href"); !strings.HasPrefix(to, "/flow/") {
			t.Errorf("a partner's bar opens %q", to)
		}
		doc = alpha.Page("/flow?year=2018", 200) // its only agreement-year of 2018
		alpha.Says(doc, "nav[aria-label=Path]", "2018")
		alpha.Says(doc, "#statement", "Step by step")
		doc.Find(".er-statement a.er-fig").Each(func(_ int, a *goquery.Selection) {
			if to, _ := a.Attr("href"); strings.HasPrefix(to, "/ledger") {
				t.Errorf("a partner is led to the books: %s", to)
			}
		})
		alpha.Page("/flow/beta/2018", 404)
		agency.Page("/flow/alpha/1999", 404)
		agency.Page("/flow/nobody/2018", 404)
	})
}
