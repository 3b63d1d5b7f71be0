package id_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"errera.eu/errera/internal/id"
)

func TestNewIsCanonicalVersion7(t *testing.T) {
	c := id.New[id.Claim]()
	u, err := uuid.Parse(string(c))
	if err != nil {
		t.Fatal(err)
	}
	if u.Version() != 7 || u.Variant() != uuid.RFC4122 {
		t.Errorf("version %d variant %v, want 7 and RFC 4122", u.Version(), u.Variant())
	}
	if back, err := id.Parse[id.Claim](string(c)); err != nil || back != c {
		t.Errorf("Parse(%q) = %q, %v", c, back, err)
	}
}

func TestNewGrows(t *testing.T) {
	made := make([]id.Entry, 20_000)
	for i := range made {
		made[i] = id.New[id.Entry]()
	}
	if !slices.IsSorted(made) {
		t.Error("IDs of one process are not in the order in which they were made")
	}
	if n := len(slices.Compact(made)); n != 20_000 {
		t.Errorf("%d different IDs, want 20000", n)
	}
}

func TestNewAtTheSameTimeIsUnique(t *testing.T) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	seen := map[id.Item]bool{}
	for range 8 {
		wg.Go(func() {
			for range 500 {
				v := id.New[id.Item]()
				mu.Lock()
				seen[v] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(seen) != 4000 {
		t.Errorf("%d different IDs, want 4000", len(seen))
	}
}

func TestParse(t *testing.T) {
	const good = "01968c3e-7a10-7cc3-98c4-dc0c0c07398f"
	tests := map[string]bool{
		good:                                    true,
		"":                                      false,
		"voka":                                  false,
		strings.ToUpper(good):                   false,
		"{" + good + "}":                        false,
		"urn:uuid:" + good:                      false,
		strings.ReplaceAll(good, "-", ""):       false,
		good + " ":                              false,
		good[:35]:                               false,
		"01968c3e-7a10-7cc3-98c4-dc0c0c07398g":  false,
		"01968c3e+7a10-7cc3-98c4-dc0c0c07398f":  false,
		"00000000-0000-0000-0000-000000000000":  false,
		"' or 1=1 --aaaaaaaaaaaaaaaaaaaaaaaaaa": false,
	}
	for in, ok := range tests {
		got, err := id.Parse[id.Programme](in)
		switch {
		case ok && (err != nil || string(got) != in):
			t.Errorf("Parse(%q) = %q, %v", in, got, err)
		case !ok && (!errors.Is(err, id.ErrMalformed) || got != ""):
			t.Errorf("Parse(%q) = %q, %v; want ErrMalformed", in, got, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("01968c3e-7a10-7cc3-98c4-dc0c0c07398f")
	f.Add("urn:uuid:01968c3e-7a10-7cc3-98c4-dc0c0c07398f")
	f.Fuzz(func(t *testing.T, s string) {
		v, err := id.Parse[id.Person](s)
		if err == nil && (string(v) != s || len(s) != 36 || strings.ToLower(s) != s) {
			t.Errorf("Parse(%q) accepted %q", s, v)
		}
	})
}
