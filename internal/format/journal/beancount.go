package journal

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// Beancount writes transactions for bean-check and its kin, which know five kinds of account only: what is none of them goes under Equity.
type Beancount struct {
	out       *bufio.Writer
	commodity string
	accounts  map[string]bool
	err       error
}

// NewBeancount starts books in one commodity; note is a comment at its head.
func NewBeancount(w io.Writer, commodity, note string) *Beancount {
	b := &Beancount{out: bufio.NewWriter(w), commodity: commodity, accounts: map[string]bool{}}
	for line := range strings.Lines(note) {
		b.printf("; %s\n", strings.TrimRight(line, "\r\n"))
	}
	b.printf("option \"operating_currency\" \"%s\"\n\n", commodity)
	return b
}

// Write adds a transaction.
func (b *Beancount) Write(t Transaction) {
	b.printf("%s * %s\n", t.Date, quoted(t.Title))
	b.printf("  number: %d\n", t.Number)
	for _, tag := range t.Tags {
		b.printf("  %s: %s\n", tag[0], quoted(tag[1]))
	}
	for _, p := range t.Postings {
		name := beanAccount(p.Account)
		b.accounts[name] = true
		b.printf("  %-58s  %s %s\n", name, decimal(p.Cents), b.commodity)
	}
	b.printf("\n")
}

// Close opens the accounts that were used, which may stand at the end, and tells whether all could be written.
func (b *Beancount) Close() error {
	for _, name := range slices.Sorted(maps.Keys(b.accounts)) {
		b.printf("1970-01-01 open %s %s\n", name, b.commodity)
	}
	if b.err != nil {
		return b.err
	}
	return b.out.Flush()
}

func (b *Beancount) printf(form string, args ...any) {
	if b.err == nil {
		_, b.err = fmt.Fprintf(b.out, form, args...)
	}
}

func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, "/", `"`, "'").Replace(plain(s)) + `"`
}

// beanAccount keeps to letters, digits and hyphens, each part beginning with a capital or a digit.
func beanAccount(name string) string {
	parts := strings.Split(name, ":")
	for i, p := range parts {
		clean := strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return r
			}
			return '-'
		}, p)
		clean = strings.Trim(clean, "-")
		if clean == "" {
			clean = "X"
		}
		runes := []rune(clean)
		runes[0] = unicode.ToUpper(runes[0])
		parts[i] = string(runes)
	}
	if !slices.Contains([]string{"Assets", "Liabilities", "Equity", "Income", "Expenses"}, parts[0]) {
		parts = append([]string{"Equity"}, parts...)
	}
	return strings.Join(parts, ":")
}
