// Package marks tells of invented outcomes what KPIs ask for: how far an investment is, what became of a site, what of a win would not have
// happened anyway.
package marks

import "math/rand/v2"

// Of draws the marks of an outcome of a kind, the adjusted part of its amount in cents, and its quantity, which most kinds keep.
func Of(r *rand.Rand, kind string, amount int64, quantity int) (mark string, adjusted int64, counted int) {
	among := map[string][]string{"strategy": {"written", "written", "written", "written", ""}, "knowledge": {"shared", "shared", "used"},
		"referral": {"in-time", "in-time", "in-time", "late"}, "media": {"image", "image", "trade-press"}, "entry": {"first-export", "", "", "", ""},
		"win":        {"confirmed", "confirmed", "confirmed", "confirmed", "confirmed", "confirmed first-export"},
		"investment": {"realised", "realised", "contracted", "announced"}, "retention": {"retained", "retained", "retained", "reduced", "closed"}}
	if list := among[kind]; list != nil {
		mark = list[r.IntN(len(list))]
	}
	switch {
	case kind == "win" && r.IntN(100) < 88: // the others did not say
		adjusted = amount / 100 * int64(25+r.IntN(76))
	case kind == "media":
		quantity = 100 * (5 + r.IntN(396))
	case mark == "retained":
		quantity = 6 + r.IntN(135)
	}
	return mark, adjusted, quantity
}
