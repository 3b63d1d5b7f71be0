package calendar

import (
	"net/http"
	"strings"
	"testing"

	goical "github.com/emersion/go-ical"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/web/webtest"
)

// TestTheCalendarAsAFile: whoever asks gets what is published and fits the address, and no more.
func TestTheCalendarAsAFile(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes)
		var all int
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.Row(t.Context(), db.Query{Text: `select count(*) from activity where state <> 'planned'`}).Scan(&all)
		}); err != nil {
			t.Fatal(err)
		}
		ask := func(query string) (int, []goical.Event) {
			res, err := http.Get(s.URL + "/calendar.ics" + query)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if res.StatusCode != http.StatusOK {
				return res.StatusCode, nil
			}
			if kind := res.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/calendar") {
				t.Errorf("sent as %q", kind)
			}
			c, err := goical.NewDecoder(res.Body).Decode()
			if err != nil {
				t.Fatal(err)
			}
			return res.StatusCode, c.Events()
		}
		_, events := ask("")
		if len(events) != all || all < 3 {
			t.Errorf("%d events of %d published activities", len(events), all)
		}
		_, alphas := ask("?organiser=alpha&lang=fr")
		if len(alphas) == 0 || len(alphas) >= len(events) {
			t.Errorf("%d events of alpha, of %d", len(alphas), len(events))
		}
		if _, none := ask("?to=1999-01-01"); len(none) != 0 {
			t.Errorf("%d events before anything began", len(none))
		}
		if status, _ := ask("?type=party"); status != http.StatusUnprocessableEntity {
			t.Errorf("a type that does not exist: %d", status)
		}
		link, _ := s.Reader("officer@bureau.example").Page("/calendar?market=DE&year=2018", http.StatusOK).Find("a[href^='/calendar.ics']").Attr("href")
		if !strings.Contains(link, "market=DE") || !strings.Contains(link, "lang=en") {
			t.Errorf("the page subscribes to %q", link)
		}
	})
}
