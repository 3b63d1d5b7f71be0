// Package sepa holds what euro payments share whatever the message: account numbers, structured references, and the characters and
// lengths that banks take. Sources: EPC131-08 and EPC217-08 (SEPA rulebook guidance), ISO 13616 (IBAN), ISO 11649 (RF reference), and
// Febelfin's structured communication (OGM/VCS).
package sepa

import (
	"strings"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// IBAN is an account number in capitals without spaces, checked.
type IBAN string

// lengths are those of the IBANs of the countries that SEPA reaches.
func lengths() map[string]int {
	return map[string]int{"AD": 24, "AL": 28, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24,
		"FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21,
		"MC": 27, "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SE": 24, "SI": 19, "SK": 24,
		"SM": 27, "VA": 22}
}

// ParseIBAN reads an IBAN with or without spaces: country, length and check digits must fit.
func ParseIBAN(s string) (IBAN, error) {
	v := strings.ToUpper(strings.Join(strings.Fields(s), ""))
	want := 0
	if len(v) >= 4 {
		want = lengths()[v[:2]]
	}
	switch {
	case want == 0 || !alphanumeric(v):
		return "", fault.Invalid("", "sepa.iban_country", text.Args{"found": s})
	case len(v) != want:
		return "", fault.Invalid("", "sepa.iban_length", text.Args{"found": s, "want": want, "length": len(v)})
	case v[2] < '0' || v[2] > '9' || v[3] < '0' || v[3] > '9' || mod97(v[4:]+v[:4]) != 1:
		return "", fault.Invalid("", "sepa.iban_digits", text.Args{"found": s})
	}
	return IBAN(v), nil
}

// Show is the IBAN in groups of four.
func (i IBAN) Show() string {
	var b strings.Builder
	for n, r := range string(i) {
		if n > 0 && n%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Mask keeps the country, the check digits and the last four characters: enough to recognise an account, not to use it.
func (i IBAN) Mask() string {
	if len(i) < 8 {
		return ""
	}
	return string(i[:4]) + " •••• " + string(i[len(i)-4:])
}

// Country is the account's country.
func (i IBAN) Country() string { return string(i[:min(2, len(i))]) }

// ParseBIC reads a BIC of 8 or 11 characters.
func ParseBIC(s string) (string, error) {
	v := strings.ToUpper(strings.TrimSpace(s))
	letters := len(v) >= 6 && strings.Trim(v[4:6], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
	if len(v) != 8 && len(v) != 11 || !alphanumeric(v) || !letters {
		return "", fault.Invalid("", "sepa.bic", text.Args{"found": s})
	}
	return v, nil
}

func alphanumeric(s string) bool {
	return s != "" && strings.Trim(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// mod97 takes digits as they are and letters as 10 to 35. Source: ISO 7064.
func mod97(s string) int {
	r := 0
	for i := range len(s) {
		c := s[i]
		if c >= 'A' {
			r = (r*100 + int(c-'A') + 10) % 97
		} else {
			r = (r*10 + int(c-'0')) % 97
		}
	}
	return r
}
