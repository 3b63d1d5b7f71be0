package overlaps_test

import (
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/web/overlaps"
	"errera.eu/errera/internal/web/webtest"
)

// plan makes a mission to India of a partner in the small programme.
func plan(t *testing.T, d *db.DB, partner, code, title string) {
	t.Helper()
	ctx := t.Context()
	var g programme.Programme
	var by access.Actor
	var lead id.Organisation
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		if g, err = programme.Current(ctx, tx, ""); err != nil {
			return err
		}
		if by, err = access.LoadActorByEmail(ctx, tx, "coordinator@"+partner+".example"); err == nil {
			lead = by.Partner()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Write(ctx, g.ID, func(tx *db.Tx) error {
		_, err := activity.Plan(ctx, tx, by, g.ID, code, activity.Details{Title: title, Type: activity.Mission, Starts: "2018-11-05", Ends: "2018-11-09",
			Place: activity.Onsite, City: "Mumbai", Country: "IN", Markets: []string{"IN"}, Sectors: []string{"food"}, Needs: []string{"contacts"}},
			[]activity.Organiser{{Organisation: lead, Weight: 1}})
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestTheDeskOfOverlaps(t *testing.T) {
	d := dbtest.SQLite(t)
	if err := job.Migrate(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	site := webtest.Open(t, d, overlaps.Routes)
	officer, alpha, beta := site.Reader("officer@bureau.example"), site.Reader("coordinator@alpha.example"), site.Reader("coordinator@beta.example")
	officer.Says(officer.Page("/overlaps", 200), "h1", "In 2018 no activities overlap")
	plan(t, d, "alpha", "alpha-india", "Handelszending naar India")
	plan(t, d, "beta", "beta-india", "Trade mission to India")
	doc := alpha.Page("/overlaps", 200)
	alpha.Says(doc, "h1", "1 pair of activities overlaps")
	alpha.Says(doc, "main tbody", "Trade mission to India")
	one, found := doc.Find("main tbody a[href^='/overlaps/']").First().Attr("href")
	if !found {
		t.Fatal("no overlap leads to its page")
	}
	one, _, _ = strings.Cut(one, "?")
	officer.Page("/overlaps?kind=same&partner=beta&format=csv", 200)
	officer.Page("/overlaps?state=no", 422)
	officer.Page("/overlaps?kind=no", 422)
	officer.Page("/overlaps/alpha-india/nothing", 404)
	site.Reader("finance@beta.example").Page("/overlaps", 403)
	doc = beta.Page(one, 200)
	beta.Says(doc, ".er-lede", "the same name, on the same days, both in Mumbai, the same market (India)")
	if doc.Find("main a[href*='/activities/alpha-india']").Length() > 0 {
		t.Error("a plan of another leads to its page")
	}
	alpha.Says(alpha.Post(one+"/propose", 422, "keep", "alpha-india", "share.alpha", "2", "share.beta", "x"), "[role=alert]", "Give each organiser a share")
	alpha.Says(alpha.Post(one+"/justify", 422, "reason", ""), "[role=alert]", "Give a reason")
	alpha.Post(one+"/dismiss", 403, "reason", "no")
	alpha.Says(alpha.Post(one+"/propose", 200, "keep", "alpha-india", "share.alpha", "2", "share.beta", "1", "note", "one plane"), "[aria-labelledby=offer]", "66.7")
	alpha.Post(one+"/agree", 403)
	doc = beta.Page(one, 200)
	beta.Says(doc, "[aria-labelledby=offer]", "one plane")
	beta.Says(doc, "[aria-labelledby=offer] .btn-primary", "Join with these shares")
	beta.Says(beta.Post(one+"/agree", 200), "h1", "became one")
	beta.Says(beta.Page("/overlaps?state=joined", 200), "main tbody", "joined")
	officer.Says(officer.Page("/overlaps", 200), "h1", "no activities overlap")
}
