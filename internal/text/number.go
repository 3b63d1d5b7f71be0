package text

import (
	"fmt"
	"math/big"
	"reflect"
	"strconv"
	"strings"
)

const (
	minus       = "\u2212"
	noBreak     = "\u00a0"
	thinNoBreak = "\u202f"
)

// separators are those of CLDR for Dutch, English and French.
func (l Language) separators() (group, point string) {
	switch l {
	case NL:
		return ".", ","
	case FR:
		return thinNoBreak, ","
	}
	return ",", "."
}

// Number is n with its thousands grouped; the minus is U+2212.
func (l Language) Number(n int64) string {
	return l.grouped(strconv.FormatInt(n, 10))
}

// Decimal shows an exact decimal such as "-1234.5" with that many places, rounded half away from zero; places < 0 keeps those that are
// there. Text that is no plain decimal comes back as it is.
func (l Language) Decimal(s string, places int) string {
	if !isDecimal(s) {
		return s
	}
	if places >= 0 {
		r, ok := new(big.Rat).SetString(s)
		if !ok {
			return s
		}
		s = r.FloatString(places) // exact, in spite of its name
	}
	return l.grouped(s)
}

// Percent is a whole or decimal number of hundredths followed by the sign, kept on one line.
func (l Language) Percent(s string, places int) string { return l.Decimal(s, places) + noBreak + "%" }

func isDecimal(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole, fraction, dotted := strings.Cut(s, ".")
	return digits(whole) && (!dotted || digits(fraction))
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// grouped takes a plain decimal.
func (l Language) grouped(s string) string {
	group, point := l.separators()
	abs, negative := strings.CutPrefix(s, "-")
	whole, fraction, dotted := strings.Cut(abs, ".")
	var b strings.Builder
	if negative && strings.Trim(abs, "0.") != "" {
		b.WriteString(minus)
	}
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteByte(whole[i])
	}
	if dotted {
		b.WriteString(point)
		b.WriteString(fraction)
	}
	return b.String()
}

// value is how an argument reads inside a message.
func (l Language) value(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case Localised:
		return v.In(l)
	case fmt.Stringer:
		return v.String()
	}
	if n, ok := integer(v); ok {
		return l.Number(n)
	}
	if r := reflect.ValueOf(v); r.IsValid() && r.Kind() == reflect.String {
		return r.String()
	}
	return fmt.Sprint(v)
}

// integer is v when it is of an integer type that fits.
func integer(v any) (int64, bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case nil:
		return 0, false
	}
	r := reflect.ValueOf(v)
	switch {
	case r.CanInt():
		return r.Int(), true
	case r.CanUint() && r.Uint() <= 1<<63-1:
		return int64(r.Uint()), true
	}
	return 0, false
}
