package main

import (
	"fmt"
	"math/rand/v2"
	"sort"
	"strings"
	"time"
)

// item is one row of cost_items.csv.
type item struct {
	ref, partner        string
	year, claim         int
	activity            *activity
	category, text      string
	supplier, invoice   string
	invoiced, delivered date
	currency            string
	rate                int64 // millionths of the programme's currency for one unit; 0: no conversion
	net, vat, other     cents
	state               string
	deducted            cents
	reasonCode, reason  string
	decided             date
	decidedBy, returns  string
	weight              int64
	vatPercent          int64
	eligible            cents // after currency and VAT, in the programme's currency
}

// accepted is the accepted cost of the item (domain.md section 4.1). A credit note keeps its sign.
func (i *item) accepted() cents {
	switch {
	case i.state != "accepted" && i.state != "deducted":
		return 0
	case i.eligible < 0:
		return i.eligible
	}
	return max(0, i.eligible-i.deducted-i.other)
}

type supplier struct {
	number, style string
	issued        map[int]int
}

// part is a kind of cost that an activity makes.
type part struct {
	category, text string
	weight         int64
	vat            int64
	abroad         bool // in the currency of the place
}

func partsOf(a *activity) []part {
	city := a.city
	if a.place == "online" {
		return []part{{"external", "Streaming platform and technician", 10, 21, false}, {"external", "Speakers, online session", 8, 21, false},
			{"communication", "Invitations and web page", 4, 21, false}, {"staff", "Moderation and follow-up", 6, 0, false}}
	}
	switch a.kind {
	case "mission":
		return []part{{"travel", "Flights to " + city + ", two persons", 22, 0, false}, {"travel", "Hotel in " + city, 14, 0, true},
			{"venue", "Meeting room and reception, " + city, 16, 0, true}, {"external", "Interpreters, three days", 11, 0, true}, {"communication", "Brochure of participants", 5, 21, false}}
	case "fair":
		return []part{{"venue", "Stand space, " + city, 34, 0, true}, {"external", "Stand building and electricity", 28, 0, true}, {"travel", "Travel to " + city, 9, 0, false},
			{"communication", "Catalogue and signs", 7, 21, false}}
	case "conference":
		return []part{{"venue", "Hall, stage and screens", 40, 21, false}, {"venue", "Catering", 30, 12, false}, {"external", "Speakers", 22, 21, false},
			{"communication", "Programme book and campaign", 13, 21, false}, {"external", "Registration desk", 6, 21, false}}
	case "matchmaking":
		return []part{{"venue", "Room with tables", 11, 21, false}, {"external", "Search for business partners", 15, 21, false}, {"venue", "Catering", 7, 12, false},
			{"communication", "Profiles of participants", 4, 21, false}}
	case "visit":
		return []part{{"travel", "Coach hire", 5, 6, false}, {"venue", "Reception of guests", 8, 12, false}, {"travel", "Hotel of guests", 10, 6, false}}
	case "coaching", "course":
		return []part{{"external", "Coach and teacher, per session", 18, 21, false}, {"venue", "Room", 4, 21, false}, {"communication", "Workbook", 3, 6, false}}
	case "knowledge":
		return []part{{"external", "Research and editing", 14, 21, false}, {"communication", "Layout and print", 5, 6, false}}
	case "retention":
		return []part{{"venue", "Room and dinner", 8, 12, false}, {"external", "Moderator", 7, 21, false}}
	}
	return []part{{"venue", "Hall and equipment", 11, 21, false}, {"venue", "Catering", 9, 12, false}, {"external", "Speaker's fee", 8, 21, false},
		{"communication", "Invitations and web page", 4, 21, false}}
}

func (w *world) makeCosts() {
	w.makeSuppliers()
	byPartner := map[key][]*activity{}
	for _, a := range w.activities {
		for _, c := range a.organisers {
			k := key{c.code, a.year()}
			byPartner[k] = append(byPartner[k], a)
		}
	}
	for _, p := range w.partners {
		for y := range years {
			k := key{p.code, firstYear + y}
			r := w.stream(fmt.Sprint("costs", p.code, y))
			list := w.standing(r, p, k.year)
			for _, a := range byPartner[k] {
				list = append(list, w.costsOf(r, p, a)...)
			}
			sort.SliceStable(list, func(i, j int) bool { return list[i].delivered.Before(list[j].delivered) })
			if k == goldenKey() {
				w.items = append(w.items, list...)
				continue
			}
			w.price(r, p, k, list)
			w.items = append(w.items, creditNotes(p, k, list)...)
		}
	}
}

func (w *world) makeSuppliers() {
	r := w.stream("suppliers")
	for i := range 360 {
		n := 18000000 + i*2731 + r.IntN(2000)
		s := &supplier{number: fmt.Sprintf("BE%08d%02d", n, 97-n%97), style: pick(r, []string{"%d-%04d", "F%d/%d", "VF-%d%05d", "%d.%04d"}), issued: map[int]int{}}
		if i >= 300 {
			s.number = fmt.Sprintf("%s000%06d", pick(r, []string{"DE", "FR", "NL", "GB", "US", "CN", "IN", "AE"}), i*37)
		}
		w.suppliers = append(w.suppliers, s)
	}
}

func (w *world) bill(r *rand.Rand, i *item, abroad bool) {
	s := w.suppliers[r.IntN(300)]
	if abroad {
		s = w.suppliers[300+r.IntN(60)]
	}
	i.invoiced = i.delivered.AddDate(0, 0, r.IntN(11)) // before the claim that it comes with
	year := i.invoiced.Year()
	s.issued[year] += between(r, 1, 9)
	i.supplier, i.invoice = s.number, fmt.Sprintf(s.style, year, s.issued[year])
}

// standing are the costs that do not hang on an activity: staff by the month, overhead by the quarter, and small bills.
func (w *world) standing(r *rand.Rand, p *partner, year int) []*item {
	var list []*item
	add := func(delivered date, category, text string, weight, vat int64) *item {
		i := &item{partner: p.code, year: year, category: category, text: text, delivered: delivered, weight: weight * int64(between(r, 80, 125)), vatPercent: vat}
		list = append(list, i)
		return i
	}
	first := 1
	if year == firstYear {
		first = 10
	}
	for m := first; m <= 12; m++ {
		end := day(year, time.Month(m)+1, 1).AddDate(0, 0, -1)
		add(end, "staff", fmt.Sprintf("Programme manager, %d hours in %s", between(r, 40, 130), end.Month()), 34, 0)
		if p.activities > 13 {
			add(end, "staff", fmt.Sprintf("Assistant, %d hours in %s", between(r, 20, 80), end.Month()), 14, 0)
		}
		if p.activities > 25 {
			add(end, "staff", fmt.Sprintf("Regional advisers, %d hours in %s", between(r, 60, 190), end.Month()), 40, 0)
		}
		if m%3 == 0 {
			add(end, "overhead", fmt.Sprintf("Office and IT at the agreed rate, quarter %d", m/3), 30, 0)
		}
	}
	small := []part{{"external", "Translation", 4, 21, false}, {"communication", "Newsletter abroad", 3, 21, false}, {"communication", "Photographs", 2, 21, false},
		{"travel", "Train and mileage", 1, 0, false}, {"external", "Market data, subscription", 9, 21, false}, {"other", "Postage and courier", 1, 21, false},
		{"communication", "Web page for members abroad", 6, 21, false}, {"external", "Legal check of a model contract", 8, 21, false}, {"travel", "Travel to the partners' meeting", 1, 0, false}}
	for range (13-first)*between(r, 16, 26)/12 + 2 {
		d := pick(r, small)
		month := time.Month(between(r, first, 12))
		i := add(weekday(day(year, month, between(r, 4, 25))), d.category, d.text, d.weight, d.vat)
		w.bill(r, i, false)
	}
	return list
}

// costsOf makes the costs of one activity for one of its organisers. A cancelled one leaves a fee in spring 2020.
func (w *world) costsOf(r *rand.Rand, p *partner, a *activity) []*item {
	parts := partsOf(a)
	if a.state == "cancelled" {
		if a.starts.Year() != 2020 || chance(r, 40) {
			return nil
		}
		parts = []part{{pick(r, []string{"travel", "venue", "external"}), "Cancellation fee", 5, 0, false}}
	}
	var list []*item
	for n, d := range parts {
		if a.lead() != p.code && n > 1 || n > 1 && chance(r, 12) {
			continue
		}
		i := &item{partner: p.code, year: a.year(), activity: a, category: d.category, text: d.text, weight: d.weight * int64(between(r, 60, 160)), vatPercent: d.vat}
		if a.joint() && a.state != "cancelled" {
			i.text = "Share: " + strings.ToLower(d.text[:1]) + d.text[1:]
			i.weight /= int64(len(a.organisers))
		}
		i.delivered = a.starts
		if d.category == "communication" || strings.HasPrefix(d.text, "Flights") {
			i.delivered = a.starts.AddDate(0, 0, -between(r, 2, 16))
		}
		if i.delivered.Before(day(2017, 10, 4)) {
			i.delivered = a.starts
		}
		if i.delivered.Year() != a.year() {
			i.delivered = a.starts
		}
		if d.category != "staff" {
			w.bill(r, i, d.abroad && a.country != "BE" && a.country != "")
		}
		if d.abroad && p.code+fmt.Sprint(a.year()) != "flanders-bio2018" {
			i.currency, i.rate = rateOf(r, a.country, a.starts)
		}
		list = append(list, i)
	}
	return list
}

// rateOf gives an invented rate near what such a currency cost.
func rateOf(r *rand.Rand, country string, on date) (string, int64) {
	currency := map[string]string{"US": "USD", "GB": "GBP", "CN": "CNY", "IN": "INR"}[country]
	if currency == "" {
		return "", 0
	}
	base := map[string][years]int64{"USD": {849_000, 846_000, 893_000, 877_000, 845_000}, "GBP": {1_128_000, 1_131_000, 1_139_000, 1_125_000, 1_163_000},
		"CNY": {128_100, 128_000, 129_300, 127_000, 131_100}, "INR": {13_110, 12_400, 12_680, 11_830, 11_430}}[currency][on.Year()-firstYear]
	return currency, base + base*int64(between(r, -2400, 2400))/100_000
}

// price gives every item its amount so that the year costs what the plan says, with some room for what is refused.
func (w *world) price(r *rand.Rand, p *partner, k key, list []*item) {
	ceiling := int64(p.ceilings[k.year-firstYear]) * 100_000
	total := 2 * ceiling * int64(w.plans[k].usage) / 1000 * 1022 / 1000
	total -= total * int64(10000-p.vat) * 7 / 1_000_000
	weights := make([]int64, len(list))
	for n, i := range list {
		weights[n] = i.weight
	}
	for n, c := range spread(total, weights) {
		i := list[n]
		if chance(r, 22) && c > 20_000 {
			c -= c % 500
		}
		i.net, i.vat = c, rounded(c*i.vatPercent, 100)
		if i.rate != 0 {
			i.net, i.vat = c*1_000_000/i.rate, 0
		}
		i.eligible = eligible(i.net, i.vat, i.rate, p.vat)
		i.state = "accepted"
		w.judge(r, i)
	}
}

// judge is the controller's decision on one item.
func (w *world) judge(r *rand.Rand, i *item) {
	switch n := r.IntN(1000); {
	case n < 31:
		i.state, i.deducted = "deducted", i.eligible*int64(between(r, 8, 62))/100+int64(r.IntN(3))
		d := pick(r, [][2]string{{"not-agreed", "Part not foreseen in the plan"}, {"calculation", "Hours do not add up with the time sheet"}, {"proof", "Second page of the invoice missing"},
			{"category", "Gifts and drinks are not eligible"}, {"vat", "Recoverable VAT was claimed"}, {"procurement", "Only one offer asked; part above the limit refused"}})
		i.reasonCode, i.reason = d[0], d[1]
	case n < 41:
		i.state, i.deducted = "deducted", i.eligible
		d := pick(r, [][2]string{{"period", "Delivered before the plan was approved"}, {"duplicate", "Paid already by another programme"}, {"proof", "No proof of payment"},
			{"not-agreed", "Activity outside the agreement"}, {"other", "Fine for late return"}})
		i.reasonCode, i.reason = d[0], d[1]
	case n < 56:
		i.state = "parked"
		i.reason = pick(r, []string{"Contract asked for", "Proof of payment asked for", "Waiting for the other organiser's invoice", "Time sheet without signature"})
	case n < 90 && i.activity != nil && i.category == "venue" && i.eligible > 40_000:
		i.other = i.eligible * int64(between(r, 8, 35)) / 100
	}
}

// creditNotes adds, in three years, a credit note on the first hall: a negative item (domain.md section 4.1).
func creditNotes(p *partner, k key, list []*item) []*item {
	if k != (key{"voka", 2019}) && k != (key{"fevia", 2018}) && k != (key{"vil", 2021}) {
		return list
	}
	for _, i := range list {
		if i.category == "venue" && i.state == "accepted" && i.rate == 0 && i.other == 0 {
			note := *i
			note.text, note.invoice = "Credit note: "+i.text, i.invoice+"-CN"
			note.net, note.vat = -i.net/8, -rounded(i.net/8*i.vatPercent, 100)
			note.eligible = eligible(note.net, note.vat, 0, p.vat)
			return append(list, &note)
		}
	}
	return list
}
