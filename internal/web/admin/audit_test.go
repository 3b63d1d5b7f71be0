package admin

import (
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/web/books"
	"errera.eu/errera/internal/web/webtest"
)

// TestTrailPage: what was done shows with its values; the chain can be checked, and a change to it is noticed.
func TestTrailPage(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes, books.Routes)
		r := s.Reader("controller@bureau.example")
		r.Post("/settlements/alpha/2018"+"/compute", 200)
		r.Post("/settlements/alpha/2018"+"/communicate", 200)
		doc := r.Page("/audit", 200)
		r.Says(doc, "tbody tr:first-child", "communicate a settlement")
		r.Says(doc, "tbody tr:first-child", "Controller")
		r.Says(doc, "tbody tr:first-child del", "computed")
		r.Says(r.Page("/audit?verify=1", 200), "h1", "links hold")
		r.Says(r.Page("/audit?trail=agency&verify=1", 200), "h1", "link")
		if n := r.Page("/audit?object=settlement", 200).Find("tbody tr").Length(); n != 2 {
			t.Errorf("%d changes of settlements, not 2", n)
		}
		r.Page("/audit?after=x", 422)
		s.Reader("finance@alpha.example").Page("/audit", 403)
	})
}
