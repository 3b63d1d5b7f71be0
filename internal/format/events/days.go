package events

import (
	"strings"
	"time"

	goical "github.com/emersion/go-ical"
	"github.com/teambition/rrule-go"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// maxDays is how long one event may last.
const maxDays = 366

// days reads when an event takes place, and when again.
func (r *calendar) days(c *goical.Component, p *parsed) error {
	start := c.Props.Get(goical.PropDateTimeStart)
	if start == nil {
		return fault.Invalid("", "events.no_start", nil)
	}
	from, whole, err := r.moment(start)
	if err != nil {
		return err
	}
	until := from
	switch end, length := c.Props.Get(goical.PropDateTimeEnd), c.Props.Get(goical.PropDuration); {
	case end != nil:
		if until, _, err = r.moment(end); err != nil {
			return err
		}
	case length != nil:
		d, err := length.Duration()
		if err != nil || d < 0 || d > maxDays*24*time.Hour {
			return fault.Invalid("", "events.bad_duration", text.Args{"found": Cut(length.Value, 60)})
		}
		until = from.Add(d)
	case whole:
		until = from.AddDate(0, 0, 1)
	}
	if until.Before(from) {
		return fault.Invalid("", "events.ends_first", nil)
	}
	if until.After(from) && until.Equal(until.Truncate(24*time.Hour)) { // an end at midnight, or of a whole day, is the day before
		until = until.Add(-time.Second)
	}
	p.event.First, p.event.Last = dayOf(from), dayOf(until)
	if p.event.First.DaysTo(p.event.Last) >= maxDays {
		return fault.Invalid("", "events.too_many_days", text.Args{"max": maxDays})
	}
	return r.again(c, p)
}

// again reads how an event recurs.
func (r *calendar) again(c *goical.Component, p *parsed) error {
	if id := c.Props.Get(goical.PropRecurrenceID); id != nil {
		at, _, err := r.moment(id)
		if err != nil {
			return err
		}
		if id.Params.Get("RANGE") != "" {
			return fault.Invalid("", "events.range", nil)
		}
		p.instance = dayOf(at)
	}
	for _, rule := range c.Props[goical.PropRecurrenceRule] {
		p.rules = append(p.rules, rule.Value)
	}
	if len(p.rules) > 1 {
		return fault.Invalid("", "events.rules", nil)
	}
	more, err := r.moments(c.Props[goical.PropRecurrenceDates])
	if err != nil {
		return err
	}
	p.more = more
	not, err := r.moments(c.Props[goical.PropExceptionDates])
	for _, d := range not {
		p.not[d] = true
	}
	return err
}

// moments reads lists of days.
func (r *calendar) moments(props []goical.Prop) ([]period.Date, error) {
	var all []period.Date
	for _, list := range props {
		for _, v := range strings.Split(list.Value, ",") {
			one := list
			one.Value, _, _ = strings.Cut(v, "/") // of a period, its start
			at, _, err := r.moment(&one)
			if err != nil {
				return nil, err
			}
			if all = append(all, dayOf(at)); len(all) > maxLine {
				return nil, fault.Invalid("", "events.recurs", text.Args{"max": MaxRecurrences})
			}
		}
	}
	return all, nil
}

// moment is a day or a moment as the clock on the wall tells it there, written as UTC; whole is a day without a time. Days need no offset:
// the name of the zone must be one, but what is written is what counts, but for a moment in UTC, which is told in the calendar's zone.
func (r *calendar) moment(p *goical.Prop) (at time.Time, whole bool, err error) {
	v := strings.TrimSpace(p.Value)
	bad := fault.Invalid("", "events.bad_day", text.Args{"found": Cut(v, 60)})
	zone := strings.TrimSpace(p.Params.Get(goical.PropTimezoneID))
	if zone != "" && r.zone(zone) == nil {
		if defined, there := r.zones[zone]; !there {
			return at, false, fault.Invalid("", "events.zone_unknown", text.Args{"zone": Cut(zone, 80)})
		} else if !defined {
			return at, false, fault.Invalid("", "events.zone_broken", text.Args{"zone": Cut(zone, 80)})
		}
	}
	switch {
	case len(v) == 8:
		at, err = time.Parse("20060102", v)
		whole = true
	case strings.HasSuffix(v, "Z"):
		if at, err = time.Parse("20060102T150405Z", v); err == nil {
			local := at.In(r.ask.Zone)
			at = time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), 0, time.UTC)
		}
	default:
		at, err = time.Parse("20060102T150405", v)
	}
	if err != nil || at.Year() < 1900 || at.Year() > 2200 {
		return at, whole, bad
	}
	return at, whole, nil
}

func dayOf(t time.Time) period.Date { return period.Date(t.Format(time.DateOnly)) }

// spread takes an event on each of its days, those that single changes stand for left out.
func (r *calendar) spread(p parsed, moved map[string]bool) {
	if len(p.rules) == 0 && len(p.more) == 0 {
		if !moved[p.uid+"#"+string(p.event.First)] {
			r.take(p.event)
		}
		return
	}
	days, err := r.recur(p)
	if err != nil {
		r.refuseFault(p.event.At, p.event.Title, err)
		return
	}
	lasts := p.event.First.DaysTo(p.event.Last)
	for _, day := range days {
		e := p.event
		e.First, e.Last, e.Key = day, day.AddDays(lasts), p.uid+"#"+string(day)
		if !moved[e.Key] && !p.not[day] {
			r.take(e)
		}
	}
}

// recur lists the days on which an event recurs within the days asked for, at most MaxRecurrences. The library fails on some rules that name
// what there is not, such as the ninth Monday of a month.
func (r *calendar) recur(p parsed) (all []period.Date, err error) {
	defer func() {
		if recover() != nil {
			all, err = nil, badRule(p)
		}
	}()
	within := period.Span{From: r.ask.Within.From.AddDays(p.event.Last.DaysTo(p.event.First)), To: r.ask.Within.To}
	seen := map[period.Date]bool{}
	var days []period.Date
	add := func(d period.Date) bool {
		if within.Contains(d) && !seen[d] {
			seen[d] = true
			days = append(days, d)
		}
		return len(days) <= MaxRecurrences
	}
	fits := add(p.event.First)
	for _, d := range p.more {
		fits = fits && add(d)
	}
	if len(p.rules) > 0 && fits {
		rule, err := r.rule(p)
		if err != nil {
			return nil, err
		}
		last := within.To.Time()
		next := rule.Iterator()
		for at, more := next(); more && !at.After(last); at, more = next() {
			if fits = add(dayOf(at)); !fits {
				break
			}
		}
	}
	if !fits {
		return nil, fault.Invalid("", "events.recurs", text.Args{"max": MaxRecurrences})
	}
	return days, nil
}

func badRule(p parsed) error {
	found := ""
	if len(p.rules) > 0 {
		found = p.rules[0]
	}
	return fault.Invalid("", "events.bad_rule", text.Args{"found": Cut(found, 80)})
}

// maxReach is how many years before the days asked for a series may have begun.
const maxReach = 50

// rule makes a rule that steps from day to day, whatever the hour. One by the hour or finer has no days of its own, and one whose days do not
// exist would be looked for until the year 9999: both are refused.
func (r *calendar) rule(p parsed) (*rrule.RRule, error) {
	bad := badRule(p)
	o, err := rrule.StrToROption(p.rules[0])
	if err != nil || len(p.rules[0]) > maxHeader || o.Interval < 0 || o.Interval > 10000 || o.Count < 0 {
		return nil, bad
	}
	if o.Freq > rrule.DAILY {
		return nil, fault.Invalid("", "events.too_often", nil)
	}
	timed := len(o.Byhour)+len(o.Byminute)+len(o.Bysecond) > 0
	if (timed && (len(o.Bysetpos) > 0 || o.Count > 0)) || !daysExist(o) || len(o.Byeaster) > 0 {
		return nil, bad
	}
	if int(r.ask.Within.From.Year())-int(p.event.First.Year()) > maxReach {
		return nil, fault.Invalid("", "events.long_ago", text.Args{"max": maxReach})
	}
	o.Byhour, o.Byminute, o.Bysecond = nil, nil, nil
	o.Dtstart = p.event.First.Time()
	if !o.Until.IsZero() {
		until := o.Until
		if strings.Contains(strings.ToUpper(p.rules[0]), "Z") && strings.Contains(p.rules[0], "T") {
			until = until.In(r.ask.Zone)
		}
		o.Until = period.Date(until.Format(time.DateOnly)).Time()
	}
	rule, err := rrule.NewRRule(*o)
	if err != nil {
		return nil, bad
	}
	return rule, nil
}

// daysExist tells whether a rule that names days of months names one that there is. One that names none would be looked for until the
// year 9999.
func daysExist(o *rrule.ROption) bool {
	if len(o.Bymonthday) == 0 || len(o.Bymonth) == 0 {
		return true
	}
	longest := map[int]int{2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
	for _, m := range o.Bymonth {
		most := longest[m]
		if most == 0 {
			most = 31
		}
		for _, d := range o.Bymonthday {
			if d <= most && d >= -most {
				return true
			}
		}
	}
	return false
}
