package filetext

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"errera.eu/errera/internal/file"
)

// errEnough says that a reader has all that is kept.
var errEnough = errors.New("filetext: enough")

// An office document is parts of XML in a ZIP file: which parts hold words, in which elements (nil: anywhere), and which elements end a line
// (ECMA-376 part 1, sections 17 and 18; ODF 1.3 part 3, section 6).
type office struct {
	parts        func(name string) bool
	words, lines []string
}

func officeOf(kind file.Type) office {
	switch kind {
	case file.DOCX:
		return office{func(n string) bool {
			base := path.Base(n)
			return path.Dir(n) == "word" && (base == "document.xml" || base == "footnotes.xml" || base == "endnotes.xml")
		}, []string{"t"}, []string{"p", "br", "tc"}}
	case file.XLSX:
		return office{func(n string) bool { return n == "xl/sharedStrings.xml" || strings.HasPrefix(n, "xl/worksheets/sheet") }, []string{"t"}, []string{"si", "is"}}
	}
	return office{func(n string) bool { return n == "content.xml" }, nil, []string{"p", "h", "tab", "line-break", "s"}}
}

// readOffice reads the parts that hold words, in the order of the file.
func readOffice(kind file.Type, content []byte) (string, Why) {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return "", Damaged
	}
	o := officeOf(kind)
	var b strings.Builder
	found := false
	for _, f := range z.File {
		if !o.parts(f.Name) {
			continue
		}
		if f.Flags&1 != 0 {
			return "", Encrypted
		}
		found = true
		part, err := f.Open()
		if err != nil {
			return "", Damaged
		}
		why := o.read(part, &b)
		if err := part.Close(); err != nil && why == "" && b.Len() < Most {
			why = Damaged
		}
		if why != "" || b.Len() >= 2*Most {
			return b.String(), why
		}
	}
	if !found {
		return "", Damaged
	}
	return b.String(), ""
}

func readXML(content []byte) (string, Why) {
	var b strings.Builder
	why := office{}.read(bytes.NewReader(content), &b)
	return b.String(), why
}

// read collects the words of a part. No entity of a document type is known, nothing is fetched.
func (o office) read(from io.Reader, into *strings.Builder) Why {
	bounded := &io.LimitedReader{R: from, N: unfolded}
	d := xml.NewDecoder(bounded)
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	err := o.walk(d, into)
	switch {
	case errors.Is(err, errEnough):
		return ""
	case bounded.N <= 0: // cut off, be it between two tokens
		return TooMuch
	case err == nil:
		return ""
	}
	return Damaged
}

func (o office) walk(d *xml.Decoder, into *strings.Builder) error {
	inside := 0
	for {
		t, err := d.RawToken() // the depth of a hostile part costs nothing
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if slices.Contains(o.words, t.Name.Local) {
				inside++
			}
		case xml.EndElement:
			if slices.Contains(o.words, t.Name.Local) {
				inside--
			}
			if slices.Contains(o.lines, t.Name.Local) || o.lines == nil {
				into.WriteByte('\n')
			}
		case xml.CharData:
			if inside > 0 || o.words == nil {
				into.Write(t)
			}
		}
		if into.Len() >= 2*Most {
			return errEnough
		}
	}
}
