package overlap

import (
	"slices"
	"strings"
)

// A title is what is left of it once years, editions, stop words and the forms of gatherings are set apart. Words are numbers of the
// finder's vocabulary; core and forms are sorted and each word stands once.
type title struct {
	core     []uint32 // what it is about: words, ~cities, @countries, and numbers such as session 2
	forms    []uint32
	families []uint32
	ordered  []uint32 // core in its order, to know words that one side writes as one
	online   bool
}

// suffixes are forms that names grow onto: RubyConf, DevOpsDays.
func suffixes() []string {
	return []string{"conference", "conf", "con", "summit", "fest", "camp", "days", "day", "beurs", "congres", "zending", "missie"}
}

// title reads a title. The words that name only the year or the edition are gone: two editions differ by their days.
func (v *vocabulary) title(s string) title {
	in := v.words.replace(split(v.folder.fold(strings.ReplaceAll(s, "'", " "))))
	var t title
	for i, w := range in {
		switch {
		case isYear(w), isOrdinal(w), v.words.stop[w] && !(len(in) == 1), isNumber(w) && v.besideEdition(in, i):
			continue
		case isNumber(w):
			t.core = append(t.core, v.number("#"+w))
			continue
		}
		if v.words.online[w] {
			t.online = true
			if _, isForm := v.words.forms[w]; !isForm {
				continue
			}
		}
		v.take(&t, w)
	}
	if len(t.core) == 0 { // "The Conference": its form is its name
		t.core = slices.Clone(t.forms)
	}
	if len(t.core) == 0 {
		for _, w := range in {
			t.core = append(t.core, v.number(w))
		}
	}
	t.ordered = slices.Clone(t.core)
	for _, set := range []*[]uint32{&t.core, &t.forms, &t.families} {
		slices.Sort(*set)
		*set = slices.Compact(*set)
	}
	return t
}

// take puts a word where it belongs; a form that grew onto a name is cut off.
func (v *vocabulary) take(t *title, w string) {
	if one, ok := v.words.one[w]; ok {
		w = one
	}
	if f, ok := v.words.forms[w]; ok {
		t.forms, t.families = append(t.forms, v.number(f.word)), append(t.families, v.number("/"+f.family))
		return
	}
	if w[0] != '~' && w[0] != '@' {
		for _, s := range suffixes() {
			if stem, ok := strings.CutSuffix(w, s); ok && len(stem) >= 2 && (len(s) > 3 || len(stem) >= 4) {
				f := v.words.forms[s]
				t.forms, t.families = append(t.forms, v.number(f.word)), append(t.families, v.number("/"+f.family))
				w = stem
				break
			}
		}
	}
	if one, ok := v.words.one[w]; ok {
		w = one
	}
	t.core = append(t.core, v.number(w))
}

func isNumber(w string) bool {
	return strings.Trim(w, "0123456789") == ""
}

func isYear(w string) bool {
	return len(w) == 4 && isNumber(w) && (w[:2] == "19" || w[:2] == "20")
}

// isOrdinal knows 3rd, 3de, 3e, 3eme.
func isOrdinal(w string) bool {
	end := strings.TrimLeft(w, "0123456789")
	return len(end) < len(w) && slices.Contains([]string{"st", "nd", "rd", "th", "e", "de", "ste", "er", "eme", "ieme"}, end)
}

// besideEdition tells whether a number counts editions.
func (v *vocabulary) besideEdition(in []string, i int) bool {
	for _, k := range []int{i - 1, i + 1} {
		if k >= 0 && k < len(in) && slices.Contains([]string{"edition", "editie", "ed", "volume", "vol", "nr", "no"}, in[k]) {
			return true
		}
	}
	return false
}

// A vocabulary numbers words, so that titles compare fast. It is for one goroutine.
type vocabulary struct {
	words   *lexicon
	folder  folder
	numbers map[string]uint32
	areas   map[string]string
	names   []string
}

func newVocabulary() *vocabulary {
	return &vocabulary{words: words(), folder: newFolder(), numbers: map[string]uint32{}, areas: map[string]string{}}
}

func (v *vocabulary) number(w string) uint32 {
	n, ok := v.numbers[w]
	if !ok {
		n = uint32(len(v.names)) // #nosec G115 -- far fewer words than that
		v.numbers[strings.Clone(w)] = n
		v.names = append(v.names, strings.Clone(w))
	}
	return n
}
