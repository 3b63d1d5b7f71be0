package file

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// Type is a media type (RFC 6838).
type Type string

// The kinds of proof that are accepted.
const (
	PDF  Type = "application/pdf"
	PNG  Type = "image/png"
	JPEG Type = "image/jpeg"
	TIFF Type = "image/tiff"
	XML  Type = "application/xml"
	Text Type = "text/plain; charset=utf-8"
	DOCX Type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	XLSX Type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	ODT  Type = "application/vnd.oasis.opendocument.text"
	ODS  Type = "application/vnd.oasis.opendocument.spreadsheet"
	JSON Type = "application/json" // made by the program alone
)

// Seen tells whether a browser shows the type itself and runs nothing in it.
func (t Type) Seen() bool { return t == PDF || t == PNG || t == JPEG }

// typeOf tells what content is by its bytes; false for what is not accepted, such as pages, programs, drawings with scripts and macros.
func typeOf(content []byte) (Type, bool) {
	has := func(s string) bool { return bytes.HasPrefix(content, []byte(s)) }
	switch {
	case has("%PDF-"):
		return PDF, true
	case has("\x89PNG\r\n\x1a\n"):
		return PNG, true
	case has("\xff\xd8\xff"):
		return JPEG, true
	case has("II*\x00"), has("MM\x00*"):
		return TIFF, true
	case has("PK\x03\x04"):
		return officeType(content)
	}
	return textType(content)
}

// officeType looks into a ZIP file for the document that it is (ECMA-376 part 2; ODF 1.3 part 2 section 3).
func officeType(content []byte) (Type, bool) {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return "", false
	}
	names := map[string]*zip.File{}
	for _, f := range z.File {
		names[f.Name] = f
		if strings.HasSuffix(strings.ToLower(f.Name), "vbaproject.bin") || strings.HasPrefix(f.Name, "Basic/") || strings.HasPrefix(f.Name, "Scripts/") {
			return "", false // macros
		}
	}
	switch {
	case names["[Content_Types].xml"] != nil && names["word/document.xml"] != nil:
		return DOCX, true
	case names["[Content_Types].xml"] != nil && names["xl/workbook.xml"] != nil:
		return XLSX, true
	case names["mimetype"] != nil:
		kind := Type(firstBytes(names["mimetype"], 100))
		return kind, kind == ODT || kind == ODS
	}
	return "", false
}

func firstBytes(f *zip.File, most int64) string {
	r, err := f.Open()
	if err != nil {
		return ""
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, most))
	if err != nil {
		return ""
	}
	return string(b)
}

func textType(content []byte) (Type, bool) {
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(content) || bytes.IndexByte(content, 0) >= 0 {
		return "", false
	}
	if bytes.HasPrefix(bytes.TrimSpace(content), []byte("<")) {
		root, err := rootOf(content)
		if err != nil || slices.Contains([]string{"html", "svg", "xhtml", "stylesheet", "transform"}, strings.ToLower(root)) {
			return "", false
		}
		return XML, true
	}
	if kind := http.DetectContentType(content); !strings.HasPrefix(kind, "text/plain") {
		return "", false
	}
	for _, c := range content {
		if (c < 0x20 || c == 0x7f) && c != '\n' && c != '\r' && c != '\t' && c != '\f' {
			return "", false
		}
	}
	return Text, true
}

// rootOf is the name of the outermost element; a document type is refused, for it may define anything.
func rootOf(content []byte) (string, error) {
	d := xml.NewDecoder(bytes.NewReader(content))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // the names of the root are ASCII in all of them
	for {
		t, err := d.RawToken()
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.StartElement:
			return t.Name.Local, nil
		case xml.Directive:
			return "", errors.New("file: a document type")
		}
	}
}
