package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// The books that bench ledger makes: entries of one and of two lines by turns, so 60,000 postings.
const benchEntries = 20_000

// ledger times our whole-programme balance, a process of its own, beside programs that are not ours on the same books, and compares every
// account to the cent.
func (b *bench) ledger() error {
	file, journal, beans := filepath.Join(b.dir, "books.db"), filepath.Join(b.dir, "books.journal"), filepath.Join(b.dir, "books.beancount")
	if _, _, err := b.time(file, "import", "programme", b.command.Dir); err != nil {
		return err
	}
	if err := oddBooks(b.run, file); err != nil {
		return err
	}
	for form, to := range map[string]string{"ledger": journal, "beancount": beans} {
		if _, _, err := b.time(file, "export", form, "--out", to); err != nil {
			return err
		}
	}
	ours, err := b.fastest(b.self, "--db", file, "balance")
	if err != nil {
		return err
	}
	b.out["balance_cold_s"] = rounded(ours)
	for _, peer := range []struct{ name, program string }{{"ledger", "ledger"}, {"hledger", "hledger"}, {"beancount", "bean-check"}} {
		args := []string{"-f", journal, "bal", "--flat", "--empty", "--no-total"}
		if peer.name == "beancount" {
			args = []string{beans}
		}
		if _, err := exec.LookPath(peer.program); err != nil {
			b.out[peer.name+"_skipped"] = peer.program + " is not installed"
			continue
		}
		seconds, err := b.fastest(peer.program, args...)
		if err != nil {
			return err
		}
		b.out[peer.name+"_s"] = rounded(seconds)
		b.out["ratio_to_"+peer.name] = rounded(ours / seconds)
		if peer.name == "beancount" { // it checks that each transaction adds up, and prints no balance
			continue
		}
		if b.out[peer.name+"_wrong_accounts"], err = b.differ(file, peer.program, args); err != nil {
			return err
		}
	}
	return nil
}

// fastest is the shortest of three runs, each a new process.
func (b *bench) fastest(program string, args ...string) (float64, error) {
	best := 0.0
	for range 3 {
		start := time.Now()
		if out, err := exec.CommandContext(b.run, program, args...).CombinedOutput(); err != nil {
			return 0, fault.Unavailable("cli.bench_failed", text.Args{"command": program}, fmt.Errorf("%w: %s", err, out))
		}
		if took := time.Since(start).Seconds(); best == 0 || took < best {
			best = took
		}
	}
	return best, nil
}

// differ counts the accounts on which a program says another balance than we do.
func (b *bench) differ(file, program string, args []string) (int, error) {
	out, err := exec.CommandContext(b.run, b.self, "--db", file, "--format", "json", "balance").Output()
	if err != nil {
		return 0, err
	}
	var ours map[string]money.Amount
	if err := json.Unmarshal(out, &ours); err != nil {
		return 0, err
	}
	theirs, err := exec.CommandContext(b.run, program, args...).Output()
	if err != nil {
		return 0, err
	}
	said := map[string]money.Amount{}
	for line := range strings.Lines(string(theirs)) {
		f := strings.Fields(line) // "12.30 EUR  Assets:Bank:alpha:2018", and "0  Assets:Advances:alpha:2018"
		if len(f) < 2 {
			continue
		}
		amount, err := money.Parse(f[0])
		if err != nil {
			return 0, err
		}
		parts := strings.SplitN(f[len(f)-1], ":", 3)
		said[strings.Join(parts[:2], ":")] += amount
	}
	wrong := 0
	for account, amount := range ours {
		if said[account] != amount {
			wrong++
		}
	}
	return wrong, nil
}

// oddBooks adds entries of odd cents to a programme's books.
func oddBooks(ctx context.Context, file string) error {
	d, err := db.Open(ctx, file)
	if err != nil {
		return err
	}
	defer d.Close()
	var g programme.Programme
	err = d.Read(ctx, func(tx *db.Tx) (err error) {
		g, err = programme.Current(ctx, tx, "")
		return err
	})
	if err != nil {
		return err
	}
	random, years := rand.New(rand.NewPCG(5, 2018)), g.Years()
	for from := 0; from < benchEntries; from += 2_000 {
		var entries []ledger.Entry
		for n := from; n < from+2_000; n++ {
			year := years[n%len(years)]
			cents := func() money.Amount { return 2*money.Amount(random.Int64N(1_000_000)) + 1 }
			lines := []ledger.Line{{Debit: ledger.EquityOpening, Credit: ledger.Bank, Amount: cents()}}
			if n%2 == 1 {
				lines = append(lines, ledger.Line{Debit: ledger.Recoverable, Credit: ledger.EquityOpening, Amount: cents()})
			}
			entries = append(entries, ledger.Entry{ID: id.New[id.Entry](), Programme: g.ID, Key: fmt.Sprintf("bench:%d", n), Event: "opening",
				BookedOn: year.First().AddDays(n % 365), Year: year, SubjectKind: "programme", SubjectID: string(g.ID), Lines: lines})
		}
		err := d.Write(ctx, g.ID, func(tx *db.Tx) error {
			_, err := ledger.PostAll(ctx, tx, g.ID, entries)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
