package ubl

import (
	_ "embed"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"sync"

	"github.com/govalues/decimal"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/xmltree"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/text"
)

// Breach is one rule that a document breaks: its name in EN 16931 ("BR-CO-15"), or in the rules of the binding to UBL ("UBL-SR-26"),
// "UBL-XSD" where a value has not the form that the schema asks, or "BR-ER-01", which is ours. Place is a path into the document.
type Breach struct {
	Rule  string    `json:"rule"`
	Place string    `json:"place"`
	Key   text.Key  `json:"-"`
	Args  text.Args `json:"-"`
}

// Say is the breach for a person: rule, place and what was expected.
func (b Breach) Say(l text.Language) string {
	return l.Say("ubl.breach", text.Args{"rule": b.Rule, "place": b.Place, "what": l.Say(b.Key, b.Args)})
}

// Broken are the rules that a document breaks, at most maxBroken of them.
type Broken []Breach

const maxBroken = 100

func (b Broken) err() error {
	if len(b) == 0 {
		return nil
	}
	return b
}

// Error is for logs.
func (b Broken) Error() string {
	var all []string
	for _, one := range b {
		all = append(all, one.Rule+" "+one.Place)
	}
	return "ubl: " + strings.Join(all, ", ")
}

// Unwrap is the invalid fault that people read: the first rule, and how many more.
func (b Broken) Unwrap() error {
	return fault.Invalid("", "ubl.broken", text.Args{"n": len(b), "rule": b[0].Rule, "place": b[0].Place})
}

// check holds one document to the rules.
type check struct {
	root    *xmltree.Node
	credit  bool
	codes   map[string]map[string]bool
	repeats map[string]bool
	broken  Broken
}

func (c *check) all() {
	defer func() {
		slices.SortStableFunc(c.broken, func(a, b Breach) int { return strings.Compare(a.Rule, b.Rule) })
	}()
	c.forms()
	c.fields()
	c.parties()
	c.lineFields()
	c.counts()
	c.lists()
	for _, b := range c.broken {
		if b.Rule == "UBL-XSD" || strings.HasPrefix(b.Rule, "UBL-DT") { // sums of what is no number say nothing
			return
		}
	}
	c.sums()
	c.vat()
}

func (c *check) fail(rule string, at *xmltree.Node, key text.Key, args text.Args) {
	if len(c.broken) < maxBroken {
		c.broken = append(c.broken, Breach{rule, at.Place(), key, args})
	}
}

// hold fails a rule at an element unless it is kept.
func (c *check) hold(kept bool, rule string, at *xmltree.Node, key text.Key, args text.Args) {
	if !kept {
		c.fail(rule, at, key, args)
	}
}

// need asks for a text at a path below an element.
func (c *check) need(rule string, at *xmltree.Node, path string) {
	if at.Words(path) == "" {
		c.fail(rule, at, "ubl.missing", text.Args{"what": path})
	}
}

// most asks for one element of a path at most.
func (c *check) most(rule string, at *xmltree.Node, path string) {
	if n := len(at.All(path)); n > 1 {
		c.fail(rule, at, "ubl.once", text.Args{"what": path, "n": n})
	}
}

func (c *check) lines() []*xmltree.Node {
	if c.credit {
		return c.root.All("cac:CreditNoteLine")
	}
	return c.root.All("cac:InvoiceLine")
}

// codes are the code lists by name.
var codes = sync.OnceValue(func() map[string]map[string]bool {
	all := map[string]map[string]bool{}
	for line := range strings.Lines(codeLists) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		if all[words[0]] == nil {
			all[words[0]] = map[string]bool{}
		}
		for _, code := range words[1:] {
			all[words[0]][code] = true
		}
	}
	return all
})

//go:embed codes.txt
var codeLists string

// largest keeps every sum of a document's amounts within an Amount.
const largest money.Amount = 1_000_000_000_000_00

// cents is an amount in hundredths; false when it is none, or not of at most two decimals and twelve digits before them.
func cents(n *xmltree.Node) (money.Amount, bool) {
	if n == nil {
		return 0, false
	}
	a, err := money.Parse(strings.TrimPrefix(n.Text, "+"))
	return a, err == nil && a > -largest && a < largest
}

// exact is a number with all its decimals; false when it is none or too long.
func exact(n *xmltree.Node) (decimal.Decimal, bool) {
	if n == nil {
		return decimal.Decimal{}, false
	}
	s := strings.TrimPrefix(n.Text, "+")
	whole, places, dotted := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if !digits(whole) || dotted && !digits(places) || len(whole)+len(places) > decimal.MaxPrec {
		return decimal.Decimal{}, false
	}
	d, err := decimal.Parse(s)
	return d, err == nil
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// share is |a| x rate / 100 in hundredths, halves upwards, as the official rules round.
func share(a money.Amount, rate decimal.Decimal) *big.Int {
	r, ok := new(big.Rat).SetString(rate.String())
	if !ok {
		panic(fmt.Sprintf("ubl: %s is no number", rate))
	}
	r.Mul(r, new(big.Rat).SetFrac64(max(int64(a), -int64(a)), 100))
	r.Add(r, big.NewRat(1, 2))
	return floor(r)
}

func floor(r *big.Rat) *big.Int {
	return new(big.Int).Div(r.Num(), r.Denom()) // Euclidean, and the denominator is above zero: towards minus infinity
}
