package sepa

import (
	"fmt"
	"strings"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// Reference is a structured creditor reference: Belgian (12 digits) or ISO 11649 (RF...), without separators.
type Reference string

// Belgian tells whether the reference is a Belgian structured communication.
func (r Reference) Belgian() bool { return len(r) == 12 && strings.Trim(string(r), "0123456789") == "" }

// Issuer is who sets the form: "BBA" for the Belgian banks, "ISO" for ISO 11649.
func (r Reference) Issuer() string {
	if r.Belgian() {
		return "BBA"
	}
	return "ISO"
}

// Show is the reference as people write it: +++123/4567/89012+++ or RF18 5390 0754 7034.
func (r Reference) Show() string {
	if r.Belgian() {
		return "+++" + string(r[:3]) + "/" + string(r[3:7]) + "/" + string(r[7:]) + "+++"
	}
	return IBAN(r).Show()
}

// ParseReference reads either kind, with or without its separators, and holds it to its check digits.
func ParseReference(s string) (Reference, error) {
	v := strings.ToUpper(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" +*/.", r) {
			return -1
		}
		return r
	}, s))
	switch {
	case Reference(v).Belgian():
		check := mod97(v[:10])
		if check == 0 {
			check = 97
		}
		if fmt.Sprintf("%02d", check) == v[10:] {
			return Reference(v), nil
		}
	case len(v) >= 5 && len(v) <= 25 && strings.HasPrefix(v, "RF") && alphanumeric(v) && strings.Trim(v[2:4], "0123456789") == "":
		if mod97(v[4:]+v[:4]) == 1 {
			return Reference(v), nil
		}
	}
	return "", fault.Invalid("", "sepa.reference", text.Args{"found": s})
}

// BelgianReference is the structured communication of a number of at most ten digits.
func BelgianReference(n uint64) Reference {
	v := fmt.Sprintf("%010d", n%10_000_000_000)
	check := mod97(v)
	if check == 0 {
		check = 97
	}
	return Reference(fmt.Sprintf("%s%02d", v, check))
}

// ISOReference is the RF reference of 1 to 21 letters and digits; anything else is invalid.
func ISOReference(s string) (Reference, error) {
	v := strings.ToUpper(s)
	if len(v) > 21 || !alphanumeric(v) {
		return "", fault.Invalid("", "sepa.reference", text.Args{"found": s})
	}
	return Reference(fmt.Sprintf("RF%02d%s", 98-mod97(v+"RF00"), v)), nil
}
