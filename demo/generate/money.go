package main

import "fmt"

// The rules of the reference programme, illustrations all (domain.md section 9).
const (
	rateBp        = 5000
	performanceBp = 2000
	advanceBp     = 3000
)

// cents are minor units of the programme's currency, or of an item's own.
type cents = int64

func amount(c cents) string {
	sign := ""
	if c < 0 {
		sign, c = "-", -c
	}
	return fmt.Sprintf("%s%d.%02d", sign, c/100, c%100)
}

// optional leaves a zero out.
func optional(c cents) string {
	if c == 0 {
		return ""
	}
	return amount(c)
}

// rounded is n/d, half away from zero; d > 0.
func rounded(n, d int64) int64 {
	if n < 0 {
		return -rounded(-n, d)
	}
	return (2*n + d) / (2 * d)
}

// floored is n/d towards minus infinity; d > 0.
func floored(n, d int64) int64 { return (n - (n%d+d)%d) / d }

// micro shows an exchange rate kept in millionths.
func micro(rate int64) string {
	if rate == 0 {
		return ""
	}
	return fmt.Sprintf("%d.%06d", rate/1_000_000, rate%1_000_000)
}

// eligible is the declared eligible cost (domain.md section 4.1): currency first, then only the VAT that the partner bears.
func eligible(net, vat cents, rate int64, recoverableBp int) cents {
	if rate != 0 {
		net, vat = rounded(net*rate, 1_000_000), rounded(vat*rate, 1_000_000)
	}
	return net + rounded(vat*int64(10000-recoverableBp), 10000)
}

// half is H of domain.md section 4.3 for an accepted cost so far.
func half(cost, ceiling cents) cents { return min(ceiling, floored(max(0, cost)*rateBp, 10000)) }

// costPart is C of section 4.4.
func costPart(half cents) cents { return floored(half*(10000-performanceBp), 10000) }

// spread divides a total over weights by largest remainder, ties to the first.
func spread(total cents, weights []int64) []cents {
	var sum int64
	for _, x := range weights {
		sum += x
	}
	parts, rest := make([]cents, len(weights)), make([]int64, len(weights))
	left := total
	for i, x := range weights {
		parts[i], rest[i] = floored(total*x, sum), total*x-floored(total*x, sum)*sum
		left -= parts[i]
	}
	for ; left > 0; left-- {
		best := 0
		for i := range rest {
			if rest[i] > rest[best] {
				best = i
			}
		}
		parts[best]++
		rest[best] = -1
	}
	return parts
}
