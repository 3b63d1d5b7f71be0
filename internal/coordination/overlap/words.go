package overlap

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"errera.eu/errera/internal/text"
)

//go:embed words.txt
var wordsFile string

// A form is a word for a sort of gathering, and the family of words that it belongs to.
type form struct{ word, family string }

// lexicon is words.txt and the names of countries, by folded word.
type lexicon struct {
	stop, online map[string]bool
	forms        map[string]form
	one          map[string]string
	phrases      map[string]map[string]string // by first word: the phrase, and the words that it stands for
	countries    map[string]string            // folded name: ISO code or M49
}

// words is read once. A line that cannot be read stops the program at its first overlap: a fault of the build, which tests find.
var words = sync.OnceValue(func() *lexicon {
	l := &lexicon{stop: map[string]bool{}, online: map[string]bool{}, forms: map[string]form{}, one: map[string]string{},
		phrases: map[string]map[string]string{}, countries: map[string]string{}}
	f := newFolder()
	l.nameCountries(f)
	for line := range strings.Lines(wordsFile) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		head, list, ok := strings.Cut(line, ":")
		if !ok {
			panic("overlap: words.txt: " + line)
		}
		class, name, _ := strings.Cut(head, " ")
		for w := range strings.SplitSeq(list, ",") {
			l.learn(class, name, strings.TrimSpace(w))
		}
	}
	return l
})

func (l *lexicon) learn(class, name, w string) {
	switch class {
	case "stop":
		l.stop[w] = true
	case "online":
		l.online[w] = true
	case "form":
		word, family, ok := strings.Cut(name, "/")
		if !ok {
			family = word
		}
		l.forms[w] = form{word, family}
	case "one":
		l.one[w] = name
	case "city":
		l.phrase(strings.ReplaceAll(w, "-", " "), "~"+name)
	case "country":
		l.countries[w] = name
		l.phrase(strings.ReplaceAll(w, "-", " "), "@"+name)
	default:
		panic("overlap: words.txt: " + class)
	}
}

// phrase says that a run of words stands for one.
func (l *lexicon) phrase(words, to string) {
	first, _, _ := strings.Cut(words, " ")
	if l.phrases[first] == nil {
		l.phrases[first] = map[string]string{}
	}
	l.phrases[first][words] = to
}

// nameCountries learns every country's and region's name in three languages, and its code.
func (l *lexicon) nameCountries(f folder) {
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			r, err := language.ParseRegion(code)
			if err != nil || !r.IsCountry() || r.String() != code {
				continue
			}
			l.countries[strings.ToLower(code)] = code
			for _, lang := range text.Languages() {
				name := strings.Join(split(f.fold(lang.Country(code))), " ")
				if _, taken := l.countries[name]; taken || name == "" { // an older code of a country bears its name too
					continue
				}
				l.countries[name] = code
				if len(name) > 3 {
					l.phrase(name, "@"+code)
				}
			}
		}
	}
}

// longestPhrase is how many words a phrase may have.
const longestPhrase = 5

// replace puts what phrases stand for in their place, the longest first.
func (l *lexicon) replace(in []string) []string {
	out := make([]string, 0, len(in))
	for i := 0; i < len(in); {
		n, to := 1, in[i]
		if known := l.phrases[in[i]]; known != nil {
			for k := min(longestPhrase, len(in)-i); k > 0; k-- {
				if p, ok := known[strings.Join(in[i:i+k], " ")]; ok {
					n, to = k, p
					break
				}
			}
		}
		out = append(out, to)
		i += n
	}
	return out
}

// A folder takes case and accents off. It is for one goroutine.
type folder struct{ transform transform.Transformer }

func newFolder() folder {
	return folder{transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)}
}

func (f folder) fold(s string) string {
	ascii := true
	for i := range len(s) {
		if s[i] >= 0x80 {
			ascii = false
			break
		}
	}
	if !ascii {
		if plain, _, err := transform.String(f.transform, s); err == nil {
			s = plain
		}
		s = strings.NewReplacer("ß", "ss", "æ", "ae", "Æ", "ae", "ø", "o", "Ø", "o", "ł", "l", "Ł", "l", "đ", "d", "’", "'").Replace(s)
	}
	return strings.ToLower(s)
}

// split cuts folded text into runs of letters and digits. C# and C++ keep their sign.
func split(s string) []string {
	var out []string
	start := -1
	for i, r := range s {
		word := unicode.IsLetter(r) || unicode.IsDigit(r) || start >= 0 && (r == '#' || r == '+')
		switch {
		case word && start < 0:
			start = i
		case !word && start >= 0:
			out = append(out, s[start:i])
			start = -1
		}
	}
	if start >= 0 {
		out = append(out, s[start:])
	}
	return out
}
