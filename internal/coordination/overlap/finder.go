package overlap

import (
	"cmp"
	"runtime"
	"slices"
	"sort"
	"sync"
)

// Finder holds activities so that those worth comparing are found by what they share. Of and All may run at once; Put and Remove run alone.
type Finder struct {
	v       *vocabulary
	entries map[string]*entry
	index   map[uint32][]*entry // by key, in order of start and id
	slots   int
}

// NewFinder holds some activities; ids are unique, a later one replaces an earlier one.
func NewFinder(items []Item) *Finder {
	f := &Finder{v: newVocabulary(), entries: make(map[string]*entry, len(items)), index: map[uint32][]*entry{}}
	for _, it := range items {
		e := f.v.entry(it)
		e.slot = f.slots
		f.slots++
		f.entries[it.ID] = e
	}
	for _, e := range f.entries {
		for _, k := range e.keys {
			f.index[k.what] = append(f.index[k.what], e)
		}
	}
	for _, list := range f.index {
		slices.SortFunc(list, byStart)
	}
	return f
}

func byStart(a, b *entry) int {
	return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.item.ID, b.item.ID))
}

// Put adds an activity, or replaces the one with its id.
func (f *Finder) Put(it Item) {
	e := f.v.entry(it)
	if was, held := f.entries[it.ID]; held {
		f.Remove(it.ID)
		e.slot = was.slot
	} else {
		e.slot = f.slots
		f.slots++
	}
	f.entries[it.ID] = e
	for _, k := range e.keys {
		list := f.index[k.what]
		at, _ := slices.BinarySearchFunc(list, e, byStart)
		f.index[k.what] = slices.Insert(list, at, e)
	}
}

// Remove forgets an activity; nothing happens when it is not held.
func (f *Finder) Remove(id string) {
	e, held := f.entries[id]
	if !held {
		return
	}
	delete(f.entries, id)
	for _, k := range e.keys {
		list := f.index[k.what]
		if at, found := slices.BinarySearchFunc(list, e, byStart); found {
			f.index[k.what] = slices.Delete(list, at, at+1)
		}
	}
}

// All gives every pair, in the order of ByScore.
func (f *Finder) All() []Pair {
	list := make([]*entry, 0, len(f.entries))
	for _, e := range f.entries {
		list = append(list, e)
	}
	workers := min(runtime.NumCPU(), 8, len(list)/1000+1)
	found := make([][]Pair, workers)
	var all sync.WaitGroup
	for n := range workers {
		all.Go(func() {
			w := f.searcher()
			for i := n; i < len(list); i += workers {
				found[n] = w.pairsOf(list[i], true, found[n])
			}
		})
	}
	all.Wait()
	pairs := slices.Concat(found...)
	slices.SortFunc(pairs, ByScore)
	return pairs
}

// Of gives the pairs of one activity, in the order of ByScore.
func (f *Finder) Of(id string) []Pair {
	e, held := f.entries[id]
	if !held {
		return nil
	}
	pairs := f.searcher().pairsOf(e, false, nil)
	slices.SortFunc(pairs, ByScore)
	return pairs
}

// A searcher counts, per slot, the words that an activity shares with others, and what else they share. A slot's count holds while its
// stamp is that of the round. It is for one goroutine; the finder must not change meanwhile.
type searcher struct {
	comparer
	f      *Finder
	round  int32
	stamp  []int32
	shared []uint8
	sorts  []uint8 // a bit for each sort of key
	met    []*entry
}

func (f *Finder) searcher() *searcher {
	return &searcher{comparer: comparer{f.v.names, newLikeness()}, f: f, stamp: make([]int32, f.slots), shared: make([]uint8, f.slots), sorts: make([]uint8, f.slots)}
}

// pairsOf compares an activity with those that share enough within its reach; with later, only with those that stand later.
func (s *searcher) pairsOf(e *entry, later bool, pairs []Pair) []Pair {
	s.round++
	s.met = s.met[:0]
	for _, k := range e.keys {
		list := s.f.index[k.what]
		from := e.start - k.reach
		if later {
			from = e.start
		}
		at := sort.Search(len(list), func(i int) bool { return list[i].start >= from })
		for later && at < len(list) && byStart(list[at], e) <= 0 {
			at++
		}
		for ; at < len(list) && list[at].start <= e.start+k.reach; at++ {
			s.meet(list[at], k.sort)
		}
	}
	for _, o := range s.met {
		if o == e || !s.worthwhile(e, o) || e.among(o) {
			continue
		}
		c := s.compare(e, o)
		if kind := c.kind(); kind != "" {
			pairs = append(pairs, c.pair(kind))
		}
	}
	return pairs
}

func (s *searcher) meet(o *entry, by uint8) {
	n := o.slot
	if s.stamp[n] != s.round {
		s.stamp[n], s.shared[n], s.sorts[n] = s.round, 0, 0
		s.met = append(s.met, o)
	}
	s.sorts[n] |= 1 << by
	if by == keyWord && s.shared[n] < 255 {
		s.shared[n]++
	}
}

// worthwhile tells whether what two activities share may make them a pair.
func (s *searcher) worthwhile(e, o *entry) bool {
	return s.sorts[o.slot]&(1<<keyStrong) != 0 || int(s.shared[o.slot]) >= min(e.wanted(), o.wanted()) ||
		s.sorts[o.slot]&(1<<keyPublic) != 0 && s.mayCompete(e, o)
}

// Compare judges two activities; Kind is "" when they are nothing to each other.
func Compare(a, b Item) Pair {
	v := newVocabulary()
	x, y := v.entry(a), v.entry(b)
	c := (&comparer{v.names, newLikeness()}).compare(x, y)
	return c.pair(c.kind())
}

func (c *comparison) pair(kind Kind) Pair {
	return Pair{A: c.a.item.ID, B: c.b.item.ID, Kind: kind, Bp: c.total(), Parts: c.parts(), Reasons: c.reasons()}
}
