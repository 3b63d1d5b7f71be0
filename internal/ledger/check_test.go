package ledger

import (
	"fmt"
	"slices"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/text"
)

// laws are the distinct laws that findings name.
func laws(found []Finding) []Law {
	var out []Law
	for _, f := range found {
		out = append(out, f.Law)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestCheckFindsWhatWasTamperedWith(t *testing.T) {
	entry := func(n int) string { return fmt.Sprintf("(select id from entry where n = %d)", n) }
	for _, c := range []struct {
		name, sql string
		want      []Law
	}{
		{"nothing", "update entry set n = n", nil},
		{"an amount", "update posting set amount = amount + 1 where account = 'Assets:Bank' and entry_id = " + entry(4),
			[]Law{LawLine, LawSum}},
		{"a posting gone", "delete from posting where n = 1 and entry_id = " + entry(3), []Law{LawCount, LawLine, LawSide, LawSum}},
		{"a number", "update entry set n = 99 where n = 14", []Law{LawNumbers}},
		{"the memo side", "update posting set account = 'Budget:Authority' where account = 'Memo:Own' and entry_id = " + entry(5),
			[]Law{LawMemo}},
		{"the expense", "update posting set account = 'Memo:Cost' where account = 'Expenses:Contribution' and entry_id = " + entry(5),
			[]Law{LawExpense, LawMemo}},
		{"the ceiling", "update agreement_ceiling set amount = 11999999 where year = 2018", []Law{LawCeiling}},
		{"paid without cause", "update posting set account = 'Budget:Authority' where account = 'Budget:Committed' and n = 1 and entry_id = " +
			entry(2), []Law{LawPaid, LawSide}},
	} {
		t.Run(c.name, func(t *testing.T) {
			both(t, func(t *testing.T, w *world) {
				w.post(goldenEntries(w)...)
				w.behind(c.sql)
				found := w.check()
				if got := laws(found); !slices.Equal(got, c.want) {
					t.Errorf("found %v, want %v", found, c.want)
				}
				for _, f := range found {
					for _, l := range text.Languages() {
						if f.Say(l) == "" {
							t.Errorf("%v says nothing in %s", f, l)
						}
					}
				}
			})
		})
	}
}

func TestCheckFindsAReversalThatIsNotOne(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.post(append(w.opened(), w.entry(EventAdvanceOrdered, "advance", AdvanceOrdered(10_00)))...)
		w.do(func(tx *db.Tx) error { return ReverseKey(t.Context(), tx, w.programme, "advance", "2018-05-01") })
		if found := w.check(); len(found) != 0 {
			t.Fatalf("before: %v", found)
		}
		w.behind("update posting set amount = amount * 2 where entry_id = (select id from entry where n = 4)")
		if got := laws(w.check()); !slices.Contains(got, LawReversal) {
			t.Errorf("found %v", got)
		}
	})
}

// replay runs entries through the checker as if they had been booked.
func replay(entries []Entry, ceilings map[AgreementYear]money.Amount) []Finding {
	c := newChecker()
	for i, e := range entries {
		p := e.Postings()
		c.entry(EntryRow{N: int64(i + 1), ID: e.ID, Event: e.Event, Agreement: e.Agreement, Year: e.Year, Reverses: e.Reverses,
			Counted: len(p), Postings: p})
	}
	return c.end(ceilings)
}

func TestSidesAreWatchedAtEveryEntry(t *testing.T) {
	w := &world{programme: id.New[id.Programme](), agreement: id.New[id.Agreement]()}
	paid := w.entry(EventExecuted, "paid", Executed(10_00))
	ordered := w.entry(EventAdvanceOrdered, "ordered", AdvanceOrdered(10_00))
	ceilings := map[AgreementYear]money.Amount{year(w, 2018): 120_000_00}
	if found := replay(append(w.opened(), ordered, paid), ceilings); len(found) != 0 {
		t.Errorf("in order: %v", found)
	}
	want := Finding{Law: LawSide, AgreementYear: year(w, 2018), N: 3, Account: Payable, Amount: 10_00}
	if found := replay(append(w.opened(), paid, ordered), ceilings); len(found) != 1 || found[0] != want {
		t.Errorf("paid before it was ordered: %v, want %v", found, want)
	}
	over := w.opened()
	over[1].Lines = Signed(500_000_01)
	ceilings[year(w, 2018)] = 500_000_01
	want = Finding{Law: LawSide, AgreementYear: AgreementYear{"", 2018}, N: 2, Account: Envelope, Amount: -1}
	if found := replay(over, ceilings); len(found) != 1 || found[0] != want {
		t.Errorf("more signed than voted: %v, want %v", found, want)
	}
}
