package cli

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/plan"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/web"
)

// untilThisYear serves the small programme as if it still ran, with ceilings and targets for the year of yesterday, which it gives: what
// partners plan for yesterday can be held today.
func untilThisYear(t *testing.T) (h *house, yesterday period.Date) {
	t.Helper()
	d := dbtest.Open(t)
	yesterday = d.Now().Date().AddDays(-1)
	year := yesterday.Year().String()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(byHand())); err != nil {
		t.Fatal(err)
	}
	change := func(file string, of func(string) string) {
		t.Helper()
		b, err := os.ReadFile(filepath.Join(dir, file))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, file), []byte(of(string(b))), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	change("programme.toml", func(s string) string {
		return strings.Replace(s, "2018-12-31", year+"-12-31", 1) + fmt.Sprintf("\n[[envelope]]\nyear = %s\namount = \"80000.00\"\n", year)
	})
	change("agreements.csv", func(s string) string { return strings.ReplaceAll(s, "2018-12-31", year+"-12-31") })
	change("ceilings.csv", func(s string) string { return s + "alpha," + year + ",30000.00\nbeta," + year + ",25000.00\n" })
	change("targets.csv", func(s string) string {
		return s + "alpha,contacts," + year + ",2,,\nbeta,contacts," + year + ",1,,\nalpha,companies," + year + ",6,,\nbeta,companies," + year + ",5,,\nalpha,joint," + year + ",1,,\nbeta,joint," + year + ",1,,\n"
	})
	change("kpis.toml", func(s string) string {
		return strings.Replace(s, `kinds = ["contact"]`, `kinds = ["contact", "participation"]`, 1)
	})
	loadFolder(t, d, dir)
	if err := job.Migrate(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	h = &house{db: d, people: map[string]access.DemoPerson{}}
	h.read(t, func(tx *db.Tx) (err error) {
		h.programme, err = programme.Current(context.Background(), tx, "")
		return err
	})
	served, err := handler(context.Background(), d, web.Options{}, false)
	if err != nil {
		t.Fatal(err)
	}
	h.server = httptest.NewServer(served)
	t.Cleanup(h.server.Close)
	return h, yesterday
}

// TestTwoPartnersPlanTheSameMission plays joint activities in five browsers at once: two partners plan the same mission to India, its overlap
// shows before their plans are approved and keeps them from it, one proposes to join and the other agrees to the shares, their budgets add up
// and are divided, both keep one list of companies, an invoice is shared, and what came of it counts for the KPIs of both and once for the
// programme.
func TestTwoPartnersPlanTheSameMission(t *testing.T) {
	inBrowser(t)
	t.Parallel()
	h, day := untilThisYear(t)
	year := day.Year().String()
	alpha, beta, officer := h.openTab(t, "coordinator@alpha.example"), h.openTab(t, "coordinator@beta.example"), h.openTab(t, "officer@bureau.example")
	planMission(t, alpha, "alpha", "Handelszending naar India", day, "cost.travel", "18000", "cost.venue", "2000", "effect.companies", "6")
	planMission(t, beta, "beta", "Trade mission to India", day.AddDays(1), "cost.travel", "10000", "effect.companies", "5")

	officer.open(t, "/plans/alpha/"+year)
	officer.sees(t, "To be decided first")
	officer.shoot(t, "india-plan-waits")
	if n := officer.eval(t, `String(document.querySelectorAll("form[action*='/approve']").length)`); n != "0" {
		t.Error("a plan with a close overlap can be approved on its page")
	}
	h.mayNotApprove(t, plan.Ref{Partner: "alpha", Year: day.Year()})

	officer.open(t, "/kpis/companies?year="+year)
	officer.sees(t, "For "+year+": not reported")

	joined := agreeToJoin(t, alpha, beta, year)
	officer.open(t, "/plans/alpha/"+year)
	officer.click(t, "form[action*='/approve'] button")
	officer.sees(t, "approved")
	officer.open(t, "/plans/beta/"+year)
	officer.click(t, "form[action*='/approve'] button")
	officer.sees(t, "approved")
	officer.shoot(t, "india-plan-beta")

	oneList(t, joined, alpha, beta, officer)
	h.sharedInvoice(t, joined, day)
	for partner, want := range map[string][2]string{"alpha": {"3 companies; 6 promised", "2.00 contacts; 2.00 promised"},
		"beta": {"3 companies; 5 promised", "1.00 contact"}} { // companies count for both, credit is divided
		officer.open(t, "/kpis/companies?year="+year+"&partner="+partner)
		officer.sees(t, want[0])
		officer.open(t, "/kpis/contacts?year="+year+"&partner="+partner)
		officer.sees(t, want[1])
	}
	officer.open(t, "/kpis/companies?year="+year)
	officer.sees(t, "3 companies; 11 promised")
	officer.sees(t, "Unique per partner, summed each partner’s own count 6")
	officer.sees(t, "Unique over the programme 3")
	officer.shoot(t, "india-kpi")
	officer.open(t, "/kpis/contacts?year="+year)
	officer.sees(t, "3.00 contacts")
}

// planMission writes a mission into a partner's plan with what it is to cost and to bring, and hands the plan in.
func planMission(t *testing.T, b *tab, partner, title string, day period.Date, estimate ...string) {
	t.Helper()
	at := "/plans/" + partner + "/" + day.Year().String()
	b.open(t, at)
	b.fill(t, nameIs("title"), title, nameIs("type"), "mission", nameIs("place"), "onsite", nameIs("starts_on"), string(day), nameIs("ends_on"), string(day.AddDays(4)),
		nameIs("city"), "Mumbai", nameIs("country"), "IN", nameIs("markets"), "IN", nameIs("sectors"), "food")
	b.eval(t, `document.querySelector("[name='needs'][value='contacts']").click(); ""`)
	b.click(t, "form[action*='/activities'] button")
	b.click(t, "[aria-labelledby=holds] td.er-num a")
	for i := 0; i < len(estimate); i += 2 {
		b.fill(t, nameIs(estimate[i]), estimate[i+1])
	}
	b.click(t, "form[action*='/estimate'] button")
	b.open(t, at)
	b.shoot(t, "india-plan-"+partner)
	b.click(t, "form[action*='/submit'] button")
	b.sees(t, "submitted")
}

// mayNotApprove: the verb itself refuses, whatever the page shows.
func (h *house) mayNotApprove(t *testing.T, ref plan.Ref) {
	t.Helper()
	by := h.actor(t, "officer@bureau.example")
	err := h.db.Write(t.Context(), h.programme.ID, func(tx *db.Tx) error { return plan.Approve(t.Context(), tx, by, h.programme.ID, ref) })
	if !fault.Is(err, fault.KindConflict) || fault.Of(err).Key != "plan.overlaps" {
		t.Errorf("approved with an overlap: %v", err)
	}
}

// agreeToJoin lets one side propose and the other agree, and gives the address of the activity that both organise.
func agreeToJoin(t *testing.T, alpha, beta *tab, year string) string {
	t.Helper()
	alpha.open(t, "/plans/alpha/"+year)
	alpha.click(t, "[aria-labelledby=way] a")
	alpha.sees(t, "the same market (India)")
	alpha.eval(t, `[...document.querySelectorAll("[name='keep']")].find(e => e.closest("label").innerText.includes("Handelszending")).click(); ""`)
	alpha.fill(t, nameIs("share.alpha"), "2", nameIs("share.beta"), "1", nameIs("note"), "One plane, one stand")
	alpha.click(t, "form[action*='/propose'] button")
	alpha.sees(t, "The proposal waits for the other organiser")
	alpha.shoot(t, "india-proposed")

	beta.open(t, "/plans/beta/"+year)
	beta.click(t, "[aria-labelledby=way] a")
	beta.sees(t, "One plane, one stand")
	beta.shoot(t, "india-offer")
	beta.click(t, "form[action*='/agree'] button")
	beta.sees(t, "became one")
	beta.shoot(t, "india-joined")

	alpha.open(t, "/plans/alpha/"+year)
	alpha.sees(t, "20,000.00") // two thirds of 30,000.00
	alpha.shoot(t, "india-merged-alpha")
	joined := alpha.eval(t, `new URL([...document.querySelectorAll("[aria-labelledby=holds] th a")].find(e => e.innerText.includes("Handelszending")).href).pathname`)
	alpha.click(t, "[aria-labelledby=holds] td.er-num a")
	alpha.sees(t, "30,000.00")
	alpha.shoot(t, "india-estimate")
	beta.open(t, "/plans/beta/"+year)
	beta.sees(t, "10,000.00")
	return joined
}

// oneList: both organisers keep the same list; who came is evidence that the agency verifies.
func oneList(t *testing.T, joined string, alpha, beta, officer *tab) {
	t.Helper()
	alpha.open(t, joined)
	alpha.click(t, "main a.btn-primary")
	alpha.click(t, "form[action*='/publish'] button")
	alpha.fill(t, nameIs("lines"), "1910001759\n1910033037")
	alpha.click(t, "form:has([name=lines]) button")
	alpha.sees(t, "2 companies are on the list")
	beta.open(t, joined+"/participants")
	beta.fill(t, nameIs("lines"), "1910.033.037\n1910.064.315")
	beta.click(t, "form:has([name=lines]) button")
	beta.sees(t, "Line 1: this company is on the list already")
	beta.shoot(t, "india-twice")
	beta.fill(t, nameIs("lines"), "1910.064.315")
	beta.click(t, "form:has([name=lines]) button")
	beta.sees(t, "3 companies are on the list")
	alpha.open(t, joined+"/participants")
	alpha.shoot(t, "india-list")
	alpha.click(t, "form[action*='/came'] button")
	alpha.click(t, "form[action*='/hold'] button")
	alpha.sees(t, "3 companies came")
	alpha.click(t, "form[action*='/report'] button")
	officer.open(t, joined+"/participants")
	officer.shoot(t, "india-report")
	officer.click(t, "form[action*='/verify'] button")
	officer.sees(t, "verified")
	officer.open(t, joined)
	officer.shoot(t, "india-activity")
}

// sharedInvoice: the lead enters an invoice once, it is divided by the agreed shares, and each takes its part into its claim.
func (h *house) sharedInvoice(t *testing.T, joined string, day period.Date) {
	t.Helper()
	one, two := h.openTab(t, "finance@alpha.example"), h.openTab(t, "finance@beta.example")
	one.open(t, "/shared?activity="+strings.TrimPrefix(joined, "/activities/"))
	one.fill(t, nameIs("category"), "travel", nameIs("supplier"), "BE0123456749", nameIs("invoice"), "IN-1", nameIs("invoiced"), string(day), nameIs("delivered"), string(day),
		nameIs("net"), "9000.01", nameIs("vat"), "0")
	one.click(t, "[name=look]")
	one.sees(t, "6,000.01")
	one.click(t, "form[action^='/shared'] .btn-primary")
	one.sees(t, "9,000.01")
	one.shoot(t, "india-shared")
	for b, amount := range map[*tab]string{one: "6,000.01", two: "3,000.00"} {
		b.open(t, "/shared")
		b.sees(t, amount)
		b.click(t, "form[action*='/take'] button")
		b.sees(t, amount)
	}
	two.shoot(t, "india-claim")
}
