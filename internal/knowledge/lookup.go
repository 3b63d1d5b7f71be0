package knowledge

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/knowledge/index"
	"errera.eu/errera/internal/text"
)

var (
	selectNear = db.SQL("knowledge.form.near",
		`select distinct w.word, w.items from knowledge_form f join knowledge_word w on w.programme_id = f.programme_id and w.word = f.word
		 where f.programme_id = $1 and f.form in (`+from2+`)`)
	selectBegins = db.SQL("knowledge.word.begins",
		`select word, items from knowledge_word where programme_id = $1 and word > $2 and word < $3 order by items desc, word limit 4`)
	selectEnds = db.SQL("knowledge.word.ends",
		`select word, items from knowledge_word where programme_id = $1 and reversed > $2 and reversed < $3 order by items desc, word limit 4`)
	selectPostings = db.SQL("knowledge.posting.list",
		`select term, block, postings from knowledge_posting where programme_id = $1 and term in (`+from2+`)`)
)

// How sure it is that a word of a question stands for another word of the library.
const (
	sureExact  = 1
	sureSlip   = 0.7
	sureLonger = 0.4 // it begins or ends the other, as markt does in marktrapport
)

const (
	shortestLonger = 4  // letters from which a word is sought in longer ones
	mostSlips      = 3  // words that one slip may stand for
	fewItems       = 3  // a word in fewer items may itself be a slip
	manyTimes      = 10 // of one that stands in this many times as many
)

// A counted word is one of the library, with how many items hold it.
type counted struct {
	word  string
	items int
}

// lookUp finds what the words of a question may stand for, with their postings.
func lookUp(ctx context.Context, tx *db.Tx, g id.Programme, words []string) ([]index.Word, []Instead, error) {
	known, err := countWords(ctx, tx, selectWords, filled(words, g))
	if err != nil {
		return nil, nil, err
	}
	near, err := nearWords(ctx, tx, g, words, known)
	if err != nil {
		return nil, nil, err
	}
	asked := make([]index.Word, len(words))
	var instead []Instead
	for i, w := range words {
		add := func(word string, sure float64) {
			for _, l := range text.Languages() {
				term := index.Stem(l, word)
				if !slices.ContainsFunc(asked[i], func(t index.Term) bool { return t.Term == term }) {
					asked[i] = append(asked[i], index.Term{Term: term, Sure: sure})
				}
			}
		}
		add(w, sureExact) // another form of it may stand where it does not
		slips := slipsOf(w, known[w], near)
		for _, c := range slips {
			add(c.word, sureSlip)
		}
		if known[w] == 0 && len(slips) > 0 {
			instead = append(instead, Instead{w, slips[0].word})
		}
		longer, err := longerWords(ctx, tx, g, w)
		if err != nil {
			return nil, nil, err
		}
		for _, c := range longer {
			add(c.word, sureLonger)
		}
	}
	if err := fetch(ctx, tx, g, asked); err != nil {
		return nil, nil, err
	}
	return asked, stemKnown(instead, asked), nil
}

// stemKnown leaves out words that stand in the library in another form after all.
func stemKnown(instead []Instead, asked []index.Word) []Instead {
	return slices.DeleteFunc(instead, func(x Instead) bool {
		return slices.ContainsFunc(asked, func(w index.Word) bool {
			return slices.ContainsFunc(w, func(t index.Term) bool {
				return t.Sure == sureExact && len(t.Postings) > 0 && slices.ContainsFunc(text.Languages(), func(l text.Language) bool {
					return index.Stem(l, x.Typed) == t.Term
				})
			})
		})
	})
}

func countWords(ctx context.Context, tx *db.Tx, q db.Query, args []any) (map[string]int, error) {
	all := map[string]int{}
	err := tx.Each(ctx, q, args, func(r *sql.Rows) error {
		var w string
		var n int
		err := r.Scan(&w, &n)
		all[w] = n
		return err
	})
	return all, err
}

// nearWords are the words of the library that share a form with a word that is rare or unknown.
func nearWords(ctx context.Context, tx *db.Tx, g id.Programme, words []string, known map[string]int) (map[string]int, error) {
	var forms []string
	for _, w := range words {
		if known[w] < fewItems {
			forms = append(forms, index.Deletions(w)...)
		}
	}
	all := map[string]int{}
	for some := range slices.Chunk(forms, listLength) {
		found, err := countWords(ctx, tx, selectNear, filled(some, g))
		if err != nil {
			return nil, err
		}
		for w, n := range found {
			all[w] = n
		}
	}
	return all, nil
}

// slipsOf are the words that a word may be a slip of, the most common first; for a word that stands somewhere only much more common ones.
func slipsOf(word string, items int, near map[string]int) []counted {
	var out []counted
	for w, n := range near {
		if index.OneSlip(word, w) && n >= items*manyTimes && (items < fewItems) {
			out = append(out, counted{w, n})
		}
	}
	slices.SortFunc(out, func(a, b counted) int { return cmp.Or(cmp.Compare(b.items, a.items), cmp.Compare(a.word, b.word)) })
	return out[:min(len(out), mostSlips)]
}

// longerWords are those that begin or end with a word: compounds, and words that are not typed to their end.
func longerWords(ctx context.Context, tx *db.Tx, g id.Programme, word string) ([]counted, error) {
	if len(word) < shortestLonger {
		return nil, nil
	}
	var out []counted
	for _, way := range []struct {
		q    db.Query
		from string
	}{{selectBegins, word}, {selectEnds, index.Reversed(word)}} {
		if err := tx.Each(ctx, way.q, []any{g, way.from, way.from + "\uffff"}, func(r *sql.Rows) error {
			var c counted
			err := r.Scan(&c.word, &c.items)
			out = append(out, c)
			return err
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// fetch fills in the postings of all terms of words.
func fetch(ctx context.Context, tx *db.Tx, g id.Programme, words []index.Word) error {
	var terms []string
	for _, w := range words {
		for _, t := range w {
			terms = append(terms, t.Term)
		}
	}
	slices.Sort(terms)
	terms = slices.Compact(terms)
	type block struct {
		n      int
		packed string
	}
	found := map[string][]block{}
	for some := range slices.Chunk(terms, listLength) {
		if err := tx.Each(ctx, selectPostings, filled(some, g), func(r *sql.Rows) error {
			var term string
			var b block
			err := r.Scan(&term, &b.n, &b.packed)
			found[term] = append(found[term], b)
			return err
		}); err != nil {
			return err
		}
	}
	for _, w := range words {
		for i := range w {
			blocks := found[w[i].Term]
			slices.SortFunc(blocks, func(a, b block) int { return cmp.Compare(a.n, b.n) })
			for _, b := range blocks {
				var err error
				if w[i].Postings, err = index.Unpack(b.n, b.packed, w[i].Postings); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
