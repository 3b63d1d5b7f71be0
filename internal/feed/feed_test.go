package feed

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/fetch"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// A site is a partner's website: one calendar, that tests write anew.
type site struct {
	*httptest.Server
	lock sync.Mutex
	body string
	kind string
	tag  string // "" sends no ETag
	asks int
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if r.URL.Path != "/agenda" {
		http.NotFound(w, r)
		return
	}
	s.asks++
	if s.tag != "" {
		w.Header().Set("ETag", s.tag)
		if r.Header.Get("If-None-Match") == s.tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.Header().Set("Content-Type", s.kind)
	_, _ = w.Write([]byte(s.body))
}

func (s *site) says(events ...string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.body = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.Join(events, "") + "END:VCALENDAR\r\n"
}

func vevent(uid, title, day string, more ...string) string {
	return "BEGIN:VEVENT\r\nUID:" + uid + "\r\nSUMMARY:" + title + "\r\nDTSTART;VALUE=DATE:" + day + "\r\n" + strings.Join(append(more, "END:VEVENT\r\n"), "\r\n")
}

type world struct {
	d           *db.DB
	g           id.Programme
	alpha, beta id.Organisation
	site        *site
	reader      Reader
	feed        Feed
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{d: d.WithClock(func() time.Time { return time.Date(2027, 1, 15, 9, 0, 0, 0, time.UTC) }), g: id.New[id.Programme](), site: &site{kind: "text/calendar"}}
	w.site.Server = httptest.NewServer(w.site)
	t.Cleanup(w.site.Close)
	open := netip.MustParseAddrPort(w.site.Listener.Addr().String())
	w.reader = Reader{w.d, fetch.New("test", fetch.Limits{Bytes: 1 << 20, Redirects: 3, Time: 2 * time.Second}, func(to netip.AddrPort) bool { return to == open })}
	if err := job.Migrate(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	var who []programme.Organisation
	for i, code := range []string{"agency", "alpha", "beta"} {
		kind := programme.KindPartner
		if i == 0 {
			kind = programme.KindAgency
		}
		who = append(who, programme.Organisation{ID: id.New[id.Organisation](), Code: code, Name: code, Kind: kind, Position: i})
	}
	w.alpha, w.beta = who[1].ID, who[2].ID
	err := d.WriteAgency(t.Context(), func(tx *db.Tx) error {
		if err := programme.AddOrganisations(t.Context(), tx, who); err != nil {
			return err
		}
		if err := programme.Begin(t.Context(), tx, programme.Programme{ID: w.g, Code: "g", Starts: "2027-01-01", Ends: "2027-12-31", Currency: "EUR", Agency: who[0].ID}); err != nil {
			return err
		}
		return programme.Publish(t.Context(), tx, w.g)
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// registered adds the feed of the site as an administrator would on the command line.
func (w *world) registered(t *testing.T) *world {
	t.Helper()
	return w.registeredAt(t, w.site.URL+"/agenda")
}

func (w *world) registeredAt(t *testing.T, url string) *world {
	t.Helper()
	err := w.d.Write(t.Context(), w.g, func(tx *db.Tx) (err error) {
		if err := tx.Insert(t.Context(), "feed", strings.Fields(`programme_id id organisation_id url state type markets sectors needs every_hours next_at etag modified
			runs made_by made_at`), [][]any{{w.g, id.New[id.Feed](), w.alpha, url, Active, activity.Seminar, "IN", "food", "contacts", 24, tx.Now, "", "", 0, nil, tx.Now}}); err != nil {
			return err
		}
		all, err := List(t.Context(), tx, access.All, w.g)
		w.feed = all[0]
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// run reads the feed and gives its lines as "kind title (fields): why".
func (w *world) run(t *testing.T) (Run, string) {
	t.Helper()
	r, err := w.reader.run(t.Context(), w.g, w.feed.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	var stored []Line
	err = w.d.Read(t.Context(), func(tx *db.Tx) (err error) { stored, err = Lines(t.Context(), tx, w.g, w.feed.ID, r.N); return err })
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range stored {
		var fields []string
		for _, f := range l.Fields {
			fields = append(fields, f.Name+" "+f.From+">"+f.To)
		}
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s [%s] %s", l.Kind, l.Title, strings.Join(fields, ", "), l.Why.Say(text.EN))))
	}
	return r, strings.Join(out, "\n")
}

func (w *world) activities(t *testing.T) []activity.Activity {
	t.Helper()
	var all []activity.Activity
	err := w.d.Read(t.Context(), func(tx *db.Tx) (err error) {
		all, _, err = activity.List(t.Context(), tx, w.g, activity.Filter{Scope: access.All})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (w *world) count(t *testing.T, table string) (n int) {
	t.Helper()
	err := w.d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.Row(t.Context(), db.Query{Text: "select count(*) from " + table}).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestAFeedFromDayToDay follows one feed: new events, the same again, changes, what a person changed, cancellations, what is no longer listed.
func TestAFeedFromDayToDay(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d).registered(t)
		a := vevent("a", "Mission to India", "20270308", "DTEND;VALUE=DATE:20270313", "LOCATION:Mumbai", "CATEGORIES:Mission", "URL:https://alpha.example/india")
		b := vevent("b", "Export evening", "20270401", "LOCATION:Gent")
		c := vevent("c", "Course", "20270501", "RRULE:FREQ=WEEKLY;COUNT=2")
		bad := vevent("d", "Without a day", "soon")
		w.site.says(a, b, c, bad)
		r, lines := w.run(t)
		if want := "added Mission to India []\nadded Export evening []\nadded Course []\nadded Course []\nrefused Without a day [] “soon” is no day or moment"; lines != want {
			t.Fatalf("%s\nwant\n%s", lines, want)
		}
		if r.Outcome != Read || r.Seen != 4 || r.Counts[Added] != 4 {
			t.Errorf("%+v", r)
		}
		all := w.activities(t)
		i := slices.IndexFunc(all, func(x activity.Activity) bool { return x.Title == "Mission to India" })
		if len(all) != 4 || all[i].Type != activity.Mission || all[i].State != activity.Published || all[i].Ends != "2027-03-12" || all[i].City != "Mumbai" ||
			!slices.Equal(all[i].Markets, []string{"IN"}) || all[i].Lead().Organisation != w.alpha {
			t.Errorf("%+v", all)
		}
		audited := w.count(t, "audit")
		for range 2 { // the same again changes nothing
			if _, lines = w.run(t); lines != "refused Without a day [] “soon” is no day or moment" || len(w.activities(t)) != 4 || w.count(t, "audit") != audited {
				t.Errorf("again: %s, %d audit rows more", lines, w.count(t, "audit")-audited)
			}
		}
		// somebody changes the title here, the site the title and the place
		w.change(t, all[i].Code, func(d *activity.Details) { d.Title = "Trade mission to India" })
		w.site.says(strings.NewReplacer("Mission to India", "India mission 2027", "Mumbai", "Delhi").Replace(a), b, c)
		_, lines = w.run(t)
		if want := "changed India mission 2027 [city Mumbai>Delhi]\nkept India mission 2027 [title Trade mission to India>India mission 2027] changed in Errera, and that stays"; lines != want {
			t.Errorf("%s\nwant\n%s", lines, want)
		}
		if _, lines = w.run(t); lines != "" {
			t.Errorf("said twice: %s", lines)
		}
		if x := w.byCode(t, all[i].Code); x.Title != "Trade mission to India" || x.City != "Delhi" {
			t.Errorf("%+v", x)
		}
		// one cancelled, one day of a series moved, one gone
		w.site.says(strings.NewReplacer("Mission to India", "India mission 2027", "Mumbai", "Delhi", "END:VEVENT", "STATUS:CANCELLED\r\nEND:VEVENT").Replace(a), c,
			vevent("c", "Course", "20270509", "RECURRENCE-ID;VALUE=DATE:20270508"))
		_, lines = w.run(t)
		if want := "changed Course [starts_on 2027-05-08>2027-05-09, ends_on 2027-05-08>2027-05-09]\ncancelled India mission 2027 [state published>cancelled]\n" +
			"gone Export evening [] the activity stays until somebody cancels it"; lines != want {
			t.Errorf("%s\nwant\n%s", lines, want)
		}
		if x := w.byCode(t, all[i].Code); x.State != activity.Cancelled || !strings.Contains(x.Reason, w.site.URL) {
			t.Errorf("%+v", x)
		}
		// listed again, and called on again: what was cancelled stays so
		w.site.says(strings.NewReplacer("Mission to India", "India mission 2027", "Mumbai", "Delhi").Replace(a), b, c,
			vevent("c", "Course", "20270509", "RECURRENCE-ID;VALUE=DATE:20270508"))
		_, lines = w.run(t)
		if want := "back Export evening []\nkept India mission 2027 [] the activity is cancelled and stays so"; lines != want {
			t.Errorf("%s\nwant\n%s", lines, want)
		}
		if len(w.activities(t)) != 4 {
			t.Errorf("%d activities", len(w.activities(t)))
		}
	})
}

func (w *world) change(t *testing.T, code string, how func(*activity.Details)) {
	t.Helper()
	d := w.byCode(t, code).Details
	how(&d)
	err := w.d.Write(t.Context(), w.g, func(tx *db.Tx) error {
		_, err := activity.Change(t.Context(), tx, w.coordinator(w.alpha), w.g, code, d)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) byCode(t *testing.T, code string) (a activity.Activity) {
	t.Helper()
	err := w.d.Read(t.Context(), func(tx *db.Tx) (err error) {
		a, err = activity.ByCode(t.Context(), tx, access.All, w.g, code)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (w *world) coordinator(o id.Organisation) access.Actor {
	return access.Actor{Memberships: []access.Membership{{Organisation: o, Role: access.Coordinator}}, ID: id.New[id.Person]()}
}

// TestWhatWasTypedBeforeIsRecognised: the feed's event becomes no second activity, and what was typed stays.
func TestWhatWasTypedBeforeIsRecognised(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t)).registered(t)
	err := w.d.Write(t.Context(), w.g, func(tx *db.Tx) error {
		_, err := activity.Plan(t.Context(), tx, w.coordinator(w.alpha), w.g, "", activity.Details{Title: "Café & Export!", Type: activity.Seminar, Starts: "2027-06-01", Place: activity.Onsite,
			City: "Gand"}, []activity.Organiser{{Organisation: w.alpha, Weight: 1}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.site.says(vevent("x", "CAFE  EXPORT", "20270601", "LOCATION:Gent"), vevent("y", "Cafe export", "20270602"))
	_, lines := w.run(t)
	if want := "added Cafe export []\nlinked CAFE EXPORT [title Café & Export!>CAFE EXPORT, city Gand>Gent]"; lines != want {
		t.Errorf("%s\nwant\n%s", lines, want)
	}
	if _, lines = w.run(t); lines != "" || len(w.activities(t)) != 2 {
		t.Errorf("%s, %d activities", lines, len(w.activities(t)))
	}
}

// TestReadingsThatFail: each is kept with its reason, leaves everything as it was, and is tried again when its time comes.
func TestReadingsThatFail(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t)).registered(t)
	w.site.says(vevent("a", "A", "20270601"))
	w.site.tag = `"1"`
	if r, _ := w.run(t); r.Counts[Added] != 1 {
		t.Fatal(r)
	}
	if r, lines := w.run(t); r.Outcome != Same || lines != "" {
		t.Errorf("%+v %s", r, lines)
	}
	w.site.tag = ""
	for body, want := range map[string]string{
		"<html>nothing":                    "What the address sends is no iCalendar file.",
		strings.Repeat("x", 2<<20):         "sends more than 1,024 KiB",
		"":                                 "What the address sends is no iCalendar file.",
		"BEGIN:VCALENDAR\r\nEND:VCALENDAR": "",
	} {
		w.site.body = body
		r, lines := w.run(t)
		if !strings.Contains(r.Fault.Say(text.EN), want) || (want == "") != (r.Outcome == Read) {
			t.Errorf("%.20q: %+v %s", body, r, lines)
		}
		if want != "" && lines != "" {
			t.Errorf("%.20q: %s", body, lines)
		}
	}
	if a := w.activities(t); len(a) != 1 || a[0].State != activity.Published {
		t.Errorf("%+v", a)
	}
	var runs []Run
	var f Feed
	err := w.d.Read(t.Context(), func(tx *db.Tx) (err error) {
		if f, err = Load(t.Context(), tx, access.All, w.g, w.feed.ID); err == nil {
			runs, err = Runs(t.Context(), tx, w.g, w.feed.ID)
		}
		return err
	})
	if err != nil || len(runs) != 6 || runs[0].N != 6 || f.Runs != 6 || f.NextAt != db.TimeOf(time.Date(2027, 1, 16, 9, 0, 0, 0, time.UTC)) {
		t.Errorf("%v %+v %+v", err, runs, f)
	}
	w.reader.Fetcher = fetch.New("test", fetch.Usual(), fetch.Public)
	if r, _ := w.run(t); r.Outcome != Failed || !strings.Contains(r.Fault.Say(text.NL), "ligt niet op het openbare internet") {
		t.Errorf("%+v", r)
	}
}

// TestManyRunsAreKeptInBounds: the newest readings stay, the oldest go.
func TestManyRunsAreKeptInBounds(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t)).registered(t)
	w.site.says(vevent("a", "A", "soon"))
	for range keptRuns + 5 {
		w.run(t)
	}
	if n := w.count(t, "feed_run"); n != keptRuns {
		t.Errorf("%d runs", n)
	}
	if n := w.count(t, "feed_line"); n != keptRuns {
		t.Errorf("%d lines", n)
	}
}

func TestWhoMayHaveAFeed(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	add := func(by access.Actor, n NewFeed) (f Feed, err error) {
		err = w.d.Write(t.Context(), w.g, func(tx *db.Tx) (err error) { f, err = Add(t.Context(), tx, by, w.g, n); return err })
		return f, err
	}
	own := NewFeed{Partner: "alpha", Settings: Settings{URL: "https://alpha.example/a.ics", Markets: []string{"IN"}}}
	with := func(how func(*NewFeed)) NewFeed { n := own; how(&n); return n }
	alpha := access.Actor{Memberships: []access.Membership{{Organisation: w.alpha, Role: access.Coordinator}}, Name: "x"}
	for name, c := range map[string]struct {
		by    access.Actor
		n     NewFeed
		kind  fault.Kind
		field string
	}{
		"nobody":        {access.Visitor(), own, fault.KindDenied, ""},
		"a neighbour":   {w.coordinator(w.beta), own, fault.KindDenied, ""},
		"no address":    {w.coordinator(w.alpha), with(func(n *NewFeed) { n.URL = "alpha.example" }), fault.KindInvalid, "url"},
		"a file":        {w.coordinator(w.alpha), with(func(n *NewFeed) { n.URL = "file:///etc/passwd" }), fault.KindInvalid, "url"},
		"too often":     {w.coordinator(w.alpha), with(func(n *NewFeed) { n.EveryHours = -1 }), fault.KindInvalid, "every"},
		"no type":       {w.coordinator(w.alpha), with(func(n *NewFeed) { n.Type = "party" }), fault.KindInvalid, "type"},
		"no market":     {w.coordinator(w.alpha), with(func(n *NewFeed) { n.Markets = []string{"XX"} }), fault.KindInvalid, "markets"},
		"no partner":    {w.coordinator(w.alpha), with(func(n *NewFeed) { n.Partner = "gamma" }), fault.KindInvalid, "partner"},
		"none at all":   {w.coordinator(w.alpha), with(func(n *NewFeed) { n.Partner = "" }), fault.KindInvalid, "partner"},
		"not signed in": {alpha, own, fault.KindDenied, ""},
		"not a person":  {w.coordinator(w.alpha), own, fault.KindConflict, ""},
	} {
		if _, err := add(c.by, c.n); !fault.Is(err, c.kind) || fault.Of(err).Field != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}
