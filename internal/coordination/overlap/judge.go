package overlap

// sameWithin are the days that two listings of one activity may start apart: by name and place; with one page besides.
const (
	sameWithin     = 6
	sameWithinPage = 10
	// looseWithin: by name alone, where nobody says a place.
	looseWithin = 3
	// seriesWithin: two cities of a series are worth knowing this near in time.
	seriesWithin = 14
	// competeWithin are the days between two activities that compete.
	competeWithin = 28
	// competeFrom and competeNear are the least scores of two that compete: in one market, in two neighbouring ones.
	competeFrom = 6500
	competeNear = 7000
	// wordsSpeak: names less alike than that say little either way, and count for a third.
	wordsSpeak = 4000
)

// kind is what the two activities are to each other; "" when they are nothing.
func (c *comparison) kind() Kind {
	switch {
	case c.same():
		return Same
	case c.competes():
		return Competing
	case c.similar():
		return Similar
	}
	return ""
}

// same tells whether both are one activity. Two cities, or a hall and a screen, are never one; nor are days too far apart.
func (c *comparison) same() bool {
	if c.near == elsewhere || c.near == twins || c.near == sameCountry || c.a.item.Vague || c.b.item.Vague ||
		c.market >= 0 && c.market < areaOf {
		return false
	}
	switch {
	case c.apart > sameWithinPage: // one of the two has its month wrong, where the page is that year's own
		return c.apart <= Reach && c.names.exact() && c.near == sameCity && c.edition
	case c.names.exact() && !c.names.fuzzy:
		return c.sameByName()
	case c.names.exact():
		return c.apart <= 1 && (c.near == sameCity || c.url == urlSame) && c.url != urlClash && c.names.forms == formsAlike
	case c.names.inside() && c.sameWithMore():
		return true
	}
	return c.sameUnderAnotherName()
}

// sameByName judges two titles that say the same.
func (c *comparison) sameByName() bool {
	switch {
	case c.names.forms == formsAlike && c.apart == 0:
		return true
	case c.names.forms == formsAlike && c.apart <= looseWithin:
		return c.near == sameCity || c.url == urlSame || c.names.common > 1 && c.url != urlClash
	case c.names.forms == formsAlike:
		return c.near == sameCity && (c.url == urlSame || c.url != urlClash && c.apart <= sameWithin)
	case c.names.forms == formsFamily:
		return c.apart == 0 && c.sameEnd && (c.near == sameCity && c.url != urlClash || c.url == urlSame)
	}
	return false
}

// sameWithMore judges a title that says all of the other and one word more: often one activity, but a part of a fair says more too.
func (c *comparison) sameWithMore() bool {
	return c.apart == 0 && c.sameEnd && c.names.common > 1 && c.names.leftA+c.names.leftB == 1 && (c.near == sameCity || c.url == urlSame) &&
		c.url != urlClash && c.url != urlHost && c.names.forms == formsAlike && (c.types < 0 || c.types == 10000)
}

// sameUnderAnotherName judges by what is not a name: one page, or all that a partner fills in.
func (c *comparison) sameUnderAnotherName() bool {
	if c.types >= 0 && c.types < 10000 {
		return false
	}
	if c.url == urlSame && c.apart == 0 && c.sameEnd {
		return c.near == sameCity || c.near == bothOnline && c.names.bp >= 5000
	}
	return c.near == sameCity && c.apart <= 1 && c.gap == 0 && c.types == 10000 && c.market == 10000 && c.sector >= 7500 &&
		c.names.forms != formsApart && c.names.bp >= 4000
}

// similar tells whether the names or the page are alike, near enough in time to be worth a look.
func (c *comparison) similar() bool {
	if c.gap > Reach || c.near == elsewhere && c.apart > seriesWithin {
		return false
	}
	if c.market >= 0 && c.market < neighbours && c.url != urlSame {
		return false // one sort of journey to two parts of the world
	}
	alike := c.names.bp >= 6000 && c.names.common > 0 || c.names.inside() && c.names.common > 1
	return (alike || c.url == urlSame) && c.total() >= 5000
}

// competes tells whether both serve one public with one sort of thing: a market, a sector, a type and a need alike, at nearly one time.
func (c *comparison) competes() bool {
	return c.gap <= competeWithin && c.market >= neighbours && c.sector >= 5000 && c.types >= 5000 && c.needs != 0 && c.near != twins &&
		(c.market >= areaOf && c.total() >= competeFrom || c.total() >= competeNear)
}

// parts are the scores of what both sides say.
func (c *comparison) parts() []Score {
	all := make([]Score, 0, 8)
	add := func(p Part, bp, weight int) {
		if bp >= 0 {
			all = append(all, Score{p, bp, weight})
		}
	}
	if c.names.bp >= wordsSpeak {
		add(PartWords, c.names.bp, 30)
	} else {
		add(PartWords, c.names.bp, 10)
	}
	add(PartTime, c.time(), 20)
	add(PartPlace, map[nearness]int{placeUnknown: -1, bothOnline: 7000, sameCity: 10000, sameCountry: 6000, elsewhere: 0, twins: 3000}[c.near], 15)
	add(PartMarket, c.market, 15)
	add(PartSector, c.sector, 10)
	add(PartType, c.types, 5)
	audience := c.needs
	if c.audienceSame {
		audience = 10000
	}
	add(PartAudience, audience, 5)
	add(PartURL, map[urls]int{urlUnknown: -1, urlSame: 10000, urlHost: 5000, urlClash: -1}[c.url], 10)
	return all
}

// time is 10000 for the same days, less for each day between the starts, much less for days between the spans.
func (c *comparison) time() int {
	if c.gap > 0 {
		return max(0, 7000-150*c.gap)
	}
	bp := 10000 - 300*min(c.apart, 10)
	if !c.sameEnd {
		bp -= 200
	}
	return bp
}

// total is the mean of the parts by weight.
func (c *comparison) total() int {
	sum, weights := 0, 0
	for _, p := range c.parts() {
		sum, weights = sum+p.Bp*p.Weight, weights+p.Weight
	}
	if weights == 0 {
		return 0
	}
	return sum / weights
}
