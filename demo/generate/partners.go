package main

// The seven KPIs, in the order of the arrays below.
const (
	kpiReach = iota
	kpiContacts
	kpiJoint
	kpiStrategies
	kpiEntries
	kpiRetention
	kpiSatisfaction
	kpis
)

func kpiCodes() [kpis]string {
	return [kpis]string{"companies-reached", "contacts-made", "joint-activities", "strategies-made", "market-entries",
		"retention-talks", "satisfaction"}
}

// words says one thing in the three languages.
type words struct{ nl, en, fr string }

// partner is one of the 17, with everything invented about it. Arrays of five are the years 2017 to 2021.
type partner struct {
	code, name, short, group, language string
	officer                            string     // local part of the agency's officer
	vat                                int        // recoverable VAT in bp
	ceilings                           [years]int // thousands of euro
	activities                         int        // led in a full year
	base                               [kpis]int  // targets of 2019; 0: the KPI is not assigned
	weights                            [kpis]int
	sectors, markets                   []weighted
	region                             string // empty: all Flanders
	small                              bool   // prefers micro and small companies
	claims                             int    // a full year's claims
	public                             words  // the companies it works for
}

// allPartners lists the partners as neighbours in the calendar. The names are those of the source; the rest is invented.
func allPartners() []*partner {
	all := chambers()
	all = append(all, federations()...)
	all = append(all, clusters()...)
	return append(all, entrepreneurs()...)
}

func everySector(extra string) []weighted {
	return choices("machinery:2 metal digital:2 electronics fintech chemistry plastics pharma biotech health food:2 drinks textiles " +
		"furniture cleantech water energy logistics ports construction creative retail services " + extra)
}

func chambers() []*partner {
	return []*partner{
		{code: "bccc", name: "Belgian-Chinese Chamber of Commerce", short: "Belgian-Chinese Chamber", group: "chambers", language: "fr",
			officer: "asia", vat: 0, ceilings: [years]int{14, 82, 85, 86, 88}, activities: 15, base: [kpis]int{92, 110, 10, 5, 8, 0, 0},
			weights: [kpis]int{30, 30, 20, 5, 15, 0, 0}, sectors: everySector("machinery:3 pharma:3 ports:3 food:2"), markets: choices("CN:8 HK:1"),
			claims: 4, public: words{"bedrijven met plannen in China", "companies with plans in China", "les entreprises actives vers la Chine"}},
		{code: "fccc", name: "Flemish-Chinese Chamber of Commerce", short: "Flemish-Chinese Chamber", group: "chambers", language: "nl",
			officer: "asia", vat: 2500, ceilings: [years]int{11, 62, 65, 66, 68}, activities: 12, base: [kpis]int{72, 80, 9, 4, 6, 0, 0},
			weights: [kpis]int{30, 30, 20, 5, 15, 0, 0}, sectors: everySector("chemistry:3 logistics:3 drinks:2 cleantech:2"), markets: choices("CN:9 TW:1"),
			claims: 3, public: words{"Vlaamse bedrijven in China", "Flemish companies in China", "les entreprises flamandes en Chine"}},
		{code: "bicci", name: "Belgian-Indian Chamber of Commerce & Industry", short: "Belgian-Indian Chamber", group: "chambers", language: "en",
			officer: "asia", vat: 0, ceilings: [years]int{12, 72, 75, 76, 78}, activities: 14, base: [kpis]int{80, 95, 9, 4, 6, 0, 80},
			weights: [kpis]int{30, 25, 20, 5, 10, 0, 10}, sectors: everySector("machinery:4 digital:3 textiles:2 water:2"), markets: choices("IN:9 BD:1 LK:1"),
			claims: 4, public: words{"bedrijven met plannen in India", "companies with plans in India", "les entreprises actives vers l'Inde"}},
	}
}

func federations() []*partner {
	return []*partner{
		{code: "agoria", name: "Agoria", short: "Agoria", group: "industry", language: "nl", officer: "tech", vat: 10000,
			ceilings: [years]int{31, 180, 185, 186, 190}, activities: 32, base: [kpis]int{215, 170, 14, 12, 14, 10, 80},
			weights: [kpis]int{25, 20, 15, 10, 15, 10, 5}, sectors: choices("machinery:6 metal:6 digital:4 electronics:4 energy:2 drones"),
			markets: choices("DE:4 IN:3 PL:3 US:3 CN:3 SE:2 VN:2 MX:2 KR:2"), claims: 4,
			public: words{"technologiebedrijven", "technology companies", "les entreprises technologiques"}},
		{code: "fedustria", name: "Fedustria", short: "Fedustria", group: "industry", language: "nl", officer: "industry", vat: 10000,
			ceilings: [years]int{18, 107, 110, 111, 113}, activities: 19, base: [kpis]int{120, 100, 9, 7, 8, 6, 0},
			weights: [kpis]int{30, 20, 15, 10, 15, 10, 0}, sectors: choices("textiles:7 furniture:7 plastics"),
			markets: choices("IT:4 DE:4 PL:2 US:3 GB:3 AE:2 JP:2 FR:3"), claims: 4,
			public: words{"textiel-, hout- en meubelbedrijven", "textile, wood and furniture companies", "les entreprises du textile, du bois et de l'ameublement"}},
		{code: "fevia", name: "FEVIA Vlaanderen", short: "FEVIA Vlaanderen", group: "industry", language: "nl", officer: "industry", vat: 10000,
			ceilings: [years]int{27, 160, 165, 166, 170}, activities: 28, base: [kpis]int{195, 150, 13, 10, 14, 8, 80},
			weights: [kpis]int{25, 20, 15, 10, 15, 10, 5}, sectors: choices("food:7 drinks:7"),
			markets: choices("DE:3 GB:3 AE:4 JP:3 US:3 CN:3 FR:2 SG:2 KR:2"), claims: 4,
			public: words{"voedingsbedrijven", "food companies", "les entreprises alimentaires"}},
		{code: "essenscia", name: "essenscia", short: "essenscia", group: "industry", language: "nl", officer: "life", vat: 10000,
			ceilings: [years]int{18, 106, 110, 111, 114}, activities: 19, base: [kpis]int{115, 100, 9, 6, 7, 8, 80},
			weights: [kpis]int{25, 20, 15, 10, 10, 15, 5}, sectors: choices("chemistry:8 plastics:7 pharma:3"),
			markets: choices("DE:4 US:3 AE:3 CN:3 BR:2 SA:2 JP:2"), claims: 4,
			public: words{"chemie- en kunststofbedrijven", "chemical and plastics companies", "les entreprises de la chimie et des plastiques"}},
	}
}

func clusters() []*partner {
	return []*partner{
		{code: "flanders-bio", name: "Flanders.bio", short: "Flanders.bio", group: "clusters", language: "en", officer: "life", vat: 10000,
			ceilings: [years]int{20, 120, 120, 121, 124}, activities: 19, base: [kpis]int{185, 255, 5, 12, 10, 0, 0},
			weights: [kpis]int{30, 25, 20, 10, 15, 0, 0}, sectors: choices("biotech:8 pharma:5 health:5"),
			markets: choices("US:6 CH:4 GB:3 JP:3 DE:3 FR:2 KR:1"), claims: 3,
			public: words{"biotechbedrijven", "life science companies", "les entreprises des sciences de la vie"}},
		{code: "dsp-valley", name: "DSP Valley", short: "DSP Valley", group: "clusters", language: "en", officer: "tech", vat: 10000,
			ceilings: [years]int{17, 102, 105, 106, 108}, activities: 17, base: [kpis]int{120, 110, 8, 7, 7, 0, 0},
			weights: [kpis]int{30, 25, 20, 10, 15, 0, 0}, sectors: choices("electronics:8 digital:4 health:3"),
			markets: choices("US:4 DE:4 NL:3 TW:3 JP:2 IL:2 FR:2"), claims: 4,
			public: words{"bedrijven in slimme elektronica", "smart electronics companies", "les entreprises de l'électronique intelligente"}},
		{code: "euka", name: "EUKA", short: "EUKA", group: "clusters", language: "nl", officer: "tech", vat: 6000,
			ceilings: [years]int{8, 50, 52, 52, 53}, activities: 10, base: [kpis]int{62, 55, 6, 5, 4, 0, 0},
			weights: [kpis]int{35, 25, 20, 10, 10, 0, 0}, sectors: choices("drones:9 electronics:3 logistics digital"),
			markets: choices("NL:3 DE:3 US:3 IL:2 SG:2 CA:1"), claims: 3,
			public: words{"dronebedrijven", "drone companies", "les entreprises du drone"}},
		{code: "b-hive", name: "B-Hive", short: "B-Hive", group: "clusters", language: "en", officer: "tech", vat: 10000,
			ceilings: [years]int{11, 63, 65, 65, 66}, activities: 11, base: [kpis]int{70, 60, 6, 5, 5, 0, 0},
			weights: [kpis]int{30, 25, 20, 15, 10, 0, 0}, sectors: choices("fintech:9 digital:2 services:3"),
			markets: choices("GB:5 US:3 SG:3 IL:2 LU:2 NL:2"), claims: 4,
			public: words{"fintechbedrijven", "fintech companies", "les entreprises de la fintech"}},
		{code: "flanders-cleantech", name: "Flanders Cleantech Association", short: "Flanders Cleantech", group: "clusters", language: "nl",
			officer: "industry", vat: 4000, ceilings: [years]int{12, 72, 75, 76, 78}, activities: 15, base: [kpis]int{85, 75, 8, 6, 6, 0, 80},
			weights: [kpis]int{30, 25, 15, 10, 10, 0, 10}, sectors: choices("cleantech:8 water:8 energy:6 construction"),
			markets: choices("ES:4 DE:3 CL:2 MA:3 IN:2 NL:2 DK:2 VN:1"), claims: 4,
			public: words{"cleantechbedrijven", "cleantech companies", "les entreprises de technologies propres"}},
		{code: "vil", name: "VIL", short: "VIL", group: "clusters", language: "nl", officer: "industry", vat: 7350,
			ceilings: [years]int{15, 90, 95, 95, 100}, activities: 16, base: [kpis]int{145, 210, 3, 10, 8, 0, 0},
			weights: [kpis]int{30, 25, 20, 10, 15, 0, 0}, sectors: choices("logistics:9 ports:8 retail digital"),
			markets: choices("DE:5 NL:3 PL:3 CN:2 US:2 BR:1 MA:2"), claims: 4,
			public: words{"logistieke bedrijven", "logistics companies", "les entreprises logistiques"}},
	}
}

func entrepreneurs() []*partner {
	return []*partner{
		{code: "startups-be", name: "Startups.be", short: "Startups.be", group: "entrepreneurs", language: "en", officer: "tech", vat: 10000,
			ceilings: [years]int{18, 107, 110, 110, 112}, activities: 19, base: [kpis]int{130, 120, 7, 12, 10, 0, 0},
			weights: [kpis]int{30, 25, 15, 15, 15, 0, 0}, sectors: choices("digital:9 fintech:4 health:3 creative:4 electronics biotech"),
			markets: choices("US:5 GB:4 DE:3 FR:3 NL:2 PT:3 IL:2"), small: true, claims: 4,
			public: words{"starters met groeiplannen", "start-ups with plans to grow", "les start-up en croissance"}},
		{code: "unizo", name: "Unizo", short: "Unizo", group: "entrepreneurs", language: "nl", officer: "regions", vat: 10000,
			ceilings: [years]int{36, 214, 220, 222, 226}, activities: 36, base: [kpis]int{310, 190, 16, 16, 12, 0, 80},
			weights: [kpis]int{30, 25, 15, 15, 10, 0, 5}, sectors: everySector("food:4 retail:6 construction:5 creative:5 services:5 furniture:2"),
			markets: choices("NL:6 FR:6 DE:5 GB:4 LU:3 ES:2 IT:2 PL:1"), small: true, claims: 4,
			public: words{"zelfstandige ondernemers en kmo's", "independent entrepreneurs and SMEs", "les indépendants et les PME"}},
		{code: "vkw-limburg", name: "VKW Limburg", short: "VKW Limburg", group: "entrepreneurs", language: "nl", officer: "regions", vat: 8500,
			ceilings: [years]int{9, 53, 55, 55, 56}, activities: 11, base: [kpis]int{65, 50, 6, 5, 4, 0, 0},
			weights: [kpis]int{35, 25, 15, 15, 10, 0, 0}, sectors: everySector("metal:2 plastics:2"), region: "limburg",
			markets: choices("NL:6 DE:6 FR:2 PL:2 TR:1"), claims: 4,
			public: words{"Limburgse ondernemers", "entrepreneurs in Limburg", "les entrepreneurs limbourgeois"}},
		{code: "voka", name: "Voka", short: "Voka", group: "entrepreneurs", language: "nl", officer: "regions", vat: 10000,
			ceilings: [years]int{48, 282, 290, 292, 298}, activities: 44, base: [kpis]int{400, 260, 20, 18, 18, 10, 80},
			weights: [kpis]int{25, 20, 15, 10, 15, 5, 10}, sectors: everySector("chemistry:2 logistics:3 food:2 digital:2 retail:3 construction:3"),
			markets: choices("DE:5 FR:4 US:3 VN:3 MA:3 PL:3 GB:3 NL:3 BR:2 AE:2 CA:2 ZA:2 SN:1"), claims: 4,
			public: words{"ondernemingen in alle sectoren", "companies in all sectors", "les entreprises de tous les secteurs"}},
	}
}
