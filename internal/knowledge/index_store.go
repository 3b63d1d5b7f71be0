package knowledge

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/knowledge/index"
	"errera.eu/errera/internal/text"
)

var (
	selectEntry  = db.SQL("knowledge.entry.load", `select terms, words from knowledge_entry where programme_id = $1 and item_id = $2`)
	deleteEntry  = db.SQL("knowledge.entry.drop", `delete from knowledge_entry where programme_id = $1 and item_id = $2`)
	countEntries = db.SQL("knowledge.entry.between", `select count(*) from knowledge_entry where programme_id = $1 and number >= $2 and number < $3`)
	selectBlock  = db.SQL("knowledge.posting.of_block",
		`select term, postings from knowledge_posting where programme_id = $1 and block = $2 and term in (`+from3+`)`)
	deleteBlock = db.SQL("knowledge.posting.drop",
		`delete from knowledge_posting where programme_id = $1 and block = $2 and term in (`+from3+`)`)
	selectWords = db.SQL("knowledge.word.counts", `select word, items from knowledge_word where programme_id = $1 and word in (`+from2+`)`)
	deleteWords = db.SQL("knowledge.word.drop", `delete from knowledge_word where programme_id = $1 and word in (`+from2+`)`)
	deleteForms = db.SQL("knowledge.form.drop", `delete from knowledge_form where programme_id = $1 and word = $2 and form in (`+from3+`)`)
)

// document is an item as it is searched.
func (i Item) document() index.Document {
	d := index.Document{Number: i.Number, Language: i.Language, Title: i.Title, Body: i.Body}
	for _, f := range i.Files {
		d.Body += "\n" + f.Name
	}
	d.Files = i.fileWords
	d.Names = map[text.Language]string{}
	for _, m := range i.Markets {
		d.Tags = append(d.Tags, "market:"+m)
		for _, l := range text.Languages() {
			d.Names[l] += l.Country(m) + "\n"
		}
	}
	for _, s := range i.Sectors {
		d.Tags = append(d.Tags, "sector:"+s)
		for _, l := range text.Languages() {
			if key := text.Key("sector." + s); l.Has(key) {
				d.Names[l] += l.Say(key, nil) + "\n"
			}
		}
	}
	return d
}

// reindex makes items found by what they say now, and no longer by what they said before.
func reindex(ctx context.Context, tx *db.Tx, g id.Programme, items []Item) error {
	u := update{postings: map[int]map[string]map[int]uint8{}, words: map[string]int{}}
	var rows [][]any
	for _, i := range items {
		if err := u.forget(ctx, tx, g, i); err != nil {
			return err
		}
		if err := i.takeTexts(ctx, tx, g); err != nil {
			return err
		}
		e := index.Enter(i.document())
		rows = append(rows, []any{g, i.ID, i.Number, packTerms(e.Terms), strings.Join(e.Words, " ")})
		for term, impact := range e.Terms {
			u.post(term, i.Number, impact)
		}
		for _, w := range e.Words {
			u.words[w]++
		}
	}
	if err := u.apply(ctx, tx, g); err != nil {
		return err
	}
	return tx.Insert(ctx, "knowledge_entry", []string{"programme_id", "item_id", "number", "terms", "words"}, rows)
}

// unindex makes an item found no longer.
func unindex(ctx context.Context, tx *db.Tx, g id.Programme, i Item) error {
	u := update{postings: map[int]map[string]map[int]uint8{}, words: map[string]int{}}
	if err := u.forget(ctx, tx, g, i); err != nil {
		return err
	}
	return u.apply(ctx, tx, g)
}

// An update collects what is to change in the index: postings by block, term and number (impact 0 takes one away), and how many items more or
// less hold a word.
type update struct {
	postings map[int]map[string]map[int]uint8
	words    map[string]int
}

func (u *update) post(term string, number int, impact uint8) {
	block := number / index.BlockSize
	if u.postings[block] == nil {
		u.postings[block] = map[string]map[int]uint8{}
	}
	if u.postings[block][term] == nil {
		u.postings[block][term] = map[int]uint8{}
	}
	u.postings[block][term][number] = impact
}

// forget takes away what the item left when it was indexed before, whatever made it.
func (u *update) forget(ctx context.Context, tx *db.Tx, g id.Programme, i Item) error {
	var terms, words string
	err := tx.Row(ctx, selectEntry, g, i.ID).Scan(&terms, &words)
	if errors.Is(err, db.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	for term := range unpackTerms(terms) {
		u.post(term, i.Number, 0)
	}
	for _, w := range strings.Fields(words) {
		u.words[w]--
	}
	_, err = tx.Exec(ctx, deleteEntry, g, i.ID)
	return err
}

func (u *update) apply(ctx context.Context, tx *db.Tx, g id.Programme) error {
	for _, block := range slices.Sorted(maps.Keys(u.postings)) {
		if err := applyBlock(ctx, tx, g, block, u.postings[block]); err != nil {
			return err
		}
	}
	return u.applyWords(ctx, tx, g)
}

func applyBlock(ctx context.Context, tx *db.Tx, g id.Programme, block int, changes map[string]map[int]uint8) error {
	var filledBefore int
	if err := tx.Row(ctx, countEntries, g, block*index.BlockSize, (block+1)*index.BlockSize).Scan(&filledBefore); err != nil {
		return err
	}
	terms := slices.Sorted(maps.Keys(changes))
	before := map[string]string{}
	for some := range slices.Chunk(terms, listLength) {
		args := filled(some, g, block)
		if err := tx.Each(ctx, selectBlock, args, func(r *sql.Rows) error {
			var term, packed string
			err := r.Scan(&term, &packed)
			before[term] = packed
			return err
		}); err != nil {
			return err
		}
		if filledBefore == 0 && len(before) == 0 {
			break // a new block: nothing to find
		}
		if _, err := tx.Exec(ctx, deleteBlock, args...); err != nil {
			return err
		}
	}
	var rows [][]any
	for _, term := range terms {
		packed, err := merged(block, before[term], changes[term])
		if err != nil {
			return err
		}
		if packed != "" {
			rows = append(rows, []any{g, term, block, packed})
		}
	}
	return tx.Insert(ctx, "knowledge_posting", []string{"programme_id", "term", "block", "postings"}, rows)
}

// merged is a term's block after changes.
func merged(block int, before string, changes map[int]uint8) (string, error) {
	old, err := index.Unpack(block, before, nil)
	if err != nil {
		return "", err
	}
	all := slices.DeleteFunc(old, func(p index.Posting) bool { _, changed := changes[p.Number]; return changed })
	for n, impact := range changes {
		if impact > 0 {
			all = append(all, index.Posting{Number: n, Impact: impact})
		}
	}
	slices.SortFunc(all, func(a, b index.Posting) int { return a.Number - b.Number })
	return index.Pack(block, all), nil
}

func (u *update) applyWords(ctx context.Context, tx *db.Tx, g id.Programme) error {
	maps.DeleteFunc(u.words, func(_ string, by int) bool { return by == 0 })
	words := slices.Sorted(maps.Keys(u.words))
	known := map[string]int{}
	for some := range slices.Chunk(words, listLength) {
		found, err := countWords(ctx, tx, selectWords, filled(some, g))
		if err != nil {
			return err
		}
		if len(found) == 0 {
			continue
		}
		maps.Copy(known, found)
		if _, err := tx.Exec(ctx, deleteWords, filled(slices.Collect(maps.Keys(found)), g)...); err != nil {
			return err
		}
	}
	var rows, forms [][]any
	for _, w := range words {
		n := known[w] + u.words[w]
		if n > 0 {
			rows = append(rows, []any{g, w, index.Reversed(w), n})
		}
		switch {
		case n > 0 && known[w] == 0:
			for _, f := range index.Deletions(w) {
				forms = append(forms, []any{g, f, w})
			}
		case n <= 0:
			if _, err := tx.Exec(ctx, deleteForms, filled(index.Deletions(w), g, w)...); err != nil {
				return err
			}
		}
	}
	if err := tx.Insert(ctx, "knowledge_word", []string{"programme_id", "word", "reversed", "items"}, rows); err != nil {
		return err
	}
	return tx.Insert(ctx, "knowledge_form", []string{"programme_id", "form", "word"}, forms)
}

const impacts = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"

// packTerms keeps what an item left in the index: a term, "=" and how much it says, by name.
func packTerms(terms map[string]uint8) string {
	var b strings.Builder
	for i, t := range slices.Sorted(maps.Keys(terms)) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t)
		b.WriteByte('=')
		b.WriteByte(impacts[terms[t]])
	}
	return b.String()
}

func unpackTerms(s string) map[string]uint8 {
	out := map[string]uint8{}
	for _, f := range strings.Fields(s) {
		if term, impact, ok := strings.Cut(f, "="); ok && len(impact) == 1 {
			out[term] = uint8(max(strings.Index(impacts, impact), 0))
		}
	}
	return out
}
