package formula

import (
	"slices"

	"github.com/expr-lang/expr/ast"

	"errera.eu/errera/internal/text"
)

// scalar checks a part that is a number.
func (c *checker) scalar(n ast.Node, w window, depth int) (*node, error) {
	if c.size.nodes++; c.size.nodes > maxNodes || depth > maxDepth {
		return nil, c.wrong(n.Location(), "formula.too_large", nil)
	}
	switch n := n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		v, err := c.number(n)
		return &node{op: opNumber, num: v, unit: Number, text: c.written(n)}, err
	case *ast.UnaryNode:
		return c.unary(n, w, depth)
	case *ast.BinaryNode:
		return c.binary(n, w, depth)
	case *ast.CallNode:
		return c.call(n, w, depth)
	case *ast.IdentifierNode:
		if isField(n.Value) {
			return nil, c.wrong(n.Location(), "formula.field_bare", nil)
		}
		return nil, c.wrong(n.Location(), "formula.name_unknown", text.Args{"known": known()})
	}
	return nil, c.wrong(n.Location(), "formula.not_allowed", nil)
}

func (c *checker) unary(n *ast.UnaryNode, w window, depth int) (*node, error) {
	a, err := c.scalar(n.Node, w, depth+1)
	switch {
	case err != nil:
		return nil, err
	case n.Operator == "+":
		return a, nil
	case n.Operator != "-":
		return nil, c.wrong(n.Location(), "formula.not_allowed", nil)
	}
	return fold(&node{op: opNegate, a: a, unit: a.unit, text: c.written(n)}), nil
}

func (c *checker) binary(n *ast.BinaryNode, w window, depth int) (*node, error) {
	ops := map[string]op{"+": opAdd, "-": opSubtract, "*": opMultiply, "/": opDivide}
	o, ok := ops[n.Operator]
	if !ok {
		return nil, c.wrong(n.Location(), "formula.not_allowed", nil)
	}
	a, err := c.scalar(n.Left, w, depth+1)
	if err != nil {
		return nil, err
	}
	b, err := c.scalar(n.Right, w, depth+1)
	if err != nil {
		return nil, err
	}
	return c.join(o, n, a, b)
}

// join puts two numbers together: units must agree, and a divisor that is always nothing is refused here.
func (c *checker) join(o op, at ast.Node, a, b *node) (*node, error) {
	n := &node{op: o, a: a, b: b, text: c.written(at)}
	mixed := func() error {
		return c.wrong(at.Location(), "formula.units_mixed", text.Args{"left": string(a.unit), "right": string(b.unit)})
	}
	switch o {
	case opAdd, opSubtract:
		if a.unit != b.unit {
			return nil, mixed()
		}
		n.unit = a.unit
	case opMultiply:
		switch {
		case b.unit == Number:
			n.unit = a.unit
		case a.unit == Number:
			n.unit = b.unit
		default:
			return nil, mixed()
		}
	case opPercent:
		if a.unit != b.unit {
			return nil, mixed()
		}
		n.unit = Percent
	case opDivide:
		switch {
		case a.unit == b.unit:
			n.unit = Number
		case b.unit == Number:
			n.unit = a.unit
		default:
			n.unit = a.unit + "/" + b.unit
		}
	}
	if (o == opDivide || o == opPercent) && nothing(b) {
		return nil, c.wrong(at.Location(), "formula.divides_by_zero", text.Args{"by": b.text})
	}
	return fold(n), nil
}

// fold works out what needs no evidence.
func fold(n *node) *node {
	if n.a == nil || n.a.op != opNumber || n.b != nil && n.b.op != opNumber {
		return n
	}
	return &node{op: opNumber, num: n.value(nil, nil, 0).Value(), unit: n.unit, text: n.text}
}

// nothing tells whether a part is 0 whatever the evidence says.
func nothing(n *node) bool {
	switch n.op {
	case opNumber:
		return n.num.Sign() == 0
	case opMultiply:
		return nothing(n.a) || nothing(n.b)
	case opNegate, opKPI, opDivide, opPercent:
		return nothing(n.a)
	case opAdd:
		return nothing(n.a) && nothing(n.b)
	case opSubtract:
		return same(n.a, n.b) || nothing(n.a) && nothing(n.b)
	}
	return false
}

// same tells whether two parts are written alike and so always equal.
func same(a, b *node) bool { return a.text == b.text && a.op == b.op && a.op != opNumber }

func (c *checker) call(n *ast.CallNode, w window, depth int) (*node, error) {
	name, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return nil, c.wrong(n.Location(), "formula.not_allowed", nil)
	}
	wants, ok := functions()[name.Value]
	if !ok {
		return nil, c.wrong(name.Location(), "formula.name_unknown", text.Args{"known": known()})
	}
	if len(n.Arguments) != wants {
		return nil, c.wrong(name.Location(), "formula.arguments", text.Args{"function": name.Value, "wanted": wants, "given": len(n.Arguments)})
	}
	switch name.Value {
	case "percent":
		a, err := c.scalar(n.Arguments[0], w, depth+1)
		if err != nil {
			return nil, err
		}
		b, err := c.scalar(n.Arguments[1], w, depth+1)
		if err != nil {
			return nil, err
		}
		return c.join(opPercent, n, a, b)
	case "previous":
		if w.back > 0 {
			return nil, c.wrong(n.Location(), "formula.window_twice", nil)
		}
		return c.scalar(n.Arguments[0], window{1, w.toDate}, depth+1)
	case "todate":
		if w.toDate {
			return nil, c.wrong(n.Location(), "formula.window_twice", nil)
		}
		return c.scalar(n.Arguments[0], window{w.back, true}, depth+1)
	case "kpi":
		return c.other(n, w)
	}
	return c.aggregate(n, name.Value, w)
}

// functions are all names that may be called, with how many things they want.
func functions() map[string]int {
	return map[string]int{"count": 1, "distinct": 1, "sum": 2, "mean": 2, "last": 2, "max": 2, "min": 2, "days": 2, "cost": 0,
		"percent": 2, "previous": 1, "todate": 1, "kpi": 1}
}

func known() string {
	return "count, distinct, sum, mean, last, max, min, days, cost, percent, previous, todate, kpi"
}

// other puts the formula of another KPI in the place of its name.
func (c *checker) other(n *ast.CallNode, w window) (*node, error) {
	code, ok := n.Arguments[0].(*ast.StringNode)
	if !ok {
		return nil, c.wrong(n.Arguments[0].Location(), "formula.kpi_name", nil)
	}
	at := code.Location()
	if slices.Contains(c.chain, code.Value) {
		return nil, c.wrong(at, "formula.circle", text.Args{"code": code.Value})
	}
	source, ok := c.lookup(code.Value)
	if !ok {
		return nil, c.wrong(at, "formula.kpi_unknown", text.Args{"code": code.Value})
	}
	if len(c.chain) >= maxChain {
		return nil, c.wrong(at, "formula.too_large", nil)
	}
	inner := &checker{source: []rune(source), chain: append(slices.Clone(c.chain), code.Value), lookup: c.lookup, size: c.size, f: c.f}
	tree, err := read(source)
	if err != nil {
		return nil, c.wrong(at, "formula.kpi_broken", text.Args{"code": code.Value})
	}
	root, err := inner.scalar(tree, w, 0)
	if err != nil {
		return nil, c.through(at, code.Value, err)
	}
	if !slices.Contains(c.f.Uses, code.Value) {
		c.f.Uses = append(c.f.Uses, code.Value)
	}
	return &node{op: opKPI, a: root, code: code.Value, unit: root.unit, text: c.written(n)}, nil
}

// aggregate checks a leaf.
func (c *checker) aggregate(n *ast.CallNode, name string, w window) (*node, error) {
	l := Leaf{Text: c.written(n), Aggregate: Aggregate(name), YearsBack: w.back, ToDate: w.toDate}
	if c.size.leaves++; c.size.leaves > maxLeaves {
		return nil, c.wrong(n.Location(), "formula.too_large", nil)
	}
	var unit Unit
	var err error
	switch l.Aggregate {
	case Cost:
		l.Match, unit = nobody, Euro
	case Count, Distinct:
		unit, err = c.counting(&l, n.Arguments[0])
	case Days:
		l.ToDate = true
		unit, err = c.lag(&l, n.Arguments)
	default:
		unit, err = c.measuring(&l, n.Arguments)
	}
	if err != nil {
		return nil, err
	}
	c.f.Leaves = append(c.f.Leaves, l)
	return &node{op: opLeaf, leaf: len(c.f.Leaves) - 1, unit: unit, text: l.Text}, nil
}

func (c *checker) counting(l *Leaf, of ast.Node) (Unit, error) {
	p, err := c.rows(of)
	if err != nil {
		return "", err
	}
	l.Match, l.Kinds = p.match, p.kinds
	if l.Aggregate == Distinct {
		return Companies, nil
	}
	if u, one := common(p.kinds, counted); one {
		return u, nil
	}
	return Records, nil
}

func (c *checker) lag(l *Leaf, of []ast.Node) (Unit, error) {
	from, err := c.rows(of[0])
	if err != nil {
		return "", err
	}
	until, err := c.rows(of[1])
	if err != nil {
		return "", err
	}
	l.Match, l.Until = from.match, until.match
	l.Kinds = slices.Concat(from.kinds, until.kinds)
	return DaysUnit, nil
}

func (c *checker) measuring(l *Leaf, of []ast.Node) (Unit, error) {
	name, ok := of[0].(*ast.IdentifierNode)
	if !ok {
		return "", c.wrong(of[0].Location(), "formula.measure", nil)
	}
	l.Measure = Measure(name.Value)
	p, err := c.rows(of[1])
	if err != nil {
		return "", err
	}
	l.Match, l.Kinds = p.match, p.kinds
	switch l.Measure {
	case Amount, Adjusted:
		return Euro, nil
	case Quantity:
		u, one := common(p.kinds, quantified)
		if !one {
			return "", c.wrong(of[0].Location(), "formula.quantities_mixed", nil)
		}
		return u, nil
	}
	return "", c.wrong(of[0].Location(), "formula.measure", nil)
}

// quotient tells whether the top of the formula is a division, whose two parts a cell keeps.
func (n *node) quotient() bool {
	if n.op == opKPI {
		return n.a.quotient()
	}
	return n.op == opDivide || n.op == opPercent
}

// roll tells how figures of a part add over partners.
func (n *node) roll(leaves []Leaf) Aggregate {
	switch n.op {
	case opLeaf:
		switch a := leaves[n.leaf].Aggregate; a {
		case Count, Distinct, Sum, Mean:
			return a
		case Days:
			return Mean
		case Cost:
			return Sum
		}
	case opKPI, opNegate:
		return n.a.roll(leaves)
	case opAdd, opSubtract:
		a, b := n.a.roll(leaves), n.b.roll(leaves)
		switch {
		case adds(a) && adds(b) && (a == Distinct || b == Distinct):
			return Distinct
		case adds(a) && adds(b):
			return Sum
		}
	case opMultiply:
		for _, s := range [][2]*node{{n.a, n.b}, {n.b, n.a}} {
			if s[0].op == opNumber && adds(s[1].roll(leaves)) {
				return Sum
			}
		}
	case opDivide:
		if n.b.op == opNumber && adds(n.a.roll(leaves)) {
			return Sum
		}
	}
	return Last
}

func adds(a Aggregate) bool { return a == Count || a == Sum || a == Distinct }
