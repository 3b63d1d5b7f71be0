package ledger

import (
	"slices"
	"strings"

	"errera.eu/errera/internal/text"
)

// Account is one account of the books, named from the general to the particular.
type Account string

// The accounts of domain section 4.13, Liabilities:Accrued (a performance part that is computed and not yet final) and Equity:Opening
// (the other side of balances taken over).
const (
	Envelope         Account = "Budget:Envelope"
	Authority        Account = "Budget:Authority"
	Committed        Account = "Budget:Committed"
	Consumed         Account = "Budget:Consumed"
	Advances         Account = "Assets:Advances"
	Recoverable      Account = "Assets:Recoverable"
	Bank             Account = "Assets:Bank"
	Payable          Account = "Liabilities:Payable"
	Accrued          Account = "Liabilities:Accrued"
	Contribution     Account = "Expenses:Contribution"
	Losses           Account = "Expenses:WrittenOff"
	YearEnd          Account = "Expenses:Accrued" // what a closed year bears and was not booked in it, until the day after
	MemoCost         Account = "Memo:Cost"
	MemoOwn          Account = "Memo:Own"
	MemoContribution Account = "Memo:Contribution"
	EquityOpening    Account = "Equity:Opening"
)

// Accounts lists every account in the order in which books show them.
func Accounts() []Account {
	return []Account{Advances, Recoverable, Bank, Payable, Accrued, Contribution, Losses, YearEnd, EquityOpening,
		Authority, Envelope, Committed, Consumed, MemoCost, MemoOwn, MemoContribution}
}

// Known tells whether a is one of Accounts.
func (a Account) Known() bool { return slices.Contains(Accounts(), a) }

// Key is the account's name for people.
func (a Account) Key() text.Key {
	return text.Key("account." + strings.ReplaceAll(string(a), ":", "-"))
}

// side is 1 for an account that may never show a credit balance, -1 for one that may never show a debit balance, 0 for one that may
// show either.
func (a Account) side() int {
	switch a {
	case Envelope, Committed, Consumed, Advances, Recoverable, Contribution, Losses, YearEnd:
		return 1
	case Payable, Accrued:
		return -1
	}
	return 0
}
