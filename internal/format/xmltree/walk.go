package xmltree

import (
	"strconv"
	"strings"
)

// All are the elements that a path of names leads to, in the order of the document: "cac:TaxTotal/cac:TaxSubtotal".
func (n *Node) All(path string) []*Node {
	if n == nil {
		return nil
	}
	here := []*Node{n}
	for name := range strings.SplitSeq(path, "/") {
		var next []*Node
		for _, h := range here {
			for _, c := range h.Children {
				if c.Name == name {
					next = append(next, c)
				}
			}
		}
		here = next
	}
	return here
}

// First is the first of All, nil when there is none. A nil node has no children, no attributes and no text.
func (n *Node) First(path string) *Node {
	if all := n.All(path); len(all) > 0 {
		return all[0]
	}
	return nil
}

// Contains tells whether a path leads to an element.
func (n *Node) Contains(path string) bool { return n.First(path) != nil }

// Words is the text of the first element that a path leads to.
func (n *Node) Words(path string) string {
	if f := n.First(path); f != nil {
		return f.Text
	}
	return ""
}

// Attr is an attribute's value and whether it stands there.
func (n *Node) Attr(name string) (string, bool) {
	if n == nil {
		return "", false
	}
	for _, a := range n.Attrs {
		if a.Name == name {
			return a.Value, true
		}
	}
	return "", false
}

// Within lists every element of a name below this one, at any depth.
func (n *Node) Within(name string) []*Node {
	var found []*Node
	n.Walk(func(c *Node) {
		if c != n && c.Name == name {
			found = append(found, c)
		}
	})
	return found
}

// Walk calls visit for this element and each one below it, in the order of the document.
func (n *Node) Walk(visit func(*Node)) {
	if n == nil {
		return
	}
	visit(n)
	for _, c := range n.Children {
		c.Walk(visit)
	}
}

// Parent is the element that this one stands in, nil at the top.
func (n *Node) Parent() *Node { return n.parent }

// Line is where the element's tag ends.
func (n *Node) Line() int { return n.line }

// Place is the way to the element: "/Invoice/cac:InvoiceLine[2]/cbc:ID". A number stands where siblings bear the same name.
func (n *Node) Place() string {
	if n == nil {
		return ""
	}
	if n.parent == nil {
		return "/" + n.Name
	}
	at, same := 0, 0
	for _, c := range n.parent.Children {
		if c.Name == n.Name {
			same++
			if c == n {
				at = same
			}
		}
	}
	place := n.parent.Place() + "/" + n.Name
	if same > 1 {
		place += "[" + strconv.Itoa(at) + "]"
	}
	return place
}
