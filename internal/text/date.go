package text

import (
	"strconv"
	"sync"
	"time"
	// Release images have no zone files of their own; without them a day would silently be that of UTC.
	_ "time/tzdata"

	"golang.org/x/text/language"
)

var brussels = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		panic(err) // impossible with the embedded zones
	}
	return zone
})

// Zone is where the books are kept: days begin and end, and times are shown, as in Brussels.
func Zone() *time.Location { return brussels() }

// Date shows "2019-09-16" as "16 September 2019", day and month kept on one line. "" stays empty; what is no date comes back as it is.
func (l Language) Date(iso string) string { return l.date(longDate, iso) }

// ShortDate shows "2019-09-16" as "16 Sept", for tables where the year stands elsewhere.
func (l Language) ShortDate(iso string) string { return l.date(shortDate, iso) }

// ShortDateYear shows "2019-09-16" as "16 Sept 2019".
func (l Language) ShortDateYear(iso string) string { return l.date(shortDateYear, iso) }

// DateRange shows the days from to to, both included, and says nothing twice: "7–11 October 2019", "30 September – 4 October 2019". An empty
// end is open: "from 7 October 2019", "until 11 October 2019".
func (l Language) DateRange(from, to string) string { return l.dateRange(longDate, from, to) }

// ShortDateRange is DateRange for tables where the year stands elsewhere: "7–11 Oct".
func (l Language) ShortDateRange(from, to string) string { return l.dateRange(shortDate, from, to) }

// dateForm says which words a date is shown with.
type dateForm struct {
	pattern Key
	months  string // prefix of the keys of the month names
}

var (
	longDate      = dateForm{"date.full", "month."}
	longDay       = dateForm{"date.day", "month."}
	shortDate     = dateForm{"date.day", "month.short."}
	shortDateYear = dateForm{"date.full", "month.short."}
)

func (l Language) date(form dateForm, iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return l.Say(form.pattern, Args{
		"day":   l.day(t.Day()),
		"month": l.month(form.months, int(t.Month())),
		"year":  strconv.Itoa(t.Year()),
	})
}

func (l Language) dateRange(form dateForm, from, to string) string {
	switch {
	case from == to:
		return l.date(form, from)
	case to == "":
		return l.Say("date.from", Args{"date": l.date(form, from)})
	case from == "":
		return l.Say("date.until", Args{"date": l.date(form, to)})
	}
	a, errA := time.Parse(time.DateOnly, from)
	b, errB := time.Parse(time.DateOnly, to)
	first := form
	if form == longDate && a.Year() == b.Year() {
		first = longDay
	}
	args := Args{"from": l.date(first, from), "to": l.date(form, to)}
	if errA == nil && errB == nil && a.Year() == b.Year() && a.Month() == b.Month() {
		args["from"] = l.day(a.Day())
		return l.Say("date.range_in_month", args)
	}
	return l.Say("date.range", args)
}

func (l Language) day(n int) string {
	if n == 1 {
		return l.Say("date.first", nil)
	}
	return strconv.Itoa(n)
}

// Month is the name of month 1 to 12 as it stands in a sentence; "" for any other number.
func (l Language) Month(n int) string { return l.month("month.", n) }

// ShortMonth is its short form for axes and tables.
func (l Language) ShortMonth(n int) string { return l.month("month.short.", n) }

func (l Language) month(prefix string, n int) string {
	if n < 1 || n > 12 {
		return ""
	}
	return l.Say(Key(prefix+strconv.Itoa(n)), nil)
}

// DateTime shows a moment as day and time in Brussels, to the minute; "" for the zero time.
func (l Language) DateTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(Zone())
	return l.Say("date.time", Args{
		"date": l.Date(t.Format(time.DateOnly)),
		"time": l.Say("date.clock", Args{"hour": t.Format("15"), "minute": t.Format("04")}),
	})
}

// Country is the name of the country with that ISO 3166-1 alpha-2 code. A code that is none comes back as it is.
func (l Language) Country(iso2 string) string {
	region, err := language.ParseRegion(iso2)
	if err != nil {
		return iso2
	}
	k := countryKey(region.Canonicalize().String())
	for _, known := range []Language{l, EN} {
		if known.Has(k) {
			return known.Say(k, nil)
		}
	}
	return iso2
}

func countryKey(iso2 string) Key { return Key("country." + iso2) }

// Countries lists the codes of all that have a name, in their order.
func Countries() []string { return countries() }

var countries = sync.OnceValue(func() []string {
	var all []string
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			if code := string([]rune{a, b}); EN.Has(countryKey(code)) {
				all = append(all, code)
			}
		}
	}
	return all
})
