package period

import (
	"errera.eu/errera/internal/text"
)

// Span is the days From to To, both included. An empty From has no beginning, an empty To no end.
type Span struct {
	From, To Date
}

// Valid tells whether each end is a day or empty, and the end does not come before the beginning.
func (s Span) Valid() bool {
	return (s.From == "" || s.From.Valid()) && (s.To == "" || s.To.Valid()) && (s.From == "" || s.To == "" || s.From <= s.To)
}

// Contains tells whether the day lies in the span; none lies in no span.
func (s Span) Contains(d Date) bool { return d != "" && s.From <= d && (s.To == "" || d <= s.To) }

// Overlaps tells whether the spans share a day.
func (s Span) Overlaps(o Span) bool {
	return (s.To == "" || o.From <= s.To) && (o.To == "" || s.From <= o.To)
}

// Days is how many days the span has: 1 when it begins and ends on one day; 0 when an end is open or it is not valid.
func (s Span) Days() int {
	if s.From == "" || s.To == "" || !s.Valid() {
		return 0
	}
	return s.From.DaysTo(s.To) + 1
}

// Elapsed tells how many of the span's days have passed at the end of the day asOf.
func (s Span) Elapsed(asOf Date) (passed, days int) {
	days = s.Days()
	if days == 0 || !asOf.Valid() {
		return 0, days
	}
	return min(days, max(0, s.From.DaysTo(asOf)+1)), days
}

// Years lists the calendar years that the span touches, in order; none when an end is open or it is not valid.
func (s Span) Years() []Year {
	if s.Days() == 0 {
		return nil
	}
	var years []Year
	for y := s.From.Year(); y <= s.To.Year(); y++ {
		years = append(years, y)
	}
	return years
}

// Show is the span in words without saying anything twice: "7–11 October 2019", "30 September – 4 October 2019", "from 7 October 2019".
func (s Span) Show(l text.Language) string { return l.DateRange(string(s.From), string(s.To)) }

// Short is the span for tables where the year stands elsewhere: "7–11 Oct", "30 Sept – 4 Oct".
func (s Span) Short(l text.Language) string { return l.ShortDateRange(string(s.From), string(s.To)) }

// In is Show: how a span reads inside a message.
func (s Span) In(l text.Language) string { return s.Show(l) }
