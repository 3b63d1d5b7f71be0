package redline

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWords(t *testing.T) {
	for _, c := range []struct{ before, after, want string }{
		{"at least two activities", "at least three activities", "at least [-two-]{+three+} activities"},
		{"of the programme. Costs", "of the programme, of which one in Limburg. Costs", "of the programme{+, of which one in Limburg+}. Costs"},
		{"claims each quarter, within", "claims twice a year, within", "claims [-each quarter-]{+twice a year+}, within"},
		{"of submission or of its last question.", "of submission.", "of submission[- or of its last question-]."},
		{"pays {total} once", "pays {rate} once", "pays [-{total}-]{+{rate}+} once"},
		{"", "new", "{+new+}"}, {"old", "", "[-old-]"}, {"same", "same", "same"}, {"", "", ""},
		{"één", "een", "[-één-]{+een+}"},
	} {
		if got := Text(Words(c.before, c.after)); got != c.want {
			t.Errorf("%q to %q: %s, want %s", c.before, c.after, got, c.want)
		}
	}
}

// Whatever two texts are, the redline holds both exactly, also after a way through JSON.
func TestWordsAreExact(t *testing.T) {
	piece := rapid.OneOf(rapid.SampledFrom([]string{"the ", "partner ", "{total}", "{", "}", "\n", ". ", "é", "e\u0301", "\xff", "\u00a0", "1.000", "-"}), rapid.String())
	texts := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(piece, 0, 40).Draw(t, "pieces"), "") })
	rapid.Check(t, func(t *rapid.T) {
		a := texts.Draw(t, "before")
		b := texts.Draw(t, "after")
		if rapid.Bool().Draw(t, "near") {
			b = a[:len(a)/2] + b + a[len(a)/2:]
		}
		s := Words(a, b)
		if Old(s) != a || New(s) != b || Changed(s) != (a != b) {
			t.Fatalf("%q %q: %+v", a, b, s)
		}
		raw, err := json.Marshal(s)
		var back []Segment
		if err != nil || json.Unmarshal(raw, &back) != nil {
			t.Fatal(err)
		}
		if strings.ToValidUTF8(a+b, "") == a+b && (Old(back) != a || New(back) != b) {
			t.Fatalf("JSON changed it: %q", raw)
		}
	})
}

// Two long texts with nothing in common do not take for ever.
func TestLongTextsWithNothingInCommon(t *testing.T) {
	var a, b strings.Builder
	for i := range 20_000 {
		a.WriteString(string(rune('a'+i%7)) + " ")
		b.WriteString(string(rune('h'+i%7)) + "\t")
	}
	if s := Words(a.String(), b.String()); Old(s) != a.String() || New(s) != b.String() {
		t.Error("not exact")
	}
}
