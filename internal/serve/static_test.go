package serve_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"errera.eu/errera/internal/serve"
)

// What is embedded packed reaches every reader as what it was, and style sheets find their fonts.
func TestAssetsReachEveryReader(t *testing.T) {
	const sheet = "body { color: teal }"
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(sheet)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	a, err := serve.NewAssets(fstest.MapFS{
		"base.css.gz": {Data: packed.Bytes()},
		"own.css":     {Data: []byte("@font-face { src: url(face.woff2) }")},
		"face.woff2":  {Data: []byte("a font")},
	})
	if err != nil {
		t.Fatal(err)
	}
	font := "@font-face { src: url(" + a.Path("face.woff2") + ") }"
	for name, want := range map[string]string{"base.css": sheet, "own.css": font, "face.woff2": "a font"} {
		for _, accepts := range []string{"", "gzip, br"} {
			r := httptest.NewRequest("GET", a.Path(name), nil)
			r.Header.Set("Accept-Encoding", accepts)
			w := httptest.NewRecorder()
			a.ServeHTTP(w, r)
			body := io.Reader(w.Body)
			if w.Header().Get("Content-Encoding") == "gzip" {
				if accepts == "" {
					t.Errorf("%s is packed for a reader who did not ask for it", name)
				}
				if body, err = gzip.NewReader(w.Body); err != nil {
					t.Fatal(err)
				}
			}
			got, err := io.ReadAll(body)
			if err != nil || string(got) != want {
				t.Errorf("%s, accepting %q: got %q, %v", name, accepts, got, err)
			}
			if kind := w.Header().Get("Content-Type"); strings.HasSuffix(name, ".css") != strings.HasPrefix(kind, "text/css") {
				t.Errorf("%s is sent as %q", name, kind)
			}
		}
	}
}
