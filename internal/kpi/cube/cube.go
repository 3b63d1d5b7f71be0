// Package cube counts contacts and different companies over any slice of a programme's evidence: by partner, kind, quarter, market, sector,
// size and type of activity. Companies are counted exactly, with merges as they stand. A cube is a cache: each read compares the programme's
// and the agency's sequence in its own transaction and applies what is missing, so that several processes agree.
//
// It knows no promises, no joint shares and no money; figures of KPIs are those of package kpi. Nothing here is stored.
package cube

import (
	"math/bits"
	"slices"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// Basis says which rows count; rejected ones never do.
type Basis int

// The bases.
const (
	Counting Basis = iota // reported and verified
	Proven                // verified alone
)

// Slice chooses rows. An empty list chooses all.
type Slice struct {
	Partners                       []id.Organisation // holding credit, any of them
	Kinds                          []evidence.Kind
	Markets, Sectors, Sizes, Types []string
	From, To                       Quarter // inclusive; 0 open
	Basis                          Basis
}

// Count is what a slice holds: rows, and different companies among them.
type Count struct{ Contacts, Companies int }

// Quarter numbers quarters in their order: year x 4 + 0 to 3.
type Quarter int

// QuarterOf is the quarter in which a row counts: that of its day, kept within the year in which it counts.
func QuarterOf(year period.Year, on period.Date) Quarter {
	switch y := on.Year(); {
	case y < year:
		return Quarter(int(year) * 4)
	case y > year:
		return Quarter(int(year)*4 + 3)
	}
	return Quarter(int(year)*4 + on.Quarter() - 1)
}

// bitmap is a set of rows by their place.
type bitmap []uint64

func (b *bitmap) set(i uint32) {
	for int(i>>6) >= len(*b) {
		*b = append(*b, make([]uint64, 1+len(*b)/4)...)
	}
	(*b)[i>>6] |= 1 << (i & 63)
}

func (b bitmap) clear(i uint32) {
	if int(i>>6) < len(b) {
		b[i>>6] &^= 1 << (i & 63)
	}
}

func (b bitmap) word(w int) uint64 {
	if w < len(b) {
		return b[w]
	}
	return 0
}

// dimension gives each value a number and the rows that have it.
type dimension struct {
	number map[string]uint16
	values []string
	rows   []bitmap
}

func newDimension() *dimension { return &dimension{number: map[string]uint16{}} }

// of gives the number of a value, a new one when it has none.
func (d *dimension) of(value string) uint16 {
	n, known := d.number[value]
	if !known {
		n = uint16(len(d.values))
		value = string([]byte(value)) // the text read stays behind
		d.number[value] = n
		d.values = append(d.values, value)
		d.rows = append(d.rows, nil)
	}
	return n
}

// The dimensions of a row that have one value each, by their place in fact.dims.
const (
	market = iota
	sector
	activityType
	kind
	quarter
	state
	size
	dims
)

// fact is a row of evidence in numbers.
type fact struct {
	company uint32 // as recorded; none
	credit  uint32 // of the sets of credit
	next    uint32 // row of the same recorded company, none at the end
	dims    [dims]uint16
}

const none = ^uint32(0)

// key is an identity in its 16 bytes.
type key [16]byte

// Cube is the state of a programme as of a version.
type Cube struct {
	version db.Version
	ids     []key // of the rows, ascending
	late    map[key]uint32
	facts   []fact
	named   []uint32 // the company of each row once more, apart: counting walks it in order
	by      [dims]*dimension
	org     *dimension // organisations: a row may have several
	sets    map[string]uint32
	days    map[string]uint16 // the quarter's number of a year and a day as read
	credits [][]uint16        // organisations of each set
	company companies
	views   map[viewKey]*view
}

// companies are those that any row names.
type companies struct {
	number map[key]uint32
	ids    []key
	root   []uint32   // which one each stands for
	own    []uint16   // the size class of each itself, by number of the dimension
	size   []uint16   // that of its root
	first  []uint32   // row of each, as recorded
	alias  [][]uint32 // of a root: all that stand for it, itself first; nil for one that stands for itself alone
}

func newCube() *Cube {
	c := &Cube{late: map[key]uint32{}, org: newDimension(), sets: map[string]uint32{}, days: map[string]uint16{}, views: map[viewKey]*view{}}
	for i := range c.by {
		c.by[i] = newDimension()
	}
	c.company.number = map[key]uint32{}
	return c
}

// Rows tells how many rows the cube holds, rejected ones among them.
func (c *Cube) Rows() int { return len(c.facts) }

// Count counts a slice. It walks only the words of bits in which every list has something.
func (c *Cube) Count(s Slice) Count {
	lists, possible := c.lists(s)
	if !possible {
		return Count{}
	}
	var out Count
	seen := make([]uint64, (len(c.company.ids)+63)/64)
	for w := range (len(c.facts) + 63) / 64 {
		word := ^uint64(0)
		if w == len(c.facts)/64 {
			word = 1<<(len(c.facts)&63) - 1
		}
		for _, rows := range lists {
			if word &= rows.word(w); word == 0 {
				break
			}
		}
		for ; word != 0; word &= word - 1 {
			company := c.named[w<<6|bits.TrailingZeros64(word)]
			if company == none {
				continue
			}
			out.Contacts++
			root := c.company.root[company]
			seen[root>>6] |= 1 << (root & 63)
		}
	}
	for _, word := range seen {
		out.Companies += bits.OnesCount64(word)
	}
	return out
}

// lists are the sets of rows that a slice asks for: a row must be in each. False when one has no row at all.
func (c *Cube) lists(s Slice) ([]bitmap, bool) {
	var lists []bitmap
	possible := true
	add := func(d *dimension, values []string) {
		if len(values) == 0 {
			return
		}
		var any []bitmap
		for _, v := range values {
			if n, known := d.number[v]; known {
				any = append(any, d.rows[n])
			}
		}
		possible = possible && len(any) > 0
		lists = append(lists, union(any))
	}
	states := []string{string(evidence.Verified)}
	if s.Basis == Counting {
		states = append(states, string(evidence.Reported))
	}
	add(c.org, plain(s.Partners))
	add(c.by[market], s.Markets)
	add(c.by[sector], s.Sectors)
	add(c.by[size], s.Sizes)
	add(c.by[activityType], s.Types)
	add(c.by[kind], plain(s.Kinds))
	if s.From != 0 || s.To != 0 {
		add(c.by[quarter], c.quarters(s.From, s.To))
	}
	add(c.by[state], states)
	return lists, possible
}

// union is the set of rows that are in any of several; of one it is that one itself.
func union(any []bitmap) bitmap {
	if len(any) == 1 {
		return any[0]
	}
	longest := 0
	for _, b := range any {
		longest = max(longest, len(b))
	}
	all := make(bitmap, longest)
	for _, b := range any {
		for w, word := range b {
			all[w] |= word
		}
	}
	return all
}

// quarters lists the quarters that have rows within a span; one that has none when the span has none.
func (c *Cube) quarters(from, to Quarter) []string {
	within := []string{""}
	for _, v := range c.by[quarter].values {
		if q := quarterOf(v); q >= from && (to == 0 || q <= to) {
			within = append(within, v)
		}
	}
	return within
}

func plain[T ~string](all []T) []string {
	s := make([]string, len(all))
	for i, v := range all {
		s[i] = string(v)
	}
	return s
}

// place finds a row by its identity.
func (c *Cube) place(k key) (uint32, bool) {
	i, found := slices.BinarySearchFunc(c.ids, k, compareKey)
	if found {
		return uint32(i), true
	}
	n, found := c.late[k]
	return n, found
}
