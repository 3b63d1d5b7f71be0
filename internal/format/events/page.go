package events

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/text/language"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// ReadPage reads the schema.org events that a page holds as JSON-LD, at whatever depth: alone, in lists, in @graph. base is the page's own
// address. Invalid when the page holds no JSON-LD; other markup is not read.
func ReadPage(ctx context.Context, data []byte, base string, ask Ask) (Found, error) {
	from, err := url.Parse(base)
	if err != nil {
		return Found{}, fault.Internal(err)
	}
	r := &page{reading: begin(ctx, ask), base: from}
	scripts := 0
	tokens := html.NewTokenizer(bytes.NewReader(data))
	line := 1
	inside := false
	for !r.late(line) {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			if !errors.Is(tokens.Err(), io.EOF) {
				r.refuse(line, "", "events.bad_page", nil)
			}
			break
		}
		raw := tokens.Raw()
		switch lines := bytes.Count(raw, []byte("\n")); kind {
		case html.StartTagToken:
			inside = holdsData(tokens)
			line += lines
		case html.TextToken:
			if inside {
				scripts++
				r.script(line, raw)
			}
			line += lines
		default:
			inside = false
			line += lines
		}
	}
	if scripts == 0 && len(r.Refused) == 0 {
		r.cancel()
		return Found{}, fault.Invalid("url", "events.no_data", nil)
	}
	return r.end(), nil
}

// holdsData tells whether the tag opens a script of JSON-LD.
func holdsData(tokens *html.Tokenizer) bool {
	name, more := tokens.TagName()
	if string(name) != "script" {
		return false
	}
	for more {
		var key, value []byte
		key, value, more = tokens.TagAttr()
		if kind, _, _ := strings.Cut(string(value), ";"); string(key) == "type" && strings.EqualFold(strings.TrimSpace(kind), "application/ld+json") {
			return true
		}
	}
	return false
}

// page is a page that is being read.
type page struct {
	*reading
	base   *url.URL
	at     int // line of the script
	visits int
}

// Bounds of one page's data.
const (
	maxDepth  = 24
	maxVisits = 100_000 // objects and lists
)

// script reads one block of JSON-LD; one that is broken is told with the line where it breaks, and the others are read.
func (r *page) script(at int, raw []byte) {
	r.at = at
	decoder := json.NewDecoder(bytes.NewReader(raw))
	for n := 0; ; n++ {
		var data any
		err := decoder.Decode(&data)
		if errors.Is(err, io.EOF) && n > 0 {
			return
		}
		if err != nil {
			var syntax *json.SyntaxError
			if errors.As(err, &syntax) {
				at += bytes.Count(raw[:min(int(syntax.Offset), len(raw))], []byte("\n"))
			} else {
				at += bytes.Count(raw, []byte("\n"))
			}
			r.refuse(at, "", "events.bad_json", nil)
			return
		}
		r.walk(data, 0)
	}
}

// walk looks for events in a value.
func (r *page) walk(data any, depth int) {
	if r.visits++; depth > maxDepth || r.visits > maxVisits {
		if depth > maxDepth || r.visits == maxVisits+1 {
			r.refuse(r.at, "", "events.nested", nil)
		}
		return
	}
	switch d := data.(type) {
	case []any:
		for _, x := range d {
			r.walk(x, depth+1)
		}
	case map[string]any:
		if kinds := typesOf(d); slices.ContainsFunc(kinds, isEvent) {
			if r.Seen++; r.Seen > MaxEvents {
				if r.Seen == MaxEvents+1 {
					r.refuse(r.at, "", "events.too_many", text.Args{"max": MaxEvents})
				}
				return
			}
			r.event(d, kinds)
		}
		for _, key := range []string{"@graph", "itemListElement", "item", "mainEntity", "mainEntityOfPage", "subEvent", "subEvents", "event", "events", "hasPart", "about"} {
			if inner, ok := d[key]; ok {
				r.walk(inner, depth+1)
			}
		}
	}
}

// typesOf are the types of an object without the name of the vocabulary.
func typesOf(d map[string]any) []string {
	var all []string
	for _, t := range list(d["@type"]) {
		if s, ok := t.(string); ok && len(all) < 10 {
			all = append(all, s[strings.LastIndexAny(s, "/#:")+1:])
		}
	}
	return all
}

// isEvent tells an event of schema.org by its type.
func isEvent(kind string) bool {
	return strings.HasSuffix(kind, "Event") || kind == "Festival" || kind == "Hackathon" || kind == "CourseInstance" || kind == "EventSeries"
}

func (r *page) event(d map[string]any, kinds []string) {
	e := Event{At: r.at, Title: words(str(d["name"])), URL: r.resolve(str(d["url"])), Language: nameOf(d["inLanguage"])}
	e.Key = cmp.Or(r.resolve(str(d["@id"])), e.URL, str(d["identifier"]))
	if err := cmp.Or(checkTitle(e.Title), checkKey(e.Key), r.when(d, &e)); err != nil {
		r.refuseFault(e.At, e.Title, err)
		return
	}
	for _, k := range kinds {
		e.Kinds = append(e.Kinds, strings.ToLower(k))
	}
	status, mode := str(d["eventStatus"]), str(d["eventAttendanceMode"])
	e.Cancelled, e.Postponed = strings.HasSuffix(status, "EventCancelled"), strings.HasSuffix(status, "EventPostponed")
	e.Online, e.Hybrid = strings.HasSuffix(mode, "OnlineEventAttendanceMode"), strings.HasSuffix(mode, "MixedEventAttendanceMode")
	for _, l := range list(d["location"]) {
		place(l, &e)
	}
	if e.Online {
		e.City, e.Country = "", ""
	}
	r.take(e)
}

// when reads the days; both are days that the event takes place on, unless it ends at midnight.
func (r *page) when(d map[string]any, e *Event) error {
	if str(d["startDate"]) == "" {
		return fault.Invalid("", "events.no_start", nil)
	}
	from, _, err := r.moment(str(d["startDate"]))
	if err != nil {
		return err
	}
	until := from
	if end := str(d["endDate"]); end != "" {
		var timed bool
		if until, timed, err = r.moment(end); err != nil {
			return err
		}
		if until.Before(from) {
			return fault.Invalid("", "events.ends_first", nil)
		}
		if timed && until.After(from) && until.Equal(until.Truncate(24*time.Hour)) {
			until = until.Add(-time.Second)
		}
	}
	e.First, e.Last = dayOf(from), dayOf(until)
	if e.First.DaysTo(e.Last) >= maxDays {
		return fault.Invalid("", "events.too_many_days", text.Args{"max": maxDays})
	}
	return nil
}

// moment reads a day or a moment of ISO 8601 as the clock on the wall tells it there, written as UTC. One with an offset is taken as it is
// written, one in UTC is told in the zone asked for.
func (r *page) moment(s string) (at time.Time, timed bool, err error) {
	if at, err = time.Parse(time.DateOnly, s); err == nil {
		return at, false, sane(at, s)
	}
	for _, form := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"} {
		for _, zone := range []string{"", "Z07:00", "Z0700"} {
			t, err := time.Parse(form+zone, s)
			if err != nil {
				continue
			}
			if strings.HasSuffix(s, "Z") {
				t = t.In(r.ask.Zone)
			}
			t = time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
			return t, true, sane(t, s)
		}
	}
	return at, false, fault.Invalid("", "events.bad_day", text.Args{"found": Cut(oneLine(s), 60)})
}

func sane(t time.Time, s string) error {
	if t.Year() < 1900 || t.Year() > 2200 {
		return fault.Invalid("", "events.bad_day", text.Args{"found": Cut(oneLine(s), 60)})
	}
	return nil
}

// place reads a location: a text, an address, or somewhere on the internet.
func place(l any, e *Event) {
	switch p := l.(type) {
	case string:
		e.City = cmp.Or(e.City, words(p))
	case map[string]any:
		if slices.Contains(typesOf(p), "VirtualLocation") {
			e.Online = e.Online || (!e.Hybrid && e.City == "")
			return
		}
		name := words(str(p["name"]))
		address, ok := p["address"].(map[string]any)
		if !ok {
			e.City = cmp.Or(words(str(p["address"])), name, e.City)
			return
		}
		e.City = cmp.Or(words(str(address["addressLocality"])), name, e.City)
		if c := nameOf(address["addressCountry"]); c != "" && len(c) <= 3 {
			if region, err := language.ParseRegion(c); err == nil && region.IsCountry() {
				e.Country = region.String()
			}
		}
	}
}

// resolve makes an address of the page whole; "" for what is none.
func (r *page) resolve(s string) string {
	if s == "" {
		return ""
	}
	u, err := r.base.Parse(strings.TrimSpace(s))
	if err != nil {
		return ""
	}
	return webAddress(u.String())
}

// str is a text, or a number or the first of a list as one.
func str(v any) string {
	switch x := v.(type) {
	case string:
		return strings.TrimSpace(x)
	case float64:
		return fmt.Sprint(x)
	case []any:
		if len(x) > 0 {
			if s, ok := x[0].(string); ok {
				return strings.TrimSpace(s)
			}
		}
	case map[string]any:
		if s, ok := x["@value"].(string); ok {
			return strings.TrimSpace(s)
		}
		if s, ok := x["@id"].(string); ok {
			return strings.TrimSpace(s)
		}
	}
	return ""
}

// nameOf is a text, or the name of an object.
func nameOf(v any) string {
	if m, ok := v.(map[string]any); ok {
		return cmp.Or(str(m["alternateName"]), str(m["identifier"]), str(m["name"]))
	}
	return str(v)
}

// list is a value as a list.
func list(v any) []any {
	if l, ok := v.([]any); ok {
		return l
	}
	if v == nil {
		return nil
	}
	return []any{v}
}
