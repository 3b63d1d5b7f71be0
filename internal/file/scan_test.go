package file

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/fault"
)

// clamd is a small daemon that speaks INSTREAM over a real socket: it finds what holds "EICAR", takes at most a megabyte, and keeps silent
// when told so.
func clamd(t *testing.T, network, address string, mute bool) Scanner {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if mute {
					_, _ = io.Copy(io.Discard, conn)
					return
				}
				_, _ = io.WriteString(conn, answer(conn)+"\x00")
			}()
		}
	}()
	return Scanner{network, l.Addr().String()}
}

func answer(conn io.Reader) string {
	command := make([]byte, len("zINSTREAM\x00"))
	if _, err := io.ReadFull(conn, command); err != nil || string(command) != "zINSTREAM\x00" {
		return "UNKNOWN COMMAND"
	}
	var all []byte
	for {
		var size uint32
		if err := binary.Read(conn, binary.BigEndian, &size); err != nil {
			return "stream: read error ERROR"
		}
		if size == 0 {
			break
		}
		if len(all)+int(size) > 1<<20 {
			return "INSTREAM size limit exceeded. ERROR"
		}
		part := make([]byte, size)
		if _, err := io.ReadFull(conn, part); err != nil {
			return "stream: read error ERROR"
		}
		all = append(all, part...)
	}
	if bytes.Contains(all, []byte("EICAR")) {
		return "stream: Eicar-Test-Signature FOUND"
	}
	return "stream: OK"
}

func TestUploadsAreScanned(t *testing.T) {
	for _, s := range []Scanner{clamd(t, "tcp", "127.0.0.1:0", false), clamd(t, "unix", filepath.Join(t.TempDir(), "clamd"), false)} {
		check := func(content string) (Proof, error) {
			return Check(t.Context(), s, "proof", "a.txt", strings.NewReader(content))
		}
		if p, err := check("good"); err != nil || p.scan != Clean {
			t.Errorf("%v %v", p.scan, err)
		}
		if _, err := check(strings.Repeat("a", 3*scanChunk) + "EICAR"); !fault.Is(err, fault.KindInvalid) || fault.Of(err).Key != "file.infected" ||
			fault.Of(err).Field != "proof" || fault.Of(err).Args["found"] != "Eicar-Test-Signature" {
			t.Errorf("infected: %v", err)
		}
		if _, err := check(strings.Repeat("a", 2<<20)); !fault.Is(err, fault.KindUnavailable) {
			t.Errorf("over the scanner's limit: %v", err)
		}
	}
}

func TestWithoutAnAnswerNothingIsKept(t *testing.T) {
	silent := clamd(t, "tcp", "127.0.0.1:0", true)
	gone := clamd(t, "unix", filepath.Join(t.TempDir(), "clamd"), false)
	gone.Address += ".gone"
	for name, s := range map[string]Scanner{"silent": silent, "gone": gone} {
		ctx := t.Context()
		if name == "silent" {
			short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
			defer cancel()
			ctx = short
		}
		if _, err := Check(ctx, s, "proof", "a.txt", strings.NewReader("good")); !fault.Is(err, fault.KindUnavailable) || fault.Of(err).Key != "file.scanner" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestScannersAreParsed(t *testing.T) {
	for s, want := range map[string]Scanner{"": {}, "unix:/run/clamd": {"unix", "/run/clamd"}, "av.example:3310": {"tcp", "av.example:3310"}} {
		if got, err := ParseScanner(s); err != nil || got != want {
			t.Errorf("%q: %v %v", s, got, err)
		}
	}
	for _, s := range []string{"unix:clamd", "av.example", ":3310", "unix:3310"} {
		if got, err := ParseScanner(s); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%q: %v %v", s, got, err)
		}
	}
}
