package pdf

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/digitorus/pdf"
	"github.com/digitorus/pkcs7"
)

// What can be wrong with a PDF that somebody says they signed.
var (
	ErrNoPDF    = errors.New("pdf: not a PDF that can be read")
	ErrUnsigned = errors.New("pdf: holds no signature")
	ErrNotWhole = errors.New("pdf: something was added after the last signature")
	ErrAltered  = errors.New("pdf: the signature does not fit the content")
	ErrOther    = errors.New("pdf: its pages are not those of the document")
)

// Signature is one digital signature in a PDF.
type Signature struct {
	Subject, Issuer string // in the words of the certificate; that an authority vouches for it is for the reader to judge
	Name            string // the common name of the subject
	Serial          string
	At              time.Time // as the signer's program says; zero when it does not
	Fingerprint     string    // SHA-256 of the certificate
}

// Verify reads a signed PDF and gives its signatures in the order in which they were made. The last one must cover the whole file, each must
// fit what it covers, and the pages must show exactly what those of the original show; or the error is one of this package's.
func Verify(signed, original []byte) ([]Signature, error) {
	all, err := Signatures(signed)
	if err != nil {
		return nil, err
	}
	ours, err := shown(original)
	if err != nil {
		return nil, err
	}
	theirs, err := shown(signed)
	if err != nil {
		return nil, err
	}
	if ours != theirs {
		return nil, ErrOther
	}
	return all, nil
}

// The dictionary of a signature names what it covers and holds the signature in hexadecimal (ISO 32000-1, 12.8.1).
var byteRange = regexp.MustCompile(`/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]`)

// Signatures gives the signatures of a PDF whose last one covers the whole file.
func Signatures(signed []byte) ([]Signature, error) {
	if !bytes.HasPrefix(signed, []byte("%PDF-")) {
		return nil, ErrNoPDF
	}
	found := byteRange.FindAllSubmatch(signed, -1)
	if len(found) == 0 {
		return nil, ErrUnsigned
	}
	var all []Signature
	last := 0
	for _, m := range found {
		var r [4]int
		for i := range r {
			n, err := strconv.Atoi(string(m[i+1]))
			if err != nil {
				return nil, ErrAltered
			}
			r[i] = n
		}
		s, end, err := one(signed, r)
		if err != nil {
			return nil, err
		}
		if end <= last {
			return nil, ErrAltered
		}
		last = end
		all = append(all, s)
	}
	if len(bytes.TrimRight(signed[last:], "\r\n")) > 0 {
		return nil, ErrNotWhole
	}
	return all, nil
}

// one checks the signature whose range is given and tells where what it covers ends. The range must leave out nothing but the signature.
func one(signed []byte, r [4]int) (Signature, int, error) {
	gapFrom, gapTo, end := r[0]+r[1], r[2], r[2]+r[3]
	if r[0] != 0 || gapFrom >= gapTo || end > len(signed) || gapFrom < 0 || end < gapTo {
		return Signature{}, 0, ErrAltered
	}
	gap := signed[gapFrom:gapTo]
	if len(gap) < 4 || gap[0] != '<' || gap[len(gap)-1] != '>' {
		return Signature{}, 0, ErrAltered
	}
	der, err := hex.DecodeString(string(gap[1 : len(gap)-1]))
	if err != nil {
		return Signature{}, 0, ErrAltered
	}
	p, err := pkcs7.Parse(bytes.TrimRight(der, "\x00"))
	if err != nil {
		if p, err = pkcs7.Parse(der); err != nil { // the last byte of the signature itself may be zero
			return Signature{}, 0, ErrAltered
		}
	}
	p.Content = slices.Concat(signed[:gapFrom], signed[gapTo:end])
	if err := p.Verify(); err != nil {
		return Signature{}, 0, errors.Join(ErrAltered, err)
	}
	c := p.GetOnlySigner()
	if c == nil {
		return Signature{}, 0, ErrAltered
	}
	sum := sha256.Sum256(c.Raw)
	s := Signature{Subject: c.Subject.String(), Issuer: c.Issuer.String(), Name: c.Subject.CommonName, Serial: c.SerialNumber.String(),
		Fingerprint: hex.EncodeToString(sum[:])}
	var at time.Time
	if p.UnmarshalSignedAttribute(pkcs7.OIDAttributeSigningTime, &at) == nil {
		s.At = at.UTC()
	}
	return s, end, within(c, s.At)
}

// within refuses a certificate that was not good when it is said to have signed.
func within(c *x509.Certificate, at time.Time) error {
	if !at.IsZero() && (at.Before(c.NotBefore) || at.After(c.NotAfter)) {
		return ErrAltered
	}
	return nil
}

const (
	maxStream = 64 << 20 // bytes that one stream may unpack to
	maxBox    = 0.15     // of the page that the box of a signature may cover
)

// shown is a fingerprint of all that the pages show: what they draw, with which fonts and pictures, on which size of paper. Whatever lies
// over a page, but for the box of a signature, is part of it.
func shown(document []byte) (sum string, err error) {
	defer func() {
		if p := recover(); p != nil { // the reader gives up that way on what is no PDF
			sum, err = "", ErrNoPDF
		}
	}()
	r, err := pdf.NewReader(bytes.NewReader(document), int64(len(document)))
	if err != nil {
		return "", errors.Join(ErrNoPDF, err)
	}
	n := r.NumPage()
	if n < 1 || n > 5000 {
		return "", ErrNoPDF
	}
	h := sha256.New()
	fmt.Fprintf(h, "pages %d\n", n)
	root := r.Trailer().Key("Root")
	for _, key := range []string{"AA", "OCProperties", "OpenAction"} { // what runs or switches layers when the file is opened
		if v := root.Key(key); v.Kind() == pdf.Dict {
			fmt.Fprintf(h, "%s ", key)
			if err := digest(h, v, 0); err != nil {
				return "", err
			}
		}
	}
	for i := range n {
		page := r.Page(i + 1)
		if page.V.IsNull() {
			return "", ErrNoPDF
		}
		for _, key := range []string{"MediaBox", "CropBox", "Rotate", "UserUnit", "Contents", "Resources"} {
			fmt.Fprintf(h, "%s ", key)
			if err := digest(h, inherited(page.V, key), 0); err != nil {
				return "", err
			}
		}
		notes := page.V.Key("Annots")
		for j := range notes.Len() {
			if a := notes.Index(j); !signatureBox(a, page.V) {
				fmt.Fprintf(h, "annotation %s ", a.Key("Subtype").Name())
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// signatureBox tells whether an annotation is the box of a signature, and too small to cover what the page says.
func signatureBox(a, page pdf.Value) bool {
	area := func(box pdf.Value) float64 {
		if box.Len() != 4 {
			return 0
		}
		x := func(i int) float64 { return box.Index(i).Float64() }
		return (x(2) - x(0)) * (x(3) - x(1))
	}
	covers, whole := area(a.Key("Rect")), area(inherited(page, "MediaBox"))
	return a.Key("Subtype").Name() == "Widget" && a.Key("FT").Name() == "Sig" && whole > 0 && max(covers, -covers) <= maxBox*whole
}

// inherited is a page's own value, or that of the branch of the page tree it hangs from.
func inherited(page pdf.Value, key string) pdf.Value {
	for depth := 0; depth < 32 && !page.IsNull(); depth++ {
		if v := page.Key(key); !v.IsNull() {
			return v
		}
		page = page.Key("Parent")
	}
	return pdf.Value{}
}

// digest writes a value with all that it refers to. Streams count by what they hold, not by how that is packed.
func digest(h hash.Hash, v pdf.Value, depth int) error {
	if depth > 24 {
		return ErrNoPDF
	}
	switch v.Kind() {
	case pdf.Dict, pdf.Stream:
		keys := v.Keys()
		slices.Sort(keys)
		fmt.Fprintf(h, "<%d ", v.Kind())
		for _, k := range keys {
			if k == "Parent" || v.Kind() == pdf.Stream && (k == "Length" || k == "Filter" || k == "DecodeParms") {
				continue
			}
			fmt.Fprintf(h, "/%s ", k)
			if err := digest(h, v.Key(k), depth+1); err != nil {
				return err
			}
		}
		if v.Kind() == pdf.Stream {
			body := v.Reader()
			defer body.Close()
			n, err := io.Copy(h, io.LimitReader(body, maxStream+1))
			if err != nil || n > maxStream {
				return errors.Join(ErrNoPDF, err)
			}
			fmt.Fprintf(h, " %d bytes", n)
		}
		fmt.Fprint(h, ">")
	case pdf.Array:
		fmt.Fprintf(h, "[%d ", v.Len())
		for i := range v.Len() {
			if err := digest(h, v.Index(i), depth+1); err != nil {
				return err
			}
		}
		fmt.Fprint(h, "]")
	default:
		fmt.Fprintf(h, "%d:%s ", v.Kind(), v.String())
	}
	return nil
}
