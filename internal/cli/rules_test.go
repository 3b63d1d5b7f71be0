package cli

import (
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db/dbtest"
)

// TestRulesByCommand: what holds on a day is listed; nobody but an administrator changes it, never for days that passed, and what is no rule is
// refused at its field. The programme is over, so that nothing can be changed in it, whatever the day on which this runs.
func TestRulesByCommand(t *testing.T) {
	db := dbtest.DSN(t)
	must(t, "--db", db, "import", "programme", byHand())
	must(t, "--db", db, "user", "add", "admin@bureau.example", "--name", "Admin", "--role", string(access.Administrator), "--organisation", "bureau")
	rule := func(who string, args ...string) (int, string, string) {
		return errera(t, append([]string{"--db", db, "--as", who, "--format", "csv", "rule"}, append(args, "--programme", "by-hand")...)...)
	}
	code, out, said := rule("finance@alpha.example", "list", "--on", "2018-06-01")
	for _, want := range []string{"programme,,rate_bp,5000", "claim,,reply_days,"} {
		if code != exitDone || !strings.Contains(out, want) {
			t.Errorf("%d %s%s: no %s", code, out, said, want)
		}
	}
	for _, x := range []struct {
		who       string
		want      int
		part, set string
		says      string
	}{
		{"admin@bureau.example", exitInvalid, "claim", "colour=red", "colour"},
		{"admin@bureau.example", exitInvalid, "claim", "reply_days=soon", "number"},
		{"admin@bureau.example", exitInvalid, "programme", "advance_bp=1", "day of the programme"},
		{"controller@bureau.example", exitDenied, "claim", "reply_days=3", ""},
		{"finance@alpha.example", exitDenied, "claim", "reply_days=3", ""},
	} {
		code, _, said := rule(x.who, "change", x.part, "--from", "2030-01-01", "--reason", "why", "--set", x.set)
		if code != x.want || !strings.Contains(said, x.says) {
			t.Errorf("%s %s %s: %d, want %d: %s", x.who, x.part, x.set, code, x.want, said)
		}
	}
	if code, out, said := rule("admin@bureau.example", "history"); code != exitDone || strings.Count(out, "\n") != 1 {
		t.Errorf("%d %s%s", code, out, said)
	}
}
