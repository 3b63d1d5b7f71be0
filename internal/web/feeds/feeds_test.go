package feeds_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path"
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/feed"
	"errera.eu/errera/internal/fetch"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/web/feeds"
	"errera.eu/errera/internal/web/webtest"
)

// TestAPartnersOwnCalendar: a coordinator registers the partner's feed; after a reading its page says what became of each event and why, in the
// reader's language; nobody else's coordinator sees it; when it is removed, its activities stay.
func TestAPartnersOwnCalendar(t *testing.T) {
	d := dbtest.SQLite(t)
	if err := job.Migrate(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	body := "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Export evening\r\nDTSTART;VALUE=DATE:20180612\r\nLOCATION:Gent\r\nEND:VEVENT\r\n" +
		"BEGIN:VEVENT\r\nUID:2\r\nSUMMARY:Broken zone\r\nDTSTART;TZID=Mars:20180612T100000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	outside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/a.ics" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(outside.Close)
	site := webtest.Open(t, d, feeds.Routes)
	alpha, beta, officer := site.Reader("coordinator@alpha.example"), site.Reader("coordinator@beta.example"), site.Reader("officer@bureau.example")
	alpha.Says(alpha.Page("/feeds", 200), "h1", "No partner has its own calendar read yet")
	form := []string{"partner", "alpha", "url", outside.URL + "/a.ics", "type", "seminar", "every", "24", "markets", "de", "sectors", "food", "needs", "contacts"}
	alpha.Says(alpha.Post("/feeds?lang=en", 422, "partner", "alpha", "url", "ftp://x", "type", "seminar", "every", "24", "markets", "XX"), "form", "“ftp://x” is no web address")
	alpha.Post("/feeds", 403, "partner", "beta", "url", outside.URL+"/a.ics", "type", "seminar", "every", "24")
	doc := alpha.Post("/feeds?lang=en", 200, form...)
	alpha.Says(doc, "h1", "has not been read yet")
	made := id.Feed(path.Base(doc.Url.Path))
	alpha.Says(alpha.Post("/feeds?lang=en", 409, form...), "form", "has this address as a feed already")

	open := netip.MustParseAddrPort(outside.Listener.Addr().String())
	reader := feed.Reader{DB: d, Fetcher: fetch.New("test", fetch.Usual(), func(to netip.AddrPort) bool { return to == open })}
	var g programme.Programme
	var by access.Actor
	if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		if g, err = programme.Current(t.Context(), tx, ""); err == nil {
			by, err = access.LoadActorByEmail(t.Context(), tx, "coordinator@alpha.example")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	read := func() {
		t.Helper()
		if _, err := reader.Run(t.Context(), by, g.ID, made); err != nil {
			t.Fatal(err)
		}
	}
	read()
	doc = officer.Page("/feeds/"+string(made), 200)
	officer.Says(doc, "h1", "1 new, 1 refused")
	officer.Says(doc, "[aria-labelledby=lines]", "time zone “Mars” does not exist, and the file does not define it")
	officer.Says(doc, "[aria-labelledby=lines] a[href^='/activities/']", "Export evening")
	beta.Page("/feeds/"+string(made), 404)
	body = strings.ReplaceAll(body, "20180612\r\n", "20180613\r\n")
	read()
	officer.Says(officer.Page("/feeds/"+string(made), 200), "[aria-labelledby=lines]", "first day:")
	officer.Says(officer.Page("/feeds", 200), "[aria-labelledby=feeds]", "1 changed, 1 refused")
	officer.Says(officer.Page("/feeds/"+string(made)+"?run=1", 200), "[aria-labelledby=lines]", "new")
	officer.Page("/feeds/"+string(made)+"?run=99", 422)
	officer.Page("/feeds/nonsense", 404)
	beta.Post("/feeds/"+string(made)+"/run", 404)
	beta.Post("/feeds/"+string(made)+"/remove", 404)
	alpha.Says(alpha.Post("/feeds/"+string(made)+"/run?lang=en", 200), "main", "is being read")
	changed(alpha, beta, "/feeds/"+string(made), outside.URL)
	alpha.Post("/feeds/"+string(made)+"/remove", 200)
	officer.Page("/feeds/"+string(made), 404)
	var left int
	if err := d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.Row(t.Context(), db.Query{Text: `select count(*) from activity where title = 'Export evening'`}).Scan(&left)
	}); err != nil || left != 1 {
		t.Errorf("%d activities left, %v", left, err)
	}
}

// changed gives the feed other settings, after a form at fault and a neighbour.
func changed(alpha, beta webtest.Reader, at, site string) {
	beta.Post(at, 404, "url", site+"/a.ics", "type", "seminar", "every", "24")
	settings := alpha.Page(at, 200).Find("#change")
	if url, _ := settings.Find("#url").Attr("value"); url != site+"/a.ics" || settings.Find("option[selected][value=seminar]").Length() != 1 ||
		settings.Find("input[name=needs][checked]").Length() != 1 || settings.Find("#markets").AttrOr("value", "") != "DE" {
		alpha.T.Errorf("the form starts from other settings: %s", webtest.Plain(settings))
	}
	doc := alpha.Post(at+"?lang=en", 422, "url", "gopher://x", "type", "seminar", "every", "0", "markets", "be")
	alpha.Says(doc, "#change", "“gopher://x” is no web address")
	alpha.Says(doc, "#change", "Choose every how many hours")
	if doc.Find("#url").AttrOr("value", "") != "gopher://x" || doc.Find("#markets").AttrOr("value", "") != "be" {
		alpha.T.Error("what was typed is gone")
	}
	alpha.Says(alpha.Post(at+"?lang=en", 200, "url", site+"/a.ics", "type", "course", "every", "6", "markets", "be fr"), "main", "settings are saved")
	alpha.Says(alpha.Page(at, 200), "[aria-labelledby=about]", "every 6 hoursUsual typecourseMarketBelgium, FranceRegistered")
	alpha.Says(alpha.Post(at+"?lang=en", 200, "url", site+"/b.ics", "type", "course", "every", "6"), "main", "is being read")
}
