package xmltree

import (
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

func parse(s string) (*Node, error) {
	return Parse(strings.NewReader(s), map[string]string{"": "", "urn:a": "a"}, Document())
}

func TestTree(t *testing.T) {
	n, err := parse("\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<x:r xmlns:x='urn:a' xmlns:y='urn:b'><x:i k='v'> a<!-- -->&amp;<![CDATA[<b>]]> </x:i>\n<x:i/><y:z/></x:r>")
	if err != nil {
		t.Fatal(err)
	}
	if n.Name != "a:r" || len(n.All("a:i")) != 2 || n.Words("a:i") != "a&<b>" || !n.First("a:i").Padded || n.Children[2].Name != "?:z" {
		t.Errorf("%+v", n)
	}
	if v, ok := n.First("a:i").Attr("k"); !ok || v != "v" {
		t.Errorf("%q", v)
	}
	if got := n.Children[1].Place(); got != "/a:r/a:i[2]" || n.Children[1].Line() != 3 {
		t.Errorf("%s on line %d", got, n.Children[1].Line())
	}
	var none *Node
	if none.Contains("a") || none.Words("a") != "" || none.First("a") != nil || none.Place() != "" {
		t.Error("a missing element has something")
	}
}

// hostile are documents that must be refused, each with its reason.
func hostile() map[string][2]string {
	lol := `<!DOCTYPE l [<!ENTITY a "lol">`
	for range 9 {
		lol += `<!ENTITY b "` + strings.Repeat("&a;", 10) + `">`
	}
	return map[string][2]string{
		"entity bomb":         {"xml.doctype", lol + "]><l>&b;</l>"},
		"external entity":     {"xml.doctype", `<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>`},
		"external subset":     {"xml.doctype", `<!DOCTYPE l SYSTEM "http://example.org/l.dtd"><l/>`},
		"unknown entity":      {"xml.form", `<l>&x;</l>`},
		"cut off":             {"xml.form", `<l><a>1</a>`},
		"cut off in a tag":    {"xml.form", `<l><a>1</a`},
		"two documents":       {"xml.form", `<l/><l/>`},
		"words behind":        {"xml.form", `<l/>x`},
		"crossed":             {"xml.form", `<l><a></l></a>`},
		"attribute twice":     {"xml.form", `<l a="1" a="2"/>`},
		"prefix not declared": {"xml.form", `<x:l/>`},
		"late declaration":    {"xml.form", ` <?xml version="1.0"?><l/>`},
		"control character":   {"xml.form", "<l>\x01</l>"},
		"nothing":             {"xml.empty", " \n"},
		"Latin-1":             {"xml.encoding", "<?xml version='1.0' encoding='ISO-8859-1'?><l>caf\xe9</l>"},
		"says Latin-1":        {"xml.encoding", "<?xml version='1.0' encoding='ISO-8859-1'?><l>cafe</l>"},
		"UTF-16":              {"xml.encoding", "\xff\xfe<\x00l\x00/\x00>\x00"},
		"deep":                {"xml.deep", strings.Repeat("<l>", 100_000)},
		"many":                {"xml.many", "<l>" + strings.Repeat("<a/>", 300_000) + "</l>"},
		"attributes":          {"xml.markup", "<l " + strings.Repeat("a='' ", 100_000) + "/>"},
		"long comment":        {"xml.markup", "<l><!--" + strings.Repeat("-x", 100_000) + "--></l>"},
		"huge":                {"xml.too_big", "<l>" + strings.Repeat("a", 25<<20) + "</l>"},
	}
}

func TestHostileDocumentsAreRefused(t *testing.T) {
	for name, c := range hostile() {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		_, err := parse(c[1])
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		if !fault.Is(err, fault.KindInvalid) || fault.Of(err).Key != text.Key(c[0]) {
			t.Errorf("%s: %v, want %s", name, err, c[0])
		}
		if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 300 || took > 10*time.Second {
			t.Errorf("%s: %d MB in %s", name, mb, took)
		}
	}
}

// endless is a document without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func TestEndlessDocumentIsRefused(t *testing.T) {
	_, err := Parse(io.MultiReader(strings.NewReader("<l>"), endless{}), nil, Document())
	if fault.Of(err).Key != "xml.too_big" {
		t.Error(err)
	}
}

// A text in very many pieces is put together in time that grows with its length, not with its square.
func TestManyPiecesOfText(t *testing.T) {
	start := time.Now()
	n, err := parse("<l>" + strings.Repeat("a<!---->", 1_000_000) + "</l>")
	if err != nil || len(n.Text) != 1_000_000 {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("<l><a x='1'>b</a></l>")
	for name, c := range hostile() {
		if len(c[1]) < 1000 && name != "" {
			f.Add(c[1])
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := parse(s)
		if err != nil && !fault.Is(err, fault.KindInvalid) {
			t.Fatal(err)
		}
		n.Walk(func(c *Node) { _ = c.Place() })
	})
}
