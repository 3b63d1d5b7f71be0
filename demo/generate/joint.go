package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// makeJoint pairs organisations until each has the joint activities that its year will show.
func (w *world) makeJoint(year int) {
	r := w.stream(fmt.Sprint("joint", year))
	left := map[string]int{agency: []int{8, 44, 48, 26, 46}[year-firstYear]}
	for _, p := range w.partners {
		left[p.code] = w.plans[key{p.code, year}].actual[kpiJoint]
	}
	for _, a := range w.activities {
		if a.year() == year && a.joint() && a.state != "cancelled" {
			for _, c := range a.organisers {
				left[c.code]--
			}
		}
	}
	for {
		lead := w.mostLeft(r, left)
		if lead == "" {
			break
		}
		organisers := w.team(r, lead, left)
		for _, c := range organisers {
			left[c.code]--
		}
		a := w.draft(r, year, organisers[0].code, choose(r, choices("mission:6 seminar:5 conference:2 matchmaking:3 fair:2 knowledge:1")), organisers)
		a.state, a.reason = "verified", ""
	}
	if year == 2020 {
		for range 7 {
			w.cancelledJoint(r)
		}
	}
}

// mostLeft draws a partner with joint activities to go, the busier ones first.
func (w *world) mostLeft(r *rand.Rand, left map[string]int) string {
	var list []weighted
	for _, p := range w.partners {
		if left[p.code] > 0 {
			list = append(list, weighted{p.code, left[p.code]})
		}
	}
	if len(list) == 0 {
		return ""
	}
	return choose(r, list)
}

// team finds one or two organisations beside the lead; the agency leads half of what it takes part in.
func (w *world) team(r *rand.Rand, lead string, left map[string]int) []credit {
	team := []string{lead}
	for len(team) < 2 || len(team) == 2 && chance(r, 18) {
		var list []weighted
		for _, p := range w.partners {
			if left[p.code] > 0 && !slices.Contains(team, p.code) {
				list = append(list, weighted{p.code, affinity(w.byCode[lead], p)})
			}
		}
		if len(list) == 0 {
			break
		}
		team = append(team, choose(r, list))
	}
	if len(team) == 1 || len(team) == 2 && left[agency] > 0 && chance(r, 65) {
		if chance(r, 50) {
			team = append([]string{agency}, team...)
		} else {
			team = append(team, agency)
		}
	}
	weights := pick(r, [][]int{{1, 1, 1}, {1, 1, 1}, {2, 1, 1}, {3, 2, 1}})
	var out []credit
	for i, code := range team {
		out = append(out, credit{code, weights[i]})
	}
	return out
}

func affinity(a, b *partner) int {
	n := 1
	if a.group == b.group {
		n += 2
	}
	for _, s := range a.sectors {
		for _, t := range b.sectors {
			if s.code == t.code && s.weight+t.weight > 5 {
				n += 2
			}
		}
	}
	if a.code+b.code == "unizovoka" || a.code+b.code == "vokaunizo" {
		n += 16
	}
	return n
}

func (w *world) cancelledJoint(r *rand.Rand) {
	lead, second := pick(r, w.partners), pick(r, w.partners)
	for second == lead {
		second = pick(r, w.partners)
	}
	a := w.draft(r, 2020, lead.code, "mission", []credit{{lead.code, 1}, {second.code, 1}})
	a.starts = weekday(day(2020, 4, between(r, 1, 28)).AddDate(0, r.IntN(3), 0))
	a.ends = a.starts.AddDate(0, 0, 3)
	a.state, a.place, a.reason = "cancelled", "onsite", "Travel not possible"
	m := marketOf(a.markets[0])
	a.city, a.country = pick(r, m.cities), m.iso
	a.title = w.title(r, a)
}

// planted is an activity written by hand.
type planted struct {
	year, month, day, days          int
	kind, organisers, market        string
	sectors, need, title, city, iso string
	places                          int
}

func (w *world) plantActivities() {
	for _, p := range append(flagships(), overlapping()...) {
		a := &activity{kind: p.kind, title: p.title, state: "verified", place: "onsite", language: "en", markets: []string{p.market},
			sectors: strings.Fields(p.sectors), needs: strings.Fields(p.need), city: p.city, country: p.iso, places: p.places, fixed: true}
		for _, c := range choices(p.organisers) {
			a.organisers = append(a.organisers, credit(c))
		}
		if p.iso == "BE" {
			a.language = "nl"
		}
		a.starts = day(p.year, time.Month(p.month), p.day)
		a.ends = a.starts.AddDate(0, 0, p.days)
		if p.city == "" {
			a.place = "online"
		}
		w.titles[a.title] = true
		w.activities = append(w.activities, a)
	}
}

func flagships() []planted {
	return []planted{
		{2017, 11, 21, 3, "mission", "fit fccc bccc", "CN", "machinery food", "contacts", "Autumn mission to Suzhou and Shanghai", "Suzhou", "CN", 18},
		{2018, 3, 19, 4, "mission", "fit bicci agoria", "IN", "machinery", "contacts", "Factory floors of Pune, joint mission", "Pune", "IN", 20},
		{2018, 6, 4, 3, "fair", "flanders-bio:2 dsp-valley:1", "US", "biotech health", "contacts", "Shared stand at the Boston biotechnology fair", "Boston", "US", 14},
		{2018, 10, 15, 5, "mission", "fit voka unizo", "MA", "construction food", "contacts", "Joint mission to Tangier and Casablanca", "Tangier", "MA", 30},
		{2019, 3, 12, 3, "mission", "agoria fedustria", "PL", "machinery furniture", "contacts", "Joint mission to Poznan: wood and machines", "Poznan", "PL", 22},
		{2019, 4, 2, 3, "mission", "fevia essenscia", "AE", "food plastics", "contacts", "Packed for the Gulf: joint mission to Dubai", "Dubai", "AE", 20},
		{2019, 5, 13, 4, "mission", "fit:2 voka:1 unizo:1", "MA", "construction retail food", "contacts", "Joint mission to Casablanca", "Casablanca", "MA", 36},
		{2019, 6, 3, 3, "fair", "dsp-valley flanders-bio", "US", "health biotech", "contacts", "Chips and cells in Boston, shared stand", "Boston", "US", 16},
		{2019, 9, 23, 2, "matchmaking", "euka b-hive", "NL", "drones fintech", "contacts", "Drone and fintech test days", "Sint-Truiden", "BE", 40},
		{2019, 10, 7, 5, "mission", "fit bccc fccc", "CN", "machinery logistics drinks", "contacts", "Joint mission to Shenzhen", "Shenzhen", "CN", 28},
		{2019, 11, 26, 1, "conference", "vil startups-be voka", "DE", "logistics digital", "information contacts", "Parcels, ports and platforms", "Antwerpen", "BE", 160},
		{2021, 10, 11, 4, "mission", "fit:2 agoria:1 flanders-cleantech:1", "DK", "cleantech energy", "contacts", "First joint mission after the pandemic: Aarhus", "Aarhus", "DK", 24},
	}
}

// overlapping lists twelve pairs: two organisers, the same market, sector and need, a few days apart.
func overlapping() []planted {
	return []planted{
		{2019, 11, 12, 0, "seminar", "agoria", "IN", "machinery", "contacts", "Selling machines to India, workshop", "Mechelen", "BE", 60},
		{2019, 11, 14, 0, "seminar", "bicci", "IN", "machinery services", "contacts", "India for manufacturers", "Antwerpen", "BE", 45},
		{2018, 2, 20, 0, "seminar", "voka", "FR", "retail", "information", "France for web shops", "Kortrijk", "BE", 50},
		{2018, 2, 22, 0, "seminar", "unizo", "FR", "retail", "information", "Your web shop in France", "Roeselare", "BE", 60},
		{2018, 5, 15, 0, "seminar", "bccc", "CN", "food", "contacts", "Food buyers from Shanghai", "Zaventem", "BE", 40},
		{2018, 5, 17, 0, "seminar", "fevia", "CN", "food drinks", "contacts", "On Chinese shelves: meet three importers", "Aalst", "BE", 40},
		{2018, 10, 9, 0, "seminar", "bccc", "CN", "logistics", "information", "Rail to Chengdu: what it costs", "Antwerpen", "BE", 50},
		{2018, 10, 11, 0, "seminar", "fccc", "CN", "logistics ports", "information", "By train to China", "Gent", "BE", 45},
		{2018, 11, 20, 0, "matchmaking", "startups-be", "GB", "fintech", "contacts", "London banks look for fintech", "Gent", "BE", 40},
		{2018, 11, 23, 0, "matchmaking", "b-hive", "GB", "fintech", "contacts", "Fintech meets the City", "Vilvoorde", "BE", 36},
		{2019, 2, 12, 0, "seminar", "unizo", "GB", "food", "information", "Brexit at the border: food", "Gent", "BE", 80},
		{2019, 2, 14, 0, "seminar", "fevia", "GB", "food", "information", "Food to Britain after Brexit", "Mechelen", "BE", 60},
		{2019, 3, 26, 0, "seminar", "flanders-cleantech", "ES", "water", "contacts", "Water reuse: partners in Murcia and Valencia", "Leuven", "BE", 40},
		{2019, 3, 28, 0, "seminar", "voka", "ES", "water cleantech", "contacts", "Spanish water boards look for technology", "Hasselt", "BE", 50},
		{2019, 10, 2, 0, "conference", "dsp-valley", "NL", "health electronics", "contacts", "Sensors for hospitals, with guests from Eindhoven", "Leuven", "BE", 100},
		{2019, 10, 4, 0, "matchmaking", "flanders-bio", "NL", "health biotech", "contacts", "Medtech buyers from the Netherlands", "Leuven", "BE", 50},
		{2020, 2, 11, 0, "seminar", "vkw-limburg", "DE", "metal", "contacts", "Metal parts for the Ruhr", "Genk", "BE", 40},
		{2020, 2, 13, 0, "seminar", "agoria", "DE", "metal", "contacts", "Suppliers wanted in Dortmund", "Hasselt", "BE", 50},
		{2020, 10, 13, 0, "seminar", "vil", "PL", "logistics", "information", "Warehouses in Poland: rent or build", "", "", 60},
		{2020, 10, 15, 0, "seminar", "voka", "PL", "logistics", "information", "Poland as a distribution base", "", "", 80},
		{2021, 3, 9, 0, "matchmaking", "fedustria", "IT", "furniture", "contacts", "Italian interior designers, by video", "", "", 40},
		{2021, 3, 11, 0, "matchmaking", "unizo", "IT", "furniture creative", "contacts", "Furniture makers meet Milan, by video", "", "", 40},
		{2021, 11, 16, 0, "seminar", "essenscia", "SA", "plastics chemistry", "information", "Polymers from and for the Gulf", "Antwerpen", "BE", 50},
		{2021, 11, 18, 0, "seminar", "fit", "SA", "plastics chemistry", "information", "Saudi Arabia for plastics processors", "Gent", "BE", 60},
	}
}
