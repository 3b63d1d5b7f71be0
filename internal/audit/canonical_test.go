package audit

import (
	"encoding/json"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestCanonical(t *testing.T) {
	type amount struct {
		Z int    `json:"z"`
		A string `json:"a"`
	}
	for _, c := range []struct {
		name string
		in   any
		want string
	}{
		{"nothing", nil, ""},
		{"a nil pointer", (*amount)(nil), ""},
		{"sorted", amount{1, "x"}, `{"a":"x","z":1}`},
		{"sorted within", map[string]any{"b": amount{2, "y"}, "a": []int{2, 1}}, `{"a":[2,1],"b":{"a":"y","z":2}}`},
		{"numbers as written", json.RawMessage(`{ "n" : 12345678901234567890, "d": 1.50 }`), `{"d":1.50,"n":12345678901234567890}`},
		{"no escapes for pages", "<a & b>", `"<a & b>"`},
		{"a line break", "a\nb\u0000", `"a\nb\u0000"`},
		{"bytes that are no text", "a\xffb", "\"a\ufffdb\""},
	} {
		got, err := canonical(c.in)
		if got != c.want || err != nil {
			t.Errorf("%s: %q, %v; want %q", c.name, got, err, c.want)
		}
	}
	if got, err := canonical(math.NaN()); err == nil {
		t.Errorf("NaN is %q", got)
	}
}

func TestCanonicalIsItsOwnCanonicalForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.MapOf(rapid.String(), rapid.SliceOf(rapid.String())).Draw(t, "value")
		once, err := canonical(v)
		if err != nil {
			t.Fatal(err)
		}
		twice, err := canonical(json.RawMessage(once))
		if once != twice || err != nil {
			t.Fatalf("%q, then %q, %v", once, twice, err)
		}
	})
}

// The length before each part keeps ("a", "bc") apart from ("ab", "c").
func TestHashesKeepPartsApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.StringN(0, 4, -1), 1, 4).Draw(t, "parts")
		other := rapid.SliceOfN(rapid.StringN(0, 4, -1), 1, 4).Draw(t, "other")
		same := len(parts) == len(other)
		for i := range parts {
			same = same && parts[i] == other[i]
		}
		if (sum(parts...) == sum(other...)) != same {
			t.Fatalf("%q and %q", parts, other)
		}
	})
	if sum("a", "bc") == sum("ab", "c") || sum("") == sum("", "") || sum("1:a,") == sum("a") {
		t.Error("parts run together")
	}
}

// The form is fixed: whoever recomputes a chain with other tools needs exactly this.
func TestHashOfARow(t *testing.T) {
	l := link{"s", 2, "2026-01-02T03:04:05.000006Z", "system:x", "claim.verify", "claim", "c", digestOf("00", "", "{}")}
	if got, want := l.hash("ff"), "58d27697d901561bffc8ea163707409ff9aed8a2fcd45ab039d46ded2621cec6"; got != want {
		t.Errorf("hash %s, want %s", got, want)
	}
}

func TestNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l numbers
		var all []int64
		n := int64(0)
		for range rapid.IntRange(0, 30).Draw(t, "count") {
			n += rapid.Int64Range(1, 3).Draw(t, "step")
			l.add(n)
			all = append(all, n)
		}
		back, err := parseNumbers(l.String())
		if err != nil || back.String() != l.String() {
			t.Fatalf("%s reads as %s, %v", l, back, err)
		}
		in := map[int64]bool{}
		for _, x := range all {
			in[x] = true
		}
		for x := range n + 3 {
			if back.has(x) != in[x] {
				t.Fatalf("%s has %d: %v", l, x, back.has(x))
			}
		}
	})
}
