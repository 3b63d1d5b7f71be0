package cli

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestCoordinationFromTheCommandLine: gaps, fragmentation and overlaps as rows; a verb on an overlap that is none says so.
func TestCoordinationFromTheCommandLine(t *testing.T) {
	db := "--db=" + filepath.Join(t.TempDir(), "errera.db")
	must(t, db, "import", "programme", byHand())
	out := must(t, db, "--format=csv", "gaps", "--year=2018", "--all")
	if !strings.HasPrefix(out, "market,sector,priority,gap,") || !strings.Contains(out, "\nDE,food,false,false,false,2,40,") {
		t.Error(out)
	}
	if out := must(t, db, "--format=csv", "gaps", "--year=2018"); strings.Count(out, "\n") != 1 {
		t.Errorf("without a priority and a question nothing is a gap: %s", out)
	}
	out = must(t, db, "--format=csv", "fragmentation")
	if !strings.Contains(out, "\n2018,5,0,0,0,1,") {
		t.Error(out)
	}
	if out := must(t, db, "--format=json", "overlap", "list", "--year=2018", "--state=all"); strings.TrimSpace(out) != "[]" {
		t.Error(out)
	}
	code, _, messages := errera(t, db, "--as=officer@bureau.example", "overlap", "dismiss", "a1", "a2", "--reason=no")
	if code != exitMissing {
		t.Error(code, messages)
	}
	code, _, messages = errera(t, db, "--as=coordinator@alpha.example", "overlap", "propose", "a1", "a2", "--keep=a1", "--share=alpha=x")
	if code != exitInvalid || !strings.Contains(messages, "share") {
		t.Error(code, messages)
	}
	if code, _, _ := errera(t, db, "--as=coordinator@alpha.example", "fragmentation"); code != exitDenied {
		t.Error(code)
	}
}
