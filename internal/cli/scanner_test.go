package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/web"
	"errera.eu/errera/internal/web/frame"
)

// clamd answers as a scanner does that finds what holds "EICAR".
func clamd(t *testing.T) file.Scanner {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
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
				var all []byte
				part := make([]byte, 4096)
				for !bytes.HasSuffix(all, make([]byte, 4)) { // a chunk of no length ends it
					n, err := conn.Read(part)
					if all = append(all, part[:n]...); err != nil {
						return
					}
				}
				verdict := "stream: OK\x00"
				if bytes.Contains(all, []byte("EICAR")) {
					verdict = "stream: Eicar-Test-Signature FOUND\x00"
				}
				_, _ = io.WriteString(conn, verdict)
			}()
		}
	}()
	return file.Scanner{Network: "tcp", Address: l.Addr().String()}
}

// serveWith serves the house's database with other options.
func (h *house) serveWith(t *testing.T, o frame.Options) {
	t.Helper()
	handler, err := handler(context.Background(), h.db, web.Options{Options: o}, false)
	if err != nil {
		t.Fatal(err)
	}
	h.server = httptest.NewServer(handler)
	t.Cleanup(h.server.Close)
}

// upload sends a file in a form, with the fields beside it.
func (h *house) upload(t *testing.T, client *http.Client, path, field, name string, content []byte, fields map[string]string) (int, string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for k, v := range fields {
		if err := form.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile(field, name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, h.server.URL+path, &body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.AddCookie(&http.Cookie{Name: "lang", Value: "en"})
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	said, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(said)
}

// TestAnInfectedProofIsRefused hands in proofs of a cost while a scanner listens: one is kept, one is refused with the name of what was
// found, and when the scanner is silent none is kept.
func TestAnInfectedProofIsRefused(t *testing.T) {
	h := openHouse(t)
	h.serveWith(t, frame.Options{Demo: true, AsOf: h.programme.Ends, Scanner: clamd(t)})
	client := h.as(t, "finance@alpha.example")
	path, item := h.draftWithItem(t, "finance@alpha.example")
	before := h.files(t)
	clean, infected := []byte("%PDF-1.4\nan invoice"), []byte("%PDF-1.4\nEICAR")
	status, body := h.upload(t, client, path+"/attach", "file", "invoice.pdf", infected, map[string]string{"item": item})
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, "Eicar-Test-Signature") || h.files(t) != before {
		t.Errorf("infected: %d, %d files more, %.300s", status, h.files(t)-before, body)
	}
	if status, body := h.upload(t, client, path+"/attach", "file", "invoice.pdf", clean, map[string]string{"item": item}); status != http.StatusSeeOther ||
		h.files(t) != before+1 {
		t.Errorf("clean: %d, %d files more, %.300s", status, h.files(t)-before, body)
	}
	h.serveWith(t, frame.Options{Demo: true, AsOf: h.programme.Ends, Scanner: file.Scanner{Network: "tcp", Address: "127.0.0.1:1"}})
	client = h.as(t, "finance@alpha.example")
	if status, body := h.upload(t, client, path+"/attach", "file", "other.pdf", []byte("%PDF-1.4\nanother"), map[string]string{"item": item}); status < 400 ||
		h.files(t) != before+1 {
		t.Errorf("no scanner: %d %.300s", status, body)
	}
}

var countFiles = db.SQL("cli.scanner.files", `select count(*) from file`)

func (h *house) files(t *testing.T) (n int) {
	t.Helper()
	h.read(t, func(tx *db.Tx) error { return tx.Row(context.Background(), countFiles).Scan(&n) })
	return n
}

// draftWithItem drafts a claim with one cost and tells its address and the cost.
func (h *house) draftWithItem(t *testing.T, email string) (path, item string) {
	t.Helper()
	ctx := context.Background()
	by := h.actor(t, email)
	var number int
	err := h.db.Write(ctx, h.programme.ID, func(tx *db.Tx) error {
		years, err := settlement.AgreementYears(ctx, tx, h.programme.ID, "alpha", 2018)
		if err != nil {
			return err
		}
		claim, err := knownCosts(ctx, tx, by, h.programme.ID, years[0].Agreement, 1)
		if err != nil {
			return err
		}
		return tx.Row(ctx, draftedItem, claim).Scan(&number, &item)
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("/claims/alpha/2018/%d", number), item
}

var draftedItem = db.SQL("cli.scanner.item", `select c.number, i.id from claim c join cost_item i on i.programme_id = c.programme_id
	and i.claim_id = c.id where c.id = $1`)
