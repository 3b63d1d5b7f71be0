package bench

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"errera.eu/errera/demo/library"
	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/knowledge"
	"errera.eu/errera/internal/knowledge/index"
	"errera.eu/errera/internal/programme"
)

// How large the library of the measurement is, how many made-up words its texts hold besides the usual ones, and how often it is asked.
const (
	searchItems = 20_000
	searchWords = 60_000
	searchAsks  = 400
	searchBatch = 1_000
)

// searchData is the library of the measurement and its questions, each with the item that it was taken from.
type searchData struct {
	entries []library.Entry
	asks    []searchAsk
}

type searchAsk struct {
	words, slipped string
	item           int
}

// benchSearch asks a library of 20,000 items, each question as it is and with one slip, on both engines, and asks the same of what the engines
// bring themselves: SQLite's FTS5 and PostgreSQL's text search.
func benchSearch(r *command.Run, c *Command, dir string) (figures, error) {
	data := newSearchData()
	out := figures{"items": len(data.entries), "questions": len(data.asks)}
	lite, err := db.Open(r, filepath.Join(dir, "library.db"))
	if err != nil {
		return nil, err
	}
	if err := data.engine(r, out, "sqlite", lite); err != nil {
		return nil, errors.Join(err, lite.Close())
	}
	if err := errors.Join(lite.Close(), data.fts5(r, out, filepath.Join(dir, "fts5.db"))); err != nil {
		return nil, err
	}
	if info, err := os.Stat(filepath.Join(dir, "library.db")); err == nil {
		out["sqlite_size_mb"] = rounded(float64(info.Size()) / (1 << 20))
	}
	if c.Postgres == "" {
		out["postgres_skipped"], out["tsvector_skipped"] = "no PostgreSQL address given", "no PostgreSQL address given"
		return out, nil
	}
	dsn, drop, err := scratch(r, c.Postgres)
	if err != nil {
		return nil, err
	}
	defer drop()
	pg, err := db.Open(r, dsn)
	if err != nil {
		return nil, err
	}
	return out, errors.Join(data.engine(r, out, "postgres", pg), data.tsvector(r, out, pg), pg.Close())
}

// newSearchData writes the items: texts as the demonstration has them, and after each some sixty made-up words, most of them rare, as names and
// terms of trade are.
func newSearchData() *searchData {
	partners := []library.Partner{{Code: "one", Markets: []string{"IN", "CN", "DE", "FR", "US"}, Sectors: []string{"food", "health", "textiles"}},
		{Code: "two", Markets: []string{"JP", "BR", "VN", "GB", "PL"}, Sectors: []string{"digital", "logistics", "chemistry"}}}
	r := rand.New(rand.NewPCG(20_000, 6))
	rare := rand.NewZipf(r, 1.05, 20, searchWords-1)
	d := &searchData{entries: library.Write(6, searchItems, "2017-01-01", "2021-12-31", partners)}
	for i := range d.entries {
		e := &d.entries[i]
		e.Reach = knowledge.Partners
		var b strings.Builder
		for range 60 {
			b.WriteString(" " + madeUp(rare.Uint64()))
		}
		e.Body += "\n\n" + strings.TrimSpace(b.String())
		e.Title += " " + madeUp(rare.Uint64())
	}
	for len(d.asks) < searchAsks {
		if a, ok := d.ask(r); ok {
			d.asks = append(d.asks, a)
		}
	}
	return d
}

// madeUp is a word for a number: two to five syllables.
func madeUp(n uint64) string {
	const syllables = "bal der fin gor hel jus kam lor min nep ost pra quil ras sten tor uls ver wim zan bre cla dro fle"
	parts := strings.Fields(syllables)
	word := ""
	for n += 24; n > 0; n /= 24 {
		word += parts[n%24]
	}
	return word
}

// ask takes two or three words out of one item, and makes a slip in the longest.
func (d *searchData) ask(r *rand.Rand) (searchAsk, bool) {
	item := r.IntN(len(d.entries))
	e := d.entries[item]
	var words []string
	for _, t := range index.Tokens(e.Title + " " + e.Body) {
		if len(t.Word) >= 5 && !slices.Contains(words, t.Word) && !index.StopAnywhere(t.Word) {
			words = append(words, t.Word)
		}
	}
	if len(words) < 12 {
		return searchAsk{}, false
	}
	title := words[:min(len(words), 4)]
	chosen := []string{title[r.IntN(len(title))], words[len(words)-1-r.IntN(20)]}
	if r.IntN(2) == 0 {
		chosen = append(chosen, words[4+r.IntN(len(words)-4)])
	}
	longest := 0
	for i, w := range chosen {
		if len(w) > len(chosen[longest]) {
			longest = i
		}
	}
	slipped := slices.Clone(chosen)
	slipped[longest] = slip(r, chosen[longest])
	return searchAsk{strings.Join(chosen, " "), strings.Join(slipped, " "), item}, true
}

// slip is one letter left out, doubled, wrong, or changed with the next.
func slip(r *rand.Rand, w string) string {
	at := 1 + r.IntN(len(w)-2)
	switch r.IntN(4) {
	case 0:
		return w[:at] + w[at+1:]
	case 1:
		return w[:at] + w[at:at+1] + w[at:]
	case 2:
		return w[:at] + "x" + w[at+1:]
	}
	return w[:at] + w[at+1:at+2] + w[at:at+1] + w[at+2:]
}

// engine fills a library and asks it.
func (d *searchData) engine(r *command.Run, out figures, name string, at *db.DB) error {
	if _, err := at.Migrate(r); err != nil {
		return err
	}
	g, org := id.New[id.Programme](), id.New[id.Organisation]()
	err := at.WriteAgency(r, func(tx *db.Tx) error {
		if err := programme.AddOrganisations(r, tx, []programme.Organisation{{ID: org, Code: "one", Name: "One", Kind: programme.KindPartner}}); err != nil {
			return err
		}
		return programme.Begin(r, tx, programme.Programme{ID: g, Code: "g", Starts: "2017-01-01", Ends: "2021-12-31", Currency: "EUR", Agency: org})
	})
	if err != nil {
		return err
	}
	start := time.Now()
	for batch := range slices.Chunk(d.entries, searchBatch) {
		items := make([]knowledge.Item, len(batch))
		for i, e := range batch {
			items[i] = knowledge.Item{ID: id.New[id.Knowledge](), Organisation: org, Content: e.Content, Published: e.Published}
		}
		if err := at.Write(r, g, func(tx *db.Tx) error { return knowledge.Take(r, tx, access.System("bench"), g, items) }); err != nil {
			return err
		}
	}
	out[name+"_index_s"] = rounded(time.Since(start).Seconds())
	if at.Engine() == db.PostgreSQL {
		if _, err := at.Pool().ExecContext(r, "analyze"); err != nil {
			return err
		}
	}
	reader := access.Actor{ID: id.New[id.Person](), Memberships: []access.Membership{{Role: access.Member, Organisation: id.New[id.Organisation]()}}}
	return d.measure(out, name, func(words string) (numbers []int, err error) {
		err = at.Read(r, func(tx *db.Tx) error {
			f, err := knowledge.Search(r, tx, reader, g, knowledge.Query{Words: words, Limit: 20})
			for _, i := range f.Items {
				numbers = append(numbers, i.Number-1)
			}
			return err
		})
		return numbers, err
	})
}

// measure asks every question twice, as it is and with a slip, and counts how often the item that it was taken from is among the first ten.
func (d *searchData) measure(out figures, name string, ask func(words string) ([]int, error)) error {
	for _, way := range []string{"", "slip_"} {
		var took []time.Duration
		found := 0
		for _, a := range d.asks {
			words := a.words
			if way != "" {
				words = a.slipped
			}
			start := time.Now()
			numbers, err := ask(words)
			if err != nil {
				return fmt.Errorf("%s: %q: %w", name, words, err)
			}
			took = append(took, time.Since(start))
			if slices.Contains(numbers[:min(len(numbers), 10)], a.item) {
				found++
			}
		}
		slices.Sort(took)
		out[name+"_"+way+"p50_ms"], out[name+"_"+way+"p95_ms"] = milliseconds(took[len(took)/2]), milliseconds(took[len(took)*95/100])
		out[name+"_"+way+"worst_ms"] = milliseconds(took[len(took)-1])
		out[name+"_"+way+"found_percent"] = rounded(float64(found) * 100 / float64(len(d.asks)))
	}
	return nil
}
