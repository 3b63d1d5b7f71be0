package report

import (
	"context"
	"fmt"
	"io"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/format/journal"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"

	"database/sql"
)

var listPartnerCodes = db.SQL("report.books.partners",
	`select a.id, o.code from agreement a join organisation o on o.id = a.organisation_id where a.programme_id = $1`)

// The forms of exported books. ledger and hledger read one and the same.
const (
	FormJournal   = "journal"
	FormBeancount = "beancount"
	FormCSV       = "csv"
	FormXLSX      = "xlsx"
)

// bookWriter takes transactions one after another; Close tells whether all were written.
type bookWriter struct {
	write func(journal.Transaction)
	close func() error
}

func newBookWriter(w io.Writer, form, currency, note string) bookWriter {
	switch form {
	case FormBeancount:
		b := journal.NewBeancount(w, currency, note)
		return bookWriter{b.Write, b.Close}
	case FormCSV:
		c := journal.NewCSV(w, currency)
		return bookWriter{c.Write, c.Close}
	case FormXLSX:
		x := journal.NewXLSX(w, currency)
		return bookWriter{x.Write, x.Close}
	default:
		j := journal.New(w, currency, note)
		return bookWriter{j.Write, j.Close}
	}
}

// WriteBooks writes every entry of a programme, oldest first, in a form that programs of others add up. Accounts end in partner and year,
// so that they balance each account and each agreement-year.
func WriteBooks(ctx context.Context, tx *db.Tx, g programme.Programme, form string, w io.Writer) error {
	codes := map[id.Agreement]string{}
	err := tx.Each(ctx, listPartnerCodes, []any{g.ID}, func(r *sql.Rows) error {
		var a id.Agreement
		var code string
		err := r.Scan(&a, &code)
		codes[a] = code
		return err
	})
	if err != nil {
		return err
	}
	out := newBookWriter(w, form, g.Currency, fmt.Sprintf("Books of %s (%s). Budget and Memo stand beside the money.", g.Name.In(text.EN), g.Code))
	err = ledger.Each(ctx, tx, g.ID, ledger.Filter{}, func(e ledger.EntryRow) error {
		title := text.EN.Say(e.Event.Key(), nil)
		if code := codes[e.Agreement]; code != "" {
			title += " " + code
		}
		t := journal.Transaction{Date: string(e.BookedOn), Number: e.N, Title: title, Tags: [][2]string{{"key", e.Key}}}
		for _, p := range e.Postings {
			t.Postings = append(t.Postings, journal.Posting{Account: bookAccount(p, codes), Cents: int64(p.Amount)})
		}
		out.write(t)
		return nil
	})
	if err != nil {
		return err
	}
	return out.close()
}

// bookAccount is an account with the agreement-year that a posting concerns.
func bookAccount(p ledger.Posting, codes map[id.Agreement]string) string {
	name := string(p.Account)
	if code := codes[p.Agreement]; code != "" {
		name += ":" + code
	}
	return name + ":" + p.Year.String()
}
