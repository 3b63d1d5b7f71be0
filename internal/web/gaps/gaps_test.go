package gaps_test

import (
	"testing"

	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/web/gaps"
	"errera.eu/errera/internal/web/library"
	"errera.eu/errera/internal/web/webtest"
)

// TestAGapIsPutToThePartners: a priority that nobody serves shows, opens to who is best placed, and becomes a question with one click.
func TestAGapIsPutToThePartners(t *testing.T) {
	d := dbtest.SQLite(t)
	if err := job.Migrate(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	site := webtest.Open(t, d, gaps.Routes, library.Routes)
	officer, alpha := site.Reader("officer@bureau.example"), site.Reader("coordinator@alpha.example")
	officer.Says(officer.Page("/gaps?year=2018", 200), "h1", "no priorities")
	alpha.Page("/gaps?year=2018", 200)
	alpha.Post("/gaps/CL/food/set?year=2018", 403)
	officer.Post("/gaps/CL/food/set?year=2018", 422, "need", "beer")
	officer.Page("/gaps/XX/food", 404)
	officer.Page("/gaps/CL/Food%20", 404)
	officer.Page("/gaps?need=beer", 422)
	officer.Says(officer.Post("/gaps/CL/food/set?year=2018", 200), ".er-kind", "priority without offer")
	officer.Post("/gaps/DE/food/set?year=2018", 200, "need", "contacts")
	doc := officer.Page("/gaps?year=2018", 200)
	officer.Says(doc, "h1", "1 of the strategy’s 2 priorities is served by nobody in 2018")
	officer.Says(doc, ".er-heat .is-gap", "0")
	alpha.Says(alpha.Page("/gaps/CL/food?year=2018", 200), "[aria-labelledby=best]", "for this sector")
	doc = officer.Post("/gaps/CL/food/ask?year=2018", 200)
	officer.Says(doc, "h1", "Who takes up")
	officer.Says(doc, "main", "Alpha")
	officer.Says(officer.Page("/gaps/DE/food?year=2018", 200), "[aria-labelledby=offered]", "Mission to Leipzig")
	officer.Post("/gaps/CL/food/drop?year=2018", 200)
	officer.Post("/gaps/CL/food/drop?year=2018", 404)
	officer.Page("/gaps?format=csv&year=2018", 200)
}
