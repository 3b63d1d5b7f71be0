package payment

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/camt"
	"errera.eu/errera/internal/format/sepa"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Line is one transaction of a bank statement: matched by itself, or waiting at the desk, or decided there.
type Line struct {
	ID          id.Line
	Fingerprint string
	BookedOn    period.Date
	Amount      money.Amount // above zero came in
	EndToEnd    string
	Block       string // the payment block that a booking without details stands for
	Reference   string // structured, checked, without separators
	Party       string
	Account     string
	Words       string
	BankRef     string
	Returned    string // reason code
	State       string
	Why         string // that nothing matched, a key of the catalogue after "why."
	Payment     id.Payment
	Reason      string // that a person gave
	DecidedOn   period.Date
	Decider     string
}

// Import is what reading a file did, or would do.
type Import struct {
	Statements int
	Lines      int // all that the file holds
	Fresh      int // not known from an earlier file
	Matched    int
	Open       int // at the desk
	In, Out    money.Amount
	List       []Line
}

// Lines turns the parts of a statement into lines. A line's fingerprint is the same in whatever file and statement it stands: account, day,
// amount, the bank's reference and identifiers, and for equal ones of a day, which of them it is.
func Lines(s camt.Statement) []Line {
	var all []Line
	seen := map[string]int{}
	for _, e := range s.Entries {
		for _, p := range e.Parts {
			if p.Amount == 0 {
				continue
			}
			l := Line{BookedOn: e.BookedOn, Amount: p.Amount, EndToEnd: p.EndToEndID, Party: p.Name, Account: p.Account, BankRef: e.Ref,
				Words: strings.Join(p.Texts, " "), Returned: p.Returned, Block: p.BlockID}
			if e.Reversal && l.Returned == "" {
				l.Returned = "reversal"
			}
			for _, r := range append(slices.Clone(p.References), p.Texts...) {
				if found, err := sepa.ParseReference(r); err == nil {
					l.Reference = string(found)
					break
				}
			}
			key := strings.Join([]string{s.Account, string(l.BookedOn), l.Amount.String(), l.BankRef, l.EndToEnd, l.Reference, l.Account, l.Words}, "\x1f")
			seen[key]++
			sum := sha256.Sum256(fmt.Appendf(nil, "%s\x1f%d", key, seen[key]))
			l.Fingerprint = hex.EncodeToString(sum[:])
			all = append(all, l)
		}
	}
	return all
}

var (
	knownFile = db.SQL("payment.statement.known", `select count(*) from bank_statement where programme_id = $1 and sha256 = $2`)
	knownLine = db.SQL("payment.line.known", `select count(*) from bank_line where programme_id = $1 and fingerprint = $2`)
)

// Read takes in the statements of a file: new lines are matched with what was paid or is owed back, and booked; the others wait at the desk.
// The same file again, and lines known from a file that overlaps, change nothing. hash is the file's SHA-256.
func Read(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, agency id.Organisation, name, hash string,
	statements []camt.Statement) (Import, error) {
	var done Import
	if err := by.May("line.import", access.Subject{Kind: "line"}); err != nil {
		return done, err
	}
	var known int
	if err := tx.Row(ctx, knownFile, g, hash).Scan(&known); err != nil {
		return done, err
	}
	for _, s := range statements {
		if err := ours(ctx, tx, g, agency, s); err != nil {
			return done, err
		}
	}
	m := &matcher{by: by, programme: g, batches: map[id.Batch]bool{}}
	for i, s := range statements {
		done.Statements++
		lines := Lines(s)
		done.Lines += len(lines)
		if known > 0 {
			continue
		}
		fresh, err := unknown(ctx, tx, g, lines)
		if err != nil {
			return done, err
		}
		if err := m.take(ctx, tx, fresh); err != nil {
			return done, err
		}
		if err := keep(ctx, tx, by, g, kept{name, hash, i + 1, s, len(lines)}, fresh); err != nil {
			return done, err
		}
		done.add(fresh)
	}
	if known > 0 {
		return done, nil
	}
	if err := m.settle(ctx, tx); err != nil {
		return done, err
	}
	return done, trail(ctx, tx, by, g, "line.import", "statement", hash, nil,
		seen{"open", fmt.Sprintf("%d lines, %d new, %d matched", done.Lines, done.Fresh, done.Matched)})
}

// errLook undoes what a preview wrote.
var errLook = errors.New("payment: a statement was only looked at")

// Preview tells what Read would do with the statements of a file, and changes nothing.
func Preview(ctx context.Context, d *db.DB, by access.Actor, g id.Programme, agency id.Organisation, name, hash string,
	statements []camt.Statement) (done Import, err error) {
	err = d.Write(ctx, g, func(tx *db.Tx) (err error) {
		if done, err = Read(ctx, tx, by, g, agency, name, hash, statements); err != nil {
			return err
		}
		return errLook
	})
	if errors.Is(err, errLook) {
		err = nil
	}
	return done, err
}

func (d *Import) add(fresh []Line) {
	for _, l := range fresh {
		d.Fresh++
		if l.State == "open" {
			d.Open++
		} else {
			d.Matched++
		}
		if l.Amount > 0 {
			d.In += l.Amount
		} else {
			d.Out -= l.Amount
		}
	}
	d.List = append(d.List, fresh...)
}

// ours refuses a statement of an account that never was the agency's, or in another currency.
func ours(ctx context.Context, tx *db.Tx, g id.Programme, agency id.Organisation, s camt.Statement) error {
	if s.Currency != "" && s.Currency != "EUR" {
		return fault.Invalid("file", "payment.other_currency", text.Args{"currency": s.Currency})
	}
	var n int
	if err := tx.Row(ctx, isOurs, g, agency, strings.Join(strings.Fields(s.Account), "")).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return fault.Invalid("file", "payment.other_account", text.Args{"account": s.Account})
	}
	return nil
}

func unknown(ctx context.Context, tx *db.Tx, g id.Programme, lines []Line) ([]Line, error) {
	var fresh []Line
	for _, l := range lines {
		var n int
		if err := tx.Row(ctx, knownLine, g, l.Fingerprint).Scan(&n); err != nil {
			return nil, err
		}
		if n == 0 {
			l.ID = id.New[id.Line]()
			fresh = append(fresh, l)
		}
	}
	return fresh, nil
}

var isOurs = db.SQL("payment.account.ours",
	`select count(*) from bank_account where programme_id = $1 and organisation_id = $2 and iban = $3 and state = 'confirmed'`)

// kept is what is recorded of one statement of a file.
type kept struct {
	name, hash string
	position   int
	camt.Statement
	lines int
}

func keep(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, k kept, fresh []Line) error {
	statement := id.New[id.Statement]()
	err := tx.Insert(ctx, "bank_statement", strings.Fields(`programme_id id sha256 position file_name account statement_ref from_on until_on opening
		closing lines fresh imported_at imported_by`), [][]any{{g, statement, k.hash, k.position, k.name, k.Account, k.ID, k.From, k.Until, k.Opening,
		k.Closing, k.lines, len(fresh), tx.Now, db.OrNull(by.ID)}})
	if err != nil {
		return err
	}
	var rows [][]any
	for _, l := range fresh {
		rows = append(rows, []any{g, l.ID, statement, l.Fingerprint, l.BookedOn, l.Amount, l.EndToEnd, l.Block, l.Reference, l.Party, l.Account, l.Words,
			l.BankRef, l.Returned, l.State, l.Why, db.OrNull(l.Payment), "", "", nil})
	}
	return tx.Insert(ctx, "bank_line", strings.Fields(`programme_id id statement_id fingerprint booked_on amount end_to_end block reference party account
		words bank_ref returned state why payment_id reason decided_on decided_by`), rows)
}
