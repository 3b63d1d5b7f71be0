package knowledge

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/knowledge/index"
	"errera.eu/errera/internal/text"
)

// Query is what somebody looks for: words, or nothing for the newest, among what is published and fits. A zero field asks nothing.
type Query struct {
	Words                string
	Kind                 Kind
	Market, Sector, Need string
	Language             text.Language
	Organisation         id.Organisation
	After                int // as Found.Next says
	Limit                int
}

// Found is a page of what was found.
type Found struct {
	Items   []FoundItem
	Total   int  // exact unless More
	More    bool // there are more than Total
	Next    int  // 0: this is the last page
	Instead []Instead
	Loose   bool // nothing holds all words: these hold some
}

// FoundItem is an item with what was found in it.
type FoundItem struct {
	Item
	TitleParts, Snippet []index.Piece
	File                string // the name of the one that the snippet is of; "" the item's own words
}

// Instead says that a typed word stands nowhere, and which words were looked for in its place.
type Instead struct{ Typed, Meant string }

const (
	mostWords = 12  // of a question that are looked at
	mostFound = 256 // that are counted; nobody pages further
)

const fits = ` and i.state = 'published' and ($4 = '' or i.kind = $4) and ($5 = '' or ' ' || i.markets || ' ' like '% ' || $5 || ' %')
	  and ($6 = '' or ' ' || i.sectors || ' ' like '% ' || $6 || ' %') and ($7 = '' or ' ' || i.needs || ' ' like '% ' || $7 || ' %')
	  and ($8 = '' or i.language = $8) and ($9 = '' or i.organisation_id = $9)`

var (
	selectFitting = db.SQL("knowledge.item.fitting", `select i.number from knowledge_item i where `+seen+fits+` and i.number in (`+from10+`)`)
	selectPage    = db.SQL("knowledge.item.numbered", `select `+columns+` where `+seen+fits+` and i.number in (`+from10+`)`)
	selectNewest  = db.SQL("knowledge.item.newest", `select `+columns+` where `+seen+fits+`
		order by i.published_on desc, i.number desc limit $10 offset $11`)
	countFitting = db.SQL("knowledge.item.count", `select count(*) from (select 1 from knowledge_item i where `+seen+fits+` limit $10) as n`)
)

func (q Query) args(r reader, g id.Programme) []any {
	return []any{g, int(r.reach), r.own, q.Kind, plain(q.Market), plain(q.Sector), plain(q.Need), q.Language, q.Organisation}
}

// plain drops what like would take for a wildcard; no code holds one.
func plain(code string) string { return strings.NewReplacer("%", "\x01", "_", "\x01").Replace(code) }

// Search finds items that reach the reader, the best first; without words the newest first.
func Search(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, q Query) (Found, error) {
	r := readerOf(by)
	if r.none {
		return Found{}, nil
	}
	if q.Limit <= 0 {
		q.Limit = mostFound
	}
	words := wordsOf(q.Words)
	if len(words) == 0 {
		return newest(ctx, tx, r, g, q)
	}
	asked, instead, err := lookUp(ctx, tx, g, words)
	if err != nil {
		return Found{}, err
	}
	out := Found{Instead: instead}
	var items int
	if err := tx.Row(ctx, nextNumber, g).Scan(&items); err != nil {
		return out, err
	}
	hits := index.Rank(asked, items, index.Enough(len(words)))
	numbers, more, err := visible(ctx, tx, r, g, q, hits)
	if err == nil && len(numbers) == 0 && len(words) > 1 {
		out.Loose = true
		numbers, more, err = visible(ctx, tx, r, g, q, index.Rank(asked, items, 1))
	}
	if err != nil {
		return out, err
	}
	out.Total, out.More = len(numbers), more
	out.Loose = out.Loose && out.Total > 0
	page := numbers[min(q.After, len(numbers)):min(q.After+q.Limit, len(numbers))]
	if q.After+q.Limit < len(numbers) {
		out.Next = q.After + q.Limit
	}
	out.Items, err = show(ctx, tx, r, g, q, page, asked)
	return out, err
}

// wordsOf are the words of a question, each once, without those that say nothing unless nothing else was asked.
func wordsOf(s string) []string {
	var words, all []string
	for _, t := range index.Tokens(s) {
		if slices.Contains(all, t.Word) || len(words) == mostWords {
			continue
		}
		all = append(all, t.Word)
		if !index.StopAnywhere(t.Word) {
			words = append(words, t.Word)
		}
	}
	return words
}

func newest(ctx context.Context, tx *db.Tx, r reader, g id.Programme, q Query) (Found, error) {
	var out Found
	args := q.args(r, g)
	if err := tx.Row(ctx, countFitting, append(slices.Clone(args), 1_000_000)...).Scan(&out.Total); err != nil {
		return out, err
	}
	err := tx.Each(ctx, selectNewest, append(args, q.Limit, q.After), func(rows *sql.Rows) error {
		var f FoundItem
		err := scan(rows, &f.Item)
		f.TitleParts = []index.Piece{{Text: f.Title}}
		f.Snippet = index.Snippet(f.Language, f.Body, nil)
		out.Items = append(out.Items, f)
		return err
	})
	if q.After+len(out.Items) < out.Total {
		out.Next = q.After + len(out.Items)
	}
	return out, err
}

// visible keeps the numbers that reach the reader and fit, in their order, up to mostFound; more says that others follow.
func visible(ctx context.Context, tx *db.Tx, r reader, g id.Programme, q Query, hits []index.Hit) (numbers []int, more bool, err error) {
	for some := range slices.Chunk(hits, listLength) {
		there := map[int]bool{}
		if err := tx.Each(ctx, selectFitting, numbered(some, q.args(r, g)), func(rows *sql.Rows) error {
			var n int
			err := rows.Scan(&n)
			there[n] = true
			return err
		}); err != nil {
			return nil, false, err
		}
		for _, h := range some {
			if there[h.Number] {
				numbers = append(numbers, h.Number)
			}
		}
		if len(numbers) >= mostFound {
			return numbers[:mostFound], true, nil
		}
	}
	return numbers, false, nil
}

func numbered(hits []index.Hit, args []any) []any {
	for i := range listLength {
		n := 0
		if i < len(hits) {
			n = hits[i].Number
		}
		args = append(args, n)
	}
	return args
}

// show loads a page of items and marks what was found in them.
func show(ctx context.Context, tx *db.Tx, r reader, g id.Programme, q Query, numbers []int, asked []index.Word) ([]FoundItem, error) {
	terms := map[string]bool{}
	for _, w := range asked {
		for _, t := range w {
			terms[t.Term] = true
		}
	}
	out := make([]FoundItem, 0, len(numbers))
	for some := range slices.Chunk(numbers, listLength) {
		hits := make([]index.Hit, len(some))
		for i, n := range some {
			hits[i].Number = n
		}
		if err := tx.Each(ctx, selectPage, numbered(hits, q.args(r, g)), func(rows *sql.Rows) error {
			var f FoundItem
			err := scan(rows, &f.Item)
			out = append(out, f)
			return err
		}); err != nil {
			return nil, err
		}
	}
	for i := range out {
		f := &out[i]
		f.TitleParts = index.Mark(f.Language, f.Title, terms)
		f.Snippet = index.Snippet(f.Language, f.Body, terms)
		if len(terms) > 0 && !index.Hits(f.Snippet) {
			if err := f.fromFile(ctx, tx, g, terms); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(out, func(a, b FoundItem) int { return slices.Index(numbers, a.Number) - slices.Index(numbers, b.Number) })
	return out, nil
}

const (
	mostSimilar  = 5
	similarTerms = 24
	// leastAlike is how much of what an item says of itself another must say too.
	leastAlike = 0.2
)

// Similar are the items that say most of what an item says, and reach the reader.
func Similar(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, i Item) ([]Item, error) {
	var terms, words string
	err := tx.Row(ctx, selectEntry, g, i.ID).Scan(&terms, &words)
	if errors.Is(err, db.ErrNone) { // a draft: what it would leave
		e := index.Enter(i.document())
		return alike(ctx, tx, readerOf(by), g, e.Terms, i.Number)
	}
	if err != nil {
		return nil, err
	}
	return alike(ctx, tx, readerOf(by), g, unpackTerms(terms), i.Number)
}

// Suggest are the items that say most of what a text says, such as a question that is about to be asked.
func Suggest(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, l text.Language, title, body string, markets, sectors []string) ([]Item, error) {
	i := Item{Content: Content{Language: l, Title: title, Body: body, Markets: markets, Sectors: sectors}}
	return alike(ctx, tx, readerOf(by), g, index.Enter(i.document()).Terms, 0)
}

func alike(ctx context.Context, tx *db.Tx, r reader, g id.Programme, terms map[string]uint8, self int) ([]Item, error) {
	if r.none {
		return nil, nil
	}
	var items int
	if err := tx.Row(ctx, nextNumber, g).Scan(&items); err != nil {
		return nil, err
	}
	heaviest := heaviest(terms)
	var words []index.Word
	for _, t := range heaviest {
		words = append(words, index.Word{{Term: t, Sure: float64(terms[t]) / index.MaxImpact}})
	}
	if err := fetch(ctx, tx, g, words); err != nil {
		return nil, err
	}
	whole := 0.0
	for _, h := range index.Weigh(selfWords(words, terms), items, 1) {
		whole = h.Score
	}
	hits := slices.DeleteFunc(index.Weigh(words, items, 2), func(h index.Hit) bool { return h.Number == self || h.Score < leastAlike*whole })
	numbers, _, err := visible(ctx, tx, r, g, Query{}, hits[:min(len(hits), listLength)])
	if err != nil {
		return nil, err
	}
	found, err := show(ctx, tx, r, g, Query{}, numbers[:min(len(numbers), mostSimilar)], nil)
	out := make([]Item, len(found))
	for i, f := range found {
		out[i] = f.Item
	}
	return out, err
}

// heaviest are the terms that say most, the codes of markets and sectors among them.
func heaviest(terms map[string]uint8) []string {
	all := make([]string, 0, len(terms))
	for t := range terms {
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b string) int {
		if d := int(terms[b]) - int(terms[a]); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return all[:min(len(all), similarTerms)]
}

// selfWords is an item as the only one that holds its own terms: its score is the most that another can reach.
func selfWords(words []index.Word, terms map[string]uint8) []index.Word {
	const self = 0 // no item has it
	out := make([]index.Word, len(words))
	for i, w := range words {
		t := w[0]
		postings := slices.Clone(t.Postings)
		for k := range postings {
			postings[k].Impact = 0
		}
		t.Postings = append([]index.Posting{{Number: self, Impact: terms[t.Term]}}, postings...)
		out[i] = index.Word{t}
	}
	return out
}

// ParseAfter reads where a page begins.
func ParseAfter(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 1_000_000 {
		return 0
	}
	return n
}
