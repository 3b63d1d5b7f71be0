package period

import (
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/text"
)

// Around is when something is to be, as long as its days are not set: a year ("2027"), a month ("2027-05"), a quarter ("2027-q3"), a half
// ("2027-h1") or a season ("2027-spring"). "" is none. Seasons are those of the calendar of weather: spring begins on 1 March; winter runs into
// the year after.
type Around string

// parts lists the words beside a year and the months that they span, counted from January of that year.
func parts() []part {
	all := []part{{"spring", 3, 5}, {"summer", 6, 8}, {"autumn", 9, 11}, {"winter", 12, 14}, {"h1", 1, 6}, {"h2", 7, 12}}
	for q := range 4 {
		all = append(all, part{"q" + strconv.Itoa(q+1), 3*q + 1, 3*q + 3})
	}
	return all
}

type part struct {
	word        string
	first, last int
}

// ParseAround reads what a person types: capitals and blanks do not matter, and the word may come first ("Q3 2027"). False when it is none.
func ParseAround(s string) (Around, bool) {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ' ' || r == '-' || r == '\u00a0' })
	if len(words) == 2 && len(words[0]) != 4 {
		slices.Reverse(words)
	}
	a := Around(strings.Join(words, "-"))
	return a, a.Valid()
}

// Valid tells whether it is written as it should be.
func (a Around) Valid() bool { return a.Span().Valid() && a.Span().From != "" }

// Year is the year in which it begins.
func (a Around) Year() Year { return a.Span().From.Year() }

// In is it in words, with its year: "spring 2027".
func (a Around) In(l text.Language) string {
	year, word, _ := strings.Cut(string(a), "-")
	switch {
	case word == "":
		return year
	case word == "winter":
		return l.Say("around.winter", text.Args{"year": year, "next": (a.Year() + 1).String()})
	case word[0] == 'q' || word[0] == 'h':
		return l.Say(text.Key("around."+word[:1]), text.Args{"n": word[1:], "year": year})
	case word[0] <= '9':
		n, _ := strconv.Atoi(word)
		return l.Say(text.Key("month."+strconv.Itoa(n)), nil) + " " + year
	}
	return l.Say(text.Key("around."+word), text.Args{"year": year})
}

// Of is the same part of another year.
func (a Around) Of(y Year) Around {
	_, word, cut := strings.Cut(string(a), "-")
	if !cut {
		return Around(y.String())
	}
	return Around(y.String() + "-" + word)
}

// Span is its first and last day; empty when it is none.
func (a Around) Span() Span {
	year, word, cut := strings.Cut(string(a), "-")
	y, err := ParseYear(year)
	if err != nil || len(year) != 4 {
		return Span{}
	}
	if !cut {
		return y.Span()
	}
	if i := slices.IndexFunc(parts(), func(p part) bool { return p.word == word }); i >= 0 {
		return y.months(parts()[i].first, parts()[i].last)
	}
	if n, err := strconv.Atoi(word); err == nil && len(word) == 2 && n >= 1 && n <= 12 {
		return y.months(n, n)
	}
	return Span{}
}

// months spans two months of the year and those between; above 12 they are of the year after.
func (y Year) months(first, last int) Span {
	return Span{Of(y, 1, 1).AddMonths(first - 1), Of(y, 1, 1).AddMonths(last).AddDays(-1)}
}
