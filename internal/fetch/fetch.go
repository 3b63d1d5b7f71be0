// Package fetch gets what strangers publish on the web, within bounds: public addresses alone, a size, a time and a number of redirects
// that are limited, and what robots.txt (RFC 9309) forbids left alone. It knows no domain and stores nothing.
package fetch

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// Agent is how Errera calls itself to servers and in their robots.txt.
const Agent = "Errera"

// Limits are what one fetch may take. All of it: robots.txt and redirects too.
type Limits struct {
	Bytes     int64 // of the body, packed or not
	Redirects int
	Time      time.Duration
}

// Usual are the limits outside tests.
func Usual() Limits { return Limits{Bytes: 5 << 20, Redirects: 5, Time: 30 * time.Second} }

// Guard tells whether an address may be connected to. It is asked for each connection, after the name was resolved.
type Guard func(netip.AddrPort) bool

// Fetcher fetches. It keeps nothing between two fetches.
type Fetcher struct {
	limits Limits
	guard  Guard
	agent  string
}

// New makes a fetcher that connects only where the guard allows it: Public, but for tests against a server of their own.
func New(version string, limits Limits, guard Guard) *Fetcher {
	return &Fetcher{limits: limits, guard: guard, agent: Agent + "/" + version + " (calendar import; obeys robots.txt)"}
}

// Known is what an earlier answer said of its version; a server that still has it need not send it again.
type Known struct{ ETag, Modified string }

// Answer is what a server sent.
type Answer struct {
	Same  bool // as what is known: nothing was sent
	Body  []byte
	Type  string // media type as the server says it, with its parameters
	From  string // where it came from in the end
	Known Known
}

// CheckAddress tells what is wrong with an address before anything is asked: invalid at field url.
func CheckAddress(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Opaque != "" || (u.Scheme != "https" && u.Scheme != "http") || len(raw) > 2000 ||
		strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return nil, fault.Invalid("url", "fetch.address", text.Args{"found": cut(raw)})
	}
	if u.User != nil {
		return nil, fault.Invalid("url", "fetch.password", nil)
	}
	return u, nil
}

// Get fetches an address. Invalid: no web address. Denied: forbidden by robots.txt, or not on the public internet. Unavailable: it did not
// answer, or not within the limits.
func (f *Fetcher) Get(ctx context.Context, address string, known Known) (Answer, error) {
	at, err := CheckAddress(address)
	if err != nil {
		return Answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, f.limits.Time)
	defer cancel()
	client := f.client()
	defer client.CloseIdleConnections()
	obeyed := map[string]rules{}
	for hop := 0; ; hop++ {
		if hop > f.limits.Redirects {
			return Answer{}, fault.Unavailable("fetch.redirects", text.Args{"max": f.limits.Redirects}, nil)
		}
		if err := f.obey(ctx, client, at, obeyed); err != nil {
			return Answer{}, err
		}
		answer, next, err := f.once(ctx, client, at, known)
		if err != nil || next == "" {
			return answer, err
		}
		to, err := at.Parse(next)
		if err != nil {
			return Answer{}, fault.Unavailable("fetch.redirect_bad", text.Args{"found": cut(next)}, err)
		}
		if at, err = CheckAddress(to.String()); err != nil {
			return Answer{}, fault.Unavailable("fetch.redirect_bad", text.Args{"found": cut(next)}, err)
		}
	}
}

// client connects through the guard, follows nothing by itself and asks no proxy, which would connect in our place.
func (f *Fetcher) client() *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil || !f.guard(to) {
			return errPrivate
		}
		return nil
	}}
	return &http.Client{
		Transport: &http.Transport{DialContext: dialer.DialContext, DisableCompression: true, MaxResponseHeaderBytes: 64 << 10,
			TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true, MaxConnsPerHost: 1},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// once asks one address; next is where it sends us instead.
func (f *Fetcher) once(ctx context.Context, client *http.Client, at *url.URL, known Known) (a Answer, next string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return a, "", fault.Internal(err)
	}
	req.Header.Set("User-Agent", f.agent)
	req.Header.Set("Accept", "text/calendar, text/html;q=0.9, application/ld+json;q=0.8, */*;q=0.1")
	req.Header.Set("Accept-Encoding", "gzip")
	set(req.Header, "If-None-Match", known.ETag)
	set(req.Header, "If-Modified-Since", known.Modified)
	res, err := client.Do(req)
	if err != nil {
		return a, "", f.said(ctx, at, err)
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusNotModified:
		return Answer{Same: true, From: at.String(), Known: known}, "", nil
	case res.StatusCode >= 300 && res.StatusCode < 400 && res.Header.Get("Location") != "":
		return a, res.Header.Get("Location"), nil
	case res.StatusCode != http.StatusOK:
		return a, "", fault.Unavailable("fetch.status", text.Args{"host": at.Host, "status": res.StatusCode}, nil)
	}
	body, err := f.read(res, f.limits.Bytes)
	if err != nil {
		return a, "", f.said(ctx, at, err)
	}
	return Answer{Body: body, Type: res.Header.Get("Content-Type"), From: at.String(),
		Known: Known{ETag: short(res.Header.Get("ETag")), Modified: short(res.Header.Get("Last-Modified"))}}, "", nil
}

// read takes a body whole or not at all. The limit holds for what came over the wire and for what it unpacks to.
func (f *Fetcher) read(res *http.Response, most int64) ([]byte, error) {
	if res.ContentLength > most {
		return nil, bigger(most)
	}
	from := io.Reader(io.LimitReader(res.Body, most+1))
	switch strings.ToLower(res.Header.Get("Content-Encoding")) {
	case "", "identity":
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(from)
		if err != nil {
			return nil, errPacked
		}
		defer z.Close()
		from = io.LimitReader(z, most+1)
	default:
		return nil, errPacked
	}
	body, err := io.ReadAll(from)
	if int64(len(body)) > most {
		return nil, bigger(most)
	}
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) {
		return nil, errPacked
	}
	return body, err
}

var (
	errPrivate = errors.New("fetch: not a public address")
	errPacked  = errors.New("fetch: packed in a way that cannot be read")
)

// bigger says that a body is larger than its limit, in bytes.
type bigger int64

func (b bigger) Error() string { return fmt.Sprintf("fetch: larger than %d bytes", int64(b)) }

// said is what a failure means to a person.
func (f *Fetcher) said(ctx context.Context, at *url.URL, err error) error {
	var big bigger
	switch {
	case errors.Is(err, errPrivate):
		return fault.Denied("fetch.private", text.Args{"host": at.Host})
	case errors.As(err, &big):
		return fault.Unavailable("fetch.too_big", text.Args{"host": at.Host, "max": int(big >> 10)}, err)
	case errors.Is(err, errPacked):
		return fault.Unavailable("fetch.packed", text.Args{"host": at.Host}, err)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fault.Unavailable("fetch.too_slow", text.Args{"host": at.Host, "seconds": int(f.limits.Time.Seconds())}, err)
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return fault.Unavailable("fetch.unreachable", text.Args{"host": at.Host}, err)
}

func set(h http.Header, name, value string) {
	if value != "" {
		h.Set(name, value)
	}
}

// short drops a validator that is too long to be kept: without it the next fetch is a whole one.
func short(s string) string {
	if len(s) > 500 {
		return ""
	}
	return s
}

func cut(s string) string {
	s = strings.ToValidUTF8(s, "�")
	if r := []rune(s); len(r) > 120 {
		return string(r[:119]) + "…"
	}
	return s
}
