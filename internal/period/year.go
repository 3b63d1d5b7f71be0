package period

import (
	"strconv"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// Year is a calendar year, as envelopes, ceilings, targets and settlements have it.
type Year int

// ParseYear reads four digits from 1000 on; anything else is invalid (fault.year.form).
func ParseYear(s string) (Year, error) {
	n, err := strconv.Atoi(s)
	if err != nil || len(s) != 4 || n < 1000 {
		return 0, fault.Invalid("", "fault.year.form", text.Args{"found": s})
	}
	return Year(n), nil
}

// String is the year without grouping: "2019".
func (y Year) String() string { return strconv.Itoa(int(y)) }

// In is String, so that no message groups a year as if it were a number.
func (y Year) In(text.Language) string { return y.String() }

// First is 1 January.
func (y Year) First() Date { return Of(y, 1, 1) }

// Last is 31 December.
func (y Year) Last() Date { return Of(y, 12, 31) }

// Span is the whole year.
func (y Year) Span() Span { return Span{y.First(), y.Last()} }

// Quarter is quarter 1 to 4 of the year.
func (y Year) Quarter(n int) Span {
	first := y.First().AddMonths(3 * (n - 1))
	return Span{first, first.AddMonths(3).AddDays(-1)}
}

// Elapsed tells how many of the year's days have passed at the end of the day asOf: 0 before the year, all of them after it.
func (y Year) Elapsed(asOf Date) (passed, days int) { return y.Span().Elapsed(asOf) }
