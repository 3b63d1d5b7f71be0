package report

import (
	"math/big"
	"strings"

	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/text"
)

// Saying is a message that waits for its language.
type Saying struct {
	Key  text.Key
	Args text.Args
}

// In is the message in a language, "" for none.
func (s Saying) In(l text.Language) string {
	if s.Key == "" {
		return ""
	}
	return l.Say(s.Key, s.Args)
}

func phrase(key text.Key, args text.Args) Saying { return Saying{key, args} }

// sayings are said one after the other with a mark between.
type sayings struct {
	all  []Saying
	mark string
}

// In joins them.
func (s sayings) In(l text.Language) string {
	words := make([]string, len(s.all))
	for i, one := range s.all {
		words[i] = one.In(l)
	}
	return strings.Join(words, s.mark)
}

// plain is an amount that is written without its unit, because the page names the unit once.
type plain money.Amount

// In is the amount in a language.
func (a plain) In(l text.Language) string { return money.Amount(a).Show(l) }

// exactly is a product before rounding, in euro, with as many decimals as it has and at least two.
type exactly struct{ *big.Rat }

func product(a money.Amount, share money.Bp) exactly {
	return exactly{new(big.Rat).Mul(big.NewRat(int64(a), 100), big.NewRat(int64(share), 10_000))}
}

// In is the product in a language.
func (e exactly) In(l text.Language) string {
	whole, parts, _ := strings.Cut(e.FloatString(6), ".")
	parts = parts[:2] + strings.TrimRight(parts[2:], "0")
	return l.Decimal(whole+"."+parts, -1)
}

// down is the product rounded down to the cent.
func (e exactly) down() money.Amount {
	cents := new(big.Rat).Mul(e.Rat, big.NewRat(100, 1))
	return money.Amount(new(big.Int).Div(cents.Num(), cents.Denom()).Int64())
}

// percent is a share with two decimals, as scores are written.
type percent money.Bp

// In is the share in a language.
func (p percent) In(l text.Language) string {
	return l.Percent(big.NewRat(int64(p), 100).FloatString(2), 2)
}
