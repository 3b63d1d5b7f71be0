// Package ledger keeps the books of a programme in double entry: entries that balance line by line, are numbered without gaps, are booked
// once by their key and are never changed, only reversed. It knows which lines each event of domain section 4.13 makes; it does not know
// why an amount is what it is: that is for funding and settlement.
package ledger

import (
	"errors"
	"fmt"
	"slices"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Event is what an entry books.
type Event string

// The events of domain section 4.13.
const (
	EventEnvelopeVoted      Event = "envelope-voted"
	EventSigned             Event = "signed"
	EventAmended            Event = "amended" // the difference of a ceiling
	EventAdvanceOrdered     Event = "advance-ordered"
	EventClaimApproved      Event = "claim-approved"
	EventNetted             Event = "netted"
	EventNettedOwed         Event = "netted-owed" // at final, against what the partner owes back
	EventExecuted           Event = "executed"
	EventReturned           Event = "returned" // by the bank: the reversal of an execution
	EventCorrected          Event = "corrected"
	EventPerformanceAccrued Event = "performance-accrued"
	EventPerformanceFinal   Event = "performance-final"
	EventAdvanceUnused      Event = "advance-unused"
	EventRepaid             Event = "repaid"
	EventWrittenOff         Event = "written-off"
	EventDecommitted        Event = "decommitted"
	EventCarriedOver        Event = "carried-over"
	EventOpening            Event = "opening"
	EventYearClosed         Event = "year-closed" // what a closed year of the books bears and was not booked in it
	EventReversal           Event = "reversal"
)

// Events lists every event.
func Events() []Event {
	return []Event{EventEnvelopeVoted, EventSigned, EventAmended, EventAdvanceOrdered, EventClaimApproved, EventNetted, EventNettedOwed, EventExecuted,
		EventReturned, EventCorrected, EventPerformanceAccrued, EventPerformanceFinal, EventAdvanceUnused, EventRepaid, EventWrittenOff,
		EventDecommitted, EventCarriedOver, EventOpening, EventYearClosed, EventReversal}
}

// Key is the event's name for people.
func (e Event) Key() text.Key { return text.Key("event." + string(e)) }

// Line moves an amount from one account (credit) to another (debit). A negative amount swaps the sides; zero moves nothing and is
// dropped. A year of 0 is the entry's.
type Line struct {
	Debit, Credit         Account
	Amount                money.Amount
	DebitYear, CreditYear period.Year
}

// Entry is one booking. Key names what it books, so that the same thing is never booked twice; Agreement is empty for what concerns the
// programme as a whole; Year is the agreement-year, whatever day it is booked on.
type Entry struct {
	ID          id.Entry // made when empty
	Programme   id.Programme
	Key         string
	Event       Event
	BookedOn    period.Date
	Agreement   id.Agreement
	Year        period.Year
	SubjectKind string
	SubjectID   string
	Lines       []Line
	Reverses    id.Entry
}

// Posting is one side of a line: debits above zero, credits below.
type Posting struct {
	Line      int // from 1
	Account   Account
	Agreement id.Agreement
	Year      period.Year
	Amount    money.Amount
}

// Postings are the two sides of each line of e, debit first.
func (e Entry) Postings() []Posting {
	out := make([]Posting, 0, 2*len(e.Lines))
	line := 0
	for _, l := range e.Lines {
		if l.Amount == 0 {
			continue
		}
		line++
		debit := Posting{line, l.Debit, e.Agreement, orYear(l.DebitYear, e.Year), l.Amount}
		credit := Posting{line, l.Credit, e.Agreement, orYear(l.CreditYear, e.Year), -l.Amount}
		if l.Amount < 0 {
			debit, credit = credit, debit
		}
		out = append(out, debit, credit)
	}
	return out
}

func orYear(y, other period.Year) period.Year {
	if y == 0 {
		return other
	}
	return y
}

// check finds what only a mistake in the program can put into an entry.
func (e Entry) check(g id.Programme) error {
	wrong := func(why string) error { return fault.Internal(fmt.Errorf("ledger: entry %q: %s", e.Key, why)) }
	switch {
	case e.Key == "":
		return fault.Internal(errors.New("ledger: entry without a key"))
	case e.Programme != "" && e.Programme != g:
		return wrong("of another programme")
	case !slices.Contains(Events(), e.Event):
		return wrong("unknown event " + string(e.Event))
	case e.Year == 0:
		return wrong("no year")
	case !e.BookedOn.Valid():
		return wrong("no day of booking")
	}
	for _, l := range e.Lines {
		if !l.Debit.Known() || !l.Credit.Known() {
			return wrong(fmt.Sprintf("unknown account in %s / %s", l.Debit, l.Credit))
		}
		if l.Debit == l.Credit && orYear(l.DebitYear, e.Year) == orYear(l.CreditYear, e.Year) {
			return wrong("moves nothing on " + string(l.Debit))
		}
	}
	return nil
}

// EntryRow is an entry as booked.
type EntryRow struct {
	N           int64 // from 1 without gaps within the programme
	ID          id.Entry
	Key         string
	Event       Event
	BookedOn    period.Date
	RecordedAt  string // db.Time
	Agreement   id.Agreement
	Year        period.Year
	SubjectKind string
	SubjectID   string
	Reverses    id.Entry
	ReversedBy  id.Entry
	Counted     int // postings the entry was booked with
	Postings    []Posting
}

// books tells whether r is what booking e anew would write, but for the day and the number.
func (r EntryRow) books(e Entry) bool {
	return r.Event == e.Event && r.Agreement == e.Agreement && r.Year == e.Year && r.SubjectKind == e.SubjectKind &&
		r.SubjectID == e.SubjectID && r.Reverses == e.Reverses && slices.Equal(r.Postings, e.Postings())
}
