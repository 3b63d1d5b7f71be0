package calendar

import (
	"fmt"
	"strings"
	"testing"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/period"
)

// shown writes a month as people would on paper: a line of days, a line for each lane, what found no room.
func shown(m month) string {
	var b strings.Builder
	for _, w := range m.Weeks {
		for _, d := range w.Days {
			fmt.Fprintf(&b, "%2s ", strings.TrimLeft(strings.TrimPrefix(string(d), string(m.First)[:8]), "0"))
		}
		b.WriteString("\n")
		for _, lane := range w.Lanes {
			for _, c := range lane {
				name := "."
				if c.Activity != nil {
					name = strings.Repeat(c.Code, c.Span)
					if c.Before {
						name = "<" + name
					}
					if c.After {
						name += ">"
					}
				}
				b.WriteString(name + " ")
			}
			b.WriteString("\n")
		}
		if w.Full {
			fmt.Fprintln(&b, "more", w.More)
		}
	}
	return b.String()
}

func TestMonth(t *testing.T) {
	at := func(code string, from, to period.Date) activity.Activity {
		return activity.Activity{Code: code, Details: activity.Details{Starts: from, Ends: to}}
	}
	vague := at("v", "2019-10-01", "2019-10-31")
	vague.Around = "2019-10"
	got := monthOf("2019-10-01", []activity.Activity{
		at("a", "2019-09-28", "2019-10-02"), // began in another month
		at("b", "2019-10-02", "2019-10-02"),
		at("c", "2019-10-04", "2019-10-08"), // over a Sunday
		at("d", "2019-10-04", "2019-10-04"),
		at("e", "2019-10-04", "2019-10-05"), // longer than d: it comes before it, which finds no lane
		at("f", "2019-10-31", "2019-11-03"),
		at("g", "2019-11-01", "2019-11-01"), // another month
		vague,
	}, 2)
	want := strings.Join([]string{
		"    1  2  3  4  5  6 ",
		". <aa . ccc> ",
		". . b . ee . ",
		"more [0 0 0 0 1 0 0]",
		" 7  8  9 10 11 12 13 ",
		"<cc . . . . . ",
		"14 15 16 17 18 19 20 ",
		"21 22 23 24 25 26 27 ",
		"28 29 30 31          ",
		". . . f> . . . ",
		"",
	}, "\n")
	if s := shown(got); s != want {
		t.Errorf("got\n%s\nwant\n%s", s, want)
	}
	if len(got.Vague) != 1 || got.Vague[0].Code != "v" {
		t.Errorf("without days: %v", got.Vague)
	}
	if len(got.Items) != 7 {
		t.Errorf("%d activities touch the month, want 7", len(got.Items))
	}
}
