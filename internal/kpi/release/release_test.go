package release

import (
	"testing"

	"pgregory.net/rapid"
)

// table makes a table with its totals.
func table(values ...[]int64) Table {
	t := Table{Adds: true}
	var bottom []Cell
	for _, row := range values {
		var cells []Cell
		sum := int64(0)
		for j, v := range row {
			cells = append(cells, Cell{Value: v})
			sum += v
			if len(bottom) <= j {
				bottom = append(bottom, Cell{})
			}
			bottom[j].Value += v
		}
		t.Cells = append(t.Cells, append(cells, Cell{Value: sum}))
	}
	all := int64(0)
	for _, c := range bottom {
		all += c.Value
	}
	t.Cells = append(t.Cells, append(bottom, Cell{Value: all}))
	return t
}

func shown(m Mask) (n int) {
	for _, row := range m {
		for _, hidden := range row {
			if !hidden {
				n++
			}
		}
	}
	return n
}

func TestHide(t *testing.T) {
	all := table([]int64{10, 20}, []int64{30, 40})
	if m := Hide(all); shown(m) != 9 {
		t.Errorf("nothing small, %d shown", shown(m))
	}
	zeros := table([]int64{0, 20}, []int64{30, 0})
	if m := Hide(zeros); shown(m) != 9 {
		t.Errorf("0 is shown: %v", m)
	}
	small := table([]int64{4, 20, 9}, []int64{30, 40, 12}, []int64{15, 16, 17})
	m := Hide(small)
	if !m[0][0] || m[3][3] || m[0][3] {
		t.Errorf("a cell of 4: %v", m)
	}
	if low, high := small.Range(m, 0, 0); low > 1 || high < 5 {
		t.Errorf("4 is known to lie between %d and %d", low, high)
	}
	// Two cells of 1 in a row of 2: both at least 1 and together 2, so the total must go too.
	ones := table([]int64{1, 1}, []int64{50, 60})
	if m := Hide(ones); !m[0][2] {
		t.Errorf("a row of 2: %v", m)
	}
	amount := table([]int64{5_000_000, 900_000}, []int64{800_000, 700_000})
	amount.Cells[0][0].Few, amount.Cells[0][0].Dominant = 9, true
	if m := Hide(amount); !m[0][0] || shown(m) > 5 {
		t.Errorf("an amount that one company makes: %v", m)
	}
	if m := Hide(Table{}); len(m) != 0 {
		t.Error("an empty table")
	}
	if m := Hide(table([]int64{3})); shown(m) != 0 {
		t.Errorf("one cell of 3 and its totals: %v", m)
	}
}

func TestAgainHidesSmallChanges(t *testing.T) {
	before, now := table([]int64{10, 20, 30}, []int64{30, 40, 50}), table([]int64{12, 20, 30}, []int64{30, 40, 50})
	m := Again(before, now)
	if !m[0][0] || !m[0][3] && !m[0][1] && !m[0][2] {
		t.Errorf("two more in one cell: %v", m)
	}
	if m := Again(before, before); shown(m) != 12 {
		t.Errorf("nothing changed: %v", m)
	}
	if m := Again(before, table([]int64{10, 20, 30}, []int64{30, 40, 90})); shown(m) != 12 {
		t.Errorf("forty more: %v", m)
	}
	if m := Again(table([]int64{10}), now); shown(m) != shown(Hide(now)) {
		t.Errorf("another shape: %v", m)
	}
}

func someTable() *rapid.Generator[Table] {
	return rapid.Custom(func(t *rapid.T) Table {
		rows, columns := rapid.IntRange(1, 4).Draw(t, "rows"), rapid.IntRange(1, 4).Draw(t, "columns")
		var values [][]int64
		for range rows {
			var row []int64
			for range columns {
				row = append(row, rapid.OneOf(rapid.Int64Range(0, 7), rapid.Int64Range(0, 7), rapid.Int64Range(8, 30)).Draw(t, "value"))
			}
			values = append(values, row)
		}
		return table(values...)
	})
}

// An attacker who subtracts what is shown from every total, and knows that hidden cells are at least 1, narrows no small cell down below room,
// and never to fewer than five.
func TestSubtractionCannotUndo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := someTable().Draw(t, "table")
		m := Hide(table)
		for i := range table.Cells {
			for j, c := range table.Cells[i] {
				switch {
				case c.Value == 0 && m[i][j]:
					t.Fatalf("a 0 is hidden")
				case c.Value > 0 && c.Value < Least && !m[i][j]:
					t.Fatalf("%d is shown", c.Value)
				case c.Value > 0 && c.Value < Least:
					low, high := attack(table, m, i, j)
					if high-low < room || high < Least {
						t.Fatalf("%d at %d,%d lies between %d and %d: %v of %v", c.Value, i, j, low, high, m, table)
					}
				}
			}
		}
	})
}

// attack works out the range of a cell in another way than the rule does: by moving hidden cells along closed tours of the table, one unit at a
// time, and as far as it goes; every table with the same shown figures can be reached like that.
func attack(t Table, m Mask, i, j int) (low, high int64) {
	low, high = t.Cells[i][j].Value, t.Cells[i][j].Value
	for _, direction := range []int64{1, -1} {
		values := map[[2]int]int64{}
		for k := range t.Cells {
			for l, c := range t.Cells[k] {
				if m[k][l] {
					values[[2]int{k, l}] = c.Value
				}
			}
		}
		for range 8 { // as far as the rule promises is enough
			tour := closing(t, values, [2]int{i, j}, direction)
			if tour == nil {
				break
			}
			for cell, change := range tour {
				values[cell] += change
			}
		}
		low, high = min(low, values[[2]int{i, j}]), max(high, values[[2]int{i, j}])
	}
	return low, high
}

// closing finds changes of one unit, the first of them at a cell, that leave every row and column adding up; nil when there are none. It walks
// from the column of the cell back to its row, along hidden cells, by depth.
func closing(t Table, values map[[2]int]int64, start [2]int, direction int64) map[[2]int]int64 {
	sign := func(c [2]int) int64 {
		if t.flipped(c[0], c[1]) {
			return -1
		}
		return 1
	}
	if values[start]+direction < 1 {
		return nil
	}
	balance := direction * sign(start) // what the cell adds to its row and column
	seen := map[[2]int]bool{start: true}
	var walk func(line int, inColumn bool, tour map[[2]int]int64) bool
	walk = func(line int, inColumn bool, tour map[[2]int]int64) bool {
		for c := range values {
			if seen[c] || inColumn && c[1] != line || !inColumn && c[0] != line {
				continue
			}
			change := -balance * sign(c) // in a column it must take away what came in; in a row it gives back what was taken
			if !inColumn {
				change = balance * sign(c)
			}
			if values[c]+change < 1 {
				continue
			}
			seen[c] = true
			tour[c] = change
			if inColumn && c[0] == start[0] || walk(other(c, inColumn), !inColumn, tour) {
				return true
			}
			delete(tour, c)
			delete(seen, c)
		}
		return false
	}
	tour := map[[2]int]int64{start: direction}
	if !walk(start[1], true, tour) {
		return nil
	}
	return tour
}

func other(c [2]int, inColumn bool) int {
	if inColumn {
		return c[0]
	}
	return c[1]
}
