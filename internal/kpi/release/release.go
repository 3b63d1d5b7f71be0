// Package release decides which figures of a table may be published (domain section 5.13). It is pure: numbers in, a mask out. What one sees of
// one's own rows does not come through here.
//
// Cells of 1 to 4 companies are hidden, 0 is shown. What is hidden could be found again by subtracting what is shown from a total; so further
// cells are hidden, and totals where cells do not suffice, until the most that an attacker can work out from everything shown still leaves
// room. That room is reckoned exactly: a table with totals is a network, and how far a hidden cell can move in it is a maximum flow.
package release

// Least is the smallest number of companies that is told.
const Least = 5

// room is how far apart the least and the greatest value of a protected cell lie at least.
const room = 3

// Cell is a figure of a table with what may make it tell of one company.
type Cell struct {
	Value    int64 // companies, contacts or whole euro; not below 0
	Few      int64 // companies behind it, when Value counts something else; 0 none behind it
	Dominant bool  // one company makes over 80 % of an amount
}

// Table is a table with its totals: the last cell of each row and the last row are sums of the others.
type Table struct {
	Cells [][]Cell
	Adds  bool // whether totals are the sums of their cells: different companies are not
}

// Mask tells of each cell whether it is hidden.
type Mask [][]bool

// sensitive tells whether a cell must be hidden for its own sake.
func (c Cell) sensitive() bool {
	n := c.Value
	if c.Few > 0 {
		n = c.Few
	}
	return c.Value > 0 && (n < Least || c.Dominant)
}

// Hide decides a table that is published for the first time.
func Hide(t Table) Mask {
	m := t.mask(Cell.sensitive)
	t.second(m)
	if t.Adds {
		t.protect(m)
	}
	return m
}

// Again decides a table that was published before: cells that changed by 1 to 4 are hidden too, because the difference of two releases tells of
// those few. Tables of another shape are decided as new ones.
func Again(before, now Table) Mask {
	same := len(before.Cells) == len(now.Cells)
	for i := range now.Cells {
		same = same && len(before.Cells[i]) == len(now.Cells[i])
	}
	if !same {
		return Hide(now)
	}
	marked := Table{Adds: now.Adds, Cells: make([][]Cell, len(now.Cells))}
	for i, row := range now.Cells {
		for j, c := range row {
			change := max(c.Value-before.Cells[i][j].Value, before.Cells[i][j].Value-c.Value)
			if c.Few > 0 || before.Cells[i][j].Few > 0 {
				change = max(c.Few-before.Cells[i][j].Few, before.Cells[i][j].Few-c.Few)
			}
			if change > 0 && change < Least {
				c.Dominant = true
			}
			marked.Cells[i] = append(marked.Cells[i], c)
		}
	}
	m := marked.mask(func(c Cell) bool { return c.sensitive() || c.Dominant })
	marked.second(m)
	if marked.Adds {
		marked.protect(m)
	}
	return m
}

func (t Table) mask(hidden func(Cell) bool) Mask {
	m := make(Mask, len(t.Cells))
	for i, row := range t.Cells {
		m[i] = make([]bool, len(row))
		for j, c := range row {
			m[i][j] = hidden(c)
		}
	}
	return m
}

// second hides another cell in each row and column that has one hidden alone: the smallest that is not 0, of the table before totals.
func (t Table) second(m Mask) {
	for again := true; again; {
		again = false
		for i := range t.Cells {
			again = t.alone(m, len(t.Cells[i]), func(k int) (int, int) { return i, k }) || again
		}
		for j := range width(t) {
			again = t.alone(m, len(t.Cells), func(k int) (int, int) { return k, j }) || again
		}
	}
}

func width(t Table) int {
	if len(t.Cells) == 0 {
		return 0
	}
	return len(t.Cells[0])
}

func (t Table) alone(m Mask, n int, at func(int) (int, int)) bool {
	hidden, best := 0, -1
	for k := range n {
		i, j := at(k)
		if m[i][j] {
			hidden++
			continue
		}
		if t.Cells[i][j].Value == 0 {
			continue // shown, and so no cover
		}
		if best < 0 || t.cheaper(at, k, best) {
			best = k
		}
	}
	if hidden != 1 || best < 0 {
		return false
	}
	i, j := at(best)
	m[i][j] = true
	return true
}

// cheaper orders what to hide: cells before totals, then the smaller.
func (t Table) cheaper(at func(int) (int, int), a, b int) bool {
	i, j := at(a)
	k, l := at(b)
	if t.total(i, j) != t.total(k, l) {
		return !t.total(i, j)
	}
	return t.Cells[i][j].Value < t.Cells[k][l].Value
}

func (t Table) total(i, j int) bool { return i == len(t.Cells)-1 || j == len(t.Cells[i])-1 }

// protect hides more until no sensitive cell can be narrowed down. It ends: with everything hidden that is not 0, nothing is known.
func (t Table) protect(m Mask) {
	for {
		i, j, found := t.exposed(m)
		if !found || !t.hideFor(m, i, j) {
			return
		}
	}
}

func (t Table) exposed(m Mask) (int, int, bool) {
	for i := range t.Cells {
		for j, c := range t.Cells[i] {
			if !m[i][j] || !(c.sensitive() || c.Dominant) {
				continue
			}
			if low, high := t.Range(m, i, j); high-low < room || high < Least {
				return i, j, true
			}
		}
	}
	return 0, 0, false
}

// hideFor hides the cheapest cell that is shown and not 0, first in the row and column of the exposed one, then anywhere.
func (t Table) hideFor(m Mask, i, j int) bool {
	bi, bj, best := 0, 0, int64(-1)
	for k := range t.Cells {
		for l, c := range t.Cells[k] {
			if m[k][l] || c.Value == 0 {
				continue
			}
			cost := c.Value
			if t.total(k, l) {
				cost += 1 << 40
			}
			if k != i && l != j {
				cost += 1 << 50
			}
			if best < 0 || cost < best {
				bi, bj, best = k, l, cost
			}
		}
	}
	if best < 0 {
		return false
	}
	m[bi][bj] = true
	return true
}
