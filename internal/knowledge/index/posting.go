package index

import (
	"errors"
	"maps"
	"math"
	"slices"
	"strings"

	"errera.eu/errera/internal/text"
)

// BlockSize is how many numbers of items one block of postings covers.
const BlockSize = 4096

// Posting says that a term stands in the item with a number, and how much it says about it: 1 to MaxImpact.
type Posting struct {
	Number int
	Impact uint8
}

// MaxImpact is the most that one term can say about an item.
const MaxImpact = 63

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"

// errBlock says that a block of postings is not what Pack wrote.
var errBlock = errors.New("index: a block of postings is damaged")

// Pack writes the postings of one block, by rising number, as text: the distance to the number before in digits of five bits, the last one
// above 31, then the impact.
func Pack(block int, postings []Posting) string {
	var b strings.Builder
	last := block*BlockSize - 1
	for _, p := range postings {
		step := p.Number - last
		for step >= 32 {
			b.WriteByte(digits[step&31])
			step >>= 5
		}
		b.WriteByte(digits[32+step])
		b.WriteByte(digits[p.Impact])
		last = p.Number
	}
	return b.String()
}

// Unpack reads what Pack wrote.
func Unpack(block int, packed string, into []Posting) ([]Posting, error) {
	last := block*BlockSize - 1
	for i := 0; i < len(packed); {
		step, shift := 0, 0
		for {
			if i >= len(packed) || shift > 20 {
				return nil, errBlock
			}
			d := int(valueOf(packed[i]))
			i++
			if d > 63 {
				return nil, errBlock
			}
			if d >= 32 {
				step |= (d - 32) << shift
				break
			}
			step |= d << shift
			shift += 5
		}
		if i >= len(packed) || step == 0 || valueOf(packed[i]) > 63 {
			return nil, errBlock
		}
		last += step
		into = append(into, Posting{last, valueOf(packed[i])})
		i++
	}
	return into, nil
}

// valueOf is what a digit stands for; 255 for what is no digit.
func valueOf(c byte) uint8 {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'A' <= c && c <= 'Z':
		return c - 'A' + 10
	case 'a' <= c && c <= 'z':
		return c - 'a' + 36
	case c == '-':
		return 62
	case c == '_':
		return 63
	}
	return 255
}

// Document is an item as it is searched: words of its title say more than those of its body; tags are codes such as "market:IN", and Names are
// what they are called in each language, so that an item on India is found by Inde.
type Document struct {
	Number      int
	Language    text.Language
	Title, Body string
	Files       string // what stands in its files
	Tags        []string
	Names       map[text.Language]string
}

// What a word weighs in a title and how long a text is taken to be; k1 and b are those of BM25 (Robertson and Zaragoza, 2009). The length of
// the average text is fixed, so that an item's postings do not depend on other items.
const (
	titleWeight = 3
	usualLength = 220
	k1, b       = 1.2, 0.6
)

// Entries are the postings that a document leaves, by term, and the words that it holds, each once.
type Entries struct {
	Terms map[string]uint8
	Words []string
}

// Enter reads a document.
func Enter(d Document) Entries {
	weights, words := map[string]int{}, map[string]bool{}
	length := 0
	take := func(l text.Language, s string, weight int) {
		for _, t := range Tokens(s) {
			if Stop(l, t.Word) {
				continue
			}
			words[t.Word] = true
			weights[Stem(l, t.Word)] += weight
			length += weight
		}
	}
	take(d.Language, d.Title, titleWeight)
	take(d.Language, d.Body, 1)
	told := length
	for l, names := range d.Names {
		take(l, names, 1)
	}
	length = told // what it is called elsewhere makes no text longer
	takeFiles(d, words, weights)
	e := Entries{Terms: make(map[string]uint8, len(weights)+len(d.Tags)), Words: slices.Sorted(maps.Keys(words))}
	for term, w := range weights {
		e.Terms[term] = impact(w, length)
	}
	for _, tag := range d.Tags {
		e.Terms[tag] = MaxImpact / 2
	}
	return e
}

// mostFileWords is how many different words of an item's files are kept.
const mostFileWords = 6000

// takeFiles adds the words of files: each counts once, however often it stands there, so that what an item says of itself comes first and a long
// file makes its own words no weaker. Long numbers, of which tables are full, are left out.
func takeFiles(d Document, words map[string]bool, weights map[string]int) {
	kept := 0
	for _, t := range Tokens(d.Files) {
		if kept == mostFileWords {
			return
		}
		if words[t.Word] || Stop(d.Language, t.Word) || len(t.Word) > 4 && strings.Trim(t.Word, "0123456789") == "" {
			continue
		}
		words[t.Word] = true
		kept++
		if stem := Stem(d.Language, t.Word); weights[stem] == 0 {
			weights[stem] = 1
		}
	}
}

// impact is the part of BM25 that depends on the item alone, between 0 and 1, in 63 steps.
func impact(weight, length int) uint8 {
	w := float64(weight)
	part := w / (w + k1*(1-b+b*float64(length)/usualLength))
	return uint8(min(max(math.Round(part*MaxImpact), 1), MaxImpact))
}
