package ledger

import (
	"errors"
	"slices"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
)

func TestPostOnce(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.post(w.opened()...)
		e := w.entry(EventAdvanceOrdered, "advance", AdvanceOrdered(36_000_00))
		post := func(e Entry) (done bool, err error) {
			err = w.write(func(tx *db.Tx) error {
				done, err = Post(t.Context(), tx, e)
				return err
			})
			return done, err
		}
		if done, err := post(e); !done || err != nil {
			t.Fatalf("first: %v, %v", done, err)
		}
		later := e
		later.BookedOn = "2018-03-13"
		for name, again := range map[string]Entry{"same": e, "a day later": later} {
			if done, err := post(again); done || err != nil {
				t.Errorf("%s: %v, %v; want nothing booked", name, done, err)
			}
		}
		changes := map[string]func(*Entry){
			"amount":  func(e *Entry) { e.Lines = AdvanceOrdered(36_000_01) },
			"account": func(e *Entry) { e.Lines = Executed(36_000_00) },
			"event":   func(e *Entry) { e.Event = EventExecuted },
			"year":    func(e *Entry) { e.Year = 2019 },
			"subject": func(e *Entry) { e.SubjectID = "another" },
			"nothing": func(e *Entry) { e.Lines = nil },
		}
		for name, change := range changes {
			other := e
			change(&other)
			if done, err := post(other); done || !fault.Is(err, fault.KindConflict) {
				t.Errorf("other %s: %v, %v; want a conflict", name, done, err)
			}
		}
		empty := w.entry(EventNetted, "nothing to net", Netted(0, 0))
		if done, err := post(empty); done || err != nil {
			t.Errorf("no lines: %v, %v", done, err)
		}
		if got := w.balance(Filter{Agreement: w.agreement})[Advances]; got != 36_000_00 {
			t.Errorf("advances %s", got)
		}
	})
}

func TestMistakesAreRefused(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		changes := map[string]func(*Entry){
			"no key":            func(e *Entry) { e.Key = "" },
			"unknown event":     func(e *Entry) { e.Event = "paid" },
			"unknown account":   func(e *Entry) { e.Lines = []Line{{Debit: "Assets:Cash", Credit: Bank, Amount: 1}} },
			"same account":      func(e *Entry) { e.Lines = []Line{{Debit: Bank, Credit: Bank, Amount: 1}} },
			"no year":           func(e *Entry) { e.Year = 0 },
			"no day":            func(e *Entry) { e.BookedOn = "" },
			"another programme": func(e *Entry) { e.Programme = id.New[id.Programme]() },
		}
		for name, change := range changes {
			e := w.entry(EventSigned, "signed", Signed(1))
			change(&e)
			err := w.write(func(tx *db.Tx) error {
				_, err := PostAll(t.Context(), tx, w.programme, []Entry{e})
				return err
			})
			if !fault.Is(err, fault.KindInternal) || err == nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		err := w.d.WriteAgency(t.Context(), func(tx *db.Tx) error {
			_, err := Post(t.Context(), tx, w.entry(EventSigned, "signed", Signed(1)))
			return err
		})
		if !fault.Is(err, fault.KindInternal) {
			t.Errorf("outside the programme: %v", err)
		}
	})
}

func TestNumbersHaveNoGaps(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.post(w.opened()...)
		stop := errors.New("stop")
		err := w.write(func(tx *db.Tx) error {
			if _, err := Post(t.Context(), tx, w.entry(EventAdvanceOrdered, "rolled back", AdvanceOrdered(1))); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		w.post(w.entry(EventAdvanceOrdered, "advance", AdvanceOrdered(1)), w.entry(EventNetted, "empty", nil),
			w.entry(EventExecuted, "paid", Executed(1)))
		var numbers []int64
		w.read(func(tx *db.Tx) error {
			return Each(t.Context(), tx, w.programme, Filter{}, func(r EntryRow) error {
				numbers = append(numbers, r.N)
				return nil
			})
		})
		if !slices.Equal(numbers, []int64{1, 2, 3, 4}) {
			t.Errorf("numbers %v", numbers)
		}
	})
}

func TestReverse(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		paid := w.entry(EventExecuted, "paid", Executed(10_00))
		paid.ID = id.New[id.Entry]()
		w.post(append(w.opened(), w.entry(EventAdvanceOrdered, "advance", AdvanceOrdered(10_00)), paid)...)
		reverse := func(key string) error {
			return w.write(func(tx *db.Tx) error { return ReverseKey(t.Context(), tx, w.programme, key, "2018-04-01") })
		}
		if err := w.write(func(tx *db.Tx) error {
			return Reverse(t.Context(), tx, w.programme, paid.ID, "early", "2018-03-11")
		}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("before the entry: %v", err)
		}
		for range 2 { // the second time does nothing
			if err := reverse("paid"); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.write(func(tx *db.Tx) error {
			return Reverse(t.Context(), tx, w.programme, paid.ID, "under another key", "2018-04-02")
		}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("under another key: %v", err)
		}
		if err := reverse("no such key"); !fault.Is(err, fault.KindMissing) {
			t.Errorf("no such key: %v", err)
		}
		expect(t, "after", w.balance(Filter{Account: "Assets"}), map[Account]money.Amount{Advances: 10_00, Bank: 0})
		w.read(func(tx *db.Tx) error {
			rows, err := Entries(t.Context(), tx, w.programme, Filter{}, Page{Limit: 1})
			if err != nil {
				return err
			}
			if r := rows[0]; r.Event != EventReturned || r.Reverses != paid.ID || r.N != 5 || r.SubjectID != "paid" || r.Key != "reversal:paid" {
				t.Errorf("the return is %+v", r)
			}
			was, err := Load(t.Context(), tx, w.programme, paid.ID)
			if was.ReversedBy != rows[0].ID {
				t.Errorf("reversed by %q, want %q", was.ReversedBy, rows[0].ID)
			}
			return err
		})
		if found := w.check(); len(found) != 0 {
			t.Errorf("Check: %v", found)
		}
	})
}

func TestTheCeilingHoldsInTheDatabase(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.post(w.opened()...)
		for name, lines := range map[string][]Line{
			"above the ceiling": ClaimApproved(120_000_01, 240_000_02, 0),
			"below zero":        Corrected(-1, -2, 1),
		} {
			err := w.write(func(tx *db.Tx) error {
				_, err := Post(t.Context(), tx, w.entry(EventClaimApproved, name, lines))
				return err
			})
			if !fault.Is(err, fault.KindConflict) {
				t.Errorf("%s: %v", name, err)
			}
		}
		w.post(w.entry(EventClaimApproved, "at the ceiling", ClaimApproved(120_000_00, 240_000_02, 0)))
	})
}

func TestReading(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.post(goldenEntries(w)...)
		w.post(goldenFinal(w)[0:2]...)
		over := w.entry(EventCarriedOver, "carried", CarriedOver(10_000_00, 2018, 2019))
		over.BookedOn = "2019-06-01"
		w.post(over)
		w.read(func(tx *db.Tx) error {
			years, err := ByYear(t.Context(), tx, w.programme, "")
			if err != nil {
				return err
			}
			if got := years[year(w, 2019)][Committed]; got != 10_000_00 || len(years) != 3 {
				t.Errorf("2019 has %s committed in %d agreement-years", got, len(years))
			}
			if got := years[AgreementYear{"", 2018}][Envelope]; got != 500_000_00 {
				t.Errorf("envelope voted %s", got)
			}
			before, err := ByYear(t.Context(), tx, w.programme, "2019-05-31")
			if _, there := before[year(w, 2019)]; there || err != nil {
				t.Errorf("the carry-over shows before its day: %v, %v", before, err)
			}
			return pages(t, tx, w)
		})
		if got := w.balance(Filter{AsOf: "2019-05-31", Account: Committed, Year: 2018})[Committed]; got != 120_000_00-103_114_00 {
			t.Errorf("committed at the end of May: %s", got)
		}
	})
}

// pages reads all entries three at a time, and some by each filter.
func pages(t *testing.T, tx *db.Tx, w *world) error {
	var page Page
	var numbers []int64
	for page.Limit = 3; ; {
		rows, err := Entries(t.Context(), tx, w.programme, Filter{}, page)
		if err != nil {
			return err
		}
		for _, r := range rows {
			numbers = append(numbers, r.N)
			if len(r.Postings) != r.Counted {
				t.Errorf("entry %d: %d of %d postings", r.N, len(r.Postings), r.Counted)
			}
			page.Before = r.N
		}
		if len(rows) < page.Limit {
			break
		}
	}
	if len(numbers) != 17 || numbers[0] != 17 || numbers[16] != 1 || !slices.IsSortedFunc(numbers, func(a, b int64) int { return int(b - a) }) {
		t.Errorf("pages give %v", numbers)
	}
	for _, c := range []struct {
		filter Filter
		want   int
	}{
		{Filter{Agreement: w.agreement}, 16}, {Filter{Year: 2019}, 1}, {Filter{Account: "Assets:Recoverable"}, 3},
		{Filter{AsOf: "2018-12-31"}, 16}, {Filter{Agreement: id.New[id.Agreement]()}, 0},
	} {
		rows, err := Entries(t.Context(), tx, w.programme, c.filter, Page{})
		if len(rows) != c.want || err != nil {
			t.Errorf("%+v: %d entries, %v; want %d", c.filter, len(rows), err, c.want)
		}
		n := 0
		err = Each(t.Context(), tx, w.programme, c.filter, func(EntryRow) error { n++; return nil })
		if n != c.want || err != nil {
			t.Errorf("Each %+v: %d entries, %v; want %d", c.filter, n, err, c.want)
		}
	}
	return nil
}
