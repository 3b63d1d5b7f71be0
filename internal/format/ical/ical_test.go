package ical

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	goical "github.com/emersion/go-ical"
	"pgregory.net/rapid"
)

var noon = time.Date(2019, 9, 16, 12, 0, 0, 0, time.UTC)

func written(t testing.TB, c Calendar) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestOneEvent(t *testing.T) {
	got := written(t, Calendar{Name: "Errera", Made: noon, Events: []Event{{UID: "a@errera", First: noon, Last: noon.AddDate(0, 0, 2), Summary: "Gent; Brugge, Luik",
		Description: "een\ntwee", Location: "Gent", URL: "https://example.org/a", Categories: []string{"beurs", "a,b"}, Status: Cancelled}}})
	want := strings.Join([]string{"BEGIN:VEVENT", "UID:a@errera", "DTSTAMP:20190916T120000Z", "DTSTART;VALUE=DATE:20190916", "DTEND;VALUE=DATE:20190919",
		`SUMMARY:Gent\; Brugge\, Luik`, `DESCRIPTION:een\ntwee`, "LOCATION:Gent", "URL:https://example.org/a", `CATEGORIES:beurs,a\,b`, "STATUS:CANCELLED",
		"TRANSP:TRANSPARENT", "END:VEVENT", "END:VCALENDAR", ""}, "\r\n")
	if !strings.HasSuffix(got, want) {
		t.Errorf("%q", got)
	}
}

// TestAnotherProgramReadsIt: whatever the words are, a reader that is not ours finds them, and no line is longer than 75 octets.
func TestAnotherProgramReadsIt(t *testing.T) {
	words := rapid.StringOf(rapid.RuneFrom([]rune("abé€中😀 ,;:\\\"\n")))
	rapid.Check(t, func(r *rapid.T) {
		c := Calendar{Name: "n", Made: noon}
		for range rapid.IntRange(1, 4).Draw(r, "n") {
			c.Events = append(c.Events, Event{UID: "u" + rapid.StringMatching(`[a-z0-9-]{1,90}`).Draw(r, "uid"), First: noon, Last: noon,
				Summary: "s" + words.Draw(r, "summary"), Description: words.Draw(r, "description"), Status: Confirmed})
		}
		out := written(t, c)
		for line := range strings.SplitSeq(out, "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) || strings.Contains(line, "\n") {
				r.Fatalf("line %q", line)
			}
		}
		read, err := goical.NewDecoder(strings.NewReader(out)).Decode()
		if err != nil {
			r.Fatal(err)
		}
		events := read.Events()
		if len(events) != len(c.Events) {
			r.Fatalf("%d events of %d", len(events), len(c.Events))
		}
		for i, e := range events {
			for prop, want := range map[string]string{goical.PropSummary: c.Events[i].Summary, goical.PropDescription: c.Events[i].Description, goical.PropUID: c.Events[i].UID} {
				got, err := e.Props.Text(prop)
				if err != nil || got != want {
					r.Fatalf("%s: %q, want %q (%v)", prop, got, want, err)
				}
			}
			if last, err := e.DateTimeEnd(time.UTC); err != nil || last.Format(time.DateOnly) != "2019-09-17" {
				r.Fatalf("ends %v %v", last, err)
			}
		}
	})
}
