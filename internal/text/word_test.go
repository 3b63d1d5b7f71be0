package text_test

import (
	"testing"

	"errera.eu/errera/internal/text"
)

func TestWord(t *testing.T) {
	key := func(s string) text.Key { return text.Key("activity.type." + s) }
	for typed, want := range map[string]string{"mission": "mission", "MISSION": "mission", "Zending": "mission", "séminaire": "seminar", "": "", "party": ""} {
		if got, is := text.Word(typed, []string{"mission", "seminar"}, key); got != want || is != (want != "") {
			t.Errorf("%q: %q %v, want %q", typed, got, is, want)
		}
	}
}
