package text

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/feature/plural"
)

//go:embed catalogue/*.toml
var files embed.FS

// message is one message in one language: a form for each plural case that it tells apart; other is always there.
type message struct {
	forms map[string][]Part
}

// entry is a message in all its languages, and the file that it stands in.
type entry struct {
	file string
	in   map[Language]*message
}

// catalogue is read once. An embedded file that is no TOML stops the program at its first word: that is a fault of the build, which the
// tests of this package name. Gaps are left to the tests too; at run time a gap shows its key.
var catalogue = sync.OnceValue(func() map[Language]map[Key]*message {
	entries, err := read(files)
	if err != nil && entries == nil {
		panic(err)
	}
	all := map[Language]map[Key]*message{}
	for _, l := range Languages() {
		all[l] = make(map[Key]*message, len(entries))
		for k, e := range entries {
			if m := e.in[l]; m != nil {
				all[l][k] = m
			}
		}
	}
	return all
})

// read takes in all catalogue files. Its error joins every fault of form: two files with one key, an unknown language, a broken message.
// Entries are nil only when a file is no TOML at all.
func read(from fs.FS) (map[Key]*entry, error) {
	names, err := fs.Glob(from, "catalogue/*.toml")
	if err != nil {
		return nil, err
	}
	entries := map[Key]*entry{}
	var faults []error
	for _, name := range names {
		raw, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, err
		}
		var tables map[string]map[string]any
		if err := toml.Unmarshal(raw, &tables); err != nil {
			return nil, fmt.Errorf("%s: %w", name, located(err))
		}
		for key, table := range tables {
			e, err := newEntry(path.Base(name), key, table)
			faults = append(faults, err)
			if first := entries[Key(key)]; first != nil {
				faults = append(faults, fmt.Errorf("%s: %s stands in %s already", e.file, key, first.file))
				continue
			}
			entries[Key(key)] = e
		}
	}
	return entries, errors.Join(faults...)
}

func located(err error) error {
	var d *toml.DecodeError
	if errors.As(err, &d) {
		row, column := d.Position()
		return fmt.Errorf("row %d column %d: %w", row, column, err)
	}
	return err
}

func newEntry(file, key string, table map[string]any) (*entry, error) {
	e := &entry{file: file, in: map[Language]*message{}}
	var faults []error
	for code, v := range table {
		l, ok := ParseLanguage(code)
		if !ok {
			faults = append(faults, fmt.Errorf("%s: %s: no language %q", file, key, code))
			continue
		}
		m, err := newMessage(v)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %s.%s: %w", file, key, code, err))
			continue
		}
		e.in[l] = m
	}
	return e, errors.Join(faults...)
}

// newMessage reads a plain string or a table of plural forms.
func newMessage(v any) (*message, error) {
	switch v := v.(type) {
	case string:
		return oneForm(map[string]any{"other": v})
	case map[string]any:
		return oneForm(v)
	}
	return nil, fmt.Errorf("neither text nor a table of plural forms: %v", v)
}

func oneForm(table map[string]any) (*message, error) {
	m := &message{forms: map[string][]Part{}}
	for name, v := range table {
		s, ok := v.(string)
		if !ok || s == "" {
			return nil, fmt.Errorf("form %s is empty or no text", name)
		}
		if !slices.Contains([]string{"zero", "one", "many", "other"}, name) {
			return nil, fmt.Errorf("no plural form %q", name)
		}
		parts, err := split(s)
		if err != nil {
			return nil, err
		}
		m.forms[name] = parts
	}
	if m.forms["other"] == nil {
		return nil, errors.New("no form other")
	}
	return m, nil
}

var placeholder = regexp.MustCompile(`\{([a-z][a-z0-9_]*)\}`)

// split cuts a message at its placeholders; braces serve for nothing else.
func split(s string) ([]Part, error) {
	var parts []Part
	at := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(s, -1) {
		if m[0] > at {
			parts = append(parts, Part{Text: s[at:m[0]]})
		}
		parts = append(parts, Part{Name: s[m[2]:m[3]], Text: s[m[0]:m[1]]})
		at = m[1]
	}
	if at < len(s) {
		parts = append(parts, Part{Text: s[at:]})
	}
	for _, p := range parts {
		if p.Name == "" && strings.ContainsAny(p.Text, "{}") {
			return nil, fmt.Errorf("stray brace in %q", s)
		}
	}
	return parts, nil
}

// form picks the plural form for the integer under "n": zero when there is one and n is 0, else the case of CLDR, else other.
func (m *message) form(l Language, a Args) []Part {
	if len(m.forms) == 1 {
		return m.forms["other"]
	}
	n, ok := integer(a["n"])
	if !ok {
		return m.forms["other"]
	}
	if f := m.forms["zero"]; n == 0 && f != nil {
		return f
	}
	if f := m.forms[pluralCase(l, n)]; f != nil {
		return f
	}
	return m.forms["other"]
}

func pluralCase(l Language, n int64) string {
	// CLDR looks at the digits without sign; the last seven are enough for these three languages and keep the number in an int.
	if n < 0 {
		n = -(n % 10_000_000)
	}
	if n >= 10_000_000 {
		n = 10_000_000 + n%10_000_000
	}
	switch plural.Cardinal.MatchPlural(l.tag(), int(n), 0, 0, 0, 0) {
	case plural.One:
		return "one"
	case plural.Many:
		return "many"
	}
	return "other"
}
