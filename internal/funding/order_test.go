package funding

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
)

// take hands costs in as one claim, decides each as a function says and approves it.
func (w *world) take(by access.Actor, a id.Agreement, items []Item, decide func(Item)) Step {
	w.t.Helper()
	c, err := w.submit(by, a, items...)
	w.must(err)
	w.open(c)
	for _, i := range items {
		decide(i)
	}
	w.acceptAll(c)
	w.must(w.verify(c))
	s, err := w.approve(c)
	w.must(err)
	return s
}

// TestTheSameItemsInAnyOrder: two partners with equal terms claim the same costs, one of them in one claim, the other shuffled over several
// of which a part is parked and returns. What is due is the same to the cent, on each engine.
func TestTheSameItemsInAnyOrder(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w, random := newWorld(t, d), rand.New(rand.NewPCG(4, 10))
		costs := make([]Item, 9)
		cut := map[money.Amount]money.Amount{}
		for n := range costs {
			costs[n] = cost(money.Amount(random.Int64N(40_000_00))*2 + 1)
			if n%4 == 3 {
				costs[n].Net = -costs[n].Net / 8
			}
			if n%3 == 1 {
				cut[costs[n].Net] = costs[n].Net / 3
			}
		}
		deduct := func(i Item) {
			if c := cut[i.Net]; c != 0 {
				w.must(w.decide(i.ID, "item.deduct", c))
			}
		}
		w.take(w.finance, w.ofAlder, costs, deduct)
		var other []Item
		for _, n := range random.Perm(len(costs)) {
			i := costs[n]
			i.ID, i.Ref = id.New[id.Item](), ""
			i.Invoice = string(i.ID)
			other = append(other, i)
		}
		late := other[4]
		w.take(w.other, w.ofBirch, other[:3], deduct)
		w.take(w.other, w.ofBirch, other[3:6], func(i Item) {
			if i.ID == late.ID {
				w.must(w.decide(i.ID, "item.park", 0))
				return
			}
			deduct(i)
		})
		back := Item{ID: id.New[id.Item](), DeliveredOn: late.DeliveredOn, Returns: late.ID}
		w.take(w.other, w.ofBirch, append([]Item{back}, other[6:]...), func(i Item) {
			if c := cut[late.Net]; i.ID == back.ID && c != 0 {
				w.must(w.decide(i.ID, "item.deduct", c))
				return
			}
			deduct(i)
		})
		one, same := w.hold(w.ofAlder, 2018), w.hold(w.ofBirch, 2018)
		if one.Cost[5000] != same.Cost[5000] || one.Due != same.Due || one.Due == 0 {
			t.Errorf("at once: cost %s, due %s; in pieces: cost %s, due %s", one.Cost[5000], one.Due, same.Cost[5000], same.Due)
		}
	})
}

// TestACreditNoteAboveWhatIsOpen: a due below zero is netted against what is unpaid; what is more is owed back, and later claims use it up.
func TestACreditNoteAboveWhatIsOpen(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, k := range []struct {
			net                                  money.Amount
			due, unpaid, owed, fromOwed, payable string
			owedBack                             string
			pay                                  bool
		}{
			// E 10,000.01: C 4,000.00
			{net: 10_000_01, due: "4000.00", unpaid: "0.00", owed: "0.00", fromOwed: "0.00", payable: "4000.00", owedBack: "0.00"},
			// E 6,000.01: C 2,400.00; the credit note is netted against what is unpaid
			{net: -4_000_00, due: "-1600.00", unpaid: "1600.00", owed: "0.00", fromOwed: "0.00", payable: "2400.00", owedBack: "0.00", pay: true},
			// E -13,999.99: H is never below zero, so 2,400.00 comes back and no more
			{net: -20_000_00, due: "-2400.00", unpaid: "0.00", owed: "2400.00", fromOwed: "0.00", payable: "0.00", owedBack: "2400.00"},
			// E 6,000.02: C 2,400.00, all of it from what is owed back; 1 cent of E - 2H
			{net: 20_000_01, due: "2400.00", unpaid: "0.00", owed: "0.00", fromOwed: "2400.00", payable: "0.00", owedBack: "0.00"},
		} {
			s := w.take(w.finance, w.ofAlder, []Item{cost(k.net)}, func(Item) {})
			if s.Due != amount(t, k.due) || s.FromUnpaid != amount(t, k.unpaid) || s.OwedBack != amount(t, k.owed) || s.FromOwed != amount(t, k.fromOwed) {
				t.Errorf("%s: %+v, want %+v", k.net, s, k)
			}
			p := w.hold(w.ofAlder, 2018)
			if p.Payable != amount(t, k.payable) || p.Recoverable != amount(t, k.owedBack) {
				t.Errorf("%s: payable %s, owed back %s", k.net, p.Payable, p.Recoverable)
			}
			if k.pay {
				w.pay(BalancePayment, "", p.Payable)
			}
		}
	})
}

// TestTwoAtOnce: of two approvers who approve the same claim at the same time exactly one wins, and it is booked once.
func TestTwoAtOnce(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c, err := w.submit(w.finance, w.ofAlder, cost(10_000_00))
		w.must(err)
		w.open(c)
		w.acceptAll(c)
		w.must(w.verify(c))
		var wait sync.WaitGroup
		errs := make([]error, 4)
		for n := range errs {
			wait.Go(func() {
				by := []access.Actor{w.approver, w.third}[n%2]
				errs[n] = w.write(func(ctx context.Context, tx *db.Tx) error {
					_, err := Approve(ctx, tx, by, w.g.ID, c)
					return err
				})
			})
		}
		wait.Wait()
		won := 0
		for _, err := range errs {
			switch {
			case err == nil:
				won++
			case !fault.Is(err, fault.KindConflict):
				t.Errorf("the other: %v", err)
			}
		}
		if p := w.hold(w.ofAlder, 2018); won != 1 || p.Due != 4_000_00 {
			t.Errorf("%d won, due %s", won, p.Due)
		}
	})
}
