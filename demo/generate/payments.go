package main

import "fmt"

// correction is one row of corrections.csv.
type correction struct {
	item   *item
	cost   cents
	reason string
	on     date
	by     string
}

// payment is one row of payments.csv.
type payment struct {
	partner           string
	year              int
	kind              string
	claim             int
	amount            cents
	ordered, executed date
	byHuman           bool // ordered by two people of the agency; a repayment is not
}

// makeMoney follows domain.md section 4: an advance, then claims in their order, each due first taken out of the open
// advance. Balances are left to the settlement, which knows the score.
func (w *world) makeMoney() {
	byYear := map[key][]*claim{}
	for _, c := range w.claims {
		byYear[key{c.partner, c.year}] = append(byYear[key{c.partner, c.year}], c)
	}
	for _, p := range w.partners {
		for y := range years {
			w.payYear(p, firstYear+y, byYear[key{p.code, firstYear + y}])
		}
	}
}

func (w *world) payYear(p *partner, year int, claims []*claim) {
	r := w.stream(fmt.Sprint("money", p.code, year))
	ceiling := int64(p.ceilings[year-firstYear]) * 100_000
	open := floored(ceiling*advanceBp, 10000)
	ordered := weekday(day(year, 2, between(r, 5, 26)))
	executed := weekday(later(ordered, r, 2, 6))
	switch {
	case year == firstYear:
		ordered = weekday(day(year, 11, between(r, 2, 12)))
		executed = weekday(later(ordered, r, 2, 6))
	case p.code == goldenKey().partner && year == goldenKey().year:
		ordered, executed = day(year, 3, 8), day(year, 3, 12)
	}
	w.payments = append(w.payments, payment{p.code, year, "advance", 0, open, ordered, executed, true})
	var cost, before cents
	for _, c := range claims {
		cost += c.accepted()
		due := costPart(half(cost, ceiling)) - before
		before += due
		fromAdvance := min(due, open)
		open -= fromAdvance
		if paid := due - fromAdvance; paid > 0 {
			ordered := weekday(later(c.approved, r, 1, 4))
			executed = weekday(later(ordered, r, 2, 6))
			w.payments = append(w.payments, payment{p.code, year, "claim", c.number, paid, ordered, executed, true})
		}
	}
	w.strike(p, year, claims, cost, executed)
}

// strike books the corrections after payment. One of them was paid back; the others wait for the settlement.
func (w *world) strike(p *partner, year int, claims []*claim, cost cents, after date) {
	r := w.stream(fmt.Sprint("strike", p.code, year))
	last := claims[len(claims)-1].approved
	if after.Before(last) {
		after = last
	}
	ceiling := int64(p.ceilings[year-firstYear]) * 100_000
	for _, s := range []struct {
		partner    string
		year       int
		claim, nth int
		cost       cents // 0: all of it
		reason     string
		repaid     bool
	}{
		{"flanders-bio", 2018, 1, 1, 0, "Invoice turned out to be of 2017", false},
		{"flanders-bio", 2018, 1, 0, 12_000_01, "Supplier sent a credit note", false},
		{"agoria", 2018, 2, 4, 0, "Supplier sent a credit note", false},
		{"voka", 2018, 3, 9, 0, "Other public money came in for the same cost", false},
		{"unizo", 2019, 2, 6, 0, "Found by the auditor: activity outside the agreement", true},
		{"bicci", 2021, 1, 3, 0, "Flights were refunded", false},
	} {
		if s.partner != p.code || s.year != year {
			continue
		}
		i := claims[s.claim-1].items[s.nth]
		for i.state != "accepted" || i.accepted() <= 0 || i.returns != "" {
			s.nth++
			i = claims[s.claim-1].items[s.nth]
		}
		if s.cost == 0 {
			s.cost = i.accepted()
		}
		after = weekday(later(after, r, 14, 30))
		w.correct = append(w.correct, correction{i, s.cost, s.reason, after, claims[0].verifiedBy})
		was := costPart(half(cost, ceiling))
		cost -= s.cost
		if back := was - costPart(half(cost, ceiling)); s.repaid && back > 0 {
			w.payments = append(w.payments, payment{p.code, year, "repayment", 0, back, after.AddDate(0, 0, 9), after.AddDate(0, 0, 31), false})
		}
	}
}
