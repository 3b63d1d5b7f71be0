package overlap

import (
	"strings"
	"sync"
)

// trees says under which branch the sectors of a programme hang; a code that is not here hangs by its own form: food/drinks and 10.51 carry
// their branch in front.
var trees = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for branch, leaves := range map[string]string{
		"agrifood":      "food drinks agriculture horticulture",
		"manufacturing": "machinery metal electronics drones automotive aerospace",
		"chemicals":     "chemistry plastics materials",
		"life":          "pharma biotech health medtech",
		"living":        "textiles furniture creative fashion design",
		"transport":     "logistics ports mobility",
		"environment":   "water energy cleantech circular",
		"building":      "construction real-estate",
		"services":      "digital fintech services retail finance tourism education",
	} {
		for leaf := range strings.FieldsSeq(leaves) {
			all[leaf] = branch
		}
	}
	return all
})

// path is a sector from the root of the tree down.
func path(code string) []string {
	parts := strings.FieldsFunc(code, func(r rune) bool { return r == '/' || r == '.' })
	if len(parts) == 0 {
		return []string{code}
	}
	if branch, ok := trees()[parts[0]]; ok {
		return append([]string{branch}, parts...)
	}
	if len(parts) == 1 && strings.Trim(code, "0123456789") == "" && len(code) > 2 { // NACE without its dot
		return []string{code[:2], code}
	}
	return parts
}

// sectorLikeness is 10000 for one sector, less for each step up to the branch that both hang under, 0 without one.
func sectorLikeness(a, b string) int {
	if a == b {
		return 10000
	}
	x, y := path(a), path(b)
	common := 0
	for common < len(x) && common < len(y) && x[common] == y[common] {
		common++
	}
	if common == 0 {
		return 0
	}
	steps := len(x) + len(y) - 2*common
	return max(10000-2500*steps, 2500)
}

// bestOf is the mean, over the smaller of two lists, of how alike each is to its likest in the other; -1 when one is empty.
func bestOf(a, b []string, like func(a, b string) int) int {
	if len(a) == 0 || len(b) == 0 {
		return -1
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	sum := 0
	for _, x := range a {
		best := 0
		for _, y := range b {
			best = max(best, like(x, y))
		}
		sum += best
	}
	return sum / len(a)
}
