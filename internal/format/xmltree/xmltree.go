// Package xmltree reads XML that strangers send, within bounds of memory and time, into a tree that readers of invoices and bank
// statements walk by path. It takes UTF-8 without a document type: no entity is ever expanded and nothing is ever fetched. It does not know
// what any element means.
package xmltree

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// Limits bound what a document may cost. A document at a limit is read, one beyond it is refused.
type Limits struct {
	Bytes    int64 // of the document
	Elements int   // with their attributes
	Depth    int   // of elements within each other
}

// Document is enough for an invoice with its attachments; Statement for a bank's month.
func Document() Limits  { return Limits{Bytes: 24 << 20, Elements: 200_000, Depth: 40} }
func Statement() Limits { return Limits{Bytes: 48 << 20, Elements: 1_000_000, Depth: 40} }

// maxMarkup is the most that one tag, comment or instruction may take. Text between tags is bounded by the document alone.
const maxMarkup = 64 << 10

// Node is one element. Name carries the prefix that the reader chose for its namespace, whatever the document calls it.
type Node struct {
	Name     string
	Attrs    []Attr
	Text     string // what stands directly in it, without the space around
	Padded   bool   // there was space around
	Children []*Node
	parent   *Node
	line     int
}

// Attr is an attribute; Name is local, or prefixed where the document gives it a namespace.
type Attr struct{ Name, Value string }

// Parse reads a document. spaces gives the prefix for each namespace that the reader knows; "" makes plain names. Elements of other
// namespaces are kept under "?:" and their local name. What cannot be read is an invalid fault.
func Parse(in io.Reader, spaces map[string]string, limits Limits) (*Node, error) {
	raw, err := io.ReadAll(io.LimitReader(in, limits.Bytes+1))
	if err != nil {
		return nil, fault.Unavailable("xml.unread", nil, err)
	}
	if int64(len(raw)) > limits.Bytes {
		return nil, fault.Invalid("", "xml.too_big", text.Args{"most": limits.Bytes >> 20})
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, fault.Invalid("", "xml.empty", nil)
	}
	if !utf8.Valid(raw) {
		return nil, fault.Invalid("", "xml.encoding", nil)
	}
	if at := longMarkup(raw); at > 0 {
		return nil, fault.Invalid("", "xml.markup", text.Args{"line": at})
	}
	p := &parser{dec: xml.NewDecoder(bytes.NewReader(raw)), spaces: spaces, limits: limits, names: map[xml.Name]string{},
		bound: map[string]int{}}
	return p.document()
}

// longMarkup is the line of the first markup above the bound, 0 when there is none. The decoder holds a whole tag before anybody can stop
// it, so this looks first.
func longMarkup(raw []byte) int {
	for from := 0; ; {
		open := bytes.IndexByte(raw[from:], '<')
		if open < 0 {
			return 0
		}
		open += from
		length := bytes.IndexByte(raw[open:], '>')
		if length < 0 {
			length = len(raw) - open
		}
		if length > maxMarkup {
			return 1 + bytes.Count(raw[:open], []byte("\n"))
		}
		from = open + length
	}
}

// opened is what an element needs until its end: the namespaces that it declares and the text collected so far.
type opened struct {
	spaces []string
	text   []byte
}

type parser struct {
	dec      *xml.Decoder
	spaces   map[string]string
	limits   Limits
	names    map[xml.Name]string
	bound    map[string]int // how many open elements declare a namespace
	open     []opened
	root     *Node
	at       *Node
	elements int
	depth    int
	started  bool
}

func (p *parser) document() (*Node, error) {
	for {
		token, err := p.dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, p.form(err)
		}
		if err := p.token(token); err != nil {
			return nil, err
		}
		p.started = true
	}
	if p.root == nil || p.at != nil {
		return nil, p.form(io.ErrUnexpectedEOF)
	}
	return p.root, nil
}

func (p *parser) line() int {
	line, _ := p.dec.InputPos()
	return line
}

func (p *parser) form(err error) error {
	key := text.Key("xml.form")
	if strings.Contains(err.Error(), "encoding") { // the decoder's only words on it: it has no type for them
		key = "xml.encoding"
	}
	f := fault.Of(fault.Invalid("", key, text.Args{"line": p.line()}))
	f.Cause = err
	return f
}

func (p *parser) token(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		return p.start(t)
	case xml.EndElement:
		p.end()
	case xml.CharData:
		if p.at == nil {
			if len(bytes.TrimSpace(t)) > 0 {
				return p.form(errors.New("text outside the document's element"))
			}
			return nil
		}
		top := &p.open[len(p.open)-1]
		top.text = append(top.text, t...)
	case xml.Directive:
		return fault.Invalid("", "xml.doctype", text.Args{"line": p.line()})
	case xml.ProcInst:
		if strings.EqualFold(t.Target, "xml") && p.started {
			return p.form(errors.New("XML declaration within the document"))
		}
	}
	return nil
}

func (p *parser) start(t xml.StartElement) error {
	p.elements += 1 + len(t.Attr)
	p.depth++
	switch {
	case p.at == nil && p.root != nil:
		return p.form(errors.New("two elements at the top"))
	case p.elements > p.limits.Elements:
		return fault.Invalid("", "xml.many", text.Args{"most": p.limits.Elements})
	case p.depth > p.limits.Depth:
		return fault.Invalid("", "xml.deep", text.Args{"most": p.limits.Depth, "line": p.line()})
	}
	n := &Node{parent: p.at, line: p.line()}
	if err := p.attributes(n, t.Attr); err != nil {
		return err
	}
	if !p.declared(t.Name.Space) {
		return p.form(fmt.Errorf("prefix %q is not declared", t.Name.Space))
	}
	n.Name = p.name(t.Name)
	if p.at == nil {
		p.root = n
	} else {
		p.at.Children = append(p.at.Children, n)
	}
	p.at = n
	return nil
}

func (p *parser) attributes(n *Node, attrs []xml.Attr) error {
	var spaces []string
	for _, a := range attrs {
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			spaces = append(spaces, a.Value)
		}
	}
	p.open = append(p.open, opened{spaces: spaces})
	for _, s := range spaces {
		p.bound[s]++
	}
	seen := map[xml.Name]bool{}
	for _, a := range attrs {
		if seen[a.Name] {
			return p.form(fmt.Errorf("attribute %q stands twice", a.Name.Local))
		}
		seen[a.Name] = true
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			continue
		}
		name := a.Name.Local
		if a.Name.Space != "" {
			if a.Name.Space != "xml" && a.Name.Space != "http://www.w3.org/XML/1998/namespace" && !p.declared(a.Name.Space) {
				return p.form(fmt.Errorf("prefix %q is not declared", a.Name.Space))
			}
			name = "?:" + name
		}
		n.Attrs = append(n.Attrs, Attr{name, a.Value})
	}
	return nil
}

// declared tells whether a namespace is bound where the parser stands: the decoder passes an unknown prefix off as a namespace.
func (p *parser) declared(space string) bool {
	return space == "" || p.bound[space] > 0
}

func (p *parser) end() {
	top := p.open[len(p.open)-1]
	p.open = p.open[:len(p.open)-1]
	for _, s := range top.spaces {
		p.bound[s]--
	}
	words := bytes.Trim(top.text, " \t\r\n")
	p.at.Text, p.at.Padded = string(words), len(words) > 0 && len(words) < len(top.text)
	p.at = p.at.parent
	p.depth--
}

// name is kept once for all elements that bear it.
func (p *parser) name(n xml.Name) string {
	if s, ok := p.names[n]; ok {
		return s
	}
	prefix, known := p.spaces[n.Space]
	s := n.Local
	switch {
	case !known:
		s = "?:" + s
	case prefix != "":
		s = prefix + ":" + s
	}
	p.names[n] = s
	return s
}
