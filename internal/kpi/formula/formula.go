// Package formula is the small language in which a KPI says how it is computed from evidence: aggregates over chosen rows, and arithmetic of
// them and of other KPIs. A formula is checked whole when it is saved: names, kinds of value, units, divisors, circles and size, each fault
// with its place in the text. It cannot loop, call out or read a clock.
//
// The syntax is that of expr-lang/expr, whose parser reads it; what may stand in it, what it means and its exact arithmetic are ours, because
// expr computes in floating point. It holds no rows and adds nothing up: package kpi feeds the leaves and hands their figures back.
package formula

import (
	"math/big"

	"errera.eu/errera/internal/evidence"
)

// Bounds of one formula. A formula that leads to other KPIs counts their leaves too.
const (
	MaxLength = 2_000 // characters
	maxNodes  = 300
	maxDepth  = 60
	maxLeaves = 32
	maxChain  = 8 // KPIs that lead to KPIs
)

// Aggregate is how the rows of a leaf become a figure.
type Aggregate string

// The aggregates of a leaf. Days is the mean number of days from a company's first row of one sort to its first of another; Cost is no row
// at all, but the accepted cost of the year.
const (
	Count    Aggregate = "count"
	Distinct Aggregate = "distinct"
	Sum      Aggregate = "sum"
	Mean     Aggregate = "mean"
	Last     Aggregate = "last"
	Max      Aggregate = "max"
	Min      Aggregate = "min"
	Days     Aggregate = "days"
	Cost     Aggregate = "cost"
)

// Measure is what of a row is added up.
type Measure string

// The measures. Adjusted is the amount less what would have happened anyway.
const (
	NoMeasure Measure = ""
	Amount    Measure = "amount"
	Adjusted  Measure = "adjusted"
	Quantity  Measure = "quantity"
)

// Leaf is one aggregate over rows.
type Leaf struct {
	Text      string // as written
	Aggregate Aggregate
	Measure   Measure
	Kinds     []evidence.Kind // that Match may let through
	Match     func(*evidence.Row) bool
	Until     func(*evidence.Row) bool // of Days: the second sort
	YearsBack int                      // 0 the year itself
	ToDate    bool                     // all years up to and with that one
}

// Takes tells whether a row that counts in rowYear is one of the leaf's for a figure of the year.
func (l *Leaf) Takes(r *evidence.Row, year int) bool {
	y := year - l.YearsBack
	if int(r.Year) != y && !(l.ToDate && int(r.Year) < y) {
		return false
	}
	return l.Match(r) || l.Until != nil && l.Until(r)
}

// Figure is a number with its two parts where it has them; Num nil: it has no value. Of a percentage the parts are as counted.
type Figure struct {
	Num, Den *big.Rat
	Percent  bool
}

// Value is the figure as one number, nil when there is none.
func (f Figure) Value() *big.Rat {
	switch {
	case f.Num == nil:
		return nil
	case f.Den == nil:
		return f.Num
	case f.Den.Sign() == 0:
		return nil
	}
	v := new(big.Rat).Quo(f.Num, f.Den)
	if f.Percent {
		v.Mul(v, hundred)
	}
	return v
}

// Formula is a checked formula.
type Formula struct {
	Text   string
	Unit   Unit
	Roll   Aggregate // how figures of it add: Count, Sum and Distinct do; Mean has two parts; Last is one value. "" with Parts
	Parts  bool      // a quotient at the top: numerator and denominator are kept
	Leaves []Leaf
	Uses   []string // codes of the KPIs in it
	root   *node
}

// Kinds lists the kinds of evidence that any leaf may take, in the order of the rule book.
func (f *Formula) Kinds() []evidence.Kind {
	var all []evidence.Kind
	for _, k := range evidence.Kinds() {
		for i := range f.Leaves {
			if contains(f.Leaves[i].Kinds, k) {
				all = append(all, k)
				break
			}
		}
	}
	return all
}

// LooksBack tells how many years before the asked one a leaf reads; -1 for all that there are.
func (f *Formula) LooksBack() int {
	back := 0
	for i := range f.Leaves {
		if f.Leaves[i].ToDate {
			return -1
		}
		back = max(back, f.Leaves[i].YearsBack)
	}
	return back
}

// NeedsCost tells whether a leaf is the accepted cost.
func (f *Formula) NeedsCost() bool {
	for i := range f.Leaves {
		if f.Leaves[i].Aggregate == Cost {
			return true
		}
	}
	return false
}

// Step is one line of a trace: a part of the formula with its figure, deeper parts after the one that holds them.
type Step struct {
	Depth  int
	Text   string
	Unit   Unit
	Figure Figure
	Leaf   int    // place in Leaves, -1 when it is no leaf
	KPI    string // code, when the step is another KPI
}

// Eval computes the formula from the figures of its leaves, exactly. A part without value, or divided by nothing, leaves the whole without.
func (f *Formula) Eval(leaves []Figure) Figure { return f.root.eval(leaves, nil, 0) }

// Trace is Eval with every step that led there.
func (f *Formula) Trace(leaves []Figure) []Step {
	var steps []Step
	f.root.eval(leaves, &steps, 0)
	return steps
}

type op int

const (
	opNumber op = iota
	opLeaf
	opAdd
	opSubtract
	opMultiply
	opDivide
	opPercent
	opNegate
	opKPI
)

// node is a checked part of a formula; every part is a number with a unit.
type node struct {
	op   op
	text string // as written
	unit Unit
	num  *big.Rat // of opNumber
	leaf int      // of opLeaf
	code string   // of opKPI
	a, b *node
}

var hundred = big.NewRat(100, 1)

func (n *node) eval(leaves []Figure, steps *[]Step, depth int) Figure {
	at := -1
	if steps != nil {
		leaf := -1
		if n.op == opLeaf {
			leaf = n.leaf
		}
		at = len(*steps)
		*steps = append(*steps, Step{Depth: depth, Text: n.text, Unit: n.unit, Leaf: leaf, KPI: n.code})
	}
	f := n.value(leaves, steps, depth+1)
	if at >= 0 {
		(*steps)[at].Figure = f
	}
	return f
}

func (n *node) value(leaves []Figure, steps *[]Step, depth int) Figure {
	switch n.op {
	case opNumber:
		return Figure{Num: n.num}
	case opLeaf:
		return leaves[n.leaf]
	}
	a := n.a.eval(leaves, steps, depth)
	if n.op == opKPI {
		return a
	}
	if n.op == opNegate {
		if v := a.Value(); v != nil {
			return Figure{Num: new(big.Rat).Neg(v)}
		}
		return Figure{}
	}
	x, y := a.Value(), n.b.eval(leaves, steps, depth).Value()
	if x == nil || y == nil {
		return Figure{}
	}
	switch n.op {
	case opAdd:
		return Figure{Num: new(big.Rat).Add(x, y)}
	case opSubtract:
		return Figure{Num: new(big.Rat).Sub(x, y)}
	case opMultiply:
		return Figure{Num: new(big.Rat).Mul(x, y)}
	case opPercent:
		return Figure{Num: x, Den: y, Percent: true}
	}
	return Figure{Num: x, Den: y}
}
