package overlap

import (
	"slices"
	"strings"
)

// entry is an item made ready to compare.
type entry struct {
	slot       int // its place in the finder's counters
	item       *Item
	who        []uint32 // organisers
	title      title
	place      place
	url        address
	start, end int // days
	markets    []string
	keys       []key
}

// day counts days; any origin would do.
func day(t int64) int { return int(t / (24 * 60 * 60)) }

func (v *vocabulary) entry(it Item) *entry {
	e := &entry{item: &it, title: v.title(it.Title), url: readAddress(it.URL)}
	e.place = v.where(it, e.title.online)
	e.start = day(it.Starts.Time().Unix())
	e.end = e.start
	if it.Ends > it.Starts {
		e.end = day(it.Ends.Time().Unix())
	}
	for _, o := range it.Organisers {
		e.who = append(e.who, v.number("organiser|"+o))
	}
	for _, m := range it.Markets {
		e.markets = append(e.markets, v.country(m))
	}
	e.keys = v.keysOf(e)
	return e
}

// Reach is how many days apart two activities may start and still be compared.
const Reach = 45

// A key is a reason to compare two activities: what both have, of what sort, and how many days apart they may start.
type key struct {
	what  uint32
	sort  uint8
	reach int
}

// The sorts of keys. Of words it takes two, or all that a short title has; a page, or a city in the same days, is reason enough; a market
// with a sector is only where both may compete.
const (
	keyWord uint8 = iota
	keyStrong
	keyPublic
)

// keysOf names what an activity has that another may share: a word of the title that says something, two neighbouring words written as
// one, the page, the city in the same days, a market and a sector together.
func (v *vocabulary) keysOf(e *entry) []key {
	var keys []key
	add := func(reach int, sort uint8, parts ...string) {
		keys = append(keys, key{v.number(strings.Join(parts, "|")), sort, reach})
	}
	for i, w := range e.title.ordered {
		name := v.names[w]
		if name[0] != '#' {
			add(Reach, keyWord, "w", name)
		}
		if i > 0 && name[0] != '#' && v.names[e.title.ordered[i-1]][0] != '#' {
			add(Reach, keyWord, "w", v.names[e.title.ordered[i-1]]+name)
		}
	}
	if e.url.known() && e.url.path != "" {
		add(Reach, keyStrong, "u", e.url.host, e.url.path)
	} else if e.url.known() {
		add(Reach, keyStrong, "u", e.url.host)
	}
	for _, c := range e.place.city {
		add(1, keyStrong, "c", v.names[c])
	}
	for _, m := range e.markets {
		for _, s := range e.item.Sectors {
			add(competeWithin+longestSpan, keyPublic, "m", v.area(m), path(s)[0])
		}
	}
	slices.SortFunc(keys, func(a, b key) int { return int(a.what) - int(b.what) })
	return slices.Compact(keys)
}

// longestSpan is how long an activity may last and still be found at its end by another that competes.
const longestSpan = 14

// wanted is how many words of its title another must share to be worth a comparison.
func (e *entry) wanted() int {
	if len(e.title.core) <= 2 {
		return 1
	}
	return 2
}

// among tells whether the organisers of one are all among those of the other: then somebody knows of both.
func (e *entry) among(o *entry) bool {
	within := func(a, b []uint32) bool {
		for _, w := range a {
			if !slices.Contains(b, w) {
				return false
			}
		}
		return true
	}
	return within(e.who, o.who) || within(o.who, e.who)
}
