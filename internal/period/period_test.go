package period_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

func key(err error) text.Key {
	var f *fault.Fault
	if !errors.As(err, &f) || f.Kind != fault.KindInvalid {
		return ""
	}
	return f.Key
}

func TestParseDate(t *testing.T) {
	for _, in := range []string{"2017-10-03", "2020-02-29", "2000-02-29", "0001-01-01", "9999-12-31"} {
		if d, err := period.ParseDate(in); err != nil || string(d) != in || !d.Valid() {
			t.Errorf("ParseDate(%q) = %q, %v", in, d, err)
		}
	}
	for _, in := range []string{"", "2019-02-29", "1900-02-29", "2019-13-01", "2019-00-01", "2019-01-00", "2019-04-31", "2019-1-1", "19-01-01", "0000-01-01",
		"2019/01/01", "01-02-2019", "2019-01-01 ", "2019-01-01T00:00:00Z", "12019-01-01", "-019-01-01", "２019-01-01"} {
		if d, err := period.ParseDate(in); key(err) != "fault.date.form" || d != "" || period.Date(in).Valid() {
			t.Errorf("ParseDate(%q) = %q, %v", in, d, err)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2019-02-28", "2019-02-29", "", "0000-00-00", "2019-1-1", "9999-12-31"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := period.ParseDate(s)
		if err != nil {
			if d != "" || key(err) != "fault.date.form" {
				t.Errorf("ParseDate(%q) = %q, %v", s, d, err)
			}
			return
		}
		if string(d) != s || len(s) != 10 || period.Of(d.Year(), d.Month(), d.Day()) != d || d.Time().Format(time.DateOnly) != s {
			t.Errorf("ParseDate(%q) = %q", s, d)
		}
	})
}

func TestDateParts(t *testing.T) {
	d := period.Of(2019, 9, 16)
	if d != "2019-09-16" || d.Year() != 2019 || d.Month() != time.September || d.Day() != 16 || d.Quarter() != 3 || d.Weekday() != time.Monday {
		t.Errorf("%s: %d %s %d q%d %s", d, d.Year(), d.Month(), d.Day(), d.Quarter(), d.Weekday())
	}
	for m, q := range []int{1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4} {
		if got := period.Of(2019, time.Month(m+1), 1).Quarter(); got != q {
			t.Errorf("month %d is in quarter %d, want %d", m+1, got, q)
		}
	}
	if got := period.Of(2019, 2, 29); got != "2019-03-01" {
		t.Errorf("29 February 2019 runs on to %s", got)
	}
}

func TestNoDate(t *testing.T) {
	for _, d := range []period.Date{"", "nonsense"} {
		if d.Year() != 0 || d.Month() != 0 || d.Day() != 0 || d.Quarter() != 0 || d.AddDays(1) != "" || d.AddMonths(1) != "" || d.DaysTo("2019-01-01") != 0 ||
			period.Date("2019-01-01").DaysTo(d) != 0 || !d.Time().IsZero() {
			t.Errorf("%q counts as a day", d)
		}
	}
}

func TestOnIsTheDayInBrussels(t *testing.T) {
	tests := map[time.Time]period.Date{
		time.Date(2018, 12, 31, 22, 59, 59, 0, time.UTC): "2018-12-31",
		time.Date(2018, 12, 31, 23, 0, 0, 0, time.UTC):   "2019-01-01",
		time.Date(2019, 6, 30, 22, 0, 0, 0, time.UTC):    "2019-07-01",
	}
	for at, want := range tests {
		if got := period.On(at); got != want {
			t.Errorf("On(%s) = %s, want %s", at, got, want)
		}
	}
}

func TestAddMonths(t *testing.T) {
	tests := []struct {
		d    period.Date
		n    int
		want period.Date
	}{
		{"2019-01-31", 1, "2019-02-28"}, {"2020-01-31", 1, "2020-02-29"}, {"2020-02-29", 12, "2021-02-28"}, {"2019-03-31", -1, "2019-02-28"},
		{"2019-12-15", 1, "2020-01-15"}, {"2019-01-15", -1, "2018-12-15"}, {"2019-05-31", 0, "2019-05-31"}, {"2019-10-03", 48, "2023-10-03"},
	}
	for _, tt := range tests {
		if got := tt.d.AddMonths(tt.n); got != tt.want {
			t.Errorf("%s + %d months = %s, want %s", tt.d, tt.n, got, tt.want)
		}
	}
}

func TestDayArithmetic(t *testing.T) {
	if n := period.Date("2019-01-01").DaysTo("2020-01-01"); n != 365 {
		t.Errorf("2019 has %d days", n)
	}
	rapid.Check(t, func(t *rapid.T) {
		d := period.Of(1900, 1, 1).AddDays(rapid.IntRange(0, 150_000).Draw(t, "d"))
		n := rapid.IntRange(-20_000, 20_000).Draw(t, "n")
		later := d.AddDays(n)
		if !later.Valid() || d.DaysTo(later) != n || later.DaysTo(d) != -n || (later > d) != (n > 0) {
			t.Fatalf("%s + %d days = %s", d, n, later)
		}
		m := rapid.IntRange(-60, 60).Draw(t, "m")
		moved := d.AddMonths(m)
		months := func(x period.Date) int { return int(x.Year())*12 + int(x.Month()) }
		if !moved.Valid() || months(moved) != months(d)+m || moved.Day() > d.Day() {
			t.Fatalf("%s + %d months = %s", d, m, moved)
		}
	})
}

func TestYear(t *testing.T) {
	y := period.Year(2020)
	if y.First() != "2020-01-01" || y.Last() != "2020-12-31" || y.Span().Days() != 366 || y.String() != "2020" {
		t.Errorf("%v %v %v", y.First(), y.Last(), y)
	}
	want := []period.Span{{From: "2020-01-01", To: "2020-03-31"}, {From: "2020-04-01", To: "2020-06-30"}, {From: "2020-07-01", To: "2020-09-30"}, {From: "2020-10-01", To: "2020-12-31"}}
	for i, q := range want {
		if got := y.Quarter(i + 1); got != q {
			t.Errorf("quarter %d is %v, want %v", i+1, got, q)
		}
	}
	if got := text.EN.Say("date.from", text.Args{"date": y}); got != "from 2020" {
		t.Errorf("%q: a year is no number", got)
	}
	if got, err := period.ParseYear("2018"); err != nil || got != 2018 {
		t.Errorf("%d, %v", got, err)
	}
	for _, in := range []string{"", "18", "0018", "20180", "-018", "+018", "2O18", "2018 "} {
		if got, err := period.ParseYear(in); key(err) != "fault.year.form" {
			t.Errorf("ParseYear(%q) = %d, %v", in, got, err)
		}
	}
}

func TestElapsed(t *testing.T) {
	tests := []struct {
		asOf         period.Date
		passed, days int
	}{
		{"2018-12-31", 0, 365}, {"2019-01-01", 1, 365}, {"2019-09-16", 259, 365}, {"2019-12-31", 365, 365}, {"2024-01-01", 365, 365}, {"", 0, 365},
	}
	for _, tt := range tests {
		if passed, days := period.Year(2019).Elapsed(tt.asOf); passed != tt.passed || days != tt.days {
			t.Errorf("Elapsed(%s) = %d, %d; want %d, %d", tt.asOf, passed, days, tt.passed, tt.days)
		}
	}
	if passed, days := (period.Span{From: "2019-01-01"}).Elapsed("2019-06-01"); passed != 0 || days != 0 {
		t.Errorf("an open span has %d of %d days", passed, days)
	}
}

func TestSpan(t *testing.T) {
	week, open, ever := period.Span{From: "2019-10-07", To: "2019-10-11"}, period.Span{From: "2019-10-11"}, period.Span{}
	backwards := period.Span{From: "2019-10-11", To: "2019-10-07"}
	if week.Days() != 5 || open.Days() != 0 || ever.Days() != 0 || backwards.Days() != 0 || (period.Span{From: "2019-10-07", To: "2019-10-07"}).Days() != 1 {
		t.Error("days are wrong")
	}
	if !week.Valid() || !open.Valid() || !ever.Valid() || backwards.Valid() || (period.Span{From: "x"}).Valid() {
		t.Error("validity is wrong")
	}
	for d, want := range map[period.Date]bool{"2019-10-06": false, "2019-10-07": true, "2019-10-11": true, "2019-10-12": false, "": false} {
		if week.Contains(d) != want {
			t.Errorf("%v contains %q: %v", week, d, !want)
		}
	}
	if !open.Contains("2030-01-01") || open.Contains("2019-10-10") || !ever.Contains("0001-01-01") || ever.Contains("") {
		t.Error("open spans contain the wrong days")
	}
	tests := []struct {
		a, b period.Span
		want bool
	}{
		{week, open, true}, {week, period.Span{From: "2019-10-12"}, false}, {week, period.Span{To: "2019-10-07"}, true}, {week, period.Span{To: "2019-10-06"}, false}, {ever, week, true}, {ever, ever, true},
	}
	for _, tt := range tests {
		if tt.a.Overlaps(tt.b) != tt.want || tt.b.Overlaps(tt.a) != tt.want {
			t.Errorf("%v overlaps %v: want %v", tt.a, tt.b, tt.want)
		}
	}
	if got := (period.Span{From: "2017-10-03", To: "2019-01-01"}).Years(); !slices.Equal(got, []period.Year{2017, 2018, 2019}) {
		t.Errorf("years %v", got)
	}
	if open.Years() != nil {
		t.Error("an open span lists years")
	}
}

func TestOverlapIsASharedDay(t *testing.T) {
	day := rapid.Map(rapid.IntRange(0, 20), func(n int) period.Date { return period.Date("2019-12-25").AddDays(n) })
	rapid.Check(t, func(t *rapid.T) {
		a, b := period.Span{From: day.Draw(t, "a"), To: day.Draw(t, "b")}, period.Span{From: day.Draw(t, "c"), To: day.Draw(t, "d")}
		if !a.Valid() || !b.Valid() {
			return
		}
		shared := false
		for d := a.From; d <= a.To; d = d.AddDays(1) {
			shared = shared || b.Contains(d)
		}
		if a.Overlaps(b) != shared {
			t.Fatalf("%v overlaps %v: want %v", a, b, shared)
		}
	})
}

func TestShow(t *testing.T) {
	week := period.Span{From: "2019-10-07", To: "2019-10-11"}
	tests := []struct{ got, want string }{
		{period.Date("2019-09-16").Show(text.EN), "16\u00a0September 2019"}, {period.Date("2019-09-16").Short(text.NL), "16\u00a0sept."}, {period.Date("").Show(text.EN), ""},
		{week.Show(text.EN), "7–11\u00a0October 2019"}, {week.Short(text.EN), "7–11\u00a0Oct"},
		{text.NL.Say("date.from", text.Args{"date": period.Date("2019-10-01")}), "vanaf 1\u00a0oktober 2019"}, {text.EN.Say("date.from", text.Args{"date": week}), "from 7–11\u00a0October 2019"},
	}
	for i, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%d: %q, want %q", i, tt.got, tt.want)
		}
	}
}
