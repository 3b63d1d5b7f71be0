package ledger

import (
	"maps"
	"testing"

	"pgregory.net/rapid"

	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
)

// play makes random but lawful bookings of one agreement-year and keeps the figures that they should give.
type play struct {
	w           *world
	t           *rapid.T
	entries     []Entry
	ceiling     money.Amount
	due, cost   money.Amount
	advance     money.Amount // open
	payable     money.Amount
	recoverable money.Amount
	bank, lost  money.Amount
	accrued     money.Amount
	voted       money.Amount
	released    money.Amount
}

func (p *play) book(event Event, lines []Line) {
	p.entries = append(p.entries, p.w.entry(event, "", lines))
}

func (p *play) some(name string, most money.Amount) money.Amount {
	return money.Amount(rapid.Int64Range(0, int64(max(0, most))).Draw(p.t, name))
}

func (p *play) orderAdvance() {
	a := p.some("advance", min(p.ceiling-p.due-p.advance, p.ceiling/3))
	p.book(EventAdvanceOrdered, AdvanceOrdered(a))
	p.book(EventExecuted, Executed(a))
	p.advance += a
	p.bank -= a
}

func (p *play) claim() {
	cost := p.some("cost", p.ceiling)
	due := p.some("due", min(cost, p.ceiling-p.due-p.accrued))
	fromAdvance := min(due, p.advance)
	fromOwed := min(due-fromAdvance, p.recoverable)
	p.book(EventClaimApproved, ClaimApproved(due, cost, 0))
	p.book(EventNetted, Netted(fromAdvance, fromOwed))
	p.cost, p.due = p.cost+cost, p.due+due
	p.advance -= fromAdvance
	p.recoverable -= fromOwed
	p.payable += due - fromAdvance - fromOwed
}

// strike lowers what is due: by a correction, or by a claim of more credit notes than costs.
func (p *play) strike() {
	back := p.some("due back", p.due)
	cost := back + p.some("own back", p.cost-p.due)
	owed := back - min(back, p.payable)
	if rapid.Bool().Draw(p.t, "by claim") {
		p.book(EventClaimApproved, ClaimApproved(-back, -cost, owed))
	} else {
		p.book(EventCorrected, Corrected(-back, -cost, owed))
	}
	p.cost, p.due = p.cost-cost, p.due-back
	p.recoverable += owed
	p.payable -= back - owed
}

func (p *play) pay() {
	a := p.some("payment", p.payable)
	p.book(EventExecuted, Executed(a))
	p.payable -= a
	p.bank -= a
}

func (p *play) recover() {
	a := p.some("repaid", p.recoverable)
	b := p.some("written off", p.recoverable-a)
	p.book(EventRepaid, Repaid(a))
	p.book(EventWrittenOff, WrittenOff(b))
	p.recoverable -= a + b
	p.bank += a
	p.lost += b
}

func (p *play) accrue() {
	a := p.some("performance", min(p.cost-p.due, p.ceiling-p.due)-p.accrued)
	p.book(EventPerformanceAccrued, PerformanceAccrued(a))
	p.accrued += a
}

func (p *play) close() {
	p.book(EventPerformanceFinal, PerformanceFinal(p.accrued))
	p.due += p.accrued
	p.payable += p.accrued
	p.accrued = 0
	p.book(EventAdvanceUnused, AdvanceUnused(p.advance))
	p.recoverable += p.advance
	p.advance = 0
	p.released = p.ceiling - p.due
	p.book(EventDecommitted, Decommitted(p.released))
}

func (p *play) want() map[Account]money.Amount {
	return map[Account]money.Amount{
		Advances: p.advance, Recoverable: p.recoverable, Bank: p.bank, Payable: -p.payable, Accrued: -p.accrued,
		Contribution: p.due + p.accrued, Losses: p.lost, Authority: -p.voted, Envelope: p.voted - p.ceiling + p.released,
		Committed: p.ceiling - p.due - p.released, Consumed: p.due, MemoCost: p.cost, MemoOwn: p.due - p.cost, MemoContribution: -p.due,
	}
}

func added(entries []Entry) map[Account]money.Amount {
	out := map[Account]money.Amount{}
	for _, e := range entries {
		for _, p := range e.Postings() {
			out[p.Account] += p.Amount
		}
	}
	return out
}

func nonzero(m map[Account]money.Amount) map[Account]money.Amount {
	maps.DeleteFunc(m, func(_ Account, v money.Amount) bool { return v == 0 })
	return m
}

func drawPlay(t *rapid.T) *play {
	w := &world{programme: id.New[id.Programme](), agreement: id.New[id.Agreement]()}
	p := &play{w: w, t: t, ceiling: money.Amount(rapid.Int64Range(1, 200_000_00).Draw(t, "ceiling"))}
	p.voted = p.ceiling + p.some("left in the envelope", 1_000_00)
	p.book(EventEnvelopeVoted, EnvelopeVoted(p.voted))
	p.book(EventSigned, Signed(p.ceiling))
	steps := []func(){p.orderAdvance, p.claim, p.claim, p.strike, p.pay, p.recover, p.accrue}
	for range rapid.IntRange(0, 25).Draw(t, "steps") {
		steps[rapid.IntRange(0, len(steps)-1).Draw(t, "step")]()
		if p.accrued > min(p.cost, p.ceiling)-p.due { // a restatement: what was accrued is no longer earned
			p.book(EventPerformanceAccrued, PerformanceAccrued(-p.accrued))
			p.accrued = 0
		}
	}
	if rapid.Bool().Draw(t, "close") {
		p.close()
	}
	return p
}

func TestLawsOverRandomBookings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlay(t)
		if got, want := nonzero(added(p.entries)), nonzero(p.want()); !maps.Equal(got, want) {
			t.Fatalf("books %v\nwant  %v", got, want)
		}
		if found := replay(p.entries, map[AgreementYear]money.Amount{year(p.w, 2018): p.ceiling}); len(found) != 0 {
			t.Fatalf("laws broken: %v", found)
		}
		for _, e := range p.entries {
			lines := map[int]money.Amount{}
			back := map[Account]money.Amount{}
			for _, x := range append(e.Postings(), mirror(e.Postings())...) {
				back[x.Account] += x.Amount
			}
			for _, x := range e.Postings() {
				lines[x.Line] += x.Amount
				if x.Amount == 0 {
					t.Fatalf("%s: a posting of nothing", e.Event)
				}
			}
			for line, left := range lines {
				if left != 0 {
					t.Fatalf("%s: line %d leaves %s", e.Event, line, left)
				}
			}
			if len(nonzero(back)) != 0 {
				t.Fatalf("%s and its reversal leave %v", e.Event, back)
			}
		}
	})
}

// A booking with one posting changed is always found.
func TestAnyChangedPostingIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlay(t)
		c := newChecker()
		total := 0
		for _, e := range p.entries {
			total += len(e.Postings())
		}
		target, seen := rapid.IntRange(0, total-1).Draw(t, "posting"), 0
		for i, e := range p.entries {
			postings := e.Postings()
			for j := range postings {
				if seen == target {
					postings[j].Amount += money.Amount(rapid.Int64Range(1, 100).Draw(t, "by"))
				}
				seen++
			}
			c.entry(EntryRow{N: int64(i + 1), Agreement: e.Agreement, Year: e.Year, Counted: len(postings), Postings: postings})
		}
		if found := c.end(map[AgreementYear]money.Amount{year(p.w, 2018): p.ceiling}); len(found) == 0 {
			t.Fatal("nothing found")
		}
	})
}

func TestLinesOfTheTable(t *testing.T) {
	e := func(lines []Line) map[Account]money.Amount {
		return nonzero(added([]Entry{{Year: 2018, Lines: lines}}))
	}
	for name, c := range map[string]struct{ got, want map[Account]money.Amount }{
		"claim": {e(ClaimApproved(50, 101, 0)), map[Account]money.Amount{Contribution: 50, Payable: -50, Consumed: 50, Committed: -50,
			MemoCost: 101, MemoOwn: -51, MemoContribution: -50}},
		"claim above the ceiling": {e(ClaimApproved(0, 100, 0)), map[Account]money.Amount{MemoCost: 100, MemoOwn: -100}},
		"negative due, part still unpaid": {e(ClaimApproved(-50, -101, 30)), map[Account]money.Amount{Recoverable: 30, Payable: 20,
			Contribution: -50, Consumed: -50, Committed: 50, MemoCost: -101, MemoOwn: 51, MemoContribution: 50}},
		"performance": {e(PerformanceFinal(9)), map[Account]money.Amount{Accrued: 9, Payable: -9, Consumed: 9, Committed: -9, MemoOwn: 9,
			MemoContribution: -9}},
		"opening below zero": {e(Opening(Payable, -7)), map[Account]money.Amount{Payable: -7, EquityOpening: 7}},
		"nothing":            {e(Netted(0, 0)), map[Account]money.Amount{}},
	} {
		if !maps.Equal(c.got, c.want) {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
	over := Entry{Agreement: "a", Year: 2018, Lines: CarriedOver(5, 2018, 2019)}.Postings()
	if over[0] != (Posting{1, Committed, "a", 2019, 5}) || over[1] != (Posting{1, Committed, "a", 2018, -5}) {
		t.Errorf("carried over: %v", over)
	}
}
