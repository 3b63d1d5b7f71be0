package index

import (
	"cmp"
	"math"
	"slices"
)

// Term is one of the terms that a word of a question may stand for, how sure that is (1 is certain), and where it stands.
type Term struct {
	Term     string
	Sure     float64
	Postings []Posting
}

// Word is a word of a question with all that it may stand for.
type Word []Term

// Hit is an item that was found.
type Hit struct {
	Number int
	Score  float64
	Words  int // how many words of the question it holds
}

// Rank orders the items that hold at least enough of the words of a question, of all items there are: the more words and the rarer ones they
// hold, and the more those say about them, the earlier; of equal ones the newer first.
func Rank(words []Word, items, enough int) []Hit {
	hits := Weigh(words, items, enough)
	for i := range hits {
		part := float64(hits[i].Words) / float64(max(len(words), 1))
		hits[i].Score *= part * part
	}
	return inOrder(hits)
}

// Weigh is Rank where nobody asked for all words: how much of something else an item says too.
func Weigh(words []Word, items, enough int) []Hit {
	most := 0
	for _, w := range words {
		for _, t := range w {
			if n := len(t.Postings); n > 0 {
				most = max(most, t.Postings[n-1].Number)
			}
		}
	}
	scores, best, held := make([]float64, most+1), make([]float64, most+1), make([]uint16, most+1)
	var found, now []int
	for _, w := range words {
		rarity := w.rarity(items)
		now = now[:0]
		for _, t := range w {
			weight := t.Sure * rarity / MaxImpact
			for _, p := range t.Postings {
				s := weight * float64(p.Impact)
				if s <= best[p.Number] {
					continue
				}
				if best[p.Number] == 0 {
					now = append(now, p.Number)
				}
				best[p.Number] = s
			}
		}
		for _, n := range now {
			if held[n] == 0 {
				found = append(found, n)
			}
			scores[n] += best[n]
			held[n]++
			best[n] = 0
		}
	}
	hits := make([]Hit, 0, len(found))
	for _, n := range found {
		if int(held[n]) >= enough {
			hits = append(hits, Hit{n, scores[n], int(held[n])})
		}
	}
	return inOrder(hits)
}

func inOrder(hits []Hit) []Hit {
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.Number, a.Number))
	})
	return hits
}

// rarity is the inverse document frequency of a word over the surest of what it stands for and is there: a guess must not seem rare
// because it is one.
func (w Word) rarity(items int) float64 {
	sure, n := 0.0, 0
	for _, t := range w {
		if len(t.Postings) > 0 {
			sure = max(sure, t.Sure)
		}
	}
	for _, t := range w {
		if t.Sure == sure {
			n += len(t.Postings)
		}
	}
	return math.Log(1 + (float64(items)-float64(min(n, items))+0.5)/(float64(n)+0.5))
}

// Enough is how many of the words of a question an item must hold at the least: both of two, three of four.
func Enough(words int) int { return words - words/3 }
