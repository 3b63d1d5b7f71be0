package index

import (
	"slices"
	"strings"

	"errera.eu/errera/internal/text"
)

// Piece is a part of a text that was found or stands around it.
type Piece struct {
	Text string
	Hit  bool
}

// snippetWords is about how many words a snippet shows, and snippetBytes how much of a text is looked at.
const (
	snippetWords = 34
	snippetBytes = 40_000
)

// Mark cuts a text at the words whose terms were found.
func Mark(l text.Language, s string, found map[string]bool) []Piece {
	return pieces(s, 0, len(s), marked(l, Tokens(s), found))
}

// Snippet is the part of a text that holds most of what was found, on one line; its beginning when nothing was.
func Snippet(l text.Language, s string, found map[string]bool) []Piece {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s[:min(len(s), snippetBytes)], "")), " ")
	tokens := Tokens(s)
	if len(tokens) == 0 {
		return nil
	}
	hits := marked(l, tokens, found)
	from := bestWindow(tokens, hits)
	to := min(from+snippetWords, len(tokens))
	start, end := tokens[from].Start, tokens[to-1].End
	if to == len(tokens) {
		end = len(s)
	}
	if from == 0 {
		start = 0
	}
	out := pieces(s, start, end, hits)
	if start > 0 {
		out = append([]Piece{{Text: "… "}}, out...)
	}
	if end < len(s) {
		out = append(out, Piece{Text: " …"})
	}
	return out
}

// Around is the part of a long text in which what was found stands first, for Snippet to look at.
func Around(s string, found map[string]bool) string {
	const before, after = 2_000, 8_000
	at := -1
	low := strings.ToLower(s)
	for term := range found {
		if _, stem, ok := strings.Cut(term, ":"); ok && stem != "" {
			if i := strings.Index(low, stem); i >= 0 && (at < 0 || i < at) {
				at = i
			}
		}
	}
	at = min(max(at, 0), len(s))
	from, to := max(0, at-before), min(len(s), at+after)
	if from > 0 { // not within a word
		if blank := strings.IndexAny(s[from:to], " \n"); blank >= 0 {
			from += blank + 1
		}
	}
	return strings.ToValidUTF8(s[from:to], "")
}

// Hits tells whether anything of pieces was found.
func Hits(all []Piece) bool {
	return slices.ContainsFunc(all, func(p Piece) bool { return p.Hit })
}

type hit struct {
	Token
	term string
	at   int // among the tokens
}

func marked(l text.Language, tokens []Token, found map[string]bool) []hit {
	begins := map[string]bool{} // a word begins as its stem does
	for term := range found {
		if _, stem, ok := strings.Cut(term, ":"); ok && len(stem) > 1 {
			begins[stem[:2]] = true
		}
	}
	var out []hit
	for i, t := range tokens {
		if len(t.Word) > 1 && begins[t.Word[:2]] {
			if term := Stem(l, t.Word); found[term] {
				out = append(out, hit{t, term, i})
			}
		}
	}
	return out
}

// bestWindow is the token at which the window with the most different terms, then the most hits, begins; a little before its first hit.
func bestWindow(tokens []Token, hits []hit) int {
	best, at := 0, 0
	for i, first := range hits {
		terms, n := map[string]bool{}, 0
		for _, h := range hits[i:] {
			if h.at >= first.at+snippetWords-6 {
				break
			}
			terms[h.term] = true
			n++
		}
		if score := len(terms)*100 + n; score > best {
			best, at = score, first.at
		}
	}
	return max(0, min(at-5, len(tokens)-snippetWords))
}

func pieces(s string, start, end int, hits []hit) []Piece {
	var out []Piece
	for _, h := range hits {
		if h.Start < start || h.End > end {
			continue
		}
		if h.Start > start {
			out = append(out, Piece{Text: s[start:h.Start]})
		}
		out = append(out, Piece{Text: s[h.Start:h.End], Hit: true})
		start = h.End
	}
	if start < end {
		out = append(out, Piece{Text: s[start:end]})
	}
	return out
}
