package journal

import (
	"encoding/csv"
	"io"
	"strconv"
)

// CSV writes transactions as a table with a row for each posting, debit above zero.
type CSV struct {
	out       *csv.Writer
	commodity string
	err       error
}

// NewCSV starts a table with its head.
func NewCSV(w io.Writer, commodity string) *CSV {
	c := &CSV{out: csv.NewWriter(w), commodity: commodity}
	c.row(csvHead()...)
	return c
}

func csvHead() []string {
	return []string{"number", "date", "title", "key", "account", "amount", "currency"}
}

// keyOf is the tag that names what a transaction books.
func keyOf(t Transaction) string {
	for _, tag := range t.Tags {
		if tag[0] == "key" {
			return tag[1]
		}
	}
	return ""
}

// Write adds a transaction.
func (c *CSV) Write(t Transaction) {
	key := keyOf(t)
	for _, p := range t.Postings {
		c.row(strconv.FormatInt(t.Number, 10), t.Date, t.Title, key, p.Account, decimal(p.Cents), c.commodity)
	}
}

// Close writes what is left and tells whether all could be written.
func (c *CSV) Close() error {
	c.out.Flush()
	if c.err != nil {
		return c.err
	}
	return c.out.Error()
}

func (c *CSV) row(cells ...string) {
	if c.err == nil {
		c.err = c.out.Write(cells)
	}
}
