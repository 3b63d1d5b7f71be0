package formula

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// Lookup gives the formula of another KPI by its code as text, false when there is no such KPI.
type Lookup func(code string) (string, bool)

// Parse checks a formula. code is that of the KPI which it defines ("" none yet), so that it cannot lead back to itself. Every fault is
// invalid in the field formula, with line and column (from 1) and the words found there.
func Parse(source, code string, lookup Lookup) (*Formula, error) {
	return parse(source, []string{code}, lookup, &size{})
}

// size is what a formula and all that it leads to may not outgrow.
type size struct{ leaves, nodes int }

func parse(source string, chain []string, lookup Lookup, z *size) (*Formula, error) {
	c := &checker{source: []rune(source), chain: chain, lookup: lookup, size: z, f: &Formula{Text: source}}
	switch {
	case strings.TrimSpace(source) == "":
		return nil, fault.Invalid("formula", "formula.empty", nil)
	case !utf8.ValidString(source):
		return nil, fault.Invalid("formula", "formula.not_text", nil)
	case len(c.source) > MaxLength:
		return nil, fault.Invalid("formula", "formula.too_long", text.Args{"max": MaxLength})
	}
	tree, err := read(source)
	if err != nil {
		return nil, c.syntax(err)
	}
	root, err := c.scalar(tree, window{}, 0)
	if err != nil {
		return nil, err
	}
	c.f.root, c.f.Unit = root, root.unit
	c.f.Parts = root.quotient()
	if !c.f.Parts {
		c.f.Roll = root.roll(c.f.Leaves)
	}
	return c.f, nil
}

// read has expr parse the text with every function of its own hidden behind ours: all calls come back as plain calls.
func read(source string) (_ ast.Node, err error) {
	defer func() { // the parser is somebody else's: whatever it trips over is a formula that cannot be read
		if p := recover(); p != nil {
			err = fmt.Errorf("formula: the parser broke off: %v", p)
		}
	}()
	config := conf.CreateNew()
	config.MaxNodes, config.DisableIfOperator = maxNodes, true
	for _, b := range builtin.Builtins {
		config.Functions[b.Name] = b
	}
	tree, err := parser.ParseWithConfig(source, config)
	if err != nil {
		return nil, err
	}
	return tree.Node, nil
}

// syntax is the parser's own complaint, by place; its English is for the log.
func (c *checker) syntax(err error) error {
	var at *file.Error
	place := file.Location{}
	if errors.As(err, &at) {
		place = at.Location
	}
	f := fault.Of(c.wrong(place, "formula.syntax", nil))
	f.Cause = err
	return f
}

type checker struct {
	source []rune
	chain  []string
	lookup Lookup
	size   *size
	f      *Formula
}

// window is the years that a leaf reads.
type window struct {
	back   int
	toDate bool
}

// wrong is a fault at a place of the text.
func (c *checker) wrong(at file.Location, key text.Key, args text.Args) error {
	line, column := 1, 1
	for i, r := range c.source {
		if i >= at.From {
			break
		}
		column++
		if r == '\n' {
			line, column = line+1, 1
		}
	}
	all := text.Args{"line": line, "column": column, "found": c.cut(at)}
	for k, v := range args {
		all[k] = v
	}
	return fault.Invalid("formula", key, all)
}

// cut is what stands at a place: a word, or a little of what follows.
func (c *checker) cut(at file.Location) string {
	from, to := min(max(at.From, 0), len(c.source)), min(max(at.To, at.From, 0), len(c.source))
	if to <= from {
		to = min(from+12, len(c.source))
	}
	return string(c.source[from:min(to, from+40)])
}

// written is the whole text of a node: from its first to its last place, with the brackets that close it.
func (c *checker) written(n ast.Node) string {
	s := &span{from: len(c.source)}
	ast.Walk(&n, s)
	from, to := min(s.from, len(c.source)), min(s.to, len(c.source))
	if from > to {
		return ""
	}
	part := string(c.source[from:to])
	for open := strings.Count(part, "(") - strings.Count(part, ")"); open > 0 && to < len(c.source); to++ {
		if c.source[to] == ')' {
			open--
		}
		part += string(c.source[to])
	}
	return strings.Join(strings.Fields(part), " ")
}

type span struct{ from, to int }

// Visit widens the span by a node.
func (s *span) Visit(n *ast.Node) {
	at := (*n).Location()
	s.from, s.to = min(s.from, at.From), max(s.to, at.To)
}

// number reads a literal from the text itself, because expr has already made it a floating one.
func (c *checker) number(n ast.Node) (*big.Rat, error) {
	at := n.Location()
	digits := strings.ReplaceAll(string(c.source[min(at.From, len(c.source)):min(at.To, len(c.source))]), "_", "")
	if len(digits) > 24 || digits == "" || strings.Trim(digits, "0123456789.") != "" {
		return nil, c.wrong(at, "formula.number", nil)
	}
	v, ok := new(big.Rat).SetString(digits)
	if !ok {
		return nil, c.wrong(at, "formula.number", nil)
	}
	return v, nil
}
