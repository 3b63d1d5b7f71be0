package redline

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// wordsPerPage is what an A4 page of a printed agreement holds.
const wordsPerPage = 450

// Long makes two agreements of a number of pages, always the same for a seed: the second is the first after a round of negotiation, with
// words changed in every third clause, clauses moved, added and taken out, and numbers changed. It tells how many clauses were moved. It is
// for measuring.
func Long(pages int, seed uint64) (before, after agreement.Document, moved int) {
	r := rand.New(rand.NewPCG(seed, 40))
	vocabulary := strings.Fields(`the partner agency shall submit report each year before after activity company companies export market joint
		evidence verified agreed amount ceiling cost claim within days of and or unless decision written notice term plan approved objective
		target baseline weight share organiser programme strategy goal foreign site mission seminar contact result proof record`)
	sentence := func() string {
		n := 8 + r.IntN(18)
		w := make([]string, n)
		for i := range w {
			w[i] = vocabulary[r.IntN(len(vocabulary))]
			if r.IntN(9) == 0 {
				w[i] = fmt.Sprintf("%s%d", w[i], r.IntN(900))
			}
		}
		return strings.ToUpper(w[0][:1]) + strings.Join(w, " ")[1:] + "."
	}
	d := agreement.Document{Language: text.EN, Programme: "Round", Starts: "2027-01-01", Ends: "2031-12-31"}
	for words, n := 0, 0; words < pages*wordsPerPage; n++ {
		c := agreement.Clause{Code: fmt.Sprintf("c%d", n), Level: 2, Title: strings.TrimSuffix(sentence(), ".")}
		if n%8 == 0 {
			c.Level = 1
		}
		for range 3 + r.IntN(4) {
			c.Text += sentence() + " "
		}
		words += len(strings.Fields(c.Title)) + len(strings.Fields(c.Text))
		d.Clauses = append(d.Clauses, c)
	}
	for n := range 12 {
		k := agreement.Promise{KPI: fmt.Sprintf("kpi%d", n), Name: "KPI", Objective: "o", Rule: "level", Weight: 8, CapBp: 10_000}
		for y := period.Year(2027); y <= 2031; y++ {
			k.Targets = append(k.Targets, agreement.YearNumber{Year: y, Value: agreement.Number(fmt.Sprint(100 + n + int(y)%10))})
		}
		d.KPIs = append(d.KPIs, k)
	}
	for y := period.Year(2027); y <= 2031; y++ {
		d.Ceilings = append(d.Ceilings, agreement.YearAmount{Year: y, Amount: 9_000_000})
	}
	before = d.Normal()
	after, moved = negotiated(before, r, sentence)
	return before, after, moved
}

func negotiated(before agreement.Document, r *rand.Rand, sentence func() string) (after agreement.Document, moved int) {
	after = before.Normal()
	for i := range after.Clauses {
		if i%3 == 0 {
			w := strings.Fields(after.Clauses[i].Text)
			at := r.IntN(len(w) - 4)
			w[at], w[at+2] = "instead", w[at+3]
			after.Clauses[i].Text = strings.Join(w, " ") + " " + sentence()
		}
		after.Clauses[i].Code = fmt.Sprintf("n%d", i) // recognised by its words alone
	}
	c := after.Clauses
	n := len(c)
	far := append([]agreement.Clause{}, c[:n/10]...)
	far = append(far, c[n/10+2:n/2]...)
	far = append(far, c[n/10:n/10+2]...) // two clauses go down
	far = append(far, agreement.Clause{Code: "added", Level: 2, Title: "Added", Text: sentence() + " " + sentence()})
	far = append(far, c[n/2:n-2]...) // the last two are gone
	after.Clauses = far
	for i := range after.KPIs {
		after.KPIs[i].Targets[i%5].Value = agreement.Number(fmt.Sprint(200 + i))
	}
	after.Ceilings[1].Amount += 500_000
	return after.Normal(), 2
}
