package funding

import (
	"context"
	"testing"

	"github.com/govalues/decimal"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// TestGoldenCaseByVerbs plays the golden case of domain section 4 with the verbs that people use, payments included.
func TestGoldenCaseByVerbs(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.pay(AdvancePayment, "", 36_000_00)
		step := func(c id.Claim, accepted, soFar, due, fromAdvance, toPay string) {
			t.Helper()
			w.must(w.verify(c))
			got, err := w.approve(c)
			w.must(err)
			if got.Cost != amount(t, accepted) || got.Due != amount(t, due) || got.FromAdvance != amount(t, fromAdvance) || got.ToPay != amount(t, toPay) {
				t.Errorf("got %+v, want %s %s %s %s", got, accepted, due, fromAdvance, toPay)
			}
			if e := w.hold(w.ofAlder, 2018).Cost.Sum(); e != amount(t, soFar) {
				t.Errorf("E so far %s, want %s", e, soFar)
			}
		}
		one, cut, parked := cost(70_000_01), cost(80_000_00), cost(10_000_02)
		first, err := w.submit(w.finance, w.ofAlder, one)
		w.must(err)
		w.open(first)
		w.acceptAll(first)
		step(first, "70000.01", "70000.01", "28000.00", "28000.00", "0.00")
		second, err := w.submit(w.finance, w.ofAlder, cut, parked)
		w.must(err)
		w.open(second)
		w.must(w.decide(cut.ID, "item.deduct", 4_999_99))
		w.must(w.decide(parked.ID, "item.park", 0))
		step(second, "75000.01", "145000.02", "30000.00", "8000.00", "22000.00")
		w.pay(ClaimPayment, second, 22_000_00)
		three := cost(80_000_01)
		third, err := w.submit(w.finance, w.ofAlder, three, Item{DeliveredOn: "2018-05-20", Returns: parked.ID})
		w.must(err)
		w.open(third)
		w.acceptAll(third)
		step(third, "90000.03", "235000.05", "36000.01", "0.00", "36000.01")
		w.pay(ClaimPayment, third, 36_000_01)
		for _, k := range []struct {
			item id.Item
			cost money.Amount
			due  string
		}{{one.ID, 5_000_01, "-2000.00"}, {three.ID, 12_000_01, "-4800.01"}} {
			w.must(w.write(func(ctx context.Context, tx *db.Tx) error {
				s, err := Strike(ctx, tx, w.controller, w.g.ID, k.item, k.cost, "found in a later audit")
				if err == nil && s.Due != amount(t, k.due) {
					t.Errorf("due %s, want %s", s.Due, k.due)
				}
				return err
			}))
		}
		p := w.hold(w.ofAlder, 2018)
		if p.Cost.Sum() != amount(t, "218000.03") || p.NetPaid() != amount(t, "94000.01") || p.Recoverable != amount(t, "6800.01") {
			t.Errorf("%+v", p)
		}
	})
}

// An invoice is claimed once, over partners, and its parts never exceed it.
func TestOneInvoiceOnce(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		one := cost(100_00)
		one.Invoice = "2018/077"
		_, err := w.submit(w.finance, w.ofAlder, one)
		w.must(err)
		again := cost(100_00)
		again.Invoice, again.Supplier = "2018-77", "0123.456.749"
		again.Invoice = "2018077"
		_, err = w.submit(w.finance, w.ofAlder, again)
		w.refused("funding.invoice_twice", err)
		_, err = w.submit(w.other, w.ofBirch, again)
		w.refused("funding.invoice_twice_elsewhere", err)

		part := func(net, total money.Amount) Item {
			i := cost(net)
			i.Invoice, i.InvoiceTotal = "S-1", total
			return i
		}
		_, err = w.submit(w.finance, w.ofAlder, part(60_00, 100_00))
		w.must(err)
		_, err = w.submit(w.other, w.ofBirch, part(40_01, 100_00))
		w.refused("funding.invoice_twice_elsewhere", err)
		_, err = w.submit(w.other, w.ofBirch, part(40_00, 90_00))
		w.refused("funding.invoice_total_differs", err)
		held, err := w.submit(w.other, w.ofBirch, part(40_00, 100_00))
		w.must(err)
		// withdrawn, its part is free again
		w.must(w.write(func(ctx context.Context, tx *db.Tx) error { return Withdraw(ctx, tx, w.other, w.g.ID, held) }))
		_, err = w.submit(w.other, w.ofBirch, part(40_00, 0))
		w.must(err)
		// a credit note makes no room for more of its invoice, and an invoice is claimed whole after its credit note too
		note := cost(-30_00)
		note.Invoice, note.Credits = "C-1", "S-1"
		_, err = w.submit(w.finance, w.ofAlder, note)
		w.must(err)
		_, err = w.submit(w.finance, w.ofAlder, part(1, 100_00))
		w.refused("funding.invoice_twice", err)
		note.ID, note.Invoice, note.Credits = id.New[id.Item](), "C-2", "S-2"
		_, err = w.submit(w.finance, w.ofAlder, note)
		w.must(err)
		whole := cost(100_00)
		whole.Invoice = "S-2"
		_, err = w.submit(w.finance, w.ofAlder, whole)
		w.must(err)
	})
}

// Flat rates follow what is left of their base, and only allowed kinds enter.
func TestFlatRatesFollowTheirBase(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.must(w.write(func(ctx context.Context, tx *db.Tx) error {
			rule := Usual()
			rule.SampleBp = 0
			return AddRules(ctx, tx, w.g.ID, "2018-01-01", &rule, []CategoryRule{
				{Category: "staff", Kinds: []ItemKind{Staff}, HourCap: 90_00},
				{Category: "overhead", FlatBp: 1500, FlatOf: []string{"staff"}},
				{Category: "travel", Kinds: []ItemKind{Invoiced}, Cap: 500_00}, {Category: "other"}})
		}))
		staff := func(hours string, rate money.Amount) Item {
			return Item{ID: id.New[id.Item](), Category: "staff", Kind: Staff, Description: "adviser", Hours: decimal.MustParse(hours), HourRate: rate,
				AllocationBp: 5000, DeliveredOn: "2018-05-31"}
		}
		refuse := func(i Item, key string) {
			t.Helper()
			_, err := w.submit(w.finance, w.ofAlder, i)
			w.refused(text.Key("funding."+key), err)
		}
		refuse(staff("10", 90_01), "hour_cap")
		other := cost(10_00)
		other.Category = "other"
		refuse(other, "category_refused")
		other.Category = "overhead"
		refuse(other, "category_refused")
		trip := cost(700_00)
		trip.Category = "travel"
		a, b := staff("33.25", 61_30), staff("8", 50_00) // 33.25 x 61.30 / 2 = 1,019.1125; 200.00
		c, err := w.submit(w.finance, w.ofAlder, a, b, trip)
		w.must(err)
		flat := func() Item {
			for _, i := range w.items(c) {
				if i.Kind == Flat {
					return i
				}
			}
			t.Fatal("no flat rate")
			return Item{}
		}
		if f := flat(); f.Net != 152_87+30_00 || f.State != Declared { // 152.8665 and 30.00, each rounded once
			t.Errorf("flat %+v", f)
		}
		w.open(c)
		w.must(w.decide(a.ID, "item.deduct", 19_11)) // leaves 1,000.00
		w.must(w.decide(b.ID, "item.park", 0))
		w.must(w.decide(trip.ID, "item.accept", 0))
		if f := flat(); f.accepted != 150_00 || f.State != Deducted || f.ReasonCode != "flat-base" {
			t.Errorf("flat after decisions %+v", f)
		}
		w.refused("funding.flat_follows", w.decide(flat().ID, "item.accept", 0))
		w.must(w.verify(c))
		s, err := w.approve(c)
		w.must(err)
		if s.Cost != 1_000_00+150_00+500_00 {
			t.Errorf("accepted %s", s.Cost)
		}
		// a correction of the base is one of its flat rate too
		w.must(w.write(func(ctx context.Context, tx *db.Tx) error {
			s, err := Strike(ctx, tx, w.controller, w.g.ID, a.ID, 500_00, "hours were counted twice")
			if s.Cost != -575_00 {
				t.Errorf("struck %s", s.Cost)
			}
			return err
		}))
		w.hold(w.ofAlder, 2018)
	})
}

// A claim of a great amount is looked at by a second controller, who is somebody else, as is who approves.
func TestSecondLevel(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.must(w.write(func(ctx context.Context, tx *db.Tx) error {
			rule := Usual()
			rule.SecondFrom = 1_000_00
			return AddRules(ctx, tx, w.g.ID, "2018-01-01", &rule, nil)
		}))
		i := cost(1_000_00)
		c, err := w.submit(w.finance, w.ofAlder, i)
		w.must(err)
		w.open(c)
		w.acceptAll(c)
		w.must(w.verify(c))
		_, err = w.approve(c)
		w.refused("funding.second_level_first", err)
		w.must(w.write(func(ctx context.Context, tx *db.Tx) error { return Recheck(ctx, tx, w.approver, w.g.ID, c) }))
		w.refused("access.own_work", w.verify(c))
		w.refused("access.own_work", w.decide(i.ID, "item.undecide", 0))
		w.must(w.write(func(ctx context.Context, tx *db.Tx) error {
			if err := Undecide(ctx, tx, w.second, w.g.ID, i.ID); err != nil {
				return err
			}
			if err := Decide(ctx, tx, w.second, w.g.ID, i.ID, "item.deduct", 100_00, "proof", "one night too many"); err != nil {
				return err
			}
			return Verify(ctx, tx, w.second, w.g.ID, c)
		}))
		s, err := w.approve(c)
		w.must(err)
		if got := w.claim(c); s.Cost != 900_00 || got.ReviewedBy != w.second.ID || got.VerifiedBy != w.controller.ID {
			t.Errorf("%+v %+v", s, got)
		}
	})
}

// Reopening takes back what an approval booked: the newest claim fully, an older one and a paid one never.
func TestReopening(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		settle := func(net money.Amount) (id.Claim, Item) {
			i := cost(net)
			c, err := w.submit(w.finance, w.ofAlder, i)
			w.must(err)
			w.open(c)
			w.acceptAll(c)
			w.must(w.verify(c))
			_, err = w.approve(c)
			w.must(err)
			return c, i
		}
		reopen := func(c id.Claim) error {
			return w.write(func(ctx context.Context, tx *db.Tx) error {
				return Reopen(ctx, tx, w.approver, w.g.ID, c, "read wrongly")
			})
		}
		first, _ := settle(333_33)
		newest, i := settle(333_33)
		before := w.hold(w.ofAlder, 2018)
		w.refused("funding.reopen_newest_only", reopen(first))
		w.must(reopen(newest))
		if p := w.hold(w.ofAlder, 2018); p.Cost.Sum() != 333_33 || w.claim(newest).State != "in-verification" {
			t.Errorf("after reopening %+v", p)
		}
		w.must(w.write(func(ctx context.Context, tx *db.Tx) error { return Undecide(ctx, tx, w.controller, w.g.ID, i.ID) }))
		w.must(w.decide(i.ID, "item.accept", 0))
		w.must(w.verify(newest))
		_, err := w.approve(newest)
		w.must(err)
		if p := w.hold(w.ofAlder, 2018); p.Due != before.Due || p.Payable != before.Payable {
			t.Errorf("approved again: %+v, before %+v", p, before)
		}
		w.pay(ClaimPayment, newest, w.claim(newest).Due)
		w.refused("access.wrong_state", reopen(newest))
		w.must(w.write(func(ctx context.Context, tx *db.Tx) error { return Reword(ctx, tx, w.finance, w.g.ID, first, "spring") }))
	})
}

// An overrun lets what was capped be due; carry-over and adjustment need a final year; nobody takes a decision that they proposed.
func TestDecisionsAboutMoney(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c, err := w.submit(w.finance, w.ofAlder, cost(300_000_00))
		w.must(err)
		w.open(c)
		w.acceptAll(c)
		w.must(w.verify(c))
		_, err = w.approve(c)
		w.must(err)
		propose := func(d programme.Decision) (made id.Decision, err error) {
			d.Agreement, d.Year, d.Words = w.ofAlder, 2018, "as the board found"
			err = w.write(func(ctx context.Context, tx *db.Tx) error {
				made, err = Propose(ctx, tx, w.approver, w.g.ID, d)
				return err
			})
			return made, err
		}
		take := func(by access.Actor, made id.Decision) error {
			return w.write(func(ctx context.Context, tx *db.Tx) error { return Take(ctx, tx, by, w.g.ID, made, "decision.take") })
		}
		_, err = propose(programme.Decision{Kind: "overrun", Amount: 60_000_01})
		w.refused("funding.envelope_short", err)
		_, err = propose(programme.Decision{Kind: "carry-over", Amount: 1})
		w.refused("funding.year_not_final", err)
		_, err = propose(programme.Decision{Kind: "write-off", Amount: 1})
		w.refused("funding.repaid_too_much", err)
		made, err := propose(programme.Decision{Kind: "overrun", Amount: 20_000_00})
		w.must(err)
		w.refused("access.own_work", take(w.approver, made))
		w.must(take(w.third, made))
		if p := w.hold(w.ofAlder, 2018); p.Ceiling != 140_000_00 || p.Due != 112_000_00 || p.Original != 120_000_00 || p.Payable != 112_000_00 {
			t.Errorf("%+v", p)
		}
	})
}
