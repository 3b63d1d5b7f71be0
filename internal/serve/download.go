package serve

import (
	"mime"
	"net/http"
	"strconv"
)

// Download is bytes to hand over as a file.
type Download struct {
	Name, Type string
	Bytes      []byte
	Inline     bool // shown in the browser instead of saved; for types in which nothing runs
}

// Send answers with a file. The browser takes it for what Type says and nothing else, and runs nothing in it.
func Send(w http.ResponseWriter, d Download) error {
	way := "attachment"
	if d.Inline {
		way = "inline"
	}
	h := w.Header()
	h.Set("Content-Type", d.Type)
	h.Set("Content-Length", strconv.Itoa(len(d.Bytes)))
	h.Set("Content-Disposition", mime.FormatMediaType(way, map[string]string{"filename": d.Name}))
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'")
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(d.Bytes) // the reader may be gone; there is nobody to tell
	return nil
}
