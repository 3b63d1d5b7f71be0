package events

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

func asking(t *testing.T) Ask {
	t.Helper()
	brussels, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	return Ask{Within: period.Span{From: "2027-01-01", To: "2031-12-31"}, Zone: brussels}
}

// event is a VEVENT with a UID and a title, and these lines.
func event(uid string, lines ...string) string {
	return "BEGIN:VEVENT\r\nUID:" + uid + "\r\nSUMMARY:Title of " + uid + "\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\n"
}

func calendarOf(parts ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.Join(parts, "") + "END:VCALENDAR\r\n"
}

// said is what was found, in short: key first..last of each event, then the line and the reason of each refusal.
func said(f Found) string {
	var out []string
	for _, e := range f.Events {
		out = append(out, fmt.Sprintf("%s %s..%s", e.Key, e.First, e.Last))
	}
	for _, r := range f.Refused {
		out = append(out, fmt.Sprintf("%d: %s", r.At, text.EN.Say(r.Key, r.Args)))
	}
	return strings.Join(out, "\n")
}

func TestDaysOfACalendar(t *testing.T) {
	const outlook = "BEGIN:VTIMEZONE\r\nTZID:Customized\r\nBEGIN:STANDARD\r\nDTSTART:16011028T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
	broken := strings.ReplaceAll(outlook, "+0100", "+9999")
	for name, c := range map[string]struct{ in, want string }{
		"a day":                      {event("a", "DTSTART;VALUE=DATE:20270301"), "a 2027-03-01..2027-03-01"},
		"days, the end left out":     {event("a", "DTSTART;VALUE=DATE:20270301", "DTEND;VALUE=DATE:20270304"), "a 2027-03-01..2027-03-03"},
		"an evening":                 {event("a", "DTSTART;TZID=Europe/Brussels:20270301T190000", "DTEND;TZID=Europe/Brussels:20270301T220000"), "a 2027-03-01..2027-03-01"},
		"until midnight":             {event("a", "DTSTART:20270301T190000", "DTEND:20270302T000000"), "a 2027-03-01..2027-03-01"},
		"a duration":                 {event("a", "DTSTART:20270301T190000", "DURATION:P2D"), "a 2027-03-01..2027-03-03"},
		"late in UTC is tomorrow":    {event("a", "DTSTART:20270301T233000Z"), "a 2027-03-02..2027-03-02"},
		"in the calendar's own zone": {"X-WR-TIMEZONE:America/New_York\r\n" + event("a", "DTSTART:20270301T013000Z"), "a 2027-02-28..2027-02-28"},
		"a zone that the file tells": {outlook + event("a", "DTSTART;TZID=Customized:20270301T233000"), "a 2027-03-01..2027-03-01"},
		"a zone told badly":          {broken + event("a", "DTSTART;TZID=Customized:20270301T233000"), "11: the file defines time zone “Customized”, but not readably"},
		"a zone of nowhere":          {event("a", "DTSTART;TZID=Mars/Olympus:20270301T233000"), "3: time zone “Mars/Olympus” does not exist, and the file does not define it"},
		"this machine's zone":        {event("a", "DTSTART;TZID=Local:20270301T233000"), "3: time zone “Local” does not exist, and the file does not define it"},
		"a calendar zone of nowhere": {"X-WR-TIMEZONE:Mars\r\n" + event("a", "DTSTART;VALUE=DATE:20270301"), "a 2027-03-01..2027-03-01\n1: time zone “Mars” does not exist, and the file does not define it"},
		"no start":                   {event("a", "LOCATION:x"), "3: no start"},
		"nonsense":                   {event("a", "DTSTART:soon"), "3: “soon” is no day or moment"},
		"ends first":                 {event("a", "DTSTART:20270301T190000", "DTEND:20270228T190000"), "3: it ends before it starts"},
		"ten years":                  {event("a", "DTSTART;VALUE=DATE:20270301", "DTEND;VALUE=DATE:20370301"), "3: it lasts 366 days or longer"},
		"a million weeks":            {event("a", "DTSTART;VALUE=DATE:20270301", "DURATION:P99999999999W"), "3: “P99999999999W” is no duration up to a year"},
		"no UID":                     {"BEGIN:VEVENT\r\nSUMMARY:x\r\nDTSTART;VALUE=DATE:20270301\r\nEND:VEVENT\r\n", "3: no UID or address of its own: it would not be recognised next time"},
		"no title":                   {"BEGIN:VEVENT\r\nUID:x\r\nDTSTART;VALUE=DATE:20270301\r\nEND:VEVENT\r\n", "3: no title"},
		"twice":                      {event("a", "DTSTART;VALUE=DATE:20270301") + event("a", "DTSTART;VALUE=DATE:20270401"), "a 2027-03-01..2027-03-01\n8: the same key “a” as the event on line 3, which goes first"},
		"a newer one":                {event("a", "DTSTART;VALUE=DATE:20270301") + event("a", "SEQUENCE:2", "DTSTART;VALUE=DATE:20270401"), "a 2027-04-01..2027-04-01\n3: the same key “a” as the event on line 8, which goes first"},
		"broken beside whole":        {event("a", "DTSTART;VALUE=DATE") + event("b", "DTSTART;VALUE=DATE:20270401"), "b 2027-04-01..2027-04-01\n6: a line without a colon, or with too long a start"},
		"a parameter cut off":        {event("a", "DTSTART;TZID=\"x:20270301") + event("b", "DTSTART;VALUE=DATE:20270401"), "b 2027-04-01..2027-04-01\n3: the event is no valid iCalendar"},
		"the library would panic":    {event("a", "DTSTART;TZID=x") + event("b", "DTSTART;VALUE=DATE:20270401", "X:"), "b 2027-04-01..2027-04-01\n6: a line without a colon, or with too long a start"},
		"cut off":                    {strings.TrimSuffix(event("a", "DTSTART;VALUE=DATE:20270301"), "END:VEVENT\r\n"), "3: the event stops halfway"},
		"Latin-1":                    {event("a", "DTSTART;VALUE=DATE:20270301", "LOCATION:Li\xe8ge"), "7: the characters are no UTF-8, and the server names no other encoding"},
		"an alarm inside":            {event("a", "DTSTART;VALUE=DATE:20270301", "BEGIN:VALARM", "DTSTART:nonsense", "SUMMARY:other", "END:VALARM"), "a 2027-03-01..2027-03-01"},
		"alarms in alarms":           {event("a", strings.Repeat("BEGIN:VALARM\r\n", 20)), "12: nested too deeply; the rest of it was not read\n3: the event stops halfway"},
	} {
		f, err := ReadCalendar(t.Context(), []byte(calendarOf(c.in)), asking(t))
		if err != nil || said(f) != c.want {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, said(f), c.want)
		}
	}
	if _, err := ReadCalendar(t.Context(), []byte("<html>"), asking(t)); fault.Of(err).Key != "events.no_calendar" {
		t.Error(err)
	}
}

func TestRecurrence(t *testing.T) {
	brief := func(f Found) string {
		var out []string
		for _, e := range f.Events {
			out = append(out, string(e.First))
		}
		for _, r := range f.Refused {
			out = append(out, text.EN.Say(r.Key, r.Args))
		}
		return strings.Join(out, " ")
	}
	series := func(start string, lines ...string) string {
		return event("a", append([]string{"DTSTART;VALUE=DATE:" + start}, lines...)...)
	}
	for name, c := range map[string]struct{ in, want string }{
		"three weeks":                {series("20270301", "RRULE:FREQ=WEEKLY;COUNT=3"), "2027-03-01 2027-03-08 2027-03-15"},
		"but one":                    {series("20270301", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;VALUE=DATE:20270308"), "2027-03-01 2027-03-15"},
		"and one":                    {series("20270301", "RDATE;VALUE=DATE:20270401,20270501"), "2027-03-01 2027-04-01 2027-05-01"},
		"first Mondays":              {series("20270301", "RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1;COUNT=2"), "2027-03-01 2027-04-05"},
		"until, as the clock says":   {event("a", "DTSTART;TZID=Europe/Brussels:20270301T190000", "RRULE:FREQ=WEEKLY;UNTIL=20270315T180000Z"), "2027-03-01 2027-03-08 2027-03-15"},
		"yearly from before":         {series("20200610", "RRULE:FREQ=YEARLY"), "2027-06-10 2028-06-10 2029-06-10 2030-06-10 2031-06-10"},
		"one moved":                  {series("20270301", "RRULE:FREQ=WEEKLY;COUNT=2") + event("a", "RECURRENCE-ID;VALUE=DATE:20270308", "DTSTART;VALUE=DATE:20270309"), "2027-03-09 2027-03-01"},
		"daily for thirty years":     {series("20200101", "RRULE:FREQ=DAILY;UNTIL=20500101"), "it recurs more than 100 times within the programme"},
		"each second":                {event("a", "DTSTART:20270101T000000", "RRULE:FREQ=SECONDLY"), "it recurs by the hour or more often; activities go by the day"},
		"each second of some hours":  {series("20270101", "RRULE:FREQ=YEARLY;BYHOUR=0,1,2,3;BYMINUTE=0,1,2,3,4,5;BYSECOND=1,2,3,4,5,6"), "2027-01-01 2028-01-01 2029-01-01 2030-01-01 2031-01-01"},
		"the 30th of February":       {series("20270101", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), "“FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30” is no rule of recurrence that can be read"},
		"the ninth Monday":           {series("20270101", "RRULE:FREQ=MONTHLY;BYDAY=9MO"), "“FREQ=MONTHLY;BYDAY=9MO” is no rule of recurrence that can be read"},
		"no interval":                {series("20270101", "RRULE:FREQ=DAILY;INTERVAL=-1"), "“FREQ=DAILY;INTERVAL=-1” is no rule of recurrence that can be read"},
		"nonsense":                   {series("20270101", "RRULE:every now and then"), "“every now and then” is no rule of recurrence that can be read"},
		"two rules":                  {series("20270101", "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"), "more than one rule of recurrence"},
		"since 1900":                 {series("19000101", "RRULE:FREQ=YEARLY"), "the recurrence began more than 50 years before the programme"},
		"this and all later":         {event("a", "RECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20270308", "DTSTART;VALUE=DATE:20270309"), "a change for this and all later times is not read"},
		"a thousand days one by one": {series("20270101", "RDATE;VALUE=DATE:"+days(1000)), "it recurs more than 100 times within the programme"},
	} {
		f, err := ReadCalendar(t.Context(), []byte(calendarOf(c.in)), asking(t))
		if err != nil || brief(f) != c.want {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, brief(f), c.want)
		}
	}
}

func days(n int) string {
	var all []string
	for i := range n {
		all = append(all, strings.ReplaceAll(string(period.Date("2027-01-01").AddDays(i)), "-", ""))
	}
	return strings.Join(all, ",")
}

// TestHostileCalendarsAreBounded: whatever five megabytes say, reading them takes little time and memory, and is told.
func TestHostileCalendarsAreBounded(t *testing.T) {
	const size = 5 << 20
	fill := func(one string) string { return strings.Repeat(one, size/len(one)) }
	each := func(n int, one string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(one, "#", fmt.Sprint(i)))
		}
		return b.String()
	}
	for name, in := range map[string]string{
		"one endless line":          "X:" + fill("a"),
		"one endless title":         event("a", "DTSTART;VALUE=DATE:20270101", "SUMMARY:"+fill("a")),
		"an endless folded line":    event("a", "DTSTART;VALUE=DATE:20270101", "DESCRIPTION:a\r\n"+strings.TrimSuffix(fill(" a\r\n"), "\r\n")),
		"endless parameters":        event("a", "DTSTART;X="+fill("a")+":20270101"),
		"a hundred thousand events": fill(event("a", "DTSTART;VALUE=DATE:20270101")),
		"all broken":                fill("BEGIN:VEVENT\r\nX\r\nEND:VEVENT\r\n"),
		"begins that never end":     fill("BEGIN:VEVENT\r\n"),
		"ends that never began":     fill("END:VEVENT\r\n"),
		"zones":                     fill("BEGIN:VTIMEZONE\r\nTZID:x\r\nEND:VTIMEZONE\r\n"),
		"daily without end":         each(4000, event("#", "DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=DAILY")),
		"rules that never come":     each(1000, event("#", "DTSTART;VALUE=DATE:20270101", "RRULE:FREQ=DAILY;BYMONTH=2;BYWEEKNO=40")),
		"days without end":          each(4000, event("#", "DTSTART;VALUE=DATE:20200101", "RDATE;VALUE=DATE:"+days(100))),
		"an endless rule":           event("a", "DTSTART;VALUE=DATE:20270101", "RRULE:FREQ=YEARLY;BYYEARDAY="+strings.Repeat("1,", 30000)+"1"),
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		begun := time.Now()
		f, err := ReadCalendar(t.Context(), []byte(calendarOf(in)), asking(t))
		took := time.Since(begun)
		runtime.ReadMemStats(&after)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if took > 8*maxTime || after.TotalAlloc-before.TotalAlloc > 2<<30 {
			t.Errorf("%s: took %v and %d MB", name, took, (after.TotalAlloc-before.TotalAlloc)>>20)
		}
		if len(f.Refused) > MaxRefused+1 || len(f.Events) > MaxEvents {
			t.Errorf("%s: %d events, %d refusals", name, len(f.Events), len(f.Refused))
		}
		t.Logf("%s: %v, %d MB, %d events, %d refused", name, took.Round(time.Millisecond), (after.TotalAlloc-before.TotalAlloc)>>20, len(f.Events), len(f.Refused))
	}
}

func TestReadingAPage(t *testing.T) {
	const page = `<!doctype html><title>Agenda</title>
<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"Organization","name":"us"},
 {"@graph":[{"@type":["Thing","https://schema.org/BusinessEvent"],"@id":"#one","name":"One &amp; only","startDate":"2027-03-01T19:00:00+01:00",
   "endDate":"2027-03-02T00:00","eventStatus":"https://schema.org/EventCancelled","inLanguage":"nl",
   "location":{"@type":"Place","name":"Hall","address":{"@type":"PostalAddress","addressLocality":"Gent","addressCountry":"BE"}}}]}]}</script>
<script>var x = {"@type":"Event"};</script>
<script type='APPLICATION/LD+JSON; charset=utf-8'>
{"@type":"Event","name":"Broken","startDate":"2027-03-01",
 oops}
</script>
<script type="application/ld+json">{"@type":"ItemList","itemListElement":[{"@type":"ListItem","position":1,"item":
 {"@type":"EducationEvent","url":"/two","name":"Two","startDate":"2027-04-01","endDate":"2027-04-03","location":[{"@type":"VirtualLocation","url":"https://x.example"}]}},
 {"@type":"Event","url":"/three","name":"Three","startDate":"next week"},
 {"@type":"Event","name":"Four","startDate":"2027-05-01"},
 {"@type":"Event","url":"/five","name":"Five","startDate":"2019-05-01"},
 {"@type":"Event","url":"/two","name":"Two again","startDate":"2027-06-01"}]}</script>`
	f, err := ReadPage(t.Context(), []byte(page), "https://partner.example/agenda", asking(t))
	if err != nil {
		t.Fatal(err)
	}
	const want = `https://partner.example/agenda#one 2027-03-01..2027-03-01
https://partner.example/two 2027-04-01..2027-04-03
9: the JSON-LD breaks here
11: “next week” is no day or moment
11: no UID or address of its own: it would not be recognised next time
11: the same key “https://partner.example/two” as the event on line 11, which goes first`
	if said(f) != want {
		t.Errorf("%s\nwant\n%s", said(f), want)
	}
	one, two := f.Events[0], f.Events[1]
	if !one.Cancelled || one.City != "Gent" || one.Country != "BE" || one.Language != "nl" || !slices.Contains(one.Kinds, "businessevent") || one.Online {
		t.Errorf("%+v", one)
	}
	if !two.Online || two.City != "" || two.URL != "https://partner.example/two" || f.Outside != 1 {
		t.Errorf("%+v, %d outside", two, f.Outside)
	}
	if _, err := ReadPage(t.Context(), []byte("<p>Nothing"), "https://x.example/", asking(t)); fault.Of(err).Key != "events.no_data" {
		t.Error(err)
	}
}

func TestHostilePagesAreBounded(t *testing.T) {
	const open, end, size = `<script type="application/ld+json">`, `</script>`, 5 << 20
	for name, in := range map[string]string{
		"deep lists":     open + strings.Repeat("[", size) + end,
		"deep objects":   open + strings.Repeat(`{"@graph":`, 5000) + "1" + strings.Repeat("}", 5000) + end,
		"many events":    open + "[" + strings.Repeat(`{"@type":"Event","url":"/x","name":"x","startDate":"2027-01-01"},`, 70000) + "1]" + end,
		"many scripts":   strings.Repeat(open+"{"+end, 100000),
		"never closed":   open + strings.Repeat(" ", size),
		"tags in tags":   strings.Repeat("<", size),
		"one attribute":  `<script type="` + strings.Repeat("a", size),
		"a long string":  open + `{"@type":"Event","url":"/x","startDate":"2027-01-01","name":"` + strings.Repeat("a", size) + `"}` + end,
		"a long address": open + `{"@type":"Event","name":"x","startDate":"2027-01-01","url":"/` + strings.Repeat("a", size) + `"}` + end,
	} {
		begun := time.Now()
		f, err := ReadPage(t.Context(), []byte(in), "https://x.example/", asking(t))
		took := time.Since(begun)
		if took > 8*maxTime || len(f.Refused) > MaxRefused+1 || len(f.Events) > MaxEvents {
			t.Errorf("%s: took %v, %d events, %d refused", name, took, len(f.Events), len(f.Refused))
		}
		if err == nil && len(f.Refused) == 0 {
			t.Errorf("%s: nothing was said", name)
		}
		t.Logf("%s: %v, %d refused, %v", name, took.Round(time.Millisecond), len(f.Refused), err)
	}
}

// TestEncodings: a calendar in another encoding is read when the server says which, a page also when it says so itself.
func TestEncodings(t *testing.T) {
	latin := calendarOf(event("a", "DTSTART;VALUE=DATE:20270301", "LOCATION:Li\xe8ge"))
	for name, c := range map[string]struct{ data, kind, want string }{
		"told":          {latin, "text/calendar; charset=iso-8859-1", "Liège"},
		"not told":      {latin, "text/calendar", ""},
		"told wrongly":  {calendarOf(event("a", "DTSTART;VALUE=DATE:20270301", "LOCATION:Liège")), "text/calendar; charset=utf-8", "Liège"},
		"as plain text": {calendarOf(event("a", "DTSTART;VALUE=DATE:20270301", "LOCATION:Liège")), "text/plain", "Liège"},
		"a page": {"<meta charset=iso-8859-1><script type='application/ld+json'>{\"@type\":\"Event\",\"name\":\"x\",\"url\":\"/x\",\"startDate\":\"2027-03-01\",\"location\":\"Li\xe8ge\"}</script>",
			"text/html", "Liège"},
		"JSON alone": {`{"@type":"Event","name":"x</script>","url":"/x","startDate":"2027-03-01","location":"Liège"}`, "application/ld+json", "Liège"},
	} {
		f, err := Read(t.Context(), []byte(c.data), c.kind, "https://x.example/", asking(t))
		if err != nil || (c.want == "") != (len(f.Events) == 0) || (c.want != "" && f.Events[0].City != c.want) {
			t.Errorf("%s: %v %+v", name, err, f)
		}
	}
	if _, err := Read(t.Context(), []byte(latin), "text/calendar; charset=klingon", "https://x.example/", asking(t)); fault.Of(err).Key != "events.encoding" {
		t.Error(err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(calendarOf(event("a", "DTSTART;VALUE=DATE:20270301", "RRULE:FREQ=WEEKLY;COUNT=3"))), "text/calendar")
	f.Add([]byte(calendarOf(event("a", "DTSTART;VALUE=DATE:20270301", "RRULE:FREQ=MONTHLY;BYDAY=9MO;BYSETPOS=-1;BYMONTHDAY=31"))), "text/calendar")
	f.Add([]byte(`<script type="application/ld+json">{"@type":"Event"}</script>`), "text/html")
	f.Fuzz(func(t *testing.T, data []byte, kind string) {
		found, err := Read(t.Context(), data, kind, "https://x.example/", asking(t))
		if err != nil && !fault.Is(err, fault.KindInvalid) {
			t.Error(err)
		}
		for _, e := range found.Events {
			if e.Key == "" || e.Title == "" || !e.First.Valid() || !e.Last.Valid() || e.Last < e.First {
				t.Errorf("%+v", e)
			}
		}
	})
}
