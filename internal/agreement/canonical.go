package agreement

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"errera.eu/errera/internal/fault"
)

// Canonical is the one text that stands for the document, normalised: JSON with the keys of each object in the order of their bytes, no
// space between, integers without exponent, texts in NFC with only quotation marks, backslashes and line ends escaped. It is what
// RFC 8785 gives for the same values; docs/agreement-document.md describes it for other programs.
func (d *Document) Canonical() (string, error) {
	own := d.Normal()
	raw, err := json.Marshal(own)
	if err != nil {
		return "", fault.Internal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return "", fault.Internal(err)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(tree); err != nil { // maps are written with sorted keys
		return "", fault.Internal(err)
	}
	return strings.TrimSuffix(out.String(), "\n"), nil
}

// Hash is SHA-256 of the canonical form in lower-case hexadecimal: what both sides accept.
func (d *Document) Hash() (string, error) {
	form, err := d.Canonical()
	return HashOf(form), err
}

// HashOf is the hash of a canonical form.
func HashOf(canonical string) string {
	sum := sha256.Sum256([]byte(canonical))
	return hex.EncodeToString(sum[:])
}

// ParseDocument reads a canonical form, and refuses one that is not canonical: what was stored is what was hashed.
func ParseDocument(canonical string) (Document, error) {
	var d Document
	dec := json.NewDecoder(strings.NewReader(canonical))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return d, fault.Internal(fmt.Errorf("agreement: document: %w", err))
	}
	if d.Form != DocumentForm {
		return d, fault.Internal(fmt.Errorf("agreement: document of form %d", d.Form))
	}
	again, err := d.Canonical()
	if err == nil && again != canonical {
		err = fault.Internal(fmt.Errorf("agreement: a document that is not in canonical form"))
	}
	return d, err
}

// Normal is the document as it is hashed: texts in NFC without control characters or spaces at the ends of lines, years in order, lists
// never nil. Two documents that read the same are equal after it.
func (d *Document) Normal() Document {
	n := *d
	n.Form = DocumentForm
	n.Programme, n.Mandate, n.ReasonAmends = line(d.Programme), line(d.Mandate), words(d.ReasonAmends)
	for _, p := range []*Party{&n.Agency, &n.Partner} {
		p.Name, p.Division = line(p.Name), line(p.Division)
	}
	n.Clauses = each(d.Clauses, func(c *Clause) { c.Title, c.Text = line(c.Title), words(c.Text) })
	n.Objectives = each(d.Objectives, func(a *Aim) {
		a.GoalName = line(a.GoalName)
		a.Words.NL, a.Words.EN, a.Words.FR = words(a.Words.NL), words(a.Words.EN), words(a.Words.FR)
	})
	n.KPIs = each(d.KPIs, func(p *Promise) {
		p.Name = line(p.Name)
		p.Targets = each(p.Targets, func(*YearNumber) {})
		p.Baseline = tidyNumber(p.Baseline)
		for i := range p.Targets {
			p.Targets[i].Value = tidyNumber(p.Targets[i].Value)
		}
		p.Targets = slices.DeleteFunc(p.Targets, func(t YearNumber) bool { return t.Value == "" })
		slices.SortStableFunc(p.Targets, func(a, b YearNumber) int { return cmp.Compare(a.Year, b.Year) })
	})
	n.Lines = each(d.Lines, func(l *Line) { l.Title, l.Text = line(l.Title), words(l.Text) })
	n.Ceilings = each(d.Ceilings, func(*YearAmount) {})
	slices.SortStableFunc(n.Ceilings, func(a, b YearAmount) int { return cmp.Compare(a.Year, b.Year) })
	n.Signatories = each(d.Signatories, func(s *Signatory) {
		s.Name, s.Title, s.Email = line(s.Name), line(s.Title), strings.ToLower(line(s.Email))
	})
	return n
}

// tidyNumber is a number in its normal form; what is none stays, for Check to tell.
func tidyNumber(n Number) Number {
	if again, err := ParseNumber(string(n)); err == nil {
		return again
	}
	return n
}

// each is a copy of a list, never nil, with every member changed.
func each[T any](all []T, change func(*T)) []T {
	own := make([]T, len(all))
	copy(own, all)
	for i := range own {
		change(&own[i])
	}
	return own
}

// words is a text of several lines in its normal form.
func words(s string) string {
	if tidy(s) {
		return strings.Trim(s, "\n")
	}
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n").Replace(strings.ToValidUTF8(s, "\ufffd"))
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
	lines := strings.Split(norm.NFC.String(s), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// tidy tells, quickly, that a text is its own normal form but for empty lines at its ends; what it does not know it denies.
func tidy(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c < ' ' && c != '\n' || c > '~' || c == ' ' && (i+1 == len(s) || s[i+1] == '\n') {
			return false
		}
	}
	return true
}

// line is a text of one line in its normal form.
func line(s string) string { return strings.TrimSpace(strings.ReplaceAll(words(s), "\n", " ")) }
