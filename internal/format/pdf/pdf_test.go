package pdf

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"

	"errera.eu/errera/internal/format/pdf/pdftest"
)

func day() time.Time { return time.Date(2026, 10, 3, 9, 30, 0, 0, time.UTC) }

// sample is a document with every kind of block, of several pages.
func sample() Document {
	d := Document{Language: "nl", Title: "Overeenkomst met Éénmaal & Zoon", Over: "Programma 2027-2031", Under: "1 januari 2027 tot 31 december 2031",
		Author: "Bureau", Subject: "Partnerschap", Keywords: "Errera sha256:0123", Mark: "Éénmaal & Zoon", Foot: "sha256 " + strings.Repeat("0123456789abcdef", 4), Made: day()}
	d.Blocks = append(d.Blocks, Facts{{Label: "Partijen", Value: "Bureau en Éénmaal & Zoon"}, {Label: "Totaal", Value: "€\u202f1.234.567,89"}}, Heading{Text: "Bepalingen"})
	for i := range 30 {
		d.Blocks = append(d.Blocks, Clause{Number: fmt.Sprint(i + 1), Title: "Artikel over iets", Level: 1},
			Clause{Number: fmt.Sprintf("%d.1", i+1), Level: 2, Text: strings.Repeat("De partner voert uit wat is afgesproken, “zonder meer”; façade, cœur, Straße, žluťoučký. ", 4)})
	}
	t := Table{Title: "Plafonds", Total: true, Columns: []Column{{"Jaar", 1, false}, {"Plafond", 2, true}}}
	for i := range 60 {
		t.Rows = append(t.Rows, []string{fmt.Sprint(2000 + i), fmt.Sprintf("%d.000,00", i)})
	}
	d.Blocks = append(d.Blocks, Heading{Text: "Bijlage 1", PageBreak: true}, t, Paragraph{Text: "Een noot.", Quiet: true},
		Signing{Name: "Ann Peeters", Role: "voorzitter", Statement: "Ondertekend op 3 oktober 2026 om 9.30 uur"}, Signing{Name: "Bob", Role: "secretaris"})
	return d
}

func render2(t testing.TB, d Document) []byte {
	t.Helper()
	out, err := Render(d)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// tool runs a program of poppler on a PDF.
func tool(t testing.TB, document []byte, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is missing", name)
		}
		t.Skipf("%s is missing (poppler-utils): the PDF was not read by another program", name)
	}
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, document, 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range args {
		args[i] = strings.Replace(args[i], "FILE", file, 1)
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func TestEqualDocumentsGiveEqualBytes(t *testing.T) {
	if a, b := render2(t, sample()), render2(t, sample()); !bytes.Equal(a, b) {
		t.Error("the same document was set in two ways")
	}
}

// Documents are set at the same time, from fonts that all share.
func TestSettingLeavesTheFontsAsTheyAre(t *testing.T) {
	fonts := [][]byte{goregular.TTF, gobold.TTF, gomono.TTF}
	before := make([][]byte, len(fonts))
	for i, f := range fonts {
		before[i] = bytes.Clone(f)
	}
	// The second ends in another glyph than the first: what an earlier test left in a font is not what this one leaves.
	other := sample()
	other.Foot = "sha256 ~"
	render2(t, sample())
	render2(t, other)
	for i, f := range fonts {
		if !bytes.Equal(f, before[i]) {
			t.Errorf("font %d was written into", i)
		}
	}
}

func TestAnotherProgramReadsIt(t *testing.T) {
	document := render2(t, sample())
	if keep := os.Getenv("ERRERA_SCREENSHOTS"); keep != "" {
		if err := os.WriteFile(filepath.Join(keep, "sample.pdf"), document, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	info := tool(t, document, "pdfinfo", "FILE")
	for _, want := range []string{"Overeenkomst met Éénmaal & Zoon", "Errera sha256:0123", "A4"} {
		if !strings.Contains(info, want) {
			t.Errorf("no %q in\n%s", want, info)
		}
	}
	said := tool(t, document, "pdftotext", "-layout", "FILE", "-")
	pages := strings.Count(said, "\f")
	said = strings.Join(strings.Fields(said), " ") // another program writes spaces as it sees them
	for _, want := range []string{"Bepalingen", "30.1", "façade, cœur, Straße, žluťoučký", "€ 1.234.567,89", "59.000,00", fmt.Sprintf("1/%d", pages),
		fmt.Sprintf("%d/%d", pages, pages), "Ondertekend op 3 oktober 2026", strings.Repeat("0123456789abcdef", 4)} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
	if n := strings.Count(said, "Plafond "); n != 2 {
		t.Errorf("the head of the table stands %d times", n)
	}
	if fonts := tool(t, document, "pdffonts", "FILE"); strings.Count(fonts, "Identity-H       yes no  yes") != 3 || len(document) > 120_000 {
		t.Errorf("fonts are not embedded, cut down and readable:\n%s", fonts)
	}
}

func key(t testing.TB, name string) Key {
	t.Helper()
	file, err := MakeKey(name, "Bureau", "secret", day())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ParseKey(file, "wrong"); !errors.Is(err, ErrKey) {
		t.Errorf("with a wrong password: %v", err)
	}
	k, err := ParseKey(file, "secret")
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestASealIsValidForOthers(t *testing.T) {
	document := render2(t, sample())
	k := key(t, "Bureau")
	sealed, err := Seal(document, k, "Overeenkomst", "Brussel", day())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(sealed, document) {
		t.Error("the seal changed the document")
	}
	said := tool(t, sealed, "pdfsig", "FILE")
	for _, want := range []string{"Signature is Valid", "Total document signed", "Bureau"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
	all, err := Verify(sealed, document)
	if err != nil || len(all) != 1 || all[0].Name != "Bureau" || time.Since(all[0].At).Abs() > time.Minute {
		t.Errorf("%+v %v", all, err)
	}
	if _, err := Seal(document, Key{}, "", "", day()); !errors.Is(err, ErrKey) {
		t.Errorf("without a key: %v", err)
	}
	if _, err := Seal([]byte("%PDF-1.3 no more"), k, "", "", day()); err == nil {
		t.Error("a seal on no PDF")
	}
}

func TestWhatWasSignedElsewhere(t *testing.T) {
	document := render2(t, sample())
	other := sample()
	other.Blocks = append(Facts{{Label: "Totaal", Value: "€ 2"}}.list(), other.Blocks...)
	ann, bob := pdftest.New(t, "Ann Peeters"), pdftest.New(t, "Bob")
	once := ann.Sign(t, document)
	twice := bob.Sign(t, once)
	bent := bytes.Clone(once)
	bent[len(document)/2] ^= 1
	cut := bytes.Clone(once)
	copy(cut[bytes.LastIndex(cut, []byte("/ByteRange")):], bytes.Replace(cut[bytes.LastIndex(cut, []byte("/ByteRange")):], []byte("[0 "), []byte("[1 "), 1))
	for _, c := range []struct {
		name   string
		signed []byte
		want   error
		by     string
	}{
		{"once", once, nil, "Ann Peeters"},
		{"by two, one after the other", twice, nil, "Ann Peeters, Bob"},
		{"unsigned", document, ErrUnsigned, ""},
		{"one bit is another", bent, ErrAltered, ""},
		{"covers not all", cut, ErrAltered, ""},
		{"added to", append(bytes.Clone(once), "\n1 0 obj\n<<>>\nendobj\n"...), ErrNotWhole, ""},
		{"another document", ann.Sign(t, render2(t, other)), ErrOther, ""},
		{"no PDF", []byte("PK"), ErrNoPDF, ""},
		{"half a PDF", once[:len(document)+40], ErrUnsigned, ""},
	} {
		all, err := Verify(c.signed, document)
		var names []string
		for _, s := range all {
			names = append(names, s.Name)
		}
		if !errors.Is(err, c.want) || (c.want == nil) != (err == nil) || strings.Join(names, ", ") != c.by {
			t.Errorf("%s: %v %v, want %v", c.name, names, err, c.want)
		}
	}
}

// A later revision may redraw a page and still leave every signature whole: the pages are compared, not only the sums.
func TestARedrawnPageIsNotOurs(t *testing.T) {
	document, ann := render2(t, sample()), pdftest.New(t, "Ann")
	at := bytes.Index(document, []byte("/Contents "))
	var own, contents int
	if _, err := fmt.Sscanf(string(document[at:at+30]), "/Contents %d 0 R", &contents); err != nil {
		t.Fatal(err)
	}
	own = bytes.LastIndex(document[:at], []byte(" 0 obj"))
	number := string(document[bytes.LastIndexByte(document[:own], '\n')+1 : own])
	page := string(document[own+len(" 0 obj") : at])
	for name, change := range map[string]string{
		"other words":       page + fmt.Sprintf("/Contents %d 0 R>>", contents+2),
		"a note over it":    page + fmt.Sprintf("/Contents %d 0 R /Annots [<</Subtype /FreeText /Rect [0 0 600 800]>>]>>", contents),
		"a huge signature":  page + fmt.Sprintf("/Contents %d 0 R /Annots [<</Subtype /Widget /FT /Sig /Rect [0 0 600 800]>>]>>", contents),
		"turned by a right": page + fmt.Sprintf("/Contents %d 0 R /Rotate 90>>", contents),
	} {
		redrawn := appendRevision(t, document, number, change)
		signed := ann.Sign(t, redrawn)
		if _, err := Signatures(signed); err != nil {
			t.Errorf("%s: the signature itself: %v", name, err)
		}
		if _, err := Verify(signed, document); !errors.Is(err, ErrOther) {
			t.Errorf("%s: %v", name, err)
		}
	}
	same := appendRevision(t, document, number, page+fmt.Sprintf("/Contents %d 0 R>>", contents))
	if _, err := Verify(ann.Sign(t, same), document); err != nil {
		t.Errorf("the same page written again: %v", err)
	}
}

// appendRevision writes an object anew, as an incremental update (ISO 32000-1, 7.5.6).
func appendRevision(t *testing.T, document []byte, number, object string) []byte {
	t.Helper()
	out := bytes.Clone(document)
	from := bytes.LastIndex(document, []byte("startxref\n"))
	var before int
	if _, err := fmt.Sscan(string(document[from+len("startxref\n"):]), &before); err != nil {
		t.Fatal(err)
	}
	trailer := string(document[bytes.LastIndex(document, []byte("trailer\n")):from])
	at := len(out)
	out = fmt.Appendf(out, "%s 0 obj%s\nendobj\n", number, object)
	table := len(out)
	out = fmt.Appendf(out, "xref\n%s 1\n%010d 00000 n \n", number, at)
	return fmt.Appendf(out, "%s\nstartxref\n%d\n%%%%EOF\n", strings.Replace(trailer, "<<", fmt.Sprintf("<<\n/Prev %d", before), 1), table)
}

func (f Facts) list() []Block { return []Block{f} }

func FuzzVerify(f *testing.F) {
	document, err := Render(Document{Language: "nl", Title: "t", Made: day()})
	if err != nil {
		f.Fatal(err)
	}
	signed := pdftest.New(f, "Ann").Sign(f, document)
	f.Add(signed)
	f.Add(document)
	f.Add([]byte("%PDF-1.7\n/ByteRange [0 1 2 3]"))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := Verify(b, document)
		if err == nil && (len(all) == 0 || !bytes.Equal(b[:len(document)], document) && !bytes.Contains(b, []byte("/ByteRange"))) {
			t.Errorf("accepted %d bytes with %d signatures", len(b), len(all))
		}
	})
}

func TestACertificateMustBeInForce(t *testing.T) {
	c := &x509.Certificate{NotBefore: day(), NotAfter: day().Add(time.Hour)}
	for after, good := range map[time.Duration]bool{-time.Second: false, time.Minute: true, 2 * time.Hour: false} {
		if err := within(c, day().Add(after)); (err == nil) != good {
			t.Errorf("%v: %v", after, err)
		}
	}
}

// TestNothingRunsIntoItsNeighbour: a head is not cut inside a word, a long label does not run over its value, and a short list of facts stays
// on one page.
func TestNothingRunsIntoItsNeighbour(t *testing.T) {
	s := &setter{Fpdf: fpdf.New("P", "mm", "A4", "")}
	s.SetMargins(leftMargin, topMargin, rightMargin)
	s.SetCellMargin(0)
	s.SetAutoPageBreak(true, footMargin)
	s.fonts()
	s.AddPage()
	columns := []Column{{Head: "KPI", Width: 3.4}, {Head: "Eenheid", Width: 1.4}, {Head: "Nulmeting", Width: 1.1, Right: true}}
	for range 5 {
		columns = append(columns, Column{Head: "2027", Width: 1, Right: true})
	}
	columns = append(columns, Column{Head: "Gewicht", Width: 1, Right: true})
	widths, sum := Table{Columns: columns}.widths(s), 0.0
	for i, w := range widths {
		s.font("B", s.note(), quiet())
		if lines := s.cell(w, columns[i].Head); len(lines) != 1 {
			t.Errorf("%q is cut: %q", columns[i].Head, lines)
		}
		sum += w
	}
	if math.Abs(sum-textWidth) > 0.01 {
		t.Errorf("the columns take %.2f of %.2f", sum, textWidth)
	}
	facts := Facts{{Label: "Deel van de aanvaarde kosten", Value: "50 %"}, {Label: "Kort", Value: "1"}}
	label := s.labels(facts)
	if long := s.GetStringWidth(facts[0].Label); label <= long {
		t.Errorf("a label of %.1f stands in %.1f", long, label)
	}
	s.SetY(pageHeight - footMargin - 8)
	facts.set(s)
	if s.PageNo() != 2 {
		t.Errorf("a list of two facts was parted: page %d", s.PageNo())
	}
}
