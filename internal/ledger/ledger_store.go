package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

var (
	lastNumber = db.SQL("ledger.entry.last", `select coalesce(max(n), 0) from entry where programme_id = $1`)
	findKey    = db.SQL("ledger.entry.key", `select id from entry where programme_id = $1 and key = $2`)
	loadEntry  = db.SQL("ledger.entry.load",
		`select e.n, e.id, e.key, e.event, e.booked_on, e.recorded_at, coalesce(e.agreement_id, ''), e.year, e.subject_kind, e.subject_id,
		   coalesce(e.reverses_id, ''), coalesce(r.id, ''), e.postings,
		   coalesce(p.line, 0), coalesce(p.account, ''), coalesce(p.agreement_id, ''), coalesce(p.year, 0), coalesce(p.amount, 0)
		 from entry e
		 left join entry r on r.programme_id = e.programme_id and r.reverses_id = e.id
		 left join posting p on p.programme_id = e.programme_id and p.entry_id = e.id
		 where e.programme_id = $1 and e.id = $2
		 order by p.n`)
)

// Post books an entry and tells whether it did: an entry whose key is already booked with the same content is left as it is (with the
// day it was booked on first), one with other content is a conflict. An entry without lines books nothing. The unit of work must write
// in the programme.
func Post(ctx context.Context, tx *db.Tx, e Entry) (bool, error) {
	if err := e.check(e.Programme); err != nil {
		return false, err
	}
	old, err := byKey(ctx, tx, e.Programme, e.Key)
	if err != nil {
		return false, err
	}
	if old != nil {
		if old.books(e) {
			return false, nil
		}
		return false, fault.Conflict("ledger.booked_otherwise", text.Args{"key": e.Key, "entry": old.N})
	}
	n, err := PostAll(ctx, tx, e.Programme, []Entry{e})
	return n == 1, err
}

// PostAll books many entries in the order given and tells how many; entries without lines are left out. A key that is already booked is
// a conflict. The unit of work must write in the programme.
func PostAll(ctx context.Context, tx *db.Tx, g id.Programme, entries []Entry) (int, error) {
	rows := make([]EntryRow, 0, len(entries))
	for _, e := range entries {
		if err := e.check(g); err != nil {
			return 0, err
		}
		postings := e.Postings()
		if len(postings) == 0 {
			continue
		}
		if e.ID == "" {
			e.ID = id.New[id.Entry]()
		}
		rows = append(rows, EntryRow{ID: e.ID, Key: e.Key, Event: e.Event, BookedOn: e.BookedOn, Agreement: e.Agreement, Year: e.Year,
			SubjectKind: e.SubjectKind, SubjectID: e.SubjectID, Reverses: e.Reverses, Postings: postings})
	}
	return len(rows), save(ctx, tx, g, rows)
}

// save numbers and writes entries: the postings first, then the entries, whose trigger counts and adds them up.
func save(ctx context.Context, tx *db.Tx, g id.Programme, rows []EntryRow) error {
	if len(rows) == 0 {
		return nil
	}
	if g == "" || tx.Seq(string(g)) == 0 {
		return fault.Internal(errors.New("ledger: booking outside a unit of work that writes in the programme"))
	}
	var n int64
	if err := tx.Row(ctx, lastNumber, g).Scan(&n); err != nil {
		return err
	}
	var entries, postings [][]any
	for _, r := range rows {
		n++
		entries = append(entries, []any{g, r.ID, n, r.Key, r.Event, r.BookedOn, tx.Now, db.OrNull(r.Agreement), int(r.Year), r.SubjectKind,
			r.SubjectID, db.OrNull(r.Reverses), len(r.Postings)})
		for i, p := range r.Postings {
			postings = append(postings, []any{g, r.ID, i + 1, p.Line, p.Account, db.OrNull(p.Agreement), int(p.Year), r.BookedOn,
				int64(p.Amount)})
		}
	}
	err := tx.Insert(ctx, "posting",
		strings.Fields("programme_id entry_id n line account agreement_id year booked_on amount"), postings)
	if err != nil {
		return err
	}
	return tx.Insert(ctx, "entry", strings.Fields(`programme_id id n key event booked_on recorded_at agreement_id year subject_kind
		subject_id reverses_id postings`), entries)
}

// Reverse books the opposite of an entry, line by line, for the same agreement-year. Booked already under the same key, it does nothing;
// an entry that was reversed under another key is a conflict. The reversal of an execution is a return by the bank.
func Reverse(ctx context.Context, tx *db.Tx, g id.Programme, of id.Entry, key string, on period.Date) error {
	r, err := load(ctx, tx, g, of)
	if err != nil {
		return err
	}
	if r == nil {
		return fault.Missing("ledger.no_entry", nil)
	}
	if r.ReversedBy != "" {
		done, err := byKey(ctx, tx, g, key)
		if err == nil && (done == nil || done.Reverses != of) {
			err = fault.Conflict("ledger.reversed", text.Args{"entry": r.N})
		}
		return err
	}
	if on < r.BookedOn {
		return fault.Invalid("on", "ledger.reversed_before", text.Args{"entry": r.N, "day": r.BookedOn})
	}
	back := *r
	back.ID, back.Key, back.BookedOn, back.Reverses = id.New[id.Entry](), key, on, of
	back.Event = EventReversal
	if r.Event == EventExecuted {
		back.Event = EventReturned
	}
	back.Postings = mirror(r.Postings)
	return save(ctx, tx, g, []EntryRow{back})
}

// ReverseKey is Reverse for the entry booked under a key; the reversal's own key is "reversal:" before it.
func ReverseKey(ctx context.Context, tx *db.Tx, g id.Programme, key string, on period.Date) error {
	r, err := byKey(ctx, tx, g, key)
	if err != nil {
		return err
	}
	if r == nil {
		return fault.Missing("ledger.no_entry", nil)
	}
	return Reverse(ctx, tx, g, r.ID, "reversal:"+key, on)
}

func mirror(postings []Posting) []Posting {
	out := make([]Posting, len(postings))
	for i, p := range postings {
		p.Amount = -p.Amount
		out[i] = p
	}
	return out
}

// Load reads one entry; one that does not exist is missing.
func Load(ctx context.Context, tx *db.Tx, g id.Programme, entry id.Entry) (EntryRow, error) {
	r, err := load(ctx, tx, g, entry)
	if err != nil {
		return EntryRow{}, err
	}
	if r == nil {
		return EntryRow{}, fault.Missing("ledger.no_entry", nil)
	}
	return *r, nil
}

func byKey(ctx context.Context, tx *db.Tx, g id.Programme, key string) (*EntryRow, error) {
	var entry id.Entry
	err := tx.Row(ctx, findKey, g, key).Scan(&entry)
	if errors.Is(err, db.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return load(ctx, tx, g, entry)
}

func load(ctx context.Context, tx *db.Tx, g id.Programme, entry id.Entry) (*EntryRow, error) {
	var found *EntryRow
	err := gather(ctx, tx, loadEntry, []any{g, entry}, func(r EntryRow) error {
		found = &r
		return nil
	})
	return found, err
}

// gather puts rows of entry x posting, in the order of entries, together again.
func gather(ctx context.Context, tx *db.Tx, q db.Query, args []any, fn func(EntryRow) error) error {
	var current *EntryRow
	err := tx.Each(ctx, q, args, func(rows *sql.Rows) error {
		var r EntryRow
		var p Posting
		if err := rows.Scan(&r.N, &r.ID, &r.Key, &r.Event, &r.BookedOn, &r.RecordedAt, &r.Agreement, &r.Year, &r.SubjectKind, &r.SubjectID,
			&r.Reverses, &r.ReversedBy, &r.Counted, &p.Line, &p.Account, &p.Agreement, &p.Year, &p.Amount); err != nil {
			return fmt.Errorf("read the books: %w", err)
		}
		if current == nil || current.ID != r.ID {
			if current != nil {
				if err := fn(*current); err != nil {
					return err
				}
			}
			current = &r
		}
		if p.Line != 0 {
			current.Postings = append(current.Postings, p)
		}
		return nil
	})
	if err != nil || current == nil {
		return err
	}
	return fn(*current)
}

// everything is a limit that no book reaches.
const everything = math.MaxInt64

// amounts is a balance per account.
type amounts = map[Account]money.Amount
