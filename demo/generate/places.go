package main

import (
	"slices"
	"time"
)

// market is a country with its cities and the months in which one travels there.
type market struct {
	iso, name string
	cities    []string
	months    []time.Month
	overseas  bool
}

func markets() []market {
	return []market{
		{"CN", "China", []string{"Shenzhen", "Chengdu", "Shanghai", "Suzhou", "Wuhan", "Qingdao", "Xi'an"}, []time.Month{3, 4, 9, 10}, true},
		{"HK", "Hong Kong", []string{"Hong Kong"}, []time.Month{4, 9}, true}, {"TW", "Taiwan", []string{"Taipei", "Hsinchu"}, []time.Month{5, 10}, true},
		{"IN", "India", []string{"Mumbai", "Pune", "Bangalore", "Chennai", "Ahmedabad", "Delhi", "Hyderabad"}, []time.Month{3, 9, 11, 11}, true},
		{"BD", "Bangladesh", []string{"Dhaka"}, []time.Month{11}, true}, {"LK", "Sri Lanka", []string{"Colombo"}, []time.Month{3}, true},
		{"DE", "Germany", []string{"Munich", "Cologne", "Hamburg", "Stuttgart", "Leipzig", "Dortmund"}, []time.Month{4, 5, 9, 10, 11}, false},
		{"FR", "France", []string{"Lyon", "Lille", "Paris", "Nantes"}, []time.Month{3, 6, 9, 11}, false},
		{"NL", "the Netherlands", []string{"Eindhoven", "Rotterdam", "Utrecht", "Maastricht"}, []time.Month{3, 5, 9, 10}, false},
		{"GB", "the United Kingdom", []string{"London", "Manchester", "Birmingham", "Cambridge"}, []time.Month{3, 6, 9, 10}, false},
		{"US", "the United States", []string{"Boston", "Chicago", "Houston", "Atlanta", "San Francisco", "Philadelphia"}, []time.Month{5, 6, 10}, true},
		{"CA", "Canada", []string{"Toronto", "Montreal"}, []time.Month{6, 9}, true}, {"MX", "Mexico", []string{"Monterrey", "Querétaro"}, []time.Month{4, 10}, true},
		{"BR", "Brazil", []string{"São Paulo", "Santos"}, []time.Month{5, 10}, true}, {"CL", "Chile", []string{"Santiago"}, []time.Month{4, 11}, true},
		{"PL", "Poland", []string{"Poznan", "Wroclaw", "Warsaw", "Gdansk"}, []time.Month{3, 5, 6, 9}, false},
		{"SE", "Sweden", []string{"Gothenburg", "Malmö"}, []time.Month{5, 9}, false}, {"DK", "Denmark", []string{"Aarhus", "Copenhagen"}, []time.Month{4, 10}, false},
		{"IT", "Italy", []string{"Milan", "Bologna", "Turin"}, []time.Month{4, 4, 9, 10}, false}, {"ES", "Spain", []string{"Barcelona", "Bilbao", "Madrid"}, []time.Month{5, 6, 11}, false},
		{"PT", "Portugal", []string{"Lisbon", "Porto"}, []time.Month{5, 11}, false}, {"CH", "Switzerland", []string{"Basel", "Zurich"}, []time.Month{3, 10}, false},
		{"LU", "Luxembourg", []string{"Luxembourg"}, []time.Month{4, 11}, false}, {"TR", "Turkey", []string{"Izmir", "Istanbul"}, []time.Month{4, 10}, true},
		{"AE", "the United Arab Emirates", []string{"Dubai", "Abu Dhabi"}, []time.Month{3, 4, 11}, true}, {"SA", "Saudi Arabia", []string{"Dammam", "Riyadh"}, []time.Month{3, 11}, true},
		{"IL", "Israel", []string{"Tel Aviv", "Haifa"}, []time.Month{5, 6}, true}, {"MA", "Morocco", []string{"Casablanca", "Tangier"}, []time.Month{3, 5, 10}, true},
		{"SN", "Senegal", []string{"Dakar"}, []time.Month{11}, true}, {"ZA", "South Africa", []string{"Durban", "Cape Town"}, []time.Month{3, 10}, true},
		{"VN", "Vietnam", []string{"Hanoi", "Ho Chi Minh City"}, []time.Month{3, 10, 11}, true}, {"SG", "Singapore", []string{"Singapore"}, []time.Month{6, 11}, true},
		{"JP", "Japan", []string{"Osaka", "Yokohama", "Tokyo"}, []time.Month{3, 5, 10}, true}, {"KR", "South Korea", []string{"Busan", "Seoul"}, []time.Month{4, 10}, true},
	}
}

// marketOf and sectorOf panic on a code that there is not: the program is then wrong.
func marketOf(code string) market {
	return markets()[slices.IndexFunc(markets(), func(m market) bool { return m.iso == code })]
}

func sectorOf(code string) sector {
	return sectors()[slices.IndexFunc(sectors(), func(s sector) bool { return s.code == code })]
}
