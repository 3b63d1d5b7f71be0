package overlap

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"errera.eu/errera/internal/period"
)

// invented is a name that nothing bears, of a thousand or so.
func invented(r *rand.Rand) string {
	syllables := strings.Fields("Ba Ko Lu Mi Ne Po Ra Su Ti Vo")
	return syllables[r.IntN(10)] + strings.ToLower(syllables[r.IntN(10)]+syllables[r.IntN(10)]) + "x"
}

// Crowd makes a large calendar for measuring: n activities of 40 organisers over five years, one in fifty of them listed a second time by
// another organiser under a changed name. It gives the pairs of those listings; both are set by the seed.
func Crowd(n int, seed uint64) (items []Item, twice [][2]string) {
	r := rand.New(rand.NewPCG(seed, 6)) // #nosec G404 -- a calendar for measuring
	pick := func(of string) string { f := strings.Fields(of); return f[r.IntN(len(f))] }
	id := func() string { return "n" + strconv.Itoa(len(items)) }
	for len(items) < n {
		market := pick("IN CN JP KR VN SG US CA MX BR CL DE FR NL GB IT ES PT PL SE DK CH AE SA IL MA SN ZA TR AU")
		sector := pick("food drinks machinery metal electronics drones chemistry plastics pharma biotech health textiles furniture creative logistics ports water energy cleantech construction digital fintech services retail")
		kind := pick("mission seminar fair matchmaking conference course visit")
		it := Item{ID: id(), Organisers: []string{"o" + strconv.Itoa(r.IntN(40))}, Type: kind, Markets: []string{market}, Sectors: []string{sector},
			Needs: []string{pick("information contacts strategy")}, Starts: period.Of(2027, 1, 1).AddDays(r.IntN(5 * 365)),
			City: pick("Gent Antwerpen Leuven Hasselt Brugge Mumbai Shanghai Osaka Seoul Boston Lyon Lille Utrecht London Milan Madrid Poznan Dubai"),
			Title: fmt.Sprintf("%s %s: %s %s", invented(r), pick("Selling Buying Making Meeting Testing Packing Moving Financing Certifying Servicing"),
				pick("valves snacks yarn sensors pumps resins tiles enzymes parcels drones beds lamps grids wells apps loans beer games homes scanners"),
				pick("abroad together directly fairly quickly safely online-shops wholesale locally beyond"))}
		it.Ends = it.Starts.AddDays(r.IntN(5))
		items = append(items, it)
		if len(items)%50 != 0 || len(items) == n {
			continue
		}
		again := it
		again.ID, again.Organisers = id(), []string{"o" + strconv.Itoa(40+r.IntN(40))}
		again.Title = fmt.Sprintf("%s %d", it.Title, it.Starts.Year())
		if r.IntN(2) == 0 {
			again.Starts = it.Starts.AddDays(1)
			again.Ends = max(again.Ends, again.Starts)
		}
		items = append(items, again)
		twice = append(twice, [2]string{min(it.ID, again.ID), max(it.ID, again.ID)})
	}
	return items, twice
}
