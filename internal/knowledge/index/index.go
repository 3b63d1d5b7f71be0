// Package index is how words become something to search by: tokens without case and accents, stems in Dutch, English and French, words that
// are one slip of the keyboard away, postings packed into text, and the order in which found items stand. It knows no SQL and no items.
package index

import (
	"slices"
	"strings"
	"unicode"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"golang.org/x/text/unicode/norm"

	"errera.eu/errera/internal/text"
)

// Token is a word of a text: folded, and where it stands in bytes.
type Token struct {
	Word       string
	Start, End int
}

// longestWord is where a word is cut, in letters: what is longer is no word that anybody types.
const longestWord = 40

// Tokens cuts a text into words of letters and digits, without case and accents. Single letters are left out; an apostrophe ends a word, as
// in l'exportation.
func Tokens(s string) []Token {
	var out []Token
	start := -1
	end := func(at int) {
		if start < 0 {
			return
		}
		if w := Fold(s[start:at]); len(w) > 1 || strings.ContainsAny(w, "0123456789") {
			out = append(out, Token{cut(w), start, at})
		}
		start = -1
	}
	for i, r := range s {
		word := unicode.IsLetter(r) || unicode.IsDigit(r) || (start >= 0 && unicode.Is(unicode.Mn, r))
		switch {
		case word && start < 0:
			start = i
		case !word:
			end(i)
		}
	}
	end(len(s))
	return out
}

func cut(w string) string {
	if len(w) <= longestWord {
		return w
	}
	return strings.ToValidUTF8(w[:longestWord], "")
}

// Fold takes case and accents away, and writes ligatures as two letters.
func Fold(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			plain = false
			break
		}
	}
	if plain {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'œ':
			b.WriteString("oe")
		case r == 'æ':
			b.WriteString("ae")
		case r == 'ß':
			b.WriteString("ss")
		case r == 'ø':
			b.WriteByte('o')
		case r == 'ł':
			b.WriteByte('l')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Stem is the term that a folded word is found by among texts of a language: the language, a colon, and the word without its ending.
func Stem(l text.Language, word string) string {
	if len(word) < 3 || strings.ContainsAny(word, "0123456789") {
		return string(l) + ":" + word
	}
	env := snowballstem.NewEnv(word)
	switch l {
	case text.NL:
		dutch.Stem(env)
	case text.FR:
		french.Stem(env)
	default:
		english.Stem(env)
	}
	return string(l) + ":" + env.Current()
}

// Stop tells whether a folded word says nothing in a language.
func Stop(l text.Language, word string) bool {
	_, found := slices.BinarySearch(stops[l], word)
	return found
}

// StopAnywhere tells whether a word says nothing in one of the languages: nobody says which language a question is in.
func StopAnywhere(word string) bool {
	return slices.ContainsFunc(text.Languages(), func(l text.Language) bool { return Stop(l, word) })
}
