// Package webtest helps the tests of pages: the small programme loaded, and served to people who are signed in.
package webtest

import (
	"bytes"
	"errors"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/alexedwards/scs/v2"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/intake"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// demo is the folder of the small programme, wherever in the module the test runs.
func demo() fs.FS {
	root := "."
	for range 8 {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		root = filepath.Join(root, "..")
	}
	return os.DirFS(filepath.Join(root, "demo", "by-hand"))
}

// Plain is the text of a selection with single spaces.
func Plain(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

// ByHand loads the small programme and gives the page that an auditor of everything opens on its last day.
func ByHand(t *testing.T, d *db.DB) frame.Page {
	t.Helper()
	f, err := intake.ReadProgramme(demo())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := intake.Load(t.Context(), d, access.System("test"), f, nil); err != nil {
		t.Fatal(err)
	}
	p := frame.Page{Asker: serve.Asker{Actor: access.System("test"), Language: text.EN}}
	if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		p.Programme, err = programme.Current(t.Context(), tx, "")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return p
}

// Site serves the small programme.
type Site struct {
	*httptest.Server
	T  *testing.T
	DB *db.DB
}

// Open serves pages over the small programme.
func Open(t *testing.T, d *db.DB, pages ...func(*frame.Web) []serve.Route) Site {
	t.Helper()
	ByHand(t, d)
	sessions := access.Sessions(d, false)
	w := frame.New(frame.Options{DB: d, Assets: &serve.Assets{}})
	routes := []serve.Route{enter(d, sessions)}
	for _, of := range pages {
		routes = append(routes, of(w)...)
	}
	s := httptest.NewServer(serve.New(serve.Options{DB: d, Sessions: sessions, Routes: routes, Fault: w.Fault, Log: slog.New(slog.DiscardHandler)}))
	t.Cleanup(s.Close)
	return Site{s, t, d}
}

// enter signs in by an address alone.
func enter(d *db.DB, sessions *scs.SessionManager) serve.Route {
	return serve.Route{Method: "POST", Pattern: "/enter", Handle: func(out http.ResponseWriter, r *http.Request) error {
		var who access.Actor
		err := d.Read(r.Context(), func(tx *db.Tx) (err error) {
			who, err = access.LoadActorByEmail(r.Context(), tx, r.PostFormValue("email"))
			return err
		})
		if err != nil {
			return err
		}
		return serve.SignIn(r.Context(), sessions, who.ID)
	}}
}

// Reader is somebody signed in.
type Reader struct {
	Site
	*http.Client
}

// Reader signs somebody in.
func (s Site) Reader(email string) Reader {
	s.T.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.T.Fatal(err)
	}
	r := Reader{s, &http.Client{Jar: jar}}
	r.Post("/enter", http.StatusOK, "email", email)
	return r
}

// Page reads a page in English, and wants a status.
func (r Reader) Page(path string, want int) *goquery.Document {
	r.T.Helper()
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	res, err := r.Get(r.URL + path + sep + "lang=en")
	return r.document(path, res, err, want)
}

// Post sends a form of names and values.
func (r Reader) Post(path string, want int, pairs ...string) *goquery.Document {
	r.T.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	res, err := r.PostForm(r.URL+path, form)
	return r.document(path, res, err, want)
}

// Send posts a form with one file, as its field "file".
func (r Reader) Send(path string, want int, name string, file []byte) *goquery.Document {
	r.T.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(file)
	}
	if err := errors.Join(err, w.Close()); err != nil {
		r.T.Fatal(err)
	}
	res, err := r.Client.Post(r.URL+path+"?lang=en", w.FormDataContentType(), &b)
	return r.document(path, res, err, want)
}

func (r Reader) document(path string, res *http.Response, err error, want int) *goquery.Document {
	r.T.Helper()
	if err != nil {
		r.T.Fatal(err)
	}
	defer res.Body.Close()
	doc, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		r.T.Fatal(err)
	}
	doc.Url = res.Request.URL // where redirects led
	if res.StatusCode != want {
		r.T.Fatalf("%s: status %d, not %d: %s", path, res.StatusCode, want, Plain(doc.Find("h1")))
	}
	if res.Request.Method == http.MethodPost && (want == http.StatusOK || want == http.StatusUnprocessableEntity) {
		r.leads(path, doc)
	}
	return doc
}

// leads wants a page behind the links to other languages of a page that answers a form.
func (r Reader) leads(path string, doc *goquery.Document) {
	r.T.Helper()
	for _, a := range doc.Find(".er-lang a[lang]").EachIter() {
		href, _ := a.Attr("href")
		u, err := url.Parse(href)
		if err != nil {
			r.T.Fatal(err)
		}
		q := u.Query()
		q.Set("lang", "en") // the reader's own
		u.RawQuery = q.Encode()
		res, err := r.Get(r.URL + u.RequestURI())
		if err != nil {
			r.T.Fatal(err)
		}
		if res.Body.Close(); res.StatusCode != http.StatusOK {
			r.T.Errorf("%s: %s in another language is no page: status %d", path, href, res.StatusCode)
		}
	}
}

// Says wants words in what a selector finds.
func (r Reader) Says(doc *goquery.Document, selector, want string) {
	r.T.Helper()
	if got := Plain(doc.Find(selector)); !strings.Contains(got, want) {
		r.T.Errorf("%s says %q, it should say %q", selector, got, want)
	}
}
