package cube

import (
	"math/bits"
	"slices"

	"errera.eu/errera/internal/id"
)

// Overlap is a slice by organisation: what each reached, and what each pair shares. The diagonal of Pairs is the own count.
type Overlap struct {
	Count
	Each  []Count
	Pairs [][]int
	Twice int // companies that two or more of the organisations reached
}

// Summed is the organisations' own counts added up, which counts shared companies more than once.
func (o *Overlap) Summed() int {
	n := 0
	for _, e := range o.Each {
		n += e.Companies
	}
	return n
}

// mostOrganisations is how many organisations one word of bits holds.
const mostOrganisations = 64

// Overlap counts a slice for organisations, at most 64 of them; credit of others counts in the whole alone.
func (c *Cube) Overlap(s Slice, organisations []id.Organisation) Overlap {
	organisations = organisations[:min(len(organisations), mostOrganisations)]
	out := Overlap{Each: make([]Count, len(organisations)), Pairs: make([][]int, len(organisations))}
	for i := range out.Pairs {
		out.Pairs[i] = make([]int, len(organisations))
	}
	lists, possible := c.lists(s)
	if !possible {
		return out
	}
	masks := c.masks(organisations)
	reached, met := make([]uint64, len(c.company.ids)), make([]bool, len(c.company.ids))
	for i := range c.facts {
		company := c.named[i]
		if company == none || !within(lists, i) {
			continue
		}
		out.Contacts++
		root := c.company.root[company]
		mask := uint64(0)
		if set := c.facts[i].credit; int(set) < len(masks) {
			mask = masks[set]
		}
		reached[root], met[root] = reached[root]|mask, true
		for ; mask != 0; mask &= mask - 1 {
			out.Each[bits.TrailingZeros64(mask)].Contacts++
		}
	}
	for root, by := range reached {
		if met[root] {
			out.Companies++
			out.meet(by)
		}
	}
	return out
}

// meet counts one company that so many organisations reached.
func (o *Overlap) meet(by uint64) {
	if bits.OnesCount64(by) > 1 {
		o.Twice++
	}
	for x := by; x != 0; x &= x - 1 {
		i := bits.TrailingZeros64(x)
		o.Each[i].Companies++
		for y := by; y != 0; y &= y - 1 {
			o.Pairs[i][bits.TrailingZeros64(y)]++
		}
	}
}

// masks are the sets of credit as bits of the organisations asked for.
func (c *Cube) masks(organisations []id.Organisation) []uint64 {
	bit := map[uint16]uint64{}
	for i, o := range organisations {
		if n, known := c.org.number[string(o)]; known {
			bit[n] = 1 << i
		}
	}
	masks := make([]uint64, len(c.credits))
	for i, set := range c.credits {
		for _, n := range set {
			masks[i] |= bit[n]
		}
	}
	return masks
}

func within(lists []bitmap, row int) bool {
	for _, l := range lists {
		if l.word(row>>6)&(1<<(row&63)) == 0 {
			return false
		}
	}
	return true
}

// By counts a slice for each value of an axis: contacts, and companies that are distinct within the value. Values without rows are left out,
// rows without a value too.
func (c *Cube) By(s Slice, a Axis) map[string]Count {
	lists, possible := c.lists(s)
	if !possible || a == Whole {
		return nil
	}
	d := axisDimension[a]
	values := c.by[d].values
	counts, met := make([]Count, len(values)), make([]bitmap, len(values))
	for i := range c.facts {
		if c.named[i] == none || !within(lists, i) {
			continue
		}
		v, root := c.facts[i].dims[d], c.company.root[c.named[i]]
		counts[v].Contacts++
		if met[v].word(int(root>>6))&(1<<(root&63)) == 0 {
			met[v].set(root)
			counts[v].Companies++
		}
	}
	out := map[string]Count{}
	for v, n := range counts {
		if n.Contacts > 0 && values[v] != "" {
			out[values[v]] = n
		}
	}
	return out
}

// Values lists the values of a dimension that rows have, in order: markets, sectors, sizes, types of activity.
func (c *Cube) Values(a Axis) []string {
	if a == Whole {
		return nil
	}
	all := slices.DeleteFunc(slices.Clone(c.by[axisDimension[a]].values), func(v string) bool { return v == "" })
	slices.Sort(all)
	return all
}
