package company

import (
	"strings"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// SchemeBE is the scheme of the Belgian enterprise number (Crossroads Bank for Enterprises).
const SchemeBE = "BE-CBE"

// Number is a company's number in a register, in normal form; the register is named by its scheme.
type Number struct{ Scheme, Value string }

// ParseNumber brings a number into normal form and tests it. For BE-CBE: see ParseBelgian. Other schemes: capitals and digits, other signs
// dropped. Both empty is the zero Number. Faults: invalid in field number (company.number.*) or scheme (company.scheme.*).
func ParseNumber(scheme, value string) (Number, error) {
	scheme, value = strings.ToUpper(strings.TrimSpace(scheme)), strings.TrimSpace(value)
	switch {
	case scheme == "" && value == "":
		return Number{}, nil
	case scheme == "":
		return Number{}, fault.Invalid("scheme", "company.scheme.missing", nil)
	case value == "":
		return Number{}, fault.Invalid("number", "company.number.missing", nil)
	case !schemeForm(scheme):
		return Number{}, fault.Invalid("scheme", "company.scheme.form", text.Args{"found": scheme})
	case scheme == SchemeBE:
		n, err := ParseBelgian(value)
		return Number{scheme, n}, err
	}
	n := bare(value)
	if n == "" || len(n) > 40 || strings.Contains(n, "?") {
		return Number{}, fault.Invalid("number", "company.number.form", text.Args{"found": value})
	}
	return Number{scheme, n}, nil
}

// ParseBelgian reads an enterprise number as people write it (0123.456.749, BE 0123456749, the old 123.456.749) and gives its ten digits.
// The first is 0 or 1, the last two are 97 minus the first eight modulo 97. Source: domain section 7. Faults: company.number.digits, .first,
// .check in field number.
func ParseBelgian(value string) (string, error) {
	n := strings.TrimPrefix(bare(value), "BE")
	if len(n) == 9 {
		n = "0" + n
	}
	if len(n) != 10 || strings.Trim(n, "0123456789") != "" {
		return "", fault.Invalid("number", "company.number.digits", text.Args{"found": value})
	}
	if n[0] > '1' {
		return "", fault.Invalid("number", "company.number.first", text.Args{"found": value})
	}
	if want := belgianCheck(n[:8]); n[8:] != want {
		return "", fault.Invalid("number", "company.number.check", text.Args{"found": value, "check": want})
	}
	return n, nil
}

// belgianCheck gives the two check digits of the first eight.
func belgianCheck(eight string) string {
	var n int
	for _, d := range eight {
		n = n*10 + int(d-'0')
	}
	check := 97 - n%97
	return string([]byte{byte('0' + check/10), byte('0' + check%10)})
}

// bare drops what people put between the signs of a number and makes capitals of its letters.
func bare(value string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
			return r
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case strings.ContainsRune(" .-/\u00a0\u202f\t", r):
			return -1
		}
		return '?' // makes the number malformed instead of another company's
	}, strings.TrimSpace(value))
}

func schemeForm(s string) bool {
	for i, r := range s {
		letter := r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r != '-' && (r < '0' || r > '9')) {
			return false
		}
	}
	return len(s) >= 2 && len(s) <= 20
}

// VAT is the VAT number that goes with a Belgian enterprise number, "" for other schemes.
func (n Number) VAT() string {
	if n.Scheme != SchemeBE {
		return ""
	}
	return "BE" + n.Value
}

// Show is the number as its register writes it: 0123.456.749.
func (n Number) Show() string {
	if n.Scheme == SchemeBE && len(n.Value) == 10 {
		return n.Value[:4] + "." + n.Value[4:7] + "." + n.Value[7:]
	}
	return n.Value
}
