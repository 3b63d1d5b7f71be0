package flow

import (
	"cmp"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"

	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/web/frame"
)

// The drawing in tenths of its units: five columns of bars, the height of a bar stands for its amount.
const (
	barWide  = 100
	tallest  = 3000 // all that was declared, or the ceiling
	slot     = 330  // a bar takes with its two lines of label at least
	between  = 120
	headTall = 340
	sources  = 9 // more than these are drawn as one
)

// node is a bar: an amount with its word, and where it opens.
type node struct {
	What, Label, Class string
	Href               string
	Note               string // after the amount
	Amount             money.Amount
	column             int
	x, y, h            int64
	in, out            int64 // of its height, what ribbons took so far
}

// ribbon carries an amount from one bar to another.
type ribbon struct {
	From, To *node
	Amount   money.Amount
	D, Class string
}

// sankey is the flow drawn to one scale.
type sankey struct {
	Nodes   []*node
	Ribbons []ribbon
	Heads   []head
	Height  int64
	Bracket string // beside the agency's half and what the ceiling still leaves
	page    page
}

type head struct {
	X     string
	Label string
}

func (s *sankey) tall() string { return frame.Tenth(s.Height) }

func (n *node) X() string { return frame.Tenth(n.x) }
func (n *node) Y() string { return frame.Tenth(n.y) }
func (n *node) H() string { return frame.Tenth(max(n.h, 10)) }

// TextX and the two lines of a label: beside the bar, from its top.
func (n *node) TextX() string { return frame.Tenth(n.x + barWide + 70) }
func (n *node) Line(i int64) string {
	return frame.Tenth(n.y + 110 + i*145)
}

func columns() [5]int64 { return [5]int64{0, 2240, 4420, 6640, 8660} }

// add puts a bar into a column; nothing is no bar.
func (s *sankey) add(column int, what, class string, a money.Amount) *node {
	if a == 0 {
		return nil
	}
	n := &node{What: what, Label: capital(s.page.word(what)), Class: class, Href: s.page.to(what), Amount: a, column: column, x: columns()[column]}
	s.Nodes = append(s.Nodes, n)
	return n
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// tie carries an amount between two bars that are there.
func (s *sankey) tie(from, to *node, a money.Amount, class string) {
	if from != nil && to != nil && a != 0 {
		s.Ribbons = append(s.Ribbons, ribbon{From: from, To: to, Amount: a, Class: class})
	}
}

// draw lays the flow out; nil where there is nothing to draw, or an amount below zero that has no length.
func (c page) draw() *sankey {
	f := c.F
	whole := max(f.Declared, f.Accepted+max(0, f.Unused()))
	for _, a := range []money.Amount{f.Declared, f.Waiting, f.Less, f.Deducted, f.Parked, f.Struck, f.Accepted, f.Half, f.Above, f.Shared, f.Unused(),
		f.Pool, f.NotEarned, f.Paid, f.Netted} {
		if a < 0 {
			return nil
		}
	}
	if f.Declared <= 0 {
		return nil
	}
	s := &sankey{page: c}
	s.cost(f)
	s.borne(f)
	s.place(whole)
	for n, key := range []string{"claims", "verified", "borne", "hangs", "paid"} {
		s.Heads = append(s.Heads, head{frame.Tenth(columns()[n]), c.word("head_" + key)})
	}
	return s
}

// cost draws the claims and what became of them.
func (s *sankey) cost(f settlement.Flow) {
	accepted := s.add(1, "accepted", "c-bar", f.Accepted)
	waiting := s.add(1, "waiting", "o-bar", f.Waiting)
	less := s.add(1, "less", "c-bar", f.Less)
	parked := s.add(1, "parked", "c-warn", f.Parked)
	deducted := s.add(1, "deducted", "c-bad", f.Deducted)
	struck := s.add(1, "struck", "c-bad", f.Struck)
	left := f.Struck
	for _, x := range s.sources(f.Sources) {
		n := s.add(0, "source", "c-bar", x.Declared)
		if n == nil {
			continue
		}
		n.Label, n.Href = s.page.name(x), s.page.source(x)
		if x.Partner == "" && x.Number > 1 {
			n.Label, n.Href = s.page.T("flow.others", "n", x.Number), ""
		}
		gone := min(left, x.Accepted)
		left -= gone
		s.tie(n, accepted, x.Accepted-gone, "c-track")
		s.tie(n, waiting, x.Waiting, "c-wash")
		s.tie(n, less, x.Less, "c-wash")
		s.tie(n, parked, x.Parked, "c-wsoft")
		s.tie(n, deducted, x.Deducted, "c-bsoft")
		s.tie(n, struck, gone, "c-bsoft")
	}
}

// sources are the claims or partners, the smaller ones of many as one.
func (s *sankey) sources(list []settlement.FlowSource) []settlement.FlowSource {
	if len(list) <= sources {
		return list
	}
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b settlement.FlowSource) int { return cmp.Compare(b.Declared, a.Declared) })
	var rest settlement.FlowSource
	for _, x := range sorted[sources-1:] {
		rest.Number++
		rest.Declared, rest.Waiting, rest.Less = rest.Declared+x.Declared, rest.Waiting+x.Waiting, rest.Less+x.Less
		rest.Accepted, rest.Deducted, rest.Parked = rest.Accepted+x.Accepted, rest.Deducted+x.Deducted, rest.Parked+x.Parked
	}
	return append(sorted[:sources-1], rest)
}

// borne draws who bears the accepted cost, what hangs on results, and how the agency's part was paid.
func (s *sankey) borne(f settlement.Flow) {
	accepted := s.Nodes[0]
	half := s.add(2, "half", "c-agency", f.Half)
	if n := s.add(2, "unused", "o-agency l-dash", f.Unused()); n != nil {
		n.Note = " " + s.page.T("flow.of", "amount", s.page.Money(f.Ceiling))
	}
	above := s.add(2, "above", "c-partner", f.Above)
	shared := s.add(2, "shared", "c-partner", f.Shared)
	if f.Accepted > 0 {
		s.tie(accepted, half, f.Half, "c-asoft")
		s.tie(accepted, above, f.Above, "c-psoft")
		s.tie(accepted, shared, f.Shared, "c-psoft")
	}
	cost := s.add(3, "cost_part", "c-agency", f.CostPart)
	pool := s.add(3, "pool", "c-agency", f.Pool)
	s.tie(half, cost, f.CostPart, "c-asoft")
	s.tie(half, pool, f.Pool, "c-asoft")
	left := map[*node]money.Amount{cost: f.CostPart, pool: f.Earned}
	for _, end := range []struct {
		what, class string
		a           money.Amount
	}{{"netted", "c-agency", f.Netted}, {"paid", "c-agency", min(f.Paid, f.CostPart+f.Earned-f.Netted)}, {"due", "o-agency", f.Due}} {
		to := s.add(4, end.what, end.class, end.a)
		for _, from := range []*node{cost, pool} { // what costs earned was paid first
			a := min(left[from], end.a)
			s.tie(from, to, a, "c-asoft")
			left[from] -= a
			end.a -= a
		}
	}
	s.tie(pool, s.add(4, "undecided", "o-agency l-dash", f.Undecided), f.Undecided, "c-wash")
	own := s.add(4, "own", "c-partner", f.Own())
	s.tie(pool, own, f.NotEarned, "c-psoft")
	s.tie(above, own, f.Above, "c-psoft")
	s.tie(shared, own, f.Shared, "c-psoft")
}

// place gives each bar its place and each ribbon its shape.
func (s *sankey) place(whole money.Amount) {
	high := func(a money.Amount) int64 {
		n, err := money.MulDivFloor(int64(a), tallest, int64(whole))
		if err != nil {
			return 0
		}
		return n
	}
	slices.SortStableFunc(s.Nodes, func(a, b *node) int { return cmp.Compare(a.column, b.column) }) // in the order of reading
	var next [5]int64
	for _, n := range s.Nodes {
		if next[n.column] == 0 {
			next[n.column] = headTall
		}
		n.y, n.h = next[n.column], high(n.Amount)
		next[n.column] = max(n.y+n.h+between, n.y+slot)
		s.Height = max(s.Height, next[n.column])
	}
	for i := range s.Ribbons {
		r := &s.Ribbons[i]
		h := high(r.Amount)
		from, to := r.From.y+min(r.From.out, max(r.From.h-h, 0)), r.To.y+min(r.To.in, max(r.To.h-h, 0))
		r.From.out += h
		r.To.in += h
		r.D = band(r.From.x+barWide, from, r.To.x, to, h)
	}
	for n, one := range s.Nodes {
		if one.What == "unused" && n > 0 {
			x := one.x - 60
			s.Bracket = fmt.Sprintf("M%s %sh-4V%sh4", frame.Tenth(x+40), frame.Tenth(s.Nodes[n-1].y), frame.Tenth(one.y+max(one.h, 10)))
		}
	}
}

// band is a ribbon of one height between two places, in tenths.
func band(x0, y0, x1, y1, h int64) string {
	t, mid := frame.Tenth, (x0+x1)/2
	h = max(h, 5)
	return "M" + t(x0) + " " + t(y0) + "C" + t(mid) + " " + t(y0) + " " + t(mid) + " " + t(y1) + " " + t(x1) + " " + t(y1) +
		"V" + t(y1+h) + "C" + t(mid) + " " + t(y1+h) + " " + t(mid) + " " + t(y0+h) + " " + t(x0) + " " + t(y0+h) + "z"
}
