package overlap

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// place is where, as compared: words of the city (without a state), the country's code or its folded name, or online.
type place struct {
	city    []uint32 // in order; none: not said
	country string
	online  bool
}

// where reads a place; a title may say that it is online.
func (v *vocabulary) where(it Item, titleOnline bool) place {
	city, _, _ := strings.Cut(it.City, ",")
	city, _, _ = strings.Cut(city, "(")
	p := place{country: v.country(it.Country)}
	for _, w := range v.words.replace(split(v.folder.fold(city))) {
		if v.words.online[w] {
			p.online = true
			continue
		}
		p.city = append(p.city, v.number(w))
	}
	p.online = len(p.city) == 0 && (it.Online || p.online || titleOnline)
	return p
}

// country is the ISO code of a code or a name in one of three languages; else the folded name.
func (v *vocabulary) country(s string) string {
	folded := strings.Join(split(v.folder.fold(s)), " ")
	if code, ok := v.words.countries[folded]; ok {
		return code
	}
	return folded
}

// nearness is how two places stand to each other.
type nearness int

const (
	placeUnknown nearness = iota // one side does not say
	bothOnline
	sameCity
	sameCountry // and another city, or no city said
	elsewhere
	twins // one online, one on site
)

func near(a, b place) nearness {
	switch {
	case a.online && b.online:
		return bothOnline
	case a.online && len(b.city) > 0, b.online && len(a.city) > 0:
		return twins
	case len(a.city) == 0 || len(b.city) == 0:
		if a.country != "" && b.country != "" && a.country != b.country {
			return elsewhere
		}
		return placeUnknown
	case a.country != "" && b.country != "" && a.country != b.country:
		return elsewhere
	case slices.Equal(a.city, b.city), within(a.city, b.city), within(b.city, a.city):
		return sameCity
	case a.country != "" && b.country != "":
		return sameCountry
	}
	return elsewhere
}

// within tells whether all words of a stand in b: "Frankfurt" in "Frankfurt am Main".
func within(a, b []uint32) bool {
	for _, w := range a {
		if !slices.Contains(b, w) {
			return false
		}
	}
	return len(a) > 0
}

// areas are the UN M49 areas that markets are grouped by: neighbours first, then continents.
func areas() (neighbours, continents []string) {
	return strings.Fields("154 155 151 039 034 035 030 143 145 005 013 029 021 011 014 015 017 018 053 054"), strings.Fields("150 142 019 002 009")
}

// holding is the first of some areas that holds a market; the market itself when none does.
func holding(list []string, market string) string {
	m, err := language.ParseRegion(market)
	if err != nil {
		return market
	}
	for _, code := range list {
		if area, err := language.ParseRegion(code); err == nil && (area.Contains(m) || area == m) {
			return code
		}
	}
	return market
}

// How alike two markets are that are not the same: an area and a country in it, neighbours, countries of one continent.
const (
	areaOf     = 8000
	neighbours = 5000
	continent  = 1500
)

// marketLikeness compares two markets: countries, or areas that hold them.
func marketLikeness(a, b string) int {
	if a == b {
		return 10000
	}
	x, errA := language.ParseRegion(a)
	y, errB := language.ParseRegion(b)
	if errA != nil || errB != nil {
		return 0
	}
	if x.Contains(y) || y.Contains(x) {
		return areaOf
	}
	near, far := areas()
	if g := holding(near, a); g != a && g == holding(near, b) {
		return neighbours
	}
	if g := holding(far, a); g != a && g == holding(far, b) {
		return continent
	}
	return 0
}

// address is a web page without what differs between two links to it: scheme, www, years, a slash at the end.
type address struct {
	host, path string
	edition    string // the years that stood in it
}

func readAddress(s string) address {
	if s == "" {
		return address{}
	}
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" {
		return address{}
	}
	a := address{host: strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")}
	parts := strings.FieldsFunc(strings.ToLower(u.EscapedPath()), func(r rune) bool { return r == '/' || r == '-' || r == '_' || r == '.' })
	for _, p := range append(parts, strings.Split(a.host, ".")...) {
		if isYear(p) {
			a.edition = p
		}
	}
	parts = slices.DeleteFunc(parts, func(p string) bool { return isYear(p) || p == "index" || p == "html" || p == "en" })
	a.path = strings.Join(parts, "/")
	return a
}

func (a address) known() bool { return a.host != "" }

// area is the group of neighbours that a market is of.
func (v *vocabulary) area(market string) string {
	if a, known := v.areas[market]; known {
		return a
	}
	near, _ := areas()
	v.areas[market] = holding(near, market)
	return v.areas[market]
}
