package text_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"errera.eu/errera/internal/text"
)

func TestParseLanguage(t *testing.T) {
	for in, ok := range map[string]bool{"nl": true, "en": true, "fr": true, "": false, "NL": false, "nl-BE": false, "de": false} {
		if l, got := text.ParseLanguage(in); got != ok || ok && string(l) != in {
			t.Errorf("ParseLanguage(%q) = %q, %v", in, l, got)
		}
	}
}

func TestMatch(t *testing.T) {
	tests := map[string]text.Language{
		"":                             text.EN,
		"nl":                           text.NL,
		"nl-BE,nl;q=0.9,en;q=0.8":      text.NL,
		"fr-CA":                        text.FR,
		"en-US,en;q=0.5":               text.EN,
		"de-DE,fr;q=0.4":               text.FR,
		"ja":                           text.EN,
		"en;q=0.2, fr;q=0.9, nl;q=0.5": text.FR,
		"*":                            text.EN,
		"\x00;;q=x":                    text.EN,
		"ja-JP, zh;q=0.9, nl-NL;q=0.1": text.NL,
	}
	for header, want := range tests {
		if got := text.Match(header); got != want {
			t.Errorf("Match(%q) = %s, want %s", header, got, want)
		}
	}
}

type stringer struct{}

func (stringer) String() string { return "5 stuks" }

type year int

func (y year) In(text.Language) string { return "2019" }

type code string

func TestSay(t *testing.T) {
	tests := []struct {
		l    text.Language
		key  text.Key
		args text.Args
		want string
	}{
		{text.NL, "fault.denied", nil, "U mag dit niet doen."},
		{text.NL, "unit.companies", text.Args{"n": 1}, "1 bedrijf"},
		{text.NL, "unit.companies", text.Args{"n": 0}, "0 bedrijven"},
		{text.NL, "unit.companies", text.Args{"n": 12345}, "12.345 bedrijven"},
		{text.EN, "unit.companies", text.Args{"n": int64(12345)}, "12,345 companies"},
		{text.FR, "unit.companies", text.Args{"n": 0}, "0 entreprise"},
		{text.FR, "unit.companies", text.Args{"n": -12345}, "\u221212\u202f345 entreprises"},
		{text.EN, "date.from", text.Args{"date": year(2019)}, "from 2019"},
		{text.EN, "date.from", text.Args{"date": stringer{}}, "from 5 stuks"},
		{text.EN, "date.from", text.Args{"date": code("x-y")}, "from x-y"},
		{text.EN, "date.from", text.Args{"date": text.Key("state.no_show")}, "from no-show"},
		{text.EN, "date.from", text.Args{"date": true}, "from true"},
		{text.EN, "date.from", nil, "from {date}"},
		{text.EN, "date.from", text.Args{"date": "{date} {other}"}, "from {date} {other}"}, // never filled twice
		{text.EN, "no.such", nil, "no.such"},
		{"xx", "fault.denied", nil, "fault.denied"},
	}
	for _, tt := range tests {
		if got := tt.l.Say(tt.key, tt.args); got != tt.want {
			t.Errorf("%s.Say(%s, %v) = %q, want %q", tt.l, tt.key, tt.args, got, tt.want)
		}
	}
}

func TestParts(t *testing.T) {
	got := text.EN.Parts("fault.row.found", text.Args{"place": "a.csv", "found": "x", "want": "y"})
	want := []text.Part{{Name: "place", Text: "a.csv"}, {Text: ": found “"}, {Name: "found", Text: "x"}, {Text: "”, expected "}, {Name: "want", Text: "y"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if got := text.EN.Parts("no.such", nil); !slices.Equal(got, []text.Part{{Text: "no.such"}}) {
		t.Errorf("got %q", got)
	}
	// What was said once must not have changed the catalogue.
	if got := text.EN.Parts("date.from", nil); !slices.Equal(got, []text.Part{{Text: "from "}, {Name: "date", Text: "{date}"}}) {
		t.Errorf("got %q", got)
	}
}

// "De" and "que" lose their vowel before one, and only in French.
func TestElision(t *testing.T) {
	for verb, want := range map[string]string{"introduire un plan": "il n’est pas possible d’introduire un plan.", "être": "il n’est pas possible d’être.",
		"retirer": "il n’est pas possible de retirer.", "harmoniser": "il n’est pas possible de harmoniser.", "": "il n’est pas possible de ."} {
		if got := text.FR.Say("access.wrong_state", text.Args{"state": "x", "verb": verb}); !strings.HasSuffix(got, want) {
			t.Errorf("%q: %q", verb, got)
		}
		var parts string
		for _, p := range text.FR.Parts("access.wrong_state", text.Args{"state": "x", "verb": verb}) {
			parts += p.Text
		}
		if !strings.HasSuffix(parts, want) {
			t.Errorf("in parts %q: %q", verb, parts)
		}
	}
	if got := text.NL.Say("access.wrong_state", text.Args{"state": "x", "verb": "accept"}); !strings.Contains(got, "niet accept") {
		t.Errorf("%q", got)
	}
}

func TestHas(t *testing.T) {
	if !text.FR.Has("fault.denied") || text.FR.Has("no.such") || text.Language("xx").Has("fault.denied") {
		t.Error("Has is wrong")
	}
}

func TestNumber(t *testing.T) {
	tests := []struct {
		n          int64
		nl, en, fr string
	}{
		{0, "0", "0", "0"}, {999, "999", "999", "999"}, {1000, "1.000", "1,000", "1\u202f000"},
		{-1234567, "\u22121.234.567", "\u22121,234,567", "\u22121\u202f234\u202f567"},
		{-1 << 63, "\u22129.223.372.036.854.775.808", "\u22129,223,372,036,854,775,808", "\u22129\u202f223\u202f372\u202f036\u202f854\u202f775\u202f808"},
	}
	for _, tt := range tests {
		if nl, en, fr := text.NL.Number(tt.n), text.EN.Number(tt.n), text.FR.Number(tt.n); nl != tt.nl || en != tt.en || fr != tt.fr {
			t.Errorf("Number(%d) = %q %q %q", tt.n, nl, en, fr)
		}
	}
}

func TestDecimal(t *testing.T) {
	tests := []struct {
		s      string
		places int
		want   string
	}{
		{"1234.5", 2, "1.234,50"}, {"1234.5", 0, "1.235"}, {"-1234.5", 0, "\u22121.235"}, {"1234.567", -1, "1.234,567"}, {"0.005", 2, "0,01"},
		{"-0.004", 2, "0,00"}, {"-0", -1, "0"}, {"7", 1, "7,0"}, {"99999999999999999999.995", 2, "100.000.000.000.000.000.000,00"},
		{"", 2, ""}, {"1/3", 2, "1/3"}, {"1e9", 0, "1e9"}, {"+1", 0, "+1"}, {"n.v.t.", 1, "n.v.t."}, {".5", 1, ".5"}, {"5.", 1, "5."}, {"--5", 1, "--5"},
	}
	for _, tt := range tests {
		if got := text.NL.Decimal(tt.s, tt.places); got != tt.want {
			t.Errorf("Decimal(%q, %d) = %q, want %q", tt.s, tt.places, got, tt.want)
		}
	}
	if got := text.FR.Percent("12.5", 1); got != "12,5\u00a0%" {
		t.Errorf("Percent = %q", got)
	}
}

func TestDates(t *testing.T) {
	const n = "\u00a0"
	tests := []struct{ got, want string }{
		{text.NL.Date("2019-09-16"), "16" + n + "september 2019"}, {text.EN.Date("2019-09-16"), "16" + n + "September 2019"},
		{text.FR.Date("2019-09-01"), "1er" + n + "septembre 2019"}, {text.EN.ShortDate("2019-09-16"), "16" + n + "Sept"},
		{text.FR.ShortDate("2019-02-01"), "1er" + n + "févr."}, {text.NL.ShortDateYear("2019-03-02"), "2" + n + "maart 2019"},
		{text.EN.Date(""), ""}, {text.EN.Date("2019-02-30"), "2019-02-30"},
		{text.EN.DateRange("2019-10-07", "2019-10-11"), "7–11" + n + "October 2019"},
		{text.EN.DateRange("2019-09-30", "2019-10-04"), "30" + n + "September –" + n + "4" + n + "October 2019"},
		{text.EN.DateRange("2019-12-28", "2020-01-03"), "28" + n + "December 2019 –" + n + "3" + n + "January 2020"},
		{text.EN.DateRange("2019-10-07", "2020-10-07"), "7" + n + "October 2019 –" + n + "7" + n + "October 2020"},
		{text.EN.DateRange("2019-10-07", "2019-10-07"), "7" + n + "October 2019"}, {text.EN.DateRange("", ""), ""},
		{text.NL.DateRange("2019-10-07", ""), "vanaf 7" + n + "oktober 2019"}, {text.FR.DateRange("", "2019-10-01"), "jusqu’au 1er" + n + "octobre 2019"},
		{text.EN.ShortDateRange("2019-10-07", "2019-10-11"), "7–11" + n + "Oct"},
		{text.EN.ShortDateRange("2019-09-30", "2019-10-04"), "30" + n + "Sept –" + n + "4" + n + "Oct"},
		{text.NL.Month(3), "maart"}, {text.FR.ShortMonth(7), "juill."}, {text.EN.Month(0), ""}, {text.EN.Month(13), ""},
	}
	for i, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%d: %q, want %q", i, tt.got, tt.want)
		}
	}
}

func TestDateTimeIsThatOfBrussels(t *testing.T) {
	winter, summer := time.Date(2019, 12, 31, 23, 5, 0, 0, time.UTC), time.Date(2019, 7, 1, 7, 30, 59, 0, time.UTC)
	tests := []struct{ got, want string }{
		{text.EN.DateTime(winter), "1\u00a0January 2020, 00:05"}, {text.NL.DateTime(summer), "1\u00a0juli 2019 om 09.30\u00a0uur"},
		{text.FR.DateTime(summer), "1er\u00a0juillet 2019 à 09\u00a0h\u00a030"}, {text.EN.DateTime(time.Time{}), ""},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

// Our names of countries are CLDR's, but for those that have a newer or a shorter one; none is missing.
func TestCountriesAreThoseOfCLDR(t *testing.T) {
	ours := []string{"MK", "SZ", "HK", "MO", "TR"}
	namers := map[text.Language]display.Namer{text.NL: display.Dutch.Regions(), text.EN: display.English.Regions(), text.FR: display.French.Regions()}
	n := 0
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			r, err := language.ParseRegion(code)
			if err != nil || !r.IsCountry() || r.String() != code || r.Canonicalize() != r {
				continue
			}
			n++
			for l, names := range namers {
				if got, want := l.Country(code), names.Name(r); got != want && want != "" && !slices.Contains(ours, code) {
					t.Errorf("%s.Country(%q) = %q, CLDR has %q", l, code, got, want)
				}
			}
		}
	}
	if n < 250 {
		t.Errorf("looked at %d countries", n)
	}
}

func TestCountry(t *testing.T) {
	tests := []struct {
		l          text.Language
		code, want string
	}{
		{text.NL, "CN", "China"}, {text.FR, "KR", "Corée du Sud"}, {text.EN, "MK", "North Macedonia"}, {text.NL, "de", "Duitsland"},
		{text.EN, "", ""}, {text.EN, "ZZ", "ZZ"}, {text.EN, "Belgium", "Belgium"}, {text.EN, "150", "150"}, {"xx", "BE", "Belgium"},
	}
	for _, tt := range tests {
		if got := tt.l.Country(tt.code); got != tt.want {
			t.Errorf("%s.Country(%q) = %q, want %q", tt.l, tt.code, got, tt.want)
		}
	}
}

func BenchmarkSay(b *testing.B) {
	args := text.Args{"n": 12345}
	for b.Loop() {
		text.NL.Say("unit.companies", args)
	}
}
