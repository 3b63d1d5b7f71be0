package ubl

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"errera.eu/errera/internal/format/xmltree"
)

const modules = "../../../node_modules"

// official is the compiled form of the official rules, made once for each version of them and kept in the user's cache.
func official(t *testing.T) string {
	t.Helper()
	rules := shared(t, "EN16931-UBL-validation.xslt")
	if _, err := os.Stat(filepath.Join(modules, "xslt3")); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("xslt3 is not installed: npm ci --ignore-scripts")
		}
		t.Skip("xslt3 is not installed (npm ci --ignore-scripts): the official rules were not asked")
	}
	content, err := os.ReadFile(rules)
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	sum := sha256.Sum256(content)
	compiled := filepath.Join(cache, "errera", "en16931-"+hex.EncodeToString(sum[:8])+".sef.json")
	if _, err := os.Stat(compiled); err == nil {
		return compiled
	}
	if err := os.MkdirAll(filepath.Dir(compiled), 0o755); err != nil {
		t.Fatal(err)
	}
	part := compiled + "." + strconv.Itoa(os.Getpid())
	out, err := exec.Command("node", filepath.Join(modules, "xslt3", "xslt3.js"), "-xsl:"+rules, "-export:"+part, "-nogo").CombinedOutput()
	if err != nil {
		t.Fatalf("compiling the official rules: %v\n%s", err, out)
	}
	if err := os.Rename(part, compiled); err != nil {
		t.Fatal(err)
	}
	return compiled
}

// judge asks the official rules about documents: the fatal rules that each breaks.
func judge(t *testing.T, rules string, documents []string) []string {
	t.Helper()
	dir := t.TempDir()
	var list strings.Builder
	for i, d := range documents {
		name := filepath.Join(dir, fmt.Sprintf("%05d.xml", i))
		if err := os.WriteFile(name, []byte(d), 0o600); err != nil {
			t.Fatal(err)
		}
		list.WriteString(name + "\n")
	}
	names := filepath.Join(dir, "list")
	if err := os.WriteFile(names, []byte(list.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("node", "testdata/official.cjs", rules, names).CombinedOutput()
	if err != nil {
		t.Fatalf("official rules: %v\n%s", err, out)
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) != len(documents) {
		t.Fatalf("%d answers for %d documents:\n%s", len(lines), len(documents), out)
	}
	verdicts := make([]string, len(lines))
	for i, line := range lines {
		_, verdicts[i], _ = strings.Cut(line, "\t")
	}
	return verdicts
}

// TestWhatWeAcceptTheOfficialRulesAccept changes real documents in one place each: what our reader still takes, the official rules take.
func TestWhatWeAcceptTheOfficialRulesAccept(t *testing.T) {
	rules := official(t)
	random := rand.New(rand.NewPCG(16931, 2017))
	var taken, why []string
	refused := map[string]string{} // one document for each rule that refuses
	for _, name := range files(t) {
		all := mutants(t, load(t, name))
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for _, m := range all {
			_, err := Read(strings.NewReader(m.document))
			var broken Broken
			switch {
			case err == nil:
				taken, why = append(taken, m.document), append(why, name+": "+m.change)
			case errors.As(err, &broken):
				if slices.ContainsFunc(broken, func(b Breach) bool { return b.Rule == "UBL-XSD" || b.Rule == "BR-ER-01" }) {
					continue // stricter than the official rules, which leave it to the schema, or to us
				}
				for _, b := range broken {
					refused[b.Rule] = m.document
				}
			default:
				t.Fatalf("%s: %s: %v", name, m.change, err)
			}
		}
	}
	random.Shuffle(len(taken), func(i, j int) { taken[i], taken[j], why[i], why[j] = taken[j], taken[i], why[j], why[i] })
	limit, err := strconv.Atoi(cmp.Or(os.Getenv("ERRERA_MUTANTS"), "60")) // thousands take minutes
	if err != nil {
		t.Fatal(err)
	}
	taken = taken[:min(limit, len(taken))]
	for i, verdict := range judge(t, rules, taken) {
		if verdict != "" {
			t.Errorf("%s: taken, but the official rules say %s", why[i], verdict)
		}
	}
	t.Logf("%d changed documents taken by both; %d rules refused something", len(taken), len(refused))
	names := slices.Sorted(maps(refused))
	random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	names = names[:min(limit, len(names))]
	documents := make([]string, len(names))
	for i, n := range names {
		documents[i] = refused[n]
	}
	for i, verdict := range judge(t, rules, documents) {
		if !slices.Contains(strings.Fields(verdict), names[i]) && !strings.HasPrefix(verdict, "error") {
			t.Errorf("%s refused a document that the official rules %s", names[i], map[bool]string{true: "take", false: "refuse for " + verdict}[verdict == ""])
		}
	}
}

func maps(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func files(t *testing.T) []string {
	t.Helper()
	return []string{"BIS3_Invoice_positive.XML", "ubl-tc434-creditnote1.xml", "ubl-tc434-example1.xml", "ubl-tc434-example2.xml",
		"ubl-tc434-example3.xml", "ubl-tc434-example4.xml", "ubl-tc434-example5.xml"}
}

type mutant struct{ change, document string }

// mutants are copies of a document with one thing changed: each kind of element removed, doubled, emptied, or given another value; each
// attribute removed or given another value.
func mutants(t *testing.T, document string) []mutant {
	t.Helper()
	root, err := xmltree.Parse(strings.NewReader(document), spaces(), xmltree.Document())
	if err != nil {
		t.Fatal(err)
	}
	var all []mutant
	seen := map[string]bool{}
	root.Walk(func(n *xmltree.Node) {
		kind := kindOf(n)
		if n.Parent() == nil || seen[kind] {
			return
		}
		seen[kind] = true
		keep := func(change string, edit func() func()) {
			undo := edit()
			all = append(all, mutant{change + " " + kind, write(root)})
			undo()
		}
		siblings := &n.Parent().Children
		with := func(children []*xmltree.Node) func() func() {
			return func() func() {
				old := *siblings
				*siblings = children
				return func() { *siblings = old }
			}
		}
		at := slices.Index(*siblings, n)
		keep("without", with(slices.Delete(slices.Clone(*siblings), at, at+1)))
		keep("twice", with(slices.Insert(slices.Clone(*siblings), at, n)))
		for _, value := range values(n) {
			keep(fmt.Sprintf("%q as", value), func() func() {
				old := n.Text
				n.Text = value
				return func() { n.Text = old }
			})
		}
		for i, a := range n.Attrs {
			keep("without @"+a.Name+" of", func() func() {
				old := n.Attrs
				n.Attrs = slices.Delete(slices.Clone(n.Attrs), i, i+1)
				return func() { n.Attrs = old }
			})
			for _, value := range []string{"ZZX", "EUR", "0208", "C62"} {
				keep("@"+a.Name+"="+value+" on", func() func() {
					n.Attrs[i].Value = value
					return func() { n.Attrs[i].Value = a.Value }
				})
			}
		}
	})
	return all
}

func kindOf(n *xmltree.Node) string {
	if n.Parent() == nil {
		return n.Name
	}
	return kindOf(n.Parent()) + "/" + n.Name
}

func values(n *xmltree.Node) []string {
	if len(n.Children) > 0 {
		return nil
	}
	other := []string{"", "S", "E", "Z", "AE", "O", "K", "L", "30", "0", "25", "true", "false", "EUR", "BE", "IT", "VAT", "2019-01-01", "#ABX#text"}
	if f, err := strconv.ParseFloat(n.Text, 64); err == nil {
		for _, d := range []float64{0.01, 1, -1, 100} {
			other = append(other, strconv.FormatFloat(f+d, 'f', 2, 64))
		}
		other = append(other, "-"+n.Text, n.Text+".001")
	}
	return other
}

// write writes a tree as UBL.
func write(root *xmltree.Node) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>`)
	var put func(n *xmltree.Node)
	put = func(n *xmltree.Node) {
		b.WriteString("<" + n.Name)
		if n == root {
			for uri, prefix := range spaces() {
				b.WriteString(" xmlns:" + prefix + `="` + uri + `"`)
			}
		}
		for _, a := range n.Attrs {
			if strings.HasPrefix(a.Name, "?:") {
				continue
			}
			b.WriteString(" " + a.Name + `="`)
			xml.EscapeText(&b, []byte(a.Value))
			b.WriteString(`"`)
		}
		b.WriteString(">")
		xml.EscapeText(&b, []byte(n.Text))
		for _, c := range n.Children {
			put(c)
		}
		b.WriteString("</" + n.Name + ">")
	}
	put(root)
	return b.String()
}
