package release

// unbounded is more than any figure of a table.
const unbounded = int64(1) << 40

// Range is the least and the greatest value that a hidden cell of a table that adds can have, for somebody who knows every shown cell, that the
// totals are sums, and that a hidden cell is at least 1 (0 is always shown). It is exact: the extreme points of a table with totals are whole.
func (t Table) Range(m Mask, i, j int) (low, high int64) {
	v, from, to := t.Cells[i][j].Value, len(t.Cells)+j, i // raising it asks for a way back from its column to its row
	if t.flipped(i, j) {
		from, to = to, from
	}
	return v - t.network(m, i, j).most(to, from, v-1), v + t.network(m, i, j).most(from, to, unbounded)
}

// flipped tells whether a cell enters its row and column with the other sign: a total of rows or of columns, but not the total of both.
func (t Table) flipped(i, j int) bool { return (i == len(t.Cells)-1) != (j == len(t.Cells[i])-1) }

// graph is how far hidden cells may move: rows are nodes 0 to r-1, columns follow. An edge from row to column raises a cell, one back lowers it;
// a flipped cell the other way about.
type graph [][]int64

// network is the graph of all hidden cells but one.
func (t Table) network(m Mask, i, j int) graph {
	rows := len(t.Cells)
	g := make(graph, rows+width(t))
	for n := range g {
		g[n] = make([]int64, len(g))
	}
	for k := range t.Cells {
		for l, c := range t.Cells[k] {
			if !m[k][l] || k == i && l == j {
				continue
			}
			from, to := k, rows+l
			if t.flipped(k, l) {
				from, to = to, from
			}
			g[from][to], g[to][from] = unbounded, c.Value-1
		}
	}
	return g
}

// most is the maximum flow from one node to another, no more than limit: the method of Edmonds and Karp.
func (g graph) most(from, to int, limit int64) int64 {
	total := int64(0)
	for total < limit {
		parent := make([]int, len(g))
		for n := range parent {
			parent[n] = -1
		}
		parent[from] = from
		queue := []int{from}
		for len(queue) > 0 && parent[to] < 0 {
			n := queue[0]
			queue = queue[1:]
			for next, capacity := range g[n] {
				if capacity > 0 && parent[next] < 0 {
					parent[next] = n
					queue = append(queue, next)
				}
			}
		}
		if parent[to] < 0 {
			return total
		}
		step := limit - total
		for n := to; n != from; n = parent[n] {
			step = min(step, g[parent[n]][n])
		}
		for n := to; n != from; n = parent[n] {
			g[parent[n]][n] -= step
			g[n][parent[n]] += step
		}
		total += step
	}
	return total
}
