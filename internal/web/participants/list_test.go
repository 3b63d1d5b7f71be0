package participants_test

import (
	"database/sql"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/web/participants"
	"errera.eu/errera/internal/web/webtest"
)

var attended = db.SQL("test.participants.evidence", `select e.state, e.shares from evidence e join company c on c.id = e.company_id
	where e.activity_id = (select id from activity where code = 'evening') and c.number = $1`)

// plan makes an evening of alpha and beta with two places, in the past.
func plan(t *testing.T, d *db.DB) {
	t.Helper()
	ctx := t.Context()
	var g programme.Programme
	var by access.Actor
	of := map[string]id.Organisation{}
	if err := d.Read(ctx, func(tx *db.Tx) (err error) {
		if g, err = programme.Current(ctx, tx, ""); err != nil {
			return err
		}
		all, err := programme.Organisations(ctx, tx)
		for _, o := range all {
			of[o.Code] = o.ID
		}
		if err != nil {
			return err
		}
		by, err = access.LoadActorByEmail(ctx, tx, "coordinator@alpha.example")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := d.Write(ctx, g.ID, func(tx *db.Tx) error {
		_, err := activity.Plan(ctx, tx, by, g.ID, "evening", activity.Details{Title: "Evening", Type: activity.Seminar, Starts: "2018-11-05", Place: activity.Online,
			Markets: []string{"IN"}, Places: 2}, []activity.Organiser{{Organisation: of["alpha"], Weight: 2}, {Organisation: of["beta"], Weight: 1}})
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestOneListOfAllOrganisers: both organisers keep one list, places run out, who came is evidence with both shares, corrections take it back, and
// the agency verifies what others reported.
func TestOneListOfAllOrganisers(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		if err := job.Migrate(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		site := webtest.Open(t, d, participants.Routes)
		plan(t, d)
		const page = "/activities/evening/participants"
		alpha, beta, gamma := site.Reader("coordinator@alpha.example"), site.Reader("coordinator@beta.example"), site.Reader("coordinator@gamma.example")
		officer := site.Reader("officer@bureau.example")
		alpha.Page(page, 200)
		beta.Page(page, 200)
		officer.Page(page, 200)
		gamma.Page(page, 404)
		gamma.Post(page, 404, "lines", "0403.170.701; Nobody")
		doc := alpha.Post(page, 422, "lines", "0403.170.701\n123\n\n0403170701; Twice")
		alpha.Says(doc, "[role=alert]", "Line 2: an enterprise number of ten digits")
		alpha.Says(doc, "[role=alert]", "Line 4: this company is on the list already")
		alpha.Says(alpha.Post(page, 422, "lines", "0403.170.701"), "[role=alert]", "Line 1: the register has no 0403.170.701")
		alpha.Says(alpha.Post(page, 200, "lines", "0403.170.701; First"), "h1", "1 company is on the list")
		alpha.Post("/activities/evening/publish", 200)
		beta.Says(beta.Post(page, 422, "lines", "0403.170.701"), "[role=alert]", "Line 1: this company is on the list already")
		doc = beta.Post(page, 200, "lines", "0202.239.951; Second\n0401.574.852; Third")
		beta.Says(doc, "main tbody", "Third0401.574.852waitlisted")
		third, found := doc.Find("form[action$='/confirm']").First().Attr("action")
		if !found {
			t.Fatal("nobody can be confirmed")
		}
		beta.Says(beta.Post(third, 409), "h1", "All 2 places are taken")
		alpha.Says(alpha.Post(page+"/came", 200), "main tbody", "attended")
		gamma.Post("/activities/evening/hold", 403)
		alpha.Says(alpha.Post("/activities/evening/hold", 200), "h1", "2 companies came")
		if state, shares := evidenceOf(t, d, "0403170701"); state != "reported" || len(shares) < 70 {
			t.Errorf("%s %s", state, shares)
		}
		doc = beta.Page(page, 200)
		miss, _ := doc.Find("form[action$='/miss']").First().Attr("action")
		beta.Says(beta.Post(miss, 200), "h1", "1 company came")
		if state, _ := evidenceOf(t, d, "0403170701"); state != "rejected" {
			t.Errorf("corrected: %s", state)
		}
		again, _ := beta.Page(page, 200).Find("form[action$='/attend']").First().Attr("action")
		alpha.Says(alpha.Post(again, 200), "h1", "2 companies came")
		alpha.Says(alpha.Post(page, 200, "lines", "0400.378.485; Walk-in"), "h1", "3 companies came")
		alpha.Says(alpha.Post("/activities/evening/report", 200), ".er-kind", "reported")
		alpha.Post("/activities/evening/verify", 403)
		officer.Says(officer.Post("/activities/evening/return", 422, "reason", ""), "[role=alert]", "reason")
		officer.Says(officer.Post("/activities/evening/return", 200, "reason", "who was the third?"), ".er-kind", "held")
		alpha.Post("/activities/evening/report", 200)
		officer.Says(officer.Post("/activities/evening/verify", 200), ".er-kind", "verified")
		for _, number := range []string{"0403170701", "0202239951", "0400378485"} {
			if state, _ := evidenceOf(t, d, number); state != "verified" {
				t.Errorf("%s: %s", number, state)
			}
		}
		if state, _ := evidenceOf(t, d, "0401574852"); state != "" {
			t.Errorf("who waited counts: %s", state)
		}
		alpha.Post(miss, 409)
	})
}

func evidenceOf(t *testing.T, d *db.DB, number string) (state, shares string) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.Each(t.Context(), attended, []any{number}, func(r *sql.Rows) error { return r.Scan(&state, &shares) })
	}); err != nil {
		t.Fatal(err)
	}
	return state, shares
}
