package money

import (
	"math"
	"math/big"
	"math/bits"
	"slices"

	"github.com/govalues/decimal"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// Sum adds up; invalid (fault.money.overflow) when the total does not fit. Only the total must: intermediate sums may pass any bound.
func Sum(amounts []Amount) (Amount, error) {
	var hi, lo uint64
	for _, a := range amounts {
		var carry uint64
		lo, carry = bits.Add64(lo, uint64(a), 0)
		hi, _ = bits.Add64(hi, uint64(a>>63), carry)
	}
	total := Amount(lo)
	if hi != uint64(total>>63) {
		return 0, overflow()
	}
	return total, nil
}

// Add is a + b; invalid (fault.money.overflow) when it does not fit.
func (a Amount) Add(b Amount) (Amount, error) {
	s := a + b
	if (s > a) != (b > 0) && b != 0 {
		return 0, overflow()
	}
	return s, nil
}

// Share is floor(a x r / 10000), towards minus infinity, exact in between. Source: domain section 4.3 to 4.5. It fits for every r from
// -10000 to 10000; a rate beyond that is a mistake of the caller and panics if the product does not fit, before a wrong amount is booked.
func (a Amount) Share(r Bp) Amount {
	n, err := MulDivFloor(int64(a), int64(r), int64(Whole))
	if err != nil {
		panic(err)
	}
	return Amount(n)
}

// Convert is a x rate, rounded once, half away from zero; invalid (fault.money.overflow) when it does not fit. Source: domain section 4.1.
func (a Amount) Convert(rate decimal.Decimal) (Amount, error) {
	product := new(big.Int).SetUint64(rate.Coef())
	product.Mul(product, big.NewInt(int64(a)))
	if rate.IsNeg() {
		product.Neg(product)
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(rate.Scale())), nil)
	n, err := fits(roundHalfAway(product, scale))
	return Amount(n), err
}

// ParseRate reads an exact decimal rate above zero, such as "0.8931"; anything else is invalid (fault.rate.form).
func ParseRate(s string) (decimal.Decimal, error) {
	d, err := decimal.Parse(s)
	if err != nil || d.Sign() <= 0 {
		return decimal.Decimal{}, fault.Invalid("", "fault.rate.form", text.Args{"found": s})
	}
	return d, nil
}

// Round is num / den, rounded half away from zero; invalid when den is 0 or the quotient does not fit.
func Round(num, den int64) (int64, error) {
	if den == 0 {
		return 0, overflow()
	}
	return fits(roundHalfAway(big.NewInt(num), big.NewInt(den)))
}

// roundHalfAway changes num.
func roundHalfAway(num, den *big.Int) *big.Int {
	negative := num.Sign()*den.Sign() < 0
	num.Abs(num).Lsh(num, 1).Add(num, new(big.Int).Abs(den)) // 2|n| + |d|
	num.Quo(num, new(big.Int).Lsh(new(big.Int).Abs(den), 1)) // over 2|d|
	if negative {
		num.Neg(num)
	}
	return num
}

func fits(n *big.Int) (int64, error) {
	if !n.IsInt64() {
		return 0, overflow()
	}
	return n.Int64(), nil
}

// FloorDiv is a / b towards minus infinity; invalid when b is 0 or the quotient does not fit.
func FloorDiv(a, b int64) (int64, error) { return MulDivFloor(a, 1, b) }

// MulDivFloor is floor(a x b / c) towards minus infinity with a 128-bit product; invalid when c is 0 or the quotient does not fit. It
// never panics.
func MulDivFloor(a, b, c int64) (int64, error) {
	if c == 0 {
		return 0, overflow()
	}
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	d := magnitude(c)
	if hi >= d {
		return 0, overflow()
	}
	q, rest := bits.Div64(hi, lo, d)
	if negative := ((a < 0) != (b < 0)) != (c < 0); !negative {
		if q > math.MaxInt64 {
			return 0, overflow()
		}
		return int64(q), nil
	}
	if rest > 0 && q < math.MaxUint64 {
		q++ // below zero, down is away from zero
	}
	if q > 1<<63 {
		return 0, overflow()
	}
	return int64(-q), nil
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// Allocate divides a total by integer weights with the largest remainder, ties in the order listed: list the lead first. Parts always add up
// to the total, none differs from its exact share by a whole cent, and the parts of -total are the negated parts of total, so that a credit
// note cancels its invoice. A negative weight counts as none; without any weight the first part takes all; no weights make no parts.
// Source: domain section 4.12.
func Allocate(total Amount, weights []int64) []Amount {
	if len(weights) == 0 {
		return nil
	}
	parts := make([]Amount, len(weights))
	whole := new(big.Int)
	for _, w := range weights {
		whole.Add(whole, big.NewInt(max(0, w)))
	}
	if whole.Sign() == 0 {
		parts[0] = total
		return parts
	}
	abs := new(big.Int).Abs(big.NewInt(int64(total)))
	left := new(big.Int).Set(abs)
	remainders := make([]*big.Int, len(weights))
	order := make([]int, len(weights))
	for i, w := range weights {
		share, rest := new(big.Int), new(big.Int)
		share.QuoRem(share.Mul(abs, big.NewInt(max(0, w))), whole, rest)
		left.Sub(left, share)
		parts[i] = Amount(share.Uint64()) // Min alone has a magnitude of 2^63, which wraps back below
		remainders[i], order[i] = rest, i
	}
	slices.SortStableFunc(order, func(i, j int) int { return remainders[j].Cmp(remainders[i]) })
	for _, i := range order[:left.Int64()] { // fewer cents are left than parts have a remainder
		parts[i]++
	}
	if total < 0 {
		for i := range parts {
			parts[i] = -parts[i]
		}
	}
	return parts
}
