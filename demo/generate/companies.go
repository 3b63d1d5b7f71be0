package main

import (
	"fmt"
	"math/rand/v2"
)

// company is an invented company. Its pull says how often it turns up; a few turn up everywhere.
type company struct {
	code, number, scheme, name, postcode, city, country, sector, size, nace, parent string
	region                                                                          string
	pull                                                                            int
}

type town struct{ name, postcode, region string }

func towns() []town {
	return []town{{"Antwerpen", "2000", "antwerp"}, {"Mechelen", "2800", "antwerp"}, {"Turnhout", "2300", "antwerp"}, {"Geel", "2440", "antwerp"},
		{"Lier", "2500", "antwerp"}, {"Mol", "2400", "antwerp"}, {"Herentals", "2200", "antwerp"}, {"Boom", "2850", "antwerp"},
		{"Gent", "9000", "east"}, {"Aalst", "9300", "east"}, {"Sint-Niklaas", "9100", "east"}, {"Dendermonde", "9200", "east"},
		{"Lokeren", "9160", "east"}, {"Oudenaarde", "9700", "east"}, {"Eeklo", "9900", "east"}, {"Deinze", "9800", "east"},
		{"Brugge", "8000", "west"}, {"Kortrijk", "8500", "west"}, {"Roeselare", "8800", "west"}, {"Oostende", "8400", "west"},
		{"Waregem", "8790", "west"}, {"Ieper", "8900", "west"}, {"Tielt", "8700", "west"}, {"Izegem", "8870", "west"},
		{"Leuven", "3000", "brabant"}, {"Vilvoorde", "1800", "brabant"}, {"Halle", "1500", "brabant"}, {"Zaventem", "1930", "brabant"},
		{"Tienen", "3300", "brabant"}, {"Aarschot", "3200", "brabant"}, {"Diest", "3290", "brabant"},
		{"Hasselt", "3500", "limburg"}, {"Genk", "3600", "limburg"}, {"Sint-Truiden", "3800", "limburg"}, {"Tongeren", "3700", "limburg"},
		{"Lommel", "3920", "limburg"}, {"Beringen", "3580", "limburg"}, {"Bilzen", "3740", "limburg"}}
}

// sector holds how many companies it has, their NACE class (Rev. 2), a word for their names, and words for titles.
type sector struct {
	code           string
	count          int
	nace, name     string
	things, people string
	themes         []string
}

func sectors() []sector {
	return []sector{
		{"machinery", 210, "28.99", "Machinebouw", "machines", "machine builders", []string{"smart factories", "spare parts and service", "packaging lines"}},
		{"metal", 100, "25.62", "Metaal", "metal parts", "metal workers", []string{"precision parts", "surface treatment", "welding robots"}},
		{"digital", 200, "62.01", "Software", "software", "software houses", []string{"digital twins", "cyber security", "software as a service"}},
		{"electronics", 130, "26.11", "Elektronica", "electronics", "chip designers", []string{"sensors", "chips and health", "power electronics"}},
		{"fintech", 90, "66.19", "Betaaldiensten", "payment services", "fintech companies", []string{"instant payments", "digital identity", "regulatory reporting"}},
		{"chemistry", 110, "20.59", "Chemie", "chemicals", "chemical companies", []string{"circular chemistry", "coatings", "process safety"}},
		{"plastics", 80, "22.29", "Kunststoffen", "plastics", "plastics processors", []string{"recycled polymers", "composites", "medical plastics"}},
		{"pharma", 90, "21.20", "Farma", "medicines", "medicine makers", []string{"clinical trials", "contract manufacturing", "cold chain"}},
		{"biotech", 170, "72.11", "Biotech", "biotechnology", "biotech companies", []string{"cell therapy", "vaccines", "agricultural biotech"}},
		{"health", 110, "32.50", "Medische Techniek", "medical devices", "medtech companies", []string{"digital health", "diagnostics", "care at home"}},
		{"food", 230, "10.89", "Voeding", "food", "food makers", []string{"frozen vegetables", "chocolate and biscuits", "plant proteins", "private label"}},
		{"drinks", 70, "11.05", "Dranken", "drinks", "brewers", []string{"speciality beer", "fruit juice", "low alcohol"}},
		{"textiles", 120, "13.96", "Textiel", "textiles", "textile makers", []string{"technical textiles", "carpets", "interior fabrics"}},
		{"furniture", 90, "31.09", "Meubelen", "furniture", "furniture makers", []string{"hotel projects", "bedding", "wood panels"}},
		{"drones", 50, "30.30", "Drones", "drones", "drone builders", []string{"inspection flights", "drones in ports", "air traffic for drones"}},
		{"cleantech", 90, "38.32", "Recyclage", "clean technology", "cleantech companies", []string{"waste to materials", "soil clean-up", "urban mining"}},
		{"water", 50, "36.00", "Waterzuivering", "water technology", "water companies", []string{"water reuse", "desalination", "leak detection"}},
		{"energy", 60, "27.11", "Energietechniek", "energy technology", "energy companies", []string{"offshore wind", "heat networks", "storage"}},
		{"logistics", 130, "52.29", "Logistiek", "logistics", "logistics companies", []string{"cool transport", "city deliveries", "rail instead of road"}},
		{"ports", 50, "52.24", "Havendiensten", "port services", "port companies", []string{"terminal automation", "port training", "breakbulk"}},
		{"construction", 80, "41.20", "Bouw", "building materials", "builders", []string{"modular building", "facades", "sustainable hospitals"}},
		{"creative", 60, "59.11", "Studio", "design and media", "creative companies", []string{"animation", "games", "light design"}},
		{"retail", 80, "47.91", "Handel", "consumer goods", "web shops", []string{"selling through platforms", "returns", "shop concepts"}},
		{"services", 50, "71.12", "Advies", "engineering services", "engineering offices", []string{"tenders of development banks", "inspection", "training abroad"}},
	}
}

// makeCompanies invents names from stems that are no words and numbers from ranges in which none in use is known.
func (w *world) makeCompanies() {
	r := w.stream("companies")
	var list []*company
	for _, s := range sectors() {
		for range s.count {
			list = append(list, &company{sector: s.code, nace: s.nace, scheme: "BE-CBE", country: "BE"})
		}
	}
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	word := map[string]string{}
	for _, s := range sectors() {
		word[s.code] = s.name
	}
	names, numbers := map[string]bool{}, map[string]bool{}
	for i, c := range list {
		c.code = fmt.Sprintf("c%04d", i+1)
		c.number = freshNumber(r, numbers)
		c.name = freshName(r, word[c.sector], names)
		t := pick(r, towns())
		c.city, c.postcode, c.region = t.name, t.postcode, t.region
		c.size = pick(r, []string{"micro", "micro", "micro", "small", "small", "small", "small", "medium", "medium", "large"})
		c.pull = pick(r, []int{2, 2, 2, 2, 2, 3, 3, 3, 4, 5})
		if c.size != "micro" && chance(r, 9) {
			c.parent = pick(r, []string{"US", "DE", "JP", "NL", "FR", "GB", "CN", "IN", "SE", "CH"})
		}
	}
	strangers(r, list)
	w.companies = list
}

// strangers takes the Belgian number from thirty companies: foreign ones in another register, and some known by name alone.
func strangers(r *rand.Rand, list []*company) {
	for i := range 30 {
		c := list[40+i*80]
		if i%3 == 0 {
			c.number, c.scheme = "", ""
			continue
		}
		c.number, c.scheme, c.country = fmt.Sprintf("0000%04d", 1200+i*7), "NL-KVK", "NL"
		c.postcode, c.city, c.region = pick(r, []string{"4800", "5600", "6200"}), pick(r, []string{"Breda", "Eindhoven", "Maastricht"}), ""
	}
}

// freshNumber draws from 0100 to 0199 and from 1900 to 1999 million: valid check digits, and no number in use is known there.
func freshNumber(r *rand.Rand, used map[string]bool) string {
	for {
		n := 1000000 + r.IntN(1000000)
		if chance(r, 15) {
			n = 19000000 + r.IntN(1000000)
		}
		number := fmt.Sprintf("%08d%02d", n, 97-n%97)
		if !used[number] {
			used[number] = true
			return number
		}
	}
}

func freshName(r *rand.Rand, word string, used map[string]bool) string {
	heads := []string{"Zwal", "Brunk", "Vlinx", "Krosd", "Wemp", "Drijst", "Quaed", "Plonk", "Strivel", "Jorf", "Molquer", "Twijn", "Hulf",
		"Grebb", "Snaar", "Ovelt", "Fjeld", "Kwar", "Lumb", "Nijst", "Pruik", "Rosk", "Schalm", "Tolv", "Uilk", "Vresk", "Wrenk", "Yperm", "Zeng", "Dobb"}
	tails := []string{"aarde", "ovel", "isse", "emare", "ilde", "onda", "aks", "evink", "urne", "ora", "ekamp", "alix", "idor", "omare", "ustra", "elon"}
	for {
		stem := pick(r, heads) + pick(r, tails)
		name := stem + " " + word
		switch r.IntN(4) {
		case 0:
			name = word + " " + stem
		case 1:
			name = stem + " & Zonen"
		case 2:
			name = stem + " Group"
		}
		if used[name] {
			continue
		}
		used[name] = true
		return name + " " + pick(r, []string{"nv", "nv", "bvba", "bvba", "cvba"})
	}
}
