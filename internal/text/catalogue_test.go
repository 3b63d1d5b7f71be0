package text

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// gaps lists what is wrong with entries whose form is right: a language that is missing, placeholders that differ between languages, and
// singular forms that would also be said of nothing.
func gaps(entries map[Key]*entry) []string {
	var out []string
	for key, e := range entries {
		var first []string
		for i, l := range Languages() {
			m := e.in[l]
			if m == nil {
				out = append(out, fmt.Sprintf("%s: %s has no %s", e.file, key, l))
				continue
			}
			names := m.names()
			if i == 0 {
				first = names
			} else if first != nil && !slices.Equal(first, names) {
				out = append(out, fmt.Sprintf("%s: %s has placeholders %v in %s, %v in %s", e.file, key, first, Languages()[0], names, l))
			}
			if len(m.forms) > 1 && !slices.Contains(names, "n") && !slices.Contains(names, "many") && m.forms["one"] != nil {
				out = append(out, fmt.Sprintf("%s: %s has plural forms in %s but never says {n}, or it as a word {many}", e.file, key, l))
			}
			if one := m.forms["one"]; l == FR && one != nil && !has(one, "n") && m.forms["zero"] == nil {
				out = append(out, fmt.Sprintf("%s: %s: French says one of 0 too, so it needs {n} or a form zero", e.file, key))
			}
		}
	}
	slices.Sort(out)
	return out
}

// names lists the placeholders of all forms, sorted.
func (m *message) names() []string {
	names := []string{}
	for _, form := range m.forms {
		for _, p := range form {
			if p.Name != "" {
				names = append(names, p.Name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func has(form []Part, name string) bool {
	return slices.ContainsFunc(form, func(p Part) bool { return p.Name == name })
}

func TestCatalogueIsWhole(t *testing.T) {
	entries, err := read(files)
	if err != nil {
		t.Error(err)
	}
	for _, g := range gaps(entries) {
		t.Error(g)
	}
	if len(entries) < 100 {
		t.Errorf("only %d messages: the catalogue was not read", len(entries))
	}
}

func TestCatalogueKeysAreWellFormed(t *testing.T) {
	entries, _ := read(files)
	for k := range entries {
		if !keyForm.MatchString(string(k)) {
			t.Errorf("%s: %q is no key: area.what, lower case", entries[k].file, k)
		}
	}
}

func TestCatalogueHasNoUntidyText(t *testing.T) {
	entries, _ := read(files)
	for k, e := range entries {
		for l, m := range e.in {
			for name, form := range m.forms {
				for _, p := range form {
					if strings.Contains(p.Text, "  ") || strings.ContainsAny(p.Text, "\n\t") {
						t.Errorf("%s: %s.%s.%s: double space or line break in %q", e.file, k, l, name, p.Text)
					}
				}
			}
		}
	}
}

func TestReadNamesWhatIsWrong(t *testing.T) {
	const good = "[\"a.b\"]\nnl = \"x\"\nen = \"x\"\nfr = \"x\"\n"
	tests := []struct{ name, one, two, want string }{
		{"same key in two files", good, good, "two.toml: a.b stands in one.toml already"},
		{"same key in one file", good + good, "", "one.toml: row 5"},
		{"no TOML", "nl = ", "", "one.toml: row 1"},
		{"unknown language", good, "[\"a.c\"]\nde = \"x\"", `no language "de"`},
		{"unknown plural form", good, "[\"a.c\"]\nnl = {few = \"x\", other = \"y\"}", `no plural form "few"`},
		{"no other", good, "[\"a.c\"]\nnl = {one = \"x\"}", "no form other"},
		{"empty", good, "[\"a.c\"]\nnl = \"\"", "is empty"},
		{"number", good, "[\"a.c\"]\nnl = 3", "neither text nor"},
		{"stray brace", good, "[\"a.c\"]\nnl = \"{N} a\"", "stray brace"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := read(fstest.MapFS{"catalogue/one.toml": {Data: []byte(tt.one)}, "catalogue/two.toml": {Data: []byte(tt.two)}})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestGapsAreFound(t *testing.T) {
	tests := []struct{ name, toml, want string }{
		{"missing language", `nl = "x"` + "\n" + `en = "x"`, "has no fr"},
		{"placeholder differs", `nl = "{a}"` + "\n" + `en = "{b}"` + "\n" + `fr = "{a}"`, "placeholders [a] in nl, [b] in en"},
		{"placeholder lacks", `nl = "{a}"` + "\n" + `en = "a"` + "\n" + `fr = "{a}"`, "placeholders [a] in nl, [] in en"},
		{"French one of nothing", `nl = {one = "één van {n}", other = "{n}"}` + "\n" + `en = {one = "{n}", other = "{n}"}` + "\n" + `fr = {one = "un", other = "{n}"}`, "needs {n} or a form zero"},
		{"plural without number", `nl = {one = "een", other = "veel"}` + "\n" + `en = "x"` + "\n" + `fr = "x"`, "never says {n}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			entries, err := read(fstest.MapFS{"catalogue/x.toml": {Data: []byte("[\"a.b\"]\n" + tt.toml)}})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(gaps(entries), "\n"); !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPluralForms(t *testing.T) {
	m, err := newMessage(map[string]any{"zero": "geen", "one": "{n} een", "other": "{n} meer", "many": "{n} de"})
	if err != nil {
		t.Fatal(err)
	}
	noZero, err := newMessage(map[string]any{"one": "één", "other": "meer"})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		m    *message
		l    Language
		n    any
		want string
	}{
		{m, NL, 0, "geen"}, {m, NL, 1, "{n} een"}, {m, NL, 2, "{n} meer"}, {m, EN, int64(1), "{n} een"}, {m, EN, -1, "{n} een"},
		{m, FR, 0, "geen"}, {m, FR, uint8(1), "{n} een"}, {m, FR, 17, "{n} meer"}, {m, EN, 100_000_001, "{n} meer"},
		{m, NL, "1", "{n} meer"}, {m, NL, nil, "{n} meer"}, {m, NL, int64(-1 << 63), "{n} meer"},
		{noZero, NL, 0, "meer"}, {noZero, EN, 0, "meer"}, {noZero, FR, 0, "één"}, {noZero, FR, 1_000_001, "meer"},
	}
	for _, tt := range tests {
		var got string
		for _, p := range tt.m.form(tt.l, Args{"n": tt.n}) {
			got += p.Text
		}
		if got != tt.want {
			t.Errorf("%s n=%v: %q, want %q", tt.l, tt.n, got, tt.want)
		}
	}
}
