// Package filetext reads the words that stand in a file of the library: PDF, office documents, plain text and XML. It bounds what it reads and
// what it gives; that it also ends, and in little memory, whatever a hostile file asks for, is seen to by whoever runs it in a process of its own
// (cli). It knows no SQL and no search.
package filetext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/text"
)

// Why says why a file could not be read; "" when it was.
type Why string

// The reasons.
const (
	Kindless  Why = "kind"      // pictures, and what nobody wrote a reader for
	Encrypted Why = "encrypted" // a password is needed
	Damaged   Why = "damaged"
	Wordless  Why = "empty"  // a scan, or nothing
	TooMuch   Why = "toobig" // it took too long, or unfolds to more than is read
)

// Whys lists them.
func Whys() []Why { return []Why{Kindless, Encrypted, Damaged, Wordless, TooMuch} }

// Key is the reason in words, as it follows "because".
func (w Why) Key() text.Key { return text.Key("knowledge.unread." + string(w)) }

// Most is how many bytes of text are kept of a file; what follows is left out.
const Most = 120_000

// unfolded is the most that is read of one part of a compressed file.
const unfolded = 48 << 20

// Read gives the words of a file, at most Most bytes of them, in the order in which they stand, or why there are none.
func Read(kind file.Type, content []byte) (string, Why) {
	var raw string
	var why Why
	switch kind {
	case file.PDF:
		raw, why = readPDF(content)
	case file.DOCX, file.XLSX, file.ODT, file.ODS:
		raw, why = readOffice(kind, content)
	case file.Text:
		raw = string(content)
	case file.XML:
		raw, why = readXML(content)
	default:
		why = Kindless
	}
	if why != "" {
		return "", why
	}
	words := tidy(raw)
	if words == "" {
		return "", Wordless
	}
	return words, ""
}

// tidy writes ligatures and wide letters as plain ones, and what is blank as one blank or one end of a line, within the bound.
func tidy(raw string) string {
	var b strings.Builder
	blank, line := false, false
	for _, r := range norm.NFKC.String(strings.ToValidUTF8(cut(raw, 4*Most), " ")) {
		switch {
		case r == '\n' || r == '\r' || r == '\f':
			line = true
			continue
		case r == 0xAD: // a soft hyphen
			continue
		case unicode.IsSpace(r) || unicode.IsControl(r) || r == utf8.RuneError:
			blank = true
			continue
		}
		if b.Len()+utf8.RuneLen(r)+1 > Most {
			break
		}
		if b.Len() > 0 && line {
			b.WriteByte('\n')
		} else if b.Len() > 0 && blank {
			b.WriteByte(' ')
		}
		blank, line = false, false
		b.WriteRune(r)
	}
	if !strings.ContainsFunc(b.String(), unicode.IsLetter) {
		return ""
	}
	return b.String()
}

func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return s[:most]
}
