package filetext

import (
	"bytes"
	"errors"
	"math"
	"strings"

	"github.com/ledongthuc/pdf"
)

// mostPages is how many pages are looked at.
const mostPages = 500

// readPDF reads a document page by page. The library gives up by panicking on what it does not understand: a page that it cannot read is left
// out, a document that it cannot open is damaged.
func readPDF(content []byte) (all string, why Why) {
	defer func() {
		if recover() != nil && all == "" {
			why = Damaged
		}
	}()
	r, err := pdf.NewReader(bytes.NewReader(content), int64(len(content)))
	switch {
	case errors.Is(err, pdf.ErrInvalidPassword):
		return "", Encrypted
	case err != nil:
		return "", Damaged
	}
	var b strings.Builder
	read, pages := 0, min(r.NumPage(), mostPages)
	for n := 1; n <= pages && b.Len() < 2*Most; n++ {
		words, ok := readPage(r, n)
		if ok {
			read++
		}
		b.WriteString(words)
		b.WriteByte('\n')
	}
	if read == 0 {
		return "", Damaged
	}
	return b.String(), ""
}

// readPage reads a page as its words are written; where those run together it puts them apart by where they stand.
func readPage(r *pdf.Reader, n int) (words string, ok bool) {
	defer func() {
		if recover() != nil {
			ok = words != ""
		}
	}()
	p := r.Page(n)
	words, err := p.GetPlainText(nil)
	if err != nil {
		return "", false
	}
	if runTogether(words) {
		words = byPlace(p.Content().Text)
	}
	return words, true
}

// runTogether tells whether most letters stand in words that nobody writes.
func runTogether(s string) bool {
	const longest = 28
	letters, lost := 0, 0
	for _, w := range strings.Fields(s) {
		letters += len(w)
		if len(w) > longest && !strings.Contains(w, "/") {
			lost += len(w)
		}
	}
	return letters > 0 && lost*5 > letters
}

// byPlace puts letters together to words and lines by where they stand: a gap of a fifth of the letters' size is a blank.
func byPlace(letters []pdf.Text) string {
	var b strings.Builder
	for i, l := range letters {
		if i > 0 {
			before := letters[i-1]
			switch size := max(l.FontSize, 1); {
			case math.Abs(l.Y-before.Y) > size/2:
				b.WriteByte('\n')
			case l.X-(before.X+before.W) > size/5 || l.X < before.X-size:
				b.WriteByte(' ')
			}
		}
		b.WriteString(l.S)
	}
	return b.String()
}
