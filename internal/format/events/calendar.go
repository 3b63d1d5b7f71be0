package events

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	goical "github.com/emersion/go-ical"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// ReadCalendar reads an iCalendar file. Each event is read by itself, so that one that is broken takes no other with it. Invalid when the
// bytes are no calendar at all.
func ReadCalendar(ctx context.Context, data []byte, ask Ask) (Found, error) {
	if !bytes.HasPrefix(bytes.ToUpper(bytes.TrimLeft(data[:min(len(data), 200)], "\uFEFF \t\r\n")), []byte("BEGIN:VCALENDAR")) {
		return Found{}, fault.Invalid("url", "events.no_calendar", nil)
	}
	r := &calendar{reading: begin(ctx, ask), zones: map[string]bool{}, loaded: map[string]*time.Location{}}
	r.split(data)
	r.setZone()
	r.readAll()
	return r.end(), nil
}

// calendar is an iCalendar file that is being read.
type calendar struct {
	*reading
	blocks []block
	zones  map[string]bool // by name: whether the file defines it rightly
	loaded map[string]*time.Location
	props  []string // of the calendar itself
}

// block is an event as it stands in the file.
type block struct {
	at    int // line of its BEGIN
	lines []string
	fault text.Key // what is wrong with its lines
	wrong int      // at which line
}

// split unfolds lines and cuts the file into events; what stands in an event, such as an alarm, is left out.
func (r *calendar) split(data []byte) {
	var current *block
	var inside []string
	eachLine(data, func(at int, line string, bad text.Key) bool {
		name, value, _ := strings.Cut(line, ":")
		name, value = strings.ToUpper(strings.TrimSpace(name)), strings.ToUpper(strings.TrimSpace(value))
		switch {
		case name == "BEGIN":
			inside = append(inside, value)
			if len(inside) > 8 {
				r.refuse(at, "", "events.nested", nil)
				return false
			}
			if (value == "VEVENT" || value == "VTIMEZONE") && len(inside) == 2 {
				r.blocks = append(r.blocks, block{at: at})
				current = &r.blocks[len(r.blocks)-1]
				current.lines = append(current.lines, "BEGIN:"+value)
			} else if current != nil && current.lines[0] == "BEGIN:VTIMEZONE" {
				current.lines = append(current.lines, line)
			}
			return len(r.blocks) <= MaxEvents || r.tooMany(at)
		case name == "END":
			if current != nil && (len(inside) == 0 || inside[len(inside)-1] != value) {
				current.fault, current.wrong = "events.cut_off", current.at
			}
			if current != nil && (len(inside) == 2 || current.lines[0] == "BEGIN:VTIMEZONE") {
				current.lines = append(current.lines, "END:"+value)
			}
			if len(inside) == 2 {
				current = nil
			}
			inside = inside[:max(len(inside)-1, 0)]
		case current != nil && (len(inside) == 2 || current.lines[0] == "BEGIN:VTIMEZONE"):
			if bad != "" && current.fault == "" {
				current.fault, current.wrong = bad, at
			}
			current.lines = append(current.lines, line)
		case len(inside) == 1:
			r.props = append(r.props, line)
		}
		return true
	})
	if current != nil {
		current.fault, current.wrong = "events.cut_off", current.at
	}
}

// tooMany says once that a file has too many events; the rest of it is not read.
func (r *calendar) tooMany(at int) bool {
	r.refuse(at, "", "events.too_many", text.Args{"max": MaxEvents})
	r.blocks = r.blocks[:len(r.blocks)-1]
	return false
}

// maxHeader is how long the part of a line before its value may be.
const maxHeader = 2000

// eachLine gives the unfolded lines with the number of their first one (section 3.1), until told to stop.
func eachLine(data []byte, do func(at int, line string, bad text.Key) bool) {
	var line []byte
	var bad text.Key
	begun := 0
	flush := func() bool {
		if begun == 0 || (len(line) == 0 && bad == "") {
			return true
		}
		switch {
		case bad != "":
		case !utf8.Valid(line):
			bad = "events.not_utf8"
		case bytes.IndexByte(line, ':') > maxHeader || bytes.IndexByte(line, ':') < 0:
			bad = "events.bad_line"
		}
		return do(begun, strings.ToValidUTF8(string(line), "�"), bad)
	}
	for n := 1; len(data) > 0; n++ {
		raw, rest, _ := bytes.Cut(data, []byte("\n"))
		data = rest
		raw = bytes.TrimSuffix(raw, []byte("\r"))
		if n > 1 && len(raw) > 0 && (raw[0] == ' ' || raw[0] == '\t') {
			raw = raw[1:]
		} else {
			if !flush() {
				return
			}
			line, bad, begun = line[:0], "", n
		}
		if n == 1 {
			raw = bytes.TrimPrefix(raw, []byte("\uFEFF"))
		}
		if len(line)+len(raw) > maxLine {
			bad = "events.long_line"
			continue
		}
		line = append(line, raw...)
	}
	flush()
}

// setZone takes the zone that the calendar names, when it is one; otherwise that of Ask stays.
func (r *calendar) setZone() {
	for _, p := range r.props {
		name, value, _ := strings.Cut(p, ":")
		name, _, _ = strings.Cut(strings.ToUpper(name), ";")
		if (name == "X-WR-TIMEZONE" || name == "TIMEZONE-ID") && strings.TrimSpace(value) != "" {
			if zone := r.zone(strings.TrimSpace(value)); zone != nil {
				r.ask.Zone = zone
			} else {
				r.refuse(1, "", "events.zone_unknown", text.Args{"zone": Cut(value, 80)})
			}
			return
		}
	}
}

// zone is a zone of the IANA database by its name; nil when there is none.
func (r *calendar) zone(name string) *time.Location {
	if zone, asked := r.loaded[name]; asked || len(r.loaded) > 200 {
		return zone
	}
	var zone *time.Location
	if name != "" && name != "Local" && len(name) < 80 {
		if z, err := time.LoadLocation(name); err == nil {
			zone = z
		}
	}
	r.loaded[name] = zone
	return zone
}

// readAll reads definitions of zones first, then events, then what changes single days of recurring ones.
func (r *calendar) readAll() {
	var changes, series []parsed
	for _, b := range r.blocks {
		if b.lines[0] == "BEGIN:VTIMEZONE" {
			r.define(b)
		}
	}
	for _, b := range r.blocks {
		if b.lines[0] != "BEGIN:VEVENT" {
			continue
		}
		if r.late(b.at) {
			return
		}
		r.Seen++
		p, ok := r.parse(b)
		switch {
		case !ok:
		case p.instance != "":
			changes = append(changes, p)
		default:
			series = append(series, p)
		}
	}
	newest(&changes, func(p parsed) string { return p.uid + "#" + string(p.instance) }, r.twice)
	newest(&series, func(p parsed) string { return p.uid }, r.twice)
	moved := map[string]bool{}
	for _, p := range changes {
		p.event.Key = p.uid + "#" + string(p.instance)
		moved[p.event.Key] = true
		r.take(p.event)
	}
	for _, p := range series {
		if r.late(p.event.At) {
			return
		}
		r.spread(p, moved)
	}
}

// newest keeps of those with one key the one with the highest SEQUENCE, the first of equals.
func newest(all *[]parsed, key func(parsed) string, twice func(left, kept parsed)) {
	at := map[string]int{}
	var out []parsed
	for _, p := range *all {
		i, seen := at[key(p)]
		switch {
		case !seen:
			at[key(p)] = len(out)
			out = append(out, p)
		case p.sequence > out[i].sequence:
			twice(out[i], p)
			out[i] = p
		default:
			twice(p, out[i])
		}
	}
	*all = out
}

func (r *calendar) twice(left, kept parsed) {
	r.refuse(left.event.At, left.event.Title, "events.twice", text.Args{"key": Cut(left.uid, 120), "line": kept.event.At})
}

// parsed is an event before it is spread out over its days.
type parsed struct {
	event    Event
	uid      string
	sequence int
	instance period.Date // RECURRENCE-ID: the day of the series that it stands for
	rules    []string
	more     []period.Date // RDATE
	not      map[period.Date]bool
}

// component reads the lines of a block. The library is told nothing longer than a bounded line, and may fail on any.
func component(b block) (c *goical.Component, err error) {
	defer func() {
		if p := recover(); p != nil {
			c, err = nil, fmt.Errorf("events: %v", p)
		}
	}()
	all, err := goical.NewDecoder(strings.NewReader("BEGIN:VCALENDAR\r\n" + strings.Join(b.lines, "\r\n") + "\r\nEND:VCALENDAR\r\n")).Decode()
	if err != nil {
		return nil, err
	}
	if len(all.Children) != 1 {
		return nil, fmt.Errorf("events: %d components", len(all.Children))
	}
	return all.Children[0], nil
}

// define notes whether a zone is defined so that its days can be known (section 3.6.5).
func (r *calendar) define(b block) {
	c, err := component(b)
	if err != nil || b.fault != "" {
		return // whoever names it is refused
	}
	name := value(c.Props, goical.PropTimezoneID)
	good := name != "" && len(c.Children) > 0 && len(c.Children) < 500
	for _, sub := range c.Children {
		good = good && isOffset(value(sub.Props, goical.PropTimezoneOffsetFrom)) && isOffset(value(sub.Props, goical.PropTimezoneOffsetTo))
	}
	r.zones[name] = good
}

// isOffset tells a UTC offset (section 3.3.14) of a day at most.
func isOffset(s string) bool {
	if (len(s) != 5 && len(s) != 7) || (s[0] != '+' && s[0] != '-') {
		return false
	}
	_, err := time.Parse("150405", (s[1:] + "00")[:6])
	return err == nil
}

func (r *calendar) parse(b block) (parsed, bool) {
	p := parsed{event: Event{At: b.at}, not: map[period.Date]bool{}}
	c, err := component(b)
	title := titleOf(b)
	switch {
	case b.fault != "":
		r.refuse(b.wrong, title, b.fault, text.Args{"max": maxLine / 1000})
		return p, false
	case err != nil:
		r.refuse(b.at, title, "events.bad_event", nil)
		return p, false
	}
	p.uid, p.event.Title = value(c.Props, goical.PropUID), words(value(c.Props, goical.PropSummary))
	p.event.Key = p.uid
	if err := cmp.Or(checkKey(p.uid), checkTitle(p.event.Title)); err != nil {
		r.refuseFault(b.at, p.event.Title, err)
		return p, false
	}
	if _, err := fmt.Sscan(value(c.Props, goical.PropSequence), &p.sequence); err != nil {
		p.sequence = 0 // absent or nonsense: the first
	}
	if err := r.days(c, &p); err != nil {
		r.refuseFault(b.at, p.event.Title, err)
		return p, false
	}
	r.about(c, &p.event)
	return p, true
}

// about reads what is said of an event besides its days.
func (r *calendar) about(c *goical.Component, e *Event) {
	e.City = words(value(c.Props, goical.PropLocation))
	e.URL = webAddress(value(c.Props, goical.PropURL))
	e.Cancelled = strings.EqualFold(value(c.Props, goical.PropStatus), "CANCELLED") || r.cancelsAll()
	if p := c.Props.Get(goical.PropSummary); p != nil {
		e.Language = p.Params.Get("LANGUAGE")
	}
	for _, p := range c.Props["CATEGORIES"] {
		for _, k := range strings.Split(p.Value, ",") {
			if k = strings.ToLower(words(k)); k != "" && len(e.Kinds) < 20 {
				e.Kinds = append(e.Kinds, k)
			}
		}
	}
	if lower := strings.ToLower(e.City); strings.HasPrefix(lower, "http") || lower == "online" || strings.Contains(lower, "microsoft teams") ||
		strings.Contains(lower, "zoom.us") || c.Props.Get("CONFERENCE") != nil && e.City == "" {
		e.Online, e.City = true, ""
	}
}

// cancelsAll tells whether the whole file is a cancellation (RFC 5546, section 3.2.5).
func (r *calendar) cancelsAll() bool {
	for _, p := range r.props {
		if strings.EqualFold(strings.ReplaceAll(p, " ", ""), "METHOD:CANCEL") {
			return true
		}
	}
	return false
}

func value(props goical.Props, name string) string {
	if p := props.Get(name); p != nil {
		return strings.TrimSpace(p.Value)
	}
	return ""
}

// titleOf finds a title in a block that cannot be read, for the refusal.
func titleOf(b block) string {
	for _, l := range b.lines {
		if name, value, found := strings.Cut(l, ":"); found && strings.HasPrefix(strings.ToUpper(name), "SUMMARY") {
			return words(value)
		}
	}
	return ""
}

// words is a TEXT value (section 3.3.11) as one line; escapes that are none stay as they are.
func words(s string) string {
	return oneLine(strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, " ", `\N`, " ").Replace(s))
}

// oneLine is a text without control characters and without blanks that show nothing.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// longest of what is kept of an event, in letters.
const (
	maxTitle = 500
	maxKey   = 500
)

func checkKey(key string) error {
	if key == "" {
		return fault.Invalid("uid", "events.no_uid", nil)
	}
	if len(key) > maxKey || !utf8.ValidString(key) || strings.ContainsFunc(key, unicode.IsControl) {
		return fault.Invalid("uid", "events.bad_uid", text.Args{"max": maxKey})
	}
	return nil
}

func checkTitle(title string) error {
	if title == "" {
		return fault.Invalid("title", "events.no_title", nil)
	}
	if utf8.RuneCountInString(title) > maxTitle {
		return fault.Invalid("title", "events.long_title", text.Args{"max": maxTitle})
	}
	return nil
}

// webAddress is an address that a page may link to, "" for anything else.
func webAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || len(s) > 2000 || u.User != nil || strings.ContainsFunc(s, unicode.IsSpace) {
		return ""
	}
	return s
}
