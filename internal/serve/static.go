package serve

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// Assets serves embedded files under names that hold their content's hash, so that browsers keep them for a year and never a stale one.
type Assets struct {
	paths map[string]string // file name -> address
	files map[string]asset  // address -> content
}

type asset struct {
	plain, zipped []byte // plain is nil for what was packed before: who cannot unpack it is rare
	kind          string
}

// NewAssets reads all files of the given file systems; a later one wins over an earlier one. Style sheets may name other files of the
// set as url(NAME); the hashed address is put in. A file that was packed as NAME.gz is served as NAME, and names no others.
func NewAssets(sources ...fs.FS) (*Assets, error) {
	raw := map[string][]byte{}
	for _, source := range sources {
		err := fs.WalkDir(source, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasPrefix(path.Base(name), ".") {
				return err
			}
			b, err := fs.ReadFile(source, name)
			raw[path.Base(name)] = b
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	a := &Assets{paths: map[string]string{}, files: map[string]asset{}}
	for name, b := range raw {
		switch path.Ext(name) {
		case ".css":
		case ".gz":
			a.keep(strings.TrimSuffix(name, ".gz"), b, asset{zipped: b})
		default:
			if err := a.add(name, b); err != nil {
				return nil, err
			}
		}
	}
	for name, b := range raw {
		if path.Ext(name) == ".css" {
			if err := a.add(name, a.link(b)); err != nil {
				return nil, err
			}
		}
	}
	return a, nil
}

func (a *Assets) link(css []byte) []byte {
	for name, address := range a.paths {
		for _, form := range []string{"url(" + name + ")", "url(./" + name + ")", "url(./files/" + name + ")", "url(files/" + name + ")"} {
			css = bytes.ReplaceAll(css, []byte(form), []byte("url("+address+")"))
		}
	}
	return css
}

func (a *Assets) add(name string, b []byte) error {
	f := asset{plain: b}
	if path.Ext(name) != ".woff2" { // a font is packed as it is
		var z bytes.Buffer
		zw, err := gzip.NewWriterLevel(&z, gzip.BestCompression)
		if err != nil {
			return err
		}
		if _, err := zw.Write(b); err != nil {
			return err
		}
		if err := zw.Close(); err != nil {
			return err
		}
		f.zipped = z.Bytes()
	}
	a.keep(name, b, f)
	return nil
}

// keep gives a file the address of its content.
func (a *Assets) keep(name string, content []byte, f asset) {
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	address := "/static/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
	f.kind = mime.TypeByExtension(ext)
	if ext == ".woff2" {
		f.kind = "font/woff2"
	}
	a.paths[name], a.files[address] = address, f
}

// Path is the address of a file, or "" when the program was built without it.
func (a *Assets) Path(name string) string { return a.paths[name] }

func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := a.files[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	switch {
	case f.zipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip"):
		h.Set("Content-Encoding", "gzip")
		_, _ = w.Write(f.zipped) // the reader may be gone; there is nobody to tell
	case f.plain != nil:
		_, _ = w.Write(f.plain)
	default:
		f.unpack(w)
	}
}

func (f asset) unpack(w io.Writer) {
	z, err := gzip.NewReader(bytes.NewReader(f.zipped))
	if err == nil {
		_, err = io.Copy(w, z)
	}
	if err != nil {
		panic(http.ErrAbortHandler) // half a file must not look whole
	}
}
