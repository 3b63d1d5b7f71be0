package ledger

import (
	"maps"
	"testing"

	"errera.eu/errera/internal/money"
)

// goldenEntries are the bookings of the golden case of domain section 4: rate 5000, ceiling 120,000.00, advance 30 % executed, p = 2000.
//
//	C after claim 1: floor(70,000.01 / 2) = 35,000.00; x 80 % = 28,000.00; due 28,000.00, all from the advance (36,000.00)
//	C after claim 2: floor(145,000.02 / 2) = 72,500.01; x 80 % = 58,000.00; due 30,000.00, 8,000.00 from the advance, 22,000.00 paid
//	C after claim 3: floor(235,000.05 / 2) = 117,500.02; x 80 % = 94,000.01; due 36,000.01, all paid
//	correction 1:    floor(230,000.04 / 2) = 115,000.02; x 80 % = 92,000.01; due -2,000.00
//	correction 2:    floor(218,000.03 / 2) = 109,000.01; x 80 % = 87,200.00; due -4,800.01
func goldenEntries(w *world) []Entry {
	return append(w.opened(),
		w.entry(EventAdvanceOrdered, "advance", AdvanceOrdered(36_000_00)),
		w.entry(EventExecuted, "advance paid", Executed(36_000_00)),
		w.entry(EventClaimApproved, "claim 1", ClaimApproved(28_000_00, 70_000_01, 0)),
		w.entry(EventNetted, "claim 1 netted", Netted(28_000_00, 0)),
		w.entry(EventClaimApproved, "claim 2", ClaimApproved(30_000_00, 75_000_01, 0)),
		w.entry(EventNetted, "claim 2 netted", Netted(8_000_00, 0)),
		w.entry(EventExecuted, "claim 2 paid", Executed(22_000_00)),
		w.entry(EventClaimApproved, "claim 3", ClaimApproved(36_000_01, 90_000_03, 0)),
		w.entry(EventExecuted, "claim 3 paid", Executed(36_000_01)),
		w.entry(EventCorrected, "correction 1", Corrected(-2_000_00, -5_000_01, 2_000_00)),
		w.entry(EventCorrected, "correction 2", Corrected(-4_800_01, -12_000_01, 4_800_01)),
		w.entry(EventPerformanceAccrued, "accrued", PerformanceAccrued(15_914_00)),
	)
}

// goldenFinal closes it: pool 109,000.01 - 87,200.00 = 21,800.01; x 73 % = 15,914.00; final 103,114.00; balance 103,114.00 - 94,000.01.
func goldenFinal(w *world) []Entry {
	return []Entry{
		w.entry(EventPerformanceFinal, "final", PerformanceFinal(15_914_00)),
		w.entry(EventNettedOwed, "final netted", Netted(0, 6_800_01)),
		w.entry(EventDecommitted, "decommitted", Decommitted(16_886_00)),
		w.entry(EventExecuted, "balance paid", Executed(9_113_99)),
	}
}

func TestGoldenCase(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.post(goldenEntries(w)...)
		expect(t, "before final", w.balance(Filter{Agreement: w.agreement, Year: 2018}), map[Account]money.Amount{
			Advances: 0, Payable: 0, Recoverable: 6_800_01, Bank: -94_000_01, Accrued: -15_914_00, Contribution: 103_114_00,
			Envelope: -120_000_00, Committed: 32_800_00, Consumed: 87_200_00,
			MemoCost: 218_000_03, MemoOwn: -130_800_03, MemoContribution: -87_200_00,
		})
		final := goldenFinal(w)
		w.post(final[:3]...)
		expect(t, "at final", w.balance(Filter{Agreement: w.agreement, Year: 2018}), map[Account]money.Amount{
			Advances: 0, Payable: -9_113_99, Recoverable: 0, Bank: -94_000_01, Accrued: 0, Contribution: 103_114_00,
			Envelope: -103_114_00, Committed: 0, Consumed: 103_114_00,
			MemoCost: 218_000_03, MemoOwn: -114_886_03, MemoContribution: -103_114_00,
		})
		w.post(final[3])
		expect(t, "paid", w.balance(Filter{Year: 2018, Account: "Assets"}),
			map[Account]money.Amount{Advances: 0, Recoverable: 0, Bank: -103_114_00})
		expect(t, "the programme's purse", w.balance(Filter{Account: "Budget:E"}), map[Account]money.Amount{Envelope: 500_000_00 - 103_114_00})
		if found := w.check(); len(found) != 0 {
			t.Errorf("Check: %v", found)
		}
	})
}

func expect(t *testing.T, when string, got, want map[Account]money.Amount) {
	t.Helper()
	if !maps.Equal(got, want) {
		for a, v := range want {
			if g, ok := got[a]; !ok || g != v {
				t.Errorf("%s: %s is %s, want %s", when, a, g, v)
			}
		}
		for a, v := range got {
			if _, ok := want[a]; !ok {
				t.Errorf("%s: %s is %s, want no postings", when, a, v)
			}
		}
	}
}
