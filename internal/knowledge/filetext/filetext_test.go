package filetext

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"
	"github.com/xuri/excelize/v2"

	"errera.eu/errera/internal/file"
)

func zipped(t testing.TB, entries ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(entries); i += 2 {
		w, err := z.Create(entries[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(entries[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// printed is a document of pages, for a password or ("") anybody.
func printed(t testing.TB, password string, pages ...string) []byte {
	t.Helper()
	f := fpdf.New("P", "mm", "A4", "")
	if password != "" {
		f.SetProtection(0, password, "owner")
	}
	for _, words := range pages {
		f.AddPage()
		f.SetFont("Helvetica", "", 11)
		if words != "" {
			f.MultiCell(0, 5, words, "", "", false)
		}
	}
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sheet(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	for cell, v := range map[string]any{"A1": "Agent in Hanoi", "B1": 12345678, "A2": "Invoerrechten"} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWordsOfFiles(t *testing.T) {
	docx := zipped(t, "[Content_Types].xml", "", "word/document.xml", `<w:document xmlns:w="x"><w:body><w:p><w:r><w:t>Douane</w:t></w:r><w:r><w:t>tarief</w:t></w:r></w:p>`+
		`<w:p><w:r><w:t>voor machines</w:t></w:r><w:r><w:instrText>HYPERLINK secret</w:instrText></w:r></w:p></w:body></w:document>`)
	odt := zipped(t, "mimetype", string(file.ODT), "content.xml", `<office:document-content xmlns:office="o" xmlns:text="t"><text:p>Marché<text:s/>public</text:p><text:h>Inde</text:h></office:document-content>`)
	for _, c := range []struct {
		name    string
		kind    file.Type
		content []byte
		want    []string
		not     string
	}{
		{"PDF", file.PDF, printed(t, "", "Import duties on machines in India", "Second page: customs"), []string{"Import duties on machines in India", "customs"}, ""},
		{"DOCX", file.DOCX, docx, []string{"Douanetarief\nvoor machines"}, "secret"},
		{"XLSX", file.XLSX, sheet(t), []string{"Agent in Hanoi", "Invoerrechten"}, "<"},
		{"ODT", file.ODT, odt, []string{"Marché\npublic", "Inde"}, ""},
		{"text", file.Text, []byte("na\u00adam;stad\nﬁnance  \t x"), []string{"naam;stad\nfinance x"}, ""},
		{"XML", file.XML, []byte("<a><b>Factuur</b><c>Haven</c></a>"), []string{"Factuur", "Haven"}, "<"},
	} {
		words, why := Read(c.kind, c.content)
		for _, want := range c.want {
			if why != "" || !strings.Contains(words, want) || c.not != "" && strings.Contains(words, c.not) {
				t.Errorf("%s: %q %s, want %q", c.name, words, why, want)
			}
		}
	}
}

// TestWhyAFileIsNotRead: hostile and unhappy files end soon, with a reason.
func TestWhyAFileIsNotRead(t *testing.T) {
	whole := printed(t, "", "Import duties")
	bomb := zipped(t, "[Content_Types].xml", "", "word/document.xml", "<w:document><w:p>"+strings.Repeat("<w:x>"+strings.Repeat(" ", 48)+"</w:x>", unfolded/59+1000))
	for _, c := range []struct {
		name    string
		kind    file.Type
		content []byte
		want    Why
	}{
		{"a picture", file.PNG, []byte("\x89PNG"), Kindless},
		{"a scan", file.PDF, printed(t, "", ""), Wordless},
		{"a password", file.PDF, printed(t, "secret", "Import duties"), Encrypted},
		{"half a PDF", file.PDF, whole[:len(whole)/3], Damaged},
		{"a PDF of nothing", file.PDF, []byte("%PDF-1.7\n"), Damaged},
		{"a table of contents that leads to itself", file.PDF, bytes.ReplaceAll(whole, []byte("/Type /Pages"), []byte("/Type /Pagez")), Wordless},
		{"a ZIP of nothing", file.DOCX, zipped(t, "a", "b"), Damaged},
		{"no ZIP", file.XLSX, []byte("PK\x03\x04"), Damaged},
		{"a bomb", file.DOCX, bomb, TooMuch},
		{"numbers alone", file.Text, []byte("1 2 3"), Wordless},
		{"half an element", file.XML, []byte("<a><"), Damaged},
	} {
		began := time.Now()
		words, why := Read(c.kind, c.content)
		if c.name == "a table of contents that leads to itself" && why == Damaged {
			why = Wordless // either is said
		}
		if why != c.want || words != "" {
			t.Errorf("%s: %q %q, want %q", c.name, words[:min(len(words), 40)], why, c.want)
		}
		if took := time.Since(began); took > time.Minute { // a bound, under the race detector too
			t.Errorf("%s took %s", c.name, took)
		}
	}
	long, _ := Read(file.Text, []byte(strings.Repeat("woord ", 1_000_000)))
	if len(long) > Most || !utf8.ValidString(long) {
		t.Errorf("%d bytes are kept", len(long))
	}
	deep, _ := Read(file.XML, []byte("x<a>"+strings.Repeat("<a>", 1_000_000)))
	if len(deep) > 2 {
		t.Errorf("deep: %q", deep)
	}
}

// FuzzRead: whatever a file holds, reading it gives text or a reason.
func FuzzRead(f *testing.F) {
	f.Add("application/pdf", printed(f, "", "Import duties"))
	f.Add(string(file.XLSX), sheet(f))
	f.Add(string(file.XML), []byte("<a>b</a>"))
	f.Fuzz(func(t *testing.T, kind string, content []byte) {
		words, why := Read(file.Type(kind), content)
		if (words == "") != (why != "") || !utf8.ValidString(words) || len(words) > Most {
			t.Fatal(fmt.Sprint(len(words), why))
		}
	})
}
