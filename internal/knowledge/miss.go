package knowledge

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"sync"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/knowledge/index"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Miss is a search that found nothing: its words without case and accents, what it named, and which sort of organisation asked. Who asked is
// not kept.
type Miss struct {
	Day                  period.Date
	Words                string
	Asker                string // agency, partner, other
	Market, Sector, Need string // "" none named
	Times                int
}

var (
	selectMisses = db.SQL("knowledge.miss.list",
		`select day, words, asker, market, sector, need, times from knowledge_miss where programme_id = $1 and day >= $2 and day <= $3
		 order by day, words, asker, market, sector, need`)
	countMisses = db.SQL("knowledge.miss.of_day", `select count(*) from knowledge_miss where programme_id = $1 and day = $2`)
	againMiss   = db.SQL("knowledge.miss.again",
		`update knowledge_miss set times = times + 1 where programme_id = $1 and day = $2 and words = $3 and asker = $4 and market = $5 and sector = $6
		   and need = $7`)
	selectPeople = db.SQL("knowledge.miss.people", `select name from person`)
	dropMisses   = db.SQL("knowledge.miss.old", `delete from knowledge_miss where programme_id = $1 and day < $2`)
)

// The bounds of what is kept: different searches of a day, words of a search, and days.
const (
	missesADay   = 1_000
	wordsOfAMiss = 8
	daysOfAMiss  = 3 * 366
)

// Missed keeps that a search found nothing. Sectors are those that it may name in words. It is demand, and nobody is named: what looks like an
// address or a number is left out, a search with a word of somebody's name is not kept at all, nor is one of an auditor.
func Missed(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, q Query, sectors []string) error {
	if by.Has(access.Auditor) || by.IsSystem() || strings.Contains(q.Words, "@") {
		return nil
	}
	if err := checkCodes(strings.Fields(q.Market), strings.Fields(q.Sector)); err != nil || strings.ContainsAny(q.Market+q.Sector, " \t\n") {
		return nil // an address that somebody made up asks for nothing
	}
	m := Miss{Day: tx.Now.Date(), Asker: "other", Market: q.Market, Sector: q.Sector, Need: q.Need}
	switch {
	case by.Agency():
		m.Asker = "agency"
	case by.Scope() != "":
		m.Asker = "partner"
	}
	words := slices.DeleteFunc(wordsOf(q.Words), func(w string) bool {
		return strings.ContainsAny(w, "0123456789") || index.StopAnywhere(w)
	})
	words = words[:min(len(words), wordsOfAMiss)]
	if m.Market == "" {
		m.Market = named(words, countries())
	}
	if m.Sector == "" {
		m.Sector = named(words, sectorNames(sectors))
	}
	m.Words = strings.Join(words, " ")
	if m.Words == "" && m.Market == "" && m.Sector == "" {
		return nil
	}
	if people, err := names(ctx, tx, words); err != nil || people {
		return err
	}
	return m.keep(ctx, tx, g)
}

func (m Miss) keep(ctx context.Context, tx *db.Tx, g id.Programme) error {
	n, err := tx.Exec(ctx, againMiss, g, m.Day, m.Words, m.Asker, m.Market, m.Sector, m.Need)
	if err != nil || n == 1 {
		return err
	}
	var today int
	if err := tx.Row(ctx, countMisses, g, m.Day).Scan(&today); err != nil || today >= missesADay {
		return err
	}
	if today == 0 {
		if _, err := tx.Exec(ctx, dropMisses, g, m.Day.AddDays(-daysOfAMiss)); err != nil {
			return err
		}
	}
	return tx.Insert(ctx, "knowledge_miss", []string{"programme_id", "day", "words", "asker", "market", "sector", "need", "times"},
		[][]any{{g, m.Day, m.Words, m.Asker, m.Market, m.Sector, m.Need, 1}})
}

// names tells whether one of the words stands in the name of somebody with an account.
func names(ctx context.Context, tx *db.Tx, words []string) (found bool, err error) {
	err = tx.Each(ctx, selectPeople, nil, func(r *sql.Rows) error {
		var name string
		if err := r.Scan(&name); err != nil {
			return err
		}
		for _, t := range index.Tokens(name) {
			found = found || len(t.Word) > 2 && slices.Contains(words, t.Word)
		}
		return nil
	})
	return found, err
}

// named is the code of the longest name that stands in the words.
func named(words []string, names map[string]string) string {
	for n := 4; n > 0; n-- {
		for i := 0; i+n <= len(words); i++ {
			if code, found := names[strings.Join(words[i:i+n], " ")]; found {
				return code
			}
		}
	}
	return ""
}

// countries are their names in all languages, as words of a search are.
var countries = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, code := range text.Countries() {
		for _, l := range text.Languages() {
			all[asWords(l.Country(code))] = code
		}
	}
	return all
})

func sectorNames(codes []string) map[string]string {
	all := map[string]string{}
	for _, code := range codes {
		for _, l := range text.Languages() {
			if key := text.Key("sector." + code); l.Has(key) {
				all[asWords(l.Say(key, nil))] = code
			}
		}
	}
	return all
}

func asWords(s string) string { return strings.Join(wordsOf(s), " ") }

// Misses lists the searches of a span of days that found nothing, by day.
func Misses(ctx context.Context, tx *db.Tx, g id.Programme, days period.Span) ([]Miss, error) {
	var all []Miss
	err := tx.Each(ctx, selectMisses, []any{g, days.From, days.To}, func(r *sql.Rows) error {
		var m Miss
		err := r.Scan(&m.Day, &m.Words, &m.Asker, &m.Market, &m.Sector, &m.Need, &m.Times)
		all = append(all, m)
		return err
	})
	return all, err
}

// Wanted is what was looked for and not found, over days and askers.
type Wanted struct {
	Words, Market, Sector string
	Times, Days           int
	Askers                []string
	First, Last           period.Date
}

// Sum adds misses up by what was looked for, the most wanted first.
func Sum(all []Miss) []Wanted {
	at := map[[3]string]int{}
	var out []Wanted
	days := map[[3]string][]period.Date{}
	for _, m := range all {
		key := [3]string{m.Words, m.Market, m.Sector}
		i, known := at[key]
		if !known {
			i = len(out)
			at[key] = i
			out = append(out, Wanted{Words: m.Words, Market: m.Market, Sector: m.Sector, First: m.Day})
		}
		w := &out[i]
		w.Times += m.Times
		w.First, w.Last = min(w.First, m.Day), max(w.Last, m.Day)
		if !slices.Contains(days[key], m.Day) {
			days[key] = append(days[key], m.Day)
			w.Days++
		}
		if !slices.Contains(w.Askers, m.Asker) {
			w.Askers = append(w.Askers, m.Asker)
		}
	}
	slices.SortStableFunc(out, func(a, b Wanted) int {
		if a.Times != b.Times {
			return b.Times - a.Times
		}
		return strings.Compare(a.Words, b.Words)
	})
	return out
}
