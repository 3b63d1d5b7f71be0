package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// Tests reach their own server and nothing else on this machine.
func only(server *httptest.Server) Guard {
	at := netip.MustParseAddrPort(server.Listener.Addr().String())
	return func(to netip.AddrPort) bool { return to == at }
}

func small() Limits { return Limits{Bytes: 1 << 20, Redirects: 3, Time: 2 * time.Second} }

func serving(t *testing.T, routes map[string]http.HandlerFunc) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	for path, h := range routes {
		mux.HandleFunc(path, h)
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func writes(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }
}

func TestPublicAddressesAlone(t *testing.T) {
	for _, s := range []string{"127.0.0.1:80", "127.8.9.1:443", "10.1.2.3:80", "172.16.0.1:80", "172.31.255.255:80", "192.168.1.1:443",
		"169.254.169.254:80", "100.64.0.1:80", "100.127.255.254:443", "0.0.0.0:80", "192.0.0.192:80", "198.18.0.1:80", "224.0.0.1:80",
		"255.255.255.255:80", "240.0.0.1:80", "192.0.2.1:80", "203.0.113.9:443",
		"[::1]:80", "[::]:80", "[::ffff:127.0.0.1]:80", "[::ffff:10.0.0.1]:443", "[::ffff:169.254.169.254]:80", "[::127.0.0.1]:80",
		"[fe80::1]:80", "[fe80::1%eth0]:80", "[fc00::1]:80", "[fd00:ec2::254]:80", "[64:ff9b::7f00:1]:80", "[64:ff9b:1::a00:1]:80",
		"[2002:7f00:1::]:80", "[2001:0:7f00:1::]:80", "[ff02::1]:80", "[2001:db8::1]:80", "[fec0::1]:80", "[4000::1]:80",
		"8.8.8.8:22", "8.8.8.8:8080", "[2606:4700::1111]:25"} {
		if Public(netip.MustParseAddrPort(s)) {
			t.Errorf("%s passes for public", s)
		}
	}
	for _, s := range []string{"8.8.8.8:80", "193.191.1.1:443", "172.32.0.1:443", "100.128.0.1:80", "[2606:4700::1111]:443", "[::ffff:8.8.8.8]:443"} {
		if !Public(netip.MustParseAddrPort(s)) {
			t.Errorf("%s is refused", s)
		}
	}
	if Public(netip.AddrPort{}) {
		t.Error("no address passes for public")
	}
}

// TestTheGuardRefuses: nothing is sent to an address that is not public, by whatever name, and a redirect opens no door either.
func TestTheGuardRefuses(t *testing.T) {
	var asked atomic.Int32
	inner := serving(t, map[string]http.HandlerFunc{"/": func(http.ResponseWriter, *http.Request) { asked.Add(1) }})
	_, port, err := net.SplitHostPort(inner.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	usual := New("test", small(), Public)
	for _, address := range []string{inner.URL, "http://localhost:" + port + "/", "http://[::ffff:127.0.0.1]:" + port + "/", "http://127.1:" + port + "/",
		"http://2130706433/", "http://0x7f000001/", "http://0/", "http://[::1]/", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[fd00:ec2::254]/"} {
		if _, err := usual.Get(t.Context(), address, Known{}); !fault.Is(err, fault.KindDenied) && !fault.Is(err, fault.KindUnavailable) {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, target := range []string{inner.URL, "http://127.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://10.0.0.1/",
		"http://[::ffff:10.0.0.1]/", "http://100.64.0.1/", "//192.168.0.1/x"} {
		outer := serving(t, map[string]http.HandlerFunc{"/robots.txt": http.NotFound, "/": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", target)
			w.WriteHeader(http.StatusFound)
		}})
		open := only(outer)
		f := New("test", small(), func(to netip.AddrPort) bool { return open(to) || Public(to) })
		_, err := f.Get(t.Context(), outer.URL+"/a.ics", Known{})
		if got := fault.Of(err); err == nil || got.Kind != fault.KindDenied || got.Key != "fetch.private" {
			t.Errorf("redirect to %s: %v", target, err)
		}
	}
	if asked.Load() != 0 {
		t.Errorf("%d requests reached a private address", asked.Load())
	}
}

func TestAddressesOfTheWebAlone(t *testing.T) {
	for _, address := range []string{"", "feed.ics", "ftp://x.example/a", "file:///etc/passwd", "gopher://x.example/", "http:///x", "http:x", "http://x.example/a b",
		"http://x.example/\r\nHost: y", "https://u:p@x.example/", "http://x.example/" + strings.Repeat("a", 2000)} {
		if _, err := New("test", small(), Public).Get(t.Context(), address, Known{}); !fault.Is(err, fault.KindInvalid) || fault.Of(err).Field != "url" {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func bomb(size int) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	zeros := make([]byte, 1<<20)
	for range size >> 20 {
		_, _ = z.Write(zeros)
	}
	_ = z.Close()
	return b.Bytes()
}

// hostile are servers that never end, are too large, too slow, or lead nowhere.
func hostile() map[string]http.HandlerFunc {
	packed := bomb(256 << 20)
	endless := func(w http.ResponseWriter, r *http.Request) {
		chunk := bytes.Repeat([]byte("BEGIN:VEVENT\r\n"), 1000)
		for r.Context().Err() == nil {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
	return map[string]http.HandlerFunc{
		"/robots.txt": http.NotFound,
		"/endless":    endless,
		"/gigantic": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1099511627776")
			endless(w, r)
		},
		"/bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed)
		},
		"/no-gzip": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write([]byte("plain"))
		},
		"/brotli": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			_, _ = w.Write([]byte("x"))
		},
		"/drip": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				_, _ = w.Write([]byte("B"))
				_ = http.NewResponseController(w).Flush()
				time.Sleep(50 * time.Millisecond)
			}
		},
		"/silent": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"/loop":   func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) },
		"/elsewhere": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		},
		"/gone": http.NotFound,
		"/headers": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X", strings.Repeat("a", 1<<20))
			_, _ = w.Write([]byte("x"))
		},
	}
}

// TestHostileServersAreBounded: each ends within the limits of time and memory, and says which of them it broke.
func TestHostileServersAreBounded(t *testing.T) {
	s := serving(t, hostile())
	f := New("test", small(), only(s))
	for path, want := range map[string]text.Key{"/endless": "fetch.too_big", "/gigantic": "fetch.too_big", "/bomb": "fetch.too_big", "/no-gzip": "fetch.packed",
		"/brotli": "fetch.packed", "/drip": "fetch.too_slow", "/silent": "fetch.too_slow", "/loop": "fetch.redirects", "/elsewhere": "fetch.redirect_bad",
		"/gone": "fetch.status", "/headers": "fetch.unreachable"} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		begun := time.Now()
		_, err := f.Get(t.Context(), s.URL+path, Known{})
		took := time.Since(begun)
		runtime.ReadMemStats(&after)
		if got := fault.Of(err); err == nil || got.Key != want || got.Say(text.NL) == string(want) {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
		if took > 20*time.Second || after.TotalAlloc-before.TotalAlloc > 64<<20 {
			t.Errorf("%s: %v, %d MB", path, took, (after.TotalAlloc-before.TotalAlloc)>>20)
		}
	}
	s.CloseClientConnections()
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := f.Get(stopped, s.URL+"/silent", Known{}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

func TestTheSameAgainIsNotSentAgain(t *testing.T) {
	var agents atomic.Value
	s := serving(t, map[string]http.HandlerFunc{"/robots.txt": http.NotFound, "/moved": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/a.ics", http.StatusMovedPermanently)
	},
		"/a.ics": func(w http.ResponseWriter, r *http.Request) {
			agents.Store(r.UserAgent())
			w.Header().Set("ETag", `"one"`)
			w.Header().Set("Last-Modified", "Mon, 01 Mar 2027 10:00:00 GMT")
			w.Header().Set("Content-Type", "text/calendar")
			if r.Header.Get("If-None-Match") == `"one"` && r.Header.Get("If-Modified-Since") != "" {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = z.Write([]byte("BEGIN:VCALENDAR"))
			_ = z.Close()
		}})
	f := New("1.2", small(), only(s))
	first, err := f.Get(t.Context(), s.URL+"/moved", Known{})
	if err != nil || string(first.Body) != "BEGIN:VCALENDAR" || first.Known.ETag != `"one"` || first.From != s.URL+"/a.ics" || first.Type != "text/calendar" {
		t.Fatalf("%+v %v", first, err)
	}
	again, err := f.Get(t.Context(), s.URL+"/moved", first.Known)
	if err != nil || !again.Same || len(again.Body) != 0 || again.Known != first.Known {
		t.Errorf("%+v %v", again, err)
	}
	if a, _ := agents.Load().(string); !strings.HasPrefix(a, "Errera/1.2 ") {
		t.Errorf("calls itself %q", a)
	}
}

// TestRobots: what robots.txt forbids us is not asked for, wherever a redirect leads; a server that fails to say forbids everything.
func TestRobots(t *testing.T) {
	for name, c := range map[string]struct {
		robots http.HandlerFunc
		want   text.Key
	}{
		"everything allowed": {writes("User-agent: *\nDisallow:\n"), ""},
		"none":               {http.NotFound, ""},
		"not for us to see":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, ""},
		"others":             {writes("User-agent: Googlebot\nDisallow: /\n"), ""},
		"us":                 {writes("User-agent: errera\nDisallow: /events\n\nUser-agent: *\nDisallow:\n"), "fetch.robots"},
		"us alone":           {writes("User-agent: *\nDisallow: /\n\nUser-agent: Errera\nAllow: /\n"), ""},
		"everybody":          {writes("User-agent: *\nDisallow: /events/a.ics\n"), "fetch.robots"},
		"failing":            {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, "fetch.robots_down"},
		"endless": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(bytes.Repeat([]byte("Disallow: /\n"), 1000)); err != nil {
					return
				}
			}
		}, "fetch.too_big"},
		"for ever elsewhere": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/robots.txt", http.StatusFound) }, ""},
		"inside": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/", http.StatusFound)
		}, "fetch.private"},
	} {
		var read atomic.Int32
		s := serving(t, map[string]http.HandlerFunc{"/robots.txt": c.robots, "/events/a.ics": func(http.ResponseWriter, *http.Request) { read.Add(1) },
			"/to": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/events/a.ics", http.StatusFound) }})
		f := New("test", small(), only(s))
		for _, path := range []string{"/events/a.ics", "/to"} {
			_, err := f.Get(t.Context(), s.URL+path, Known{})
			if (c.want == "" && err != nil) || (c.want != "" && (err == nil || fault.Of(err).Key != c.want)) {
				t.Errorf("%s: %s: %v, want %q", name, path, err, c.want)
			}
		}
		if (c.want == "") != (read.Load() == 2) {
			t.Errorf("%s: read %d times", name, read.Load())
		}
	}
}
