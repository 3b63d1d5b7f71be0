package cube

import (
	"runtime"
	"slices"
	"strconv"
	"sync"

	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// Axis is what a cell may be broken down by.
type Axis int

// The axes; Whole is no break-down.
const (
	Whole Axis = iota
	ByMarket
	BySector
	BySize
	ByType
	axes
)

// axisDimension is the dimension of each axis but Whole.
var axisDimension = [axes]int{ByMarket: market, BySector: sector, BySize: size, ByType: activityType}

// Cell names one cell: an organisation ("" the programme), a span (Year 0: all years; Quarter 0: the whole year, else 1 to 4), and a value of
// an axis.
type Cell struct {
	Partner id.Organisation
	Year    period.Year
	Quarter int
	Axis    Axis
	Value   string
}

// viewKey is which rows the cells of a view take: kinds by bit, and a basis.
type viewKey struct {
	kinds uint32
	basis Basis
}

// view holds every cell of the cube for some kinds and a basis, kept up to date company by company: what a company adds to the cells is taken
// off before it changes and added again after, so that distinct companies stay exact without keeping sets.
type view struct {
	takes             []bool // by number of the kind
	states            []bool // by number of the state
	orgs, times       int
	at                [axes]int // where an axis begins in a block of values
	values            int       // size of a block
	years             map[period.Year]int
	yearOf, quarterOf []int // by number of the quarter: its time
	companies         []int32
	contacts          []int32
	stamp             []uint32
	now               uint32
}

// Roll gives every cell for some kinds on a basis; it is worked out when first asked for and kept up to date afterwards.
func (c *Cube) roll(kinds []evidence.Kind, b Basis) *view {
	k := viewKey{basis: b}
	for _, one := range kinds {
		k.kinds |= 1 << slices.Index(evidence.Kinds(), one)
	}
	v := c.views[k]
	if v == nil || !v.fits(c) {
		v = c.newView(k)
		v.fill(c)
		c.views[k] = v
	}
	return v
}

// mostAtOnce is how many parts of a view are filled at once: each needs a view of its own.
const mostAtOnce = 8

// fill adds every company to an empty view: several at once, for what each adds does not hang on the others.
func (v *view) fill(c *Cube) {
	parts := min(runtime.GOMAXPROCS(0), mostAtOnce)
	all, step := make([]view, parts), len(c.company.ids)/parts+1
	var each sync.WaitGroup
	for i := range all {
		all[i] = *v
		if i > 0 {
			all[i].companies, all[i].contacts, all[i].stamp = make([]int32, len(v.companies)), make([]int32, len(v.contacts)), make([]uint32, len(v.stamp))
		}
		each.Go(func() {
			for root := i * step; root < min((i+1)*step, len(c.company.ids)); root++ {
				if c.company.root[root] == uint32(root) {
					all[i].company(c, uint32(root), 1)
				}
			}
		})
	}
	each.Wait()
	for _, other := range all[1:] {
		for n := range v.companies {
			v.companies[n] += other.companies[n]
			v.contacts[n] += other.contacts[n]
		}
	}
	v.now = all[0].now
}

// Roll works out every cell for some kinds on a basis and tells how many there are.
func (c *Cube) Roll(kinds []evidence.Kind, b Basis) int { return len(c.roll(kinds, b).companies) }

// At gives a cell; nothing for what never occurred.
func (c *Cube) At(kinds []evidence.Kind, b Basis, cell Cell) Count {
	v := c.roll(kinds, b)
	p := 0
	if cell.Partner != "" {
		n, known := c.org.number[string(cell.Partner)]
		if !known {
			return Count{}
		}
		p = int(n) + 1
	}
	t := 0
	if cell.Year != 0 {
		var known bool
		if t, known = v.years[cell.Year]; !known {
			return Count{}
		}
		if cell.Quarter != 0 {
			n, known := c.by[quarter].number[strconv.Itoa(int(cell.Year)*4+cell.Quarter-1)]
			if !known {
				return Count{}
			}
			t = v.quarterOf[n]
		}
	}
	at := 0
	if cell.Axis != Whole {
		n, known := c.by[axisDimension[cell.Axis]].number[cell.Value]
		if !known {
			return Count{}
		}
		at = v.at[cell.Axis] + int(n)
	}
	i := (p*v.times+t)*v.values + at
	return Count{int(v.contacts[i]), int(v.companies[i])}
}

func (c *Cube) newView(k viewKey) *view {
	v := &view{orgs: len(c.org.values) + 1, years: map[period.Year]int{}, times: 1, values: 1}
	for _, name := range c.by[kind].values {
		v.takes = append(v.takes, k.kinds>>slices.Index(evidence.Kinds(), evidence.Kind(name))&1 == 1)
	}
	for _, name := range c.by[state].values {
		v.states = append(v.states, name == string(evidence.Verified) || name == string(evidence.Reported) && k.basis == Counting)
	}
	for _, q := range c.by[quarter].values {
		year := period.Year(quarterOf(q) / 4)
		if v.years[year] == 0 {
			v.years[year] = v.times
			v.times++
		}
		v.yearOf = append(v.yearOf, v.years[year])
	}
	for range c.by[quarter].values {
		v.quarterOf = append(v.quarterOf, v.times)
		v.times++
	}
	for a := ByMarket; a < axes; a++ {
		v.at[a] = v.values
		v.values += len(c.by[axisDimension[a]].values)
	}
	n := v.orgs * v.times * v.values
	v.companies, v.contacts, v.stamp = make([]int32, n), make([]int32, n), make([]uint32, n)
	return v
}

// fits tells whether the view has a place for every value that the cube knows by now.
func (v *view) fits(c *Cube) bool {
	values := 1
	for a := ByMarket; a < axes; a++ {
		values += len(c.by[axisDimension[a]].values)
	}
	return v.orgs == len(c.org.values)+1 && len(v.quarterOf) == len(c.by[quarter].values) && v.values == values &&
		len(v.takes) == len(c.by[kind].values) && len(v.states) == len(c.by[state].values)
}

// company adds (1) or takes off (-1) all that a root and those that stand for it put into the cells.
func (v *view) company(c *Cube, root uint32, sign int32) {
	v.now++
	if v.now == 0 { // the stamps have gone round
		clear(v.stamp)
		v.now = 1
	}
	own := [1]uint32{root}
	members := own[:]
	if a := c.company.alias[root]; a != nil {
		members = a
	}
	for _, m := range members {
		for row := c.company.first[m]; row != none; row = c.facts[row].next {
			v.row(c, &c.facts[row], sign)
		}
	}
}

func (v *view) row(c *Cube, f *fact, sign int32) {
	if !v.takes[f.dims[kind]] || !v.states[f.dims[state]] {
		return
	}
	at := [axes]int{0, v.at[ByMarket] + int(f.dims[market]), v.at[BySector] + int(f.dims[sector]), v.at[BySize] + int(f.dims[size]),
		v.at[ByType] + int(f.dims[activityType])}
	times := [3]int{0, v.yearOf[f.dims[quarter]], v.quarterOf[f.dims[quarter]]}
	v.cells(0, times, at, sign)
	for _, o := range c.credits[f.credit] {
		v.cells(int(o)+1, times, at, sign)
	}
}

func (v *view) cells(partner int, times [3]int, at [axes]int, sign int32) {
	for _, t := range times {
		block := (partner*v.times + t) * v.values
		for _, a := range at {
			i := block + a
			v.contacts[i] += sign
			if v.stamp[i] != v.now {
				v.stamp[i] = v.now
				v.companies[i] += sign
			}
		}
	}
}

// quarterOf reads the quarter of a value of the dimension.
func quarterOf(value string) Quarter {
	n, err := strconv.Atoi(value)
	if err != nil {
		return -1 // the empty value that no row has
	}
	return Quarter(n)
}
