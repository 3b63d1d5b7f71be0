package funding

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/govalues/decimal"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// TestDoubtsMissNothing: whatever rules, agreement and activities say of a draft by now, its checks find the same in the few items about which the
// tally has a doubt as in all of them.
func TestDoubtsMissNothing(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w, random := newWorld(t, d), rand.New(rand.NewPCG(7, 11))
		claim := w.anyDraft(random, 150)
		for round := range 60 {
			w.read(func(ctx context.Context, tx *db.Tx) error {
				dr, err := openDraft(ctx, tx, w.finance, w.g.ID, claim, "item.declare")
				if err != nil {
					return err
				}
				c, err := LoadClaim(ctx, tx, w.finance, w.g.ID, claim)
				if err != nil {
					return err
				}
				dr.cancelled = map[id.Activity]bool{}
				dr.unsettle(random)
				all, err := loadItems(ctx, tx, w.g.ID, claim)
				if err != nil {
					return err
				}
				if err := dr.lookProofs(ctx, tx, w.g.ID); err != nil {
					return err
				}
				want := dr.check(tx.Now.Date(), all)
				sum, err := tally(ctx, tx, w.g.ID, c, dr)
				if err != nil {
					return err
				}
				got, err := dr.checkDoubted(ctx, tx, w.g.ID, sum)
				for n := range max(len(got), len(want)) {
					if n >= len(got) || n >= len(want) || said(got[n]) != said(want[n]) {
						t.Errorf("round %d: finding %d of %d in the doubtful items, of %d in all, differs", round, n, len(got), len(want))
						break
					}
				}
				if round == 0 && (len(sum.doubted) == 0 || len(sum.doubted) == len(all)) {
					t.Errorf("%d doubts of %d items", len(sum.doubted), len(all))
				}
				return err
			})
		}
	})
}

func said(f Finding) string { return fmt.Sprint(f.Item, f.Field, f.Key, f.Args) }

// anyDraft is a draft of 2018 with costs of all kinds.
func (w *world) anyDraft(random *rand.Rand, many int) (claim id.Claim) {
	w.must(w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		if claim, err = Draft(ctx, tx, w.finance, w.g.ID, w.ofAlder, 2018); err != nil {
			return err
		}
		var rows [][]any
		for n := range many {
			i := cost(money.Amount(1 + random.Int64N(90_000_00)))
			i.Ref, i.State, i.RateBp = fmt.Sprint("any-", n), Declared, money.Bp(5000-1000*random.IntN(2))
			i.Category = Categories()[random.IntN(len(Categories()))]
			i.DeliveredOn = period.Date("2017-11-20").AddDays(random.IntN(430))
			if i.InvoicedOn = i.DeliveredOn.AddDays(random.IntN(90)); random.IntN(4) == 0 {
				i.PaidOn = i.InvoicedOn.AddDays(random.IntN(60))
			}
			i.Cap, i.Income, i.OtherMoney = money.Amount(random.Int64N(3)*20_000_00), money.Amount(random.Int64N(2)*5_00), money.Amount(random.Int64N(3)*7_00)
			if random.IntN(9) == 0 {
				i.Net = -i.Net
			}
			if i.Net > 0 && random.IntN(3) == 0 {
				i.Kind, i.Hours, i.HourRate, i.AllocationBp = Staff, decimal.MustNew(1+random.Int64N(300), 1), money.Amount(20_00+random.Int64N(90_00)), money.Whole
				if i.Net, err = i.Cost(); err != nil {
					return err
				}
			}
			rows = append(rows, ItemRow(w.g.ID, "EUR", w.ofAlder, 2018, claim, i, i.Net, 0))
		}
		return tx.Insert(ctx, "cost_item", ItemColumns(), rows)
	}))
	return claim
}

// unsettle changes what rules and agreement say of a draft that was good when it was typed.
func (d *draft) unsettle(random *rand.Rand) {
	for _, c := range Categories() {
		r := CategoryRule{Category: c, Kinds: []ItemKind{Invoiced, Staff, InKind}}
		switch random.IntN(80) {
		case 0:
			r.Kinds = []ItemKind{Staff}
		case 1:
			r.FlatBp, r.FlatOf = 1500, []string{"staff"}
		}
		if random.IntN(3) == 0 {
			r.HourCap = money.Amount(50_00 + random.Int64N(60_00))
		}
		d.rules.Categories[c] = r
	}
	d.rules.Claim.ProofFrom = money.Amount(random.Int64N(4) * 20_000_00)
	d.round[0].YearOf = []programme.YearOf{programme.Delivered, programme.Invoiced, programme.Paid}[random.IntN(3)]
	d.round[0].From = period.Date("2017-01-01").AddDays(random.IntN(500))
	d.terms.starts = period.Date("2018-01-01").AddDays(random.IntN(60) - 30)
	d.terms.ends = period.Date("2018-12-31").AddDays(random.IntN(60) - 30)
}

// TestATallyIsItsItems: what is added up from a few columns is what the whole items come to, flat rates and all, and less an item is without it.
func TestATallyIsItsItems(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w, random := newWorld(t, d), rand.New(rand.NewPCG(3, 5))
		w.must(w.write(func(ctx context.Context, tx *db.Tx) error {
			return AddRules(ctx, tx, w.g.ID, "2018-01-01", nil, []CategoryRule{{Category: "overhead", FlatBp: 1537, FlatOf: []string{"staff", "venue"}}})
		}))
		claim := w.anyDraft(random, 90)
		w.must(w.write(func(ctx context.Context, tx *db.Tx) error {
			for n, state := range []ItemState{Accepted, Deducted, Parked} {
				_, err := tx.Exec(ctx, db.Query{Name: "test.state", Text: `update cost_item set state = cast($2 as text), deducted = case when cast($2 as text) = 'deducted' then eligible / 3 else 0 end,
					reason_code = 'proof' where programme_id = $1 and ref like $3`}, w.g.ID, state, fmt.Sprint("any-", n+1, "%"))
				if err != nil {
					return err
				}
			}
			return nil
		}))
		w.read(func(ctx context.Context, tx *db.Tx) error {
			items, err := LoadItems(ctx, tx, w.finance, w.g.ID, claim)
			if err != nil {
				return err
			}
			sum, err := AddUp(ctx, tx, w.finance, w.g.ID, claim)
			if err != nil {
				return err
			}
			w.holds(sum, items)
			less, err := sum.less(&items[0])
			if err != nil {
				return err
			}
			if less, err = less.less(&items[17]); err != nil {
				return err
			}
			w.holds(less, slices.Concat(items[1:17], items[18:]))
			w.holds(sum, items)
			return nil
		})
	})
}

// holds compares a tally with items, added up one by one.
func (w *world) holds(got *Tally, items []Item) {
	w.t.Helper()
	want := Tally{Items: len(items)}
	cost := RatedCost{}
	for _, i := range items {
		want.Declared, want.Accepted, want.Deducted = want.Declared+i.eligible, want.Accepted+i.accepted, want.Deducted+i.Deducted
		switch i.State {
		case Declared:
			want.Undecided, want.Todo = want.Undecided+1, want.Todo+i.eligible
			i.State = Accepted
		case Parked:
			want.Parked += i.eligible
		}
		cost[i.RateBp] += i.AcceptedCost(i.eligible)
		if i.Category == "staff" || i.Category == "venue" {
			part, err := flatPart(i.Counted(i.eligible), 1537)
			w.must(err)
			cost[i.RateBp] += part
		}
	}
	hoped, _ := got.hoped()
	if !reflect.DeepEqual(hoped, cost) {
		w.t.Errorf("hoped for %v, want %v", hoped, cost)
	}
	if g := (Tally{Items: got.Items, Undecided: got.Undecided, Declared: got.Declared, Todo: got.Todo, Accepted: got.Accepted, Deducted: got.Deducted,
		Parked: got.Parked}); !reflect.DeepEqual(g, want) {
		w.t.Errorf("tally %+v, want %+v", g, want)
	}
}
