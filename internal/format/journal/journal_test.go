package journal

import (
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestOtherProgramsAddUpTheSame writes odd amounts and lets the real ledger and hledger balance every account.
func TestOtherProgramsAddUpTheSame(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 2018))
	accounts := []string{"Assets:Bank:VKW Limburg:2018", "Liabilities:Payable:Essenscia; (Brussel):2019", "Expenses:Contribution:DSP  Valley:2017"}
	want := map[string]int64{}
	file := filepath.Join(t.TempDir(), "books.journal")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	j := New(f, "EUR", "Books of a test\nsecond line")
	for n := range 500 {
		a, b := random.IntN(3), random.IntN(2)
		if b >= a {
			b++
		}
		cents := random.Int64N(1_000_000_00) + 1
		j.Write(Transaction{Date: "2018-03-12", Number: int64(n + 1), Title: "claim approved; Flanders.bio | 2018",
			Tags: [][2]string{{"key", "claim-approved:x"}}, Postings: []Posting{{accounts[a], cents}, {accounts[b], -cents}}})
		want[account(accounts[a])] += cents
		want[account(accounts[b])] -= cents
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for program, args := range map[string][]string{
		"hledger": {"-f", file, "bal", "--flat", "--no-total", "-E"},
		"ledger":  {"-f", file, "bal", "--flat", "--no-total", "--empty"},
	} {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatal(program + " is not installed")
			}
			t.Skip(program + " is not installed: its balances were not compared")
		}
		out, err := exec.Command(program, args...).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", program, err, out)
		}
		for name, cents := range want {
			if !strings.Contains(string(out), decimal(cents)+" EUR  "+name) {
				t.Errorf("%s does not say %s for %s:\n%s", program, decimal(cents), name, out)
			}
		}
	}
}

func TestCentsAreWrittenToTheLastOne(t *testing.T) {
	for cents, want := range map[int64]string{0: "0.00", 5: "0.05", -5: "-0.05", 12345678901: "123456789.01", math.MinInt64: "-92233720368547758.08"} {
		if got := decimal(cents); got != want {
			t.Errorf("%d cents are %s, not %s", cents, got, want)
		}
	}
}
