package ledger

import (
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// The functions of this file are the rows of the table in domain section 4.13. They give the lines of one entry; zero amounts give none.

// EnvelopeVoted: an amount may be spent in a year.
func EnvelopeVoted(amount money.Amount) []Line {
	return some(Line{Debit: Envelope, Credit: Authority, Amount: amount})
}

// Signed: an agreement, or the decision on an overrun, reserves a ceiling.
func Signed(ceiling money.Amount) []Line {
	return some(Line{Debit: Committed, Credit: Envelope, Amount: ceiling})
}

// AdvanceOrdered: an advance is to be paid.
func AdvanceOrdered(amount money.Amount) []Line {
	return some(Line{Debit: Advances, Credit: Payable, Amount: amount})
}

// ClaimApproved: a claim with accepted cost (its credit notes may bring it below zero) is due an amount. Of a due below zero, owedBack
// (above zero) has been paid and is owed back, the rest lowers what is still to be paid; for a due of zero or more it is 0.
func ClaimApproved(due, cost, owedBack money.Amount) []Line { return contribution(due, cost, owedBack) }

// Corrected: cost was struck after payment (cost and due are zero or below); owedBack (above zero) of the due is owed back, the rest
// lowers what is still to be paid.
func Corrected(due, cost, owedBack money.Amount) []Line { return contribution(due, cost, owedBack) }

func contribution(due, cost, owedBack money.Amount) []Line {
	return some(
		Line{Debit: Recoverable, Credit: Contribution, Amount: owedBack},
		Line{Debit: Contribution, Credit: Payable, Amount: due + owedBack},
		Line{Debit: Consumed, Credit: Committed, Amount: due},
		Line{Debit: MemoCost, Credit: MemoOwn, Amount: cost - due},
		Line{Debit: MemoCost, Credit: MemoContribution, Amount: due},
	)
}

// Netted: what is due to the partner is used against the open advance and against what the partner owes back.
func Netted(fromAdvance, fromOwed money.Amount) []Line {
	return some(Line{Debit: Payable, Credit: Advances, Amount: fromAdvance}, Line{Debit: Payable, Credit: Recoverable, Amount: fromOwed})
}

// Executed: the bank has paid. A return by the bank is its reversal.
func Executed(amount money.Amount) []Line {
	return some(Line{Debit: Payable, Credit: Bank, Amount: amount})
}

// Repaid: the partner has paid back.
func Repaid(amount money.Amount) []Line {
	return some(Line{Debit: Bank, Credit: Recoverable, Amount: amount})
}

// WrittenOff: by decision, what is owed back will not come.
func WrittenOff(amount money.Amount) []Line {
	return some(Line{Debit: Losses, Credit: Recoverable, Amount: amount})
}

// PerformanceAccrued: a settlement was computed; its performance part is an expense that nobody may claim yet. A restatement reverses it.
func PerformanceAccrued(amount money.Amount) []Line {
	return some(Line{Debit: Contribution, Credit: Accrued, Amount: amount})
}

// PerformanceFinal: the settlement is final; the accrued performance part becomes payable, with its budget and memo sides.
func PerformanceFinal(amount money.Amount) []Line {
	return some(
		Line{Debit: Accrued, Credit: Payable, Amount: amount},
		Line{Debit: Consumed, Credit: Committed, Amount: amount},
		Line{Debit: MemoOwn, Credit: MemoContribution, Amount: amount},
	)
}

// AdvanceUnused: at final, what is open of the advance is owed back.
func AdvanceUnused(amount money.Amount) []Line {
	return some(Line{Debit: Recoverable, Credit: Advances, Amount: amount})
}

// Decommitted: what a final year left of its ceiling returns to the envelope of that year.
func Decommitted(amount money.Amount) []Line {
	return some(Line{Debit: Envelope, Credit: Committed, Amount: amount})
}

// CarriedOver: by decision, what a final year left of its ceiling is reserved for the next.
func CarriedOver(amount money.Amount, from, to period.Year) []Line {
	return some(Line{Debit: Committed, Credit: Committed, Amount: amount, DebitYear: to, CreditYear: from})
}

// Opening: a balance taken over from other books, debit above zero.
func Opening(account Account, balance money.Amount) []Line {
	return some(Line{Debit: account, Credit: EquityOpening, Amount: balance})
}

// YearClosed: a year of the books is closed; what it bears of an agreement-year and was not booked in it is accrued, and reversed the day after.
func YearClosed(amount money.Amount) []Line {
	return some(Line{Debit: YearEnd, Credit: Accrued, Amount: amount})
}

func some(lines ...Line) []Line {
	var out []Line
	for _, l := range lines {
		if l.Amount != 0 {
			out = append(out, l)
		}
	}
	return out
}
