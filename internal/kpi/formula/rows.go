package formula

import (
	"math/big"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"

	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// perhaps is what is known of a condition when only the kind of a row is known.
type perhaps int

const (
	maybe perhaps = iota
	always
	never
)

// choice is a checked condition over rows.
type choice struct {
	match func(*evidence.Row) bool
	known func(evidence.Kind) perhaps
	kinds []evidence.Kind
}

func nobody(*evidence.Row) bool { return false }

// rows checks a condition and finds the kinds that it may let through; one that lets none through is refused.
func (c *checker) rows(n ast.Node) (*choice, error) {
	p, err := c.condition(n, 0)
	if err != nil {
		return nil, err
	}
	for _, k := range evidence.Kinds() {
		if p.known(k) != never {
			p.kinds = append(p.kinds, k)
		}
	}
	if len(p.kinds) == 0 {
		return nil, c.wrong(n.Location(), "formula.nothing_matches", nil)
	}
	return p, nil
}

func (c *checker) condition(n ast.Node, depth int) (*choice, error) {
	if c.size.nodes++; c.size.nodes > maxNodes || depth > maxDepth {
		return nil, c.wrong(n.Location(), "formula.too_large", nil)
	}
	unknown := func(evidence.Kind) perhaps { return maybe }
	switch n := n.(type) {
	case *ast.IdentifierNode:
		f, ok := flags()[n.Value]
		if !ok {
			return nil, c.wrong(n.Location(), "formula.condition", text.Args{"known": "kind, type, market, sector, need, state, size, origin, " +
				"amount, adjusted, quantity, organisers, joint, verified, foreign, identified, marked(…)"})
		}
		return &choice{match: f, known: unknown}, nil
	case *ast.BoolNode:
		return &choice{match: func(*evidence.Row) bool { return n.Value },
			known: func(evidence.Kind) perhaps { return sure(n.Value) }}, nil
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			p, err := c.condition(n.Node, depth+1)
			if err != nil {
				return nil, err
			}
			return p.not(), nil
		}
	case *ast.CallNode:
		return c.marked(n)
	case *ast.BinaryNode:
		switch n.Operator {
		case "and", "&&", "or", "||":
			return c.both(n, depth)
		case "==", "!=", "in":
			return c.equal(n)
		case "<", "<=", ">", ">=":
			return c.compare(n)
		}
	}
	return nil, c.wrong(n.Location(), "formula.not_condition", nil)
}

func sure(b bool) perhaps {
	if b {
		return always
	}
	return never
}

func (p *choice) not() *choice {
	return &choice{match: func(r *evidence.Row) bool { return !p.match(r) }, known: func(k evidence.Kind) perhaps {
		switch p.known(k) {
		case always:
			return never
		case never:
			return always
		}
		return maybe
	}}
}

func (c *checker) both(n *ast.BinaryNode, depth int) (*choice, error) {
	a, err := c.condition(n.Left, depth+1)
	if err != nil {
		return nil, err
	}
	b, err := c.condition(n.Right, depth+1)
	if err != nil {
		return nil, err
	}
	if n.Operator == "and" || n.Operator == "&&" {
		return a.and(b), nil
	}
	return a.not().and(b.not()).not(), nil
}

func (p *choice) and(q *choice) *choice {
	return &choice{match: func(r *evidence.Row) bool { return p.match(r) && q.match(r) }, known: func(k evidence.Kind) perhaps {
		x, y := p.known(k), q.known(k)
		switch {
		case x == never || y == never:
			return never
		case x == always && y == always:
			return always
		}
		return maybe
	}}
}

func (c *checker) marked(n *ast.CallNode) (*choice, error) {
	name, ok := n.Callee.(*ast.IdentifierNode)
	if !ok || name.Value != "marked" || len(n.Arguments) != 1 {
		return nil, c.wrong(n.Location(), "formula.not_condition", nil)
	}
	mark, ok := n.Arguments[0].(*ast.StringNode)
	if !ok || !slices.Contains(evidence.Marks(), mark.Value) {
		return nil, c.wrong(n.Arguments[0].Location(), "formula.value_unknown", text.Args{"field": "marked",
			"known": strings.Join(evidence.Marks(), ", ")})
	}
	return &choice{match: func(r *evidence.Row) bool { return r.Marked(mark.Value) },
		known: func(k evidence.Kind) perhaps {
			if slices.Contains(evidence.MarksOf(k), mark.Value) {
				return maybe
			}
			return never
		}}, nil
}

// equal checks a text field against one word or a list of words.
func (c *checker) equal(n *ast.BinaryNode) (*choice, error) {
	name, ok := n.Left.(*ast.IdentifierNode)
	if !ok {
		return nil, c.wrong(n.Left.Location(), "formula.field_first", nil)
	}
	if _, is := numbers()[name.Value]; is {
		return c.compare(n)
	}
	field, ok := words()[name.Value]
	if !ok {
		return nil, c.wrong(name.Location(), "formula.field_unknown", nil)
	}
	var values []string
	items := []ast.Node{n.Right}
	if list, is := n.Right.(*ast.ArrayNode); is == (n.Operator == "in") && is {
		items = list.Nodes
	} else if n.Operator == "in" || is {
		return nil, c.wrong(n.Right.Location(), "formula.list", nil)
	}
	for _, item := range items {
		s, ok := item.(*ast.StringNode)
		if !ok {
			return nil, c.wrong(item.Location(), "formula.word", text.Args{"field": name.Value})
		}
		if field.known != nil && !slices.Contains(field.known(), s.Value) {
			return nil, c.wrong(item.Location(), "formula.value_unknown", text.Args{"field": name.Value, "known": strings.Join(field.known(), ", ")})
		}
		values = append(values, s.Value)
	}
	p := &choice{match: func(r *evidence.Row) bool { return slices.Contains(values, field.of(r)) },
		known: func(k evidence.Kind) perhaps {
			if name.Value != "kind" {
				return maybe
			}
			return sure(slices.Contains(values, string(k)))
		}}
	if n.Operator == "!=" {
		return p.not(), nil
	}
	return p, nil
}

// compare checks a number of a row against a literal. A row without the number fulfils no comparison.
func (c *checker) compare(n *ast.BinaryNode) (*choice, error) {
	name, ok := n.Left.(*ast.IdentifierNode)
	if !ok {
		return nil, c.wrong(n.Left.Location(), "formula.field_first", nil)
	}
	field, ok := numbers()[name.Value]
	if !ok {
		return nil, c.wrong(name.Location(), "formula.field_unknown", nil)
	}
	right, sign := n.Right, 1
	if u, is := right.(*ast.UnaryNode); is && u.Operator == "-" {
		right, sign = u.Node, -1
	}
	switch right.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
	default:
		return nil, c.wrong(n.Right.Location(), "formula.number", nil)
	}
	limit, err := c.number(right)
	if err != nil {
		return nil, err
	}
	if sign < 0 {
		limit.Neg(limit)
	}
	holds, ok := map[string]func(int) bool{"<": func(o int) bool { return o < 0 }, "<=": func(o int) bool { return o <= 0 },
		">": func(o int) bool { return o > 0 }, ">=": func(o int) bool { return o >= 0 }, "==": func(o int) bool { return o == 0 },
		"!=": func(o int) bool { return o != 0 }}[n.Operator]
	if !ok {
		return nil, c.wrong(n.Location(), "formula.not_condition", nil)
	}
	return &choice{known: func(evidence.Kind) perhaps { return maybe }, match: func(r *evidence.Row) bool {
		v, has := field(r)
		return has && holds(v.Cmp(limit))
	}}, nil
}

// word is a text of a row; known lists what it may be, nil when the language does not know.
type word struct {
	of    func(*evidence.Row) string
	known func() []string
}

func words() map[string]word {
	return map[string]word{
		"kind":   {func(r *evidence.Row) string { return string(r.Kind) }, func() []string { return plain(evidence.Kinds()) }},
		"state":  {func(r *evidence.Row) string { return string(r.State) }, func() []string { return []string{"reported", "verified"} }},
		"need":   {func(r *evidence.Row) string { return r.Need }, func() []string { return []string{"information", "contacts", "strategy", ""} }},
		"size":   {func(r *evidence.Row) string { return r.Size }, func() []string { return []string{"micro", "small", "medium", "large", ""} }},
		"type":   {func(r *evidence.Row) string { return r.ActivityType }, nil},
		"market": {func(r *evidence.Row) string { return r.Market }, nil},
		"sector": {func(r *evidence.Row) string { return r.Sector }, nil},
		"origin": {func(r *evidence.Row) string { return r.ParentCountry }, nil},
	}
}

func flags() map[string]func(*evidence.Row) bool {
	return map[string]func(*evidence.Row) bool{
		"joint":      func(r *evidence.Row) bool { return r.Organisers > 1 },
		"verified":   func(r *evidence.Row) bool { return r.State == evidence.Verified },
		"foreign":    func(r *evidence.Row) bool { return r.ParentCountry != "" },
		"identified": func(r *evidence.Row) bool { return r.Identified },
	}
}

func numbers() map[string]func(*evidence.Row) (*big.Rat, bool) {
	return map[string]func(*evidence.Row) (*big.Rat, bool){
		"amount":   func(r *evidence.Row) (*big.Rat, bool) { return Amount.Of(r) },
		"adjusted": func(r *evidence.Row) (*big.Rat, bool) { return Adjusted.Of(r) },
		"quantity": func(r *evidence.Row) (*big.Rat, bool) { return Quantity.Of(r) },
		"organisers": func(r *evidence.Row) (*big.Rat, bool) {
			return big.NewRat(int64(r.Organisers), 1), true
		},
	}
}

func isField(name string) bool {
	_, w := words()[name]
	_, f := flags()[name]
	_, n := numbers()[name]
	return w || f || n
}

// Of gives what is added up of a row, false when the row lacks it: an amount in whole units of the currency, a quantity as it is.
func (m Measure) Of(r *evidence.Row) (*big.Rat, bool) {
	switch m {
	case Amount:
		if r.Amount != nil {
			return big.NewRat(int64(*r.Amount), 100), true
		}
	case Adjusted:
		if r.Adjusted != nil {
			return big.NewRat(int64(*r.Adjusted), 100), true
		}
	case Quantity:
		if r.Quantity != "" {
			return new(big.Rat).SetString(r.Quantity)
		}
	}
	return nil, false
}

func plain[T ~string](all []T) []string {
	s := make([]string, len(all))
	for i, v := range all {
		s[i] = string(v)
	}
	return s
}

// through is a fault in another KPI's formula, told at the place where this one names it.
func (c *checker) through(at file.Location, code string, err error) error {
	inner := fault.Of(err)
	if inner.Key == "formula.circle" || inner.Key == "formula.too_large" {
		return c.wrong(at, inner.Key, text.Args{"code": code})
	}
	f := fault.Of(c.wrong(at, "formula.kpi_broken", text.Args{"code": code}))
	f.Cause = err
	return f
}
