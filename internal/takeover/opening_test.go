package takeover

import (
	"errors"
	"slices"
	"testing"

	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// takenOver is the golden case without what happened until a day, with the balances of the other books on that day in its place.
func takenOver(t *testing.T, until period.Date) (whole, rest Facts) {
	t.Helper()
	whole = goldenFacts(t)
	whole.Corrections = nil // they would strike items that stayed in the other books
	run, err := play("", "EUR", whole)
	if err != nil {
		t.Fatal(err)
	}
	sums := map[ledger.Account]money.Amount{}
	for _, e := range run.entries {
		if e.BookedOn > until {
			continue
		}
		for _, p := range e.Postings() {
			sums[p.Account] += p.Amount
		}
	}
	rest = whole
	rest.Claims = slices.DeleteFunc(slices.Clone(whole.Claims), func(c ClaimFacts) bool { return c.Approved <= until })
	rest.Payments = slices.DeleteFunc(slices.Clone(whole.Payments), func(p PaymentFacts) bool { return p.Executed <= until })
	rest.OpeningRate = 5000
	for account, sum := range sums {
		if sum != 0 {
			rest.Opening = append(rest.Opening, funding.OpeningFacts{Account: account, Amount: sum})
		}
	}
	return whole, rest
}

// A year that is taken over on any day ends where the whole of it ends.
func TestAYearTakenOverEndsTheSame(t *testing.T) {
	for _, until := range []period.Date{"2018-03-31", "2018-05-31", "2018-09-30", "2019-03-01"} {
		whole, rest := takenOver(t, until)
		want, err := Fold("EUR", whole)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Fold("EUR", rest)
		if err != nil {
			t.Errorf("taken over on %s: %v", until, err)
			continue
		}
		// how much of the advance was netted before stayed in the other books
		want.Advance, want.Executed = got.Advance, got.Executed
		if got.Cost.Sum() != want.Cost.Sum() || got.NetPaid() != want.NetPaid() {
			t.Errorf("taken over on %s: cost %v paid %s, want %v, %s", until, got.Cost, got.NetPaid(), want.Cost, want.NetPaid())
		}
		got.Cost, want.Cost = nil, nil
		if got.Due != want.Due || got.Open != want.Open || got.Payable != want.Payable || got.Recoverable != want.Recoverable {
			t.Errorf("taken over on %s: %+v, want %+v", until, got, want)
		}
		after, closing := got.Close(amount(t, "15914.00"))
		wantAfter, wantClosing := want.Close(amount(t, "15914.00"))
		if closing != wantClosing || after.Payable != wantAfter.Payable || after.Recoverable != wantAfter.Recoverable {
			t.Errorf("taken over on %s closes as %+v, want %+v", until, closing, wantClosing)
		}
	}
}

// What was due and not yet paid on the day leaves with the balance.
func TestWhatWasUnpaidStaysPayable(t *testing.T) {
	_, rest := takenOver(t, "2018-09-05")
	rest.Payments = slices.DeleteFunc(rest.Payments, func(p PaymentFacts) bool { return p.Executed <= "2018-09-30" }) // of a claim of other books
	got, err := Fold("EUR", rest)
	if err != nil {
		t.Fatal(err)
	}
	if got.Payable != amount(t, "22000.00") || got.NetPaid() != amount(t, "72000.01") {
		t.Errorf("payable %s, paid %s", got.Payable, got.NetPaid())
	}
}

// A due that the cost does not entitle to would show as the due of the next claim.
func TestAnOpeningThatDoesNotFitIsNamed(t *testing.T) {
	_, rest := takenOver(t, "2018-05-31")
	for i := range rest.Opening {
		switch rest.Opening[i].Account {
		case ledger.Contribution:
			rest.Opening[i].Amount++
		case ledger.Bank:
			rest.Opening[i].Amount--
		}
	}
	_, err := Fold("EUR", rest)
	var misfit *FactFault
	if !errors.As(err, &misfit) || misfit.Kind != "opening" || misfit.Key != "funding.opening_due" || misfit.Args["due"] != amount(t, "28000.00") {
		t.Errorf("got %v", err)
	}
}
