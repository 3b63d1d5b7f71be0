package index

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"errera.eu/errera/internal/text"
)

func words(s string) (out []string) {
	for _, t := range Tokens(s) {
		out = append(out, t.Word)
	}
	return out
}

func TestTokens(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"L’exportation vers l'Inde, en 2019", "exportation vers inde en 2019"},
		{"Œuvre d’Éric: déjà-vu", "oeuvre eric deja vu"},
		{"Zuid-Koreaanse kleding & e-commerce", "zuid koreaanse kleding commerce"},
		{"a 7 b", "7"},
		{"", ""},
		{"Strasse/Straße", "strasse strasse"},
		{"cafe\u0301s", "cafes"},
	} {
		if got := strings.Join(words(c.in), " "); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}

func TestStemsMeetAcrossForms(t *testing.T) {
	for _, c := range []struct {
		l     text.Language
		forms string
	}{
		{text.NL, "markt markten"},
		{text.NL, "exporteur exporteurs"},
		{text.NL, "vergunning vergunningen"},
		{text.EN, "market markets"},
		{text.EN, "exporting exported exports"},
		{text.EN, "regulation regulations"},
		{text.FR, "marché marchés"},
		{text.FR, "exportateur exportateurs"},
		{text.FR, "réglementation réglementations"},
	} {
		all := strings.Fields(c.forms)
		for _, f := range all[1:] {
			if a, b := Stem(c.l, Fold(all[0])), Stem(c.l, Fold(f)); a != b {
				t.Errorf("%s: %s is %s, %s is %s", c.l, all[0], a, f, b)
			}
		}
	}
	if Stem(text.NL, "markt") == Stem(text.EN, "markt") {
		t.Error("terms of two languages are the same")
	}
}

// TestEverySlipIsFound makes any slip in any word: the two share a form, and OneSlip knows it.
func TestEverySlipIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := []rune(rapid.StringMatching(`[a-eé]{5,14}`).Draw(t, "word"))
		at := rapid.IntRange(0, len(word)-2).Draw(t, "at")
		letter := rune(rapid.IntRange('a', 'f').Draw(t, "letter"))
		slip := slices.Clone(word)
		switch rapid.IntRange(0, 3).Draw(t, "slip") {
		case 0:
			slip = slices.Delete(slip, at, at+1)
		case 1:
			slip[at] = letter
		case 2:
			slip = slices.Insert(slip, at, letter)
		case 3:
			slip[at], slip[at+1] = slip[at+1], slip[at]
		}
		if string(slip) == string(word) {
			return
		}
		forms := Deletions(string(word))
		if !slices.ContainsFunc(Deletions(string(slip)), func(f string) bool { return slices.Contains(forms, f) }) {
			t.Fatalf("%s and %s share no form", string(word), string(slip))
		}
		if !OneSlip(string(word), string(slip)) || !OneSlip(string(slip), string(word)) {
			t.Fatalf("%s and %s are one slip apart", string(word), string(slip))
		}
	})
	for _, far := range [][2]string{{"markt", "markt"}, {"markt", "kramt"}, {"markt", "mark t2"}, {"india", "chinas"}, {"abcd", "badc"}} {
		if OneSlip(far[0], far[1]) {
			t.Errorf("%v are one slip apart", far)
		}
	}
}

func TestPackedPostingsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		block := rapid.IntRange(0, 60).Draw(t, "block")
		numbers := rapid.SliceOfDistinct(rapid.IntRange(0, BlockSize-1), rapid.ID[int]).Draw(t, "numbers")
		slices.Sort(numbers)
		var in []Posting
		for _, n := range numbers {
			in = append(in, Posting{block*BlockSize + n, uint8(rapid.IntRange(1, MaxImpact).Draw(t, "impact"))})
		}
		out, err := Unpack(block, Pack(block, in), nil)
		if err != nil || !slices.Equal(in, out) {
			t.Fatalf("%v became %v (%v)", in, out, err)
		}
	})
}

// FuzzUnpack: whatever stands in the database, reading it ends.
func FuzzUnpack(f *testing.F) {
	f.Add("W1W2")
	f.Add("0000000000")
	f.Add("é")
	f.Fuzz(func(t *testing.T, s string) {
		all, err := Unpack(1, s, nil)
		if err == nil && len(all) > len(s) {
			t.Fatal("more postings than letters")
		}
	})
}

func FuzzTokens(f *testing.F) {
	f.Add("L’œuvre\xff déjà")
	f.Fuzz(func(t *testing.T, s string) {
		for _, k := range Tokens(s) {
			if k.Start < 0 || k.End > len(s) || k.Start >= k.End || k.Word == "" || (utf8.ValidString(s) && !utf8.ValidString(k.Word)) {
				t.Fatalf("%q: %+v", s, k)
			}
			for _, l := range text.Languages() {
				Stem(l, k.Word)
			}
		}
		Snippet(text.FR, s, map[string]bool{"fr:ouvr": true})
	})
}

func TestRank(t *testing.T) {
	posted := func(impact uint8, numbers ...int) (out []Posting) {
		for _, n := range numbers {
			out = append(out, Posting{n, impact})
		}
		return out
	}
	common := Word{{"en:market", 1, posted(20, 1, 2, 3, 4, 5, 6, 7, 8)}}
	rare := Word{{"en:india", 1, posted(20, 2, 9)}, {"en:indiana", 0.5, posted(60, 9)}}
	order := func(enough int) (out []int) {
		for _, h := range Rank([]Word{common, rare}, 10, enough) {
			out = append(out, h.Number)
		}
		return out
	}
	if got := order(2); !slices.Equal(got, []int{2}) {
		t.Errorf("both words: %v", got)
	}
	// 2 holds both; 9 holds the rare word, and the guess does not outdo the word itself by much; of equal ones the newer is first
	if got := order(1); !slices.Equal(got, []int{2, 9, 8, 7, 6, 5, 4, 3, 1}) {
		t.Errorf("any word: %v", got)
	}
	if h := Rank(nil, 10, 0); len(h) != 0 {
		t.Errorf("no words: %v", h)
	}
}

func TestSnippet(t *testing.T) {
	body := strings.Repeat("Vooraf gaat wat niemand zoekt. ", 20) + "De invoerrechten in India dalen voor machines. " + strings.Repeat("Daarna komt de rest. ", 30)
	found := map[string]bool{Stem(text.NL, "invoerrecht"): true, Stem(text.NL, "india"): true}
	var b strings.Builder
	for _, p := range Snippet(text.NL, body, found) {
		if p.Hit {
			fmt.Fprintf(&b, "[%s]", p.Text)
		} else {
			b.WriteString(p.Text)
		}
	}
	got := b.String()
	if !strings.Contains(got, "De [invoerrechten] in [India] dalen") || !strings.HasPrefix(got, "… ") || !strings.HasSuffix(got, " …") {
		t.Errorf("snippet %q", got)
	}
	if len(strings.Fields(got)) > snippetWords*2 {
		t.Errorf("a snippet of %d words", len(strings.Fields(got)))
	}
}
