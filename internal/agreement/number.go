package agreement

import (
	"math/big"
	"strings"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// Number is an exact decimal in its one normal form ("-0.5", "12", "1234.25"), so that equal numbers are equal texts; "" is none.
type Number string

// maxDigits is the most on either side of the point.
const (
	maxDigits   = 15
	maxDecimals = 6
)

// ParseNumber reads a number with a point or a comma and optional grouping spaces; at most fifteen digits before the point and six after.
// "" stays none. Anything else is invalid (agreement.number_form); the fault names no field.
func ParseNumber(s string) (Number, error) {
	found := s
	s = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", ",", ".", "\u2212", "-").Replace(strings.TrimSpace(s))
	if s == "" {
		return "", nil
	}
	abs, negative := strings.CutPrefix(s, "-")
	whole, part, dotted := strings.Cut(abs, ".")
	if !onlyDigits(whole) || dotted && !onlyDigits(part) || len(strings.TrimLeft(whole, "0")) > maxDigits {
		return "", fault.Invalid("", "agreement.number_form", text.Args{"found": found})
	}
	whole, part = strings.TrimLeft(whole, "0"), strings.TrimRight(part, "0")
	if len(part) > maxDecimals {
		return "", fault.Invalid("", "agreement.number_form", text.Args{"found": found})
	}
	if whole == "" {
		whole = "0"
	}
	n := whole
	if part != "" {
		n += "." + part
	}
	if negative && n != "0" {
		n = "-" + n
	}
	return Number(n), nil
}

func onlyDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// Rat is the number exactly; nil for none.
func (n Number) Rat() *big.Rat {
	if n == "" {
		return nil
	}
	r, ok := new(big.Rat).SetString(string(n))
	if !ok {
		return nil
	}
	return r
}

// NumberOf is an exact value as a Number, with at most six decimals; "" for nil.
func NumberOf(r *big.Rat) Number {
	if r == nil {
		return ""
	}
	n, err := ParseNumber(r.FloatString(maxDecimals))
	if err != nil {
		return ""
	}
	return n
}

// Show is the number as a page shows it; "" for none.
func (n Number) Show(l text.Language, decimals int) string {
	r := n.Rat()
	if r == nil {
		return ""
	}
	return l.Decimal(r.FloatString(decimals), decimals)
}
