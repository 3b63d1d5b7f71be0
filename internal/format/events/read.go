package events

import (
	"bytes"
	"context"
	"io"
	"mime"
	"strings"

	"golang.org/x/net/html/charset"

	"errera.eu/errera/internal/fault"
)

// Read reads a calendar or a page, whichever the bytes are; mediaType is what the server said of them. A calendar is UTF-8 unless the server
// names another encoding; a page may name its own.
func Read(ctx context.Context, data []byte, mediaType, base string, ask Ask) (Found, error) {
	kind, params, err := mime.ParseMediaType(mediaType)
	if err != nil {
		kind, params = "", nil // the bytes tell
	}
	start := bytes.ToUpper(bytes.TrimLeft(data[:min(len(data), 200)], "\uFEFF \t\r\n"))
	if kind == "text/calendar" || bytes.HasPrefix(start, []byte("BEGIN:VCALENDAR")) {
		if data, err = decode(data, params["charset"]); err != nil {
			return Found{}, err
		}
		return ReadCalendar(ctx, data, ask)
	}
	if strings.HasSuffix(kind, "json") {
		return ReadPage(ctx, bytes.Join([][]byte{[]byte(`<script type="application/ld+json">`), bytes.ReplaceAll(data, []byte("</"), []byte(`<\/`)), []byte("</script>")}, nil), base, ask)
	}
	from, err := charset.NewReader(bytes.NewReader(data), mediaType)
	if err != nil {
		return Found{}, fault.Invalid("url", "events.bad_page", nil)
	}
	most := int64(4 * len(data)) // no encoding of the web grows more than that
	if data, err = io.ReadAll(io.LimitReader(from, most+16)); err != nil {
		return Found{}, fault.Invalid("url", "events.bad_page", nil)
	}
	return ReadPage(ctx, data, base, ask)
}

// decode turns bytes of a named encoding into UTF-8.
func decode(data []byte, label string) ([]byte, error) {
	if label == "" || strings.EqualFold(label, "utf-8") || strings.EqualFold(label, "us-ascii") {
		return data, nil
	}
	from, err := charset.NewReaderLabel(label, bytes.NewReader(data))
	if err != nil {
		return nil, fault.Invalid("url", "events.encoding", map[string]any{"found": Cut(label, 40)})
	}
	return io.ReadAll(io.LimitReader(from, int64(4*len(data)+16)))
}
