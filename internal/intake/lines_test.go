package intake

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/intake/country"
	"errera.eu/errera/internal/programme"
)

func current(t testing.TB, d *db.DB) programme.Programme {
	t.Helper()
	var g programme.Programme
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		g, err = programme.Current(t.Context(), tx, "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func readLines(t testing.TB, organiser, content string) *ActivityFile {
	t.Helper()
	f, err := ReadActivities(strings.NewReader(content), "a.jsonl", organiser)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestReadActivitiesRefusesRows(t *testing.T) {
	good := `{"by": "Alpha", "name": "Good", "start": "2018-05-01"}`
	tests := []struct {
		row, column, found string
		want               string
	}{
		{`{"by": "Alpha", "name": "No end"`, "", `{"by": "Alpha", "name": "No end"`, "json"},
		{`[1, 2]`, "", `[1, 2]`, "json"},
		{`null`, "", `null`, "json"},
		{`{"name": "x", "start": "2018-05-01"}`, "by", "", "required"},
		{`{"by": "A", "start": "2018-05-01"}`, "title", "", "required"},
		{`{"by": "A", "title": "  ", "start": "2018-05-01"}`, "title", "", "required"},
		{`{"by": "A", "name": "x"}`, "start", "", "required"},
		{`{"by": "A", "name": "x", "start": "1 May 2018"}`, "start", "1 May 2018", "date"},
		{`{"by": "A", "name": "x", "start": "2018-02-29"}`, "start", "2018-02-29", "date"},
		{`{"by": "A", "name": "x", "start": 20180501}`, "start", "20180501", "string"},
		{`{"by": "A", "name": "x", "start": "2018-05-01", "end": "2018-04-30"}`, "end", "2018-04-30", "not_before"},
		{`{"by": "A", "name": "x", "start": "2018-05-01", "country": "Atlantis"}`, "country", "Atlantis", "country_name"},
		{`{"by": "A", "name": "x", "start": "2018-05-01", "url": "javascript:alert(1)"}`, "url", "javascript:alert(1)", "url"},
		{`{"by": "A", "name": "x", "start": "2018-05-01", "type": "party"}`, "type", "party", "one_of"},
		{`{"by": "A", "name": "x", "start": "2018-05-01", "online": "yes"}`, "online", `"yes"`, "bool"},
		{`{"by": "A", "name": "x", "start": "2018-05-01", "markets": ["FR", "Mars"]}`, "markets", `"Mars"`, "countries"},
		{`{"by": "A", "name": "x", "start": "2018-05-01", "needs": ["money"]}`, "needs", `"money"`, "words_of"},
		{`{"by": "A", "name": "x", "start": "2018-05-01", "sectors": 5}`, "sectors", "5", "strings"},
		{`{"by": "A", "name": "x", "start": "2018-05-01", "language": "dutch"}`, "language", "dutch", "language"},
		{`{"by": "A", "name": "x", "start": "2018-05-01", "places": 2.5}`, "places", "2.5", "integer"},
		{`{"by": "A\u0000", "name": "x", "start": "2018-05-01"}`, "by", "A\x00", "printable"},
		{`{"by": "A", "name": "` + strings.Repeat("x", 301) + `", "start": "2018-05-01"}`, "name", strings.Repeat("x", 80) + "…", "shorter"},
	}
	for _, test := range tests {
		f := readLines(t, "by", good+"\n\n"+test.row+"\r\n"+good)
		if len(f.rows) != 2 || f.bad != 1 || f.File.Rows != 3 || len(f.Refused) != 1 {
			t.Errorf("%s: %d good, %d bad of %d, faults %v", test.row, len(f.rows), f.bad, f.File.Rows, f.Refused)
			continue
		}
		got := f.Refused[0]
		if got.Line != 3 || got.Column != test.column || got.Found != test.found || string(got.Want) != "intake.want."+test.want {
			t.Errorf("%s: %+v", test.row, got)
		}
	}
}

func TestReadActivitiesFields(t *testing.T) {
	f := readLines(t, "organiser", "\ufeff"+`{"id": 7, "organiser": "Alpha", "title": " Two  days ", "type": "seminar", "start": "2018-05-01T09:00:00Z",
 "end": "2018-05-02"}`)
	if f.bad != 2 {
		t.Errorf("an object over two lines: %d bad", f.bad)
	}
	f = readLines(t, "organiser", "\ufeff"+`{"id": 7, "organiser": "Alpha", "title": " Two  days ", "type": "seminar", "start": "2018-05-01T09:00:00Z", `+
		`"end": "2018-05-02", "city": "Lyon", "country": "Frankrijk", "url": "https://a.example/x", "language": "fr", "online": true, `+
		`"markets": ["France", "DE"], "sectors": ["Life Sciences", "food"], "needs": "information contacts", "speaker": "Ann", "places": 4}`)
	if len(f.rows) != 1 {
		t.Fatalf("%v", f.Refused)
	}
	a := f.rows[0]
	if a.Title != "Two days" || a.Type != activity.Seminar || a.Starts != "2018-05-01" || a.Ends != "2018-05-02" || a.Country != "FR" ||
		a.Place != activity.Hybrid || a.Places != 4 || a.State != activity.Published || !slices.Equal(a.Markets, []string{"FR", "DE"}) ||
		!slices.Equal(a.Sectors, []string{"life-sciences", "food"}) || !slices.Equal(a.Needs, []string{"information", "contacts"}) {
		t.Errorf("%+v", a)
	}
	if !maps.Equal(f.Ignored, map[string]int{"speaker": 1}) {
		t.Errorf("ignored %v", f.Ignored)
	}
}

func TestCountryNamed(t *testing.T) {
	for name, want := range map[string]string{"U.S.A.": "US", "U.K.": "GB", "Scotland": "GB", "Duitsland": "DE", "Côte d’Ivoire": "CI",
		"Korea": "KR", "Czech Republic": "CZ", "Bosnia and Herzegovina": "BA", "Kosovo": "XK", "be": "", "BE": "BE", "Hong Kong": "HK",
		"Turkey": "TR", "North Macedonia": "MK", "": "", "Puerto Rico": "PR"} {
		if got, known := country.Named(name); got != want || known != (want != "") {
			t.Errorf("%q: %q %v, want %q", name, got, known, want)
		}
	}
}

func TestLoadActivities(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		load(t, d, byHand(t))
		g, by := current(t, d), access.System("test")
		content := `{"by": "Alpha", "name": "One", "start": "2018-05-01"}
{"by": "Newcomer & Co", "name": "Two", "start": "2019-05-01", "country": "Belgium"}
{"by": "alpha", "name": "bad", "start": "then"}
{"by": "Alpha", "name": "One", "start": "2018-05-01"}
`
		before := rowCounts(t, d)
		dry, err := LoadActivities(t.Context(), d, by, g, readLines(t, "by", content), true)
		if err != nil || dry.Done != Checked || dry.Loaded != 2 || !maps.Equal(before, rowCounts(t, d)) {
			t.Errorf("dry run: %v %+v", err, dry)
		}
		r, err := LoadActivities(t.Context(), d, by, g, readLines(t, "by", content), false)
		if err != nil {
			t.Fatal(err)
		}
		if r.Done != Loaded || r.Read != 4 || r.Loaded != 2 || r.Already != 1 || r.Bad != 1 || r.Outside != 1 ||
			!slices.Equal(r.Organisers, []string{"newcomer-co"}) || len(r.Refused) != 1 {
			t.Errorf("%+v", r)
		}
		after := rowCounts(t, d)
		if after["activity"] != before["activity"]+2 || after["organisation"] != before["organisation"]+1 ||
			after["activity_organiser"] != before["activity_organiser"]+2 {
			t.Errorf("%v, before %v", after, before)
		}
		again, err := LoadActivities(t.Context(), d, by, g, readLines(t, "by", content), false)
		if err != nil || again.Done != Unchanged || again.Loaded != 0 || again.Already != 3 || !maps.Equal(after, rowCounts(t, d)) {
			t.Errorf("again: %v %+v", err, again)
		}
		more, err := LoadActivities(t.Context(), d, by, g, readLines(t, "by", content+`{"by":"Alpha","name":"Three","start":"2018-06-01"}`), false)
		if err != nil || more.Loaded != 1 || more.Already != 3 {
			t.Errorf("one more row: %v %+v", err, more)
		}
		whole(t, d)
		if _, err := LoadActivities(t.Context(), d, access.Visitor(), g, readLines(t, "by", content), false); !fault.Is(err, fault.KindDenied) {
			t.Errorf("a visitor: %v", err)
		}
	})
}

// The real list of conferences: every row is accounted for.
func TestLoadRealConferences(t *testing.T) {
	const path = "../../../shared/data/events/tech-conferences.jsonl"
	in, err := os.Open(path)
	if os.IsNotExist(err) {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s must be there in CI", path)
		}
		t.Skipf("%s is not here", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	f, err := ReadActivities(in, "tech-conferences.jsonl", "topic")
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		load(t, d, byHand(t))
		start := time.Now()
		r, err := LoadActivities(t.Context(), d, access.System("test"), current(t, d), f, false)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d rows in %v", r.Read, time.Since(start))
		if r.Read != 6831 || r.Loaded+r.Already+r.Bad != r.Read || r.Loaded < 6800 {
			t.Errorf("read %d, loaded %d, already %d, bad %d: %v", r.Read, r.Loaded, r.Already, r.Bad, r.Refused)
		}
		again, err := LoadActivities(t.Context(), d, access.System("test"), current(t, d), f, false)
		if err != nil || again.Loaded != 0 || again.Done != Unchanged {
			t.Errorf("again: %v, %d loaded", err, again.Loaded)
		}
	})
}

func FuzzReadActivities(f *testing.F) {
	f.Add(`{"by": "A", "name": "x", "start": "2018-05-01", "markets": ["FR"]}`)
	f.Add("\ufeff{}\r\n\x00\xff")
	f.Fuzz(func(t *testing.T, content string) {
		file, err := ReadActivities(strings.NewReader(content), "a", "by")
		if err != nil {
			t.Fatal(err)
		}
		if len(file.rows)+file.bad != file.File.Rows {
			t.Errorf("%d good and %d bad of %d", len(file.rows), file.bad, file.File.Rows)
		}
	})
}
