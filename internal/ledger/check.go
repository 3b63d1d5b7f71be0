package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/text"
)

// Law is a law of domain section 10 that the books alone can show to hold.
type Law string

// The laws that Check holds the books to.
const (
	LawNumbers  Law = "numbers"  // entries are numbered from 1 without gaps
	LawCount    Law = "count"    // an entry has the postings it was booked with
	LawLine     Law = "line"     // each line adds up to 0
	LawSum      Law = "sum"      // all postings add up to 0
	LawReversal Law = "reversal" // a reversal is the exact opposite of its entry
	LawSide     Law = "side"     // no account ever stands on the wrong side
	LawCeiling  Law = "ceiling"  // Committed + Consumed <= ceiling
	LawPaid     Law = "paid"     // paid - repaid - owed back - written off <= Committed + Consumed
	LawMemo     Law = "memo"     // contribution + own part = accepted cost
	LawExpense  Law = "expense"  // expenses = contribution of the memo side + what is accrued = Consumed + what is accrued
)

// Finding is one broken law: of an agreement-year (no agreement: of the programme) or of the entry numbered N, with the amount by which it
// is broken.
type Finding struct {
	Law Law
	AgreementYear
	N       int64 // entry, 0: none
	Account Account
	Amount  money.Amount
}

// Say is the finding for a person.
func (f Finding) Say(l text.Language) string {
	account := ""
	if f.Account != "" {
		account = l.Say(f.Account.Key(), nil)
	}
	return l.Say(text.Key("check.ledger-"+string(f.Law)), text.Args{"entry": f.N, "account": account, "amount": f.Amount, "year": f.Year})
}

// Check reads the whole of a programme's books once, in the order of booking, and lists the laws they break; none is good.
func Check(ctx context.Context, tx *db.Tx, g id.Programme) ([]Finding, error) {
	ceilings := map[AgreementYear]money.Amount{}
	err := tx.Each(ctx, loadCeilings, []any{g}, func(r *sql.Rows) error {
		var at AgreementYear
		var ceiling money.Amount
		err := r.Scan(&at.Agreement, &at.Year, &ceiling)
		ceilings[at] = ceiling
		return err
	})
	if err != nil {
		return nil, err
	}
	c := newChecker()
	err = Each(ctx, tx, g, Filter{}, func(r EntryRow) error {
		c.entry(r)
		return nil
	})
	return c.end(ceilings), err
}

var loadCeilings = db.SQL("ledger.ceiling.list",
	`select agreement_id, year, amount + carried from agreement_ceiling where programme_id = $1`)

// checker replays the books. Budget:Envelope is one purse for all agreements of a year; every other account stands by itself in each
// agreement-year.
type checker struct {
	last     int64
	sum      money.Amount
	years    map[AgreementYear]amounts
	reversed map[id.Entry]EntryRow // entries that a later one reverses
	wrong    map[wrongSide]bool
	findings []Finding
}

type wrongSide struct {
	AgreementYear
	Account
}

func newChecker() *checker {
	return &checker{years: map[AgreementYear]amounts{}, reversed: map[id.Entry]EntryRow{}, wrong: map[wrongSide]bool{}}
}

func (c *checker) find(f Finding) { c.findings = append(c.findings, f) }

func (c *checker) entry(r EntryRow) {
	here := AgreementYear{r.Agreement, r.Year}
	c.last++
	if r.N != c.last {
		c.find(Finding{Law: LawNumbers, AgreementYear: here, N: r.N})
		c.last = r.N
	}
	if len(r.Postings) != r.Counted {
		c.find(Finding{Law: LawCount, AgreementYear: here, N: r.N})
	}
	lines := map[int]money.Amount{}
	touched := map[wrongSide]bool{}
	for _, p := range r.Postings {
		at := AgreementYear{p.Agreement, p.Year}
		if p.Account == Envelope {
			at.Agreement = ""
		}
		if c.years[at] == nil {
			c.years[at] = amounts{}
		}
		c.years[at][p.Account] += p.Amount
		c.sum += p.Amount
		lines[p.Line] += p.Amount
		touched[wrongSide{at, p.Account}] = true
	}
	for _, left := range lines {
		if left != 0 {
			c.find(Finding{Law: LawLine, AgreementYear: here, N: r.N, Amount: left})
		}
	}
	c.sides(r.N, touched)
	c.reversal(r)
}

// sides looks at the accounts that an entry touched, once the whole entry is booked; each is reported the first time only.
func (c *checker) sides(n int64, touched map[wrongSide]bool) {
	for t := range touched {
		balance := c.years[t.AgreementYear][t.Account]
		if balance*money.Amount(t.side()) < 0 && !c.wrong[t] {
			c.wrong[t] = true
			c.find(Finding{Law: LawSide, AgreementYear: t.AgreementYear, N: n, Account: t.Account, Amount: balance})
		}
	}
}

func (c *checker) reversal(r EntryRow) {
	if r.ReversedBy != "" {
		c.reversed[r.ID] = r
	}
	if r.Reverses == "" {
		return
	}
	of, known := c.reversed[r.Reverses]
	delete(c.reversed, r.Reverses)
	if !known || !slices.Equal(mirror(of.Postings), r.Postings) {
		c.find(Finding{Law: LawReversal, AgreementYear: AgreementYear{r.Agreement, r.Year}, N: r.N})
	}
}

// end holds the balances to the laws that concern the outcome, and puts the findings in order.
func (c *checker) end(ceilings map[AgreementYear]money.Amount) []Finding {
	if c.sum != 0 {
		c.find(Finding{Law: LawSum, Amount: c.sum})
	}
	for at, b := range c.years {
		if at.Agreement == "" {
			continue
		}
		reserved := b[Committed] + b[Consumed]
		over := func(l Law, by money.Amount) {
			if by > 0 {
				c.find(Finding{Law: l, AgreementYear: at, Amount: by})
			}
		}
		off := func(l Law, by money.Amount) {
			if by != 0 {
				c.find(Finding{Law: l, AgreementYear: at, Amount: by})
			}
		}
		over(LawCeiling, reserved-ceilings[at])
		over(LawPaid, -b[Bank]-b[Recoverable]-b[Losses]-reserved)
		off(LawMemo, b[MemoCost]+b[MemoOwn]+b[MemoContribution])
		off(LawExpense, b[Contribution]+b[MemoContribution]+b[Accrued])
		off(LawExpense, b[Contribution]-b[Consumed]+b[Accrued])
	}
	slices.SortFunc(c.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.N, b.N), cmp.Compare(a.Agreement, b.Agreement), cmp.Compare(a.Year, b.Year), cmp.Compare(a.Law, b.Law),
			cmp.Compare(a.Account, b.Account), cmp.Compare(a.Amount, b.Amount))
	})
	return c.findings
}
