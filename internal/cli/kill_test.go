package cli

import (
	"context"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/db/dbtest"
)

// program is the built binary; a lone `go test` builds one.
func program(t testing.TB) string {
	t.Helper()
	built, err := filepath.Abs(filepath.Join(root, "bin", "errera"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(built); err == nil {
		return built
	}
	built = filepath.Join(t.TempDir(), "errera")
	if out, err := exec.Command("go", "build", "-o", built, root).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return built
}

// kills is how often each engine is hit.
const kills = 50

// TestKilledAtAnyMoment kills imports and settlements with SIGKILL at moments spread over the time that they take. After each, every law
// must hold; the next run must be able to finish the work.
func TestKilledAtAnyMoment(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: processes are not killed")
	}
	t.Parallel()
	k := &killer{binary: program(t), folder: smaller(t, "voka", "agoria", "flanders-bio", "vil", "euka"), random: rand.New(rand.NewPCG(17, 2021))}
	whole, fresh := dbtest.DSN(t), dbtest.DSN(t)
	k.run(t, fresh, "migrate")
	k.run(t, whole, "migrate")
	importing := k.run(t, whole, "import", "programme", k.folder)
	settling := k.run(t, dbtest.Copy(t, whole), "settle", "--all")
	loading, settled := dbtest.Copy(t, fresh), ""
	for n := range kills {
		if n%2 == 0 {
			k.kill(t, loading, importing, "import", "programme", k.folder)
			k.check(t, loading, n)
			if n%8 == 6 { // imports find what killed ones left, and now and then nothing
				k.finish(t, loading, "import", "programme", k.folder)
				loading = dbtest.Copy(t, fresh)
			}
			continue
		}
		if n%8 == 1 {
			settled = dbtest.Copy(t, whole)
		}
		k.kill(t, settled, settling, "settle", "--all")
		k.check(t, settled, n)
		if n%8 == 7 {
			k.finish(t, settled, "settle", "--all")
		}
	}
	t.Logf("import %v, settle %v; %d of %d processes were killed before they ended", importing, settling, k.hit, kills)
	if k.hit < kills/2 {
		t.Errorf("only %d of %d processes were killed before they ended: the test proves too little", k.hit, kills)
	}
}

// killer runs the program as processes of its own.
type killer struct {
	binary, folder string
	random         *rand.Rand
	hit            int // processes that were killed before they ended
}

// run tells how long a command takes; it must succeed.
func (k *killer) run(t testing.TB, dsn string, command ...string) time.Duration {
	t.Helper()
	start := time.Now()
	if out, err := exec.Command(k.binary, append([]string{"--db", dsn}, command...)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v: %s", command, err, out)
	}
	return time.Since(start)
}

// kill starts a command and kills it at a moment of the time that it takes; one that is faster today just ends.
func (k *killer) kill(t testing.TB, dsn string, takes time.Duration, command ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, k.binary, append([]string{"--db", dsn}, command...)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			t.Fatalf("%v: %v", command, err)
		}
	case <-time.After(time.Duration(k.random.Int64N(int64(takes)))):
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		<-done
		k.hit++
	}
}

func (k *killer) check(t testing.TB, dsn string, n int) {
	t.Helper()
	out, err := exec.Command(k.binary, "--db", dsn, "check").CombinedOutput()
	if err != nil && !onlyUnfinished(string(out)) {
		t.Fatalf("after kill %d (%s): %v\n%s", n+1, withoutPassword(dsn), err, out)
	}
}

// finish does what was killed to its end; then not even an unfinished import is left.
func (k *killer) finish(t testing.TB, dsn string, command ...string) {
	t.Helper()
	k.run(t, dsn, command...)
	k.run(t, dsn, "check")
}

// onlyUnfinished tells whether the one thing that check complains of is an import to be finished, which no page shows.
func onlyUnfinished(out string) bool {
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "BROKEN") && !strings.Contains(line, "import") {
			return false
		}
	}
	return strings.Contains(out, "import it again")
}

func TestThePasswordStaysOutOfMessages(t *testing.T) {
	for in, want := range map[string]string{
		"var/errera.db":                        "var/errera.db",
		"postgres://errera:secret@host/errera": "postgres://errera:***@host/errera",
		"postgres://host/errera":               "postgres://host/errera",
	} {
		if got := withoutPassword(in); got != want {
			t.Errorf("%s is shown as %s", (&url.URL{Path: in}).Path, got)
		}
	}
}
