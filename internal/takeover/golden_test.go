package takeover

import (
	"testing"

	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// amount reads an amount as it stands in the design, for tests.
func amount(t testing.TB, s string) money.Amount {
	t.Helper()
	a, err := money.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// goldenFacts is the golden case of domain section 4: r = 5000, ceiling 120,000.00, advance 30 % executed, p = 2000.
func goldenFacts(t testing.TB) Facts {
	item := func(ref, net string, state funding.ItemState) funding.Item {
		return funding.Item{ID: id.New[id.Item](), Ref: ref, Net: amount(t, net), RateBp: 5000, State: state}
	}
	cut := item("2a", "80000.00", funding.Deducted) // 80,000.00 of which 4,999.99 deducted, and 10,000.02 parked: declared 90,000.02
	cut.Deducted = amount(t, "4999.99")
	parked := item("2b", "10000.02", funding.Returned)
	back := item("3b", "10000.02", funding.Accepted)
	back.Returns = parked.ID
	first, second, third := id.New[id.Claim](), id.New[id.Claim](), id.New[id.Claim]()
	one, three := item("1", "70000.01", funding.Accepted), item("3a", "80000.01", funding.Accepted)
	pay := func(kind funding.PaymentKind, c id.Claim, a string, on period.Date) PaymentFacts {
		return PaymentFacts{ID: id.New[id.Payment](), Kind: kind, Claim: c, Amount: amount(t, a), Ordered: on, Executed: on.AddDays(3)}
	}
	return Facts{Year: 2018, Ceiling: amount(t, "120000.00"), PerformanceBp: 2000, Signed: "2017-10-03",
		Claims: []ClaimFacts{
			{ID: first, Number: 1, Approved: "2018-05-02", Items: []funding.Item{one}},
			{ID: second, Number: 2, Approved: "2018-09-03", Items: []funding.Item{cut, parked}},
			{ID: third, Number: 3, Approved: "2019-02-04", Items: []funding.Item{three, back}},
		},
		Payments: []PaymentFacts{
			pay(funding.AdvancePayment, "", "36000.00", "2018-03-09"),
			pay(funding.ClaimPayment, second, "22000.00", "2018-09-10"),
			pay(funding.ClaimPayment, third, "36000.01", "2019-02-11"),
		},
		Corrections: []CorrectionFacts{
			{ID: id.New[id.Correction](), Item: one.ID, Cost: amount(t, "5000.01"), On: "2019-03-11"},
			{ID: id.New[id.Correction](), Item: three.ID, Cost: amount(t, "12000.01"), On: "2019-04-11"},
		}}
}

func TestGoldenCaseStepByStep(t *testing.T) {
	run, err := play("", "EUR", goldenFacts(t))
	if err != nil {
		t.Fatal(err)
	}
	steps := []struct{ accepted, due, fromAdvance, toPay string }{
		// E 70,000.01: H = floor(35,000.005) = 35,000.00; C = 28,000.00
		{"70000.01", "28000.00", "28000.00", "0.00"},
		// 75,000.01 of 90,000.02; E 145,000.02: H = 72,500.01; C = floor(58,000.008) = 58,000.00
		{"75000.01", "30000.00", "8000.00", "22000.00"},
		// E 235,000.05: H = min(120,000, 117,500.02); C = floor(94,000.016) = 94,000.01
		{"90000.03", "36000.01", "0.00", "36000.01"},
	}
	for i, want := range steps {
		got := run.claims[run.Claims[i].ID]
		if got.cost != amount(t, want.accepted) || got.step.Due != amount(t, want.due) || got.step.FromAdvance != amount(t, want.fromAdvance) ||
			got.step.ToPay != amount(t, want.toPay) {
			t.Errorf("claim %d: accepted %s, due %s, from advance %s, to pay %s; want %+v", i+1, got.cost, got.step.Due, got.step.FromAdvance,
				got.step.ToPay, want)
		}
	}
	for i, want := range []string{"-2000.00", "-4800.01"} { // E 230,000.04: C = 92,000.01; E 218,000.03: C = 87,200.00
		if got := run.dues[run.Corrections[i].ID]; got != amount(t, want) {
			t.Errorf("correction %d: due %s, want %s", i+1, got, want)
		}
	}
	y := run.year
	half, err := y.Half(y.Cost)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what string
		got  money.Amount
		want string
	}{
		{"E", y.Cost.Sum(), "218000.03"}, {"H", half, "109000.01"}, {"C", y.CostPart(half), "87200.00"},
		{"pool", half - y.CostPart(half), "21800.01"}, {"paid", y.NetPaid(), "94000.01"}, {"owed back", y.Recoverable, "6800.01"},
		{"open advance", y.Open, "0.00"}, {"payable", y.Payable, "0.00"},
	} {
		if c.got != amount(t, c.want) {
			t.Errorf("%s is %s, want %s", c.what, c.got, c.want)
		}
	}
	after, closing := y.Close(amount(t, "15914.00"))
	if closing.FromOwed != amount(t, "6800.01") || closing.ToPay != amount(t, "9113.99") || closing.Left != amount(t, "16886.00") {
		t.Errorf("closing is %+v", closing)
	}
	if after.Payable != amount(t, "9113.99") || after.Recoverable != 0 || after.Open != 0 {
		t.Errorf("after closing: %+v", after)
	}
}

func TestBookedEntriesBalanceAndAgreeWithTheFold(t *testing.T) {
	run, err := play("", "EUR", goldenFacts(t))
	if err != nil {
		t.Fatal(err)
	}
	balance := map[ledger.Account]money.Amount{}
	for _, e := range run.entries {
		var sum money.Amount
		for _, p := range e.Postings() {
			sum += p.Amount
			balance[p.Account] += p.Amount
		}
		if sum != 0 {
			t.Errorf("%s does not balance: %s", e.Key, sum)
		}
	}
	for account, want := range map[ledger.Account]string{
		ledger.Contribution: "87200.00", ledger.Bank: "-94000.01", ledger.Recoverable: "6800.01", ledger.Advances: "0.00",
		ledger.Payable: "0.00", ledger.MemoCost: "218000.03", ledger.MemoContribution: "-87200.00", ledger.MemoOwn: "-130800.03",
	} {
		if balance[account] != amount(t, want) {
			t.Errorf("%s is %s, want %s", account, balance[account], want)
		}
	}
}

func TestFactsThatDoNotFitAreNamed(t *testing.T) {
	for name, breakIt := range map[string]func(*Facts){
		"funding.paid_too_much":         func(f *Facts) { f.Payments[1].Amount++ },
		"funding.advance_above_ceiling": func(f *Facts) { f.Payments[0].Amount = f.Ceiling + 1 },
		"funding.correction_too_much":   func(f *Facts) { f.Corrections[0].Cost = amount(t, "70000.02") },
		"funding.repaid_too_much": func(f *Facts) {
			f.Payments = append(f.Payments, PaymentFacts{ID: "x", Kind: funding.Repayment, Amount: amount(t, "6800.02"), Executed: "2019-06-01"})
		},
	} {
		f := goldenFacts(t)
		breakIt(&f)
		_, err := Fold("EUR", f)
		fact, ok := err.(*FactFault)
		if !ok || string(fact.Key) != name {
			t.Errorf("want %s, got %v", name, err)
		}
	}
}
