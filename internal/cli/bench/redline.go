package bench

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/redline"
	"errera.eu/errera/internal/cli/command"
)

// Pages of the agreements that are compared, and how often.
const (
	redlinePages = 40
	redlineRuns  = 30
)

// benchRedline compares two agreements of forty pages, and asks the same of the tools that a lawyer's clerk would take: diff line by line,
// git word by word. Neither recognises a clause that moved.
func benchRedline(r *command.Run, dir string) (figures, error) {
	before, after, moved := redline.Long(redlinePages, 1)
	out := figures{"pages": redlinePages, "clauses": len(before.Clauses), "words": len(strings.Fields(plain(&before))), "clauses_moved": moved}
	var took []time.Duration
	var diff redline.Redline
	for range redlineRuns {
		start := time.Now()
		diff = redline.Between(&before, &after)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	out["redline_median_ms"] = milliseconds(took[len(took)/2])
	out["redline_worst_ms"] = milliseconds(took[len(took)-1])
	found := 0
	for _, c := range diff.Clauses {
		if c.Moved {
			found++
		}
	}
	out["clauses_moved_found"], out["clauses_changed"], out["numbers_changed"] = found, diff.ClausesChanged(), diff.NumbersChanged()
	again, err := redline.Apply(&before, diff)
	if err != nil {
		return nil, err
	}
	want, err := after.Hash()
	if err != nil {
		return nil, err
	}
	got, err := again.Hash()
	if err != nil {
		return nil, err
	}
	out["applies_exactly"] = got == want
	old, new := filepath.Join(dir, "old.txt"), filepath.Join(dir, "new.txt")
	if err := errors.Join(os.WriteFile(old, []byte(plain(&before)), 0o600), os.WriteFile(new, []byte(plain(&after)), 0o600)); err != nil {
		return nil, err
	}
	for name, args := range map[string][]string{"diff": {"diff", old, new},
		"git_word_diff": {"git", "diff", "--no-index", "--word-diff=porcelain", "--color-moved=no", old, new}} {
		if err := peer(r, out, name, args); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// peer times another program on the same two texts; both say by their exit code 1 that texts differ.
func peer(r *command.Run, out figures, name string, args []string) error {
	if _, err := exec.LookPath(args[0]); err != nil {
		out[name+"_skipped"] = args[0] + " is not installed"
		return nil
	}
	var took []time.Duration
	for range redlineRuns {
		start := time.Now()
		err := exec.CommandContext(r, args[0], args[1:]...).Run()
		took = append(took, time.Since(start))
		var exit *exec.ExitError
		if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
			return err
		}
	}
	slices.Sort(took)
	out[name+"_median_ms"] = milliseconds(took[len(took)/2])
	return nil
}

func milliseconds(d time.Duration) float64 { return rounded(float64(d.Microseconds()) / 1000) }

// plain is a document's clauses as a text file.
func plain(d *agreement.Document) string {
	var b strings.Builder
	for i, n := range agreement.Numbers(d.Clauses) {
		b.WriteString(n + " " + d.Clauses[i].Title + "\n" + d.Clauses[i].Text + "\n\n")
	}
	return b.String()
}
