package cli

import (
	"os"
	"path/filepath"
	"testing"

	"errera.eu/errera/internal/db"
)

// TestRestore brings a backup back, and refuses what is no backup, what is damaged, what somebody changed behind the trail's back, and to
// overwrite anything; a refusal leaves nothing behind.
func TestRestore(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	must(t, "--db", at("first.db"), "import", "programme", filepath.Join(root, "demo", "by-hand"))
	must(t, "--db", at("first.db"), "backup", at("copy.db"))
	must(t, "--db", at("second.db"), "restore", at("copy.db"))
	balance := []string{"--format", "csv", "balance"}
	if a, b := must(t, append([]string{"--db", at("first.db")}, balance...)...), must(t, append([]string{"--db", at("second.db")}, balance...)...); a != b {
		t.Errorf("the books are\n%s\nand after restoring\n%s", a, b)
	}
	if code, _, _ := errera(t, "--db", at("second.db"), "restore", at("copy.db")); code != exitConflict {
		t.Errorf("an existing database was overwritten: %d", code)
	}
	whole, err := os.ReadFile(at("copy.db"))
	if err != nil {
		t.Fatal(err)
	}
	damaged := append([]byte(nil), whole...)
	for i := len(damaged) / 2; i < len(damaged)/2+40_000; i++ {
		damaged[i] ^= 0xff
	}
	write(t, at("damaged.db"), damaged)
	write(t, at("words.db"), []byte("not a database"))
	write(t, at("changed.db"), whole)
	d, err := db.Open(t.Context(), at("changed.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{"drop trigger audit_no_update", "update audit set actor = 'nobody' where n = 1"} {
		if _, err := d.Pool().ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int{"damaged.db": exitConflict, "words.db": exitInvalid, "none.db": exitInvalid, "changed.db": exitConflict} {
		if code, _, says := errera(t, "--db", at("third.db"), "restore", at(name)); code != want {
			t.Errorf("%s: exit code %d, want %d\n%s", name, code, want, says)
		}
		if left, _ := filepath.Glob(at("third.db*")); len(left) > 0 {
			t.Errorf("%s: left behind %v", name, left)
		}
	}
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
