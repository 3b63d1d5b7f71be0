package measures

import (
	"io"
	"net/http"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/web/webtest"
)

const head = "partner,kpi,year,quarter,status,value,numerator,denominator\n"

// TestAFileIsLookedAtThenKept: a preview saves nothing and says row by row what would become of it; what is kept comes back as it was, nothing
// reported is not 0, in every form that the page hands out.
func TestAFileIsLookedAtThenKept(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		r := webtest.Open(t, d, Routes).Reader("officer@bureau.example")
		r.Says(r.Page("/measures?year=2018", 200), "h1", "No KPI of 2018 is stated")
		file := []byte(head + "alpha,joint,2018,,,0,,\nbeta,joint,2018,,not-reported,,,\nalpha,satisfaction,2018,,,75,9,12\n")
		doc := r.Send("/measures/preview", 200, "m.csv", file)
		r.Says(doc, "h1", "m.csv states 3 measures.")
		r.Says(doc, ".er-lede", "Nothing is kept yet. 3 new, 0 stated otherwise before")
		r.Says(doc, "tbody tr:nth-child(2)", "n.r.new")
		r.Says(doc, "tbody tr:nth-child(3)", "75 (9 of 12)")
		r.Says(r.Page("/measures?year=2018", 200), "h1", "No KPI of 2018 is stated")
		body, _ := doc.Find("[name=body]").Attr("value")
		r.Post("/measures/keep", 200, "body", body, "name", "m.csv")
		kept := r.Page("/measures?year=2018", 200)
		r.Says(kept, "h1", "3 measures of 2018 are stated.")
		if n := kept.Find("tbody td.er-num:contains('n.r.')").Length(); n != 1 {
			t.Errorf("%d rows say that nothing is reported", n)
		}
		for _, form := range []string{"csv", "xlsx", "xml"} {
			res, err := r.Get(r.URL + "/measures?year=2018&format=" + form)
			if err != nil {
				t.Fatal(err)
			}
			sheet, err := io.ReadAll(res.Body)
			res.Body.Close()
			if err != nil || res.StatusCode != http.StatusOK {
				t.Fatal(form, res.Status, err)
			}
			again := r.Send("/measures/preview", 200, "again."+form, sheet)
			r.Says(again, "h1", "again."+form+" says nothing new.")
			r.Says(again, ".er-lede", "3 unchanged")
			if again.Find(".btn-primary").Length() != 0 {
				t.Errorf("%s: nothing can be kept", form)
			}
		}
		changed := r.Send("/measures/preview", 200, "m.csv", []byte(head+"beta,joint,2018,,,0,,\n"))
		r.Says(changed, "tbody", "changedwas n.r.")
		r.Page("/measures?format=pdf", http.StatusUnprocessableEntity)
	})
}

// TestAFileAtFaultIsNotKept: each fault stands at its row with its column and what was expected; nothing of the file is kept.
func TestAFileAtFaultIsNotKept(t *testing.T) {
	site := webtest.Open(t, dbtest.SQLite(t), Routes)
	r := site.Reader("officer@bureau.example")
	r.Page("/measures", 200)
	doc := r.Send("/measures/preview", 200, "m.csv", []byte(head+"alpha,joint,2018,,,1,,\nbeta,joint,2018,,not-reported,0,,\nbeta,joint,soon,,,1,,\nalpha,joint,2018,,,,,\n"))
	r.Says(doc, "h1", "3 of the 4 rows of m.csv are still wrong.")
	rows := doc.Find("tbody")
	for _, want := range []string{"value", "what is not reported has no number", "year", "soon", "status"} {
		r.Says(doc, "tbody", want)
	}
	if rows.Find("tr").Length() != 4 || doc.Find(".btn-primary").Length() != 0 {
		t.Error("rows are missing, or the file may be kept")
	}
	r.Says(doc, "tbody tr:last-child", "2Joint") // the good row comes after those to mend
	body, _ := doc.Find("[name=body]").Attr("value")
	r.Post("/measures/keep", http.StatusUnprocessableEntity, "body", body, "name", "m.csv")
	r.Says(r.Page("/measures?year=2018", 200), "h1", "No KPI of 2018 is stated")

	r.Says(r.Send("/measures/preview", 200, "m.csv", []byte("partner,colour\nalpha,red\n")), "main [role=alert]", "colour")
	r.Says(r.Send("/measures/preview", http.StatusUnprocessableEntity, "m.xlsx", []byte{0x50, 0x4b, 3, 4, 0}), "#fault-file", "m.xlsx")
	r.Says(r.Send("/measures/preview", http.StatusUnprocessableEntity, "m.csv", nil), "#fault-file", "m.csv")
	r.Says(r.Post("/measures/preview", http.StatusUnprocessableEntity), "#fault-file", "")

	partner := site.Reader("coordinator@alpha.example")
	partner.Page("/measures", 200)
	partner.Send("/measures/preview", http.StatusForbidden, "m.csv", []byte(head+"beta,joint,2018,,,1,,\n"))
	site.Reader("finance@alpha.example").Page("/measures", http.StatusForbidden)
}
