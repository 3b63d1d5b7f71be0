package journal

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestBeancountTakesTheBooks(t *testing.T) {
	file := filepath.Join(t.TempDir(), "books.beancount")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	b := NewBeancount(f, "EUR", "Books of a test")
	for n := range int64(200) {
		cents := n*n*37 + 1
		b.Write(Transaction{Date: "2018-03-12", Number: n + 1, Title: `claim "approved"; vkw\limburg | 2018`, Tags: [][2]string{{"key", "claim-approved:x"}},
			Postings: []Posting{{"Expenses:Contribution:vkw-limburg:2018", cents}, {"Liabilities:Payable:vkw-limburg:2018", -cents},
				{"Budget:Consumed:b_hive:2018", cents}, {"Memo:Cost:flanders.bio:2018", -cents}}})
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1970-01-01 open Equity:Budget:Consumed:B-hive:2018 EUR\n", "1970-01-01 open Equity:Memo:Cost:Flanders-bio:2018 EUR\n",
		`2018-03-12 * "claim 'approved', vkw/limburg / 2018"`} {
		if !strings.Contains(string(content), want) {
			t.Errorf("no %q", want)
		}
	}
	if _, err := exec.LookPath("bean-check"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("bean-check is not installed")
		}
		t.Skip("bean-check is not installed: the books were not checked with it")
	}
	if out, err := exec.Command("bean-check", file).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

func TestCSVHasARowForEachPosting(t *testing.T) {
	var b strings.Builder
	c := NewCSV(&b, "EUR")
	c.Write(Transaction{Date: "2018-03-12", Number: 7, Title: "claim, approved", Tags: [][2]string{{"key", "k"}},
		Postings: []Posting{{"Assets:Bank", -5}, {"Liabilities:Payable", 5}}})
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	want := "number,date,title,key,account,amount,currency\n7,2018-03-12,\"claim, approved\",k,Assets:Bank,-0.05,EUR\n" +
		"7,2018-03-12,\"claim, approved\",k,Liabilities:Payable,0.05,EUR\n"
	if b.String() != want {
		t.Errorf("%q", b.String())
	}
}
