package file

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"errera.eu/errera/internal/fault"
)

// Bounds of one scan.
const (
	scanTime  = 30 * time.Second
	scanChunk = 64 << 10
	maxReply  = 4 << 10
)

// Scanner is a ClamAV daemon that looks at uploads. The zero Scanner looks at none.
type Scanner struct{ Network, Address string }

// ParseScanner reads where clamd listens: unix:/path or host:port; "" for none.
func ParseScanner(s string) (Scanner, error) {
	if s == "" {
		return Scanner{}, nil
	}
	if socket, is := strings.CutPrefix(s, "unix:"); is && strings.HasPrefix(socket, "/") {
		return Scanner{"unix", socket}, nil
	}
	if host, port, err := net.SplitHostPort(s); err == nil && host != "" && port != "" && host != "unix" {
		return Scanner{"tcp", s}, nil
	}
	return Scanner{}, fault.Invalid("clamd", "file.bad_scanner", map[string]any{"found": s})
}

// scan names what the scanner found, "" for nothing. It speaks INSTREAM, see clamd(8): chunks with their length before them, a chunk of no
// length at the end, and one line in answer.
func (s Scanner) scan(ctx context.Context, content io.Reader) (found string, err error) {
	ctx, cancel := context.WithTimeout(ctx, scanTime)
	defer cancel()
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, s.Network, s.Address)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) }) // ends a read or write that hangs
	defer stop()
	sent := stream(conn, content)
	// A daemon that has enough (its size limit) answers and hangs up while we still send: its answer tells more than our broken pipe.
	reply, err := bufio.NewReader(io.LimitReader(conn, maxReply)).ReadString(0)
	if err != nil {
		return "", errors.Join(sent, err)
	}
	return verdict(strings.TrimSuffix(reply, "\x00"))
}

func stream(to io.Writer, content io.Reader) error {
	if _, err := io.WriteString(to, "zINSTREAM\x00"); err != nil {
		return err
	}
	chunk := make([]byte, 4+scanChunk)
	for {
		n, err := io.ReadFull(content, chunk[4:])
		binary.BigEndian.PutUint32(chunk, uint32(n))
		if _, e := to.Write(chunk[:4+n]); e != nil {
			return e
		}
		switch {
		case n == 0:
			return nil
		case err == io.ErrUnexpectedEOF || err == nil:
		default:
			return err
		}
	}
}

// verdict reads "stream: OK", "stream: NAME FOUND", or a complaint.
func verdict(reply string) (string, error) {
	said := strings.TrimPrefix(reply, "stream: ")
	switch name, infected := strings.CutSuffix(said, " FOUND"); {
	case said == "OK":
		return "", nil
	case infected && name != "":
		return name, nil
	}
	return "", fmt.Errorf("file: the scanner says %q", reply)
}
