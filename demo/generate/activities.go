package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"time"
)

// activity is one row of activities.csv and those who came to it.
type activity struct {
	code, title, kind, state string
	starts, ends             date
	place, city, country     string
	language                 string
	organisers               []credit
	markets, sectors, needs  []string
	places                   int
	reported, verified       date
	reportedBy, verifiedBy   string
	reason                   string
	attendees                []attendance
	fixed                    bool
}

type attendance struct {
	company            *company
	state              string
	recorded, verified date
}

func (a *activity) lead() string { return a.organisers[0].code }
func (a *activity) year() int    { return a.starts.Year() }
func (a *activity) joint() bool  { return len(a.organisers) > 1 }
func (a *activity) held() bool   { return a.state == "reported" || a.state == "verified" }

func (a *activity) has(code string) bool {
	return slices.ContainsFunc(a.organisers, func(c credit) bool { return c.code == code })
}

func (w *world) makeActivities() {
	w.plantActivities()
	for y := range years {
		w.makeJoint(firstYear + y)
		w.makeSolo(firstYear + y)
	}
	w.report()
	w.numberActivities()
}

// makeSolo fills the programme of each organisation up to the number it leads in the year.
func (w *world) makeSolo(year int) {
	led := map[string]int{}
	for _, a := range w.activities {
		if a.year() == year {
			led[a.lead()]++
		}
	}
	for _, p := range w.partners {
		r := w.stream(fmt.Sprint("solo", p.code, year))
		for n := led[p.code]; n < w.plans[key{p.code, year}].activities; n++ {
			w.draft(r, year, p.code, choose(r, typesOf(p)), []credit{{p.code, 1}})
		}
	}
	r := w.stream(fmt.Sprint("solo", agency, year))
	for n := led[agency]; n < []int{9, 37, 40, 32, 40}[year-firstYear]; n++ {
		kinds := choices("mission:4 seminar:3 conference:2 fair:3 knowledge:2 matchmaking:2")
		w.draft(r, year, agency, choose(r, kinds), []credit{{agency, 1}})
	}
}

func typesOf(p *partner) []weighted {
	switch p.group {
	case "chambers":
		return choices("mission:3 seminar:6 matchmaking:2 knowledge:1 course:1 visit:2 conference:1")
	case "industry":
		list := choices("mission:3 seminar:6 fair:4 matchmaking:2 knowledge:2 coaching:1 conference:1 visit:1")
		if p.base[kpiRetention] > 0 {
			list = append(list, weighted{"retention", 2})
		}
		return list
	case "clusters":
		return choices("mission:3 seminar:5 fair:3 matchmaking:2 knowledge:2 visit:2 course:1 conference:1 coaching:1")
	}
	list := choices("seminar:9 coaching:3 mission:2 matchmaking:2 course:2 knowledge:1 conference:1")
	if p.code == "voka" {
		list = append(list, weighted{"retention", 1}, weighted{"mission", 2})
	}
	return list
}

func (w *world) sectorsOf(code string) []weighted {
	if p := w.byCode[code]; p != nil {
		return p.sectors
	}
	return everySector("")
}

func (w *world) marketsOf(code string) []weighted {
	if p := w.byCode[code]; p != nil {
		return p.markets
	}
	return choices("CN:3 IN:3 US:3 VN:2 MA:2 AE:2 BR:2 JP:2 DE:2 CA:2 KR:1 ZA:1 PL:1 SN:1 MX:1")
}

// draft adds one activity with a plausible place and time. Spring 2020 empties itself; what follows is online.
func (w *world) draft(r *rand.Rand, year int, lead, kind string, organisers []credit) *activity {
	a := &activity{kind: kind, organisers: organisers, state: "verified", place: "onsite", language: "nl"}
	m := marketOf(choose(r, w.marketsOf(lead)))
	a.markets = []string{m.iso}
	a.sectors = []string{choose(r, w.sectorsOf(lead))}
	if second := choose(r, w.sectorsOf(organisers[len(organisers)-1].code)); chance(r, 35) && second != a.sectors[0] {
		a.sectors = append(a.sectors, second)
	}
	a.starts = startOf(r, year, kind, m)
	for a.joint() && a.starts.After(day(2020, 3, 8)) && a.starts.Before(day(2020, 8, 25)) {
		a.starts = startOf(r, year, kind, m)
		if a.starts.After(day(2020, 3, 8)) && a.starts.Before(day(2020, 8, 25)) {
			a.starts = weekday(day(2020, pick(r, []time.Month{2, 9, 10, 11}), between(r, 2, 25)))
		}
	}
	a.ends = a.starts.AddDate(0, 0, lengthOf(r, kind, m))
	if last := day(year, 12, 20); a.ends.After(last) {
		a.ends = last
	}
	t := pick(r, towns())
	if p := w.byCode[lead]; p != nil && p.region != "" {
		for t.region != p.region {
			t = pick(r, towns())
		}
	}
	a.city, a.country = t.name, "BE"
	if kind == "mission" || kind == "fair" {
		a.city, a.country = pick(r, m.cities), m.iso
		a.language = "en"
	} else if kind == "visit" || w.byCode[lead] != nil && w.byCode[lead].language != "nl" || chance(r, 10) {
		a.language = "en"
	}
	a.needs, a.places = needsOf(r, kind), placesOf(r, kind)
	moved := pandemic(r, a, m)
	if a.place == "online" && !moved {
		a.city, a.country = "", ""
	}
	a.title = w.title(r, a)
	if moved && a.state != "cancelled" {
		a.title += " (moved online)"
		a.city, a.country = "", ""
	}
	if a.state != "cancelled" && !a.joint() && year != 2020 && chance(r, 3) {
		a.state = "cancelled"
		a.reason = pick(r, []string{"Too few registrations", "Speaker withdrew", "Venue not available", "Merged with a later session", "Visa not granted in time"})
	}
	w.activities = append(w.activities, a)
	return a
}

// pandemic says whether an activity that was planned on site had to change, and changes it.
func pandemic(r *rand.Rand, a *activity, m market) (moved bool) {
	talk := a.kind == "seminar" || a.kind == "knowledge" || a.kind == "coaching" || a.kind == "course"
	switch s := a.starts; {
	case !s.Before(day(2020, 3, 13)) && s.Before(day(2020, 7, 1)):
		if talk && chance(r, 35) {
			a.place = "online"
			return true
		}
		a.state = "cancelled"
		a.reason = pick(r, []string{"Measures against the pandemic", "Travel not possible", "Venue closed by the measures of 13 March", "No gatherings allowed"})
	case !s.Before(day(2020, 7, 1)) && s.Before(day(2021, 6, 1)):
		a.place = "online"
	case !s.Before(day(2021, 6, 1)):
		switch {
		case a.kind == "mission" && m.overseas && chance(r, 40), a.kind == "fair" && m.overseas && chance(r, 30), talk && chance(r, 40):
			a.place = "online"
		case talk && chance(r, 30), a.kind == "conference" && chance(r, 60):
			a.place = "hybrid"
		}
	case a.kind == "knowledge" && chance(r, 25):
		a.place = "online"
	}
	return false
}

func startOf(r *rand.Rand, year int, kind string, m market) date {
	if year == 2017 {
		return weekday(day(2017, 10, 9).AddDate(0, 0, r.IntN(62)))
	}
	if kind == "mission" || kind == "fair" {
		return weekday(day(year, pick(r, m.months), between(r, 2, 26)))
	}
	month := pick(r, []time.Month{1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 5, 6, 6, 6, 6, 7, 9, 9, 9, 9, 9, 10, 10, 10, 10, 10, 10, 11, 11, 11, 11, 11, 11, 12, 12, 12})
	last := 27
	if month == 12 {
		last = 15
	} else if month == 7 {
		last = 8
	}
	return weekday(day(year, month, between(r, 8-7*min(1, int(month-1)), last)))
}

func lengthOf(r *rand.Rand, kind string, m market) int {
	switch kind {
	case "mission":
		if m.overseas {
			return between(r, 3, 7)
		}
		return between(r, 1, 3)
	case "fair":
		return between(r, 2, 4)
	case "coaching":
		return pick(r, []int{14, 28, 42})
	case "course", "visit":
		return between(r, 0, 2)
	}
	return 0
}

func needsOf(r *rand.Rand, kind string) []string {
	switch kind {
	case "mission", "fair", "matchmaking", "visit":
		return []string{"contacts"}
	case "coaching", "retention":
		return []string{"strategy"}
	case "course":
		return pick(r, [][]string{{"information"}, {"information", "strategy"}})
	}
	return pick(r, [][]string{{"information"}, {"information"}, {"information", "contacts"}, {"information", "strategy"}})
}

func placesOf(r *rand.Rand, kind string) int {
	span := map[string][2]int{"mission": {10, 24}, "fair": {8, 16}, "seminar": {30, 80}, "knowledge": {15, 40}, "retention": {8, 16}, "matchmaking": {25, 60},
		"coaching": {8, 14}, "course": {12, 20}, "visit": {12, 30}, "conference": {90, 220}}[kind]
	return between(r, span[0], span[1]) / 2 * 2
}

// report fills in who reported and verified, and leaves a small share unverified.
func (w *world) report() {
	r := w.stream("report")
	for _, a := range w.activities {
		if a.state == "cancelled" {
			continue
		}
		a.reported = later(a.ends, r, 4, 24)
		a.verified = later(a.reported, r, 5, 35)
		a.reportedBy, a.verifiedBy = "coordinator@"+a.lead()+".example", w.officer(a.lead())
		if a.lead() == agency {
			a.reportedBy, a.verifiedBy = officer("calendar"), officer("regions")
		}
		if a.lead() == "vkw-limburg" {
			a.reported = later(a.ends, r, 50, 95)
			a.verified = later(a.reported, r, 5, 20)
		}
		golden := a.year() == goldenKey().year && a.has(goldenKey().partner)
		if share := 5; !golden && (a.joint() && chance(r, 2) || !a.joint() && chance(r, share)) {
			a.state, a.verified, a.verifiedBy = "reported", date{}, ""
		}
	}
}

func officer(desk string) string { return desk + "@fit.example" }

func (w *world) officer(partner string) string {
	if p := w.byCode[partner]; p != nil {
		return officer(p.officer)
	}
	return officer("regions")
}

// numberActivities orders by organisation, then time, and gives each its code.
func (w *world) numberActivities() {
	rank := map[string]int{agency: -1}
	for i, p := range w.partners {
		rank[p.code] = i
	}
	sort.SliceStable(w.activities, func(i, j int) bool {
		a, b := w.activities[i], w.activities[j]
		if rank[a.lead()] != rank[b.lead()] {
			return rank[a.lead()] < rank[b.lead()]
		}
		return a.starts.Before(b.starts)
	})
	n := map[key]int{}
	for _, a := range w.activities {
		k := key{a.lead(), a.year()}
		n[k]++
		a.code = fmt.Sprintf("%s-%d-%02d", k.partner, k.year, n[k])
	}
}
