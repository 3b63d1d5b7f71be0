package sepa

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Plain writes a text with the characters that every bank in SEPA takes: Latin letters without accents, digits and / - ? : ( ) . , ' +
// and space. Letters lose their accents, other signs become their nearest, what has none becomes a point. Source: EPC217-08.
func Plain(s string) string {
	near := strings.NewReplacer("ß", "ss", "ẞ", "SS", "æ", "ae", "Æ", "Ae", "œ", "oe", "Œ", "Oe", "ø", "o", "Ø", "O", "đ", "d", "Đ", "D",
		"ð", "d", "Ð", "D", "þ", "th", "Þ", "Th", "ł", "l", "Ł", "L", "ħ", "h", "Ħ", "H", "ı", "i", "ŋ", "n", "&", "+", "_", "-", "–", "-", "—", "-",
		"’", "'", "‘", "'", "“", "'", "”", "'", "«", "'", "»", "'", "\"", "'", "€", "EUR", "[", "(", "]", ")", "{", "(", "}", ")", ";", ",",
		"@", "(at)", "!", ".", "…", "...", "·", ".", "\u00a0", " ", "\u202f", " ")
	var b strings.Builder
	for _, r := range norm.NFKD.String(near.Replace(norm.NFC.String(s))) {
		switch {
		case r < unicode.MaxASCII && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/-?:().,'+ ", r)):
			b.WriteRune(r)
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.Is(unicode.Mn, r):
		default:
			b.WriteByte('.')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// IsPlain tells whether banks take a text as it is.
func IsPlain(s string) bool { return s == Plain(s) }

// Short is Plain cut to a length, at the end of a word where one ends in the last third.
func Short(s string, most int) string {
	p := Plain(s)
	if len(p) <= most {
		return p
	}
	p = p[:most]
	if at := strings.LastIndexByte(p, ' '); at >= most*2/3 {
		p = p[:at]
	}
	return strings.TrimSpace(p)
}
