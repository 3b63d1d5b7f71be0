// Package text says things to people in Dutch, English and French: whole messages from the catalogue with plural forms, numbers, dates and
// country names by language. Every word that a person reads stands in catalogue/AREA.toml; nothing here knows what a message is about, and
// nothing here escapes HTML (the templates do).
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// Language is one of the languages that Errera speaks.
type Language string

// The languages.
const (
	NL Language = "nl"
	EN Language = "en"
	FR Language = "fr"
)

// Languages lists them in the order in which they are offered.
func Languages() []Language { return []Language{NL, EN, FR} }

// ParseLanguage reads a code such as "nl" in a cookie, an address or a file; false for anything else, "NL" and "nl-BE" included.
func ParseLanguage(s string) (Language, bool) {
	switch l := Language(s); l {
	case NL, EN, FR:
		return l, true
	}
	return EN, false
}

// Match picks the language for the value of an Accept-Language header; English when it names none of ours or cannot be read.
func Match(acceptLanguage string) Language {
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return EN
	}
	ours := []Language{EN, NL, FR} // the first is what the matcher falls back to
	tags := make([]language.Tag, len(ours))
	for i, l := range ours {
		tags[i] = l.tag()
	}
	_, i, confidence := language.NewMatcher(tags).Match(wanted...)
	if confidence == language.No {
		return EN
	}
	return ours[i]
}

func (l Language) tag() language.Tag {
	switch l {
	case NL:
		return language.Dutch
	case FR:
		return language.French
	}
	return language.English
}

// Key names a message of the catalogue: "area.what" in lower case.
type Key string

// In lets a key be an argument of another message, in whose language it is then said.
func (k Key) In(l Language) string { return l.Say(k, nil) }

// Args fills the placeholders {name} of a message. Integers are grouped as the language does; text stands as it is; whatever knows how it
// reads inside a sentence (Localised: amounts, dates, years, keys) is asked. The integer under "n" chooses the plural form.
type Args map[string]any

// Localised is a value that reads differently in each language.
type Localised interface {
	// In is how the value reads inside a sentence of that language.
	In(Language) string
}

// Part is a piece of a message: a literal piece (Name empty) or what stands for the placeholder Name.
type Part struct {
	Name, Text string
}

// Say is the whole message in the language. Without such a message it is the key itself, so that a page still stands; a placeholder
// without argument stays as it is written.
func (l Language) Say(k Key, a Args) string {
	m := catalogue()[l][k]
	if m == nil {
		return string(k)
	}
	form := m.form(l, a)
	if len(form) == 1 && form[0].Name == "" {
		return form[0].Text
	}
	out := make([]byte, 0, 96)
	for _, p := range form {
		words := l.fill(p, a)
		if p.Name != "" && l.elides(string(out), words) {
			out = append(out[:len(out)-2], "’"...)
		}
		out = append(out, words...)
	}
	return string(out)
}

// elides tells whether what goes before loses its last vowel to the words after it, as French "de" and "que" do: "de Agoria" is "d’Agoria". An
// h is left alone, since nothing in writing tells which one is silent.
func (l Language) elides(before, words string) bool {
	first, _ := utf8.DecodeRuneInString(words)
	if l != FR || !strings.ContainsRune("aàâeéèêëiîïoôuùûyAÀÂEÉÈÊËIÎÏOÔUÙÛY", first) {
		return false
	}
	if strings.HasSuffix(before, "que ") {
		return true
	}
	rest, found := strings.CutSuffix(strings.ToLower(before), "de ")
	last, _ := utf8.DecodeLastRuneInString(rest)
	return found && !unicode.IsLetter(last)
}

// Parts is Say in pieces, for a page that makes a link or a figure of a placeholder without gluing sentences together.
func (l Language) Parts(k Key, a Args) []Part {
	m := catalogue()[l][k]
	if m == nil {
		return []Part{{Text: string(k)}}
	}
	form := m.form(l, a)
	parts := make([]Part, len(form))
	for i, p := range form {
		parts[i] = Part{Name: p.Name, Text: l.fill(p, a)}
		if i > 0 && p.Name != "" && l.elides(parts[i-1].Text, parts[i].Text) {
			parts[i-1].Text = strings.TrimSuffix(parts[i-1].Text, "e ") + "’"
		}
	}
	return parts
}

// Has tells whether the language has a message for the key.
func (l Language) Has(k Key) bool { return catalogue()[l][k] != nil }

func (l Language) fill(p Part, a Args) string {
	if p.Name == "" {
		return p.Text
	}
	v, ok := a[p.Name]
	if !ok {
		return p.Text // "{name}"
	}
	return l.value(v)
}
