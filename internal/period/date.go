// Package period is the calendar of the books: days, years, quarters, months and spans of days. A day has no time and no zone; moments
// belong to db. There is no fiscal year here: the years of a programme are calendar years.
package period

import (
	"time"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// Date is a day as "2006-01-02", so that days compare, sort and store as text. "" is none: methods that compute give "" or 0 for it.
type Date string

// ParseDate reads "2006-01-02" of the years 1 to 9999; anything else, "" included, is invalid (fault.date.form). The fault names no field.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 || t.Format(time.DateOnly) != s {
		return "", fault.Invalid("", "fault.date.form", text.Args{"found": s})
	}
	return Date(s), nil
}

// Of makes a date; days and months beyond their bounds run on, as with time.Date.
func Of(y Year, m time.Month, d int) Date {
	return dateOf(time.Date(int(y), m, d, 0, 0, 0, 0, time.UTC))
}

// On is the day of a moment in Brussels, where the books are kept.
func On(t time.Time) Date { return dateOf(t.In(text.Zone())) }

func dateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// Time is the first moment of the day in UTC, for arithmetic only; the zero time for none.
func (d Date) Time() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// Valid tells whether d is a day rather than none or nonsense.
func (d Date) Valid() bool {
	_, err := ParseDate(string(d))
	return err == nil
}

// Year is the calendar year of the day.
func (d Date) Year() Year {
	if !d.Valid() {
		return 0
	}
	return Year(d.Time().Year())
}

// Month is 1 to 12.
func (d Date) Month() time.Month {
	if !d.Valid() {
		return 0
	}
	return d.Time().Month()
}

// Day is 1 to 31.
func (d Date) Day() int {
	if !d.Valid() {
		return 0
	}
	return d.Time().Day()
}

// Quarter is 1 to 4.
func (d Date) Quarter() int { return int(d.Month()+2) / 3 }

// Weekday is the day of the week; ask only a valid date.
func (d Date) Weekday() time.Weekday { return d.Time().Weekday() }

// AddDays is n days later, or earlier.
func (d Date) AddDays(n int) Date {
	if !d.Valid() {
		return ""
	}
	return dateOf(d.Time().AddDate(0, 0, n))
}

// AddMonths is the same day n months later, or earlier; the last day of that month when it is shorter.
func (d Date) AddMonths(n int) Date {
	if !d.Valid() {
		return ""
	}
	t := d.Time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return dateOf(first.AddDate(0, 0, min(t.Day(), last)-1))
}

// DaysTo is the number of days from d to other, negative when other is earlier: the next day is 1.
func (d Date) DaysTo(other Date) int {
	if !d.Valid() || !other.Valid() {
		return 0
	}
	return int((other.Time().Unix() - d.Time().Unix()) / (24 * 60 * 60))
}

// Show is the day in words: "16 September 2019".
func (d Date) Show(l text.Language) string { return l.Date(string(d)) }

// Short is the day for tables where the year stands elsewhere: "16 Sept".
func (d Date) Short(l text.Language) string { return l.ShortDate(string(d)) }

// In is Show: how a date reads inside a message.
func (d Date) In(l text.Language) string { return d.Show(l) }
