package main

import (
	"fmt"
	"sort"
	"time"
)

// claim is one row of claims.csv.
type claim struct {
	partner                         string
	year, number                    int
	submitted, verified, approved   date
	enteredBy, verifiedBy, approver string
	items                           []*item
}

func (c *claim) accepted() cents {
	var sum cents
	for _, i := range c.items {
		sum += i.accepted()
	}
	return sum
}

// makeClaims puts the items into claims by the day of delivery and lets parked ones return in the next.
func (w *world) makeClaims() {
	byYear := map[key][]*item{}
	for _, i := range w.items {
		k := key{i.partner, i.year}
		byYear[k] = append(byYear[k], i)
	}
	w.items = nil
	for _, p := range w.partners {
		for y := range years {
			k := key{p.code, firstYear + y}
			r := w.stream(fmt.Sprint("claims", p.code, y))
			count := p.claims
			if y == 0 {
				count = 1
			}
			list := make([]*claim, count)
			previous := day(k.year, 1, 1)
			for n := range count {
				c := &claim{partner: p.code, year: k.year, number: n + 1, enteredBy: "finance@" + p.code + ".example",
					verifiedBy: pick(r, []string{"controller@fit.example", "controller.2@fit.example"}), approver: "approver@fit.example"}
				end := day(k.year, time.Month(12*(n+1)/count)+1, 1)
				c.submitted = weekday(later(end, r, 11, 36))
				if p.code == "vkw-limburg" {
					c.submitted = weekday(later(end, r, 70, 100))
				}
				if c.submitted.Before(previous) {
					c.submitted = weekday(previous.AddDate(0, 0, 1))
				}
				c.verified = weekday(later(c.submitted, r, 8, 27))
				c.approved = weekday(later(c.verified, r, 2, 9))
				previous, list[n] = c.approved, c
			}
			for _, i := range byYear[k] {
				n := (int(i.delivered.Month()) - 1) * count / 12
				i.claim = n + 1
				list[n].items = append(list[n].items, i)
			}
			if k == goldenKey() {
				priceGolden(list)
			}
			w.settleParked(list)
			w.claims = append(w.claims, list...)
		}
	}
	w.numberItems()
}

// settleParked lets two of three parked items return in the next claim; the others lapse.
func (w *world) settleParked(list []*claim) {
	for n, c := range list {
		r := w.stream(fmt.Sprint("parked", c.partner, c.year, n))
		for _, i := range c.items {
			i.decided, i.decidedBy = weekday(later(c.submitted, r, 1, 6)), c.verifiedBy
			if i.state != "parked" || i.returns != "" {
				continue
			}
			if n+1 == len(list) || c.partner+fmt.Sprint(c.year) != "flanders-bio2018" && chance(r, 33) {
				i.state = "lapsed"
				continue
			}
			back := *i
			back.state, back.reason, back.claim = "accepted", "", n+2
			back.returns = "?"
			list[n+1].items = append(list[n+1].items, &back)
			i.returns = "!" // the pair is tied in numberItems, once both have a reference
		}
	}
}

func (w *world) numberItems() {
	var waiting []*item
	for _, c := range w.claims {
		for _, i := range c.items {
			w.items = append(w.items, i)
			i.ref = fmt.Sprintf("i%05d", len(w.items))
			switch i.returns {
			case "!":
				i.returns, waiting = "", append(waiting, i)
			case "?":
				i.returns, waiting = waiting[0].ref, waiting[1:]
			}
		}
	}
}

// priceGolden gives the items of Flanders.bio in 2018 the amounts of the worked example in domain.md section 4.
func priceGolden(list []*claim) {
	fill := func(c *claim, total cents, planted ...cents) {
		sort.SliceStable(c.items, func(i, j int) bool { return bulk(c.items[i]) > bulk(c.items[j]) })
		weights := make([]int64, 0, len(c.items))
		for n, i := range c.items {
			if i.state, i.other = "accepted", 0; n >= len(planted) {
				weights = append(weights, i.weight)
				continue
			}
			i.net = planted[n]
			total -= planted[n]
		}
		for n, part := range spread(total, weights) {
			c.items[len(planted)+n].net = part
		}
		for _, i := range c.items {
			i.vat, i.eligible = rounded(i.net*i.vatPercent, 100), i.net
		}
	}
	fill(list[0], 70_000_01, 18_400_02, 5_000_01)
	fill(list[1], 90_000_02, 10_000_02, 6_480_75, 4_250_50, 3_125_00)
	fill(list[2], 80_000_01)
	park := list[1].items[0]
	park.state, park.reason = "parked", "Contract asked for"
	for n, d := range []struct {
		amount       cents
		code, reason string
	}{{2_499_99, "not-agreed", "Part not foreseen in the plan"}, {1_500_00, "procurement", "Only one offer asked; part above the limit refused"}, {1_000_00, "proof", "Second page of the invoice missing"}} {
		i := list[1].items[n+1]
		i.state, i.deducted, i.reasonCode, i.reason = "deducted", d.amount, d.code, d.reason
	}
}

// bulk puts the large bills of a claim first, so that the planted amounts fall on halls and stands, not on postage.
func bulk(i *item) int64 {
	if i.invoice == "" {
		return 0
	}
	return i.weight
}
