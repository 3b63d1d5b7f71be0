package db

import (
	"sync"
	"time"
	_ "time/tzdata" // slim images have none, and the books are kept in Brussels

	"errera.eu/errera/internal/period"
)

// Time is a moment in UTC, cut to microseconds, in a text of fixed width, so that both engines store, compare and sort it alike.
type Time string

const timeLayout = "2006-01-02T15:04:05.000000Z"

func timeOf(t time.Time) Time { return Time(t.UTC().Truncate(time.Microsecond).Format(timeLayout)) }

// TimeOf is t in the database's form.
func TimeOf(t time.Time) Time { return timeOf(t) }

// Time is the moment as Go knows it; the zero time for an empty one.
func (t Time) Time() time.Time {
	v, err := time.Parse(timeLayout, string(t))
	if err != nil {
		return time.Time{}
	}
	return v
}

var brussels = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		panic(err) // the zones are linked in
	}
	return zone
})

// Date is the day of the moment in Brussels, where the books are kept; none for an empty moment.
func (t Time) Date() period.Date {
	if t == "" {
		return ""
	}
	return period.Date(t.Time().In(brussels()).Format(time.DateOnly))
}
