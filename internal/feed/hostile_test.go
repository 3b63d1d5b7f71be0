package feed

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/fetch"
	"errera.eu/errera/internal/text"
)

// hostile are feeds that harm whoever believes them, with what a reader is told of each, in English.
func hostile() map[string]struct {
	answer http.HandlerFunc
	says   string
} {
	sends := func(kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write([]byte(body))
		}
	}
	calendar := func(events ...string) http.HandlerFunc {
		return sends("text/calendar", "BEGIN:VCALENDAR\r\n"+strings.Join(events, "")+"END:VCALENDAR\r\n")
	}
	to := func(where string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", where)
			w.WriteHeader(http.StatusFound)
		}
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(make([]byte, 64<<20))
	_ = z.Close()
	many := func(n int) (all string) {
		for i := range n {
			all += vevent(fmt.Sprint(i), "T", "20270601")
		}
		return all
	}
	return map[string]struct {
		answer http.HandlerFunc
		says   string
	}{
		"endless": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(bytes.Repeat([]byte("X"), 1<<16)); err != nil {
					return
				}
			}
		}, "sends more than 1,024 KiB"},
		"a bomb": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed.Bytes())
		}, "sends more than 1,024 KiB"},
		"silent":           {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "was not done within 1 seconds"},
		"a loop":           {to("/agenda"), "redirects more than 3 times"},
		"the machine":      {to("http://127.0.0.1/"), "127.0.0.1 is not on the public internet"},
		"its cloud":        {to("http://169.254.169.254/latest/meta-data/"), "169.254.169.254 is not on the public internet"},
		"its network":      {to("http://10.0.0.1/"), "10.0.0.1 is not on the public internet"},
		"itself, in IPv6":  {to("http://[::1]/"), "[::1] is not on the public internet"},
		"a mapped address": {to("http://[::ffff:10.0.0.1]/"), "is not on the public internet"},
		"thirty years":     {calendar(vevent("d", "Daily", "20200101", "RRULE:FREQ=DAILY;UNTIL=20500101")), "recurs more than 100 times"},
		"each second":      {calendar(vevent("s", "S", "20270101", "RRULE:FREQ=SECONDLY")), "recurs by the hour or more often"},
		"a broken zone": {calendar("BEGIN:VTIMEZONE\r\nTZID:Z\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:z\r\nSUMMARY:Z\r\nDTSTART;TZID=Z:20270101T100000\r\nEND:VEVENT\r\n"),
			"the file defines time zone “Z”, but not readably"},
		"a zone of nowhere": {calendar("BEGIN:VEVENT\r\nUID:z\r\nSUMMARY:Z\r\nDTSTART;TZID=Nowhere:20270101T100000\r\nEND:VEVENT\r\n"), "time zone “Nowhere” does not exist"},
		"wrong encoding":    {calendar(vevent("a", "Li\xe8ge", "20270601")), "the characters are no UTF-8"},
		"one key twice":     {calendar(vevent("a", "A", "soon"), vevent("b", "B", "20200601"), vevent("b", "C", "20200601")), "the same key “b”"},
		"too many":          {calendar(many(5001)), "more than 5,000 events"},
		"broken data":       {sends("text/html", "<script type=\"application/ld+json\">{\n\n]</script>"), "the JSON-LD breaks here"},
		"nested without end": {sends("text/html", "<script type=\"application/ld+json\">"+strings.Repeat(`{"@graph":`, 200)+"1"+strings.Repeat("}", 200)+"</script>"),
			"nested too deeply"},
		"a page without data": {sends("text/html", "<p>Our agenda"), "holds no data about events"},
	}
}

// TestHostileFeedsAreBoundedAndReported: each ends in time, is kept as a reading with its reason in the reader's language, and leaves the
// activity that was there as it was.
func TestHostileFeedsAreBoundedAndReported(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t)).registered(t)
	w.site.says(vevent("good", "Good", "20270601"))
	if r, _ := w.run(t); r.Counts[Added] != 1 {
		t.Fatal(r)
	}
	for name, c := range hostile() {
		mux := http.NewServeMux()
		mux.HandleFunc("/robots.txt", http.NotFound)
		mux.HandleFunc("/agenda", c.answer)
		s := httptest.NewServer(mux)
		open := netip.MustParseAddrPort(s.Listener.Addr().String())
		w.reader.Fetcher = fetch.New("test", fetch.Limits{Bytes: 1 << 20, Redirects: 3, Time: time.Second}, func(to netip.AddrPort) bool { return to == open || fetch.Public(to) })
		err := w.d.Write(t.Context(), w.g, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), db.Query{Text: `update feed set url = $1`}, s.URL+"/agenda")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		r, lines := w.run(t)
		if took := time.Since(begun); took > 2*time.Minute { // a bound and no measurement: 5,000 activities under the race detector take their time
			t.Errorf("%s: took %v", name, took)
		}
		if said := r.Fault.Say(text.EN) + "\n" + lines; !strings.Contains(said, c.says) {
			t.Errorf("%s: %s %.200s, want %s", name, r.Outcome, said[max(0, len(said)-200):], c.says)
		}
		for _, l := range []text.Language{text.NL, text.FR} {
			if r.Outcome == Failed && (r.Fault.Say(l) == "" || r.Fault.Say(l) == r.Fault.Say(text.EN)) {
				t.Errorf("%s: nothing in %s", name, l)
			}
		}
		s.CloseClientConnections()
		s.Close()
		for _, a := range w.activities(t) {
			if a.Title == "Good" && a.State != activity.Published {
				t.Errorf("%s: the activity is %s", name, a.State)
			}
		}
	}
}

// TestDueFeedsAreAskedForOnce: a feed waits for its time; when it has come, one job stands for it however often one looks.
func TestDueFeedsAreAskedForOnce(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d).registered(t)
		waiting := func() (n int) {
			t.Helper()
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				return tx.Row(t.Context(), db.Query{Text: `select count(*) from river_job where kind = 'feed.run'`}).Scan(&n)
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		for range 2 {
			if err := EnqueueDue(t.Context(), w.d); err != nil || waiting() != 1 {
				t.Fatalf("%v, %d jobs", err, waiting())
			}
		}
		w.site.says()
		w.run(t) // its next time is tomorrow
		before := waiting()
		if err := EnqueueDue(t.Context(), w.d); err != nil || waiting() != before {
			t.Errorf("%v, %d jobs", err, waiting())
		}
		stale := w.feed // somebody who began before the reading ended
		err := d.Write(t.Context(), w.g, func(tx *db.Tx) error {
			return Run{N: stale.Runs + 1, Outcome: Same, Counts: map[Kind]int{}}.save(t.Context(), tx, w.g, stale, "", fetch.Known{})
		})
		if !fault.Is(err, fault.KindConflict) {
			t.Errorf("two readings at once: %v", err)
		}
	})
}
