package report

import (
	"strconv"

	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/text"
)

// Step is one line of a reckoning. A numbered step is a result; the lines below it are what it is made of.
type Step struct {
	Key     string // accepted, half, cost_part, performance, final, paid, balance; below those: claim, corrections, advance, ...
	N       int    // 1 to 6; 0 for the lines below and the balance
	Words   Saying
	Working Saying // how the amount came about; none for most lines below
	Amount  money.Amount
	Claim   id.Claim // whose items the amount opens to
}

// maxNamed is how many corrections a statement names one by one.
const maxNamed = 3

// reckoned writes a settlement's reckoning step by step. Rate is the agency's share of cost, 0 where several held in the year.
// Source: domain sections 4.3 to 4.9.
func reckoned(w settlement.Working, rate money.Bp, partner string) []Step {
	r := w.Reckoning
	steps := []Step{{Key: "accepted", N: 1, Words: phrase("statement.accepted", nil), Amount: r.Accepted}}
	if o := w.Opening; o != nil && o.Cost != 0 {
		steps = append(steps, Step{Key: "opening", Words: phrase("statement.opening", nil), Amount: o.Cost})
	}
	for _, c := range w.Claims {
		steps = append(steps, Step{Key: "claim", Words: claimWords(c), Amount: c.Accepted, Claim: c.Claim})
	}
	if len(w.Corrections) > 0 {
		steps = append(steps, struck(w.Corrections))
	}
	steps = append(steps,
		Step{Key: "half", N: 2, Words: halfWords(rate), Working: halfWorking(r, rate), Amount: r.Half},
		Step{Key: "cost_part", N: 3, Words: phrase("statement.cost_part", text.Args{"share": money.Bp(10_000) - r.Performance}), Amount: r.CostPart,
			Working: phrase("statement.cost_part_working", text.Args{"half": plain(r.Half), "share": money.Bp(10_000) - r.Performance,
				"product": product(r.Half, 10_000-r.Performance), "pool": plain(r.Pool)})},
		Step{Key: "performance", N: 4, Words: phrase("statement.performance", text.Args{"score": percent(r.Score)}), Amount: r.Earned,
			Working: phrase("statement.performance_working", text.Args{"pool": plain(r.Pool), "score": percent(r.Score),
				"product": product(r.Pool, r.Score), "lost": plain(r.NotEarned)})},
		Step{Key: "final", N: 5, Words: phrase("statement.final", nil), Amount: r.Final,
			Working: phrase("statement.final_working", text.Args{"cost": plain(r.CostPart), "earned": plain(r.Earned), "partner": partner,
				"accepted": plain(r.Accepted), "final": plain(r.Final), "own": plain(r.Own)})},
		Step{Key: "paid", N: 6, Words: phrase("statement.paid", nil), Amount: -r.Paid})
	steps = append(steps, paidSteps(w)...)
	return append(steps, Step{Key: "balance", Words: balanceWords(r.Balance, partner), Amount: max(r.Balance, -r.Balance)})
}

func claimWords(c settlement.ClaimLine) Saying {
	number := strconv.Itoa(c.Number)
	var parts []Saying
	if c.Declared != c.Accepted {
		parts = append(parts, phrase("statement.declared", text.Args{"amount": plain(c.Declared)}))
		if c.Returned != 0 {
			parts = append(parts, phrase("statement.returned", text.Args{"amount": plain(c.Returned)}))
		}
		if c.Deducted != 0 {
			parts = append(parts, phrase("statement.deducted", text.Args{"amount": plain(c.Deducted)}))
		}
		if c.Parked != 0 {
			parts = append(parts, phrase("statement.parked", text.Args{"amount": plain(c.Parked)}))
		}
		if other := c.Declared + c.Returned - c.Deducted - c.Parked - c.Accepted; other != 0 {
			parts = append(parts, phrase("statement.other_money", text.Args{"amount": plain(other)}))
		}
	}
	if len(parts) == 0 {
		return phrase("statement.claim", text.Args{"number": number})
	}
	return phrase("statement.claim_made_of", text.Args{"number": number, "parts": sayings{parts, ", "}})
}

func struck(all []settlement.StruckLine) Step {
	s := Step{Key: "corrections"}
	var each []Saying
	for _, c := range all {
		s.Amount -= c.Cost
		each = append(each, phrase("statement.one_correction", text.Args{"amount": plain(-c.Cost)}))
	}
	if len(all) > maxNamed {
		s.Words = phrase("statement.corrections_many", text.Args{"n": len(all)})
	} else {
		s.Words = phrase("statement.corrections", text.Args{"each": sayings{each, "; "}})
	}
	return s
}

func halfWords(rate money.Bp) Saying {
	switch rate {
	case 5000:
		return phrase("statement.half", nil)
	case 0:
		return phrase("statement.part_mixed", nil)
	default:
		return phrase("statement.part", text.Args{"share": rate})
	}
}

func halfWorking(r settlement.Reckoning, rate money.Bp) Saying {
	args := text.Args{"accepted": plain(r.Accepted), "uncapped": plain(r.Uncapped), "ceiling": plain(r.Ceiling)}
	exact := product(r.Accepted, rate)
	known := rate != 0 && exact.down() == r.Uncapped
	if known {
		args["share"], args["product"] = rate, exact
	}
	switch {
	case known && r.Capped:
		return phrase("statement.half_capped", args)
	case known:
		return phrase("statement.half_working", args)
	case r.Capped:
		return phrase("statement.mixed_capped", args)
	default:
		return phrase("statement.mixed_working", args)
	}
}

// paidSteps lists what was paid: advances, claims with what they were due, balances, repayments.
func paidSteps(w settlement.Working) []Step {
	var out []Step
	if o := w.Opening; o != nil && o.Paid != 0 {
		out = append(out, Step{Key: "opening_paid", Words: openingWords(o), Amount: o.Paid})
	}
	byClaim := map[id.Claim]money.Amount{}
	for _, p := range w.Payments {
		switch p.Kind {
		case funding.AdvancePayment:
			out = append(out, Step{Key: "advance", Words: phrase("statement.advance", text.Args{"on": p.ExecutedOn}), Amount: p.Amount})
		case funding.ClaimPayment:
			byClaim[p.Claim] += p.Amount
		}
	}
	for _, c := range w.Claims {
		paid := byClaim[c.Claim]
		out = append(out, Step{Key: "claim_paid", Words: paidWords(c, paid), Amount: paid})
	}
	for _, p := range w.Payments {
		switch p.Kind {
		case funding.BalancePayment:
			out = append(out, Step{Key: "balance_paid", Words: phrase("statement.balance_paid", text.Args{"on": p.ExecutedOn}), Amount: p.Amount})
		case funding.Repayment:
			out = append(out, Step{Key: "repaid", Words: phrase("statement.repaid", text.Args{"on": p.ExecutedOn}), Amount: -p.Amount})
		}
	}
	return out
}

func openingWords(o *funding.Opening) Saying {
	if o.Advance == 0 {
		return phrase("statement.opening_paid", nil)
	}
	return phrase("statement.opening_paid_advance", text.Args{"advance": plain(o.Advance)})
}

func paidWords(c settlement.ClaimLine, paid money.Amount) Saying {
	args := text.Args{"number": strconv.Itoa(c.Number), "due": plain(c.Due), "netted": plain(c.FromAdvance)}
	switch rest := c.Due - c.FromAdvance - paid; {
	case c.Due > 0 && c.FromAdvance == c.Due:
		return phrase("statement.claim_all_netted", args)
	case rest > 0:
		args["rest"] = plain(rest)
		return phrase("statement.claim_rest", args)
	case c.FromAdvance > 0:
		return phrase("statement.claim_part_netted", args)
	default:
		return phrase("statement.claim", text.Args{"number": strconv.Itoa(c.Number)})
	}
}

func balanceWords(balance money.Amount, partner string) Saying {
	switch {
	case balance > 0:
		return phrase("statement.due_to", text.Args{"partner": partner})
	case balance < 0:
		return phrase("statement.due_from", text.Args{"partner": partner})
	default:
		return phrase("statement.settled", nil)
	}
}
