package main

import (
	"fmt"
	"math/rand/v2"
	"sort"

	"errera.eu/errera/demo/generate/marks"
)

// outcome is one row of outcomes.csv.
type outcome struct {
	code, kind           string
	company              *company
	activity             *activity
	partners             []credit
	on                   date
	market, sector, need string
	amount               int64 // cents; 0: none
	adjusted             int64 // of the amount, what would not have happened anyway
	quantity             int
	marks                string
	recorded             date
	state                string
	decided              date
	decidedBy, reason    string
}

// whole is one full credit: the least common multiple of all sums of weights in use.
const whole = 12

// tally counts credit of one kind in twelfths.
type tally map[string]int

func (w *world) makeOutcomes() {
	done := map[int]tally{}
	for y := range years {
		for _, i := range []int{kpiContacts, kpiStrategies, kpiEntries, kpiRetention} {
			done[y*10+i] = tally{}
		}
	}
	for _, p := range w.partners {
		for y := range years {
			r := w.stream(fmt.Sprint("outcomes", p.code, y))
			k := key{p.code, firstYear + y}
			w.serve(r, k)
			w.reachTarget(r, k, kpiContacts, "contact", done[y*10+kpiContacts])
			w.reachTarget(r, k, kpiStrategies, "strategy", done[y*10+kpiStrategies])
			w.reachTarget(r, k, kpiEntries, "entry", done[y*10+kpiEntries])
			w.reachTarget(r, k, kpiRetention, "retention", done[y*10+kpiRetention])
			w.evaluate(r, k)
			w.yield(r, k)
		}
	}
	for y := range years {
		r := w.stream(fmt.Sprint("outcomes", agency, y))
		for range 25 {
			w.add(r, key{agency, firstYear + y}, "service", nil, "information")
		}
	}
	sort.SliceStable(w.outcomes, func(i, j int) bool { return w.outcomes[i].on.Before(w.outcomes[j].on) })
	for i, o := range w.outcomes {
		o.code = fmt.Sprintf("o%05d", i+1)
	}
	r := w.stream("marks") // of its own, so that nothing else moves
	for _, o := range w.outcomes {
		o.marks, o.adjusted, o.quantity = marks.Of(r, o.kind, o.amount, o.quantity)
	}
}

// serve gives help at the desk to the companies that no activity reached, and to some others.
func (w *world) serve(r *rand.Rand, k key) {
	set := w.reach[k]
	for _, c := range set.pool {
		if len(set.seen) >= set.limit {
			break
		}
		if set.seen[c] == 0 {
			o := w.add(r, k, "service", c, "information")
			w.see(o.partners, k.year, c)
		}
	}
	for range set.limit / 12 {
		if o := w.add(r, k, "service", nil, "information"); chance(r, 9) {
			w.doubt(r, k, o)
		}
	}
}

// reachTarget adds evidence until the credit of the partner is what its year will show, and some that does not count.
func (w *world) reachTarget(r *rand.Rand, k key, kpi int, kind string, done tally) {
	need := map[string]string{"contact": "contacts", "strategy": "strategy", "entry": "contacts", "retention": "strategy"}[kind]
	goal := w.plans[k].actual[kpi]
	for done[k.partner] <= goal*whole-whole/2 {
		o := w.add(r, k, kind, nil, need)
		for _, c := range o.partners {
			done[c.code] += whole * c.weight / total(o.partners)
		}
	}
	for range goal * between(r, 5, 9) / 100 {
		w.doubt(r, k, w.add(r, k, kind, nil, need))
	}
}

// doubt makes an outcome one that is only reported, or that was rejected.
func (w *world) doubt(r *rand.Rand, k key, o *outcome) {
	if chance(r, 65) {
		o.state, o.decided, o.decidedBy = "reported", date{}, ""
		return
	}
	o.state = "rejected"
	o.reason = pick(r, []string{"No proof of the date", "Already counted for another organisation", "Company outside the programme", "Meeting did not take place", "Same contact reported twice"})
}

func total(list []credit) int {
	n := 0
	for _, c := range list {
		n += c.weight
	}
	return n
}

// add makes a verified outcome of the partner. Contacts come from activities and their visitors, and joint ones are shared.
func (w *world) add(r *rand.Rand, k key, kind string, c *company, need string) *outcome {
	o := &outcome{kind: kind, company: c, partners: []credit{{k.partner, 1}}, state: "verified", need: need}
	set := w.reach[k]
	if kind == "contact" || kind == "strategy" && chance(r, 40) || kind == "evaluation" {
		o.activity, o.company = w.visitor(r, k, kind)
	}
	if a := o.activity; a != nil {
		o.on = a.ends
		if kind == "contact" {
			o.on = later(a.starts, r, 0, max(0, dayCount(a)))
		}
		o.market, o.sector = a.markets[0], a.sectors[0]
		if a.joint() && kind != "evaluation" && chance(r, 45) && !w.isGolden(a) {
			o.partners = a.organisers
		}
	} else {
		o.on = weekday(anyDay(r, k.year))
		o.market = choose(r, w.marketsOf(k.partner))
	}
	if o.company == nil {
		o.company = pick(r, set.pool)
		if len(set.list) > 0 {
			o.company = pick(r, set.list)
		}
		for try := 0; kind == "retention" && o.company.parent == "" && try < 200; try++ {
			o.company = pick(r, set.list)
		}
	}
	if o.sector == "" {
		o.sector = o.company.sector
	}
	if kind == "service" || kind == "retention" {
		o.market = ""
	}
	o.recorded = later(o.on, r, 3, 25)
	if k.partner == "vkw-limburg" {
		o.recorded = later(o.on, r, 60, 100)
	}
	o.decided, o.decidedBy = later(o.recorded, r, 5, 40), w.officer(k.partner)
	w.outcomes = append(w.outcomes, o)
	return o
}

func dayCount(a *activity) int { return int(a.ends.Sub(a.starts).Hours()) / 24 }

func anyDay(r *rand.Rand, year int) date {
	if year == 2017 {
		return day(2017, 10, 9).AddDate(0, 0, r.IntN(75))
	}
	return day(year, 1, 8).AddDate(0, 0, r.IntN(345))
}

// visitor draws an activity of the year and a company whose attendance there is verified.
func (w *world) visitor(r *rand.Rand, k key, kind string) (*activity, *company) {
	list := w.visited(k)
	for try := range 40 {
		if len(list) == 0 {
			break
		}
		a := pick(r, list)
		business := a.kind == "mission" || a.kind == "fair" || a.kind == "matchmaking" || a.kind == "visit"
		if kind == "contact" && !business && try < 3 || kind == "evaluation" && a.joint() {
			continue
		}
		if x := pick(r, a.attendees); !x.verified.IsZero() {
			return a, x.company
		}
	}
	return nil, nil
}

func (w *world) visited(k key) []*activity {
	var list []*activity
	for _, a := range w.activities {
		if a.year() == k.year && a.state == "verified" && len(a.attendees) > 0 && a.has(k.partner) {
			list = append(list, a)
		}
	}
	return list
}

// evaluate adds the answers that visitors gave, one to five.
func (w *world) evaluate(r *rand.Rand, k key) {
	plan := w.plans[k]
	if plan.target[kpiSatisfaction] == 0 {
		return
	}
	n := between(r, 18, 56)
	if k == (key{"bicci", 2019}) {
		n = 8
	}
	for i := range n {
		o := w.add(r, k, "evaluation", nil, "")
		o.quantity = between(r, 2, 3)
		if (i+1)*plan.actual[kpiSatisfaction]/100 > i*plan.actual[kpiSatisfaction]/100 {
			o.quantity = between(r, 4, 5)
		}
		o.recorded = later(o.on, r, 1, 9)
		o.decided = later(o.recorded, r, 2, 20)
	}
}

// yield adds what came of it all: wins, investments, knowledge, referrals, media, and a few figures declared by hand.
func (w *world) yield(r *rand.Rand, k key) {
	size := w.reach[k].limit
	for range size/30 + between(r, 0, 3) {
		o := w.add(r, k, "win", nil, "contacts")
		o.amount = int64(between(r, 4, 480))*1000*100/int64(between(r, 1, 4)) + int64(r.IntN(99999))
		if chance(r, 12) {
			w.doubt(r, k, o)
		}
	}
	for range between(r, 1, 3) {
		w.add(r, k, "knowledge", nil, "information")
		if chance(r, 60) {
			o := w.add(r, k, "media", nil, "")
			o.company, o.market, o.sector = nil, "", ""
		}
	}
	for range size/40 + between(r, 0, 2) {
		w.add(r, k, "referral", nil, pick(r, []string{"information", "contacts", "strategy"}))
	}
	if chance(r, 30) {
		o := w.add(r, k, "investment", nil, "")
		for o.company.parent == "" {
			o.company = pick(r, w.companies)
		}
		o.sector, o.quantity, o.amount = o.company.sector, between(r, 3, 90), int64(between(r, 2, 90))*10_000_000
	}
	if chance(r, 12) {
		o := w.add(r, k, "declared", nil, "")
		o.company, o.market, o.sector, o.quantity = nil, "", "", between(r, 2, 12)
	}
}
