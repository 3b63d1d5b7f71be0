package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What the settings say comes from flags, environment and file, and holds no password.
func TestSettingsKeepSecrets(t *testing.T) {
	file := filepath.Join(t.TempDir(), "errera.toml")
	if err := os.WriteFile(file, []byte("smtp-host = \"mail.bureau.example\"\nsmtp-password = \"hidden-one\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ERRERA_SMTP_FROM", "errera@bureau.example")
	out := must(t, "config", "--config", file, "--smtp-port", "2525", "--db", "postgres://errera:hidden-two@db.example/errera")
	for _, want := range []string{`smtp-host = "mail.bureau.example"`, `smtp-port = "2525"`, `smtp-from = "errera@bureau.example"`, `smtp-password = "***"`} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
	if strings.Contains(out, "hidden") {
		t.Errorf("a password shows in\n%s", out)
	}
	for _, c := range [][]string{{"--smtp-host", "h", "--smtp-from", "nobody"}, {"--smtp-host", "h", "--smtp-from", "a@b.example", "--public-url", "errera"}} {
		args := append([]string{"serve", "--db", filepath.Join(t.TempDir(), "x.db"), "--listen", "127.0.0.1:0"}, c...)
		if code, _, said := errera(t, args...); code != exitInvalid {
			t.Errorf("%v: exit code %d, %s", c, code, said)
		}
	}
}
