package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"errera.eu/errera/demo/generate/overlaps"
	"errera.eu/errera/demo/generate/taken"
)

// round is the second round, 2022-2026, which still runs: much smaller than the reference programme, and made by hand where that is
// shorter. Its day is roundDay: what lies after it is planned.
type round struct {
	*world
	members []*member
	meets   []*meeting
	made    []*made
	bills   []*bill
	paid    []payment
}

const (
	roundFirst = 2022
	roundYears = 5
)

func roundDay() date { return day(2026, 9, 15) }

// member is one of the 21. Four names are known from announcements; the others are invented and say so.
type member struct {
	code, name, short, group, language string
	sector, market                     string
	reach                              int // companies in 2022; the other targets follow from it
	ceiling                            int // thousands of euro a year
	public                             words
}

// fictitious marks a name that nobody should look for.
const fictitious = " (fictief)"

func roundMembers() []*member {
	m := func(code, name, group, language, sector, market string, reach, ceiling int, public words) *member {
		return &member{code, name, name, group, language, sector, market, reach, ceiling, public}
	}
	invented := func(code, name, group, sector, market string, reach, ceiling int, public words) *member {
		x := m("x-"+code, name+fictitious, group, "nl", sector, market, reach, ceiling, public)
		x.short = name
		return x
	}
	sim := m("sim-flam3d", "SIM-Flanders/Flam3D", "clusters", "en", "metal", "DE", 22, 60,
		words{"bedrijven in materialen en 3D-print", "materials and 3D printing companies", "les entreprises de matériaux et d'impression 3D"})
	return []*member{
		m("agoria", "Agoria", "industry", "nl", "machinery", "IN", 40, 190, words{"technologiebedrijven", "technology companies", "les entreprises technologiques"}),
		m("blauwe-cluster", "De Blauwe Cluster", "clusters", "nl", "ports", "DK", 24, 70, words{"bedrijven in de blauwe economie", "companies in the blue economy", "les entreprises de l'économie bleue"}),
		sim,
		m("voka", "Voka", "entrepreneurs", "nl", "services", "MA", 48, 300, words{"ondernemingen in alle sectoren", "companies in all sectors", "les entreprises de tous les secteurs"}),
		invented("bouwgilde", "Bouwgilde Noord", "industry", "construction", "FR", 26, 80, words{"bouwbedrijven", "builders", "les entreprises de construction"}),
		invented("textielhuis", "Textielhuis Leie", "industry", "textiles", "IT", 24, 75, words{"textielbedrijven", "textile companies", "les entreprises textiles"}),
		invented("voedingsrad", "Voedingsrad", "industry", "food", "AE", 34, 120, words{"voedingsbedrijven", "food companies", "les entreprises alimentaires"}),
		invented("chemiebond", "Chemiebond Schelde", "industry", "chemistry", "SA", 28, 95, words{"chemiebedrijven", "chemical companies", "les entreprises chimiques"}),
		invented("farmakring", "Farmakring", "industry", "pharma", "CH", 22, 80, words{"farmabedrijven", "medicine makers", "les entreprises pharmaceutiques"}),
		invented("waterforum", "Waterforum", "clusters", "water", "ES", 20, 55, words{"waterbedrijven", "water companies", "les entreprises de l'eau"}),
		invented("chipdelta", "Chipdelta", "clusters", "electronics", "TW", 26, 90, words{"chipontwerpers", "chip designers", "les concepteurs de puces"}),
		invented("zorgtech", "Zorgtech Atelier", "clusters", "health", "NL", 22, 60, words{"zorgtechbedrijven", "health technology companies", "les entreprises de technologie des soins"}),
		invented("energienet", "Energienet", "clusters", "energy", "DE", 22, 70, words{"energiebedrijven", "energy companies", "les entreprises de l'énergie"}),
		invented("vrachtlab", "Vrachtlab", "clusters", "logistics", "PL", 24, 75, words{"logistieke bedrijven", "logistics companies", "les entreprises logistiques"}),
		invented("gamewerf", "Gamewerf", "clusters", "creative", "US", 20, 50, words{"game- en animatiestudio's", "game and animation studios", "les studios de jeux et d'animation"}),
		invented("afrika-kamer", "Afrika-kamer", "chambers", "machinery", "SN", 18, 60, words{"bedrijven met plannen in West-Afrika", "companies with plans in West Africa", "les entreprises actives vers l'Afrique de l'Ouest"}),
		invented("andes-kamer", "Andes-kamer", "chambers", "food", "CL", 18, 55, words{"bedrijven met plannen in de Andes", "companies with plans in the Andes", "les entreprises actives vers les Andes"}),
		invented("mekong-kamer", "Mekong-kamer", "chambers", "textiles", "VN", 18, 60, words{"bedrijven met plannen aan de Mekong", "companies with plans along the Mekong", "les entreprises actives vers le Mékong"}),
		invented("noordzee-kamer", "Noordzeekamer", "chambers", "ports", "GB", 20, 65, words{"bedrijven met plannen rond de Noordzee", "companies with plans around the North Sea", "les entreprises actives autour de la mer du Nord"}),
		invented("startkracht", "Startkracht", "entrepreneurs", "digital", "US", 28, 85, words{"starters met groeiplannen", "start-ups with plans to grow", "les start-up en croissance"}),
		invented("familiezaak", "Familiezaak", "entrepreneurs", "retail", "FR", 30, 90, words{"familiebedrijven", "family businesses", "les entreprises familiales"}),
	}
}

// roundKPIs are the KPIs of this round, with their weight and their part of a partner's reach in percent.
func roundKPIs() []struct{ kpi, weight, percent int } {
	return []struct{ kpi, weight, percent int }{{kpiReach, 40, 100}, {kpiContacts, 25, 40}, {kpiJoint, 15, 8}, {kpiStrategies, 20, 12}}
}

func (m *member) target(percent, year int) int {
	return max(1, (m.reach*percent*(100+3*(year-roundFirst))+5_000)/10_000)
}

// meeting is one activity of the round.
type meeting struct {
	code, title, kind, state string
	market, sector           string
	starts                   date
	organisers               []*member
	guests                   []*company
}

func (a *meeting) held() bool { return a.state == "verified" }

// made is an outcome of the round.
type made struct {
	kind    string
	by      *member
	company *company
	on      date
}

// bill is a cost item of the round.
type bill struct {
	by        *member
	year      int
	meeting   *meeting
	net       cents
	delivered date
	open      bool // its claim is not verified yet
}

func writeRound(w *world, dir string) error {
	r := &round{world: w, members: roundMembers()}
	for i, m := range r.members {
		for year := roundFirst; year < roundFirst+roundYears; year++ {
			r.play(w.stream(fmt.Sprint("round", m.code, year)), m, r.members[(i+1)%len(r.members)], year)
		}
	}
	r.plant()
	for i, a := range r.meets {
		a.code = fmt.Sprintf("r%04d", i+1)
	}
	for _, m := range r.members {
		for year := roundFirst; year < roundFirst+roundYears; year++ {
			r.pay(m, year)
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, text := range map[string]string{"programme.toml": r.programmeFile(), "kpis.toml": kpiFile()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	for _, t := range r.tables() {
		if err := t.write(dir); err != nil {
			return err
		}
	}
	return taken.Write(dir, [2]string{"fit", "Flanders Investment & Trade"}, r.declared())
}

// declared is what the claims of the running year hold.
func (r *round) declared() []taken.Claim {
	var all []taken.Claim
	for _, m := range r.members {
		c := taken.Claim{Partner: m.code, Name: m.name, Year: roundDay().Year()}
		for i, b := range r.bills {
			if b.by == m && b.open && b.net != 0 {
				c.Items = append(c.Items, taken.Item{Ref: fmt.Sprintf("ri%04d", i+1), Net: b.net})
			}
		}
		all = append(all, c)
	}
	return all
}

// plant adds the seminars that come near to another partner's. Who comes was at another one of the lead that year.
func (r *round) plant() {
	of := map[key]*meeting{}
	for _, a := range r.meets {
		if k := (key{a.organisers[0].code, a.starts.Year()}); of[k] == nil {
			of[k] = a
		}
	}
	for _, p := range overlaps.Planted() {
		starts, _ := time.Parse(time.DateOnly, p.Day)
		near := of[key{p.By, starts.Year()}]
		a := &meeting{title: p.Title, kind: "seminar", state: "planned", market: p.Market, sector: p.Sector, starts: starts, organisers: near.organisers}
		if starts.Before(roundDay().AddDate(0, 0, -45)) {
			a.state, a.guests = "verified", near.guests[:len(near.guests)/2]
		}
		r.meets = append(r.meets, a)
	}
}

// play makes a year of a partner: three seminars of its own and one or two missions with its neighbour, what came of them, what it cost.
func (r *round) play(n *rand.Rand, m, other *member, year int) {
	factor := between(n, 84, 108)
	reach := m.target(100, year) * factor / 100
	guests := r.crowd(n, m, reach)
	joint := max(1, m.target(8, year)*factor/100)
	count := 3 + (joint+1)/2
	for i := range count {
		a := &meeting{kind: "seminar", organisers: []*member{m}, market: m.market, sector: m.sector}
		month := time.Month(1 + (i*11/count+n.IntN(2))%12)
		if month == time.August {
			month = time.September
		}
		a.starts = weekday(day(year, month, between(n, 3, 24)))
		a.title = fmt.Sprintf("%s for %s: session %d of %d", marketOf(m.market).name, m.public.en, i+1, year)
		if i >= 3 { // half of the joint ones; the neighbour before leads the rest
			a.kind, a.organisers = "mission", []*member{m, other}
			a.title = fmt.Sprintf("Joint mission to %s with %s, %d", marketOf(m.market).name, other.short, year)
		}
		if a.state = "verified"; a.starts.After(roundDay().AddDate(0, 0, -45)) {
			a.state = "planned"
		} else {
			for j, c := range guests {
				if j%count == i || j%7 == i {
					a.guests = append(a.guests, c)
				}
			}
			r.bills = append(r.bills, &bill{by: m, year: year, meeting: a, delivered: a.starts})
		}
		r.meets = append(r.meets, a)
	}
	for _, o := range []struct {
		kind    string
		percent int
	}{{"contact", 40}, {"strategy", 12}} {
		for i := range m.target(o.percent, year) * factor / 100 {
			on := weekday(day(year, 1, 12).AddDate(0, 0, (i*37+len(o.kind)*11)%320))
			if on.Before(roundDay().AddDate(0, 0, -45)) {
				r.made = append(r.made, &made{o.kind, m, guests[i%len(guests)], on})
			}
		}
	}
}

// crowd draws companies with a Belgian number, those of the sector first.
func (r *round) crowd(n *rand.Rand, m *member, count int) []*company {
	var own, others []*company
	for _, c := range r.companies[:600] {
		switch {
		case c.scheme != "BE-CBE":
		case c.sector == m.sector:
			own = append(own, c)
		default:
			others = append(others, c)
		}
	}
	n.Shuffle(len(own), func(i, j int) { own[i], own[j] = own[j], own[i] })
	n.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
	return append(own, others...)[:count]
}

// pay makes the claim of a year, the advance before it and what is due after it. The claim of the last year covers its first half and is
// still being verified.
func (r *round) pay(m *member, year int) {
	n := r.stream(fmt.Sprint("roundmoney", m.code, year))
	var list []*bill
	until := day(year+1, 1, 1)
	if year == roundDay().Year() {
		until = day(year, 7, 1)
	}
	for _, b := range r.bills {
		if b.by == m && b.year == year && b.delivered.Before(until) {
			list = append(list, b)
		}
	}
	ceiling := int64(m.ceiling) * 100_000
	total := ceiling * 2 * int64(between(n, 80, 103)) / 100
	if year == 2026 {
		total /= 2
	}
	weights := make([]int64, len(list))
	for i, b := range list {
		weights[i] = int64(between(n, 4, 9))
		b.open = year == 2026
	}
	for i, part := range spread(total, weights) {
		list[i].net = part
	}
	ordered := weekday(day(year, 2, between(n, 5, 26)))
	advance := floored(ceiling*advanceBp, 10000)
	r.paid = append(r.paid, payment{m.code, year, "advance", 0, advance, ordered, weekday(ordered.AddDate(0, 0, 3)), true})
	if year == 2026 {
		return
	}
	if due := costPart(half(total, ceiling)) - advance; due > 0 {
		ordered := roundApproved(year).AddDate(0, 0, 3)
		r.paid = append(r.paid, payment{m.code, year, "claim", 1, due, weekday(ordered), weekday(ordered.AddDate(0, 0, 4)), true})
	}
}

func roundSubmitted(year int) date {
	if year == 2026 {
		return weekday(day(2026, 7, 20))
	}
	return weekday(day(year+1, 1, 20))
}

func roundDecided(year int) date { return weekday(roundSubmitted(year).AddDate(0, 0, 5)) }

func roundVerified(year int) date { return weekday(roundSubmitted(year).AddDate(0, 0, 14)) }

func roundApproved(year int) date { return weekday(roundVerified(year).AddDate(0, 0, 5)) }
