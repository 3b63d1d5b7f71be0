package main

import "math/rand/v2"

// reach is what one organisation's companies of a year come to.
type reach struct {
	limit   int        // verified distinct companies at the end of the year
	pool    []*company // those it knows, in random order
	waiting []*company // of the pool, not yet seen
	seen    map[*company]int
	list    []*company // seen, in order
}

// makeAttendance draws who comes. Joint activities go first: they bring companies of one organiser to the other, and nobody
// may be reached beyond the limit of its year, so that attainment stays as planned.
func (w *world) makeAttendance() {
	w.makePools()
	for _, joint := range []bool{true, false} {
		for _, a := range w.activities {
			if a.joint() == joint {
				w.attend(w.stream("attend"+a.code), a)
			}
		}
	}
}

func (w *world) makePools() {
	codes := []string{agency}
	for _, p := range w.partners {
		codes = append(codes, p.code)
	}
	for _, code := range codes {
		r := w.stream("pool" + code)
		var before []*company
		for y := range years {
			limit := []int{90, 260, 280, 250, 280}[y]
			if plan := w.plans[key{code, firstYear + y}]; plan != nil {
				limit = plan.actual[kpiReach]
			}
			set := &reach{limit: limit, seen: map[*company]int{}}
			set.pool = w.drawPool(r, code, limit, before)
			set.waiting = append(set.waiting, set.pool...)
			before = set.pool
			w.reach[key{code, firstYear + y}] = set
		}
	}
}

// drawPool keeps about half of last year's companies and draws the rest by sector, region, size and pull.
func (w *world) drawPool(r *rand.Rand, code string, size int, before []*company) []*company {
	p := w.byCode[code]
	sum := make([]int, len(w.companies))
	total := 0
	for i, c := range w.companies {
		total += interest(p, w.sectorsOf(code), c)
		sum[i] = total
	}
	var pool []*company
	in := map[*company]bool{}
	for _, c := range before {
		if len(pool) < size/2 && chance(r, 60) {
			pool, in[c] = append(pool, c), true
		}
	}
	for try := 0; len(pool) < size && try < 100*size; try++ {
		n := r.IntN(total)
		lo, hi := 0, len(sum)-1
		for lo < hi {
			if mid := (lo + hi) / 2; sum[mid] > n {
				hi = mid
			} else {
				lo = mid + 1
			}
		}
		if c := w.companies[lo]; !in[c] {
			pool, in[c] = append(pool, c), true
		}
	}
	r.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
	return pool
}

func interest(p *partner, sectors []weighted, c *company) int {
	n := 0
	for _, s := range sectors {
		if s.code == c.sector {
			n = s.weight * c.pull
		}
	}
	if p == nil {
		return n
	}
	if p.region != "" && c.region != p.region {
		return n / 14
	}
	if p.small {
		n *= map[string]int{"micro": 5, "small": 4, "medium": 1}[c.size]
	}
	return n
}

// attend fills one activity: its organisers invite in proportion to their weights.
func (w *world) attend(r *rand.Rand, a *activity) {
	span := map[string][2]int{"mission": {8, 16}, "fair": {6, 12}, "seminar": {15, 35}, "knowledge": {9, 20}, "retention": {5, 10}, "matchmaking": {14, 30},
		"coaching": {7, 12}, "course": {9, 16}, "visit": {8, 18}, "conference": {42, 88}}[a.kind]
	n := between(r, span[0], span[1])
	n = min(n, a.places)
	if small := w.reach[key{a.lead(), a.year()}].limit; a.kind != "conference" || small < 100 {
		n = min(n, max(4, small*2/5))
	}
	if a.joint() {
		n = min(n, between(r, 9, 24))
	}
	if a.state == "cancelled" {
		n = n * between(r, 0, 4) / 6
	}
	here := map[*company]bool{}
	for range n {
		c := w.guest(r, a, here)
		if c == nil {
			break
		}
		here[c] = true
		w.come(r, a, c)
	}
}

// guest draws a company that may come to all organisers: known to one and not above the limit of another.
func (w *world) guest(r *rand.Rand, a *activity, here map[*company]bool) *company {
	for range 90 {
		set := w.reach[key{w.inviting(r, a), a.year()}]
		c := pick(r, set.pool)
		if len(set.waiting) > 0 && chance(r, 75) {
			c = set.waiting[0]
			set.waiting = set.waiting[1:]
		} else if len(set.list) > 0 && chance(r, 30) {
			c = pick(r, set.list)
		}
		if here[c] || !w.room(a, c) {
			continue
		}
		return c
	}
	return nil
}

func (w *world) inviting(r *rand.Rand, a *activity) string {
	total := 0
	for _, c := range a.organisers {
		total += c.weight
	}
	n := r.IntN(total)
	for _, c := range a.organisers {
		if n -= c.weight; n < 0 {
			return c.code
		}
	}
	return a.lead()
}

func (w *world) room(a *activity, c *company) bool {
	for _, o := range a.organisers {
		set := w.reach[key{o.code, a.year()}]
		limit := set.limit
		if a.joint() {
			limit = limit * 40 / 100 // most of a partner's companies come to it alone
		}
		if set.seen[c] == 0 && len(set.seen) >= limit {
			return false
		}
	}
	return true
}

func (w *world) come(r *rand.Rand, a *activity, c *company) {
	x := attendance{company: c, state: "attended"}
	switch n := r.IntN(100); {
	case a.state == "cancelled":
		x.state = "cancelled"
	case n < 8:
		x.state = "no-show"
	case n < 12:
		x.state = "cancelled"
	case n < 14 && len(a.attendees) > a.places/3:
		x.state = "waitlisted"
	}
	if x.state == "attended" {
		x.recorded = a.reported
		if a.state == "verified" && (w.isGolden(a) || !chance(r, 3)) {
			x.verified = a.verified
			w.see(a.organisers, a.year(), c)
		}
	} else if a.held() {
		x.recorded = a.reported
	} else {
		x.recorded = a.starts.AddDate(0, 0, -10)
	}
	a.attendees = append(a.attendees, x)
}

func (w *world) isGolden(a *activity) bool {
	return a.year() == goldenKey().year && a.has(goldenKey().partner)
}

// see notes that verified evidence exists for a company with each organiser.
func (w *world) see(organisers []credit, year int, c *company) {
	for _, o := range organisers {
		set := w.reach[key{o.code, year}]
		if set.seen[c] == 0 {
			set.list = append(set.list, c)
		}
		set.seen[c]++
	}
}
