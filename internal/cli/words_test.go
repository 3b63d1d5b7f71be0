package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/cli/words"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/knowledge/filetext"
)

// TestWordsInAProcessOfTheirOwn: the program reads a file in a process that it ends when it takes too long, and a broken one is no error.
func TestWordsInAProcessOfTheirOwn(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: no processes")
	}
	w := words.Reader{Program: program(t)}
	said, why, err := w.Read(t.Context(), file.Text, []byte("Invoerrechten op machines"))
	if err != nil || why != "" || said != "Invoerrechten op machines" {
		t.Errorf("%q %s %v", said, why, err)
	}
	if _, why, err := w.Read(t.Context(), file.PDF, []byte("%PDF-1.7\n")); err != nil || why != filetext.Damaged {
		t.Errorf("%s %v", why, err)
	}
	stuck := filepath.Join(t.TempDir(), "stuck")
	if err := os.WriteFile(stuck, []byte("#!/bin/sh\nexit 2\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if _, why, err := (words.Reader{Program: stuck}).Read(t.Context(), file.PDF, []byte("x")); err != nil || why != filetext.TooMuch || time.Since(began) > time.Minute {
		t.Errorf("a process that was ended: %s %v", why, err)
	}
	if _, _, err := (words.Reader{Program: "/nothing/here"}).Read(t.Context(), file.PDF, []byte("x")); err == nil {
		t.Error("a program that is not there is no fault")
	}
	out := filepath.Join(t.TempDir(), "note.txt")
	if err := os.WriteFile(out, []byte("Douane in India"), 0o600); err != nil {
		t.Fatal(err)
	}
	if said := must(t, "words", out); !strings.Contains(said, "Douane in India") {
		t.Error(said)
	}
	if err := os.WriteFile(out, []byte("1 2"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, messages := errera(t, "words", out); code != exitInvalid || !strings.Contains(messages, "holds no text") {
		t.Error(code, messages)
	}
}
