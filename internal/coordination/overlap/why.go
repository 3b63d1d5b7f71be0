package overlap

import (
	"slices"
	"strings"

	"errera.eu/errera/internal/text"
)

// Why is the pair in one sentence.
func (p Pair) Why(l text.Language) string {
	list := make([]string, len(p.Reasons))
	for i, r := range p.Reasons {
		list[i] = r.In(l)
	}
	return l.Say(text.Key("overlap.why."+string(p.Kind)), text.Args{"reasons": strings.Join(list, ", ")})
}

// reasons are what the sentence tells: name, days, place, page, market, sector, type, each only where it says something.
func (c *comparison) reasons() []Reason {
	all := []Reason{{c.nameReason(), nil}}
	add := func(key text.Key, args text.Args) { all = append(all, Reason{key, args}) }
	switch {
	case c.a.item.Vague || c.b.item.Vague:
		if c.gap == 0 {
			add("overlap.reason.season", nil)
		}
	case c.apart == 0 && c.sameEnd:
		add("overlap.reason.same_days", nil)
	case c.apart == 0:
		add("overlap.reason.same_start", nil)
	default:
		add("overlap.reason.days_apart", text.Args{"n": c.apart})
	}
	switch c.near {
	case sameCity:
		add("overlap.reason.city", text.Args{"city": c.a.item.City})
	case bothOnline:
		add("overlap.reason.online", nil)
	case twins:
		add("overlap.reason.twins", nil)
	case sameCountry, elsewhere:
		if c.a.item.City != "" && c.b.item.City != "" {
			add("overlap.reason.cities", text.Args{"a": c.a.item.City, "b": c.b.item.City})
		}
	}
	switch c.url {
	case urlSame:
		add("overlap.reason.page", nil)
	case urlHost:
		add("overlap.reason.site", nil)
	}
	switch {
	case c.market == 10000:
		add("overlap.reason.market", text.Args{"list": codes{shared(c.a.markets, c.b.markets), text.Language.Country}})
	case c.market >= neighbours:
		add("overlap.reason.markets_near", nil)
	}
	switch {
	case c.sector == 10000:
		add("overlap.reason.sector", text.Args{"list": codes{shared(c.a.item.Sectors, c.b.item.Sectors), sectorWord}})
	case c.sector >= 5000:
		add("overlap.reason.sectors_near", nil)
	}
	if c.types == 10000 && c.names.bp < 6000 {
		add("overlap.reason.type", nil)
	}
	return all
}

func (c *comparison) nameReason() text.Key {
	switch n := c.names; {
	case n.exact() && n.fuzzy:
		return "overlap.reason.name_slip"
	case n.exact() && n.explained:
		return "overlap.reason.name_place"
	case n.exact():
		return "overlap.reason.name"
	case n.inside():
		return "overlap.reason.name_more"
	case n.bp >= 4000:
		return "overlap.reason.name_alike"
	}
	return "overlap.reason.name_other"
}

// shared is what two lists have in common.
func shared(a, b []string) []string {
	var both []string
	for _, x := range a {
		if slices.Contains(b, x) {
			both = append(both, x)
		}
	}
	return both
}

// codes is a list of codes that reads in each language.
type codes struct {
	list []string
	name func(text.Language, string) string
}

// In is the list in words.
func (c codes) In(l text.Language) string {
	names := make([]string, len(c.list))
	for i, code := range c.list {
		names[i] = c.name(l, code)
	}
	return strings.Join(names, ", ")
}

// sectorWord names a sector; one that the catalogue does not know stands for itself.
func sectorWord(l text.Language, code string) string {
	if key := text.Key("sector." + code); l.Has(key) {
		return l.Say(key, nil)
	}
	return code
}
