package overlap

import (
	"slices"

	"errera.eu/errera/internal/text"
)

// comparison is what two activities have in common. It is computed once and judged by rules (judge.go).
type comparison struct {
	a, b         *entry
	apart        int // days between the starts
	gap          int // days between the spans; 0 when they share one
	sameEnd      bool
	near         nearness
	names        names
	url          urls
	edition      bool // one page, and its address names the year
	market       int  // in basis points; -1: one side does not say
	sector       int
	types        int
	needs        int
	audienceSame bool
}

// names is how two titles stand to each other, once what only says where has been explained.
type names struct {
	bp           int
	common       int // words of what it is about
	leftA, leftB int // such words that the other lacks
	fuzzy        bool
	forms        forms
	explained    bool // nothing is left but places
}

// exact tells whether the titles say the same thing.
func (n names) exact() bool {
	return n.leftA == 0 && n.leftB == 0 && (n.common > 0 || n.explained && n.forms == formsAlike)
}

// inside tells whether one title says all of the other, and more.
func (n names) inside() bool { return n.common > 0 && (n.leftA == 0) != (n.leftB == 0) }

type forms int

const (
	formsAlike  forms = iota // the same, or one side says fewer
	formsFamily              // conference and summit
	formsApart               // stand and seminar
)

type urls int

const (
	urlUnknown urls = iota
	urlSame
	urlHost  // one site, two pages
	urlClash // two sites
)

// A comparer compares activities whose words are numbered alike. It is for one goroutine.
type comparer struct {
	words []string
	like  likeness
}

// A likeness remembers how alike codes are.
type likeness struct{ markets, sectors func(a, b string) int }

func newLikeness() likeness {
	return likeness{remembered(marketLikeness), remembered(sectorLikeness)}
}

func remembered(like func(a, b string) int) func(a, b string) int {
	in := map[[2]string]int{}
	return func(a, b string) int {
		if a == b {
			return 10000
		}
		k := [2]string{min(a, b), max(a, b)}
		v, known := in[k]
		if !known {
			v = like(a, b)
			in[k] = v
		}
		return v
	}
}

func (f *comparer) compare(a, b *entry) comparison {
	if a.item.ID > b.item.ID {
		a, b = b, a
	}
	c := comparison{a: a, b: b, apart: max(a.start-b.start, b.start-a.start), gap: max(0, b.start-a.end, a.start-b.end), sameEnd: a.end == b.end,
		near: near(a.place, b.place), types: -1}
	c.names = f.names(a, b)
	switch {
	case !a.url.known() || !b.url.known():
	case a.url.host == b.url.host && a.url.path == b.url.path:
		c.url = urlSame
	case a.url.host == b.url.host:
		c.url = urlHost
	default:
		c.url = urlClash
	}
	c.edition = c.url == urlSame && a.url.edition != "" && a.url.edition == b.url.edition
	c.market = bestOf(a.markets, b.markets, f.like.markets)
	c.sector = bestOf(a.item.Sectors, b.item.Sectors, f.like.sectors)
	c.needs = bestOf(a.item.Needs, b.item.Needs, equal)
	if a.item.Type != "" && b.item.Type != "" {
		c.types = typeLikeness(a.item.Type, b.item.Type)
	}
	c.audienceSame = a.item.Audience != "" && a.item.Audience == b.item.Audience
	return c
}

// mayCompete tells whether two activities could compete, without a look at their names.
func (f *comparer) mayCompete(a, b *entry) bool {
	return max(b.start-a.end, a.start-b.end) <= competeWithin && (a.item.Type == "" || b.item.Type == "" || typeLikeness(a.item.Type, b.item.Type) > 0) &&
		bestOf(a.item.Needs, b.item.Needs, equal) != 0 && bestOf(a.markets, b.markets, f.like.markets) >= neighbours &&
		bestOf(a.item.Sectors, b.item.Sectors, f.like.sectors) >= 5000
}

func equal(a, b string) int {
	if a == b {
		return 10000
	}
	return 0
}

// typeLikeness: what sends companies abroad is alike, and so is what teaches them.
func typeLikeness(a, b string) int {
	abroad, lesson := []string{"mission", "fair", "matchmaking", "visit"}, []string{"seminar", "knowledge", "conference", "course", "coaching"}
	switch {
	case a == b:
		return 10000
	case slices.Contains(abroad, a) && slices.Contains(abroad, b), slices.Contains(lesson, a) && slices.Contains(lesson, b):
		return 5000
	}
	return 0
}

// What words of a title weigh: what it is about, what it is in form.
const (
	coreWeight = 10
	formWeight = 3
)

// names compares titles. A word that only names a place of the other activity is explained by it and counts for nothing.
func (f *comparer) names(a, b *entry) names {
	common, onlyA, onlyB := parted(a.title.core, b.title.core)
	n := names{common: len(common)}
	if len(onlyA) > 0 && len(onlyB) > 0 {
		onlyA, onlyB = f.joined(&n, onlyA, onlyB, b.title.ordered)
		onlyB, onlyA = f.joined(&n, onlyB, onlyA, a.title.ordered)
		onlyA, onlyB = f.misspelt(&n, onlyA, onlyB)
	}
	markets := len(a.markets) == 0 || len(b.markets) == 0 || bestOf(a.markets, b.markets, f.like.markets) == 10000
	explained := func(w uint32) bool { return f.saysWhere(w, a, markets) || f.saysWhere(w, b, markets) }
	before := len(onlyA) + len(onlyB)
	onlyA, onlyB = slices.DeleteFunc(onlyA, explained), slices.DeleteFunc(onlyB, explained)
	n.leftA, n.leftB = len(onlyA), len(onlyB)
	n.explained = before > 0 && n.leftA+n.leftB == 0
	bothForms, formsA, formsB := parted(a.title.forms, b.title.forms)
	switch family, familyA, familyB := parted(a.title.families, b.title.families); {
	case len(formsA) == 0 || len(formsB) == 0:
		n.forms = formsAlike
	case len(family) > 0 && (len(familyA) == 0 || len(familyB) == 0):
		n.forms = formsFamily
	default:
		n.forms = formsApart
	}
	shared := 2 * (coreWeight*n.common + formWeight*len(bothForms))
	whole := shared + coreWeight*(n.leftA+n.leftB) + formWeight*(len(formsA)+len(formsB))
	if whole > 0 {
		n.bp = 10000 * shared / whole
	}
	if n.fuzzy {
		n.bp = n.bp * 9 / 10
	}
	return n
}

// parted tells what two sorted sets share, and what each has alone.
func parted(a, b []uint32) (common, onlyA, onlyB []uint32) {
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			common = append(common, a[i])
			i, j = i+1, j+1
		case a[i] < b[j]:
			onlyA = append(onlyA, a[i])
			i++
		default:
			onlyB = append(onlyB, b[j])
			j++
		}
	}
	return common, append(onlyA, a[i:]...), append(onlyB, b[j:]...)
}

// joined finds words of one title that the other writes as several: DevOps Days, DevOpsDays.
func (f *comparer) joined(n *names, one, several, ordered []uint32) (restOne, restSeveral []uint32) {
	for at := 0; at < len(one); at++ {
		whole := f.words[one[at]]
		for i := range ordered {
			rest, k := whole, i
			for k < len(ordered) && len(rest) > 0 && len(f.words[ordered[k]]) <= len(rest) && rest[:len(f.words[ordered[k]])] == f.words[ordered[k]] {
				rest = rest[len(f.words[ordered[k]]):]
				k++
			}
			if rest == "" && k-i > 1 {
				n.common++
				for _, w := range ordered[i:k] {
					several = slices.DeleteFunc(several, func(x uint32) bool { return x == w })
				}
				one = slices.Delete(one, at, at+1)
				at--
				break
			}
		}
	}
	return one, several
}

// misspelt pairs long words that one slip of the pen sets apart.
func (f *comparer) misspelt(n *names, a, b []uint32) (restA, restB []uint32) {
	for i := 0; i < len(a); i++ {
		for j := range b {
			x, y := f.words[a[i]], f.words[b[j]]
			if min(len(x), len(y)) >= 5 && oneSlip(x, y) {
				n.common, n.fuzzy = n.common+1, true
				a, b = slices.Delete(a, i, i+1), slices.Delete(b, j, j+1)
				i--
				break
			}
		}
	}
	return a, b
}

// oneSlip tells whether one letter added, dropped, changed, or two swapped make one word the other.
func oneSlip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || a == b {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	return a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// saysWhere tells whether a word is the city or the country of an activity, or one of its markets; those only where both have the same.
func (f *comparer) saysWhere(w uint32, e *entry, markets bool) bool {
	if slices.Contains(e.place.city, w) {
		return true
	}
	name := f.words[w]
	return name[0] == '@' && (name[1:] == e.place.country || markets && slices.Contains(e.markets, name[1:]))
}

// Reason is one thing that speaks for a pair, or against it being one activity.
type Reason struct {
	Key  text.Key
	Args text.Args
}

// In is the reason in words.
func (r Reason) In(l text.Language) string { return l.Say(r.Key, r.Args) }
