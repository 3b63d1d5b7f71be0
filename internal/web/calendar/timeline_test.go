package calendar

import (
	"net/url"
	"strings"
	"testing"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// sample is a calendar of four organisations: the agency, two neighbours, and one of another group.
func sample(all ...activity.Activity) calendarPage {
	var rows []report.CalendarRow
	for i, code := range []string{"agency", "alder", "birch", "cedar"} {
		o := programme.Organisation{ID: id.Organisation(code), Code: code, Short: code}
		rows = append(rows, report.CalendarRow{Organisation: o, Opens: i == 1 || i == 3})
	}
	p := frame.Page{Asker: serve.Asker{Language: text.EN}, Year: 2019, AsOf: "2019-09-16", Today: "2026-11-24", URL: &url.URL{Path: "/calendar"}}
	return calendarPage{Page: p, Calendar: &report.Calendar{Rows: rows, Chosen: all}}
}

func doing(code string, kind activity.Type, starts, ends period.Date, by ...string) activity.Activity {
	a := activity.Activity{ID: id.Activity(code), Code: code, State: activity.Held,
		Details: activity.Details{Title: code, Type: kind, Starts: starts, Ends: ends, Country: "BE"}}
	for _, o := range by {
		a.Organisers = append(a.Organisers, activity.Organiser{Organisation: id.Organisation(o), Label: o})
	}
	return a
}

func TestJointActivityIsOneShapeOverItsRows(t *testing.T) {
	for name, c := range map[string]struct {
		by    []string
		boxes int
		tied  bool
	}{
		"neighbours":         {[]string{"birch", "alder"}, 1, false},
		"rows apart":         {[]string{"agency", "birch"}, 2, true},
		"over a group":       {[]string{"birch", "cedar"}, 2, true},
		"two and one beyond": {[]string{"alder", "birch", "cedar"}, 2, true},
	} {
		drawn := sample(doing("m", activity.Mission, "2019-05-06", "2019-05-10", c.by...)).draw()
		if len(drawn.Shapes) != 1 {
			t.Fatalf("%s: %d shapes, want one", name, len(drawn.Shapes))
		}
		s := drawn.Shapes[0]
		if n := strings.Count(s.D, "M"); n != c.boxes || (s.Tie != "") != c.tied || s.Class != "c-agency" {
			t.Errorf("%s: %d boxes, tie %q, class %s", name, n, s.Tie, s.Class)
		}
	}
}

func TestLabelsStandOnlyWhereTheyFit(t *testing.T) {
	drawn := sample(doing("Alone", activity.Seminar, "2019-02-01", "2019-02-01", "alder"),
		doing("Crowded", activity.Seminar, "2019-06-01", "2019-06-01", "birch"), doing("Crowding", activity.Seminar, "2019-06-08", "2019-06-08", "birch"),
		doing("At the edge", activity.Seminar, "2019-12-20", "2019-12-20", "cedar")).draw()
	got := map[string]bool{}
	for _, s := range drawn.Shapes {
		got[s.Label] = true
	}
	if !got["Alone"] || !got["Crowding"] || got["Crowded"] || got["At the edge"] {
		t.Errorf("labels %v, want Alone and Crowding", got)
	}
	if drawn.AsOf != "16 Sept" && drawn.AsOf != "16\u00a0Sept" {
		t.Errorf("the line of the day says %q", drawn.AsOf)
	}
}

func TestBusyRowIsDrawnByWeek(t *testing.T) {
	var all []activity.Activity
	for day := range 120 {
		d := period.Date("2019-03-04").AddDays(day / 12)
		all = append(all, doing("x", activity.Conference, d, d, "cedar"))
	}
	drawn := sample(all...).draw()
	if len(drawn.Shapes) > 3 || len(drawn.Shapes) < 2 {
		t.Errorf("120 activities of two weeks make %d shapes", len(drawn.Shapes))
	}
	if !strings.Contains(drawn.Shapes[0].Href, "organiser=cedar") || !strings.Contains(drawn.Shapes[0].Href, "from=2019-02-26") {
		t.Errorf("a week leads to %s", drawn.Shapes[0].Href)
	}
}

func TestWhatIsCancelledIsOutlined(t *testing.T) {
	a := doing("x", activity.Fair, "2019-03-04", "2019-03-06", "cedar")
	a.State = activity.Cancelled
	if s := sample(a).draw().Shapes[0]; s.Class != "o-bar l-dash" {
		t.Errorf("a cancelled fair has class %q", s.Class)
	}
}
