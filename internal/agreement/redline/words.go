package redline

import (
	"slices"
	"strings"
	"unicode"
)

// Op says what became of a piece of text.
type Op string

// The operations. Keep and Del make up the old text, Keep and Ins the new one.
const (
	Keep Op = "keep"
	Del  Op = "del"
	Ins  Op = "ins"
)

// Segment is a piece of text with what became of it.
type Segment struct {
	Op   Op     `json:"op"`
	Text string `json:"text"`
}

// Changed tells whether anything was taken out or put in.
func Changed(all []Segment) bool {
	return slices.ContainsFunc(all, func(s Segment) bool { return s.Op != Keep })
}

// Old is the text before, New the text after.
func Old(all []Segment) string { return without(all, Ins) }

// New is the text after.
func New(all []Segment) string { return without(all, Del) }

func without(all []Segment, op Op) string {
	var b strings.Builder
	for _, s := range all {
		if s.Op != op {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

// Words compares two texts word by word: words, spaces, marks and fields such as {total} are never cut. Old(Words(a, b)) is a and
// New(Words(a, b)) is b, whatever they are.
func Words(before, after string) []Segment {
	if before == after {
		if before == "" {
			return nil
		}
		return []Segment{{Keep, before}}
	}
	d := &differ{a: tokens(before), b: tokens(after)}
	d.number()
	d.compare(0, len(d.a), 0, len(d.b), 0)
	return readable(d.out)
}

// tokens cuts a text: fields, runs of letters and digits, runs of spaces, and single marks.
func tokens(s string) []string {
	var all []string
	for s != "" {
		n := length(s)
		all = append(all, s[:n])
		s = s[n:]
	}
	return all
}

func length(s string) int {
	if s[0] == '{' {
		if end := strings.IndexAny(s[1:], "{} \n"); end > 0 && s[1+end] == '}' {
			return end + 2
		}
	}
	kind := 0
	for i, r := range s {
		k := kindOf(r)
		switch {
		case i == 0:
			if kind = k; k == 0 {
				n := len(string(r))
				if r == unicode.ReplacementChar { // a byte that is no UTF-8 is a token of its own
					n = 1
					if strings.HasPrefix(s, string(unicode.ReplacementChar)) {
						n = len(string(r))
					}
				}
				return n
			}
		case k != kind:
			return i
		}
	}
	return len(s)
}

// kindOf is 1 for what words are made of, 2 for spaces, 0 for a mark that stands alone.
func kindOf(r rune) int {
	switch {
	case r == '\n' || r == unicode.ReplacementChar:
		return 0
	case unicode.IsSpace(r):
		return 2
	case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
		return 1
	}
	return 0
}

// differ compares two sequences of tokens: between words that stand once on either side and in one order, by the shortest edit script of
// Myers (1986), and as a whole where that would be long.
type differ struct {
	a, b   []string
	x, y   []int // the tokens by number
	counts int
	out    []Segment
}

func (d *differ) number() {
	ids := map[string]int{}
	list := func(all []string) []int {
		n := make([]int, len(all))
		for i, t := range all {
			v, seen := ids[t]
			if !seen {
				v = len(ids)
				ids[t] = v
			}
			n[i] = v
		}
		return n
	}
	d.x, d.y = list(d.a), list(d.b)
	d.counts = len(ids)
}

func (d *differ) emit(op Op, all []string) {
	if len(all) == 0 {
		return
	}
	text := strings.Join(all, "")
	if n := len(d.out); n > 0 && d.out[n-1].Op == op {
		d.out[n-1].Text += text
		return
	}
	d.out = append(d.out, Segment{op, text})
}

const (
	mostEdits = 600 // beyond, a stretch reads as replaced
	deepest   = 40
)

func (d *differ) compare(a0, a1, b0, b1, depth int) {
	start := a0
	for a0 < a1 && b0 < b1 && d.x[a0] == d.y[b0] {
		a0, b0 = a0+1, b0+1
	}
	d.emit(Keep, d.a[start:a0])
	end := a1
	for a0 < a1 && b0 < b1 && d.x[a1-1] == d.y[b1-1] {
		a1, b1 = a1-1, b1-1
	}
	d.middle(a0, a1, b0, b1, depth)
	d.emit(Keep, d.a[a1:end])
}

func (d *differ) middle(a0, a1, b0, b1, depth int) {
	if a0 == a1 || b0 == b1 {
		d.emit(Del, d.a[a0:a1])
		d.emit(Ins, d.b[b0:b1])
		return
	}
	if depth < deepest {
		if anchors := d.anchors(a0, a1, b0, b1); len(anchors) > 0 {
			for _, m := range anchors {
				d.compare(a0, m[0], b0, m[1], depth+1)
				d.emit(Keep, d.a[m[0]:m[0]+1])
				a0, b0 = m[0]+1, m[1]+1
			}
			d.compare(a0, a1, b0, b1, depth+1)
			return
		}
	}
	d.myers(a0, a1, b0, b1)
}

// anchors are the tokens that stand exactly once on either side, in the longest order common to both. Spaces are none.
func (d *differ) anchors(a0, a1, b0, b1 int) [][2]int {
	const twice = -1
	at := make(map[int]int, b1-b0)
	for j := b0; j < b1; j++ {
		if _, seen := at[d.y[j]]; seen {
			at[d.y[j]] = twice
		} else if kindOf([]rune(d.b[j])[0]) == 1 {
			at[d.y[j]] = j
		}
	}
	seen := make(map[int]int, a1-a0)
	for i := a0; i < a1; i++ {
		seen[d.x[i]]++
	}
	var pairs [][2]int
	for i := a0; i < a1; i++ {
		if j, has := at[d.x[i]]; has && j != twice && seen[d.x[i]] == 1 {
			pairs = append(pairs, [2]int{i, j})
		}
	}
	return rising(pairs, func(p [2]int) int { return p[1] })
}

// rising is the longest part of a list in which a value only rises.
func rising[T any](all []T, value func(T) int) []T {
	var tails []int // index of the last member of a best part of each length
	before := make([]int, len(all))
	for i := range all {
		k, _ := slices.BinarySearchFunc(tails, value(all[i]), func(t, v int) int { return value(all[t]) - v })
		before[i] = -1
		if k > 0 {
			before[i] = tails[k-1]
		}
		if k == len(tails) {
			tails = append(tails, i)
		} else {
			tails[k] = i
		}
	}
	if len(tails) == 0 {
		return nil
	}
	part := make([]T, len(tails))
	for i, k := tails[len(tails)-1], len(tails)-1; k >= 0; i, k = before[i], k-1 {
		part[k] = all[i]
	}
	return part
}

// myers emits the shortest edit script of a stretch, or replaces the stretch when the script would be longer than mostEdits.
func (d *differ) myers(a0, a1, b0, b1 int) {
	n, m := a1-a0, b1-b0
	most := min(n+m, mostEdits)
	v := make([]int, 2*most+3)
	var trace [][]int
	for e := 0; e <= most; e++ {
		trace = append(trace, slices.Clone(v[most-e+1:most+e+2]))
		for k := -e; k <= e; k += 2 {
			i := v[most+1+k-1] + 1
			if k == -e || k != e && v[most+1+k-1] < v[most+1+k+1] {
				i = v[most+1+k+1]
			}
			j := i - k
			for i < n && j < m && d.x[a0+i] == d.y[b0+j] {
				i, j = i+1, j+1
			}
			v[most+1+k] = i
			if i >= n && j >= m {
				d.walk(trace, e, a0, b0, n, m)
				return
			}
		}
	}
	d.emit(Del, d.a[a0:a1])
	d.emit(Ins, d.b[b0:b1])
}

// walk reads the edit script back from the last point to the first and emits it.
func (d *differ) walk(trace [][]int, edits, a0, b0, i, j int) {
	type step struct {
		op Op
		at int
	}
	var steps []step
	for e := edits; e > 0; e-- {
		row := trace[e] // values of round e-1 for diagonals -e to e
		get := func(k int) int { return row[k+e] }
		k := i - j
		from := k - 1
		if k == -e || k != e && get(k-1) < get(k+1) {
			from = k + 1
		}
		i0 := get(from)
		j0 := i0 - from
		for i > i0 && j > j0 {
			i, j = i-1, j-1
			steps = append(steps, step{Keep, i})
		}
		if from == k+1 {
			j--
			steps = append(steps, step{Ins, j})
		} else {
			i--
			steps = append(steps, step{Del, i})
		}
	}
	for i > 0 && j > 0 {
		i, j = i-1, j-1
		steps = append(steps, step{Keep, i})
	}
	for _, s := range slices.Backward(steps) {
		if s.op == Ins {
			d.emit(Ins, d.b[b0+s.at:b0+s.at+1])
		} else {
			d.emit(s.op, d.a[a0+s.at:a0+s.at+1])
		}
	}
}

// readable puts what was taken out before what was put in, and takes a lone space between two changes into both, so that a change reads as
// one.
func readable(all []Segment) []Segment {
	var out []Segment
	var del, ins strings.Builder
	flush := func() {
		if del.Len() > 0 {
			out = append(out, Segment{Del, del.String()})
		}
		if ins.Len() > 0 {
			out = append(out, Segment{Ins, ins.String()})
		}
		del.Reset()
		ins.Reset()
	}
	for i, s := range all {
		switch {
		case s.Op == Del:
			del.WriteString(s.Text)
		case s.Op == Ins:
			ins.WriteString(s.Text)
		case i > 0 && i < len(all)-1 && strings.Trim(s.Text, " \u00a0") == "" && del.Len() > 0 && ins.Len() > 0:
			del.WriteString(s.Text)
			ins.WriteString(s.Text)
		default:
			flush()
			out = append(out, s)
		}
	}
	flush()
	return out
}
