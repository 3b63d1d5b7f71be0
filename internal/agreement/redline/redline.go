// Package redline says what differs between two documents of an agreement: clauses moved, added, removed or changed word by word, and every
// other word and number with its old and its new value. It is pure, and exact: Apply to the old document gives the new one.
package redline

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"errera.eu/errera/internal/agreement"
)

// Redline is the whole of the difference.
type Redline struct {
	Clauses []Clause `json:"clauses"` // the new document's in their order, with removed ones where they stood
	Values  []Value  `json:"values"`  // of everything else, what differs, in the order of the document
	Lists   []List   `json:"lists"`   // of which members or order differ
}

// Clause is a clause on its way from the old document to the new one.
type Clause struct {
	Code      string    `json:"code"`       // in the new document; of a removed clause, in the old one
	WasCode   string    `json:"was_code"`   // in the old document, "" for an added clause
	From      int       `json:"from"`       // its place in the old document, from 0; -1 added
	To        int       `json:"to"`         // its place in the new document; -1 removed
	OldNumber string    `json:"old_number"` // "3.1"; "" added
	NewNumber string    `json:"new_number"` // "" removed
	OldLevel  int       `json:"old_level"`
	NewLevel  int       `json:"new_level"`
	Moved     bool      `json:"moved"` // past other clauses, not merely pushed along
	Title     []Segment `json:"title"`
	Text      []Segment `json:"text"`
}

// Added tells whether the clause is new.
func (c Clause) Added() bool { return c.From < 0 }

// Removed tells whether the clause is gone.
func (c Clause) Removed() bool { return c.To < 0 }

// Reworded tells whether words or level differ.
func (c Clause) Reworded() bool {
	return Changed(c.Title) || Changed(c.Text) || c.OldLevel != c.NewLevel
}

// Changed tells whether anything happened to the clause.
func (c Clause) Changed() bool { return c.Moved || c.Added() || c.Removed() || c.Reworded() }

// Value is a field with its two values. "" is none.
type Value struct {
	Place    string    `json:"place"` // "kpi.reached.target.2027"
	Kind     Kind      `json:"kind"`
	Old      string    `json:"old"`
	New      string    `json:"new"`
	Change   string    `json:"change,omitempty"` // of numbers and amounts that have both: new less old
	Segments []Segment `json:"segments,omitempty"`
}

// List is a list whose members or their order differ.
type List struct {
	Name string   `json:"name"` // objectives, kpis, lines, signatories, ceilings, or "kpi.CODE.targets"
	Old  []string `json:"old"`
	New  []string `json:"new"`
}

// Empty tells whether the two documents are the same.
func (r Redline) Empty() bool {
	recoded := slices.ContainsFunc(r.Clauses, func(c Clause) bool { return c.Code != c.WasCode })
	return !recoded && r.ClausesChanged() == 0 && len(r.Values) == 0 && len(r.Lists) == 0
}

// ClausesChanged counts the clauses that something happened to.
func (r Redline) ClausesChanged() int {
	n := 0
	for _, c := range r.Clauses {
		if c.Changed() {
			n++
		}
	}
	return n
}

// NumbersChanged counts the numbers that differ.
func (r Redline) NumbersChanged() int {
	n := 0
	for _, v := range r.Values {
		if v.Kind.Number() {
			n++
		}
	}
	return n
}

// Value finds a changed field by its place.
func (r Redline) Value(place string) (Value, bool) {
	i := slices.IndexFunc(r.Values, func(v Value) bool { return v.Place == place })
	if i < 0 {
		return Value{}, false
	}
	return r.Values[i], true
}

// Between compares two documents; both are taken in their normal form.
func Between(before, after *agreement.Document) Redline {
	a, b := before.Normal(), after.Normal()
	r := Redline{Clauses: clauses(a.Clauses, b.Clauses), Values: []Value{}, Lists: []List{}}
	old, new := flatten(&a), flatten(&b)
	for _, name := range union(old.names, new.names) {
		if !slices.Equal(old.lists[name], new.lists[name]) {
			r.Lists = append(r.Lists, List{name, listed(old.lists[name]), listed(new.lists[name])})
		}
	}
	for _, place := range union(old.places, new.places) {
		was, is := old.values[place], new.values[place]
		if was == is {
			continue
		}
		v := Value{Place: place, Kind: kindAt(old, new, place), Old: was, New: is}
		v.Change = v.Kind.less(is, was)
		if v.Kind == Prose {
			v.Segments = Words(was, is)
		}
		r.Values = append(r.Values, v)
	}
	return r
}

func listed(all []string) []string { return append([]string{}, all...) }

func kindAt(old, new *flat, place string) Kind {
	if k, has := new.kinds[place]; has {
		return k
	}
	return old.kinds[place]
}

// union is b with what only a has put in where it stood in a.
func union(a, b []string) []string {
	has := make(map[string]bool, len(b))
	for _, s := range b {
		has[s] = true
	}
	after := map[string][]string{} // what only a has, by the common member before it
	last := ""
	for _, s := range a {
		if has[s] {
			last = s
		} else {
			after[last] = append(after[last], s)
		}
	}
	all := append([]string{}, after[""]...)
	for _, s := range b {
		all = append(append(all, s), after[s]...)
	}
	return all
}

// ErrOther is what Apply says when the redline was made of another document.
var ErrOther = errors.New("redline: made of another document")

// Apply gives the new document from the old one. The old one must be that of which the redline was made (ErrOther).
func Apply(before *agreement.Document, r Redline) (agreement.Document, error) {
	d := before.Normal()
	f := flatten(&d)
	for _, l := range r.Lists {
		if !slices.Equal(listed(f.lists[l.Name]), l.Old) {
			return d, fmt.Errorf("%w: %s", ErrOther, l.Name)
		}
		f.lists[l.Name] = l.New
	}
	for _, v := range r.Values {
		if f.values[v.Place] != v.Old {
			return d, fmt.Errorf("%w: %s", ErrOther, v.Place)
		}
		f.values[v.Place] = v.New
	}
	after, err := f.document()
	if err != nil {
		return d, err
	}
	after.Clauses, err = applyClauses(d.Clauses, r.Clauses)
	return after.Normal(), err
}

func applyClauses(old []agreement.Clause, changes []Clause) ([]agreement.Clause, error) {
	n, seen := 0, 0
	for _, c := range changes {
		if !c.Removed() {
			n++
		}
		if c.Added() {
			continue
		}
		seen++
		if c.From >= len(old) {
			return nil, fmt.Errorf("%w: clause %s", ErrOther, c.WasCode)
		}
		was := old[c.From]
		if was.Code != c.WasCode || was.Level != c.OldLevel || was.Title != Old(c.Title) || was.Text != Old(c.Text) {
			return nil, fmt.Errorf("%w: clause %s", ErrOther, c.WasCode)
		}
	}
	if seen != len(old) {
		return nil, fmt.Errorf("%w: %d clauses", ErrOther, len(old))
	}
	made := make([]agreement.Clause, n)
	for _, c := range changes {
		if c.Removed() {
			continue
		}
		if c.To >= n {
			return nil, fmt.Errorf("%w: clause %s", ErrOther, c.Code)
		}
		made[c.To] = agreement.Clause{Code: c.Code, Level: c.NewLevel, Title: New(c.Title), Text: New(c.Text)}
	}
	return made, nil
}

// Text is a redline of words for a terminal: [-taken out-]{+put in+}.
func Text(all []Segment) string {
	var b strings.Builder
	for _, s := range all {
		switch s.Op {
		case Del:
			b.WriteString("[-" + s.Text + "-]")
		case Ins:
			b.WriteString("{+" + s.Text + "+}")
		default:
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

// Filled is a redline of words with the fields of the clauses filled, as readers see them: a field that stayed but stands for something else
// now shows both.
func Filled(all []Segment, old, new map[string]string) []Segment {
	var out []Segment
	for _, s := range all {
		switch s.Op {
		case Del:
			out = append(out, Segment{Del, agreement.Fill(s.Text, old)})
		case Ins:
			out = append(out, Segment{Ins, agreement.Fill(s.Text, new)})
		default:
			for _, t := range tokens(s.Text) {
				was, is := agreement.Fill(t, old), agreement.Fill(t, new)
				if was != is {
					out = append(out, Segment{Del, was}, Segment{Ins, is})
				} else if n := len(out); n > 0 && out[n-1].Op == Keep {
					out[n-1].Text += is
				} else {
					out = append(out, Segment{Keep, is})
				}
			}
		}
	}
	return out
}
