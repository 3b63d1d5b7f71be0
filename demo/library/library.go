// Package library invents items of the library from a seed: for the demonstration programme, and by the thousand for the bench. What it
// writes names no real person or company, and each text ends by saying that it is invented.
package library

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"errera.eu/errera/internal/knowledge"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Partner is an organisation with what it writes about.
type Partner struct {
	Code             string
	Markets, Sectors []string
}

// Entry is an item with who wrote it and when.
type Entry struct {
	Partner   string
	Published period.Date
	knowledge.Content
}

// Write invents n items between two days. The same seed gives the same items.
func Write(seed uint64, n int, from, to period.Date, partners []Partner) []Entry {
	r := rand.New(rand.NewPCG(seed, 40))
	days := from.DaysTo(to)
	all := make([]Entry, n)
	for i := range all {
		p := partners[r.IntN(len(partners))]
		k := knowledge.Kinds()[pick(r, 4, 2, 3, 3)]
		l := text.Languages()[pick(r, 6, 2, 2)]
		w := writer{Rand: r, l: l, words: wordsOf(l), market: one(r, p.Markets), sector: one(r, p.Sectors)}
		c := knowledge.Content{Kind: k, Reach: knowledge.Reaches()[pick(r, 1, 2, 6, 2)], Language: l, Sectors: []string{w.sector},
			Needs: []string{[]string{"information", "contacts", "strategy"}[pick(r, 5, 3, 2)]}}
		if k == knowledge.Report || k == knowledge.Contacts || r.IntN(2) == 0 {
			c.Markets = []string{w.market}
		}
		c.Title = upper(w.fill(one(r, w.words.titles[k])))
		c.Body = w.body(k)
		all[i] = Entry{Partner: p.Code, Published: from.AddDays(r.IntN(days + 1)), Content: c}
	}
	return all
}

// pick chooses a place by weights.
func pick(r *rand.Rand, weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	at := r.IntN(sum)
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return 0
}

func one[T any](r *rand.Rand, all []T) T { return all[r.IntN(len(all))] }

type writer struct {
	*rand.Rand
	l              text.Language
	words          words
	market, sector string
}

// fill writes a sentence: what stands in braces is chosen anew each time, but for the market and the sector of the item.
func (w writer) fill(s string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		b.WriteString(w.slot(name))
		s = after
	}
}

func (w writer) slot(name string) string {
	switch name {
	case "market":
		return w.l.Country(w.market)
	case "sector":
		return w.l.Say(text.Key("sector."+w.sector), nil)
	case "n":
		return strconv.Itoa(2 + w.IntN(28))
	case "year":
		return strconv.Itoa(2016 + w.IntN(4))
	}
	return one(w.Rand, w.words.slots[name])
}

// body is two or three paragraphs, a list where the kind asks for one, and the line that says it is invented.
func (w writer) body(k knowledge.Kind) string {
	var parts []string
	order := w.Perm(len(w.words.sentences[k]))
	for len(order) > 0 && len(parts) < 3 {
		var sentences []string
		n := min(len(order), 2+w.IntN(2))
		for _, i := range order[:n] {
			sentences = append(sentences, upper(w.fill(w.words.sentences[k][i])))
		}
		order = order[n:]
		parts = append(parts, strings.Join(sentences, " "))
	}
	if list := w.words.lists[k]; len(list) > 0 {
		var lines []string
		for _, i := range w.Perm(len(list))[:min(len(list), 3+w.IntN(3))] {
			lines = append(lines, "- "+w.fill(list[i]))
		}
		parts = append(parts, strings.Join(lines, "\n"))
	}
	return strings.Join(append(parts, w.words.invented), "\n\n")
}

// upper begins a sentence with a capital.
func upper(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
