// Package journal writes the books as plain text that both `ledger` and `hledger` read, so that anybody can add them up with a program
// that is not ours. Values in, text out; it knows neither where the books are kept nor what they mean.
package journal

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Transaction is one balanced entry.
type Transaction struct {
	Date     string // 2018-03-12
	Number   int64
	Title    string
	Tags     [][2]string // names and values, kept as comments that both programs index
	Postings []Posting
}

// Posting is one amount on one account, in cents; debit above zero.
type Posting struct {
	Account string
	Cents   int64
}

// Writer writes transactions one after another.
type Writer struct {
	out       *bufio.Writer
	commodity string
	err       error
}

// New starts a journal in one commodity, EUR for instance; note is a comment at its head.
func New(w io.Writer, commodity, note string) *Writer {
	j := &Writer{out: bufio.NewWriter(w), commodity: commodity}
	for line := range strings.Lines(note) {
		j.printf("; %s\n", strings.TrimRight(line, "\r\n"))
	}
	j.printf("\n")
	return j
}

// Write adds a transaction.
func (j *Writer) Write(t Transaction) {
	j.printf("%s * (%d) %s\n", t.Date, t.Number, plain(t.Title))
	for _, tag := range t.Tags {
		j.printf("    ; %s: %s\n", tag[0], plain(tag[1]))
	}
	for _, p := range t.Postings {
		j.printf("    %-58s  %s %s\n", account(p.Account), decimal(p.Cents), j.commodity)
	}
	j.printf("\n")
}

// Close writes what is left and tells whether all could be written.
func (j *Writer) Close() error {
	if j.err != nil {
		return j.err
	}
	return j.out.Flush()
}

func (j *Writer) printf(form string, args ...any) {
	if j.err == nil {
		_, j.err = fmt.Fprintf(j.out, form, args...)
	}
}

// decimal writes cents with two decimals and no grouping.
func decimal(cents int64) string {
	sign := ""
	u := uint64(cents)
	if cents < 0 {
		sign, u = "-", -u
	}
	return fmt.Sprintf("%s%d.%02d", sign, u/100, u%100)
}

// plain keeps a text on one line and away from the signs that mean something to the programs.
func plain(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer(";", ",", "|", "/", "\t", " ").Replace(s)), " ")
}

// account keeps an account's name in one piece: two spaces would end it.
func account(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer(";", ",", "(", "", ")", "", "[", "", "]", "").Replace(s)), " ")
}
